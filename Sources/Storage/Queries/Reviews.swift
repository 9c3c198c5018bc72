/// A reviewer's verdict on a piece of work.
package struct ReviewRow: Sendable, Equatable {
    /// What the reviewer found.
    package enum Verdict: String, SQLConvertible, CaseIterable {
        case accepted

        /// Accepted after the reviewer had put something right.
        case fixed
        case rejected
    }

    /// That of the review's work item.
    package var id: String
    package var realm: Int64
    package var taskID: String
    package var projectID: String?
    package var batchID: String?
    package var level: Int
    package var verdict: Verdict
    package var reviewer: String

    /// Whose work it was.
    package var labeler: String?

    /// The work item that was reviewed.
    package var reviewed: String

    /// Objects that were expressly accepted, and those that were rejected.
    package var acceptedObjects: [String]
    package var rejectedObjects: [String]

    /// How many comments the reviewer wrote.
    package var comments: Int

    /// Seconds from opening to deciding.
    package var seconds: Double
    package var createdAt: Timestamp

    package init(
        id: String, realm: Int64, taskID: String, projectID: String?, batchID: String?, level: Int, verdict: Verdict,
        reviewer: String, labeler: String?, reviewed: String, acceptedObjects: [String], rejectedObjects: [String],
        comments: Int, seconds: Double, createdAt: Timestamp
    ) {
        self.id = id
        self.realm = realm
        self.taskID = taskID
        self.projectID = projectID
        self.batchID = batchID
        self.level = level
        self.verdict = verdict
        self.reviewer = reviewer
        self.labeler = labeler
        self.reviewed = reviewed
        self.acceptedObjects = acceptedObjects
        self.rejectedObjects = rejectedObjects
        self.comments = comments
        self.seconds = seconds
        self.createdAt = createdAt
    }
}

extension ReviewRow: RowDecodable {
    static let columns: SQL = """
        id, realm, task_id, project_id, batch_id, level, verdict, reviewer, labeler, reviewed, accepted_objects, \
        rejected_objects, comments, seconds, created_at
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        taskID = try reader.text()
        projectID = try reader.optionalText()
        batchID = try reader.optionalText()
        level = try reader.int()
        verdict = try reader.word()
        reviewer = try reader.text()
        labeler = try reader.optionalText()
        reviewed = try reader.text()
        acceptedObjects = TextList.split(try reader.text())
        rejectedObjects = TextList.split(try reader.text())
        comments = try reader.int()
        seconds = try reader.double()
        createdAt = try reader.time()
    }
}

extension Connection {
    /// Stores a verdict.
    package func insertReview(_ row: ReviewRow) throws {
        try execute(
            """
            INSERT INTO reviews (\(ReviewRow.columns))
            VALUES (\(row.id), \(row.realm), \(row.taskID), \(row.projectID), \(row.batchID), \(row.level),
                \(row.verdict), \(row.reviewer), \(row.labeler), \(row.reviewed),
                \(TextList.join(row.acceptedObjects)), \(TextList.join(row.rejectedObjects)), \(row.comments),
                \(row.seconds), \(row.createdAt))
            """)
        try cover([.review(id: row.id)], realm: row.realm, subject: row.taskID, at: row.createdAt)
    }

    /// The verdicts on a task's work, oldest first.
    package func reviews(realm: Int64, task: String) throws -> [ReviewRow] {
        try all(
            """
            SELECT \(ReviewRow.columns) FROM reviews WHERE task_id = \(task) AND realm = \(realm)
            ORDER BY created_at, id
            """)
    }

    /// Ends the reservations whose time is over: the items go to the queue, where their people are still the first.
    ///
    /// - Returns: How many.
    @discardableResult
    package func endReservations(now: Timestamp, limit: Int) throws -> Int {
        try execute(
            """
            UPDATE work_items SET preferred = assignee, assignee = NULL, reserved_until = NULL
            WHERE id IN (
                SELECT id FROM work_items WHERE reserved_until IS NOT NULL AND reserved_until <= \(now)
                ORDER BY reserved_until LIMIT \(limit))
            """)
    }
}
