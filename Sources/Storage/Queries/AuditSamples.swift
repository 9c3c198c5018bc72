/// Tasks drawn for somebody to give verdicts on.
package struct AuditSampleRow: Sendable, Equatable {
    /// In which order the tasks stand.
    package enum Sequence: String, SQLConvertible, CaseIterable {
        case random, newest, oldest
    }

    package var id: String
    package var realm: Int64
    package var name: String
    package var projectID: String?
    package var batchID: String?
    package var sequence: Sequence

    /// What a random order follows from.
    package var seed: Int?

    /// How many tasks it has.
    package var total: Int
    package var createdBy: String
    package var createdAt: Timestamp

    package init(
        id: String, realm: Int64, name: String, projectID: String?, batchID: String?, sequence: Sequence, seed: Int?,
        total: Int, createdBy: String, createdAt: Timestamp
    ) {
        self.id = id
        self.realm = realm
        self.name = name
        self.projectID = projectID
        self.batchID = batchID
        self.sequence = sequence
        self.seed = seed
        self.total = total
        self.createdBy = createdBy
        self.createdAt = createdAt
    }
}

extension AuditSampleRow: RowDecodable {
    static let columns: SQL = """
        id, realm, name, project_id, batch_id, sequence, seed, total, created_by, created_at
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        name = try reader.text()
        projectID = try reader.optionalText()
        batchID = try reader.optionalText()
        sequence = try reader.word()
        seed = try reader.optionalInt()
        total = try reader.int()
        createdBy = try reader.text()
        createdAt = try reader.time()
    }
}

/// A sample with what has become of it.
package struct AuditSampleStanding: Sendable, Equatable, RowDecodable {
    package var sample: AuditSampleRow
    package var project: String?
    package var batch: String?
    package var accepted: Int
    package var fixed: Int
    package var commented: Int
    package var rejected: Int

    /// How many tasks have a verdict.
    package var audited: Int { accepted + fixed + commented + rejected }

    /// Which part of the audited tasks needed no change; nil before the first verdict.
    package var score: Double? {
        audited > 0 ? Double(accepted + commented) / Double(audited) : nil
    }

    package init(_ reader: inout RowReader) throws {
        sample = try AuditSampleRow(&reader)
        project = try reader.optionalText()
        batch = try reader.optionalText()
        accepted = try reader.int()
        fixed = try reader.int()
        commented = try reader.int()
        rejected = try reader.int()
    }
}

/// A task of a sample.
package struct AuditSampleTaskRow: Sendable, Equatable, RowDecodable {
    package var position: Int
    package var taskID: String
    package var uniqueID: String?
    package var result: TaskRow.ReviewStatus?
    package var auditedBy: String?
    package var auditedAt: Timestamp?

    package init(_ reader: inout RowReader) throws {
        position = try reader.int()
        taskID = try reader.text()
        uniqueID = try reader.optionalText()
        result = try reader.optionalWord()
        auditedBy = try reader.optionalText()
        auditedAt = try reader.optionalTime()
    }
}

/// Which completed tasks may be drawn.
package struct AuditPool: Sendable, Equatable {
    package var realm: Int64
    package var projectID: String?
    package var batchID: String?
    package var tags: [String]
    package var completed: TimeRange

    /// Only tasks without a verdict.
    package var isUnaudited: Bool

    /// Only tasks with one of these verdicts.
    package var reviews: [TaskRow.ReviewStatus]

    package init(
        realm: Int64, projectID: String? = nil, batchID: String? = nil, tags: [String] = [],
        completed: TimeRange = TimeRange(), isUnaudited: Bool = true, reviews: [TaskRow.ReviewStatus] = []
    ) {
        self.realm = realm
        self.projectID = projectID
        self.batchID = batchID
        self.tags = tags
        self.completed = completed
        self.isUnaudited = isUnaudited
        self.reviews = reviews
    }

    /// The tasks of one status stand in this order in the index of their batch, project or realm.
    private var index: SQL {
        if batchID != nil { return "\(only: .sqlite, "INDEXED BY tasks_by_batch")" }
        return projectID == nil
            ? "\(only: .sqlite, "INDEXED BY tasks_by_status")" : "\(only: .sqlite, "INDEXED BY tasks_by_project")"
    }

    private var condition: SQL {
        var condition: SQL = "t.realm = \(realm) AND t.status = 'completed'"
        if let batchID {
            condition += " AND t.batch_id = \(batchID)"
        } else if let projectID {
            condition += " AND t.project_id = \(projectID)"
        }
        if isUnaudited { condition += " AND t.audited_at IS NULL" }
        if !reviews.isEmpty { condition += " AND t.review_status IN \(list: reviews)" }
        if !tags.isEmpty {
            condition += """
                 AND EXISTS (SELECT 1 FROM task_tags g WHERE g.realm = t.realm AND g.tag IN \(list: tags)
                    AND g.created_at = t.created_at AND g.task_id = t.id)
                """
        }
        return "\(condition)\(completed.condition("t.completed_at"))"
    }

    var count: SQL { "SELECT COUNT(*) FROM tasks t \(index) WHERE \(condition)" }

    func page(after cursor: TaskCursor?, isNewestFirst: Bool, limit: Int) -> SQL {
        var place: SQL = ""
        if let cursor {
            let beyond: SQL = isNewestFirst ? "<" : ">"
            place = " AND (t.created_at, t.id) \(beyond) (\(cursor.createdAt), \(cursor.id))"
        }
        let direction: SQL = isNewestFirst ? "DESC" : "ASC"
        return """
            SELECT t.created_at, t.id FROM tasks t \(index) WHERE \(condition)\(place)
            ORDER BY t.created_at \(direction), t.id \(direction) LIMIT \(limit)
            """
    }
}

private struct PoolTask: RowDecodable {
    var cursor: TaskCursor

    init(_ reader: inout RowReader) throws {
        cursor = TaskCursor(createdAt: try reader.time(), id: try reader.text())
    }
}

extension Connection {
    // MARK: Drawing

    /// Some tasks that may be drawn, oldest or newest first.
    package func auditPool(
        _ pool: AuditPool, after cursor: TaskCursor?, isNewestFirst: Bool, limit: Int
    ) throws -> [TaskCursor] {
        let tasks: [PoolTask] = try all(pool.page(after: cursor, isNewestFirst: isNewestFirst, limit: limit))
        return tasks.map(\.cursor)
    }

    /// How many tasks may be drawn.
    package func auditPoolCount(_ pool: AuditPool) throws -> Int { try integer(pool.count) }

    /// Stores a sample; its tasks are added by ``insertAuditSampleTasks(sample:tasks:from:)``.
    package func insertAuditSample(_ sample: AuditSampleRow) throws {
        try execute(
            """
            INSERT INTO audit_samples (\(AuditSampleRow.columns))
            VALUES (\(sample.id), \(sample.realm), \(sample.name), \(sample.projectID), \(sample.batchID),
                \(sample.sequence), \(sample.seed), \(sample.total), \(sample.createdBy), \(sample.createdAt))
            """)
    }

    /// Adds tasks to a sample at the places from `position` on.
    package func insertAuditSampleTasks(sample: String, tasks: [String], from position: Int) throws {
        for (offset, task) in tasks.enumerated() {
            try execute(
                """
                INSERT INTO audit_sample_tasks (sample_id, position, task_id)
                VALUES (\(sample), \(position + offset), \(task))
                """)
        }
    }

    /// Forgets a sample; the verdicts stay.
    package func deleteAuditSample(realm: Int64, id: String) throws -> Bool {
        guard try execute("DELETE FROM audit_samples WHERE id = \(id) AND realm = \(realm)") > 0 else { return false }
        try execute("DELETE FROM audit_sample_tasks WHERE sample_id = \(id)")
        return true
    }

    // MARK: Looking

    private var standing: SQL {
        func count(_ result: SQL) -> SQL {
            "(SELECT COUNT(*) FROM audit_sample_tasks a WHERE a.sample_id = s.id AND a.result = \(result))"
        }
        return """
            SELECT s.id, s.realm, s.name, s.project_id, s.batch_id, s.sequence, s.seed, s.total, s.created_by,
                s.created_at, pr.name, ba.name, \(count("'accepted'")), \(count("'fixed'")), \(count("'commented'")),
                \(count("'rejected'"))
            FROM audit_samples s LEFT JOIN projects pr ON pr.id = s.project_id
            LEFT JOIN batches ba ON ba.id = s.batch_id
            """
    }

    /// A sample and how far it is.
    package func auditSample(realm: Int64, id: String) throws -> AuditSampleStanding? {
        try first("\(standing) WHERE s.id = \(id) AND s.realm = \(realm)")
    }

    /// Samples, newest first, behind the one with the given id.
    package func auditSamples(
        realm: Int64, project: String?, batch: String?, before cursor: String?, limit: Int
    ) throws -> [AuditSampleStanding] {
        var condition: SQL = "s.realm = \(realm)"
        if let project { condition += " AND s.project_id = \(project)" }
        if let batch { condition += " AND s.batch_id = \(batch)" }
        if let cursor { condition += " AND s.id < \(cursor)" }
        return try all("\(standing) WHERE \(condition) ORDER BY s.id DESC LIMIT \(limit)")
    }

    /// The tasks of a sample behind a position, in order.
    package func auditSampleTasks(sample: String, after position: Int, limit: Int) throws -> [AuditSampleTaskRow] {
        try all(
            """
            SELECT a.position, a.task_id, t.unique_id, a.result, a.audited_by, a.audited_at
            FROM audit_sample_tasks a LEFT JOIN tasks t ON t.id = a.task_id
            WHERE a.sample_id = \(sample) AND a.position > \(position) ORDER BY a.position LIMIT \(limit)
            """)
    }

    /// The first task of a sample that waits for a verdict and that nobody else looks at.
    package func nextOfSample(_ sample: String, for user: String) throws -> AuditSampleTaskRow? {
        try first(
            """
            SELECT a.position, a.task_id, t.unique_id, a.result, a.audited_by, a.audited_at
            FROM audit_sample_tasks a \(only: .sqlite, "INDEXED BY audit_sample_tasks_open")
            JOIN tasks t ON t.id = a.task_id
            WHERE a.sample_id = \(sample) AND a.result IS NULL AND t.status = 'completed'
                AND NOT EXISTS (
                    SELECT 1 FROM work_items w WHERE w.task_id = a.task_id AND w.kind = 'audit'
                        AND w.state = 'leased' AND w.lease_holder <> \(user))
            ORDER BY a.position LIMIT 1
            """)
    }

    /// Where a task stands in a sample.
    package func placeInSample(_ sample: String, task: String) throws -> AuditSampleTaskRow? {
        try first(
            """
            SELECT a.position, a.task_id, NULL, a.result, a.audited_by, a.audited_at
            FROM audit_sample_tasks a WHERE a.task_id = \(task) AND a.sample_id = \(sample) LIMIT 1
            """)
    }

    // MARK: Verdicts

    /// Lets every sample that a task is in know of a verdict.
    func noteVerdict(_ audit: AuditRow) throws {
        try execute(
            """
            UPDATE audit_sample_tasks
            SET result = \(audit.result), audited_by = \(audit.by), audited_at = \(audit.at)
            WHERE task_id = \(audit.taskID)
            """)
    }
}
