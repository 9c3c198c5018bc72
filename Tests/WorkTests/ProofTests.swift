import Foundation
import JSON
import Labeling
import Media
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

extension ProofTests {
    /// Changes of a task's own row and texts past the program, and the member that then is not what the log says.
    private static let changes: [(table: String, key: String, assignment: SQL, member: String)] = [
        ("tasks", "id", "status = 'canceled', stage = 'done'", "status"),
        ("tasks", "id", "type = 'comparison'", "type"),
        ("tasks", "id", "unique_id = 'other'", "unique_id"),
        ("tasks", "id", "unique_id = NULL", "unique_id"),
        ("tasks", "id", "priority = 9", "priority"),
        ("tasks", "id", "callback_url = 'http://x.test'", "callback_url"),
        ("tasks", "id", "created_at = created_at - 5000000", "created_at"),
        ("tasks", "id", "param_version = 7", "project_param_version"),
        ("task_payloads", "task_id", "params = '{}'", "params"),
        ("task_payloads", "task_id", "instruction = 'Do not.'", "instruction"),
        ("task_payloads", "task_id", "metadata = '{}'", "metadata"),
        ("task_payloads", "task_id", "tags = ''", "tags"),
        // Texts that would make the whole unreadable, or pass for other members of it.
        ("task_payloads", "task_id", "metadata = '{'", "metadata"),
        ("task_payloads", "task_id", #"metadata = '{"a": [2, "ä"]},"status":"pending"'"#, "metadata"),
        ("task_payloads", "task_id", #"params = params || ',"unique_id":"x"'"#, "params"),
    ]

    @Test(arguments: Backend.available)
    func `a task that is not what its entries say shows, from its creation on`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            var ids: [String] = []
            for (number, _) in Self.changes.enumerated() {
                let body = Sample.text(#""unique_id":"first \#(number)","metadata":{"a": 1},"tags":["b"]"#)
                let id = try await shop.create("categorization", body).id
                _ = try await shop.tasks.setUniqueID(id, "second \(number)", by: shop.key)
                _ = try await shop.tasks.setMetadata(id, RawJSON(#"{"a": [2, "ä"]}"#), by: shop.key)
                _ = try await shop.tasks.changeTags(id, .add, ["c"], by: shop.key)
                ids.append(id)
            }
            let ended = try await shop.create("categorization", Sample.text(#""unique_id":"third""#)).id
            _ = try await shop.tasks.cancel(ended, clearUniqueID: true, by: shop.key)
            try await seal(shop)
            let check = LogCheck(database: shop.database)
            let sound = try await check.run()
            #expect(sound.faults.told == [] && sound.tasks == ids.count + 1)
            try await shop.database.write { [ids] db in
                for (id, change) in zip(ids, Self.changes) {
                    try db.execute(
                        """
                        UPDATE \(SQL(stringLiteral: change.table)) SET \(change.assignment)
                        WHERE \(SQL(stringLiteral: change.key)) = \(id)
                        """)
                }
            }
            let told = try await check.run().faults.told
            #expect(told.count == ids.count)
            for (id, change) in zip(ids, Self.changes) {
                let fault = told.first { $0.contains("the row tasks/\(id) is not as entry ") }
                #expect(fault?.hasSuffix(": \(change.member) differs.") ?? false, "\(change.member): \(fault ?? "")")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a task that was put in or taken out behind the program's back shows`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let (one, two) = (try await shop.create().id, try await shop.create().id)
            try await seal(shop)
            let other = Identifier.make(shop.clock.now)
            try await shop.database.write { db in try db.rename(one, to: other) }
            let told = try await LogCheck(database: shop.database).run().faults.told
            #expect(told.count == 2)
            #expect(told.contains { $0.contains("the row tasks/\(one) is missing") })
            #expect(told.contains { $0.contains("the row tasks/\(other) was put in") })
            #expect(!told.contains { $0.contains(two) })
        }
    }
}

extension ProofTests {
    @Test(arguments: Backend.available)
    func `another page that is put into a document shows`(_ backend: Backend) async throws {
        try await TestServer.run { _ in
            TestServer.Reply(body: EmptyDocument.pdf(pages: 3))
        } _: { server in
            try await backend.withWorkshop { shop in
                let body = """
                    {"attachment_type":"pdf","attachment":"\(server.url("/a.pdf"))","instruction":"Which?","categories":["a","b"]}
                    """
                let id = try await shop.create("categorization", body).id
                #expect(try await shop.run(.fetchAttachment) == [.done])
                try await seal(shop)
                let check = LogCheck(database: shop.database)
                let sound = try await check.run()
                #expect(sound.faults.told == [])
                let other = try await shop.store.put(Array("another page".utf8)).hash.description
                try await shop.database.write { db in try db.putPage(other) }
                let told = try await check.run().faults.told
                #expect(
                    told == ["The pages of attachment 0 of task \(id) are not those that its row names."])
            }
        }
    }
}

extension Connection {
    /// Changes the answer of a task behind the program's back.
    fileprivate func tamper(with id: String) throws {
        try execute("UPDATE task_payloads SET response = '{}' WHERE task_id = \(id)")
    }

    /// Gives a task another id behind the program's back.
    fileprivate func rename(_ id: String, to other: String) throws {
        for (table, key) in [("tasks", "id"), ("task_payloads", "task_id")] {
            let (table, key) = (SQL(stringLiteral: table), SQL(stringLiteral: key))
            try execute("UPDATE \(table) SET \(key) = \(other) WHERE \(key) = \(id)")
        }
    }

    /// Puts another object into the place of the second page of every document.
    fileprivate func putPage(_ hash: String) throws {
        try execute("UPDATE conversions SET hash = \(hash) WHERE kind = 'page' AND position = 1")
    }
}
