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

extension Platform {
    /// The operator at the command line, acting in an account's live world.
    func actor(_ account: String) async throws -> Actor {
        let row = try await accounts.account(account)
        let realm = try await database.read { db in try db.realm(account: row.id, mode: .live) }
        guard let realm else { throw StartError("The account has no live world.") }
        return Actor(kind: .program, realm: RealmContext(realm), role: .admin, name: "operator")
    }
}
