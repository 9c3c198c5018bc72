import Foundation
import JSON
import Labeling
import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct ExportTests {
    private func selection(_ text: String) throws -> TaskSelection { try TaskSelection(stored: text) }

    private func file(
        _ format: ExportRow.Format, _ text: String, in shop: Workshop
    ) async throws -> (row: ExportRow, text: String) {
        let asked = try await shop.exports.begin(format, try selection(text), by: shop.key)
        #expect(try await shop.run(.writeExport) == [.done])
        let (row, hash) = try await shop.exports.file(asked.id, by: shop.key)
        let bytes = try await shop.store.bytes(of: hash, limit: 100 << 20)
        #expect(row.bytes == Int64(bytes.count) && row.state == .done)
        return (row, String(decoding: bytes, as: UTF8.self))
    }

    @Test(arguments: Backend.available)
    func `lines are what the interface answers, newest first`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p")
            var expected: [String] = []
            for number in 0..<130 {
                let row = try await shop.create(
                    "categorization", Sample.text(#""project":"p","unique_id":"u\#(number)","metadata":{"a":"é\n"}"#))
                if number == 7 {
                    let ada = try await Labeler.new(shop)
                    let work = try await ada.take()
                    _ = try await ada.send(
                        [DraftStep("s1", 1, [Change(key: "category", after: #"{"value":"rude"}"#)])], to: work)
                    _ = try await ada.submit(work, revision: 1)
                    _ = try await shop.tasks.audit(
                        work.task.id, Verdict(accepted: true, comments: "fine"), by: shop.key)
                }
                expected.append(row.id)
            }
            _ = try await shop.create()
            var lines: [String] = []
            for id in expected.reversed() {
                let task = try await shop.tasks.task(id, by: shop.key)
                var writer = JSONWriter()
                task.row.write(to: &writer, task.extras)
                lines.append(writer.text)
            }
            let (row, text) = try await file(.jsonl, #"{"filter":{"project":"p"}}"#, in: shop)
            #expect(text == lines.map { $0 + "\n" }.joined())
            #expect((row.total, row.done) == (130, 130))
            let (_, array) = try await file(.json, #"{"filter":{"project":"p"}}"#, in: shop)
            #expect(array == "[\n" + lines.joined(separator: ",\n") + "\n]\n")
            let (_, few) = try await file(.jsonl, TaskSelection(ids: [expected[3], expected[1]]).text, in: shop)
            #expect(
                few
                    == [expected[3], expected[1]].map { lines[129 - (expected.firstIndex(of: $0) ?? 0)] + "\n" }
                    .joined())
            #expect(try await file(.jsonl, #"{"filter":{"project":"none"}}"#, in: shop).text.isEmpty)
            #expect(try await file(.json, #"{"filter":{"project":"none"}}"#, in: shop).text == "[\n]\n")
            #expect(try await file(.jsonl, #"{"filter":{"search":"u12"}}"#, in: shop).row.done == 11)
        }
    }

    @Test func `a row of values quotes what parts values`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let row = try await shop.create(
                "categorization", Sample.text(#""unique_id":"a,\"b\"\nc","tags":["x","y"]"#))
            let (_, text) = try await file(.csv, #"{"filter":{}}"#, in: shop)
            let lines = text.components(separatedBy: "\r\n")
            #expect(lines.count == 3 && lines[2].isEmpty)
            #expect(lines[0].hasPrefix("task_id,unique_id,project,"))
            #expect(lines[1].hasPrefix(row.id + ",\"a,\"\"b\"\"\nc\",,,categorization,pending,,x;y,"))
        }
    }

    @Test(arguments: Backend.available)
    func `an export that is called off leaves no file, and a deleted one neither`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            _ = try await shop.create()
            let all = try selection(#"{"filter":{}}"#)
            let asked = try await shop.exports.begin(.jsonl, all, by: shop.key)
            _ = try await shop.exports.cancel(asked.id, by: shop.key)
            #expect(try await shop.run(.writeExport) == [.done])
            #expect(try await shop.exports.show(asked.id, by: shop.key).state == .canceled)
            await #expect(throws: Refusal.self) { try await shop.exports.file(asked.id, by: shop.key) }

            let (first, _) = try await file(.jsonl, #"{"filter":{}}"#, in: shop)
            let (second, _) = try await file(.jsonl, #"{"filter":{}}"#, in: shop)
            let hash = try #require(first.hash.flatMap { ContentHash($0) })
            #expect(first.hash == second.hash)
            try await shop.exports.delete(first.id, by: shop.key)
            #expect(try await shop.store.size(of: hash) != nil)
            try await shop.exports.delete(second.id, by: shop.key)
            #expect(try await shop.store.size(of: hash) == nil)
            await #expect(throws: Refusal.self) { try await shop.exports.show(second.id, by: shop.key) }
        }
    }

    @Test func `a file goes when its time is over`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            _ = try await shop.create()
            let (row, _) = try await file(.csv, #"{"filter":{}}"#, in: shop)
            try await shop.environment.dropExpiredExports()
            #expect(try await shop.exports.show(row.id, by: shop.key).state == .done)
            shop.clock.advance(ExportOperations.lifetime + 1)
            try await shop.environment.dropExpiredExports()
            await #expect(throws: Refusal.self) { try await shop.exports.show(row.id, by: shop.key) }
            let hash = try #require(row.hash.flatMap { ContentHash($0) })
            #expect(try await shop.store.size(of: hash) == nil)
        }
    }
}
