import ArgumentParser
import Foundation
import JSON
import Labeling
import Media
import NIOCore
import Storage
import Work

/// Creates tasks from JSON lines.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create tasks from JSON lines: one create request a line, of any number.",
        discussion: """
            Prints a line for each line that became no new task, and how many did. Nothing comes twice, however often \
            this is run. Works on the data folder, or through a server with --url and VERNIER_KEY.
            """)

    @OptionGroup var options: AccountOptions

    @Option(help: "The task type of lines that name neither a type, a project, nor a batch.")
    var type: String?

    @Option(help: "The project of lines that name neither a project nor a batch.")
    var project: String?

    @Option(help: "The batch of lines that name neither.")
    var batch: String?

    @Flag(help: "Only tell what would happen.")
    var dryRun = false

    @Flag(help: "Print a line for every line.")
    var all = false

    @Option(help: "An import that stopped early: its id, which was printed then.")
    var resume: String?

    @Option(help: "The address of a server to send the lines to, whose key stands in VERNIER_KEY.")
    var url: String?

    @Argument(help: "The file; standard input if absent.")
    var file: String?

    func run() async throws {
        if let type, TaskTypes.named(type) == nil {
            throw StartError("The type must be one of \(TaskTypes.all.map(\.name).joined(separator: ", ")).")
        }
        if resume != nil, file == nil { throw StartError("To go on with an import, name its file.") }
        let refused = if let url { try await send(to: url) } else { try await store() }
        if refused > 0 { throw StartError("\(refused) lines were refused.") }
    }

    private func open(at offset: Int64) throws -> FilePieces {
        guard let file else { return FilePieces(file: FileHandle.standardInput) }
        guard let handle = FileHandle(forReadingAtPath: file) else { throw StartError("\(file) cannot be read.") }
        try handle.seek(toOffset: UInt64(offset))
        return FilePieces(file: handle)
    }

    /// Writes into the data folder or database; answers how many lines were refused.
    private func store() async throws -> Int {
        try await Platform.with(try await Settings(options.shared)) { platform in
            let actor = try await platform.actor(options.account)
            var resumed: (id: String, offset: Int64)?
            if let resume {
                let row = try await ImportOperations(environment: platform.environment).show(resume, by: actor)
                resumed = (row.id, row.bytes)
            }
            let run = try await LineImport(
                LineImportRequest(project: project, batch: batch, type: type, isDry: dryRun, resumed: resumed),
                in: TaskOperations(environment: platform.environment), by: actor)
            do {
                let row = try await run.run(try open(at: resumed?.offset ?? 0)) { [all] outcomes in
                    let shown = outcomes.filter { all || Self.isWorthTelling($0) }
                    if !shown.isEmpty { Console.say(shown.map(Self.words).joined(separator: "\n")) }
                }
                Console.say(Self.words(row.counts))
                return row.counts.refused
            } catch {
                if !dryRun { Console.tell("It stopped early; go on with --resume \(run.row.id).") }
                throw error
            }
        }
    }

    /// Sends the lines to a server; answers how many were refused.
    private func send(to url: String) async throws -> Int {
        guard let key = ProcessInfo.processInfo.environment["VERNIER_KEY"], !key.isEmpty else {
            throw StartError("Put an API key of the server into VERNIER_KEY.")
        }
        let client = ImportClient(url: url, key: key)
        let offset = if let resume { try await client.offset(of: resume) } else { Int64(0) }
        var query: [(String, String)] = []
        if let project { query.append(("project", project)) }
        if let batch { query.append(("batch", batch)) }
        if dryRun { query.append(("dry_run", "true")) }
        if let resume { query += [("import", resume), ("offset", "\(offset)")] }
        let end = try await client.send(try open(at: offset), query) { [all] line in
            if all || Self.isWorthTelling(line) { Console.say(Self.words(line)) }
        }
        Console.say(Self.words(end))
        return end.refused
    }

    private static func isWorthTelling(_ line: ImportedLine) -> Bool {
        line.outcome == .refused || line.outcome == .exists
    }

    private static func words(_ line: ImportedLine) -> String {
        "\(line.number): " + (line.outcome == .created ? line.taskID ?? "" : line.message)
    }

    private static func words(_ counts: ImportRow.Counts) -> String {
        let parts = [
            (counts.created, "created"), (counts.ready, "can be imported"), (counts.existing, "were there already"),
            (counts.refused, "refused"),
        ]
        let told = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return told.isEmpty ? "There was nothing to import." : told.joined(separator: ", ") + "."
    }
}

/// A file in pieces.
struct FilePieces: AsyncSequence, Sendable {
    let file: FileHandle

    func makeAsyncIterator() -> Iterator { Iterator(file: file) }

    struct Iterator: AsyncIteratorProtocol {
        let file: FileHandle

        func next() async throws -> ByteBuffer? {
            guard let piece = try file.read(upToCount: 1 << 18), !piece.isEmpty else { return nil }
            return ByteBuffer(bytes: piece)
        }
    }
}

/// The import of another server.
struct ImportClient {
    let url: String
    let key: String

    private var headers: [(String, String)] { [("authorization", "Bearer \(key)")] }

    /// Where the lines of an import go on, in bytes.
    func offset(of id: String) async throws -> Int64 {
        let (status, body) = try await OwnServer.ask("\(url)/api/imports/\(id)", headers: headers)
        return try JSONDocument.read(body) { root in
            guard status == 200, let bytes = root["bytes"]?.int else {
                throw StartError(root["error"]?.string ?? "The server answered with status \(status).")
            }
            return Int64(bytes)
        }
    }

    /// Sends lines and takes what becomes of each; answers how many came to what.
    func send(
        _ pieces: FilePieces, _ query: [(String, String)], _ take: @escaping @Sendable (ImportedLine) -> Void
    ) async throws -> ImportRow.Counts {
        var parts = URLComponents()
        parts.queryItems = query.map { URLQueryItem(name: $0.0, value: $0.1) }
        let address = "\(url)/api/import" + (query.isEmpty ? "" : "?" + (parts.percentEncodedQuery ?? ""))
        var end: ImportRow.Counts?
        var rest = [UInt8]()
        let sent = headers + [("content-type", "application/x-ndjson")]
        try await OwnServer.post(pieces, to: address, headers: sent) { bytes in
            rest += bytes.readableBytesView
            while let length = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(rest[..<length])
                rest.removeFirst(length + 1)
                if let counts = try Self.read(line, take) { end = counts }
            }
        }
        if !rest.isEmpty, let counts = try Self.read(rest, take) { end = counts }
        guard let end else { throw StartError("The server closed the connection before the end.") }
        return end
    }

    /// Reads a line of the answer: an outcome, or the end.
    private static func read(_ line: [UInt8], _ take: (ImportedLine) -> Void) throws -> ImportRow.Counts? {
        try JSONDocument.read(line) { root in
            if let outcome = root["outcome"]?.string.flatMap({ ImportedLine.Outcome(rawValue: $0) }) {
                take(
                    ImportedLine(
                        number: root["line"]?.int ?? 0, outcome: outcome, taskID: root["task_id"]?.string,
                        uniqueID: root["unique_id"]?.string, message: root["message"]?.string ?? ""))
                return nil
            }
            guard root["done"]?.bool == true else {
                let id = root["import"]?.string.map { " Go on with --resume \($0)." } ?? ""
                throw StartError((root["error"]?.string ?? "The server's answer cannot be understood.") + id)
            }
            var counts = ImportRow.Counts()
            counts.created = root["created"]?.int ?? 0
            counts.existing = root["exists"]?.int ?? 0
            counts.refused = root["refused"]?.int ?? 0
            counts.ready = root["ready"]?.int ?? 0
            return counts
        }
    }
}
