import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct ReportTests {
    @Test(arguments: Backend.available)
    func `what a person passes on goes to others, with what was drawn`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let bob = try await Labeler.new(shop, "bob@example.com")
            let row = try await shop.create()
            let work = try await ada.take()
            try await ada.send([DraftStep("s", 1, [Change(key: "category", after: #"{"value":"rude"}"#)])], to: work)
            try await shop.work.skip(work.item.id, lease: work.lease, reason: "Too dark", by: ada.actor)
            #expect(try await ada.claim() == nil)
            #expect(try await shop.work.home(by: ada.actor).next == nil)
            #expect(try await shop.work.upcoming(count: 2, by: ada.actor).isEmpty)
            #expect(try await shop.history(row.id).last == "task.skipped")
            let taken = try await bob.take()
            #expect(taken.item.id == work.item.id && taken.revision == 1)
            try await shop.work.skip(taken.item.id, lease: taken.lease, reason: "Me neither", by: bob.actor)
            #expect(try await bob.claim() == nil)
            // Asked for by its id it is given to anybody, and is then held like any other.
            let again = try await ada.take(work.item.id)
            #expect(try await ada.take().item.id == again.item.id)
        }
    }

    @Test(arguments: Backend.available)
    func `work is passed on once, with a reason, and by whom it is held`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let bob = try await Labeler.new(shop, "bob@example.com")
            let second = try await shop.create()
            let row = try await shop.create("categorization", Sample.text(#""priority":30"#))
            let work = try await ada.take()
            #expect(work.task.id == row.id)
            await #expect(throws: Issues.self) {
                try await shop.work.skip(work.item.id, lease: work.lease, reason: " \n", by: ada.actor)
            }
            await #expect(throws: WorkOperations.leaseLost) {
                try await shop.work.skip(work.item.id, lease: work.lease, reason: "no", by: bob.actor)
            }
            try await shop.work.skip(work.item.id, lease: work.lease, reason: "no", by: ada.actor)
            await #expect(throws: WorkOperations.leaseLost) {
                try await shop.work.skip(work.item.id, lease: work.lease, reason: "no", by: ada.actor)
            }
            #expect(try await ada.take().task.id == second.id)
            #expect(try await bob.take().task.id == row.id)
        }
    }

    @Test(arguments: Backend.available)
    func `assigned and preferred work is not given again either`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let person = try #require(ada.actor.person)
            let (realm, now) = (shop.seed.live, shop.clock.now)
            let rows = [try await shop.create(), try await shop.create(), try await shop.create()]
            let made = try await shop.database.write { db -> [String] in
                for row in rows { _ = try db.closeWork(realm: realm, task: row.id, at: now) }
                let items = [
                    NewWorkItem(
                        id: Identifier.make(now), taskID: rows[0].id, realm: realm, assignee: person, createdAt: now),
                    NewWorkItem(
                        id: Identifier.make(now), taskID: rows[1].id, realm: realm, preferred: person,
                        createdAt: now.adding(seconds: 60)),
                    NewWorkItem(
                        id: Identifier.make(now), taskID: rows[2].id, realm: realm, createdAt: now),
                ]
                try db.insertWorkItems(items)
                return items.map(\.id)
            }
            let ahead = try await shop.work.upcoming(count: 5, by: ada.actor)
            #expect(ahead.map(\.task.id) == rows.map(\.id))
            for id in made {
                let work = try await ada.take()
                #expect(work.item.id == id)
                try await shop.work.skip(id, lease: work.lease, reason: "no", by: ada.actor)
            }
            #expect(try await ada.claim() == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `what is wrong with a task is recorded and listed, newest first`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let chief = try await Labeler.new(shop, "chief@example.com", .manager)
            try await shop.project("p")
            let row = try await shop.create("categorization", Sample.text(#""project":"p""#))
            _ = try await shop.create()
            let work = try await ada.take()
            await #expect(throws: Issues.self) {
                _ = try await shop.work.report(
                    work.item.id, lease: work.lease, kind: .other, message: "", by: ada.actor)
            }
            await #expect(throws: WorkOperations.leaseLost) {
                _ = try await shop.work.report(
                    work.item.id, lease: work.lease, kind: .unreadable, message: "", by: chief.actor)
            }
            let first = try await shop.work.report(
                work.item.id, lease: work.lease, kind: .unreadable, message: "", by: ada.actor)
            let second = try await shop.work.report(
                work.item.id, lease: work.lease, kind: .other, message: "Upside down", by: ada.actor)
            // The claim goes on.
            _ = try await shop.work.heartbeat(work.item.id, lease: work.lease, by: ada.actor)
            #expect(try await shop.history(row.id).suffix(2) == ["task.reported", "task.reported"])

            func list(_ project: String?, _ task: String?, _ after: String? = nil, _ limit: Int = 9) async throws
                -> [ListedReport]
            {
                try await shop.work.reports(
                    project: project, task: task, after: after, limit: limit, by: chief.actor)
            }
            let all = try await list(nil, nil)
            #expect(all.map(\.id) == [second, first])
            #expect(all[0].reporter == "ada@example.com" && all[0].project == "p" && all[0].row.kind == .other)
            #expect(try await list("p", row.id).map(\.id) == [second, first])
            #expect(try await list(nil, nil, nil, 1).map(\.id) == [second])
            #expect(try await list(nil, nil, second).map(\.id) == [first])
            #expect(try await list(nil, "other").isEmpty)
            await #expect(throws: Refusal.self) { _ = try await list("none", nil) }
            let stranger = Workshop.key(of: try await Seed.account("other", in: shop.database))
            #expect(
                try await shop.work.reports(project: nil, task: nil, after: nil, limit: 9, by: stranger).isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `what comes next is told without a claim, with its files`(_ backend: Backend) async throws {
        let picture = try await Workshop.picture(64, 48)
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await backend.withWorkshop { shop in
                let ada = try await Labeler.new(shop)
                let bob = try await Labeler.new(shop, "bob@example.com")
                var made: [String] = []
                for number in 1...4 {
                    made.append(
                        try await shop.create("imageannotation", Sample.boxes(server.url("/\(number).jpg"))).id)
                }
                try await shop.run(.fetchAttachment)
                let held = try await ada.take()
                let ahead = try await shop.work.upcoming(count: 2, by: ada.actor)
                #expect(ahead.map(\.task.id) == Array(made.filter { $0 != held.task.id }.prefix(2)))
                var writer = JSONWriter()
                ahead[0].write(to: &writer, links: shop.environment.links, now: shop.clock.now)
                let shown = try AnyJSON(writer.text)
                #expect(shown["type"]?.string == "imageannotation" && shown["attachments"]?[0]?["width"]?.int == 64)
                #expect(!writer.text.contains("\(server.port)"))
                // Nobody holds them: another person gets the first of them.
                #expect(try await bob.take().task.id == ahead[0].task.id)
                #expect(try await shop.work.upcoming(count: 1, by: ada.actor).map(\.task.id) == [ahead[1].task.id])
            }
        }
    }
}
