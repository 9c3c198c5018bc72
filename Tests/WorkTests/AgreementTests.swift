import Foundation
import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

/// Three people who answer each task, and one who merges.
private struct Team {
    let shop: Workshop
    let people: [Labeler]
    let mia: Labeler

    init(_ shop: Workshop, attempts: Int = 3, isAuto: Bool = false, threshold: Double = 0.9, levels: Int = 0)
        async throws
    {
        self.shop = shop
        var people: [Labeler] = []
        for name in ["ada", "ben", "cleo", "dora"].prefix(attempts) {
            people.append(try await Labeler.new(shop, "\(name)@example.com"))
        }
        self.people = people
        mia = try await Labeler.new(shop, "mia@example.com", .member)
        try await shop.project("p")
        _ = try await shop.projects.setWorkflow(
            "p", WorkflowChange(reviewLevels: levels, attempts: attempts, isAuto: isAuto, threshold: threshold),
            by: shop.key)
    }

    func create() async throws -> TaskRow {
        try await shop.create(
            "categorization", Sample.text(#""project":"p""#, #""callback_url":"https://example.com/h""#))
    }

    /// Everybody answers; then the answers are put together.
    func answer(_ words: [String]) async throws {
        for (person, word) in zip(people, words) { try await person.answer(person.take(), word) }
        try await shop.run(.mergeAnswers)
    }

    func answers(_ value: String) -> [String: [String: RawJSON]] {
        ["answers": ["category": RawJSON(#"{"value":"\#(value)"}"#)]]
    }
}

struct AgreementTests {
    @Test(arguments: Backend.available)
    func `several people answer unseen of each other, and somebody else merges`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop)
            let row = try await team.create()
            let items = try await shop.database.read { db in try db.workItems(realm: shop.seed.live, task: row.id) }
            #expect(items.map(\.attempt) == [1, 2, 3] && items.allSatisfy { $0.kind == .label })

            let ada = try await team.people[0].take()
            #expect(try ada.document().collections.isEmpty)
            let pending = try await team.people[0].answer(ada, "polite")
            #expect(pending.status == .pending && pending.stage == .working && pending.response == nil)
            // Nobody answers twice, not even by name.
            #expect(try await team.people[0].claim() == nil)
            for other in items where other.id != ada.item.id {
                #expect(try await team.people[0].claim(other.id) == nil)
            }
            let ben = try await team.people[1].take()
            #expect(try ben.document().collections.isEmpty, "an answer must not be seen by others")
            try await team.people[1].answer(ben, "rude")
            try await shop.run(.mergeAnswers)
            #expect(try await team.mia.claim()?.item.kind == .label, "not all answers are in")
            try await team.mia.release()
            try await team.people[2].answer(team.people[2].take(), "rude")
            try await shop.run(.mergeAnswers)

            // Who answered does not merge.
            for person in team.people { #expect(try await person.claim() == nil) }
            let merge = try await team.mia.take()
            #expect(merge.item.kind == .merge)
            #expect(try merge.document().collections == team.answers("rude"))
            let differences = try await shop.work.differences(merge.item.id, by: team.mia.actor)
            #expect(abs(differences.agreement - 1.0 / 3) < 1e-9 && differences.attempts == 3)
            #expect(differences.differenceCount == 1 && !differences.isUndecided)
            await #expect(throws: Refusal.self) {
                try await shop.work.differences(merge.item.id, by: team.people[0].actor)
            }
            #expect(try await shop.deliveries(row.id).isEmpty)
            let done = try await team.mia.submit(merge, revision: merge.revision)
            #expect(done.status == .completed && done.response == #"{"category":"rude"}"#)
            #expect(try await shop.deliveries(row.id).count == 1)
            let versions = try await shop.database.read { db in
                try db.submissions(realm: shop.seed.live, task: row.id)
            }
            #expect(versions.map(\.kind) == [.label, .label, .label, .merge])
            #expect(versions.map { $0.finalAt != nil } == [false, false, false, true])
            let rounds = try await shop.tasks.agreements(row.id, by: shop.key)
            #expect(rounds.count == 1)
            var writer = JSONWriter()
            try rounds[0].write(to: &writer)
            #expect(writer.text.contains(#""name":"A""#) && writer.text.contains(#""merged_by_itself":false"#))
        }
    }

    @Test(arguments: Backend.available)
    func `answers that agree need nobody, if the project says so`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop, isAuto: true)
            let row = try await team.create()
            try await team.answer(["polite", "polite", "polite"])
            let done = try await shop.stored(row.id)
            #expect(done.status == .completed && done.response == #"{"category":"polite"}"#)
            #expect(try await shop.deliveries(row.id).count == 1)

            // One voice against two is not unanimous.
            let other = try await team.create()
            try await team.answer(["polite", "polite", "rude"])
            #expect(try await shop.stored(other.id).status == .pending)
            #expect(try await team.mia.take().item.kind == .merge)

            let project = try await shop.projects.agreement("p", days: 30, by: shop.key)
            #expect(project.figures.tasks == 2 && project.figures.byItself == 1)
            #expect(abs((project.figures.mean ?? 0) - 2.0 / 3) < 1e-9)
            #expect(project.figures.bands == [1, 0, 0, 0, 1])
            #expect(project.least.map(\.task) == [other.id, row.id])
        }
    }

    @Test(arguments: Backend.available)
    func `a tie is never taken for agreement, and the merge of a reviewed project is reviewed`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop, attempts: 2, isAuto: true, threshold: 0, levels: 1)
            let rita = try await Labeler.new(shop, "rita@example.com", .member)
            _ = try await team.create()
            try await team.answer(["polite", "rude"])
            let merge = try await team.mia.take()
            #expect(try merge.document().collections["answers"]?["category"] == nil, "a tie stays open")
            let reviewing = try await team.mia.answer(merge, "rude")
            #expect(reviewing.status == .pending && reviewing.stage == .reviewing)
            #expect(try await team.mia.claim() == nil)
            let review = try await rita.take()
            #expect(review.item.kind == .review)
            #expect(try review.document().collections == team.answers("rude"))

            // Alike: reviewed all the same.
            let other = try await team.create()
            try await team.answer(["polite", "polite"])
            #expect(try await shop.stored(other.id).stage == .reviewing)
        }
    }

    @Test(arguments: Backend.available)
    func `merging twice makes one merge, and a recalled task goes back as one redo`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let team = try await Team(shop, attempts: 2, isAuto: true)
            let row = try await team.create()
            try await team.answer(["polite", "polite"])
            let now = shop.clock.tick()
            try await shop.database.write { db in
                try db.enqueue([MergeAnswers.job(realm: shop.seed.live, task: row.id, at: now)], at: now)
            }
            try await shop.run(.mergeAnswers)
            _ = try await shop.tasks.redo(row.id, RecallRequest(message: "Again.", person: .same), by: shop.key)
            let items = try await shop.database.read { db in try db.workItems(realm: shop.seed.live, task: row.id) }
            #expect(items.filter { $0.kind == .merge }.count == 1)
            #expect(items.filter { $0.kind == .redo }.count == 1)
            let redo = try await team.people[0].take()
            #expect(try redo.document().collections == team.answers("polite"))
            let done = try await team.people[0].answer(redo, "rude")
            #expect(done.status == .completed)
        }
    }

    @Test(arguments: Backend.available)
    func `a task of a team's own batch is answered once in any project`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            _ = try await Team(shop)
            let settings = try await shop.database.read { db in
                let project = try #require(try db.project(realm: shop.seed.live, named: "p"))
                return (
                    try db.consensus(project: project.id, batch: nil).attempts,
                    try db.consensus(project: nil, batch: nil).attempts
                )
            }
            #expect(settings == (3, 1))
        }
    }
}

extension Labeler {
    /// Gives back what the person holds.
    fileprivate func release() async throws {
        guard let held = try await claim() else { return }
        try await workshop.work.release(held.item.id, lease: held.lease, by: actor)
    }
}
