import Logging
import Media
import ServiceLifecycle
import Storage
import TestSupport
import Testing

@testable import Work

struct LaneTests {
    private func load(_ most: Int = 128, perLane: Int = 8, perSecond: Int? = nil) -> LaneLoad {
        LaneLoad(most: most, perLane: perLane, perSecond: perSecond)
    }

    private let now = Timestamp(microseconds: 1_000_000_000)

    @Test func `nobody takes more places than are left for others`() {
        let load = load()
        #expect(load.room(ofRealm: 1, taken: 0) == 64)
        for _ in 0..<64 { load.began(LaneKey(realm: 1, name: "a"), now: now) }
        #expect(load.room(ofRealm: 1, taken: 0) == 0)
        #expect(load.room(ofRealm: 2, taken: 0) == 32)
        #expect(load.ordered([1, 2]) == [2, 1])
        load.ended(LaneKey(realm: 1, name: "a"))
        #expect(load.room(ofRealm: 1, taken: 0) == 1)
        // One place is anybody's, and of two one stays free.
        #expect(self.load(1).room(ofRealm: 1, taken: 0) == 1)
        #expect(self.load(2).room(ofRealm: 1, taken: 0) == 1)
    }

    @Test func `accounts take turns at a single place`() {
        let load = load(1)
        var served: [Int64] = []
        for _ in 0..<7 {
            let lane = LaneKey(realm: load.ordered([1, 2, 3])[0], name: "a")
            load.began(lane, now: now)
            load.ended(lane)
            served.append(lane.realm)
        }
        #expect(served == [1, 2, 3, 1, 2, 3, 1])
        #expect(load.ordered([1, 2, 3, 4]) == [4, 2, 3, 1], "who was never served comes first")
    }

    @Test func `a lane has its number at a time and in a second, and rests when it is asked to`() {
        let lane = LaneKey(realm: 1, name: "a")
        let load = load(perLane: 3, perSecond: 4)
        for _ in 0..<3 { load.began(lane, now: now) }
        #expect(load.room(in: lane, now: now) == 0)
        for _ in 0..<3 { load.ended(lane) }
        #expect(load.room(in: lane, now: now) == 1)
        #expect(load.room(in: lane, now: now.adding(seconds: 1)) == 3)
        load.pause(lane, until: now.adding(seconds: 60))
        #expect(load.room(in: lane, now: now.adding(seconds: 59)) == 0)
        #expect(load.room(in: LaneKey(realm: 2, name: "a"), now: now) == 3)
        #expect(load.nextEnd(now: now) == now.adding(seconds: 60))
        #expect(load.room(in: lane, now: now.adding(seconds: 60)) == 3)
        #expect(load.nextEnd(now: now.adding(seconds: 60)) == nil)
    }

    @Test(arguments: Backend.available)
    func `of very many lanes some are looked at in a turn, and each has its turn`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let (realm, other) = (shop.seed.live, shop.seed.test)
            let now = shop.clock.now
            let crowd = (0..<230).map { number in
                NewJob(
                    id: "a\(number)", kind: "k", realm: realm, subject: "s", lane: "host-\(number)", runAt: now)
            }
            let one = NewJob(id: "b", kind: "k", realm: other, subject: "s", lane: "host-1", runAt: now)
            try await shop.database.write { db in try db.enqueue(crowd + [one], at: now) }
            let walk = LaneWalk()
            let turns = try await shop.database.read { db -> [[String]] in
                #expect(try db.jobRealms(kind: "k") == [realm, other].sorted())
                #expect(try walk.lanes(kind: "k", realm: other, in: db).lanes.map(\.name) == ["host-1"])
                return try (0..<5).map { _ in try walk.lanes(kind: "k", realm: realm, in: db).lanes.map(\.name) }
            }
            #expect(turns.prefix(4).allSatisfy { $0.count == 50 })
            #expect(Set(turns.joined()).count == 230)
        }
    }

    @Test(arguments: Backend.available)
    func `one account's hosts that hang hold up no other account`(_ backend: Backend) async throws {
        let door = Door()
        let picture = try await Workshop.picture(64, 48)
        try await TestServer.run { request in
            if request.target.hasPrefix("/slow") { await door.pass() }
            return TestServer.Reply(body: picture)
        } _: { server in
            try await backend.withWorkshop { shop in
                let other = try await Seed.account("other", in: shop.database)
                for number in 1...60 {
                    _ = try await shop.create("imageannotation", Sample.boxes(server.url("/slow/\(number)")))
                }
                var rows: [TaskRow] = []
                for number in 1...5 {
                    rows.append(
                        try await shop.create(
                            "imageannotation", Sample.boxes(server.url("/\(number)")), by: Workshop.key(of: other)))
                }
                try await run(shop) {
                    for row in rows {
                        try await eventually("the other account's task is ready") {
                            try await shop.stored(row.id, realm: other.live).stage == .queued
                        }
                    }
                    #expect(server.received.filter { $0.target.hasPrefix("/slow") }.count <= 8)
                    door.open()
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a stop waits a little for hosts that hang, and the job is as it was`(_ backend: Backend) async throws {
        let (begun, door) = (Door(), Door())
        try await TestServer.run { _ in
            begun.open()
            await door.pass()
            return TestServer.Reply()
        } _: { server in
            try await backend.withWorkshop { shop in
                let row = try await shop.create("imageannotation", Sample.boxes(server.url("/a")))
                try await run(shop) { await begun.pass() }
                let job = try #require(try await shop.claim(.fetchAttachment).first)
                #expect(job.subject == row.id && job.attempts == 1)
            }
            door.open()
        }
    }

    /// Runs the real worker beside `body`, and shuts it down as the program does.
    private func run(_ shop: Workshop, _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [Worker(environment: shop.environment)], logger: shop.environment.logger))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            var failure: (any Error)?
            do { try await body() } catch { failure = error }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            if let failure { throw failure }
        }
    }
}
