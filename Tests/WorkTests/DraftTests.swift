import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct DraftTests {
    private static let rude = #"{"value":"rude"}"#
    private static let polite = #"{"value":"polite"}"#

    private func atWork(_ backend: Backend, _ body: (Workshop, Labeler, OpenWork) async throws -> Void) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            _ = try await shop.create()
            try await body(shop, ada, try await ada.take())
        }
    }

    @Test(arguments: Backend.available)
    func `a step that is sent twice is applied once`(_ backend: Backend) async throws {
        try await atWork(backend) { shop, ada, work in
            let step = DraftStep("s1", 1, [Change(key: "category", after: Self.rude)])
            for _ in 1...3 {
                let receipt = try await ada.send([step], to: work)
                #expect(receipt.revision == 1 && receipt.acknowledged == ["s1"])
                #expect(receipt.conflict == nil && receipt.missed.isEmpty)
            }
            let open = try await shop.work.work(work.item.id, by: ada.actor)
            #expect(open.revision == 1 && open.steps.count == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `steps keep their marks, and whoever reads them learns which are their own`(_ backend: Backend) async throws {
        try await atWork(backend) { shop, ada, work in
            var undo = DraftStep("s2", 2, [Change(key: "category", before: Self.rude, after: nil)])
            undo.mark = .undo
            try await ada.send([DraftStep("s1", 1, [Change(key: "category", after: Self.rude)]), undo], to: work)
            try await shop.work.release(work.item.id, lease: work.lease, by: ada.actor)
            let bob = try await Labeler.new(shop, "bob@example.com")
            let taken = try await bob.take()
            try await bob.send(
                [DraftStep("b1", 1, [Change(key: "category", after: Self.polite)])], to: taken, after: 2)
            var writer = JSONWriter()
            try await shop.work.work(taken.item.id, by: bob.actor)
                .write(to: &writer, links: shop.environment.links, now: shop.clock.now)
            let history = try AnyJSON(writer.text)["history"]?.elements ?? []
            #expect(history.map { $0["id"]?.string } == ["s1", "s2", "b1"])
            #expect(history.map { $0["mark"]?.string } == ["edit", "undo", "edit"])
            #expect(history.map { $0["own"]?.bool } == [false, false, true])
        }
    }

    @Test(arguments: Backend.available)
    func `one step may change thousands of objects of a snapshot`(_ backend: Backend) async throws {
        try await atWork(backend) { shop, ada, work in
            let count = 10_000
            func objects(_ value: Int) -> [String] { (0..<count).map { #"{"number":\#($0),"value":\#(value)}"# } }
            let snapshot = objects(0).enumerated().map { #""k\#($0.offset)":\#($0.element)"# }.joined(separator: ",")
            _ = try await shop.database.write { db in
                try db.execute(
                    "UPDATE drafts SET snapshot = \(#"{"answers":{\#(snapshot)}}"#) WHERE work_item_id = \(work.item.id)"
                )
            }
            func changes(_ before: [String], _ after: [String]) -> [Change] {
                (0..<count).map { Change(key: "k\($0)", before: before[$0], after: after[$0]) }
            }
            let first = DraftStep("s1", 1, changes(objects(0), objects(1)))
            let second = DraftStep("s2", 2, changes(objects(1), objects(2)))
            #expect(try await ada.send([first, second], to: work).acknowledged == ["s1", "s2"])
            var stale = changes(objects(2), objects(3))
            stale[count - 1].before = objects(0)[count - 1]
            let refused = try await ada.send([DraftStep("s3", 3, stale)], to: work)
            #expect(refused.conflict?.key == "k\(count - 1)" && refused.revision == 2)
            #expect(refused.conflict?.current?.text == objects(2)[count - 1])
            let open = try await shop.work.work(work.item.id, by: ada.actor)
            #expect(try open.document().collections["answers"]?["k77"]?.text == objects(2)[77])
        }
    }

    @Test(arguments: Backend.available)
    func `an integer beyond what a browser can hold is no conflict for ever`(_ backend: Backend) async throws {
        try await atWork(backend) { shop, ada, work in
            let (large, seen) = (#"{"value":9007199254740993}"#, #"{"value":9007199254740992}"#)
            try await ada.send([DraftStep("s1", 1, [Change(key: "category", after: large)])], to: work)
            let changed = try await ada.send(
                [DraftStep("s2", 2, [Change(key: "category", before: seen, after: Self.rude)])], to: work)
            #expect(changed.conflict == nil && changed.revision == 2)
            let other = try await ada.send(
                [DraftStep("s3", 3, [Change(key: "category", before: seen, after: nil)])], to: work)
            #expect(other.conflict != nil)
        }
    }

    @Test(arguments: Backend.available)
    func `steps of one call are applied in the order of their sequence`(_ backend: Backend) async throws {
        try await atWork(backend) { shop, ada, work in
            let receipt = try await ada.send(
                [
                    DraftStep("s3", 3, [Change(key: "category", before: Self.polite, after: nil)]),
                    DraftStep("s1", 1, [Change(key: "category", after: Self.rude)]),
                    DraftStep("s2", 2, [Change(key: "category", before: Self.rude, after: Self.polite)]),
                ], to: work)
            #expect(receipt.acknowledged == ["s1", "s2", "s3"] && receipt.revision == 3)
            let open = try await shop.work.work(work.item.id, by: ada.actor)
            #expect(open.steps.map(\.id) == ["s1", "s2", "s3"])
            #expect(try open.document().collections["answers"]?["category"] == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `a sequence is used once by a writer, and nothing of such a call is kept`(_ backend: Backend) async throws {
        try await atWork(backend) { shop, ada, work in
            try await ada.send([DraftStep("s1", 1, [Change(key: "category", after: Self.rude)])], to: work)
            let issues = await #expect(throws: Issues.self) {
                try await ada.send(
                    [
                        DraftStep("s0", 0, [Change(key: "other", after: "{}")]),
                        DraftStep("x1", 1, [Change(key: "category", before: Self.rude, after: nil)]),
                    ], to: work)
            }
            #expect(issues?.all.map(\.path) == ["steps"])
            #expect(try await shop.work.work(work.item.id, by: ada.actor).revision == 1)
            let elsewhere = try await ada.send(
                [DraftStep("x1", 1, [Change(key: "category", before: Self.rude, after: nil)])], to: work,
                writer: "another writer")
            #expect(elsewhere.revision == 2)
        }
    }

    @Test(arguments: Backend.available)
    func `a step that finds something else is refused with what is there, and so is all behind it`(
        _ backend: Backend
    ) async throws {
        try await atWork(backend) { shop, ada, work in
            try await ada.send([DraftStep("s1", 1, [Change(key: "category", after: Self.rude)])], to: work)
            let receipt = try await ada.send(
                [
                    DraftStep("t1", 1, [Change(key: "free", after: "{}")]),
                    DraftStep(
                        "t2", 2,
                        [
                            Change(key: "also free", after: "{}"),
                            Change(key: "category", before: Self.polite, after: nil),
                        ]), DraftStep("t3", 3, [Change(key: "later", after: "{}")]),
                ], to: work, writer: "another writer")
            #expect(receipt.acknowledged == ["t1"] && receipt.revision == 2)
            #expect(receipt.missed.map(\.id) == ["s1"])
            let conflict = try #require(receipt.conflict)
            #expect(conflict.step == "t2" && conflict.collection == "answers" && conflict.key == "category")
            #expect(conflict.current?.text == Self.rude)
            let document = try await shop.work.work(work.item.id, by: ada.actor).document()
            #expect(Set(document.collections["answers"]?.keys.map { $0 } ?? []) == ["category", "free"])
        }
    }

    @Test(arguments: [
        (#"{"value":"rude"}"#, true), (#"{ "value" : "rude" }"#, true), (#"{"value":"ru\u0064e"}"#, true),
        (#"{"value":"Rude"}"#, false), (#"{"value":"rude","more":1}"#, false), ("{}", false),
    ])
    func `objects are compared by what they mean`(_ before: String, _ isSame: Bool) async throws {
        try await atWork(.sqlite) { _, ada, work in
            try await ada.send([DraftStep("s1", 1, [Change(key: "category", after: Self.rude)])], to: work)
            let receipt = try await ada.send(
                [DraftStep("s2", 2, [Change(key: "category", before: before, after: nil)])], to: work)
            #expect((receipt.conflict == nil) == isSame)
        }
    }

    @Test(arguments: Backend.available)
    func `a writer learns of the steps it has missed`(_ backend: Backend) async throws {
        try await atWork(backend) { _, ada, work in
            for number in 1...3 {
                try await ada.send(
                    [DraftStep("s\(number)", number, [Change(key: "k\(number)", after: "{}")])], to: work)
            }
            let receipt = try await ada.send(
                [DraftStep("t1", 1, [Change(key: "mine", after: "{}")])], to: work, after: 1, writer: "another writer")
            #expect(receipt.missed.map(\.id) == ["s2", "s3"] && receipt.revision == 4)
            #expect(try await ada.send([], to: work, after: 3).missed.map(\.id) == ["t1"])
            #expect(try await ada.send([], to: work, after: 4).missed.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `a long draft is the same behind its snapshot`(_ backend: Backend) async throws {
        try await atWork(backend) { shop, ada, work in
            var expected: [String: String] = [:]
            for number in 1...250 {
                let key = "k\(number % 40)"
                let after = number % 7 == 0 ? nil : #"{"value":\#(number)}"#
                let step = DraftStep("s\(number)", number, [Change(key: key, before: expected[key], after: after)])
                #expect(try await ada.send([step], to: work).conflict == nil)
                expected[key] = after
            }
            let open = try await shop.work.work(work.item.id, by: ada.actor)
            #expect(open.revision == 250 && open.draft.snapshotRevision >= 200 && open.steps.count <= 50)
            #expect(open.history.count == 200)
            #expect(try open.document().collections["answers"]?.mapValues(\.text) ?? [:] == expected)
            let known = try await ada.send(
                [DraftStep("s1", 1, [Change(key: "k1", after: "{}")])], to: work, after: 250)
            #expect(known.acknowledged == ["s1"] && known.revision == 250)
        }
    }

    @Test(arguments: Backend.available)
    func `the first step starts the task, once`(_ backend: Backend) async throws {
        try await atWork(backend) { shop, ada, work in
            #expect(try await shop.stored(work.task.id).startedAt == nil)
            try await ada.send([], to: work)
            #expect(try await shop.stored(work.task.id).stage == .queued)
            shop.clock.advance(10)
            try await ada.send([DraftStep("s1", 1, [Change(key: "a", after: "{}")])], to: work)
            let began = shop.clock.now
            shop.clock.advance(10)
            try await ada.send([DraftStep("s2", 2, [Change(key: "b", after: "{}")])], to: work)
            let row = try await shop.stored(work.task.id)
            #expect(row.stage == .working && row.startedAt == began)
            #expect(try await shop.history(row.id) == ["task.created", "task.started"])
        }
    }
}
