/// What becomes of the answers to a project's tasks before they are final.
package struct WorkflowRow: Sendable, Equatable {
    /// How often an answer is reviewed, one reviewer after the other.
    package var reviewLevels: Int

    package init(reviewLevels: Int) {
        self.reviewLevels = reviewLevels
    }
}

extension WorkflowRow: RowDecodable {
    static let columns: SQL = "p.review_levels"

    package init(_ reader: inout RowReader) throws {
        reviewLevels = try reader.int()
    }
}

extension Connection {
    /// A project's workflow.
    package func workflow(realm: Int64, project: String) throws -> WorkflowRow? {
        try first("SELECT \(WorkflowRow.columns) FROM projects p WHERE p.id = \(project) AND p.realm = \(realm)")
    }

    /// Replaces a project's workflow; false if there is no such project.
    @discardableResult
    package func setWorkflow(realm: Int64, project: String, _ workflow: WorkflowRow) throws -> Bool {
        try execute(
            """
            UPDATE projects SET review_levels = \(workflow.reviewLevels) WHERE id = \(project) AND realm = \(realm)
            """) > 0
    }

    /// How often the answer to a task is reviewed now.
    ///
    /// What a team labels itself to find its rules is not: those who own the rules did it.
    package func reviewLevels(realm: Int64, project: String?, batch: String?) throws -> Int {
        guard let project else { return 0 }
        return try integer(
            """
            SELECT p.review_levels FROM projects p WHERE p.id = \(project) AND p.realm = \(realm)
                AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.id = \(batch) AND b.kind = 'self_label')
            """)
    }
}
