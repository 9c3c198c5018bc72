import TestSupport
import Testing

@testable import Storage

@Suite struct JobTests {
    private func job(_ name: String, kind: String = "k", key: String? = nil, lane: String? = nil, at: Double = 0)
        -> NewJob
    {
        NewJob(id: name, kind: kind, subject: name, orderKey: key, lane: lane, runAt: Seed.start.adding(seconds: at))
    }

    private func claim(
        _ db: any Connection, kind: String = "k", limit: Int = 10, room: Int = 10, busy: [String] = [],
        token: String = "t", at: Double = 0
    ) throws -> [String] {
        let now = Seed.start.adding(seconds: at)
        let lanes = try db.jobLanes(kind: kind, excluding: busy).filter { $0.due <= now }
        return try db.claimJobs(
            kind: kind, lanes: lanes.map { ($0.name, room: room) }, limit: limit, token: token,
            until: now.adding(seconds: 30), now: now
        ).map(\.id)
    }

    /// When the next job of a kind is due.
    private func due(_ db: any Connection, kind: String = "k") throws -> Timestamp? {
        try db.jobLanes(kind: kind).first?.due
    }

    @Test(arguments: Backend.available)
    func `jobs are claimed when their time has come, oldest first`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { db throws in
                try db.enqueue(
                    [job("c", at: 3), job("a", at: 1), job("b", at: 2), job("other", kind: "o")], at: Seed.start)
                #expect(try due(db) == Seed.start.adding(seconds: 1))
                #expect(try due(db, kind: "o") == Seed.start)
                #expect(try due(db, kind: "none") == nil)
                #expect(try claim(db, at: 0.5) == [])
                #expect(try claim(db, at: 2) == ["a", "b"])
                #expect(try claim(db, at: 5) == ["c"])
                #expect(try claim(db, kind: "o", at: 5) == ["other"])
                #expect(try claim(db, at: 5) == [])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `jobs of one key run one at a time and in order`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { db throws in
                try db.enqueue([job("a1", key: "a"), job("b1", key: "b"), job("a2", key: "a")], at: Seed.start)
                #expect(try claim(db) == ["a1", "b1"])
                try db.enqueue([job("a3", key: "a")], at: Seed.start)
                #expect(try claim(db) == [])
                // A retry holds the rest of its key back, and nothing else.
                let later = Seed.start.adding(seconds: 60)
                #expect(try db.retryJob("a1", token: "t", at: later, error: "no"))
                #expect(try claim(db, at: 1) == [])
                #expect(try due(db) == later)
                #expect(try claim(db, at: 60) == ["a1"])
                #expect(try db.finishJob("a1", token: "t"))
                #expect(try claim(db, at: 60) == ["a2"])
                // What was given up no longer blocks.
                #expect(try db.buryJob("a2", token: "t", error: "never"))
                #expect(try claim(db, at: 60) == ["a3"])
                #expect(try db.deadJobs(limit: 5).map(\.lastError) == ["never"])
                #expect(try db.jobCounts().map(\.n) == [1, 2])
                #expect(try db.reviveJob("a2", at: later))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a lease that runs out gives the job to another`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { db throws in
                try db.enqueue([job("a")], at: Seed.start)
                #expect(try claim(db, token: "t1") == ["a"])
                #expect(try db.renewJob("a", token: "t1", until: Seed.start.adding(seconds: 60)))
                #expect(try db.recoverJobs(now: Seed.start.adding(seconds: 59)) == 0)
                #expect(try db.recoverJobs(now: Seed.start.adding(seconds: 60)) == 1)
                let now = Seed.start.adding(seconds: 60)
                let again = try db.claimJobs(
                    kind: "k", lanes: [("", room: 1)], limit: 1, token: "t2", until: now.adding(seconds: 9), now: now)
                #expect(again.first?.attempts == 2)
                #expect(try !db.finishJob("a", token: "t1"))
                #expect(try !db.renewJob("a", token: "t1", until: now))
                #expect(try !db.retryJob("a", token: "t1", at: now, error: ""))
                #expect(try db.finishJob("a", token: "t2"))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `busy lanes are passed by`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { db throws in
                try db.enqueue([job("a", lane: "slow"), job("b", lane: "quick"), job("c")], at: Seed.start)
                #expect(Set(try claim(db, busy: ["slow"])) == ["b", "c"])
                #expect(try db.jobLanes(kind: "k", excluding: ["slow", "other"]).isEmpty)
                let jobs = try db.claimJobs(
                    kind: "k", lanes: [("slow", room: 1)], limit: 1, token: "t", until: Seed.start, now: Seed.start)
                #expect(jobs.map(\.id) == ["a"] && jobs.map(\.lane) == ["slow"])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `every lane has its turn, that with the oldest job first, and none gets more than its room`(backend: Backend)
        async throws
    {
        try await backend.withDatabase { database in
            try await database.write { db throws in
                let crowd = (0..<30).map { job("crowd \(10 + $0)", lane: "crowd", at: Double($0)) }
                try db.enqueue(
                    crowd + [job("late", lane: "late", at: 40), job("few", lane: "few", at: 5), job("none", at: 3)],
                    at: Seed.start)
                let lanes = try db.jobLanes(kind: "k")
                #expect(lanes.map(\.name) == ["crowd", "", "few", "late"])
                #expect(lanes.map(\.due) == [0, 3, 5, 40].map { Seed.start.adding(seconds: $0) })
                #expect(
                    try claim(db, limit: 5, room: 2, at: 100) == ["crowd 10", "crowd 11", "none", "few", "late"])
                #expect(try claim(db, limit: 3, room: 2, at: 100) == ["crowd 12", "crowd 13"])
                #expect(try claim(db, limit: 3, at: 100) == ["crowd 14", "crowd 15", "crowd 16"])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `what waits is found however much waits in front of it`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { db throws in
                let full = (0..<3000).map { job("full \($0)", lane: "full", at: -100) }
                try db.enqueue(full + [job("a", lane: "z")], at: Seed.start)
                #expect(try claim(db, busy: ["full"]) == ["a"])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `jobs of the first schema are found in the second`(backend: Backend) async throws {
        try await backend.withPlace { place in
            try await place.withBareDatabase { database in
                try await database.write { db in
                    _ = try Migrations.run(Array(Migrations.all.prefix(1)), on: db, now: Seed.start)
                    for (id, lane) in [("a", String?.none), ("b", "lane")] {
                        _ = try db.execute(
                            """
                            INSERT INTO jobs (id, kind, subject, position, lane, payload, run_at, attempts, state,
                                created_at)
                            VALUES (\(id), 'k', 's', 0, \(lane), '{}', \(Seed.start), 0, 'ready', \(Seed.start))
                            """)
                    }
                }
            }
            let database = try await place.open()
            let claimed = try await database.write { db in try claim(db) }
            #expect(claimed == ["a", "b"])
            await database.close()
        }
    }

    @Test(arguments: Backend.available)
    func `concurrent workers run each job once and each key in order`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let (keys, each) = (10, 12)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for key in 0..<keys {
                    group.addTask {
                        for number in 0..<each {
                            try await database.write {
                                try $0.enqueue(
                                    [job("\(key)-\(number)", key: "key \(key)"), job("free \(key)-\(number)")],
                                    at: Seed.start)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let log = SharedList<String>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        while log.elements.count < keys * each * 2 {
                            let token = Identifier.make(.now())
                            let jobs = try await database.write { db throws in
                                try db.claimJobs(
                                    kind: "k", lanes: [("", room: 3)], limit: 3, token: token,
                                    until: Seed.start.adding(seconds: 9), now: Seed.start)
                            }
                            for job in jobs {
                                log.append(job.id)
                                #expect(try await database.write { try $0.finishJob(job.id, token: token) })
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let ran = log.elements
            #expect(ran.count == keys * each * 2 && Set(ran).count == ran.count)
            for key in 0..<keys {
                #expect(ran.filter { $0.hasPrefix("\(key)-") } == (0..<each).map { "\(key)-\($0)" })
            }
            #expect(try await database.read { try $0.jobCounts() }.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `deliveries keep their attempts, each once`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            try await database.write { db throws in
                let delivery = DeliveryRow(
                    id: Identifier.make(Seed.start), realm: seed.live, taskID: "task", target: "https://e/cb",
                    kind: .http, body: "{}", createdAt: Seed.start)
                try db.insertDelivery(delivery)
                let attempt = DeliveryAttemptRow(
                    deliveryID: delivery.id, number: 1, at: Seed.start, statusCode: 500, seconds: 0.25)
                try db.recordAttempt(attempt, of: delivery)
                try db.recordAttempt(attempt, of: delivery)
                #expect(try db.deliveryAttempts(delivery.id) == [attempt])
                #expect(try db.finishDelivery(delivery, state: .succeeded, at: Seed.start))
                #expect(try !db.finishDelivery(delivery, state: .failed, at: Seed.start))
                let stored = try #require(try db.deliveries(realm: seed.live, task: "task").first)
                #expect(stored.state == .succeeded && stored.attempts == 1)
                #expect(try db.delivery(delivery.id) == stored)
                #expect(try db.deliveries(realm: seed.test, task: "task").isEmpty)
                #expect(try db.deliveries(realm: seed.live, batch: "batch").isEmpty)
            }
        }
    }
}
