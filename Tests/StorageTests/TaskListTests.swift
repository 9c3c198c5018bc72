import TestSupport
import Testing

@testable import Storage

@Suite struct TaskListTests {
    @Test(arguments: Backend.available, [1, 7, 100])
    func `pages reach the end without gaps where times are equal`(backend: Backend, limit: Int) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let tasks = (0..<60).map { seed.task(at: Seed.start.adding(milliseconds: Int64($0 / 20))) }
            try await database.write { db throws in
                for task in tasks { _ = try db.insertTask(task) }
                for task in tasks.prefix(30) {
                    _ = try db.finishTask(
                        realm: seed.live, id: task.id, as: .completed, response: nil, at: Seed.start)
                }
            }
            let expected = tasks.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }.map(\.id)
            var seen: [String] = []
            var cursor: TaskCursor?
            repeat {
                let position = cursor
                let page = try await database.read {
                    try $0.tasks(realm: seed.live, filter: TaskFilter(), after: position, limit: limit)
                }
                #expect(page.hasMore == (page.next != nil))
                #expect(page.rows.count <= limit)
                seen += page.rows.map(\.id)
                cursor = page.next.flatMap { TaskCursor(token: $0.token) }
            } while cursor != nil
            #expect(seen == expected)
        }
    }

    @Test(arguments: Backend.available)
    func `an upper bound covers its whole millisecond`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let task = seed.task(at: Timestamp(microseconds: Seed.start.microseconds + 750))
            let next = seed.task(at: Seed.start.adding(milliseconds: 1))
            try await database.write { db throws in
                _ = try db.insertTask(task)
                _ = try db.insertTask(next)
            }
            let shown = try #require(Timestamp(iso8601: task.createdAt.iso8601))
            let filter = TaskFilter(created: TimeRange(from: shown, through: shown))
            let page = try await database.read { try $0.tasks(realm: seed.live, filter: filter, limit: 10) }
            #expect(page.rows.map(\.id) == [task.id])
            #expect(try await database.read { try $0.taskTotal(realm: seed.live, filter: filter) } == 1)
        }
    }

    @Test(arguments: ["", "x", "e30=", "eyJpZCI6IjEiLCJjcmVhdGVkX2F0IjoiIiwiYXQiOjF9"])
    func `a foreign token is no position`(token: String) {
        #expect(TaskCursor(token: token) == nil)
    }

    /// What a list answers is compared with filtering everything in memory, for random tasks, changes and filters.
    @Test(arguments: Backend.available, 0..<12 as Range<UInt64>)
    func `lists and totals agree with looking at everything`(backend: Backend, seedNumber: UInt64) async throws {
        try await backend.withDatabase { database in
            var random = SeededGenerator(seed: seedNumber)
            let world = try await World.make(in: database, &random)
            let all = try await database.read { db throws in
                try db.tasks(realm: world.seed.live, filter: TaskFilter(), limit: 1000).rows
            }
            for _ in 0..<40 {
                let filter = world.filter(&random)
                let expected = all.filter { world.matches($0, filter) }.map(\.id)
                let limit = Int.random(in: 1...40, using: &random)
                let offset = Int.random(in: 0...3, using: &random) * 5
                try await database.read { db throws in
                    let realm = world.seed.live
                    #expect(try db.taskTotal(realm: realm, filter: filter) == expected.count, "\(filter)")
                    var seen: [String] = []
                    var cursor: TaskCursor?
                    repeat {
                        let page = try db.tasks(realm: realm, filter: filter, after: cursor, limit: limit)
                        seen += page.rows.map(\.id)
                        cursor = page.next
                    } while cursor != nil
                    #expect(seen == expected, "\(filter)")
                    let skipped = try db.tasks(realm: realm, filter: filter, offset: offset, limit: limit)
                    #expect(skipped.rows.map(\.id) == Array(expected.dropFirst(offset).prefix(limit)), "\(filter)")
                    // The ways for few and for many matches of a time range find the same.
                    let search = TaskSearch(realm: realm, filter: filter)
                    if search.way == .completed || search.way == .updated {
                        let walked = try db.texts("\(search.walked(after: nil, first: 1000)) LIMIT 1000")
                        #expect(
                            filter.tags.isEmpty && filter.uniqueIDs.isEmpty ? walked == expected : true, "\(filter)")
                    }
                }
            }
        }
    }
}

/// Random tasks in two projects with two batches each, after random changes.
private struct World {
    let seed: Seed
    let projects: [ProjectRow]
    let batches: [BatchRow]

    static func make(in database: any Database, _ random: inout SeededGenerator) async throws -> World {
        let seed = try await Seed.account(in: database)
        var projects: [ProjectRow] = []
        var batches: [BatchRow] = []
        for number in 0..<2 {
            let project = try await seed.project("p\(number)", in: database)
            projects.append(project)
            for batch in 0..<2 { batches.append(try await seed.batch("b\(number)\(batch)", of: project, in: database)) }
        }
        let world = World(seed: seed, projects: projects, batches: batches)
        var ids: [String] = []
        for number in 0..<120 {
            let batch = Bool.random(using: &random) ? world.batches.randomElement(using: &random) : nil
            let project = batch?.projectID ?? (Bool.random(using: &random) ? projects[0].id : nil)
            let task = seed.task(
                at: Seed.start.adding(milliseconds: .random(in: 0...30, using: &random)),
                type: Bool.random(using: &random) ? "categorization" : "imageannotation", project: project,
                batch: batch?.id, uniqueID: number % 3 == 0 ? "u\(number)" : nil,
                tags: ["red", "green", "blue"].filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
            ids.append(task.id)
            try await database.write { _ = try $0.insertTask(task) }
        }
        for _ in 0..<150 {
            let id = ids.randomElement(using: &random) ?? ""
            let at = Seed.start.adding(milliseconds: .random(in: 31...60, using: &random))
            let (choice, status) = (
                Int.random(in: 0..<6, using: &random),
                [TaskRow.Status.completed, .canceled, .error].randomElement(using: &random)
            )
            let review = TaskRow.ReviewStatus.allCases.randomElement(using: &random) ?? .accepted
            try await database.write { db throws in
                switch choice {
                case 0...2:
                    _ = try db.finishTask(
                        realm: seed.live, id: id, as: status ?? .completed, response: nil, at: at)
                case 3: try db.reopenTask(realm: seed.live, id: id, stage: .queued, at: at)
                case 4:
                    try db.insertAudit(
                        AuditRow(id: Identifier.make(at), realm: seed.live, taskID: id, result: review, at: at))
                default: _ = try db.foldCounters(limit: 37)
                }
            }
        }
        return world
    }

    func filter(_ random: inout SeededGenerator) -> TaskFilter {
        func sometimes(_ odds: Int = 4) -> Bool { Int.random(in: 0..<odds, using: &random) == 0 }
        func range(_ bounds: ClosedRange<Int64>) -> TimeRange {
            TimeRange(
                from: Bool.random(using: &random)
                    ? Seed.start.adding(milliseconds: .random(in: bounds, using: &random)) : nil,
                through: Bool.random(using: &random)
                    ? Seed.start.adding(milliseconds: .random(in: bounds, using: &random)) : nil)
        }
        var filter = TaskFilter()
        if sometimes(3) { filter.projectID = projects.randomElement(using: &random)?.id }
        if sometimes(3) { filter.batchID = batches.randomElement(using: &random)?.id }
        if sometimes(3) { filter.type = "categorization" }
        if sometimes(2) { filter.status = TaskRow.Status.allCases.randomElement(using: &random) }
        if sometimes() { filter.created = range(0...30) }
        if sometimes() { filter.completed = range(31...60) }
        if sometimes() { filter.updated = range(0...60) }
        if sometimes() { filter.reviews = Array(TaskRow.ReviewStatus.allCases.shuffled(using: &random).prefix(2)) }
        if sometimes(8) { filter.uniqueIDs = (0..<30).map { "u\($0 * 3)" } }
        if sometimes() { filter.tags = Array(["red", "green", "blue"].shuffled(using: &random).prefix(2)) }
        return filter
    }

    func matches(_ task: TaskRow, _ filter: TaskFilter) -> Bool {
        func within(_ time: Timestamp?, _ range: TimeRange) -> Bool {
            if range.isUnbounded { return true }
            guard let time else { return false }
            return time >= range.from ?? time && time <= (range.through ?? time).endOfMillisecond
        }
        return (filter.projectID == nil || task.projectID == filter.projectID)
            && (filter.batchID == nil || task.batchID == filter.batchID)
            && (filter.type == nil || task.type == filter.type)
            && (filter.status == nil || task.status == filter.status)
            && within(task.createdAt, filter.created) && within(task.completedAt, filter.completed)
            && within(task.updatedAt, filter.updated)
            && (filter.reviews.isEmpty || task.reviewStatus.map(filter.reviews.contains) == true)
            && (filter.uniqueIDs.isEmpty || task.uniqueID.map(filter.uniqueIDs.contains) == true)
            && (filter.tags.isEmpty || !Set(filter.tags).isDisjoint(with: task.tags))
    }
}
