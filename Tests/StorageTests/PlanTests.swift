import TestSupport
import Testing

@testable import Storage

/// Guards the ways into the indexes: a wrong one is right on small tables and useless on large ones.
@Suite struct PlanTests {
    private func plan(_ db: any Connection, _ statement: SQL) throws -> String {
        var explained: SQL = "EXPLAIN QUERY PLAN "
        explained += statement
        return try db.query(explained).map { row in
            guard case .text(let detail) = row.values[3] else { return "" }
            return detail
        }.joined(separator: "\n")
    }

    @Test func `a page's tasks are fetched by their ids`() async throws {
        try await Backend.sqlite.withDatabase { database in
            try await database.read { db throws in
                let recorder = Recorder()
                _ = try RecordingConnection(base: db, recorder: recorder).tasks(
                    realm: 1, ids: (0..<100).map { "\($0)" })
                let statement = try #require(recorder.statements.first)
                let found = try plan(db, statement)
                #expect(found.contains("SEARCH t USING PRIMARY KEY (id=?)"), "\(found)")
                #expect(!found.contains("SCAN"), "\(found)")
            }
        }
    }

    /// Nothing that a request or a worker waits for may walk a whole table; `counter_deltas` is kept short.
    @Test func `no statement of the daily round walks a table`() async throws {
        try await Backend.sqlite.withDatabase { database in
            let seed = try await Seed.account(in: database)
            try await database.write { db throws in
                let recorder = Recorder()
                let recording = RecordingConnection(base: db, recorder: recorder)
                try round(recording, seed)
                for statement in recorder.statements {
                    let found = try plan(db, statement)
                    for line in found.split(separator: "\n") where line.contains("SCAN") {
                        let isSmall = [
                            "counter_deltas", "run0", "run1", "run2", "run3", "runs", "audiences", "chosen", "CONSTANT",
                            "matches",
                            "held", "named", "begun", "assigned", "preferred", "own", "waiting", "lock", "(subquery",
                            "lanes", "realms",
                            "found",
                            // Parts of statements about deliveries, the ledger and times of work.
                            "SCAN failed", "SCAN pending", "SCAN page", "SCAN gaps", "SCAN signs", "SCAN recent",
                            // One row an account.
                            "SCAN c", "SCAN r",
                        ].contains { line.contains($0) }
                        #expect(isSmall, "\(line) in \(statement.text)")
                    }
                }
                #expect(recorder.statements.count > 40)
                for statement in recorder.statements {
                    // A realm may be the whole database; being in it narrows nothing down.
                    let found = try plan(db, statement)
                    #expect(!found.contains("SEARCH t USING INDEX tasks_by_status (realm=?)"), "\(statement.text)")
                    #expect(!found.contains("SEARCH e USING INDEX events_by_object (realm=?)"), "\(statement.text)")
                    for table in ["task_words", "task_tags", "w", "g"] {
                        #expect(!found.contains("SEARCH \(table) USING PRIMARY KEY (realm=?)"), "\(statement.text)")
                    }
                }
            }
        }
    }

    /// A lane costs the same however many jobs wait in it, whether it is full or not.
    @Test func `lanes are found by leaps, and their jobs in order`() async throws {
        try await Backend.sqlite.withDatabase { database in
            try await database.write { db throws in
                let recorder = Recorder()
                let recording = RecordingConnection(base: db, recorder: recorder)
                let now = Seed.start
                _ = try recording.jobLanes(kind: "k", excluding: ["l"])
                _ = try recording.claimJobs(
                    kind: "k", lanes: [("l", room: 5)], limit: 5, token: "t", until: now, now: now)
                let lanes = try plan(db, try #require(recorder.statements.first))
                for leap in ["kind=? AND realm=?", "kind=? AND realm=? AND lane>?", "kind=? AND realm=? AND lane=?"] {
                    #expect(lanes.contains("USING INDEX jobs_ready (\(leap))"), "\(leap) in \(lanes)")
                }
                #expect(!lanes.contains("SCAN jobs") && !lanes.contains("SCAN j"), "\(lanes)")
                let jobs = try plan(db, try #require(recorder.statements.dropFirst().first))
                #expect(jobs.contains("jobs_ready (kind=? AND realm=? AND lane=? AND run_at<?)"), "\(jobs)")
                #expect(!jobs.contains("TEMP B-TREE"), "\(jobs)")
            }
        }
    }

    private func round(_ db: any Connection, _ seed: Seed) throws {
        let (realm, now) = (seed.live, Seed.start)
        let many = (0..<100).map { "\($0)" }
        let task = seed.task(uniqueID: "u", tags: ["a"])
        _ = try db.insertTask(task)
        _ = try db.task(realm: realm, id: task.id)
        _ = try db.finishTask(realm: realm, id: task.id, as: .completed, response: "{}", at: now)
        for filter in [
            TaskFilter(), TaskFilter(status: .error), TaskFilter(type: "t"), TaskFilter(projectID: "p", type: "t"),
            TaskFilter(batchID: "b"), TaskFilter(created: TimeRange(from: now)),
            TaskFilter(completed: TimeRange(from: now)), TaskFilter(updated: TimeRange(through: now)),
            TaskFilter(reviews: [.accepted, .fixed]), TaskFilter(uniqueIDs: many), TaskFilter(tags: ["a", "b"]),
            TaskFilter(projectID: "p", tags: ["a"]),
        ] {
            _ = try db.tasks(realm: realm, filter: filter, limit: 100)
            _ = try db.taskTotal(realm: realm, filter: filter)
        }
        try tables(db, realm, many)
        try db.setTags(realm: realm, id: task.id, tags: ["b", "c"], at: now)
        try db.setTaskPriority(realm: realm, ids: many, priority: 10, at: now)
        _ = try db.lockTasks(realm: realm, ids: many)
        _ = try db.attachments(realm: realm, tasks: many)
        _ = try db.audits(realm: realm, tasks: many)
        _ = try db.batchCounts(realm: realm, ids: many)
        _ = try db.completeBatchIfDone(realm: realm, id: "b", at: now)
        _ = try db.releaseStagedTasks(realm: realm, batch: "b", limit: 10, at: now)
        for scope in [WorkScope.everything, .projects(["p"]), .projects(["p", "q"])] {
            _ = try db.claimNextWork(realm: realm, user: "u", scope: scope, token: "t", expiresAt: now, now: now)
            _ = try db.workSummary(realm: realm, user: "u", scope: scope, since: now, now: now)
            _ = try db.upcomingWork(realm: realm, user: "u", scope: scope, count: 2, now: now)
        }
        _ = try db.skipWork(realm: realm, id: "w", user: "u", token: "t", reason: "r", now: now)
        for (project, task) in [(nil, nil), ("p", nil), (nil, "t"), ("p", "t")] {
            _ = try db.reports(realm: realm, project: project, task: task, after: "f", limit: 10)
        }
        _ = try db.tilings(of: many)
        _ = try db.submitWork(realm: realm, id: "w", token: "t", submission: "s", now: now)
        _ = try db.closeWork(realm: realm, task: "t", at: now)
        try db.enqueue([NewJob(id: "j", kind: "k", subject: "s", orderKey: "o", runAt: now)], at: now)
        _ = try db.jobRealms(kind: "k")
        _ = try db.jobLanes(kind: "k", realm: seed.live, after: "a", excluding: ["l"])
        _ = try db.fetched(realm: seed.live, urlHash: "h")
        _ = try db.deleteFetched(before: now)
        _ = try db.inspection(of: "h")
        _ = try db.conversions(of: "h")
        _ = try db.documentPages(of: ["h"])
        try db.forgetInspection(of: "h")
        _ = try db.claimJobs(kind: "k", lanes: [("l", room: 5)], limit: 5, token: "t", until: now, now: now)
        _ = try db.retryJob("j", token: "t", at: now, error: "")
        _ = try db.recoverJobs(now: now)
        _ = try db.deliveries(realm: realm, task: "t")
        _ = try db.events(realm: realm, object: "o", limit: 10)
        _ = try db.events(realm: realm, after: nil, limit: 10)
        try insights(db, seed)
        _ = try db.draftSteps(workItem: "w", after: 0)
        _ = try db.sealEvents(account: seed.account, at: Seed.start)
    }
}

extension PlanTests {
    /// What tables of tasks ask, by every way there is, and what changes and exports of many do.
    private func tables(_ db: any Connection, _ realm: Int64, _ many: [String]) throws {
        for text in [nil, "car", "\"car\"", "car truck", "0123456789ab"] {
            for word in TaskOrder.words {
                let order = try #require(TaskOrder(word: word))
                for filter in [
                    TaskFilter(), TaskFilter(projectID: "p"), TaskFilter(batchID: "b", status: .error),
                    TaskFilter(tags: ["a", "b"]), TaskFilter(updated: TimeRange(from: Seed.start)),
                ] {
                    var filter = filter
                    filter.search = text.flatMap { SearchTerms($0) }
                    _ = try db.taskIDs(realm: realm, filter: filter, order: order, limit: 50)
                    _ = try db.taskTotal(realm: realm, filter: filter)
                    _ = try db.matching(realm: realm, filter: filter, ids: many)
                    let sorted = SortedSearch(search: TaskSearch(realm: realm, filter: filter), order: order)
                    _ = try db.texts("\(sorted.walked(first: 51)) LIMIT 51")
                    _ = try db.texts("\(sorted.fetched) LIMIT 51")
                    guard order.key == .createdAt, let term = filter.search?.terms.first else { continue }
                    _ = try db.texts("\(sorted.walked(["car", "cart"], of: term, first: 51)) LIMIT 51")
                    _ = try db.words(of: term, realm: realm)
                }
            }
        }
        _ = try db.listedTasks(realm: realm, ids: many)
        _ = try db.tags(realm: realm, startingWith: "a", limit: 20)
        _ = try db.fillWords(after: "", limit: 10)
        _ = try db.bulkChanges(realm: realm, after: "x", limit: 10)
        for outcome in [nil, BulkResultRow.Outcome.changed, .refused] {
            _ = try db.bulkResults("b", outcome: outcome, limit: 10)
        }
        _ = try db.exports(realm: realm, after: "x", limit: 10)
        _ = try db.expiredExports(now: Seed.start, limit: 10)
    }
}

/// What pages about the whole account read.
private func insights(_ db: any Connection, _ seed: Seed) throws {
    let (realm, now) = (seed.live, Seed.start)
    let times = TimeRange(from: now, through: now)
    for filter in [
        EventFilter(), EventFilter(actor: "user:u"), EventFilter(objectKind: "task"), EventFilter(objectKind: "batch"),
        EventFilter(objectID: "o"), EventFilter(action: "task.submitted"), EventFilter(action: "task.skipped"),
        EventFilter(actor: "user:u", objectKind: "batch", action: "batch.created", times: times),
    ] {
        _ = try db.events(realm: realm, filter: filter, before: "f", limit: 50)
    }
    _ = try db.lastWholeEvent(realm: realm, object: "o", through: "f")
    _ = try db.changes(realm: realm, after: "f", limit: 50)
    _ = try db.changeCounts(realm: realm, after: "f")
    for filter in [DeliveryFilter(), DeliveryFilter(state: .failed, times: times, isOpen: true)] {
        _ = try db.deliveries(realm: realm, filter: filter, before: "f", limit: 50)
    }
    _ = try db.failingReceivers(realm: realm, since: now, atMost: 100, limit: 20)
    _ = try db.deliveryAttempts(of: ["a", "b"])
    _ = try db.nextDelivery("d", order: "task:t")
    for filter in [
        UsageFilter(), UsageFilter(projectID: "p"), UsageFilter(isBillable: false), UsageFilter(times: times),
    ] {
        _ = try db.usageLines(realm: realm, filter: filter, beyond: "f", newestFirst: true, limit: 100)
    }
    let line = UsageLine(
        id: "e", realm: realm, at: now, taskID: "t", projectID: "p", batchID: nil, type: "t", what: .completed,
        isBillable: true, annotations: 1)
    _ = try db.insertUsageLine(line)
    let key = FigureKey(realm: realm, scope: "p", day: 1, name: "created")
    try db.addFigures([key: 1])
    try db.addPending([key: 1])
    _ = try db.figures(realm: realm, scope: "", days: 1...30)
    _ = try db.figureSums(realm: realm, scopes: ["p", "q"], name: "completed", from: 1)
    _ = try db.figureTotals(realm: realm, scopes: ["", "p"], names: ["a", "b"], days: 1...30)
    _ = try db.pendingDays(realm: realm, scope: "")
    _ = try db.oldestPending(realm: realm, project: nil)
    _ = try db.oldestPending(realm: realm, project: "p")
    _ = try db.statusCounts(realm: realm, scopes: ["", "p"])
    _ = try db.workedSeconds(task: "t")
    _ = try db.sealedEvents(account: seed.account, after: 0, limit: 500)
    _ = try db.isCounted(account: seed.account)
    _ = try db.names(realm: realm, of: [ObjectReference(kind: "task", id: "t"), ObjectReference(kind: "key", id: "k")])
    _ = try db.people(["u", "v"])
    _ = try db.lastDraftStep(workItem: "w", through: now)
}

/// Statements in the order they ran.
private final class Recorder {
    var statements: [SQL] = []
}

/// Passes statements on and remembers them.
private struct RecordingConnection: Connection {
    let base: any Connection
    let recorder: Recorder

    var dialect: Dialect { base.dialect }

    func query(_ statement: SQL) throws -> [Row] {
        recorder.statements.append(statement)
        return try base.query(statement)
    }

    func execute(_ statement: SQL) throws -> Int {
        recorder.statements.append(statement)
        return try base.execute(statement)
    }
}
