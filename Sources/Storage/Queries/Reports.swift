/// What a labeler found wrong with a task.
package struct ReportRow: Sendable, Equatable {
    /// What is wrong.
    package enum Kind: String, SQLConvertible, CaseIterable {
        /// The data cannot be seen or heard.
        case unreadable

        /// The data is not what the instruction speaks of.
        case wrongData = "wrong_data"

        /// The instruction does not tell what to do.
        case instruction
        case other
    }

    package var id: String
    package var realm: Int64
    package var taskID: String
    package var projectID: String?
    package var workItemID: String

    /// Who found it.
    package var userID: String
    package var kind: Kind
    package var message: String
    package var createdAt: Timestamp

    package init(
        id: String, realm: Int64, taskID: String, projectID: String? = nil, workItemID: String, userID: String,
        kind: Kind, message: String, createdAt: Timestamp
    ) {
        self.id = id
        self.realm = realm
        self.taskID = taskID
        self.projectID = projectID
        self.workItemID = workItemID
        self.userID = userID
        self.kind = kind
        self.message = message
        self.createdAt = createdAt
    }
}

extension ReportRow: RowDecodable {
    static let columns: SQL = "id, realm, task_id, project_id, work_item_id, user_id, kind, message, created_at"

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        taskID = try reader.text()
        projectID = try reader.optionalText()
        workItemID = try reader.text()
        userID = try reader.text()
        kind = try reader.word()
        message = try reader.text()
        createdAt = try reader.time()
    }
}

extension Connection {
    /// Stores a report.
    package func insertReport(_ report: ReportRow) throws {
        try execute(
            """
            INSERT INTO reports (id, realm, task_id, project_id, work_item_id, user_id, kind, message, created_at)
            VALUES (\(report.id), \(report.realm), \(report.taskID), \(report.projectID), \(report.workItemID),
                \(report.userID), \(report.kind), \(report.message), \(report.createdAt))
            """)
    }

    /// Reports, newest first: all, those of a project or those of a task; after that with the id `after`.
    package func reports(
        realm: Int64, project: String? = nil, task: String? = nil, after: String? = nil, limit: Int
    ) throws -> [ReportRow] {
        var wanted: SQL = "realm = \(realm)"
        if let project { wanted += " AND project_id = \(project)" }
        if let task { wanted += " AND task_id = \(task)" }
        if let after { wanted += " AND id < \(after)" }
        return try all("SELECT \(ReportRow.columns) FROM reports WHERE \(wanted) ORDER BY id DESC LIMIT \(limit)")
    }
}
