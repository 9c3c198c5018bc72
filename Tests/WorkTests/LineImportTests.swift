import JSON
import Labeling
import NIOCore
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Work

struct LineImportTests {
    private struct BrokenOff: Error {}

    private static var portion: Int { LineImport.portion }

    private static let params = #"{"attachment_type":"text","instruction":"Polite?","categories":["polite","rude"]}"#

    /// A text in pieces of some length, which breaks off before the end if a number of bytes is given.
    private static func pieces(
        _ text: String, of length: Int, until: Int? = nil
    ) -> AsyncThrowingStream<ByteBuffer, any Error> {
        let bytes = Array(text.utf8.prefix(until ?? .max))
        return AsyncThrowingStream { stream in
            for start in stride(from: 0, to: bytes.count, by: length) {
                stream.yield(ByteBuffer(bytes: bytes[start..<min(start + length, bytes.count)]))
            }
            stream.finish(throwing: until == nil ? nil : BrokenOff())
        }
    }

    /// What became of the lines of a text.
    private static func run(
        _ text: String, _ request: LineImportRequest = LineImportRequest(project: "p"), in shop: Workshop,
        of length: Int = 1000, until: Int? = nil
    ) async throws -> (row: ImportRow, lines: [ImportedLine]) {
        let told = Mutex<[ImportedLine]>([])
        let run = try await LineImport(request, in: shop.tasks, by: shop.key)
        let row: ImportRow
        do {
            row = try await run.run(pieces(text, of: length, until: until)) { lines in told.withLock { $0 += lines } }
        } catch is StreamBrokenOff {
            row = try await ImportOperations(environment: shop.environment).show(run.row.id, by: shop.key)
        }
        return (row, told.withLock { $0 })
    }

    private static func line(_ text: String, _ more: String = "") -> String {
        #"{"attachment":"\#(text)"\#(more)}"# + "\n"
    }

    // MARK: Lines

    @Test(arguments: 1...12)
    func `a stream is cut into the same lines wherever its pieces end`(_ length: Int) {
        var splitter = LineSplitter(lines: 0, offset: 0)
        var lines: [StreamLine] = []
        let bytes = Array("\u{FEFF}one\r\n\n  \ntwo three\n\nfour".utf8)
        for start in stride(from: 0, to: bytes.count, by: length) {
            lines += splitter.lines(of: ByteBuffer(bytes: bytes[start..<min(start + length, bytes.count)]))
        }
        lines += splitter.last()
        #expect(lines.map { $0.bytes.map { String(buffer: $0) } } == ["one\r", "two three", "four"])
        #expect(lines.map(\.number) == [1, 4, 6])
        #expect(lines.map(\.end) == [8, 22, 27])
    }

    @Test func `a line that is too long is passed over, and the next one is read`() {
        var splitter = LineSplitter(lines: 0, offset: 0)
        var lines: [StreamLine] = []
        for _ in 0..<3 { lines += splitter.lines(of: ByteBuffer(repeating: 0x61, count: LineSplitter.longest / 2)) }
        lines += splitter.lines(of: ByteBuffer(string: "a\nb\n"))
        #expect(lines.map { $0.bytes.map { String(buffer: $0) } } == [nil, "b"])
        #expect(lines.last?.end == Int64(LineSplitter.longest / 2 * 3 + 4))
    }

    // MARK: Importing

    @Test(arguments: Backend.available)
    func `lines become tasks once, each judged alone`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", params: Self.params)
            let text =
                Self.line("Hello", #","unique_id":"u1","type":"categorization","metadata":{"site":"north"}"#)
                + Self.line("Hello") + Self.line("Hello") + "[]\n{\n" + Self.line("a", #","project":"none""#)
                + Self.line("b", #","type":"none""#) + Self.line("c\\u0000") + Self.line("d\\\\u0000")
                + Self.line("e", #","priority":11"#)
            let (row, lines) = try await Self.run(text, in: shop)
            #expect(
                lines.map(\.outcome)
                    == [
                        .created, .created, .exists, .refused, .refused, .refused, .refused, .refused, .created,
                        .refused,
                    ])
            #expect(lines.map(\.number) == Array(1...10))
            #expect(lines[2].message == "The same as line 2; it is imported once.")
            #expect(lines[3].message == "The line must be a JSON object.")
            #expect(lines[4].message == "The line is not valid JSON: it lacks a quoted member name at column 2.")
            #expect(lines[5].message == #"There is no project named "none"."#)
            #expect(lines[6].message.hasPrefix("`type` must be one of "))
            #expect(lines[7].message == "A text has a zero character (\\u0000); leave it out.")
            #expect(lines[9].message == "`priority` must be 10, 20 or 30.")
            #expect(row.state == .done && row.lines == 10 && row.bytes == Int64(text.utf8.count))
            #expect(row.counts.created == 3 && row.counts.existing == 1 && row.counts.refused == 6)
            #expect(try JSONDocument.read(row.problems) { $0.count } == 6)

            let task = try await shop.stored(lines[0].taskID ?? "")
            #expect(task.uniqueID == "u1" && task.stage == .queued && task.project == "p")
            #expect(try AnyJSON(task.params)["type"] == nil)
            #expect(try await shop.history(task.id) == ["task.created"])
            #expect(try await shop.history(row.id) == ["import.finished"])

            let again = try await Self.run(text, in: shop)
            #expect(again.lines.count(where: { $0.outcome == .exists }) == 4)
            #expect(again.lines[8].taskID == lines[8].taskID)
        }
    }

    @Test func `what breaks off is taken up where it was, and nothing is lost or comes twice`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed", seed)
        var chance = SeededGenerator(seed: seed)
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p", params: Self.params)
            let text = (0..<3000).map { Self.line("text \($0)", $0 % 3 == 0 ? #","unique_id":"u\#($0)""# : "") }
                .joined()
            var told: [ImportedLine] = []
            var row: ImportRow?
            repeat {
                let begin = Int(row?.bytes ?? 0)
                let rest = String(decoding: Array(text.utf8).dropFirst(begin), as: UTF8.self)
                let until = chance.next() % 4 == 0 ? nil : Int(chance.next() % UInt64(rest.utf8.count))
                let request = LineImportRequest(project: "p", resumed: row.map { ($0.id, $0.bytes) })
                let result = try await Self.run(
                    rest, request, in: shop, of: Int(1 + chance.next() % 5000), until: until)
                row = result.row
                told += result.lines
            } while row?.state.isOpen == true
            #expect(told.map(\.number) == Array(1...3000))
            #expect(told.allSatisfy { $0.outcome == .created })
            #expect(row?.counts.created == 3000)
            let total = try await shop.database.read { db in
                try db.taskTotal(realm: shop.seed.live, filter: TaskFilter())
            }
            #expect(total == 3000)
        }
    }

    @Test(arguments: Backend.available)
    func `an import is taken up only where it is, while it is open, by one at a time`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", params: Self.params)
            let text = (0..<2 * Self.portion + 50).map { Self.line("text \($0)") }.joined()
            let (row, lines) = try await Self.run(text, in: shop, until: text.utf8.count - 5)
            #expect(row.state == .waiting && row.lines == 2 * Self.portion && lines.count == row.lines)
            await #expect(throws: Refusal.self) {
                try await LineImport(
                    LineImportRequest(project: "p", resumed: (row.id, row.bytes - 1)), in: shop.tasks, by: shop.key)
            }
            let request = LineImportRequest(project: "p", resumed: (row.id, row.bytes))
            let rest = String(decoding: Array(text.utf8).dropFirst(Int(row.bytes)), as: UTF8.self)
            let first = try await LineImport(request, in: shop.tasks, by: shop.key)
            let second = try await LineImport(request, in: shop.tasks, by: shop.key)
            await #expect(throws: Refusal(.conflict, "The import goes on in another call.")) {
                try await first.run(Self.pieces(rest, of: 1000)) { _ in }
            }
            #expect(try await second.run(Self.pieces(rest, of: 1000)) { _ in }.counts.created == 2 * Self.portion + 50)
            await #expect(throws: Refusal(.conflict, "This import is done; begin a new one.")) {
                try await LineImport(request, in: shop.tasks, by: shop.key)
            }
            let other = try await Seed.account("other", in: shop.database)
            await #expect(throws: Refusal(.notFound, "There is no import of lines with that id.")) {
                try await LineImport(request, in: shop.tasks, by: Workshop.key(of: other))
            }
        }
    }

    @Test func `a dry run tells the same and writes nothing`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p", params: Self.params)
            let text = (0..<600).map { Self.line("text \($0 % 500)") }.joined()
            let (row, lines) = try await Self.run(text, LineImportRequest(project: "p", isDry: true), in: shop)
            #expect(lines.count(where: { $0.outcome == .ready }) == 500)
            #expect(lines.last?.message == "The same as line 100; it is imported once.")
            #expect(row.counts.ready == 500 && row.counts.existing == 100)
            let (total, imports) = try await shop.database.read { db in
                (
                    try db.taskTotal(realm: shop.seed.live, filter: TaskFilter()),
                    try db.imports(realm: shop.seed.live, after: nil, limit: 5).count
                )
            }
            #expect(total == 0 && imports == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `a project that changes meanwhile counts for the lines that follow`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", params: Self.params)
            let (first, second) = (
                (0..<Self.portion).map { Self.line("text \($0)") }.joined(),
                (0..<50).map { Self.line("more \($0)") }.joined()
            )
            let (stream, more) = AsyncStream.makeStream(of: ByteBuffer.self)
            more.yield(ByteBuffer(string: first))
            let told = Mutex<[ImportedLine]>([])
            let row = try await LineImport(LineImportRequest(project: "p"), in: shop.tasks, by: shop.key)
                .run(stream) { lines in
                    let isFirst = told.withLock { told in
                        told += lines
                        return told.count == lines.count
                    }
                    guard isFirst else { return }
                    _ = try await shop.projects.setParams(
                        "p", RawJSON(#"{"allow_multiple":true}"#), patch: true, by: shop.key)
                    more.yield(ByteBuffer(string: second))
                    more.finish()
                }
            #expect(row.counts.created == Self.portion + 50)
            let ids = told.withLock { $0 }.compactMap(\.taskID)
            #expect(try await shop.stored(ids[0]).paramVersion == 0)
            #expect(try await shop.stored(ids[Self.portion + 49]).paramVersion == 1)
        }
    }

    @Test func `an import that is called off takes no more lines`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p", params: Self.params)
            let imports = ImportOperations(environment: shop.environment)
            let text = (0..<3 * Self.portion).map { Self.line("text \($0)") }.joined()
            let run = try await LineImport(LineImportRequest(project: "p"), in: shop.tasks, by: shop.key)
            await #expect(throws: Refusal(.conflict, "The import is canceled.")) {
                try await run.run(Self.pieces(text, of: 1000)) { lines in
                    if lines.first?.number == 1 { _ = try await imports.cancel(run.row.id, by: shop.key) }
                }
            }
            let row = try await imports.show(run.row.id, by: shop.key)
            #expect(row.state == .canceled && row.counts.created == Self.portion)
        }
    }
}
