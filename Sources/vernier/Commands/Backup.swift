import ArgumentParser
import Foundation
import Logging
import Media
import NIOPosix
import Storage
import Work

/// Writes a backup while the server runs.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a backup of the database, and of the objects if wanted, also while a server runs.",
        discussion: """
            With --objects, those objects are copied to a folder or a bucket that are not there yet, so that any number of \
            backups can share one place. Nothing is removed from it.
            """)

    @OptionGroup var shared: SharedOptions
    @OptionGroup var place: CopiesOption

    @Argument(help: "The file to write.")
    var file: String

    func run() async throws {
        let settings = try await Settings(shared)
        let copied = try await Platform.with(settings) { platform in
            try await place.with(settings) { copies in
                let transfer = copies.map {
                    ObjectTransfer(database: platform.database, from: platform.environment.objects, to: $0)
                }
                // Once before, so that what the copy of the database names and loses meanwhile is there; once after, for
                // what was put meanwhile, which stays for the time of grace.
                let before = try await transfer?.run()
                do {
                    try await platform.database.backup(to: file)
                } catch let error as StorageError {
                    throw StartError("The backup failed: \(error)")
                }
                return (before, try await transfer?.run())
            }
        }
        if let before = copied.0, let after = copied.1, let objects = place.objects {
            print("The backup is in \(file), and \(after.objects) objects are in \(objects).")
            print("\(before.copied + after.copied) of them with \(before.bytes + after.bytes) bytes were new there.")
            print("The key that opens its secrets, \(settings.secretKeyFile), is not in it.")
            guard after.faults.isEmpty else { throw StartError(after.faults.text) }
        } else {
            print(
                "The backup is in \(file). Files and the key that opens its secrets, \(settings.secretKeyFile), are not in it."
            )
        }
    }
}

/// Brings a backup into an empty place.
struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring a backup into a new data folder or database.",
        discussion: "With --objects, the objects that it names are copied from where backup put them to the storage.")

    @OptionGroup var shared: SharedOptions
    @OptionGroup var place: CopiesOption

    @Argument(help: "The file that backup wrote.")
    var file: String

    func run() async throws {
        let settings = try await Settings(shared)
        try FileManager.default.createDirectory(
            atPath: settings.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try place.requireFolder()
        guard let objects = place.objects else {
            try await restore(settings)
            print("The backup is restored. Put files back, and the key of its secrets as \(settings.secretKeyFile).")
            return
        }
        // Both places are tried first: after a wrong setting there is no half of a backup to clear away.
        let group = MultiThreadedEventLoopGroup.singleton
        let copies = try await settings.openCopies(objects, group)
        let outcome = try await copies.closing {
            let store = try await settings.openStore(group)
            return try await store.closing {
                try await restore(settings)
                return try await bring(copies, to: store, settings)
            }
        }
        print("The backup is restored, with \(outcome.objects) objects, \(outcome.copied) of them copied.")
        print("Put the key of its secrets back as \(settings.secretKeyFile).")
        guard outcome.faults.isEmpty else { throw StartError(outcome.faults.text) }
    }

    private func restore(_ settings: Settings) async throws {
        do {
            try await settings.location.restore(from: file)
        } catch let error as StorageError {
            throw StartError("The backup cannot be restored: \(error)")
        }
    }

    /// Copies what the restored database names, without the key of its secrets, which may not be there yet.
    private func bring(
        _ copies: any ObjectStore, to store: any ObjectStore, _ settings: Settings
    ) async throws -> ObjectTransfer.Outcome {
        var logger = Logger(label: "vernier") { StructuredLog(label: $0, level: settings.logLevel) }
        logger.logLevel = settings.logLevel
        let database = try await settings.location.open(logger: logger)
        do {
            let outcome = try await ObjectTransfer(database: database, from: copies, to: store).run()
            await database.close()
            return outcome
        } catch {
            await database.close()
            throw error
        }
    }
}

/// Where copies of objects are.
struct CopiesOption: ParsableArguments {
    @Option(help: "A folder, or s3://bucket/prefix, for copies of the objects.")
    var objects: String?

    /// Sees to it that a folder to read from is there, before anything is done.
    func requireFolder() throws {
        guard let objects, !objects.contains("://"), !FileManager.default.fileExists(atPath: objects) else { return }
        throw StartError("There is no folder \(objects).")
    }

    /// Runs work with the place, if one is named, and closes it afterwards.
    func with<Result>(_ settings: Settings, _ body: ((any ObjectStore)?) async throws -> Result) async throws -> Result
    {
        guard let objects else { return try await body(nil) }
        let copies = try await settings.openCopies(objects, MultiThreadedEventLoopGroup.singleton)
        return try await copies.closing { try await body(copies) }
    }
}

extension ObjectStore {
    /// Ends the store after some work, whatever comes of it.
    fileprivate func closing<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            let result = try await body()
            try await shutdown()
            return result
        } catch {
            try await shutdown()
            throw error
        }
    }
}
