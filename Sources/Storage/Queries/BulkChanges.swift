/// A change of many tasks, which a job makes one after the other.
package struct BulkChangeRow: Sendable, Equatable {
    /// How far it has come.
    package enum State: String, SQLConvertible, CaseIterable {
        case waiting, running, done, canceled, failed

        /// Whether something may still happen.
        package var isOpen: Bool { self == .waiting || self == .running }
    }

    package var id: String
    package var realm: Int64

    /// What is done, a word of the rules'.
    package var action: String

    /// With what, a JSON object of the rules'.
    package var detail: String

    /// To which tasks, a JSON object of the rules'.
    package var selection: String
    package var state: State

    /// How many tasks there were when it was asked for.
    package var total: Int
    package var changed: Int
    package var unchanged: Int
    package var refused: Int

    /// Where the work goes on, a text of the rules'; nil at the beginning.
    package var progress: String?

    /// Who asked for it, as the event log and as people name them.
    package var actor: String
    package var actorName: String

    /// The change that this one takes back, or that takes this one back.
    package var undoes: String?
    package var undoneBy: String?
    package var error: String?
    package var createdAt: Timestamp
    package var finishedAt: Timestamp?

    package init(
        id: String, realm: Int64, action: String, detail: String, selection: String, total: Int, actor: String,
        actorName: String, undoes: String? = nil, createdAt: Timestamp
    ) {
        self.id = id
        self.realm = realm
        self.action = action
        self.detail = detail
        self.selection = selection
        state = .waiting
        self.total = total
        changed = 0
        unchanged = 0
        refused = 0
        self.actor = actor
        self.actorName = actorName
        self.undoes = undoes
        self.createdAt = createdAt
    }

    /// How many tasks have had their turn.
    package var done: Int { changed + unchanged + refused }
}

extension BulkChangeRow: RowDecodable {
    static let columns: SQL = """
        id, realm, action, detail, selection, state, total, changed, unchanged, refused, progress, actor, actor_name, \
        undoes, undone_by, error, created_at, finished_at
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        action = try reader.text()
        detail = try reader.text()
        selection = try reader.text()
        state = try reader.word()
        total = try reader.int()
        changed = try reader.int()
        unchanged = try reader.int()
        refused = try reader.int()
        progress = try reader.optionalText()
        actor = try reader.text()
        actorName = try reader.text()
        undoes = try reader.optionalText()
        undoneBy = try reader.optionalText()
        error = try reader.optionalText()
        createdAt = try reader.time()
        finishedAt = try reader.optionalTime()
    }
}

/// What became of one task in a change of many.
package struct BulkResultRow: Sendable, Equatable {
    /// Whether the task is another one now.
    package enum Outcome: String, SQLConvertible, CaseIterable {
        case changed, unchanged, refused
    }

    /// The place in the order of the work, from 0.
    package var position: Int
    package var taskID: String
    package var outcome: Outcome

    /// Why a task was refused, a sentence.
    package var reason: String?

    /// What undoing needs, a text of the rules'.
    package var before: String?

    package init(position: Int, taskID: String, outcome: Outcome, reason: String? = nil, before: String? = nil) {
        self.position = position
        self.taskID = taskID
        self.outcome = outcome
        self.reason = reason
        self.before = before
    }
}

extension BulkResultRow: RowDecodable {
    static let columns: SQL = "position, task_id, outcome, reason, before"

    package init(_ reader: inout RowReader) throws {
        position = try reader.int()
        taskID = try reader.text()
        outcome = try reader.word()
        reason = try reader.optionalText()
        before = try reader.optionalText()
    }
}

extension Connection {
    /// Stores a change of many tasks that is to be made.
    package func insertBulkChange(_ row: BulkChangeRow) throws {
        try execute(
            """
            INSERT INTO bulk_changes (\(BulkChangeRow.columns))
            VALUES (\(row.id), \(row.realm), \(row.action), \(row.detail), \(row.selection), \(row.state), \(row.total),
                \(row.changed), \(row.unchanged), \(row.refused), \(row.progress), \(row.actor), \(row.actorName),
                \(row.undoes), \(row.undoneBy), \(row.error), \(row.createdAt), \(row.finishedAt))
            """)
    }

    /// A change of many tasks.
    package func bulkChange(realm: Int64, id: String) throws -> BulkChangeRow? {
        try first("SELECT \(BulkChangeRow.columns) FROM bulk_changes WHERE id = \(id) AND realm = \(realm)")
    }

    /// A change of many tasks, kept from other writers until the transaction ends.
    package func lockBulkChange(realm: Int64, id: String) throws -> BulkChangeRow? {
        try first(
            """
            SELECT \(BulkChangeRow.columns) FROM bulk_changes WHERE id = \(id) AND realm = \(realm)
            \(only: .postgres, "FOR UPDATE")
            """)
    }

    /// Changes of many tasks, newest first, from behind one of them on.
    package func bulkChanges(realm: Int64, after id: String?, limit: Int) throws -> [BulkChangeRow] {
        let position: SQL = id.map { " AND id < \($0)" } ?? ""
        return try all(
            """
            SELECT \(BulkChangeRow.columns) FROM bulk_changes WHERE realm = \(realm)\(position)
            ORDER BY id DESC LIMIT \(SQL(number: limit))
            """)
    }

    /// Writes how far a change of many tasks has come.
    package func updateBulkChange(_ row: BulkChangeRow) throws {
        try execute(
            """
            UPDATE bulk_changes SET state = \(row.state), changed = \(row.changed), unchanged = \(row.unchanged),
                refused = \(row.refused), progress = \(row.progress), undone_by = \(row.undoneBy), error = \(row.error),
                finished_at = \(row.finishedAt), total = \(row.total)
            WHERE id = \(row.id)
            """)
    }

    /// Stores what became of some tasks.
    package func insertBulkResults(_ results: [BulkResultRow], of bulk: String) throws {
        guard let last = results.last else { return }
        // Filled up to a power of two by the last one, which is then there already.
        var room = 1
        while room < results.count { room *= 2 }
        let rows = (results + Array(repeating: last, count: room - results.count)).map { row -> SQL in
            "(\(bulk), \(row.position), \(row.taskID), \(row.outcome), \(row.reason), \(row.before))"
        }
        try execute(
            """
            INSERT INTO bulk_results (bulk_id, position, task_id, outcome, reason, before)
            VALUES \(.joined(rows, by: ", ")) ON CONFLICT DO NOTHING
            """)
    }

    /// What became of the tasks of a change, in the order of the work, from behind a position on.
    package func bulkResults(
        _ bulk: String, outcome: BulkResultRow.Outcome? = nil, after position: Int = -1, limit: Int
    ) throws -> [BulkResultRow] {
        let condition: SQL = outcome.map { " AND outcome = \($0)" } ?? ""
        // The condition as a constant lets the index of the few be used.
        let isKept: SQL = outcome == .changed || outcome == nil ? "" : " AND outcome <> 'changed'"
        return try all(
            """
            SELECT \(BulkResultRow.columns) FROM bulk_results
            WHERE bulk_id = \(bulk) AND position > \(position)\(condition)\(isKept)
            ORDER BY position LIMIT \(SQL(number: limit))
            """)
    }

    // MARK: What is changed

    /// Gives tasks a priority, also for their work that is not done yet; nil is the usual one.
    package func setTaskPriority(realm: Int64, ids: [String], priority: Int?, at: Timestamp) throws {
        try execute(
            """
            UPDATE tasks SET priority = \(priority), updated_at = \(at)
            WHERE id IN \(list: ids) AND realm + 0 = \(realm)
            """)
        try execute(
            """
            UPDATE work_items SET priority = \(priority ?? NewWorkItem.usualPriority)
            WHERE task_id IN \(list: ids) AND realm + 0 = \(realm) AND state IN ('waiting', 'leased')
            """)
    }

    /// Puts a task that nobody works on into another batch of its project.
    package func setTaskBatch(_ task: TaskHead, to batch: String, at: Timestamp) throws {
        try execute(
            "UPDATE tasks SET batch_id = \(batch), updated_at = \(at) WHERE id = \(task.id) AND realm = \(task.realm)")
        let tags = try taskTags(task.id)
        if !tags.isEmpty {
            try execute(
                """
                UPDATE task_tags SET batch_id = \(batch)
                WHERE realm = \(task.realm) AND tag IN \(list: tags) AND created_at = \(task.createdAt)
                    AND task_id = \(task.id)
                """)
        }
        for (change, batch) in [(-1, task.batchID), (1, batch)] {
            try count(
                change, realm: task.realm, project: task.projectID, batch: batch, type: task.type, status: task.status)
        }
    }
}
