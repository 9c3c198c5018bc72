/// A completed task that is shown beside a project's instruction.
package struct ExampleRow: Sendable, Equatable {
    package var id: String
    package var realm: Int64
    package var projectID: String
    package var taskID: String

    /// What it is an example of.
    package var note: String

    /// The answer as it was then, a JSON object.
    package var response: String
    package var createdBy: String
    package var createdAt: Timestamp

    package init(
        id: String, realm: Int64, projectID: String, taskID: String, note: String, response: String, createdBy: String,
        createdAt: Timestamp
    ) {
        self.id = id
        self.realm = realm
        self.projectID = projectID
        self.taskID = taskID
        self.note = note
        self.response = response
        self.createdBy = createdBy
        self.createdAt = createdAt
    }
}

extension ExampleRow: RowDecodable {
    static let columns: SQL = "id, realm, project_id, task_id, note, response, created_by, created_at"

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        projectID = try reader.text()
        taskID = try reader.text()
        note = try reader.text()
        response = try reader.text()
        createdBy = try reader.text()
        createdAt = try reader.time()
    }
}

extension Connection {
    /// Shows a task as an example, or changes what is said of it; returns the example's id.
    package func putExample(_ row: ExampleRow) throws -> String {
        let id = try optionalText(
            """
            INSERT INTO project_examples (\(ExampleRow.columns))
            VALUES (\(row.id), \(row.realm), \(row.projectID), \(row.taskID), \(row.note), \(row.response),
                \(row.createdBy), \(row.createdAt))
            ON CONFLICT (project_id, task_id) DO UPDATE SET note = excluded.note, response = excluded.response
            RETURNING id
            """)
        return id ?? row.id
    }

    /// A project's examples, oldest first.
    package func examples(realm: Int64, project: String, limit: Int) throws -> [ExampleRow] {
        try all(
            """
            SELECT \(ExampleRow.columns) FROM project_examples WHERE project_id = \(project) AND realm = \(realm)
            ORDER BY created_at, id LIMIT \(limit)
            """)
    }

    /// Shows an example no longer.
    package func deleteExample(realm: Int64, project: String, id: String) throws -> Bool {
        try execute(
            "DELETE FROM project_examples WHERE id = \(id) AND project_id = \(project) AND realm = \(realm)") > 0
    }

    /// Whether a task is an example of its project.
    package func isExample(project: String, task: String) throws -> Bool {
        try optionalText(
            "SELECT id FROM project_examples WHERE project_id = \(project) AND task_id = \(task) LIMIT 1") != nil
    }

    /// The evaluation or training tasks that were made of a task, by kind.
    package func qualityTasks(source task: String) throws -> [QualityTaskRow] {
        try all("SELECT \(QualityTaskRow.columns) FROM quality_tasks WHERE source_task = \(task)")
    }

    /// Notes which task an evaluation or training task was made of.
    package func setSource(qualityTask id: String, task: String) throws {
        try execute("UPDATE quality_tasks SET source_task = \(task) WHERE id = \(id)")
    }
}
