import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct BulkTests {
    private func request(_ text: String) throws -> (BulkRequest, TaskSelection) {
        try JSONDocument.read(text) { root in
            let reader = JSONReader()
            var object = ObjectReader(root, reader)
            let request = BulkRequest.read(&object)
            let selection = TaskSelection.read(&object)
            try reader.finish()
            return (try #require(request), try #require(selection))
        }
    }

    /// Asks for a change and lets the job make it.
    private func change(_ text: String, in shop: Workshop) async throws -> BulkChangeRow {
        let (request, selection) = try request(text)
        let row = try await shop.bulk.begin(request, selection, by: shop.key)
        #expect(row.state == .waiting)
        #expect(try await shop.run(.changeTasks) == [.done])
        return try await shop.bulk.show(row.id, by: shop.key)
    }

    @Test(arguments: Backend.available)
    func `tasks of a filter get a tag, and lose it again`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p")
            var rows: [TaskRow] = []
            for number in 0..<250 {
                let tags = number % 50 == 0 ? #"["night"]"# : "[]"
                rows.append(
                    try await shop.create(
                        "categorization", Sample.text(#""project":"p","tags":\#(tags),"unique_id":"frame \#(number)""#))
                )
            }
            let other = try await shop.create()
            let done = try await change(
                #"{"action":"add_tags","tags":["night"],"filter":{"project":"p","status":"pending"}}"#, in: shop)
            #expect(done.state == .done && done.total == 250)
            #expect((done.changed, done.unchanged, done.refused) == (245, 5, 0))
            #expect(try await shop.stored(rows[1].id).tags == ["night"])
            #expect(try await shop.stored(other.id).tags.isEmpty)
            #expect(try await shop.history(rows[1].id).last == "task.tags_set")
            #expect(try await total("night", shop) == 250)

            let undo = try await shop.bulk.undo(done.id, by: shop.key)
            try await shop.run(.changeTasks)
            let undone = try await shop.bulk.show(undo.id, by: shop.key)
            #expect((undone.state, undone.changed, undone.refused) == (.done, 245, 0))
            #expect(try await shop.stored(rows[1].id).tags.isEmpty)
            #expect(try await shop.stored(rows[50].id).tags == ["night"])
            #expect(try await total("night", shop) == 5)
            await #expect(throws: Refusal.self) { try await shop.bulk.undo(done.id, by: shop.key) }
            await #expect(throws: Refusal.self) { try await shop.bulk.undo(undo.id, by: shop.key) }
        }
    }

    private func total(_ words: String, _ shop: Workshop) async throws -> Int {
        let live = shop.seed.live
        return try await shop.database.read { db in
            try db.taskTotal(realm: live, filter: TaskFilter(search: SearchTerms(words)))
        }
    }

    @Test(arguments: Backend.available)
    func `a priority reaches the queue, and what was changed since is not undone`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let first = try await shop.create()
            let second = try await shop.create("categorization", Sample.text(#""priority":10"#))
            let ids = "[\"\(first.id)\",\"\(second.id)\",\"5c84d0efc4fd4f0075d11f8c\"]"
            let done = try await change(#"{"action":"priority","priority":30,"ids":\#(ids)}"#, in: shop)
            #expect((done.total, done.changed, done.refused) == (3, 2, 1))
            #expect(try await shop.workItems(second.id).map(\.priority) == [30])
            let refused = try await shop.bulk.results(
                of: done.id, outcome: .refused, after: -1, limit: 10, by: shop.key)
            #expect(refused.map(\.reason) == [BulkStep.missing])
            _ = try await change(#"{"action":"priority","priority":20,"ids":["\#(first.id)"]}"#, in: shop)
            let undo = try await shop.bulk.undo(done.id, by: shop.key)
            try await shop.run(.changeTasks)
            let undone = try await shop.bulk.show(undo.id, by: shop.key)
            #expect((undone.changed, undone.refused) == (1, 1))
            #expect(try await shop.stored(first.id).priority == 20)
            #expect(try await shop.stored(second.id).priority == 10)
            #expect(try await shop.workItems(second.id).map(\.priority) == [10])
        }
    }

    @Test(arguments: Backend.available)
    func `what cannot be called off is named with the reason`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let begun = try await shop.create()
            let work = try await ada.take()
            _ = try await ada.send(
                [DraftStep("s1", 1, [Change(key: "category", after: #"{"value":"rude"}"#)])], to: work)
            let waiting = try await shop.create("categorization", Sample.text(#""unique_id":"u""#))
            let done = try await change(#"{"action":"cancel","clear_unique_id":true,"filter":{}}"#, in: shop)
            #expect((done.changed, done.refused) == (1, 1))
            #expect(try await shop.stored(waiting.id).status == .canceled)
            #expect(try await shop.stored(waiting.id).uniqueID == nil)
            let results = try await shop.bulk.results(of: done.id, outcome: nil, after: -1, limit: 10, by: shop.key)
            #expect(results.map(\.taskID) == [waiting.id, begun.id])
            #expect(results.map(\.reason) == [nil, TaskLifecycleError.alreadyStarted.message])
            await #expect(throws: Refusal.self) { try await shop.bulk.undo(done.id, by: shop.key) }
        }
    }

    @Test(arguments: Backend.available)
    func `completed tasks are done again, others are not`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let finished = try await shop.create()
            let work = try await ada.take()
            _ = try await ada.send(
                [DraftStep("s1", 1, [Change(key: "category", after: #"{"value":"rude"}"#)])], to: work)
            _ = try await ada.submit(work, revision: 1)
            _ = try await shop.create()
            let done = try await change(#"{"action":"redo","comment":"Look again.","filter":{}}"#, in: shop)
            #expect((done.changed, done.refused) == (1, 1))
            #expect(try await shop.stored(finished.id).status == .pending)
            #expect(try await shop.workItems(finished.id).map(\.kind) == [.label, .redo])
        }
    }

    @Test(arguments: Backend.available)
    func `staged tasks move to another batch, with their counts`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", product: .rapid)
            for batch in ["a", "b"] { try await shop.batch(batch, of: "p") }
            var rows: [TaskRow] = []
            for _ in 0..<3 {
                rows.append(try await shop.create("categorization", Sample.text(#""batch":"a","tags":["t"]"#)))
            }
            let done = try await change(#"{"action":"move","batch":"b","filter":{"batch":"a"}}"#, in: shop)
            #expect((done.changed, done.refused) == (3, 0))
            #expect(try await count(batch: "a", tags: [], shop) == 0)
            #expect(try await count(batch: "b", tags: [], shop) == 3)
            #expect(try await count(batch: "b", tags: ["t"], shop) == 3)
            let undo = try await shop.bulk.undo(done.id, by: shop.key)
            try await shop.run(.changeTasks)
            #expect(try await shop.bulk.show(undo.id, by: shop.key).changed == 3)
            #expect(try await count(batch: "a", tags: ["t"], shop) == 3)
            _ = try await shop.batches.finalize("a", by: shop.key)
            let late = try await change(#"{"action":"move","batch":"b","filter":{"batch":"a"}}"#, in: shop)
            #expect((late.changed, late.refused) == (0, 3))
            await #expect(throws: Issues.self) {
                try await change(#"{"action":"move","batch":"a","filter":{}}"#, in: shop)
            }
        }
    }

    private func count(batch: String, tags: [String], _ shop: Workshop) async throws -> Int {
        var listing = TaskListing()
        listing.batch = batch
        listing.filter.tags = tags
        let page = try await shop.tasks.table(
            listing, order: .newestFirst, after: nil, .exact, by: shop.key)
        #expect(page.tasks.count == page.total?.count)
        return page.total?.count ?? -1
    }

    @Test(arguments: Backend.available)
    func `a change that is called off stops, and one that died goes on where it was`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            for _ in 0..<120 { _ = try await shop.create() }
            let (asked, selection) = try request(#"{"action":"add_tags","tags":["x"],"filter":{}}"#)
            let first = try await shop.bulk.begin(asked, selection, by: shop.key)
            _ = try await shop.bulk.cancel(first.id, by: shop.key)
            try await shop.run(.changeTasks)
            let stopped = try await shop.bulk.show(first.id, by: shop.key)
            #expect((stopped.state, stopped.done) == (.canceled, 0))
            #expect(stopped.whyNotUndoable != nil)

            // As if the process had died after the first portion.
            let second = try await shop.bulk.begin(asked, selection, by: shop.key)
            let live = shop.seed.live
            let ids = try await shop.database.read { db in
                try db.taskIDs(realm: live, filter: TaskFilter(), limit: 100)
            }
            let now = shop.clock.now
            try await shop.database.write { db in
                var row = try #require(try db.lockBulkChange(realm: live, id: second.id))
                for id in ids.ids { _ = try db.setTags(realm: live, id: id, tags: ["x"], at: now) }
                (row.state, row.changed, row.progress) = (.running, 100, ids.next?.token)
                try db.updateBulkChange(row)
            }
            let late = try await shop.create()
            try await shop.run(.changeTasks)
            let done = try await shop.bulk.show(second.id, by: shop.key)
            #expect((done.state, done.changed, done.unchanged) == (.done, 120, 0))
            #expect(try await shop.stored(late.id).tags.isEmpty)
        }
    }

    @Test(
        arguments: [
            #"{"action":"priority","filter":{}}"#, #"{"action":"priority","priority":15,"filter":{}}"#,
            #"{"action":"add_tags","filter":{}}"#, #"{"action":"add_tags","tags":[],"filter":{}}"#,
            #"{"action":"move","filter":{}}"#, #"{"action":"cancel"}"#, #"{"action":"cancel","ids":["x"]}"#,
            #"{"action":"cancel","ids":["5c84d0efc4fd4f0075d11f8c"],"filter":{}}"#, #"{"filter":{}}"#,
            #"{"action":"cancel","filter":{"state":"pending"}}"#, #"{"action":"cancel","filter":{"status":"new"}}"#,
            #"{"action":"cancel","filter":{"start_time":"yesterday"}}"#,
        ])
    func `a request that says too little or too much is refused`(_ text: String) {
        #expect(throws: Issues.self) { try request(text) }
    }
}
