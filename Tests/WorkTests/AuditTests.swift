import Foundation
import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

/// A project with answered tasks, and somebody who looks at them for the customer.
private struct House {
    let shop: Workshop
    let audits: AuditOperations
    let ada: Labeler
    let otto: Labeler

    init(_ shop: Workshop) async throws {
        self.shop = shop
        audits = AuditOperations(environment: shop.environment)
        ada = try await Labeler.new(shop, "ada@example.com")
        otto = try await Labeler.new(shop, "otto@example.com", .manager)
        try await shop.project("p")
    }

    /// Answered tasks, oldest first.
    func answered(_ count: Int) async throws -> [TaskRow] {
        var rows: [TaskRow] = []
        for _ in 0..<count {
            let row = try await shop.create(
                "categorization", Sample.text(#""project":"p""#, #""callback_url":"https://example.com/h""#))
            rows.append(try await ada.answer(ada.take(), "polite"))
            #expect(rows.last?.id == row.id)
        }
        return rows
    }

    func open(_ which: (sample: String?, task: String?)) async throws -> OpenWork? {
        guard let opened = try await audits.open(sample: which.sample, task: which.task, by: otto.actor) else {
            return nil
        }
        return try await otto.take(opened.work)
    }

    func decide(_ work: OpenWork, _ verdict: AuditVerdict, revision: Int? = nil, id: String = UUID().uuidString)
        async throws -> TaskRow
    {
        try await audits.decide(
            work.item.id, lease: work.lease, submission: id, revision: revision ?? work.revision, verdict,
            by: otto.actor)
    }

    func wire(_ id: String) async throws -> String {
        let row = try await shop.stored(id)
        let audits = try await audits.verdicts(on: id, by: shop.key)
        var writer = JSONWriter()
        row.write(to: &writer, TaskExtras(isTest: false, audits: audits))
        return writer.text
    }
}

struct AuditTests {
    @Test(arguments: Backend.available)
    func `a sample is gone through task by task, each with its verdict and a callback`(_ backend: Backend) async throws
    {
        try await backend.withWorkshop { shop in
            let house = try await House(shop)
            let rows = try await house.answered(4)
            let sample = try await house.audits.draw(
                SampleRequest(project: "p", size: .count(3), seed: 7), by: house.otto.actor)
            #expect(sample.sample.total == 3 && sample.audited == 0 && sample.score == nil)
            let same = try await house.audits.draw(
                SampleRequest(project: "p", size: .count(3), seed: 7), by: house.otto.actor)
            let tasks = try await house.audits.sampleTasks(sample.sample.id, after: 0, limit: 10, by: shop.key)
            let again = try await house.audits.sampleTasks(same.sample.id, after: 0, limit: 10, by: shop.key)
            #expect(tasks.map(\.taskID) == again.map(\.taskID), "the same seed draws the same")
            #expect(Set(tasks.map(\.taskID)).isSubset(of: Set(rows.map(\.id))))

            let once = try #require(try await house.open((sample.sample.id, nil)))
            // Opening it again finds the same.
            let first = try #require(try await house.open((sample.sample.id, nil)))
            #expect(first.item.id == once.item.id)
            #expect(first.item.kind == .audit && first.item.taskID == tasks[0].taskID)
            #expect(try first.document().collections["answers"]?["category"] != nil)
            let act = UUID().uuidString
            let accepted = try await house.decide(first, AuditVerdict(result: .accepted, seconds: 3), id: act)
            #expect(accepted.reviewStatus == .accepted && accepted.status == .completed)
            #expect(try await house.decide(first, AuditVerdict(result: .accepted), id: act).id == accepted.id)

            let second = try #require(try await house.open((sample.sample.id, nil)))
            #expect(second.item.taskID == tasks[1].taskID)
            await #expect(throws: Issues.self) {
                try await house.decide(second, AuditVerdict(result: .commented))
            }
            _ = try await house.decide(second, AuditVerdict(result: .rejected, comments: "No."))
            let third = try #require(try await house.open((sample.sample.id, nil)))
            let receipt = try await house.otto.fill(
                third, ["answers": ["category": RawJSON(#"{"value":"rude"}"#)]])
            _ = try await house.decide(third, AuditVerdict(result: .fixed), revision: receipt.revision)
            #expect(try await house.open((sample.sample.id, nil)) == nil, "the sample is done")

            let end = try await house.audits.sample(sample.sample.id, by: shop.key)
            #expect(end.accepted == 1 && end.rejected == 1 && end.fixed == 1 && end.score == 1.0 / 3)
            let fixed = try await house.wire(third.item.taskID)
            #expect(fixed.contains(#""response":{"category":"rude","is_customer_fix":true}"#))
            #expect(fixed.contains(#""prior_responses":[{"category":"polite"}]"#))
            #expect(fixed.contains(#""customer_review_status":"fixed""#))
            #expect(try await house.wire(first.item.taskID).contains(#""customer_audit_time_secs":3"#))
            for task in tasks { #expect(try await shop.deliveries(task.taskID).count == 2) }
        }
    }

    @Test(arguments: Backend.available)
    func `a verdict makes known answers and examples, each of them once`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let house = try await House(shop)
            let url = "https://example.com/a.jpg"
            let row = try await house.answered(1)[0]
            // Categorizations have no known answers, but can be examples.
            let work = try #require(try await house.open((nil, row.id)))
            await #expect(throws: Refusal.self) {
                try await house.decide(work, AuditVerdict(result: .accepted, uses: [.evaluation]))
            }
            _ = try await house.decide(
                work, AuditVerdict(result: .accepted, uses: [.example], note: "Politeness."))
            _ = try await house.audits.use(row.id, as: [.example], note: "Kindness.", by: shop.key)
            let examples = try await shop.projects.examples("p", by: shop.key)
            #expect(examples.map(\.row.note) == ["Kindness."])
            try await shop.projects.removeExample(examples[0].row.id, of: "p", by: shop.key)
            #expect(try await shop.projects.examples("p", by: shop.key).isEmpty)

            // A task that the program answered can be judged and used through the API.
            let boxes = try await shop.create("imageannotation", Sample.boxes(url), by: shop.testKey)
            let uses = try await house.audits.use(boxes.id, as: [.evaluation, .training], note: nil, by: shop.testKey)
            let repeated = try await house.audits.use(boxes.id, as: [.training], note: nil, by: shop.testKey)
            #expect(repeated.map(\.id) == uses.filter { $0.use == .training }.map(\.id))
            let member = try await shop.person("mo@example.com", .member)
            await #expect(throws: Refusal.self) {
                try await house.audits.use(row.id, as: [.training], note: nil, by: member)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a verdict from outside brings its own fix, which is checked`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let house = try await House(shop)
            let row = try await house.answered(1)[0]
            await #expect(throws: Issues.self) {
                try await house.audits.decide(
                    task: row.id, AuditVerdict(result: .fixed), response: RawJSON(#"{"category":"purple"}"#),
                    by: shop.key)
            }
            await #expect(throws: Issues.self) {
                try await house.audits.decide(task: row.id, AuditVerdict(result: .fixed), response: nil, by: shop.key)
            }
            _ = try await house.audits.decide(
                task: row.id, AuditVerdict(result: .fixed), response: RawJSON(#"{"category":"rude"}"#), by: shop.key)
            #expect(try await house.wire(row.id).contains(#""is_customer_fix":true"#))
            // Rejected work may go back at once.
            let back = try await house.audits.decide(
                task: row.id, AuditVerdict(result: .rejected, comments: "Look again.", redo: true), response: nil,
                by: shop.key)
            #expect(back.status == .pending)
            #expect(try await house.ada.take().item.kind == .redo)
        }
    }

    @Test(arguments: Backend.available)
    func `an audit that was only looked at leaves nothing behind`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let house = try await House(shop)
            let row = try await house.answered(1)[0]
            let work = try #require(try await house.open((nil, row.id)))
            try await house.audits.leave(work.item.id, lease: work.lease, by: house.otto.actor)
            let items = try await shop.database.read { db in try db.workItems(realm: shop.seed.live, task: row.id) }
            #expect(items.last?.state == .closed)
            #expect(try await house.otto.claim() == nil)
            let stranger = try await Labeler.new(shop, "eve@example.com", .labeler)
            #expect(try await stranger.claim(work.item.id) == nil)
        }
    }

    @Test func `random numbers of a seed are the same in any order of pages`() {
        let tasks = (0..<5000).map { "\(String($0, radix: 16))abcdef" }
        var one = Draw(wanted: 100, seed: 3)
        one.add(tasks)
        var other = Draw(wanted: 100, seed: 3)
        for task in tasks.reversed() { other.add([task]) }
        #expect(one.tasks == other.tasks && one.tasks.count == 100)
        var third = Draw(wanted: 100, seed: 4)
        third.add(tasks)
        #expect(third.tasks != one.tasks)
        // About as many from each half.
        let early = one.tasks.filter { tasks.prefix(2500).contains($0) }.count
        #expect((30...70).contains(early))
    }
}
