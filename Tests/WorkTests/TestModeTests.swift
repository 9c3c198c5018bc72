import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct TestModeTests {
    @Test(arguments: try SharedFixtures.types())
    func `a test key's task is completed at once with an answer that its checks accept`(_ type: String) async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let made = try await shop.create(
                type, try SharedFixtures.text("tasks/\(type)/create.json"), by: shop.testKey)
            let row = try await shop.stored(made.id, realm: shop.seed.test)
            #expect(row.status == .completed && row.stage == .done)
            #expect(row.completedAt == shop.clock.now)
            #expect((row.response == nil) == (type == "pointannotation"))
            if let response = row.response {
                let reader = JSONReader()
                try JSONDocument.read(response) {
                    try TaskTypes.named(type)?.check(
                        $0, stored: row.params, facts: [], strictness: .submit, reader: reader)
                }
                #expect(reader.issues.isEmpty)
            }
            #expect(try await shop.claim(.fetchAttachment).isEmpty)
            let items = try await shop.database.read { [realm = shop.seed.test] db in
                try db.workItems(realm: realm, task: row.id)
            }
            #expect(items.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `its answer is told to the callback like any other`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let row = try await shop.create(
                "categorization", Sample.text(#""callback_url":"https://example.com/hook""#), by: shop.testKey)
            let deliveries = try await shop.deliveries(row.id, realm: shop.seed.test)
            #expect(deliveries.map(\.target) == ["https://example.com/hook"])
            let body = try AnyJSON(try #require(deliveries.first).body)
            #expect(body["task"]?["is_test"] == .bool(true))
            #expect(body["task_id"]?.string == row.id)
            #expect(body["status"]?.string == "completed")
            #expect(body["response"] == body["task"]?["response"])
            #expect(try await shop.claim(.deliverCallback).map(\.subject) == deliveries.map(\.id))
        }
    }

    @Test(arguments: Backend.available)
    func `the two worlds of an account do not see each other`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", by: shop.testKey)
            await #expect(throws: Refusal.noSuchProject("p")) {
                try await shop.create("categorization", Sample.text(#""project":"p""#))
            }
            try await shop.project("p")
            let row = try await shop.create(by: shop.testKey)
            await #expect(throws: Refusal.noSuchTask) { try await shop.tasks.task(row.id, by: shop.key) }
        }
    }

    @Test(arguments: Backend.available)
    func `a batch of the test world is completed with its task`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", by: shop.testKey)
            try await shop.batch("b", of: "p", callback: "https://example.com/batch", by: shop.testKey)
            _ = try await shop.create("categorization", Sample.text(#""batch":"b""#), by: shop.testKey)
            try await shop.run(.closeBatch)
            #expect(try await shop.batches.batch("b", by: shop.testKey).status == .completed)
        }
    }
}
