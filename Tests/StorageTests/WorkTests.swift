import TestSupport
import Testing

@testable import Storage

@Suite struct WorkTests {
    private static let lease = 60.0

    private func claim(
        _ db: any Connection, _ seed: Seed, _ user: String, scope: WorkScope = .everything, token: String = "t",
        now: Timestamp = Seed.start
    ) throws -> WorkItemRow? {
        try db.claimNextWork(
            realm: seed.live, user: user, scope: scope, token: token, expiresAt: now.adding(seconds: Self.lease),
            now: now)
    }

    private func item(
        _ seed: Seed, _ name: String, priority: Int? = nil, at: Double = 0, project: String? = nil,
        batch: String? = nil,
        assignee: String? = nil, preferred: String? = nil, excluded: [String] = []
    ) -> NewWorkItem {
        NewWorkItem(
            id: name, taskID: "task-" + name, realm: seed.live, projectID: project, batchID: batch, assignee: assignee,
            preferred: preferred, excluded: excluded, priority: priority, createdAt: Seed.start.adding(seconds: at))
    }

    @Test(arguments: Backend.available)
    func `work comes by priority and then by age, and unset priority counts as 10`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            try await database.write { db throws in
                try db.insertWorkItems([
                    item(seed, "unset", at: 1), item(seed, "ten", priority: 10, at: 2),
                    item(seed, "thirty", priority: 30, at: 3), item(seed, "old", priority: 10, at: 0),
                    item(seed, "five", priority: 5, at: 0),
                ])
                var order: [String] = []
                for number in 0..<6 {
                    if let item = try claim(db, seed, "person \(number)") { order.append(item.id) }
                }
                #expect(order == ["thirty", "old", "unset", "ten", "five"])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a person keeps what the person holds, under a new token`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            try await database.write { db throws in
                try db.insertWorkItems([item(seed, "a"), item(seed, "b", priority: 30)])
                #expect(try claim(db, seed, "ann", token: "t1")?.id == "b")
                let again = try claim(db, seed, "ann", token: "t2")
                #expect(again?.id == "b" && again?.leaseToken == "t2")
                let now = Seed.start.adding(seconds: 1)
                #expect(try db.heldWork(realm: seed.live, id: "b", token: "t1", now: now) == nil)
                #expect(try db.heldWork(realm: seed.live, id: "b", token: "t2", now: now)?.leaseHolder == "ann")
                #expect(try claim(db, seed, "bob")?.id == "a")
                #expect(try claim(db, seed, "cid") == nil)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `an expired lease comes back, and its token is worth nothing`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            try await database.write { db throws in
                try db.insertWorkItem(item(seed, "a"))
                _ = try claim(db, seed, "ann", token: "t1")
                let middle = Seed.start.adding(seconds: Self.lease / 2)
                let end = middle.adding(seconds: Self.lease)
                #expect(try claim(db, seed, "bob", now: middle) == nil)
                #expect(try db.heartbeat(realm: seed.live, id: "a", token: "t1", expiresAt: end, now: middle))
                #expect(try claim(db, seed, "bob", now: Seed.start.adding(seconds: Self.lease + 1)) == nil)
                #expect(try !db.heartbeat(realm: seed.live, id: "a", token: "t1", expiresAt: end, now: end))
                #expect(
                    try db.submitWork(realm: seed.live, id: "a", token: "t1", submission: "s", now: end) == .leaseLost)
                #expect(try claim(db, seed, "bob", token: "t2", now: end)?.id == "a")
                #expect(try !db.releaseWork(realm: seed.live, id: "a", token: "t1", now: end))
                #expect(try db.releaseWork(realm: seed.live, id: "a", token: "t2", now: end))
                #expect(try claim(db, seed, "cid", now: end)?.id == "a")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a submission needs the lease and is answered alike when repeated`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            try await database.write { db throws in
                try db.insertWorkItem(item(seed, "a"))
                _ = try claim(db, seed, "ann", token: "t1")
                let now = Seed.start.adding(seconds: 2)
                func submit(_ token: String, _ submission: String) throws -> Submission {
                    try db.submitWork(realm: seed.live, id: "a", token: token, submission: submission, now: now)
                }
                #expect(try submit("wrong", "s1") == .leaseLost)
                guard case .accepted(let row) = try submit("t1", "s1") else {
                    Issue.record("not accepted")
                    return
                }
                #expect(row.state == .submitted && row.submittedBy == "ann" && row.submittedAt == now)
                #expect(try submit("t1", "s1") == .repeated(row))
                #expect(try submit("t1", "s2") == .leaseLost)
                #expect(
                    try db.submitWork(realm: seed.live, id: "none", token: "t", submission: "s", now: now) == .missing)
                #expect(try db.workLog(realm: seed.live, user: "ann", limit: 5).map(\.id) == ["a"])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `assigned, preferred, excluded and grouped work reaches the right people`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let ann = try await seed.user("ann@x.y", in: database)
            let bob = try await seed.user("bob@x.y", in: database)
            let project = try await seed.project("p", in: database)
            let batch = try await seed.batch("b", of: project, in: database)
            try await database.write { db throws in
                let group = GroupRow(
                    id: Identifier.make(Seed.start), realm: seed.live, projectID: project.id, name: "g",
                    createdAt: Seed.start, members: [GroupMember(userID: bob, email: "bob@x.y")])
                _ = try db.insertGroup(group)
                try db.setBatchGroups(batch: batch.id, groups: [group.id])
                try db.insertWorkItems([
                    item(seed, "grouped", priority: 30, project: project.id, batch: batch.id),
                    item(seed, "not ann", priority: 20, excluded: [ann]),
                    item(seed, "for ann", priority: 5, assignee: ann),
                    item(seed, "rather ann", priority: 4, preferred: ann), item(seed, "usual"),
                ])
                var order: [String] = []
                for _ in 0..<4 {
                    guard let item = try claim(db, seed, ann) else { continue }
                    order.append(item.id)
                    _ = try db.submitWork(
                        realm: seed.live, id: item.id, token: "t", submission: item.id,
                        now: Seed.start.adding(seconds: 1))
                }
                #expect(order == ["for ann", "rather ann", "usual"])
                #expect(
                    try db.claimWork(
                        realm: seed.live, id: "not ann", user: ann, scope: .everything, token: "t",
                        expiresAt: Seed.start,
                        now: Seed.start)
                        == nil)
                #expect(try claim(db, seed, bob)?.id == "grouped")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a person of some projects gets only their work, the best of them first`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            try await database.write { db throws in
                try db.insertWorkItems([
                    item(seed, "none", priority: 30), item(seed, "p", priority: 10, at: 1, project: "p"),
                    item(seed, "q", priority: 20, at: 2, project: "q"), item(seed, "r", priority: 30, project: "r"),
                ])
                let summary = try db.workSummary(
                    realm: seed.live, user: "ann", scope: .projects(["p", "q"]), since: Seed.start, now: Seed.start)
                #expect(summary.next?.id == "q" && summary.waiting == 2 && summary.mine == nil)
                #expect(try claim(db, seed, "ann", scope: .projects([])) == nil)
                #expect(try claim(db, seed, "ann", scope: .projects(["p", "q"]))?.id == "q")
                #expect(try claim(db, seed, "bob", scope: .projects(["p", "q"]))?.id == "p")
                #expect(try claim(db, seed, "cid", scope: .projects(["p", "q"])) == nil)
                #expect(try claim(db, seed, "cid", scope: .projects(["p"])) == nil)
                let mine = try db.workSummary(
                    realm: seed.live, user: "ann", scope: .projects(["p", "q"]), since: Seed.start, now: Seed.start)
                #expect(mine.mine?.id == "q" && mine.next?.id == "q" && mine.waiting == 0)
                #expect(try db.closeWork(realm: seed.live, task: "task-r", at: Seed.start) == 1)
                #expect(try claim(db, seed, "dan", scope: .projects(["r"])) == nil)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `labelers draw or review or both, and self-label batches are the team's`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let project = try await seed.project("p", in: database)
            let own = try await seed.batch("own", of: project, kind: .selfLabel, in: database)
            try await database.write { db throws in
                var review = item(seed, "review", priority: 30, at: 1, project: project.id)
                review.audience = .review
                try db.insertWorkItems([
                    item(seed, "label", priority: 20, project: project.id), review,
                    item(seed, "team", priority: 10, project: project.id, batch: own.id),
                ])
                func order(_ user: String, _ audiences: [WorkItemRow.Audience], _ projects: [String]?) throws
                    -> [String]
                {
                    let scope = WorkScope(projects: projects, audiences: audiences)
                    let upcoming = try db.upcomingWork(
                        realm: seed.live, user: user, scope: scope, count: 5, now: Seed.start)
                    let summary = try db.workSummary(
                        realm: seed.live, user: user, scope: scope, since: Seed.start, now: Seed.start)
                    #expect(summary.waiting == upcoming.count && summary.next?.id == upcoming.first?.id)
                    return upcoming.map(\.id)
                }
                for projects in [nil, [project.id], ["none", project.id]] {
                    #expect(try order("a", [.label], projects) == ["label"])
                    #expect(try order("a", [.review], projects) == ["review"])
                    #expect(try order("a", [.label, .review], projects) == ["review", "label"])
                    #expect(try order("a", WorkItemRow.Audience.allCases, projects) == ["review", "label", "team"])
                }
                #expect(try order("a", [], nil) == [])
                for (id, audience) in [("review", WorkItemRow.Audience.label), ("team", .review), ("label", .team)] {
                    #expect(
                        try db.claimWork(
                            realm: seed.live, id: id, user: "a", scope: WorkScope(audiences: [audience]), token: "t",
                            expiresAt: Seed.start, now: Seed.start) == nil)
                }
                #expect(try claim(db, seed, "a", scope: WorkScope(audiences: [.review]))?.id == "review")
            }
        }
    }

    @Test(arguments: Backend.available, [true, false])
    func `a paused batch gives nothing, whenever its work was made, and goes on where it was`(
        backend: Backend, isSteered: Bool
    ) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let project = try await seed.project("p", in: database)
            let batch = try await seed.batch("b", of: project, in: database)
            try await database.write { db throws in
                func hold(_ held: Bool) throws -> Bool {
                    try db.setBatchHeld(realm: seed.live, id: batch.id, held: held, at: Seed.start)
                }
                try db.execute("UPDATE batches SET steered = \(isSteered)")
                try db.insertWorkItems([
                    item(seed, "mine", priority: 30, project: project.id, batch: batch.id),
                    item(seed, "before", priority: 20, project: project.id, batch: batch.id),
                    item(seed, "meant", project: project.id, batch: batch.id, assignee: "ann"),
                ])
                #expect(try claim(db, seed, "bob")?.id == "mine")
                #expect(try hold(true))
                try db.insertWorkItem(item(seed, "after", priority: 30, project: project.id, batch: batch.id))
                #expect(try db.batch(realm: seed.live, id: batch.id)?.isHeld == true)
                for scope in [WorkScope.everything, .projects([project.id])] {
                    #expect(try claim(db, seed, "ann", scope: scope) == nil)
                    #expect(try claim(db, seed, "bob", scope: scope)?.id == "mine", "what is held may be finished")
                    #expect(
                        try db.workSummary(
                            realm: seed.live, user: "ann", scope: scope, since: Seed.start, now: Seed.start
                        ).waiting == 0)
                    for id in ["before", "after", "meant"] {
                        #expect(
                            try db.claimWork(
                                realm: seed.live, id: id, user: "ann", scope: scope, token: "t",
                                expiresAt: Seed.start, now: Seed.start) == nil)
                    }
                }
                #expect(try hold(false))
                #expect(try claim(db, seed, "ann")?.id == "meant")
                #expect(try claim(db, seed, "cid", scope: .projects([project.id]))?.id == "after")
                #expect(try claim(db, seed, "dan")?.id == "before")
                #expect(try !db.setBatchHeld(realm: seed.test, id: batch.id, held: true, at: Seed.start))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `equally urgent work comes in the order that people gave to the batches`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let project = try await seed.project("p", in: database)
            var batches: [String: String] = [:]
            for name in ["a", "b", "c"] { batches[name] = try await seed.batch(name, of: project, in: database).id }
            let ids = batches
            try await database.write { db throws in
                try db.execute("UPDATE batches SET steered = 0 WHERE name = 'b'")
                for (number, name) in ["a", "b", "c"].enumerated() {
                    try db.insertWorkItem(
                        item(seed, name, at: Double(number), project: project.id, batch: ids[name]))
                }
                try db.insertWorkItems([
                    item(seed, "none", at: -1),
                    item(seed, "urgent", priority: 30, at: 9, project: project.id, batch: ids["c"]),
                ])
                func upcoming() throws -> [String] {
                    try db.upcomingWork(
                        realm: seed.live, user: "u", scope: .everything, count: 9, now: Seed.start
                    ).map(\.id)
                }
                func next() throws -> [String] {
                    var order: [String] = []
                    while let item = try claim(db, seed, "u") {
                        order.append(item.id)
                        _ = try db.releaseWork(realm: seed.live, id: item.id, token: "t", now: Seed.start)
                        _ = try db.execute("UPDATE work_items SET assignee = 'gone' WHERE id = \(item.id)")
                    }
                    try db.execute("UPDATE work_items SET assignee = NULL")
                    return order
                }
                let ahead = try upcoming()
                #expect(ahead.first == "urgent" && Set(ahead).count == 5)
                try db.setStudioOrder(realm: seed.live, batches: ["b", "a"].compactMap { ids[$0] }, at: Seed.start)
                #expect(try next() == ["urgent", "b", "a", "none", "c"])
                try db.setStudioOrder(
                    realm: seed.live, batches: ["c", "a", "b"].compactMap { ids[$0] }, at: Seed.start)
                #expect(try next() == ["urgent", "c", "a", "b", "none"])
            }
        }
    }

    @Test(arguments: Backend.available, [WorkScope.everything, .projects(["p0", "p1", "p2"])])
    func `concurrent people do every item exactly once`(backend: Backend, scope: WorkScope) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let count = 300
            try await database.write { db throws in
                for number in 0..<count {
                    try db.insertWorkItem(
                        item(seed, "w\(number)", priority: 10 * (number % 3 + 1), project: "p\(number % 3)"))
                }
            }
            let done = SharedList<String>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for person in 0..<16 {
                    group.addTask {
                        while true {
                            let token = Identifier.make(.now())
                            guard
                                let item = try await database.write({
                                    try claim($0, seed, "person \(person)", scope: scope, token: token)
                                })
                            else { return }
                            let result = try await database.write {
                                try $0.submitWork(
                                    realm: seed.live, id: item.id, token: token, submission: token, now: Seed.start)
                            }
                            guard case .accepted = result else {
                                Issue.record("\(item.id): \(result)")
                                return
                            }
                            done.append(item.id)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let ids = done.elements
            #expect(ids.count == Set(ids).count)
            // People may leave while others still hold the last items, but nothing stays behind unclaimed.
            #expect(Set(ids).count == count)
        }
    }
}
