/// A verdict on a completed task.
package struct AuditRow: Sendable, Equatable {
    package var id: String
    package var realm: Int64
    package var taskID: String
    package var result: TaskRow.ReviewStatus
    package var comments: String?

    /// The auditor's e-mail address or name.
    package var by: String?

    /// On whose side the auditor stands, such as `customer`.
    package var source: String
    package var at: Timestamp

    /// Seconds from opening to deciding.
    package var seconds: Double?

    /// Seconds of these in which something was done.
    package var activeSeconds: Double?

    package init(
        id: String, realm: Int64, taskID: String, result: TaskRow.ReviewStatus, comments: String? = nil,
        by: String? = nil, source: String = "customer", at: Timestamp, seconds: Double? = nil,
        activeSeconds: Double? = nil
    ) {
        self.id = id
        self.realm = realm
        self.taskID = taskID
        self.result = result
        self.comments = comments
        self.by = by
        self.source = source
        self.at = at
        self.seconds = seconds
        self.activeSeconds = activeSeconds
    }
}

extension AuditRow: RowDecodable {
    static let columns: SQL =
        "id, realm, task_id, result, comments, audited_by, source, audited_at, seconds, active_seconds"

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        taskID = try reader.text()
        result = try reader.word()
        comments = try reader.optionalText()
        by = try reader.optionalText()
        source = try reader.text()
        at = try reader.time()
        seconds = try reader.optionalDouble()
        activeSeconds = try reader.optionalDouble()
    }
}

extension Connection {
    /// Stores a verdict and lets task and batch show it.
    package func insertAudit(_ audit: AuditRow) throws {
        try execute(
            """
            INSERT INTO audits (id, realm, task_id, result, comments, audited_by, source, audited_at, seconds,
                active_seconds)
            VALUES (\(audit.id), \(audit.realm), \(audit.taskID), \(audit.result), \(audit.comments), \(audit.by),
                \(audit.source), \(audit.at), \(audit.seconds), \(audit.activeSeconds))
            """)
        try execute(
            """
            UPDATE tasks SET review_status = \(audit.result), audited_at = \(audit.at), audited_by = \(audit.by),
                updated_at = \(audit.at)
            WHERE id = \(audit.taskID) AND realm = \(audit.realm)
            """)
        try execute(
            """
            UPDATE batches SET last_audited_at = \(audit.at)
            WHERE id = (SELECT batch_id FROM tasks WHERE id = \(audit.taskID)) AND realm = \(audit.realm)
            """)
        try cover([.audit(id: audit.id)], realm: audit.realm, subject: audit.taskID, at: audit.at)
        try noteVerdict(audit)
    }

    /// The verdicts on some tasks, newest first.
    package func audits(realm: Int64, tasks: [String]) throws -> [AuditRow] {
        try all(
            """
            SELECT \(AuditRow.columns) FROM audits WHERE task_id IN \(list: tasks) AND realm = \(realm)
            ORDER BY audited_at DESC, id DESC
            """)
    }
}
