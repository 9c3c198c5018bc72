/// New tasks as the statements that write them, made before the transaction that runs these.
///
/// Who writes holds up everybody else who does, so rows and texts are put together by whoever brings the tasks.
package struct TaskInserts: Sendable {
    /// The tasks, in their order.
    let tasks: [NewTask]

    /// What tells whether all of them are new.
    fileprivate let heads: [SQL]
    fileprivate let parts: [SQL]

    /// How many tasks these are.
    package var count: Int { tasks.count }

    /// Makes the statements for tasks, and for events and jobs that go with them.
    ///
    /// `jobs`: none that waits for an earlier one, whose place only the database knows.
    package init(_ tasks: [NewTask], events: [NewEvent] = [], jobs: [NewJob] = [], at now: Timestamp) {
        self.tasks = tasks
        heads = Self.heads(of: tasks)
        let parts = [
            Self.payloads(of: tasks), Self.tags(of: tasks), Self.words(of: tasks), Self.attachments(of: tasks),
            Self.counts(of: tasks), NewEvent.rows(events).statements,
            NewJob.rows(jobs, at: now).statements,
        ]
        self.parts = parts.flatMap(\.self)
    }

    private static func heads(of tasks: [NewTask]) -> [SQL] {
        var rows = RowInsert(
            """
            tasks (id, realm, type, status, stage, project_id, batch_id, param_version, priority, unique_id,
                clear_unique_id_on_error, callback_url, created_at, updated_at, completed_at, attachments_waiting)
            """, conflict: "ON CONFLICT (realm, unique_id) WHERE unique_id IS NOT NULL DO NOTHING")
        for task in tasks {
            rows.add([
                task.id.sqlValue, task.realm.sqlValue, task.type.sqlValue, task.status.sqlValue, task.stage.sqlValue,
                task.projectID.sqlValue, task.batchID.sqlValue, task.paramVersion.sqlValue, task.priority.sqlValue,
                task.uniqueID.sqlValue, task.clearUniqueIDOnError.sqlValue, task.callbackURL.sqlValue,
                task.createdAt.sqlValue, (task.completedAt ?? task.createdAt).sqlValue, task.completedAt.sqlValue,
                task.attachments.count.sqlValue,
            ])
        }
        return rows.statements
    }

    private static func payloads(of tasks: [NewTask]) -> [SQL] {
        var rows = RowInsert("task_payloads (task_id, instruction, params, metadata, tags, response, extra)")
        for task in tasks {
            rows.add([
                task.id.sqlValue, task.instruction.sqlValue, task.params.sqlValue, task.metadata.sqlValue,
                TextList.join(task.tags).sqlValue, task.response.sqlValue, task.extra.sqlValue,
            ])
        }
        return rows.statements
    }

    private static func tags(of tasks: [NewTask]) -> [SQL] {
        var rows = RowInsert(
            "task_tags (realm, tag, created_at, task_id, status, type, project_id, batch_id)",
            conflict: "ON CONFLICT DO NOTHING")
        for task in tasks {
            for tag in task.tags {
                rows.add([
                    task.realm.sqlValue, tag.sqlValue, task.createdAt.sqlValue, task.id.sqlValue, task.status.sqlValue,
                    task.type.sqlValue, task.projectID.sqlValue, task.batchID.sqlValue,
                ])
            }
        }
        return rows.statements
    }

    private static func words(of tasks: [NewTask]) -> [SQL] {
        var rows = RowInsert(
            "task_words (realm, word, created_at, task_id, project_id)", conflict: "ON CONFLICT DO NOTHING")
        var texts = RowInsert("task_texts (task_id, words)", conflict: "ON CONFLICT DO NOTHING")
        for task in tasks {
            let words = TaskWords.of(uniqueID: task.uniqueID, tags: task.tags, metadata: task.metadata)
            guard !words.isEmpty else { continue }
            for word in words {
                rows.add([
                    task.realm.sqlValue, word.sqlValue, task.createdAt.sqlValue, task.id.sqlValue,
                    task.projectID.sqlValue,
                ])
            }
            texts.add([task.id.sqlValue, TaskWords.text(words).sqlValue])
        }
        return rows.statements + texts.statements
    }

    private static func attachments(of tasks: [NewTask]) -> [SQL] {
        var rows = RowInsert("attachments (task_id, position, realm, path, url, role, state)")
        for task in tasks {
            for (position, attachment) in task.attachments.enumerated() {
                rows.add([
                    task.id.sqlValue, position.sqlValue, task.realm.sqlValue, attachment.path.sqlValue,
                    attachment.url.sqlValue, attachment.role.sqlValue, AttachmentRow.State.waiting.sqlValue,
                ])
            }
        }
        return rows.statements
    }

    /// The counts, of those that count alike together.
    private static func counts(of tasks: [NewTask]) -> [SQL] {
        var rows = RowInsert("counter_deltas (realm, project_id, batch_id, type, status, n)")
        for (kind, tasks) in Dictionary(grouping: tasks, by: TaskKind.init) {
            rows.add([
                kind.realm.sqlValue, kind.project.sqlValue, kind.batch.sqlValue, kind.type.sqlValue,
                kind.status.sqlValue, tasks.count.sqlValue,
            ])
        }
        return rows.statements
    }
}

/// What tasks have in common that count together.
private struct TaskKind: Hashable {
    let realm: Int64
    let project: String?
    let batch: String?
    let type: String
    let status: TaskRow.Status

    init(_ task: NewTask) {
        realm = task.realm
        project = task.projectID
        batch = task.batchID
        type = task.type
        status = task.status
    }
}

extension Connection {
    /// Stores a task with its texts, tags, attachments and its place in the counts.
    package func insertTask(_ task: NewTask) throws -> TaskInsertion {
        try insertTask(TaskInserts([task], at: task.createdAt))
    }

    /// Stores the one task that statements were made for, and what goes with it.
    package func insertTask(_ inserts: TaskInserts) throws -> TaskInsertion {
        if try insertHeads(of: inserts) == 0, let task = inserts.tasks.first, let uniqueID = task.uniqueID {
            // The other task can vanish only by losing its unique id, in another transaction, just now.
            guard let other = try taskID(realm: task.realm, uniqueID: uniqueID) else {
                throw StorageError.conflict("A unique id was freed while it was asked for.")
            }
            return .uniqueIDTaken(by: other)
        }
        try insertParts(of: inserts)
        return .inserted
    }

    /// Stores tasks whose unique ids were found free, and what goes with them.
    ///
    /// - Throws: `StorageError.conflict` if a unique id was taken meanwhile; seen again, it is not free.
    package func insertTasks(_ inserts: TaskInserts) throws {
        guard try insertHeads(of: inserts) == inserts.count else {
            throw StorageError.conflict("A unique id was taken while it was asked for.")
        }
        try insertParts(of: inserts)
    }

    private func insertHeads(of inserts: TaskInserts) throws -> Int {
        try inserts.heads.reduce(0) { try $0 + execute($1) }
    }

    private func insertParts(of inserts: TaskInserts) throws {
        for statement in inserts.parts { try execute(statement) }
        for task in inserts.tasks where task.response != nil || task.extra != nil {
            try cover([.response(task: task.id)], realm: task.realm, subject: task.id, at: task.createdAt)
        }
    }
}
