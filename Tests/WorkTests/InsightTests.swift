import Foundation
import JSON
import Labeling
import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct InsightTests {
    /// Seals the log and counts all of it.
    private func count(_ shop: Workshop) async throws {
        let account = shop.seed.account
        try await shop.database.write { db in
            while try db.sealEvents(account: account, at: Seed.start) == 1000 {}
        }
        try await CountEvents(database: shop.database).run()
    }

    private func overview(_ shop: Workshop, _ project: String? = nil, by actor: Actor? = nil) async throws -> AnyJSON {
        let insight = InsightOperations(environment: shop.environment)
        var writer = JSONWriter()
        try await insight.overview(project: project, days: 7, by: actor ?? shop.key).write(to: &writer)
        return try AnyJSON(writer.text)
    }

    private func ledger(_ shop: Workshop, by actor: Actor? = nil) async throws -> [NamedUsageLine] {
        try await InsightOperations(environment: shop.environment).usageLines(
            project: nil, UsageFilter(), beyond: nil, newestFirst: false, limit: 100, by: actor ?? shop.key)
    }

    @Test(arguments: Backend.available)
    func `what is done is counted by day and project, and billed once`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p")
            let ada = try await Labeler.new(shop)
            let first = try await shop.create("categorization", Sample.text(#""project":"p""#))
            let second = try await shop.create()
            _ = try await shop.create()
            _ = try await shop.tasks.cancel(second.id, clearUniqueID: false, by: shop.key)
            let work = try await ada.take()
            #expect(work.task.id == first.id)
            shop.clock.advance(40)
            try await ada.answer(work)
            try await count(shop)

            let day = try #require(try await overview(shop)["days"]?.elements.last)
            #expect(day["created"]?.int == 3 && day["completed"]?.int == 1 && day["canceled"]?.int == 1)
            #expect(day["n_seconds"]?.int == 1)
            let median = if case .number(let number)? = day["median_seconds"] { number } else { 0.0 }
            #expect((35...45).contains(median), "\(median)")
            let whole = try await overview(shop)
            #expect(whole["complete"]?.bool == true)
            #expect(whole["counts"]?["pending"]?.int == 1 && whole["counts"]?["total"]?.int == 3)
            #expect(whole["queue"]?["ages"]?.elements.first?["n"]?.int == 1)
            #expect(whole["projects"]?.elements.first?["completed_7_days"]?.int == 1)
            let ofProject = try #require(try await overview(shop, "p")["days"]?.elements.last)
            #expect(ofProject["created"]?.int == 1 && ofProject["canceled"]?.int == 0)
            #expect(try await ledger(shop).map(\.line.what) == [.canceled, .completed])
            #expect(try await ledger(shop).map(\.line.isBillable) == [false, true])

            // Counted again from the same log nothing changes; done again it is no second bill.
            try await count(shop)
            #expect(try await ledger(shop).count == 2)
            let realm = shop.seed.live
            let now = shop.clock.now
            try await shop.database.write { db in
                _ = try db.reopenTask(realm: realm, id: first.id, stage: .queued, at: now)
                let row = try #require(try db.task(realm: realm, id: first.id))
                try db.append(
                    NewEvent(
                        realm: realm, at: now, actor: "program", objectKind: "task", objectID: first.id,
                        action: "task.recalled", before: #"{"status":"completed"}"#, after: row.text(isTest: false)))
                let head = try #require(try db.lockTask(realm: realm, id: first.id))
                try TaskTransitions.apply(
                    .submitted(next: .complete), to: head, response: "{}", by: "program", isTest: false, in: db,
                    now: now)
            }
            try await count(shop)
            #expect(try await ledger(shop).map(\.line.what).last == .completedAgain)
            #expect(try await ledger(shop).filter(\.line.isBillable).count == 1)
            let later = try #require(try await overview(shop)["days"]?.elements.last)
            #expect(later["completed"]?.int == 2 && later["reopened"]?.int == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `what is done in the test world is never billed, nor seen in the live one`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            _ = try await shop.create(by: shop.testKey)
            try await count(shop)
            #expect(try await ledger(shop).isEmpty)
            #expect(try await ledger(shop, by: shop.testKey).map(\.line.isBillable) == [false])
            #expect(try await overview(shop)["counts"]?["total"]?.int == 0)
            #expect(try await overview(shop, by: shop.testKey)["counts"]?["completed"]?.int == 1)
        }
    }

    @Test func `metadata that look like a task change no figures`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let row = try await shop.create()
            _ = try await shop.tasks.setMetadata(
                row.id, RawJSON(#"{"task_id":"x","status":"completed","type":"t"}"#), by: shop.key)
            try await count(shop)
            #expect(try await ledger(shop).isEmpty)
            let state = try await shop.tasks.state(of: row.id, at: .time(shop.clock.now), by: shop.key)
            #expect(try AnyJSON(try #require(state.task))["task_id"]?.string == row.id)
        }
    }

    @Test(arguments: [(0.2, 0), (1, 0), (1.01, 1), (2, 5), (4, 9), (60, 24)])
    func `a bucket holds what it is for`(_ seconds: Double, _ bucket: Int) {
        #expect(Buckets.bucket(of: seconds) == bucket)
        #expect(Buckets.start(of: bucket) <= seconds && seconds < Buckets.start(of: bucket + 1) + 1e-9)
    }

    @Test func `the median of buckets is right to within a tenth`() {
        var generator = Generator(seed: 7)
        for _ in 0..<50 {
            let values = (0..<101).map { _ in exp(generator.unit() * 8) + 1 }
            let counts = Dictionary(grouping: values, by: Buckets.bucket).mapValues(\.count)
            let exact = values.sorted()[50]
            let found = Buckets.quantile(0.5, of: counts) ?? 0
            #expect(abs(found - exact) / exact < 0.11, "\(found) instead of \(exact)")
        }
        #expect(Buckets.quantile(0.5, of: [:]) == nil)
    }

    /// Numbers that are the same at every run.
    private struct Generator {
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        /// Between 0 and 1 (an LCG with Knuth's constants).
        mutating func unit() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
    }

    // MARK: The past

    @Test(arguments: Backend.available)
    func `a draft is found as it was at every revision, before its snapshot and after`(_ backend: Backend) async throws
    {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let row = try await shop.create()
            let work = try await ada.take()
            let count = 250
            var before: String?
            for number in 1...count {
                let after = number % 7 == 0 ? nil : #"{"value":"\#(number)"}"#
                let step = DraftStep(
                    UUID().uuidString.lowercased(), number, [Change(key: "category", before: before, after: after)])
                try await ada.send([step], to: work, after: number - 1)
                before = after
            }
            let item = work.item.id
            let draft = try await shop.database.read { db in try db.draft(workItem: item) }
            #expect(draft?.snapshotRevision == 200)
            for revision in [0, 1, 7, 8, 99, 100, 199, 200, 201, 249, 250] {
                let state = try await shop.tasks.state(
                    of: row.id, at: .revision(work: item, revision), by: shop.key)
                let found = state.document?.collections["answers"]?["category"]?.text
                let expected = revision == 0 || revision % 7 == 0 ? nil : #"{"value":"\#(revision)"}"#
                #expect(found == expected && state.revision == revision)
            }
            let steps = try await shop.tasks.steps(of: row.id, work: item, after: 240, limit: 100, by: shop.key)
            #expect(steps.map(\.revision) == Array(241...250))
            // The same by time: each step was made at a moment of its own.
            let made = try await shop.database.read { db in try db.draftSteps(workItem: item, after: 0) }
            let state = try await shop.tasks.state(of: row.id, at: .time(made[49].at), by: shop.key)
            #expect(state.revision == 50 && state.work == item)
        }
    }

    @Test(arguments: Backend.available)
    func `history tells who did what in words, page by page`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let row = try await shop.create()
            _ = try await shop.tasks.changeTags(row.id, .replace, ["a", "b"], by: shop.key)
            try await ada.answer(try await ada.take())
            var texts: [String] = []
            var cursor: String?
            repeat {
                let page = try await shop.tasks.history(of: row.id, before: cursor, limit: 2, by: shop.key)
                for entry in page {
                    var writer = JSONWriter()
                    entry.write(to: &writer, naming: false)
                    let json = try AnyJSON(writer.text)
                    texts.append("\(json["actor"]?["name"]?.string ?? "") \(json["words"]?.string ?? "")")
                    if entry.event.action == "task.tags_set" {
                        #expect(json["detail"]?.elements.map(\.string) == ["nothing → a, b"])
                    }
                    if entry.event.action == "task.submitted" { #expect(json["status"]?.string == "completed") }
                }
                cursor = page.count == 2 ? page.last?.id : nil
            } while cursor != nil
            #expect(
                texts == [
                    "ada@example.com handed in the work", "ada@example.com began the work",
                    "the key that is gone changed the tags", "the key that is gone created the task",
                ])
            let whole = try await shop.tasks.page(row.id, by: shop.key)
            #expect(whole.document?.source == .draft && whole.work.count == 1)
        }
    }

    // MARK: Deliveries

    @Test(arguments: Backend.available)
    func `what failed is sent again once, alone or all together`(_ backend: Backend) async throws {
        let status = SharedList<Int>()
        try await TestServer.run { _ in
            TestServer.Reply(status.elements.last ?? 200)
        } _: { server in
            try await backend.withWorkshop { shop in
                for _ in 1...3 {
                    _ = try await shop.create(
                        "categorization", Sample.text(#""callback_url":"http://10.1.2.3/hook""#), by: shop.testKey)
                }
                try await shop.run(.deliverCallback)
                let operations = shop.deliveries
                let failed = DeliveryFilter(state: .failed, isOpen: true)
                let rows = try await operations.deliveries(
                    failed, batch: nil, before: nil, limit: 10, by: shop.testKey)
                #expect(rows.count == 3 && rows.allSatisfy { $0.row.attempts == 1 })
                #expect(rows.map(\.row.id) == rows.map(\.row.id).sorted(by: >))
                let summary = try await operations.summary(by: shop.testKey)
                #expect(summary.receivers.map(\.row.failed) == [3] && summary.receivers[0].last?.error != nil)

                let again = try await operations.resend(rows[0].row.id, by: shop.testKey)
                #expect(again.row.resendOf == rows[0].row.id && again.row.body == rows[0].row.body)
                _ = try await operations.resendFailed(target: nil, times: TimeRange(), by: shop.testKey)
                try await shop.run(.resendDeliveries)
                let waiting = try await operations.deliveries(
                    DeliveryFilter(state: .pending), batch: nil, before: nil, limit: 10, by: shop.testKey)
                #expect(Set(waiting.compactMap(\.row.resendOf)) == Set(rows.map(\.row.id)))
                #expect(waiting.count == 3)
                let page = try await operations.deliveries(
                    DeliveryFilter(), batch: nil, before: nil, limit: 4, by: shop.testKey)
                let rest = try await operations.deliveries(
                    DeliveryFilter(), batch: nil, before: page.last?.row.id, limit: 4, by: shop.testKey)
                #expect(page.count == 4 && rest.count == 2)
                await #expect(throws: Refusal.self) {
                    _ = try await operations.resend(rows[0].row.id, by: shop.key)
                }
            }
        }
    }

    // MARK: Settings

    @Test(arguments: Backend.available)
    func `a test message really arrives, and a new secret signs beside the old one`(_ backend: Backend) async throws {
        let status = SharedList<Int>()
        try await TestServer.run { _ in
            TestServer.Reply(status.elements.last ?? 200)
        } _: { server in
            try await backend.withWorkshop { shop in
                let settings = SettingsOperations(environment: shop.environment)
                await #expect(throws: Issues.self) { try await settings.test(nil, mode: .live, by: shop.key) }
                await #expect(throws: Issues.self) {
                    try await settings.setDefaultCallback("ftp:nowhere", mode: .live, by: shop.key)
                }
                try await settings.setDefaultCallback(server.url("/hook"), mode: .live, by: shop.key)
                let (secret, until) = try await settings.rotate(.signatureSecret, mode: .live, by: shop.key)
                #expect(until != nil)
                let result = try await settings.test(nil, mode: .live, by: shop.key)
                #expect(result.error == nil && result.statusCode == 200)
                let call = try #require(server.received.first)
                let header = try #require(call["vernier-signature"])
                let now = Int(shop.clock.now.microseconds / 1_000_000)
                for secret in [secret, "signing-live-acme"] {
                    #expect(
                        CallbackSignature.verify(
                            header, body: Array(call.body.utf8), secret: Array(secret.utf8), now: now))
                }
                status.append(500)
                #expect(try await settings.test(nil, mode: .live, by: shop.key).error != nil)
                let row = try await shop.create()
                _ = try await shop.create(by: shop.testKey)
                #expect(try await shop.stored(row.id).callbackURL == nil, "a key knows its realm as it was")
            }
        }
    }
}
