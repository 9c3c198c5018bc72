import ArgumentParser
import Foundation
import JSON
import Storage
import Work

/// Checks the log and all that it covers, or the proof of one task.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that nothing was changed behind the program's back.",
        discussion: """
            Without a file: checks every entry of every account's log and every row that the log covers, also while a \
            server runs; with --objects, every stored file that rows refer to is read as well. With the proof of a task (GET /api/tasks/{task}/proof): checks that file by itself, without any \
            data. Exits with 1 and names the first broken entry of each log if something is not as it was sealed.
            """)

    @OptionGroup var shared: SharedOptions

    @Option(help: "A file of heads that were published earlier: the log must still go through them.")
    var head: String?

    @Flag(help: "Read every stored file too, and compare its bytes with the hash that the log covers.")
    var objects = false

    @Argument(help: "The proof of a task.")
    var file: String?

    func validate() throws {
        if file != nil && objects { throw ValidationError("The proof of a task is checked without any data.") }
    }

    func run() async throws {
        let heads = try head.map { try LogHead.list(try Self.text($0)) } ?? []
        if let file {
            try Self.checkProof(try Self.text(file), heads)
        } else {
            try await checkLog(heads)
        }
    }

    private static func text(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StartError("\(path) cannot be read.")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private static func checkProof(_ text: String, _ heads: [LogHead]) throws {
        let proven: ProvenTask
        do {
            proven = try ProofCheck.check(text, heads: heads)
        } catch let fault as ProofFault {
            throw StartError("The proof does not hold. \(fault.message)")
        } catch let fault as JSONFault {
            throw StartError("The proof cannot be read. \(fault.message)")
        }
        print("Task \(proven.task):")
        for entry in proven.entries {
            print("  entry \(entry.position)  \(entry.at.iso8601)  \(entry.action) by \(entry.actor)")
        }
        print(proven.rows == 1 ? "  1 row is as it was sealed." : "  \(proven.rows) rows are as they were sealed.")
        if proven.changedRows > 0 { print("  \(proven.changedRows) rows were written again later.") }
        print("The proof holds up to entry \(proven.head.position), whose hash is \(proven.head.hash).")
        print(
            proven.heads > 0
                ? "That log goes through \(proven.heads) of the given heads."
                : "Compare that hash with a head that was kept elsewhere (--head).")
    }

    private func checkLog(_ heads: [LogHead]) async throws {
        let settings = try await Settings(shared)
        // Opening makes what is not there, and an empty log is always in order.
        if case .sqlite(let path) = settings.location, !FileManager.default.fileExists(atPath: path) {
            throw StartError("There is no database at \(path).")
        }
        let report = try await Platform.with(settings) { platform in
            var report = try await LogCheck(database: platform.database, heads: heads).run()
            if objects {
                try await ObjectCheck(database: platform.database, objects: platform.environment.objects).run(&report)
            }
            return report
        }
        for account in report.accounts {
            print("Account \(account.name): \(account.entries) entries hold, the last is \(account.hash).")
        }
        print("\(report.rows) rows are known to the log, and \(report.tasks) tasks are what it says of them.")
        if report.waiting > 0 { print("\(report.waiting) rows wait to be sealed; they were written just now.") }
        if !heads.isEmpty { print("\(report.heads) of \(heads.count) given heads lie on the log.") }
        if let objects = report.objects {
            print("\(objects.count) objects with \(objects.bytes) bytes are what their names say.")
        }
        guard report.isIntact else { throw StartError(report.faults.text) }
        print("Everything is as it was sealed.")
    }
}
