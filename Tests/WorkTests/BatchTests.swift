import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct BatchTests {
    @Test(
        arguments: [
            (.standard, .inProgress, .queued), (.rapid, .staging, .staged), (.studio, .staging, .staged),
        ] as [(ProjectRow.Product, BatchRow.Status, TaskRow.Stage)])
    func `batches of some products wait for their launch, and their tasks with them`(
        _ product: ProjectRow.Product, _ status: BatchRow.Status, _ stage: TaskRow.Stage
    ) async throws {
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p", product: product)
            #expect(try await shop.batch("b", of: "p").status == status)
            let row = try await shop.create("categorization", Sample.text(#""batch":"b""#))
            #expect(row.stage == stage)
            #expect(try await shop.workItems(row.id).count == (stage == .queued ? 1 : 0))
        }
    }

    @Test(arguments: Backend.available)
    func `a launch sends all staged tasks to work, once`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", product: .studio)
            try await shop.batch("b", of: "p")
            var rows: [TaskRow] = []
            for priority in ["10", "20", "30"] {
                rows.append(
                    try await shop.create(
                        "categorization", Sample.text(#""batch":"b""#, #""priority":\#(priority)"#)))
            }
            _ = try await shop.tasks.cancel(rows[0].id, clearUniqueID: false, by: shop.key)
            #expect(try await shop.batches.finalize("b", by: shop.key).status == .inProgress)
            await #expect(throws: BatchLifecycleError.alreadyFinalized) {
                try await shop.batches.finalize("b", by: shop.key)
            }
            try await shop.run(.launchBatch)
            try await shop.run(.closeBatch)
            #expect(try await shop.stored(rows[0].id).status == .canceled)
            for row in rows.dropFirst() {
                #expect(try await shop.stored(row.id).stage == .queued)
                #expect(try await shop.workItems(row.id).map(\.priority) == [row.priority])
                #expect(try await shop.history(row.id) == ["task.created", "task.launched"])
            }
            #expect(try await shop.batches.batch("b", by: shop.key).status == .inProgress)
        }
    }

    @Test func `finalizing a batch that never staged changes nothing`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p")
            let made = try await shop.batch("b", of: "p")
            #expect(try await shop.batches.finalize("b", by: shop.key) == made)
            #expect(try await shop.batches.finalize("b", by: shop.key) == made)
        }
    }

    @Test(arguments: Backend.available)
    func `a batch is completed with its last task, and its receiver is told once`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            try await shop.project("p")
            try await shop.batch("b", of: "p", callback: "https://example.com/batch")
            let rows = [
                try await shop.create("categorization", Sample.text(#""batch":"b""#)),
                try await shop.create("categorization", Sample.text(#""batch":"b""#)),
                try await shop.create("categorization", Sample.text(#""batch":"b""#)),
            ]
            try await ada.answer(try await ada.take())
            _ = try await shop.tasks.cancel(rows[2].id, clearUniqueID: false, by: shop.key)
            try await shop.run(.closeBatch)
            #expect(try await shop.batches.batch("b", by: shop.key).status == .inProgress)
            try await ada.answer(try await ada.take())
            try await shop.run(.closeBatch)
            let batch = try await shop.batches.batch("b", by: shop.key)
            #expect(batch.status == .completed)
            #expect(batch.completedAt == shop.clock.now)
            let told = try await shop.database.read { [realm = shop.seed.live] db in
                try db.deliveries(realm: realm, batch: batch.id)
            }
            #expect(told.map(\.target) == ["https://example.com/batch"])
            let body = try AnyJSON(told[0].body)
            #expect(body["status"]?.string == "completed")
            #expect(body["batch"]?["name"]?.string == "b")
            let (_, counts) = try await shop.batches.status("b", by: shop.key)
            #expect(counts?.completed == 2 && counts?.canceled == 1 && counts?.pending == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `a launched batch whose tasks were all called off is completed`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", product: .rapid)
            try await shop.batch("b", of: "p")
            let row = try await shop.create("categorization", Sample.text(#""batch":"b""#))
            _ = try await shop.tasks.cancel(row.id, clearUniqueID: false, by: shop.key)
            try await shop.run(.closeBatch)
            #expect(try await shop.batches.batch("b", by: shop.key).status == .staging)
            _ = try await shop.batches.finalize("b", by: shop.key)
            try await shop.run(.launchBatch)
            try await shop.run(.closeBatch)
            #expect(try await shop.batches.batch("b", by: shop.key).status == .completed)
        }
    }

    @Test(arguments: Backend.available)
    func `a task added to a completed batch of a standard project opens it again`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            try await shop.project("p")
            try await shop.batch("b", of: "p")
            _ = try await shop.create("categorization", Sample.text(#""batch":"b""#))
            try await ada.answer(try await ada.take())
            try await shop.run(.closeBatch)
            #expect(try await shop.batches.batch("b", by: shop.key).status == .completed)
            _ = try await shop.create("categorization", Sample.text(#""batch":"b""#))
            #expect(try await shop.batches.batch("b", by: shop.key).status == .inProgress)
            try await ada.answer(try await ada.take())
            try await shop.run(.closeBatch)
            #expect(try await shop.batches.batch("b", by: shop.key).status == .completed)
        }
    }

    @Test(arguments: Backend.available)
    func `names are unique in a world, and projects must be there`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p")
            try await shop.batch("b", of: "p")
            await #expect(throws: Refusal(.duplicate, #"A batch named "b" already exists."#)) {
                try await shop.batch("b", of: "p")
            }
            await #expect(throws: Refusal.noSuchProject("q")) { try await shop.batch("c", of: "q") }
            await #expect(throws: Refusal.noSuchBatch("c")) { try await shop.batches.batch("c", by: shop.key) }
            let stranger = Workshop.key(of: try await Seed.account("other", in: shop.database))
            await #expect(throws: Refusal.noSuchBatch("b")) { try await shop.batches.batch("b", by: stranger) }
            try await shop.project("p", by: stranger)
            try await shop.batch("b", of: "p", by: stranger)
        }
    }

    @Test(arguments: Backend.available)
    func `a priority also moves the work that waits`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            try await shop.project("p")
            try await shop.batch("late", of: "p")
            _ = try await shop.create()
            let late = try await shop.create("categorization", Sample.text(#""batch":"late""#))
            #expect(try await shop.batches.prioritize("late", 30, by: shop.key).priority == 30)
            #expect(try await ada.take().task.id == late.id)
            let changed = try await shop.batches.setMetadata("late", RawJSON(#"{"a":1}"#), by: shop.key)
            #expect(changed.metadata == #"{"a":1}"#)
            #expect(
                try await shop.history(changed.id) == ["batch.created", "batch.prioritized", "batch.metadata_set"])
        }
    }

    @Test(arguments: Backend.available)
    func `batches are listed newest first by what is asked for`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p")
            try await shop.project("r", product: .rapid)
            for name in ["one", "two", "three"] {
                shop.clock.advance(1)
                try await shop.batch(name, of: name == "two" ? "r" : "p")
            }
            func names(_ change: (inout BatchListing) -> Void) async throws -> [String] {
                var listing = BatchListing()
                change(&listing)
                let (rows, total) = try await shop.batches.list(listing, by: shop.key)
                return rows.map(\.name) + ["\(total)"]
            }
            #expect(try await names { _ in } == ["three", "two", "one", "3"])
            #expect(try await names { $0.project = "p" } == ["three", "one", "2"])
            #expect(try await names { $0.project = "none" } == ["0"])
            #expect(try await names { $0.filter.status = .staging } == ["two", "1"])
            #expect(try await names { ($0.limit, $0.offset) = (1, 1) } == ["two", "3"])
        }
    }
}
