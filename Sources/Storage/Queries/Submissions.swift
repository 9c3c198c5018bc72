/// A piece of work that was handed in: one version of a task's answer.
package struct SubmissionRow: Sendable, Equatable {
    package var taskID: String

    /// The place among the task's versions, from 1.
    package var version: Int
    package var realm: Int64

    /// The work item, whose draft is the version's document.
    package var workItemID: String
    package var kind: WorkItemRow.Kind
    package var level: Int

    /// Who handed it in; nil for what the program made.
    package var userID: String?

    /// The response, a JSON object; nil for work that is not meant as an answer, such as a rejection.
    package var response: String?

    /// How many annotations it has.
    package var objects: Int

    /// Seconds from opening the work to handing it in, where known.
    package var seconds: Double?
    package var createdAt: Timestamp

    /// When its response became the task's.
    package var finalAt: Timestamp?

    /// A version to be stored, which gets its number then.
    package init(
        of item: WorkItemRow, userID: String?, response: String?, objects: Int, seconds: Double?, createdAt: Timestamp,
        finalAt: Timestamp? = nil
    ) {
        taskID = item.taskID
        version = 0
        realm = item.realm
        workItemID = item.id
        kind = item.kind
        level = item.level
        self.userID = userID
        self.response = response
        self.objects = objects
        self.seconds = seconds
        self.createdAt = createdAt
        self.finalAt = finalAt
    }
}

extension SubmissionRow: RowDecodable {
    static let columns: SQL = """
        task_id, version, realm, work_item_id, kind, level, user_id, response, objects, seconds, created_at, final_at
        """

    package init(_ reader: inout RowReader) throws {
        taskID = try reader.text()
        version = try reader.int()
        realm = try reader.int64()
        workItemID = try reader.text()
        kind = try reader.word()
        level = try reader.int()
        userID = try reader.optionalText()
        response = try reader.optionalText()
        objects = try reader.int()
        seconds = try reader.optionalDouble()
        createdAt = try reader.time()
        finalAt = try reader.optionalTime()
    }
}

extension Connection {
    /// Stores a version behind the others of its task; returns its number.
    ///
    /// The task's row must be locked, so that no two get the same one.
    @discardableResult
    package func insertSubmission(_ row: SubmissionRow) throws -> Int {
        let version =
            try integer("SELECT COALESCE(MAX(version), 0) FROM submissions WHERE task_id = \(row.taskID)") + 1
        try execute(
            """
            INSERT INTO submissions (\(SubmissionRow.columns))
            VALUES (\(row.taskID), \(version), \(row.realm), \(row.workItemID), \(row.kind), \(row.level),
                \(row.userID), \(row.response), \(row.objects), \(row.seconds), \(row.createdAt), \(row.finalAt))
            """)
        try cover(
            [.submission(task: row.taskID, version: version)], realm: row.realm, subject: row.taskID, at: row.createdAt)
        return version
    }

    /// A task's versions, oldest first.
    package func submissions(realm: Int64, task: String) throws -> [SubmissionRow] {
        try all(
            """
            SELECT \(SubmissionRow.columns) FROM submissions WHERE task_id = \(task) AND realm = \(realm)
            ORDER BY version
            """)
    }

    /// What was handed in for a work item.
    package func submission(realm: Int64, workItem: String) throws -> SubmissionRow? {
        try first(
            """
            SELECT \(SubmissionRow.columns) FROM submissions WHERE work_item_id = \(workItem) AND realm = \(realm)
            """)
    }
}
