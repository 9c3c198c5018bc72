/// A comment on a task's work.
package struct CommentRow: Sendable, Equatable {
    /// The writer's own id.
    package var id: String
    package var realm: Int64
    package var taskID: String

    /// The id of the first comment of the thread.
    package var threadID: String

    /// The work during which it was written; nil for one from outside.
    package var workItemID: String?

    /// Who wrote it; nil for a program.
    package var userID: String?

    /// The writer's name then.
    package var author: String
    package var text: String

    /// The object that the thread is about.
    package var objectKey: String?

    /// The place that the thread is about, in picture pixels.
    package var x: Double?
    package var y: Double?
    package var createdAt: Timestamp

    /// When and by whom the thread was settled.
    package var resolvedAt: Timestamp?
    package var resolvedBy: String?

    package init(
        id: String, realm: Int64, taskID: String, threadID: String, workItemID: String?, userID: String?,
        author: String, text: String, objectKey: String?, x: Double?, y: Double?, createdAt: Timestamp
    ) {
        self.id = id
        self.realm = realm
        self.taskID = taskID
        self.threadID = threadID
        self.workItemID = workItemID
        self.userID = userID
        self.author = author
        self.text = text
        self.objectKey = objectKey
        self.x = x
        self.y = y
        self.createdAt = createdAt
        resolvedAt = nil
        resolvedBy = nil
    }
}

extension CommentRow: RowDecodable {
    static let columns: SQL = """
        id, realm, task_id, thread_id, work_item_id, user_id, author, text, object_key, x, y, created_at, \
        resolved_at, resolved_by
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        taskID = try reader.text()
        threadID = try reader.text()
        workItemID = try reader.optionalText()
        userID = try reader.optionalText()
        author = try reader.text()
        text = try reader.text()
        objectKey = try reader.optionalText()
        x = try reader.optionalDouble()
        y = try reader.optionalDouble()
        createdAt = try reader.time()
        resolvedAt = try reader.optionalTime()
        resolvedBy = try reader.optionalText()
    }
}

extension Connection {
    /// Stores a comment; false if its id is in use.
    package func insertComment(_ row: CommentRow) throws -> Bool {
        try execute(
            """
            INSERT INTO comments (id, realm, task_id, thread_id, work_item_id, user_id, author, text, object_key, x, y,
                created_at)
            VALUES (\(row.id), \(row.realm), \(row.taskID), \(row.threadID), \(row.workItemID), \(row.userID),
                \(row.author), \(row.text), \(row.objectKey), \(row.x), \(row.y), \(row.createdAt))
            ON CONFLICT (id) DO NOTHING
            """) > 0
    }

    /// The comments on a task, oldest first.
    package func comments(realm: Int64, task: String) throws -> [CommentRow] {
        try all(
            """
            SELECT \(CommentRow.columns) FROM comments WHERE task_id = \(task) AND realm = \(realm)
            ORDER BY created_at, id
            """)
    }

    /// A comment.
    package func comment(realm: Int64, id: String) throws -> CommentRow? {
        try first("SELECT \(CommentRow.columns) FROM comments WHERE id = \(id) AND realm = \(realm)")
    }

    /// Settles a thread, or with nil opens it again; false if there is none.
    @discardableResult
    package func resolveThread(realm: Int64, id: String, at: Timestamp?, by user: String?) throws -> Bool {
        try execute(
            """
            UPDATE comments SET resolved_at = \(at), resolved_by = \(at == nil ? nil : user)
            WHERE id = \(id) AND thread_id = \(id) AND realm = \(realm)
            """) > 0
    }
}
