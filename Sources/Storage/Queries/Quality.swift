/// A task with a known answer, to measure or to train people by.
package struct QualityTaskRow: Sendable, Equatable {
    /// What it is for.
    package enum Kind: String, SQLConvertible {
        case evaluation, training
    }

    package var id: String
    package var realm: Int64
    package var kind: Kind
    package var type: String
    package var projectID: String?

    /// JSON objects.
    package var params: String
    package var expectedResponse: String
    package var initialResponse: String?
    package var createdAt: Timestamp

    package init(
        id: String, realm: Int64, kind: Kind, type: String, projectID: String? = nil, params: String,
        expectedResponse: String, initialResponse: String? = nil, createdAt: Timestamp
    ) {
        self.id = id
        self.realm = realm
        self.kind = kind
        self.type = type
        self.projectID = projectID
        self.params = params
        self.expectedResponse = expectedResponse
        self.initialResponse = initialResponse
        self.createdAt = createdAt
    }
}

extension QualityTaskRow: RowDecodable {
    static let columns: SQL =
        "id, realm, kind, type, project_id, params, expected_response, initial_response, created_at"

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        kind = try reader.word()
        type = try reader.text()
        projectID = try reader.optionalText()
        params = try reader.text()
        expectedResponse = try reader.text()
        initialResponse = try reader.optionalText()
        createdAt = try reader.time()
    }
}

extension Connection {
    /// Stores a task with a known answer.
    package func insertQualityTask(_ task: QualityTaskRow) throws {
        try execute(
            """
            INSERT INTO quality_tasks (\(QualityTaskRow.columns))
            VALUES (\(task.id), \(task.realm), \(task.kind), \(task.type), \(task.projectID), \(task.params),
                \(task.expectedResponse), \(task.initialResponse), \(task.createdAt))
            """)
    }

    /// A task with a known answer.
    package func qualityTask(realm: Int64, id: String) throws -> QualityTaskRow? {
        try first("SELECT \(QualityTaskRow.columns) FROM quality_tasks WHERE id = \(id) AND realm = \(realm)")
    }

    /// Tasks with known answers, of one kind or both, newest first.
    package func qualityTasks(
        realm: Int64, kind: QualityTaskRow.Kind? = nil, limit: Int, offset: Int = 0
    ) throws -> [QualityTaskRow] {
        var condition: SQL = ""
        if let kind { condition = " AND kind = \(kind)" }
        return try all(
            """
            SELECT \(QualityTaskRow.columns) FROM quality_tasks WHERE realm = \(realm)\(condition)
            ORDER BY created_at DESC, id DESC LIMIT \(limit) OFFSET \(offset)
            """)
    }
}
