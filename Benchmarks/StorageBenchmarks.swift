import Foundation
import Logging
import Storage

/// Measures the storage layer beside the limits of the machine, in one run, since stored figures age with the machine.
struct StorageBenchmarks {
    /// How many tasks the large lists have.
    var large = 1_000_000

    /// Seconds each rate is measured for.
    var seconds = 3.0

    /// Which parts are measured; empty for all of `inserts`, `lists`, `claims`, `jobs` and `postgres`.
    var parts: Set<String> = []

    /// Measures and reports a table, line by line.
    func run(_ report: @Sendable (String) -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vernier-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: folder) } catch { print("\(folder.path) was left: \(error)") }
        }
        if wants("inserts") { try await inserts(folder, report) }
        if wants("lists") { try await lists(folder, report) }
        if wants("claims") { try await claims(folder, report) }
        if wants("jobs") { try await jobs(folder, report) }
        if wants("postgres"), let url = ProcessInfo.processInfo.environment["VERNIER_TEST_POSTGRES"] {
            try await postgres(url, report)
        }
    }

    private func wants(_ part: String) -> Bool { parts.isEmpty || parts.contains(part) }

    private func postgres(_ url: String, _ report: @Sendable (String) -> Void) async throws {
        let schema = "bench_\(UInt32.random(in: 0...UInt32.max))"
        let database = try await DatabaseLocation.postgres(url: url).open(readers: 8, schema: schema, logger: quiet)
        let world = try await BenchmarkWorld.make(in: database)
        for writers in [1, 8, 32] {
            let rate = try await insertRate(database, world, writers: writers)
            report(line("insertTask, PostgreSQL, \(writers) writers", rate, "tasks/s"))
        }
        try await fullLane(database, name: "PostgreSQL", report)
        let rate = try await claimRate(database, world, queued: 3000, people: 32)
        report(line("claim and submit, PostgreSQL, 32 people", rate, "loops/s"))
        await database.close()
        try await DatabaseLocation.postgres(url: url).drop(schema: schema)
    }

    private var quiet: Logger { Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() } }

    private func line(_ name: String, _ value: Double, _ unit: String) -> String {
        let number = value < 100 ? String(format: "%.2f", value) : String(format: "%.0f", value)
        return name.padding(toLength: 62, withPad: " ", startingAt: 0) + number + " " + unit
    }

    // MARK: Inserting

    /// Whole creations (task, texts, attachment, counts, job, event), beside the same rows through SQLite's C interface.
    private func inserts(_ folder: URL, _ report: @Sendable (String) -> Void) async throws {
        var raw: [Int: Double] = [:]
        for rows in [1, 32, 100] {
            let path = folder.appendingPathComponent("raw\(rows).sqlite").path
            let database = try await DatabaseLocation.sqlite(path: path).open(logger: quiet)
            await database.close()
            raw[rows] = try RawInserts(path: path).rate(rowsPerCommit: rows, seconds: seconds)
            report(line("the same rows in C, \(rows) tasks a commit", raw[rows] ?? 0, "tasks/s"))
        }
        for writers in [1, 8, 32, 128] {
            let path = folder.appendingPathComponent("insert\(writers).sqlite").path
            let database = try await DatabaseLocation.sqlite(path: path).open(logger: quiet)
            let world = try await BenchmarkWorld.make(in: database)
            let rate = try await insertRate(database, world, writers: writers)
            report(line("insertTask with job and event, \(writers) writers", rate, "tasks/s"))
            if writers == 32, let limit = raw[32] {
                report(line("  share of C at 32 tasks a commit (goal 0.5)", rate / limit, ""))
            }
            await database.close()
        }
    }

    private func insertRate(_ database: any Database, _ world: BenchmarkWorld, writers: Int) async throws
        -> Double
    {
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .seconds(seconds)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    var count = 0
                    while clock.now < end {
                        let task = world.task(unique: "\(writer)-\(count)-\(UInt64.random(in: 0...UInt64.max))")
                        try await database.write { db in
                            guard case .inserted = try db.insertTask(task) else { return }
                            try db.enqueue([world.job(task)], at: task.createdAt)
                            try db.append(world.event(task))
                        }
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(count) / seconds(clock.now - start)
    }

    private func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    // MARK: Lists

    private func lists(_ folder: URL, _ report: @Sendable (String) -> Void) async throws {
        var unfiltered: [Int: Double] = [:]
        for count in [10_000, large] {
            let path = folder.appendingPathComponent("list\(count).sqlite").path
            let database = try await DatabaseLocation.sqlite(path: path).open(logger: quiet)
            let world = try await BenchmarkWorld.make(in: database)
            try await world.fill(database, count: count)
            for (name, filter) in world.filters(count: count) {
                let times = try await pageTimes(database, world, filter, rounds: name.hasPrefix("*") ? 400 : 40)
                let counted = name.hasPrefix("*")
                report(
                    line("page of 100 and total, \(count) tasks, \(name)", times.median, "ms median")
                        + String(format: ", %.2f p95", times.p95) + (counted ? "" : " (goal 200)"))
                if name == "* no filter" { unfiltered[count] = times.median }
            }
            await database.close()
        }
        if let small = unfiltered[10_000], let big = unfiltered[large] {
            report(line("  page at \(large) by page at 10000 (goal 1.5)", big / small, ""))
        }
    }

    /// Milliseconds for a page and its total, at random depths.
    private func pageTimes(
        _ database: any Database, _ world: BenchmarkWorld, _ filter: TaskFilter, rounds: Int
    ) async throws -> (median: Double, p95: Double) {
        var times: [Double] = []
        for round in 0..<rounds + 3 {
            let depth = Int64(round % 10) * world.span / 10
            let cursor =
                round % 2 == 0
                ? nil
                : TaskCursor(
                    createdAt: world.newest.adding(milliseconds: -depth), id: String(repeating: "f", count: 24))
            let start = ContinuousClock.now
            let rows = try await database.read { db in
                let page = try db.tasks(realm: world.realm, filter: filter, after: cursor, limit: 100)
                return (page.rows.count, try db.taskTotal(realm: world.realm, filter: filter))
            }
            precondition(rows.0 <= max(rows.1, 0) || rows.1 == 0)
            if round >= 3 { times.append(seconds(.now - start) * 1000) }
        }
        times.sort()
        return (times[times.count / 2], times[min(times.count - 1, times.count * 95 / 100)])
    }

    // MARK: Claims

    private func claims(_ folder: URL, _ report: @Sendable (String) -> Void) async throws {
        for queued in [3000, 100_000, large] {
            let path = folder.appendingPathComponent("work\(queued).sqlite").path
            let database = try await DatabaseLocation.sqlite(path: path).open(logger: quiet)
            let world = try await BenchmarkWorld.make(in: database)
            let rate = try await claimRate(database, world, queued: queued, people: 32)
            report(line("claim and submit, \(queued) queued, 32 people (goal 500)", rate, "loops/s"))
            await database.close()
        }
    }

    private func claimRate(
        _ database: any Database, _ world: BenchmarkWorld, queued: Int, people: Int
    ) async throws -> Double {
        try await world.queue(database, count: queued)
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .seconds(seconds)
        let done = try await withThrowingTaskGroup(of: [String].self) { group in
            for person in 0..<people {
                group.addTask {
                    var done: [String] = []
                    while clock.now < end {
                        let token = Identifier.make(.now())
                        let item = try await database.write { db in
                            let now = Timestamp.now()
                            return try db.claimNextWork(
                                realm: world.realm, user: "person \(person)", scope: .everything, token: token,
                                expiresAt: now.adding(seconds: 600), now: now)
                        }
                        guard let item else { break }
                        let result = try await database.write { db in
                            try db.submitWork(
                                realm: world.realm, id: item.id, token: token, submission: token, now: .now())
                        }
                        if case .accepted = result { done.append(item.id) }
                    }
                    return done
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let elapsed = seconds(clock.now - start)
        precondition(Set(done).count == done.count, "an item was handed out twice")
        return Double(done.count) / elapsed
    }

    // MARK: Jobs

    private func jobs(_ folder: URL, _ report: @Sendable (String) -> Void) async throws {
        let path = folder.appendingPathComponent("jobs.sqlite").path
        let database = try await DatabaseLocation.sqlite(path: path).open(logger: quiet)
        try await fullLane(database, name: "SQLite", report)
        await database.close()
    }

    /// Milliseconds for a look at the lanes and a claim, while ever more jobs of one full lane wait in front.
    private func fullLane(_ database: any Database, name: String, _ report: @Sendable (String) -> Void) async throws {
        let start = Timestamp.now()
        var waiting = 0
        for goal in [0, 10_000, 100_000] {
            while waiting < goal {
                let part = waiting..<min(waiting + 1000, goal)
                try await database.write { db in
                    try db.enqueue(
                        part.map { number in
                            NewJob(
                                id: Identifier.make(start), kind: "bench", subject: "\(number)", lane: "full",
                                runAt: start)
                        }, at: start)
                }
                waiting = part.upperBound
            }
            var times: [Double] = []
            for round in 0..<200 {
                let now = Timestamp.now()
                let job = NewJob(id: Identifier.make(now), kind: "bench", subject: "", lane: "free", runAt: now)
                try await database.write { db in try db.enqueue([job], at: now) }
                let begin = ContinuousClock.now
                let lanes = try await database.read { db in try db.jobLanes(kind: "bench", excluding: ["full"]) }
                let taken = try await database.write { db in
                    try db.claimJobs(
                        kind: "bench", lanes: lanes.map { ($0.name, room: 8) }, limit: 8, token: "t",
                        until: now.adding(seconds: 20), now: now)
                }
                precondition(taken.map(\.id) == [job.id])
                if round >= 20 { times.append(seconds(.now - begin) * 1000) }
                _ = try await database.write { db in try db.finishJob(job.id, token: "t") }
            }
            times.sort()
            report(
                line("a claim with \(goal) jobs of a full lane waiting, \(name)", times[times.count / 2], "ms median"))
        }
    }
}
