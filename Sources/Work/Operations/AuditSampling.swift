package import JSON
import Labeling
package import Storage

/// Which tasks are to be drawn for an audit.
package struct SampleRequest: Sendable {
    package enum Size: Sendable, Equatable {
        case all
        case count(Int)
        case percent(Double)
    }

    package var name: String?
    /// Names.
    package var project: String?
    package var batch: String?
    package var size: Size
    package var sequence: AuditSampleRow.Sequence
    package var seed: Int?
    package var tags: [String]
    package var completed: TimeRange
    package var isUnaudited: Bool
    package var reviews: [TaskRow.ReviewStatus]

    package init(
        name: String? = nil, project: String? = nil, batch: String? = nil, size: Size = .all,
        sequence: AuditSampleRow.Sequence = .random, seed: Int? = nil, tags: [String] = [],
        completed: TimeRange = TimeRange(), isUnaudited: Bool = true, reviews: [TaskRow.ReviewStatus] = []
    ) {
        self.name = name
        self.project = project
        self.batch = batch
        self.size = size
        self.sequence = sequence
        self.seed = seed
        self.tags = tags
        self.completed = completed
        self.isUnaudited = isUnaudited
        self.reviews = reviews
    }
}

/// Draws tasks for audits.
package enum AuditSampling {
    /// The most tasks of a sample: more than people look through one by one.
    package static let most = 10_000
    /// How many tasks are read at a time.
    static let page = 10_000

    /// Draws completed tasks and stores them as a sample; tasks that are completed later are not in it.
    ///
    /// In random order each task has a number that follows from the seed and its id, and the smallest numbers are drawn:
    /// the same seed over the same tasks draws the same ones, and nothing is held in memory beside them.
    static func draw(_ request: SampleRequest, by actor: Actor, in environment: WorkEnvironment) async throws
        -> AuditSampleStanding
    {
        let realm = actor.realm.id
        let now = environment.now()
        let (pool, label) = try await environment.database.read { db in
            try Self.pool(request, realm: realm, in: db)
        }
        let wanted = try await count(request.size, of: pool, in: environment)
        let seed = request.sequence == .random ? request.seed ?? Int(now.microseconds & 0xFFFF_FFFF) : nil
        let tasks = try await chosen(pool, wanted, request.sequence, seed: seed ?? 0, in: environment)
        guard !tasks.isEmpty else {
            throw Refusal(.invalid, "No completed task matches, so there is nothing to audit.")
        }
        let row = AuditSampleRow(
            id: Identifier.make(now), realm: realm, name: request.name ?? "\(tasks.count) of \(label)",
            projectID: pool.projectID, batchID: pool.batchID, sequence: request.sequence, seed: seed,
            total: tasks.count, createdBy: actor.name, createdAt: now)
        return try await environment.database.write { db in try store(row, tasks, by: actor, in: db, now: now) }
    }

    /// Draws all tasks of a calibration batch, which are looked at one and all; nothing if there are none or they are
    /// drawn already.
    static func drawWhole(_ batch: BatchRow, in db: any Connection, now: Timestamp) throws {
        guard try db.auditSamples(realm: batch.realm, project: nil, batch: batch.id, before: nil, limit: 1).isEmpty
        else {
            return
        }
        let pool = AuditPool(realm: batch.realm, batchID: batch.id, isUnaudited: false)
        let tasks = try db.auditPool(pool, after: nil, isNewestFirst: false, limit: most).map(\.id)
        guard !tasks.isEmpty else { return }
        let row = AuditSampleRow(
            id: Identifier.make(now), realm: batch.realm, name: "Calibration: all of \(batch.name)",
            projectID: batch.projectID, batchID: batch.id, sequence: .oldest, seed: nil, total: tasks.count,
            createdBy: "program", createdAt: now)
        try db.insertAuditSample(row)
        try db.insertAuditSampleTasks(sample: row.id, tasks: tasks, from: 1)
    }

    private static func store(
        _ row: AuditSampleRow, _ tasks: [String], by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> AuditSampleStanding {
        try db.insertAuditSample(row)
        try db.insertAuditSampleTasks(sample: row.id, tasks: tasks, from: 1)
        guard let standing = try db.auditSample(realm: row.realm, id: row.id) else {
            throw Refusal(.notFound, "The sample is gone.")
        }
        try db.append(
            NewEvent(
                realm: row.realm, at: now, actor: actor.label, objectKind: "audit_sample", objectID: row.id,
                action: "audit_sample.created", after: standing.text))
        return standing
    }

    private static func pool(
        _ request: SampleRequest, realm: Int64, in db: any Connection
    ) throws -> (pool: AuditPool, label: String) {
        var pool = AuditPool(
            realm: realm, tags: request.tags, completed: request.completed, isUnaudited: request.isUnaudited,
            reviews: request.reviews)
        if let name = request.project {
            let project = try db.existingProject(realm: realm, named: name)
            pool.projectID = project.id
        }
        if let name = request.batch {
            guard let batch = try db.batch(realm: realm, named: name) else { throw Refusal.noSuchBatch(name) }
            guard pool.projectID == nil || pool.projectID == batch.projectID else {
                throw Issues("batch", "`batch` names a batch of another project.")
            }
            pool.batchID = batch.id
            pool.projectID = batch.projectID
        }
        return (pool, request.batch ?? request.project ?? "all tasks")
    }

    private static func count(
        _ size: SampleRequest.Size, of pool: AuditPool, in environment: WorkEnvironment
    ) async throws -> Int {
        switch size {
        case .all: return most
        case .count(let count): return count
        case .percent(let share):
            let all = try await environment.database.read { db in try db.auditPoolCount(pool) }
            return min(most, Int((Double(all) * share / 100).rounded(.up)))
        }
    }

    // MARK: Choosing

    private static func chosen(
        _ pool: AuditPool, _ wanted: Int, _ sequence: AuditSampleRow.Sequence, seed: Int,
        in environment: WorkEnvironment
    ) async throws -> [String] {
        let isNewestFirst = sequence == .newest
        var drawn = Draw(wanted: wanted, seed: UInt64(bitPattern: Int64(seed)))
        var first: [String] = []
        var cursor: TaskCursor?
        while sequence == .random || first.count < wanted {
            let limit = sequence == .random ? page : min(page, wanted - first.count)
            let after = cursor
            let tasks = try await environment.database.read { db in
                try db.auditPool(pool, after: after, isNewestFirst: isNewestFirst, limit: limit)
            }
            if sequence == .random { drawn.add(tasks.map(\.id)) } else { first += tasks.map(\.id) }
            guard tasks.count == limit, let last = tasks.last else { break }
            cursor = last
        }
        return sequence == .random ? drawn.tasks : first
    }
}

/// The tasks with the smallest numbers out of any number of tasks.
struct Draw {
    let wanted: Int
    let seed: UInt64
    private var kept: [(number: UInt64, task: String)] = []

    init(wanted: Int, seed: UInt64) {
        self.wanted = wanted
        self.seed = seed
    }

    mutating func add(_ tasks: [String]) {
        kept += tasks.map { (number(of: $0), $0) }
        if kept.count > 4 * max(wanted, 1000) { cut() }
    }

    /// In the order of their numbers, which is as good as random.
    var tasks: [String] {
        var draw = self
        draw.cut()
        return draw.kept.map(\.task)
    }

    private mutating func cut() {
        kept.sort { ($0.number, $0.task) < ($1.number, $1.task) }
        kept.removeLast(max(0, kept.count - wanted))
    }

    /// FNV-1a over the id, stirred as in SplitMix64 so that ids which begin alike have nothing in common.
    private func number(of task: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ (seed &* 0x9E37_79B9_7F4A_7C15)
        for byte in task.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        return hash ^ (hash >> 31)
    }
}

extension AuditSampleStanding {
    /// Writes the sample with what has become of it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", sample.id)
            writer.field("name", sample.name)
            writer.field("project", ifPresent: project)
            writer.field("batch", ifPresent: batch)
            writer.field("order", sample.sequence.rawValue)
            writer.field("seed", ifPresent: sample.seed)
            writer.field("created_at", time: sample.createdAt.microseconds)
            writer.field("created_by", sample.createdBy)
            writer.field("total", sample.total)
            writer.field("audited", audited)
            writer.field("accepted", accepted)
            writer.field("rejected", rejected)
            writer.field("fixed", fixed)
            writer.field("commented", commented)
            if let score { writer.field("score", score) }
        }
    }

    var text: String {
        var writer = JSONWriter(capacity: 256)
        write(to: &writer)
        return writer.text
    }
}

extension AuditSampleTaskRow {
    /// Writes the task's place and verdict.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("position", position)
            writer.field("task", taskID)
            writer.field("unique_id", ifPresent: uniqueID)
            writer.field("result", ifPresent: result?.rawValue)
            if let auditedAt { writer.field("audited_at", time: auditedAt.microseconds) }
            writer.field("audited_by", ifPresent: auditedBy)
        }
    }
}
