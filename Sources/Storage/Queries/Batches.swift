/// Tasks launched together.
package struct BatchRow: Sendable, Equatable {
    /// What the batch is for.
    package enum Kind: String, SQLConvertible {
        case production, calibration
        case selfLabel = "self_label"
    }

    /// How far it is.
    package enum Status: String, SQLConvertible {
        case staging, completed
        case inProgress = "in_progress"
    }

    package var id: String
    package var realm: Int64
    package var name: String
    package var projectID: String

    /// The project's name; read, not stored here.
    package var project: String
    package var kind: Kind
    package var status: Status

    /// A URL or e-mail address told of the batch's completion.
    package var callback: String?

    /// A JSON object.
    package var metadata: String
    package var priority: Int?

    /// The place in the order people gave to a studio's batches.
    package var studioPosition: Int?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var completedAt: Timestamp?
    package var lastAuditedAt: Timestamp?
    package var archivedAt: Timestamp?

    /// Whether it is paused, so that nobody is given its work; set by `setBatchHeld`.
    package var isHeld: Bool

    package init(
        id: String, realm: Int64, name: String, projectID: String, project: String, kind: Kind = .production,
        status: Status, callback: String? = nil, metadata: String = "{}", priority: Int? = nil,
        studioPosition: Int? = nil, createdAt: Timestamp, updatedAt: Timestamp? = nil, completedAt: Timestamp? = nil,
        lastAuditedAt: Timestamp? = nil, archivedAt: Timestamp? = nil, isHeld: Bool = false
    ) {
        self.id = id
        self.realm = realm
        self.name = name
        self.projectID = projectID
        self.project = project
        self.kind = kind
        self.status = status
        self.callback = callback
        self.metadata = metadata
        self.priority = priority
        self.studioPosition = studioPosition
        self.createdAt = createdAt
        self.updatedAt = updatedAt ?? createdAt
        self.completedAt = completedAt
        self.lastAuditedAt = lastAuditedAt
        self.archivedAt = archivedAt
        self.isHeld = isHeld
    }
}

extension BatchRow: RowDecodable {
    static let columns: SQL = """
        b.id, b.realm, b.name, b.project_id, p.name, b.kind, b.status, b.callback, b.metadata, b.priority, \
        b.studio_position, b.created_at, b.updated_at, b.completed_at, b.last_audited_at, b.archived_at, b.held
        """

    static let tables: SQL = "batches b JOIN projects p ON p.id = b.project_id"

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        name = try reader.text()
        projectID = try reader.text()
        project = try reader.text()
        kind = try reader.word()
        status = try reader.word()
        callback = try reader.optionalText()
        metadata = try reader.text()
        priority = try reader.optionalInt()
        studioPosition = try reader.optionalInt()
        createdAt = try reader.time()
        updatedAt = try reader.time()
        completedAt = try reader.optionalTime()
        lastAuditedAt = try reader.optionalTime()
        archivedAt = try reader.optionalTime()
        isHeld = try reader.bool()
    }
}

/// Which batches a list is about; empty members do not filter.
package struct BatchFilter: Sendable, Equatable {
    /// A project's id.
    package var project: String?
    package var status: BatchRow.Status?
    package var created: TimeRange
    package var completed: TimeRange
    package var audited: TimeRange
    package var excludeArchived: Bool

    /// Only those put away.
    package var onlyArchived = false

    package init(
        project: String? = nil, status: BatchRow.Status? = nil, created: TimeRange = TimeRange(),
        completed: TimeRange = TimeRange(), audited: TimeRange = TimeRange(), excludeArchived: Bool = false
    ) {
        self.project = project
        self.status = status
        self.created = created
        self.completed = completed
        self.audited = audited
        self.excludeArchived = excludeArchived
    }

    fileprivate var conditions: SQL {
        var conditions: SQL = ""
        if let project { conditions += " AND b.project_id = \(project)" }
        if let status { conditions += " AND b.status = \(status)" }
        if excludeArchived { conditions += " AND b.archived_at IS NULL" }
        if onlyArchived { conditions += " AND b.archived_at IS NOT NULL" }
        conditions += created.condition("b.created_at")
        conditions += completed.condition("b.completed_at")
        conditions += audited.condition("b.last_audited_at")
        return conditions
    }
}

extension Connection {
    /// Stores a batch; false if the name is taken.
    package func insertBatch(_ batch: BatchRow) throws -> Bool {
        try execute(
            """
            INSERT INTO batches (id, realm, name, project_id, kind, status, callback, metadata, priority,
                studio_position, created_at, updated_at, completed_at, last_audited_at, archived_at, steered)
            VALUES (\(batch.id), \(batch.realm), \(batch.name), \(batch.projectID), \(batch.kind), \(batch.status),
                \(batch.callback), \(batch.metadata), \(batch.priority), \(batch.studioPosition), \(batch.createdAt),
                \(batch.updatedAt), \(batch.completedAt), \(batch.lastAuditedAt), \(batch.archivedAt),
                CASE WHEN (
                    SELECT COUNT(*) FROM batches WHERE realm = \(batch.realm) AND steered = 1 AND status <> 'completed'
                ) < \(SQL(number: WorkRun.usual)) THEN 1 ELSE 0 END)
            ON CONFLICT (realm, name) DO NOTHING
            """) > 0
    }

    /// The batch of a name.
    package func batch(realm: Int64, named name: String) throws -> BatchRow? {
        try first("SELECT \(BatchRow.columns) FROM \(BatchRow.tables) WHERE b.realm = \(realm) AND b.name = \(name)")
    }

    /// A batch.
    package func batch(realm: Int64, id: String) throws -> BatchRow? {
        try first("SELECT \(BatchRow.columns) FROM \(BatchRow.tables) WHERE b.id = \(id) AND b.realm = \(realm)")
    }

    /// Batches, newest first.
    package func batches(
        realm: Int64, filter: BatchFilter = BatchFilter(), limit: Int, offset: Int = 0
    ) throws -> [BatchRow] {
        try all(
            """
            SELECT \(BatchRow.columns) FROM \(BatchRow.tables) WHERE b.realm = \(realm)\(filter.conditions)
            ORDER BY b.created_at DESC, b.id DESC LIMIT \(limit) OFFSET \(offset)
            """)
    }

    /// Batches after a position, newest first.
    package func batches(
        realm: Int64, filter: BatchFilter, after cursor: TaskCursor?, limit: Int
    ) throws -> [BatchRow] {
        var conditions = filter.conditions
        if let cursor { conditions += " AND (b.created_at, b.id) < (\(cursor.createdAt), \(cursor.id))" }
        return try all(
            """
            SELECT \(BatchRow.columns) FROM \(BatchRow.tables) WHERE b.realm = \(realm)\(conditions)
            ORDER BY b.created_at DESC, b.id DESC LIMIT \(limit)
            """)
    }

    /// How many batches a filter is about.
    package func batchTotal(realm: Int64, filter: BatchFilter = BatchFilter()) throws -> Int {
        try integer("SELECT COUNT(*) FROM batches b WHERE b.realm = \(realm)\(filter.conditions)")
    }

    /// Moves a batch from one status to another; false if it was not in the first.
    @discardableResult
    package func setBatchStatus(
        realm: Int64, id: String, from: BatchRow.Status, to status: BatchRow.Status, at: Timestamp
    ) throws -> Bool {
        try execute(
            """
            UPDATE batches SET status = \(status), updated_at = \(at),
                completed_at = \(status == .completed ? at : nil)
            WHERE id = \(id) AND realm = \(realm) AND status = \(from)
            """) > 0
    }

    /// Completes a batch in progress that has tasks and none pending; false if it is not like that.
    ///
    /// Transactions that each finish one of the last two tasks do not see each other, so this belongs into a later
    /// transaction than the one that finishes a task.
    @discardableResult
    package func completeBatchIfDone(realm: Int64, id: String, at: Timestamp) throws -> Bool {
        try execute(
            """
            UPDATE batches SET status = 'completed', completed_at = \(at), updated_at = \(at)
            WHERE id = \(id) AND realm = \(realm) AND status = 'in_progress'
                AND EXISTS (SELECT 1 FROM tasks t WHERE t.realm = \(realm) AND t.batch_id = \(id))
                AND NOT EXISTS (
                    SELECT 1 FROM tasks t WHERE t.realm = \(realm) AND t.batch_id = \(id) AND t.status = 'pending')
            """) > 0
    }

    /// Replaces a batch's metadata.
    @discardableResult
    package func setBatchMetadata(realm: Int64, id: String, metadata: String, at: Timestamp) throws -> Bool {
        try execute(
            "UPDATE batches SET metadata = \(metadata), updated_at = \(at) WHERE id = \(id) AND realm = \(realm)") > 0
    }

    /// Sets a batch's priority, also for its work that is not done yet.
    @discardableResult
    package func setBatchPriority(realm: Int64, id: String, priority: Int, at: Timestamp) throws -> Bool {
        let changed = try execute(
            "UPDATE batches SET priority = \(priority), updated_at = \(at) WHERE id = \(id) AND realm = \(realm)")
        guard changed > 0 else { return false }
        try execute(
            """
            UPDATE work_items SET priority = \(priority)
            WHERE batch_id = \(id) AND realm = \(realm) AND state IN ('waiting', 'leased')
            """)
        return true
    }

    /// Replaces the address that is told of a batch's end; nil for none.
    @discardableResult
    package func setBatchCallback(realm: Int64, id: String, callback: String?, at: Timestamp) throws -> Bool {
        try execute(
            "UPDATE batches SET callback = \(callback), updated_at = \(at) WHERE id = \(id) AND realm = \(realm)") > 0
    }

    /// Makes a staging batch one of another kind; false if it is not staging.
    @discardableResult
    package func setBatchKind(realm: Int64, id: String, kind: BatchRow.Kind, at: Timestamp) throws -> Bool {
        try execute(
            """
            UPDATE batches SET kind = \(kind), updated_at = \(at)
            WHERE id = \(id) AND realm = \(realm) AND status = 'staging'
            """) > 0
    }

    /// Notes when a task of a batch was last audited.
    @discardableResult
    package func setBatchAudited(realm: Int64, id: String, at: Timestamp) throws -> Bool {
        try execute("UPDATE batches SET last_audited_at = \(at) WHERE id = \(id) AND realm = \(realm)") > 0
    }

    /// Archives a batch, or with nil takes it back.
    @discardableResult
    package func setBatchArchived(realm: Int64, id: String, at: Timestamp?) throws -> Bool {
        try execute("UPDATE batches SET archived_at = \(at) WHERE id = \(id) AND realm = \(realm)") > 0
    }

    /// Moves staged tasks of a batch into the queue, oldest first, some at a time.
    ///
    /// - Returns: The tasks as they now are; call again until there are none.
    package func releaseStagedTasks(realm: Int64, batch: String, limit: Int, at: Timestamp) throws -> [TaskHead] {
        var heads: [TaskHead] = try all(
            """
            SELECT \(TaskHead.columns) FROM tasks t \(only: .sqlite, "INDEXED BY tasks_staged")
            WHERE t.realm = \(realm) AND t.batch_id = \(batch) AND t.stage = 'staged'
            ORDER BY t.created_at, t.id LIMIT \(limit) \(only: .postgres, "FOR UPDATE")
            """)
        guard !heads.isEmpty else { return [] }
        try execute(
            """
            UPDATE tasks SET stage = 'queued', updated_at = \(at) WHERE id IN \(list: heads.map(\.id))
            """)
        for index in heads.indices { (heads[index].stage, heads[index].updatedAt) = (.queued, at) }
        return heads
    }
}
