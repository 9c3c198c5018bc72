import JSON
import Labeling
import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct ClaimTests {
    @Test(arguments: Backend.available)
    func `one's own work comes before the queue, and the queue by priority and age`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let bob = try await Labeler.new(shop, "bob@example.com")
            let old = try await shop.create()
            let urgent = try await shop.create("categorization", Sample.text(#""priority":30"#))
            #expect(try await ada.take().task.id == urgent.id)
            let again = try await ada.take()
            #expect(again.task.id == urgent.id)
            #expect(try await bob.take().task.id == old.id)
            #expect(try await Labeler.new(shop, "cyd@example.com").claim() == nil)
            let home = try await shop.work.home(by: ada.actor)
            #expect(home.summary.mine?.id == again.item.id && home.next?.task.id == urgent.id)
        }
    }

    @Test(arguments: Backend.available)
    func `two people never get the same item`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            for _ in 1...20 { _ = try await shop.create() }
            let people = try await (1...5).asyncMap { try await Labeler.new(shop, "p\($0)@example.com") }
            let taken = SharedList<String>()
            try await withThrowingTaskGroup { group in
                for person in people {
                    group.addTask {
                        while let work = try await person.claim() {
                            taken.append(work.item.id)
                            try await person.answer(work)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(taken.elements.count == 20)
            #expect(Set(taken.elements).count == 20)
        }
    }

    @Test(arguments: Backend.available)
    func `a claim ends after five minutes without a sign of life`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let bob = try await Labeler.new(shop, "bob@example.com")
            _ = try await shop.create()
            let work = try await ada.take()
            shop.clock.advance(200)
            let until = try await shop.work.heartbeat(work.item.id, lease: work.lease, by: ada.actor)
            #expect(until == shop.clock.now.adding(seconds: 300))
            shop.clock.advance(299)
            #expect(try await bob.claim() == nil)
            shop.clock.advance(1)
            let taken = try await bob.take()
            #expect(taken.item.id == work.item.id && taken.lease != work.lease)
            await #expect(throws: WorkOperations.leaseLost) {
                try await shop.work.heartbeat(work.item.id, lease: work.lease, by: ada.actor)
            }
            await #expect(throws: WorkOperations.leaseLost) {
                try await shop.work.release(work.item.id, lease: work.lease, by: ada.actor)
            }
            await #expect(throws: WorkOperations.leaseLost) {
                try await ada.send([DraftStep("s", 1, [Change(key: "category", after: "{}")])], to: work)
            }
            await #expect(throws: WorkOperations.leaseLost) { try await ada.submit(work, revision: 0) }
            await #expect(throws: WorkOperations.leaseLost) {
                try await shop.work.check(work.item.id, lease: work.lease, by: ada.actor)
            }
            await #expect(throws: Refusal.self) { try await shop.work.work(work.item.id, by: ada.actor) }
            #expect(try await shop.work.work(work.item.id, by: bob.actor).item.id == work.item.id)
        }
    }

    @Test(arguments: Backend.available)
    func `a lease is of no use to anybody else`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let bob = try await Labeler.new(shop, "bob@example.com")
            _ = try await shop.create()
            let work = try await ada.take()
            let steps = [DraftStep("s", 1, [Change(key: "category", after: "{}")])]
            await #expect(throws: Refusal.self) {
                try await shop.work.heartbeat(work.item.id, lease: work.lease, by: bob.actor)
            }
            await #expect(throws: Refusal.self) {
                try await shop.work.release(work.item.id, lease: work.lease, by: bob.actor)
            }
            await #expect(throws: Refusal.self) { try await bob.send(steps, to: work) }
            await #expect(throws: Refusal.self) { try await bob.submit(work, revision: 0) }
            #expect(try await ada.send(steps, to: work).revision == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `work that is given back keeps what was drawn`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let bob = try await Labeler.new(shop, "bob@example.com")
            let row = try await shop.create()
            let work = try await ada.take()
            try await ada.send([DraftStep("s", 1, [Change(key: "category", after: #"{"value":"rude"}"#)])], to: work)
            try await shop.work.release(work.item.id, lease: work.lease, by: ada.actor)
            let taken = try await bob.take(work.item.id)
            #expect(taken.revision == 1)
            #expect(try taken.document().collections["answers"]?["category"]?.text == #"{"value":"rude"}"#)
            #expect(taken.history.map(\.id) == ["s"])
            #expect(try await ada.claim(work.item.id) == nil)
            _ = try await bob.submit(taken, revision: 1)
            #expect(try await shop.stored(row.id).response == #"{"category":"rude"}"#)
        }
    }

    @Test(arguments: Backend.available)
    func `work that is given back goes behind the rest of its priority`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            for _ in 1...3 { _ = try await shop.create() }
            var seen: [String] = []
            for _ in 1...6 {
                let work = try await ada.take()
                seen.append(work.item.id)
                try await shop.work.release(work.item.id, lease: work.lease, by: ada.actor)
            }
            #expect(Set(seen.prefix(3)).count == 3)
            #expect(Array(seen.prefix(3)) == Array(seen.suffix(3)))
        }
    }

    @Test(arguments: Backend.available)
    func `a labeler with assignments gets work of those projects only`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let chief = try await Labeler.new(shop, "chief@example.com", .manager)
            try await shop.project("a")
            try await shop.project("b")
            let other = try await shop.create("categorization", Sample.text(#""project":"b""#))
            _ = try await shop.studio.assign(["ada@example.com"], to: ["a"], ends: false, by: shop.key)
            #expect(try await ada.claim() == nil)
            #expect(try await shop.work.home(by: ada.actor).summary.waiting == 0)
            let hers = try await shop.create("categorization", Sample.text(#""project":"a""#))
            #expect(try await ada.take().task.id == hers.id)
            #expect(try await chief.take().task.id == other.id)
        }
    }

    @Test(arguments: Backend.available)
    func `an assignment cannot be got round by naming the item`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            try await shop.project("a")
            try await shop.project("b")
            let other = try await shop.create("categorization", Sample.text(#""project":"b""#))
            _ = try await shop.studio.assign(["ada@example.com"], to: ["a"], ends: false, by: shop.key)
            let item = try #require(try await shop.workItems(other.id).first)
            #expect(try await ada.claim(item.id) == nil)
        }
    }

    @Test func `only people take work, and only what is there`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let row = try await shop.create()
            let forbidden = await #expect(throws: Refusal.self) { try await shop.work.claim(nil, by: shop.key) }
            #expect(forbidden?.code == .forbidden)
            #expect(try await ada.claim(Identifier.make(shop.clock.now)) == nil)
            let work = try await ada.take()
            let stranger = Workshop.key(of: try await Seed.account("other", in: shop.database))
            let thief = Actor(kind: ada.actor.kind, realm: stranger.realm, role: .admin, name: "thief")
            #expect(try await shop.work.claim(work.item.id, by: thief) == nil)
            await #expect(throws: Refusal.self) { try await shop.work.work(work.item.id, by: thief) }
            _ = try await ada.answer(work)
            #expect(try await ada.claim(work.item.id) == nil)
            #expect(try await shop.work.home(by: ada.actor).summary.submitted == 1)
            #expect(try await shop.stored(row.id).status == .completed)
        }
    }

    @Test func `a labeler learns neither where files come from nor what is the customer's`() async throws {
        let picture = try await Workshop.picture(64, 48)
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await Backend.sqlite.withWorkshop { shop in
                let ada = try await Labeler.new(shop)
                _ = try await shop.create(
                    "imageannotation",
                    Sample.boxes(
                        server.url("/secret-path.jpg"), #""metadata":{"hidden":"secret"}"#,
                        #""callback_url":"https://secret.example.com""#, #""unique_id":"secret id""#))
                try await shop.run(.fetchAttachment)
                let work = try await ada.take()
                var writer = JSONWriter()
                try work.write(to: &writer, links: shop.environment.links, now: shop.clock.now)
                #expect(!writer.text.contains("secret") && !writer.text.contains(String(server.port)))
                let shown = try AnyJSON(writer.text)
                #expect(shown["editor"]?.string == "image" && shown["type"]?.string == "imageannotation")
                #expect(shown["attachments"]?[0]?["width"]?.int == 64)
                let token = try #require(shown["attachments"]?[0]?["url"]?.string?.split(separator: "/").last)
                let link = try #require(shop.environment.links.verify(String(token), now: shop.clock.now))
                #expect(link.object == work.attachments[0].row.hash)
                shop.clock.advance(86_400)
                #expect(shop.environment.links.verify(String(token), now: shop.clock.now) == nil)
            }
        }
    }
}

extension Sequence {
    /// Transforms one after the other.
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
