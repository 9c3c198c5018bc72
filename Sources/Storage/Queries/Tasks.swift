extension Connection {
    // MARK: Storing

    /// Reserves an idempotency key for a task; answers nil if it was free, else the task that has it.
    package func reserveIdempotencyKey(realm: Int64, key: String, task: String, at: Timestamp) throws -> String? {
        let changed = try execute(
            """
            INSERT INTO idempotency_keys (realm, name, task_id, created_at) VALUES (\(realm), \(key), \(task), \(at))
            ON CONFLICT (realm, name) DO NOTHING
            """)
        if changed > 0 { return nil }
        let other = try optionalText("SELECT task_id FROM idempotency_keys WHERE realm = \(realm) AND name = \(key)")
        guard let other else { throw StorageError.conflict("An idempotency key was forgotten while it was asked for.") }
        return other
    }

    /// Forgets idempotency keys that are older; returns how many.
    @discardableResult
    package func deleteIdempotencyKeys(before: Timestamp) throws -> Int {
        try execute("DELETE FROM idempotency_keys WHERE created_at < \(before)")
    }

    // MARK: Reading

    /// A whole task.
    package func task(realm: Int64, id: String) throws -> TaskRow? {
        try first(
            "SELECT \(TaskRow.columns) FROM \(TaskRow.tables) WHERE t.id = \(id) AND t.realm = \(realm)")
    }

    /// Whole tasks, newest first; ids that are not there are left out.
    package func tasks(realm: Int64, ids: [String]) throws -> [TaskRow] {
        // The sum keeps SQLite, which has no statistics and takes a realm for a handful of rows, from walking all of it.
        try all(
            """
            SELECT \(TaskRow.columns) FROM \(TaskRow.tables) WHERE t.id IN \(list: ids) AND t.realm + 0 = \(realm)
            ORDER BY t.created_at DESC, t.id DESC
            """)
    }

    /// A task without its texts.
    package func taskHead(realm: Int64, id: String) throws -> TaskHead? {
        try first("SELECT \(TaskHead.columns) FROM tasks t WHERE t.id = \(id) AND t.realm = \(realm)")
    }

    /// A task without its texts, kept from other writers until the transaction ends.
    ///
    /// Transitions start here, so that two of one task never decide on the same earlier state.
    package func lockTask(realm: Int64, id: String) throws -> TaskHead? {
        try first(
            """
            SELECT \(TaskHead.columns) FROM tasks t WHERE t.id = \(id) AND t.realm = \(realm)
            \(only: .postgres, "FOR UPDATE")
            """)
    }

    /// Tasks without their texts, by their ids, kept from other writers until the transaction ends.
    package func lockTasks(realm: Int64, ids: [String]) throws -> [String: TaskHead] {
        // Always in the same order, so that two who lock some of the same tasks never wait for each other.
        let heads: [TaskHead] = try all(
            """
            SELECT \(TaskHead.columns) FROM tasks t WHERE t.id IN \(list: ids) AND t.realm + 0 = \(realm)
            ORDER BY t.id \(only: .postgres, "FOR UPDATE")
            """)
        return Dictionary(heads.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The task that has a unique id.
    package func taskID(realm: Int64, uniqueID: String) throws -> String? {
        try optionalText("SELECT id FROM tasks WHERE realm = \(realm) AND unique_id = \(uniqueID)")
    }

    // MARK: Transitions

    /// Moves a pending task to another stage.
    @discardableResult
    package func moveTask(realm: Int64, id: String, to stage: TaskRow.Stage, at: Timestamp) throws -> Bool {
        try execute(
            """
            UPDATE tasks SET stage = \(stage), updated_at = \(at)
            WHERE id = \(id) AND realm = \(realm) AND status = 'pending'
            """) > 0
    }

    /// Notes when work on a task began; later calls change nothing.
    @discardableResult
    package func startTask(realm: Int64, id: String, at: Timestamp) throws -> Bool {
        try execute(
            """
            UPDATE tasks SET started_at = \(at), updated_at = \(at)
            WHERE id = \(id) AND realm = \(realm) AND started_at IS NULL
            """) > 0
    }

    /// Ends a pending task, as completed, canceled or faulty; answers the task as it now is, or nil if it was not
    /// pending.
    ///
    /// The response, or detail of the fault, is a JSON object; nil keeps what is there.
    @discardableResult
    package func finishTask(
        realm: Int64, id: String, as status: TaskRow.Status, response: String?, at: Timestamp
    ) throws -> TaskHead? {
        guard let before = try lockTask(realm: realm, id: id), before.status == .pending, status != .pending else {
            return nil
        }
        let completedAt = status == .completed ? at : nil
        try execute(
            """
            UPDATE tasks SET status = \(status), stage = 'done', completed_at = \(completedAt), updated_at = \(at)
            WHERE id = \(id)
            """)
        if let response {
            try execute("UPDATE task_payloads SET response = \(response) WHERE task_id = \(id)")
            try cover([.response(task: id)], realm: realm, subject: id, at: at)
        }
        try recount(before, to: status)
        var after = before
        (after.status, after.stage, after.completedAt, after.updatedAt) = (status, .done, completedAt, at)
        return after
    }

    /// Makes a completed task pending again.
    @discardableResult
    package func reopenTask(realm: Int64, id: String, stage: TaskRow.Stage, at: Timestamp) throws -> Bool {
        guard let before = try lockTask(realm: realm, id: id), before.status == .completed else { return false }
        try execute(
            """
            UPDATE tasks SET status = 'pending', stage = \(stage), completed_at = NULL, updated_at = \(at)
            WHERE id = \(id)
            """)
        try recount(before, to: .pending)
        return true
    }

    /// Carries a change of status to where else it is kept.
    private func recount(_ task: TaskHead, to status: TaskRow.Status) throws {
        let tags = try taskTags(task.id)
        if !tags.isEmpty {
            try execute(
                """
                UPDATE task_tags SET status = \(status)
                WHERE realm = \(task.realm) AND tag IN \(list: tags) AND created_at = \(task.createdAt)
                    AND task_id = \(task.id)
                """)
        }
        for (change, status) in [(-1, task.status), (1, status)] {
            try count(
                change, realm: task.realm, project: task.projectID, batch: task.batchID, type: task.type, status: status
            )
        }
    }

    // MARK: Pieces

    /// Replaces a task's response and rare members.
    @discardableResult
    package func setTaskResponse(
        realm: Int64, id: String, response: String?, extra: String?, at: Timestamp
    ) throws -> Bool {
        guard try touch(realm: realm, id: id, at: at) else { return false }
        try execute("UPDATE task_payloads SET response = \(response), extra = \(extra) WHERE task_id = \(id)")
        try cover([.response(task: id)], realm: realm, subject: id, at: at)
        return true
    }

    /// Gives a task a unique id.
    package func setUniqueID(realm: Int64, id: String, uniqueID: String, at: Timestamp) throws -> UniqueIDChange {
        guard try lockTask(realm: realm, id: id) != nil else { return .missing }
        if let other = try taskID(realm: realm, uniqueID: uniqueID), other != id { return .takenBy(other) }
        do {
            try execute("UPDATE tasks SET unique_id = \(uniqueID), updated_at = \(at) WHERE id = \(id)")
        } catch StorageError.constraint(.unique, let message) {
            // Another transaction was quicker; seen again, the id is taken.
            throw StorageError.conflict(message)
        }
        try refreshWords(realm: realm, task: id)
        return .set
    }

    /// Takes a task's unique id away.
    @discardableResult
    package func clearUniqueID(realm: Int64, id: String, at: Timestamp) throws -> Bool {
        let changed = try execute(
            "UPDATE tasks SET unique_id = NULL, updated_at = \(at) WHERE id = \(id) AND realm = \(realm)")
        guard changed > 0 else { return false }
        try refreshWords(realm: realm, task: id)
        return true
    }

    /// Replaces a task's metadata.
    @discardableResult
    package func setMetadata(realm: Int64, id: String, metadata: String, at: Timestamp) throws -> Bool {
        guard try touch(realm: realm, id: id, at: at) else { return false }
        try execute("UPDATE task_payloads SET metadata = \(metadata) WHERE task_id = \(id)")
        try refreshWords(realm: realm, task: id)
        return true
    }

    /// Notes whether the last callback arrived; this does not count as a change of the task.
    @discardableResult
    package func setCallbackState(realm: Int64, id: String, _ state: TaskRow.CallbackState?) throws -> Bool {
        try execute("UPDATE tasks SET callback_state = \(state) WHERE id = \(id) AND realm = \(realm)") > 0
    }

    @discardableResult
    private func touch(realm: Int64, id: String, at: Timestamp) throws -> Bool {
        try execute("UPDATE tasks SET updated_at = \(at) WHERE id = \(id) AND realm = \(realm)") > 0
    }
}
