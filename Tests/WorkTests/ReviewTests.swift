import Foundation
import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

/// Three people around a project whose answers are reviewed.
private struct Team {
    let shop: Workshop
    let ada: Labeler
    let ben: Labeler
    let rita: Labeler

    init(_ shop: Workshop, levels: Int = 1) async throws {
        self.shop = shop
        ada = try await Labeler.new(shop, "ada@example.com")
        ben = try await Labeler.new(shop, "ben@example.com")
        rita = try await Labeler.new(shop, "rita@example.com", .member)
        try await shop.project("p")
        _ = try await shop.projects.setWorkflow("p", WorkflowChange(reviewLevels: levels), by: shop.key)
    }

    func create(_ more: String = #""callback_url":"https://example.com/h""#) async throws -> TaskRow {
        try await shop.create("categorization", Sample.text(#""project":"p""#, more))
    }

    func decide(
        _ work: OpenWork, _ who: Labeler, accepted: Bool, revision: Int? = nil, id: String = UUID().uuidString
    ) async throws -> TaskRow {
        try await shop.work.submit(
            work.item.id, lease: work.lease, submission: id, revision: revision ?? work.revision, accepted: accepted,
            by: who.actor)
    }

    @discardableResult
    func comment(_ text: String, on work: OpenWork, _ who: Labeler, thread: String? = nil, id: String? = nil)
        async throws -> CommentThread
    {
        try await shop.work.comment(
            NewComment(
                id: id ?? UUID().uuidString.lowercased(), thread: thread, text: text, object: "category",
                place: .init(x: 1.5, y: 2)), on: work.item.id, lease: work.lease, by: who.actor)
    }

    func answers(_ value: String) -> [String: [String: RawJSON]] {
        ["answers": ["category": RawJSON(#"{"value":"\#(value)"}"#)]]
    }
}

struct ReviewTests {
    @Test(arguments: Backend.available)
    func `rejected work goes back to its labeler, then to its reviewer, and is told once it is accepted`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop)
            let row = try await team.create()
            let handedIn = try await team.ada.answer(team.ada.take(), "rude")
            #expect(handedIn.status == .pending && handedIn.stage == .reviewing && handedIn.response == nil)
            // Nobody reviews their own answer.
            #expect(try await team.ada.claim() == nil)

            let review = try await team.rita.take()
            #expect(review.item.kind == .review && review.item.level == 1)
            #expect(try review.document().collections == team.answers("rude"))
            let refusal = await #expect(throws: Refusal.self) {
                try await team.decide(review, team.rita, accepted: false)
            }
            #expect(refusal?.code == .invalid)
            try await team.comment("Look again.", on: review, team.rita)
            let back = try await team.decide(review, team.rita, accepted: false)
            #expect(back.status == .pending && back.stage == .working)

            // It waits for the person who made it.
            #expect(try await team.ben.claim() == nil)
            let redo = try await team.ada.take()
            #expect(redo.item.kind == .redo && redo.item.attempt == 2)
            #expect(try redo.document().collections == team.answers("rude"))
            _ = try await team.ada.answer(redo, "polite")

            #expect(try await team.ben.claim() == nil)
            let again = try await team.rita.take()
            #expect(again.item.kind == .review && again.item.basedOn == redo.item.id)
            #expect(try await shop.deliveries(row.id).isEmpty)
            let done = try await team.decide(again, team.rita, accepted: true)
            #expect(done.status == .completed && done.response == #"{"category":"polite"}"#)
            #expect(try await shop.deliveries(row.id).count == 1)
            #expect(
                try await shop.history(row.id) == [
                    "task.created", "task.started", "task.submitted", "task.commented", "task.review_rejected",
                    "task.submitted", "task.review_accepted",
                ])
            let reviews = try await shop.database.read { db in try db.reviews(realm: shop.seed.live, task: row.id) }
            #expect(reviews.map(\.verdict) == [.rejected, .accepted])
            #expect(reviews.map(\.labeler) == [team.ada.actor.person, team.ada.actor.person])
            #expect(reviews.map(\.comments) == [1, 0])
        }
    }

    @Test(arguments: Backend.available)
    func `what a reviewer puts right is the answer, and what nobody touched stays as it was`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop)
            for (change, verdict) in [("polite", ReviewRow.Verdict.fixed), ("rude", .accepted)] {
                let row = try await team.create(#""metadata":{}"#)
                _ = try await team.ada.answer(team.ada.take(), "rude")
                let review = try await team.rita.take()
                var wanted = team.answers(change)
                wanted["verdicts"] = ["category": RawJSON(#"{"verdict":"accepted"}"#)]
                let receipt = try await team.rita.fill(review, wanted)
                let done = try await team.decide(review, team.rita, accepted: true, revision: receipt.revision)
                #expect(done.response == #"{"category":"\#(change)"}"#)
                let reviews = try await shop.database.read { db in try db.reviews(realm: shop.seed.live, task: row.id) }
                #expect(reviews.map(\.verdict) == [verdict] && reviews.map(\.acceptedObjects) == [["category"]])
                let versions = try await shop.tasks.reviews(of: row.id, by: shop.key).versions
                #expect(
                    versions.map(\.kind) == [.label, .review] && versions.map { $0.finalAt != nil } == [false, true])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `each level is another person, and who sends work back sees it again`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop, levels: 2)
            let sam = try await Labeler.new(shop, "sam@example.com", .manager)
            let row = try await team.create()
            _ = try await team.ada.answer(team.ada.take(), "rude")
            let first = try await team.rita.take()
            let passed = try await team.decide(first, team.rita, accepted: true)
            #expect(passed.stage == .reviewing)
            #expect(try await team.rita.claim() == nil)
            let second = try await sam.take()
            #expect(second.item.level == 2)
            let marked = try await sam.fill(
                second,
                team.answers("rude").merging(["verdicts": ["category": RawJSON(#"{"verdict":"rejected"}"#)]]) { a, _ in
                    a
                })
            let refusal = await #expect(throws: Refusal.self) {
                try await team.decide(second, sam, accepted: true, revision: marked.revision)
            }
            #expect(refusal?.code == .invalid)
            _ = try await team.decide(second, sam, accepted: false, revision: marked.revision)
            let redo = try await team.ada.take()
            #expect(try redo.document().collections == team.answers("rude"))
            _ = try await team.ada.answer(redo, "polite")
            // Level 1 had let it pass; it goes straight to the one who did not.
            #expect(try await team.rita.claim() == nil)
            let last = try await sam.take()
            #expect(last.item.level == 2)
            let held = try await shop.work.review(of: last.item.id, by: sam.actor)
            var writer = JSONWriter()
            held.write(to: &writer)
            try JSONDocument.read(writer.text) { json in
                #expect(json["again"]?.bool == true)
                // The version that this level saw before was the third: label, review 1, review 2.
                #expect(json["compare"]?.int == 3)
                #expect(json["before"]?["category"]?.string == "rejected")
            }
            #expect(try await team.decide(last, sam, accepted: true).status == .completed)
            let versions = try await shop.tasks.reviews(of: row.id, by: shop.key).versions
            #expect(versions.map(\.kind) == [.label, .review, .review, .redo, .review])
            #expect(versions.map(\.version) == [1, 2, 3, 4, 5])
        }
    }

    @Test(arguments: Backend.available)
    func `work that its labeler leaves lying is anybody's after a day`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop)
            _ = try await team.create()
            _ = try await team.ada.answer(team.ada.take(), "rude")
            let review = try await team.rita.take()
            try await team.comment("No.", on: review, team.rita)
            _ = try await team.decide(review, team.rita, accepted: false)
            shop.clock.advance(Flow.reservation - 60)
            let early = shop.clock.now
            #expect(try await shop.database.write { db in try db.endReservations(now: early, limit: 10) } == 0)
            #expect(try await team.ben.claim() == nil)
            shop.clock.advance(120)
            let late = shop.clock.now
            #expect(try await shop.database.write { db in try db.endReservations(now: late, limit: 10) } == 1)
            #expect(try await team.ben.take().item.kind == .redo)
        }
    }

    @Test(arguments: Backend.available)
    func `work that its labeler does not want goes to others at once`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop)
            _ = try await team.create()
            _ = try await team.ada.answer(team.ada.take(), "rude")
            let review = try await team.rita.take()
            try await team.comment("No.", on: review, team.rita)
            _ = try await team.decide(review, team.rita, accepted: false)
            let redo = try await team.ada.take()
            try await shop.work.skip(redo.item.id, lease: redo.lease, reason: "I do not see it.", by: team.ada.actor)
            #expect(try await team.ben.take().item.id == redo.item.id)
        }
    }

    @Test(arguments: Backend.available)
    func `what a team labels itself is not reviewed`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop)
            _ = try await shop.batches.create(
                NewBatchRequest(project: "p", name: "own", callback: nil, kind: .selfLabel, metadata: .init("{}")),
                by: shop.key)
            _ = try await team.create(#""batch":"own""#)
            #expect(try await team.rita.answer(team.rita.take()).status == .completed)
        }
    }

    @Test(arguments: Backend.available)
    func `a completed task that is wanted again is pending, keeps its answer as an earlier one, and says so`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop, levels: 0)
            let row = try await team.create()
            _ = try await team.ada.answer(team.ada.take(), "rude")
            await #expect(throws: TaskLifecycleError.notCompleted) {
                let other = try await team.create()
                _ = try await shop.tasks.redo(other.id, RecallRequest(message: nil, person: .same), by: shop.key)
            }
            let recalled = try await shop.tasks.redo(
                row.id, RecallRequest(message: "Mind the tone.", person: .same), by: shop.key)
            #expect(recalled.status == .pending && recalled.response == nil && recalled.completedAt == nil)
            #expect(try await shop.deliveries(row.id).count == 2)
            let redo = try await team.ada.take()
            #expect(redo.item.kind == .redo)
            #expect(try redo.document().collections == team.answers("rude"))
            let done = try await team.ada.answer(redo, "polite")
            #expect(done.status == .completed && done.response == #"{"category":"polite"}"#)
            try JSONDocument.read(done.text(isTest: false)) { json in
                #expect(json["prior_responses"]?.elements.map(\.rawText) == [#"{"category":"rude"}"#])
            }
            let record = try await shop.tasks.reviews(of: row.id, by: shop.key)
            #expect(record.comments.map(\.text) == ["Mind the tone."])
            #expect(try await shop.deliveries(row.id).count == 3)
        }
    }

    @Test(arguments: Backend.available)
    func `versions show what each person left, from what was handed in on`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop)
            let row = try await team.create()
            _ = try await team.ada.answer(team.ada.take(), "rude")
            let review = try await team.rita.take()
            let receipt = try await team.rita.fill(review, team.answers("polite"))
            _ = try await team.decide(review, team.rita, accepted: true, revision: receipt.revision)
            for (version, expected) in [(0, [:]), (1, team.answers("rude")), (2, team.answers("polite"))] {
                let found = try await shop.tasks.version(version, of: row.id, by: shop.key).document
                #expect(found.collections.filter { !$0.value.isEmpty } == expected)
            }
            await #expect(throws: Refusal.self) { try await shop.tasks.version(3, of: row.id, by: shop.key) }
        }
    }

    @Test(arguments: Backend.available)
    func `a comment that is sent twice is there once, and threads are settled and opened again`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop)
            let row = try await team.create()
            let work = try await team.ada.take()
            let id = UUID().uuidString.lowercased()
            for _ in 1...2 { try await team.comment("Is this rude?", on: work, team.ada, id: id) }
            try await team.comment("I think so.", on: work, team.ada, thread: id)
            await #expect(throws: Comments.noSuchThread) {
                try await team.comment("?", on: work, team.ada, thread: UUID().uuidString.lowercased())
            }
            for isResolved in [true, false, true] {
                _ = try await shop.work.resolve(
                    id, isResolved, on: work.item.id, lease: work.lease, by: team.ada.actor)
            }
            let comments = try await shop.tasks.reviews(of: row.id, by: shop.key).comments
            #expect(comments.map(\.text) == ["Is this rude?", "I think so."])
            #expect(comments.map { $0.resolvedAt != nil } == [true, false])
            // Whoever does not hold the work cannot write on it.
            await #expect(throws: WorkOperations.leaseLost) { try await team.comment("Me too.", on: work, team.ben) }
        }
    }
}
