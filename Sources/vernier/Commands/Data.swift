import ArgumentParser
import Foundation
import JSON
import Labeling
import NIOCore
import Storage
import Work

/// Prints tasks as a file of some format.
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print tasks, as JSON lines as the API shows them if nothing else is asked for.")

    @OptionGroup var options: AccountOptions

    @Option(help: "jsonl, json or csv.")
    var format = "jsonl"

    @Option(help: "Only tasks of this project.")
    var project: String?

    @Option(help: "Only tasks of this batch.")
    var batch: String?

    @Option(help: "Only pending, completed, canceled or error tasks.")
    var status: String?

    @Option(help: "Only tasks with these words in their unique id, tags or metadata.")
    var search: String?

    func run() async throws {
        guard let format = ExportRow.Format(rawValue: format) else {
            throw StartError("The format must be \(ExportRow.Format.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        var listing = TaskListing()
        listing.project = project
        listing.batch = batch
        listing.filter.search = search.flatMap { SearchTerms($0) }
        if let status {
            guard let word = TaskRow.Status(rawValue: status) else {
                throw StartError("The status must be pending, completed, canceled or error.")
            }
            listing.filter.status = word
        }
        try await Platform.with(try await Settings(options.shared)) { [listing] platform in
            let actor = try await platform.actor(options.account)
            let file = TaskFile(format)
            var reader = TaskFileReader(
                TaskSelection(listing), file, until: platform.environment.now(), realm: actor.realm,
                in: platform.database)
            try Self.print(file.head)
            while let piece = try await reader.next() { try Self.print(piece.bytes) }
            try Self.print(file.tail)
        }
    }

    private static func print(_ bytes: ByteBuffer) throws {
        try FileHandle.standardOutput.write(contentsOf: Array(bytes.readableBytesView))
    }
}

/// Writes a backup while the server runs.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a backup of the database, also while a server runs.",
        discussion:
            "Files are never changed, and removed a day after nothing refers to them: copy the folder objects, or the "
            + "bucket, within a day after the backup was written.")

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The file to write.")
    var file: String

    func run() async throws {
        let settings = try await Settings(shared)
        try await Platform.with(settings) { platform in
            do {
                try await platform.database.backup(to: file)
            } catch let error as StorageError {
                throw StartError("The backup failed: \(error)")
            }
        }
        print(
            "The backup is in \(file). Files and the key that opens its secrets, \(settings.secretKeyFile), are not in it."
        )
    }
}

/// Brings a backup into an empty place.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring a backup into a new data folder or database.")

    @OptionGroup var shared: SharedOptions

    @Argument(help: "The file that backup wrote.")
    var file: String

    func run() async throws {
        let settings = try await Settings(shared)
        try FileManager.default.createDirectory(
            atPath: settings.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do {
            try await settings.location.restore(from: file)
        } catch let error as StorageError {
            throw StartError("The backup cannot be restored: \(error)")
        }
        print("The backup is restored. Put files back, and the key of its secrets as \(settings.secretKeyFile).")
    }
}

extension Platform {
    /// The operator at the command line, acting in an account's live world.
    func actor(_ account: String) async throws -> Actor {
        let row = try await accounts.account(account)
        let realm = try await database.read { db in try db.realm(account: row.id, mode: .live) }
        guard let realm else { throw StartError("The account has no live world.") }
        return Actor(kind: .program, realm: RealmContext(realm), role: .admin, name: "operator")
    }
}
