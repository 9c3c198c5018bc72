import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct TaskChangeTests {
    @Test(arguments: Backend.available)
    func `a task that nobody has begun can be called off, wherever it waits`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("rapid", product: .rapid)
            try await shop.batch("b", of: "rapid")
            let waiting = [
                try await shop.create("imageannotation", Sample.boxes("http://127.0.0.1:2024/a.jpg")),
                try await shop.create("categorization", Sample.text(#""batch":"b""#)), try await shop.create(),
            ]
            #expect(waiting.map(\.stage) == [.ingesting, .staged, .queued])
            for row in waiting {
                let canceled = try await shop.tasks.cancel(row.id, clearUniqueID: false, by: shop.key)
                #expect(canceled.status == .canceled && canceled.stage == .done && canceled.completedAt == nil)
                #expect(try await shop.workItems(row.id).allSatisfy { $0.state == .closed })
                _ = try await shop.tasks.cancel(row.id, clearUniqueID: false, by: shop.key)
                #expect(try await shop.history(row.id) == ["task.created", "task.canceled"])
            }
            #expect(try await shop.run(.fetchAttachment) == [.done])
            #expect(try await shop.attachments(waiting[0].id).map(\.state) == [.waiting])
        }
    }

    @Test(arguments: Backend.available)
    func `a task that was begun, finished or has failed cannot be called off`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let row = try await shop.create()
            let work = try await ada.take()
            _ = try await ada.send(
                [DraftStep("s1", 1, [Change(key: "category", after: #"{"value":"rude"}"#)])], to: work)
            await #expect(throws: TaskLifecycleError.alreadyStarted) {
                try await shop.tasks.cancel(row.id, clearUniqueID: false, by: shop.key)
            }
            _ = try await ada.submit(work, revision: 1)
            await #expect(throws: TaskLifecycleError.alreadyCompleted) {
                try await shop.tasks.cancel(row.id, clearUniqueID: false, by: shop.key)
            }
            let failing = try await shop.create("imageannotation", Sample.boxes("http://10.0.0.1/a.jpg"))
            try await shop.run(.fetchAttachment)
            await #expect(throws: TaskLifecycleError.alreadyFailed) {
                try await shop.tasks.cancel(failing.id, clearUniqueID: false, by: shop.key)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `calling off gives the unique id back if asked`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            for clears in [false, true] {
                let row = try await shop.create("categorization", Sample.text(#""unique_id":"\#(clears)""#))
                let canceled = try await shop.tasks.cancel(row.id, clearUniqueID: clears, by: shop.key)
                #expect((canceled.uniqueID == nil) == clears)
            }
        }
    }

    @Test(
        arguments: [
            (.replace, ["b", "b", "d"], ["b", "d"]), (.add, ["c", "d", "a"], ["a", "b", "c", "d"]),
            (.remove, ["b", "x"], ["a", "c"]), (.replace, [], []), (.add, [], ["a", "b", "c"]),
        ] as [(TaskOperations.TagChange, [String], [String])])
    func `tags change as asked and keep their order`(
        _ change: TaskOperations.TagChange, _ tags: [String], _ expected: [String]
    ) async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let row = try await shop.create("categorization", Sample.text(#""tags":["a","b","c"]"#))
            let changed = try await shop.tasks.changeTags(row.id, change, tags, by: shop.key)
            #expect(changed.tags == expected)
            #expect(try await shop.stored(row.id).tags == expected)
        }
    }

    @Test func `more than five tags are refused`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let row = try await shop.create("categorization", Sample.text(#""tags":["a","b","c"]"#))
            await #expect(throws: Issues("tags", "`tags` may contain at most 5 tags.")) {
                try await shop.tasks.changeTags(row.id, .add, ["d", "e", "f"], by: shop.key)
            }
            #expect(try await shop.stored(row.id).tags == ["a", "b", "c"])
        }
    }

    @Test(arguments: Backend.available)
    func `metadata and unique ids change, and the log has both states`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let row = try await shop.create("categorization", Sample.text(#""metadata":{"a":1}"#))
            let other = try await shop.create("categorization", Sample.text(#""unique_id":"taken""#))
            shop.clock.advance(1)
            let changed = try await shop.tasks.setMetadata(row.id, RawJSON(#"{"b":[2]}"#), by: shop.key)
            #expect(changed.metadata == #"{"b":[2]}"#)
            #expect(changed.updatedAt == shop.clock.now)
            #expect(try await shop.tasks.setUniqueID(row.id, "mine", by: shop.key).uniqueID == "mine")
            #expect(try await shop.tasks.setUniqueID(row.id, "mine", by: shop.key).uniqueID == "mine")
            await #expect(
                throws: Refusal(
                    .duplicate, #"The unique_id ("taken") is already used for a different task (\#(other.id))."#)
            ) { try await shop.tasks.setUniqueID(row.id, "taken", by: shop.key) }
            #expect(try await shop.tasks.clearUniqueID(row.id, by: shop.key).uniqueID == nil)
            #expect(try await shop.tasks.clearUniqueID(row.id, by: shop.key).uniqueID == nil)
            let events = try await shop.database.read { [realm = shop.seed.live] db in
                try db.events(realm: realm, object: row.id, limit: 100)
            }
            let set = try #require(events.first { $0.action == "task.metadata_set" })
            #expect(set.before == #"{"a":1}"# && set.after == #"{"b":[2]}"#)
            let unique = try #require(events.first { $0.action == "task.unique_id_set" })
            #expect(unique.before == nil && unique.after == #"{"unique_id":"mine"}"#)
        }
    }

    @Test(arguments: Backend.available)
    func `verdicts are kept, shown newest first and told`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let pending = try await shop.create()
            await #expect(throws: TaskLifecycleError.notCompleted) {
                try await shop.tasks.audit(pending.id, Verdict(accepted: true, comments: nil), by: shop.key)
            }
            let row = try await shop.create(
                "categorization", Sample.text(#""callback_url":"https://example.com/h""#), by: shop.testKey)
            _ = try await shop.tasks.audit(
                row.id, Verdict(accepted: false, comments: "Not so."), by: shop.testKey)
            shop.clock.advance(60)
            _ = try await shop.tasks.audit(row.id, Verdict(accepted: true, comments: nil), by: shop.testKey)
            let found = try await shop.tasks.task(row.id, by: shop.testKey)
            var writer = JSONWriter()
            found.row.write(to: &writer, found.extras)
            let task = try AnyJSON(writer.text)
            #expect(task["customer_review_status"]?.string == "accepted")
            #expect(task["customer_review_comments"] == (try AnyJSON(#"["Not so."]"#)))
            #expect(task["customer_reviewed_by"]?.string == "the key")
            #expect(task["customer_audited_at"]?.string == shop.clock.now.iso8601)
            #expect(task["audits"]?.elements.compactMap { $0["audit_result"]?.string } == ["accepted", "rejected"])
            #expect(task["audits"]?[0]?["audit_source"]?.string == "customer")
            let told = try await shop.deliveries(row.id, realm: shop.seed.test)
            #expect(told.count == 3)
            #expect(try AnyJSON(told[2].body)["task"]?["customer_review_status"]?.string == "accepted")
        }
    }

    @Test(arguments: Backend.available)
    func `the callback of a finished task can be sent again`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let pending = try await shop.create(
                "categorization", Sample.text(#""callback_url":"https://example.com/h""#))
            await #expect(throws: Refusal.self) { try await shop.tasks.resend(pending.id, by: shop.key) }
            let silent = try await shop.create(by: shop.testKey)
            await #expect(throws: Refusal(.invalid, "This task has no callback_url.")) {
                try await shop.tasks.resend(silent.id, by: shop.testKey)
            }
            let row = try await shop.create(
                "categorization", Sample.text(#""callback_url":"https://example.com/h""#), by: shop.testKey)
            _ = try await shop.tasks.resend(row.id, by: shop.testKey)
            let told = try await shop.deliveries(row.id, realm: shop.seed.test)
            #expect(told.count == 2)
            #expect(Set(told.map(\.id)).count == 2)
            #expect(told[0].body == told[1].body)
        }
    }

    @Test(arguments: Backend.available)
    func `a task of another account is not there`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let stranger = Workshop.key(of: try await Seed.account("other", in: shop.database))
            let row = try await shop.create("categorization", Sample.text(#""unique_id":"u""#))
            let before = try await shop.stored(row.id)
            for id in [row.id, "0", "zzzzzzzzzzzzzzzzzzzzzzzz", Identifier.make(shop.clock.now)] {
                let attempts: [@Sendable () async throws -> Void] = [
                    { _ = try await shop.tasks.task(id, by: stranger) },
                    { _ = try await shop.tasks.cancel(id, clearUniqueID: true, by: stranger) },
                    { _ = try await shop.tasks.audit(id, Verdict(accepted: true, comments: nil), by: stranger) },
                    { _ = try await shop.tasks.setUniqueID(id, "x", by: stranger) },
                    { _ = try await shop.tasks.clearUniqueID(id, by: stranger) },
                    { _ = try await shop.tasks.setMetadata(id, RawJSON("{}"), by: stranger) },
                    { _ = try await shop.tasks.changeTags(id, .add, ["t"], by: stranger) },
                    { _ = try await shop.tasks.resend(id, by: stranger) },
                    { _ = try await shop.deliveries.deliveries(ofTask: id, by: stranger) },
                    { _ = try await shop.tasks.response(of: id, by: stranger) },
                ]
                for attempt in attempts { await #expect(throws: Refusal.noSuchTask) { try await attempt() } }
            }
            #expect(try await shop.stored(row.id) == before)
        }
    }
}
