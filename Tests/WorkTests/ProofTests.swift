import Foundation
import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

/// The proof of one task holds by itself, and nothing in it can be changed.
struct ProofTests {
    private func seal(_ shop: Workshop) async throws {
        while try await shop.database.write({ db in
            try db.sealEvents(account: shop.seed.account, at: Seed.start)
        }) > 0 {}
    }

    /// A workshop with some tasks that are done, with callbacks; answers the middle one.
    private func tasks(_ shop: Workshop) async throws -> String {
        var ids: [String] = []
        for number in 0..<20 {
            let callback = #""callback_url":"http://127.0.0.1:9/\#(number)""#
            ids.append(try await shop.create("categorization", Sample.text(callback), by: shop.testKey).id)
        }
        try await seal(shop)
        return ids[10]
    }

    @Test(arguments: Backend.available)
    func `a proof holds by itself and against a head that was kept`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let id = try await tasks(shop)
            let operations = ProofOperations(environment: shop.environment)
            let head = try await operations.head(by: shop.testKey)
            let text = try await self.text(id, nil, shop)
            let proven = try ProofCheck.check(text, heads: [head])
            #expect(proven.task == id && proven.heads == 1 && proven.rows == 2)
            #expect(proven.entries.map(\.action) == ["task.created", "evidence.taken"])
            #expect(text.utf8.count < 20_000)
            // The log goes on; the head of before still lies on it, and a proof can be made for it.
            _ = try await shop.create()
            try await seal(shop)
            let later = try await self.text(id, head.position, shop)
            #expect(try ProofCheck.check(later, heads: [head]).heads == 1)
            var forged = head
            forged.hash = String(repeating: "a", count: 64)
            #expect(throws: ProofFault.self) { try ProofCheck.check(later, heads: [forged]) }
            await #expect(throws: Refusal.self) { try await self.text("65a0f0000000000000000000", nil, shop) }
        }
    }

    private func text(_ task: String, _ position: Int64?, _ shop: Workshop) async throws -> String {
        let proof = try await ProofOperations(environment: shop.environment).proof(
            of: task, at: position, by: shop.testKey)
        var writer = JSONWriter()
        proof.write(to: &writer)
        return writer.text
    }

    @Test func `no character of a proof can be changed`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let text = try await self.text(try await tasks(shop), nil, shop)
            // When the head was read, and whose log it is, is for people; a head that was kept says it too.
            let free = [#""account":"[^"]*""#, #""at":"[^"]*""#].map { pattern -> Range<Int> in
                guard let range = text.range(of: pattern, options: .regularExpression) else { return 0..<0 }
                let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
                return start..<start + text[range].utf8.count
            }
            #expect(free.allSatisfy { !$0.isEmpty })
            let bytes = Array(text.utf8)
            var generator = SeededGenerator(seed: 11)
            for _ in 0..<500 {
                let place = Int.random(in: bytes.indices, using: &generator)
                guard !free.contains(where: { $0.contains(place) }) else { continue }
                var changed = bytes
                changed[place] = changed[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
                #expect(throws: (any Error).self, "byte \(place)") {
                    try ProofCheck.check(String(decoding: changed, as: UTF8.self))
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a row that is changed shows in the proof and in the check of the whole log`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let id = try await tasks(shop)
            let check = LogCheck(database: shop.database)
            let sound = try await check.run()
            #expect(sound.isIntact && sound.waiting == 0 && sound.rows == 40)
            let head = try await ProofOperations(environment: shop.environment).head(by: shop.testKey)
            let cut = try await LogCheck(
                database: shop.database,
                heads: [LogHead(account: head.account, position: head.position + 1, hash: head.hash)]
            ).run()
            #expect(cut.faults.told.count == 1 && cut.faults.told[0].contains("cut off"))
            try await shop.database.write { db in try db.tamper(with: id) }
            let broken = try await check.run()
            #expect(broken.faults.told.count == 1)
            #expect(broken.faults.told.first?.contains("task_payloads/\(id)") ?? false)
            #expect(broken.faults.told.first?.contains("response differs") ?? false)
            let text = try await self.text(id, nil, shop)
            #expect(throws: ProofFault(message: "The row task_payloads/\(id) is not as it was sealed: response.")) {
                try ProofCheck.check(text)
            }
        }
    }
}

extension Connection {
    /// Changes the answer of a task behind the program's back.
    fileprivate func tamper(with id: String) throws {
        try execute("UPDATE task_payloads SET response = '{}' WHERE task_id = \(id)")
    }
}
