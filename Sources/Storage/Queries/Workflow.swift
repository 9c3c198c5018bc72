/// What becomes of the answers to a project's tasks before they are final.
package struct WorkflowRow: Sendable, Equatable {
    /// How often an answer is reviewed, one reviewer after the other.
    package var reviewLevels: Int

    /// How many people answer each task; 1 where nobody repeats another's work.
    package var attempts: Int

    /// Whether answers that agree become final without anybody merging them.
    package var isAuto: Bool

    /// From which agreement on answers count as unanimous, 0 to 1.
    package var threshold: Double

    package init(reviewLevels: Int, attempts: Int = 1, isAuto: Bool = false, threshold: Double = 0.9) {
        self.reviewLevels = reviewLevels
        self.attempts = attempts
        self.isAuto = isAuto
        self.threshold = threshold
    }
}

extension WorkflowRow: RowDecodable {
    static let columns: SQL = """
        p.review_levels, CASE WHEN p.pipeline = 'consensus_task' THEN COALESCE(p.consensus_attempts, 2) ELSE 1 END,
        p.consensus_auto, p.consensus_threshold
        """

    package init(_ reader: inout RowReader) throws {
        reviewLevels = try reader.int()
        attempts = try reader.int()
        isAuto = try reader.bool()
        threshold = try reader.double()
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
            UPDATE projects SET review_levels = \(workflow.reviewLevels),
                pipeline = CASE WHEN \(workflow.attempts) > 1 THEN 'consensus_task'
                    WHEN pipeline = 'consensus_task' THEN 'standard_task' ELSE pipeline END,
                consensus_attempts = CASE WHEN \(workflow.attempts) > 1 THEN CAST(\(workflow.attempts) AS BIGINT) END,
                consensus_auto = \(workflow.isAuto), consensus_threshold = \(workflow.threshold)
            WHERE id = \(project) AND realm = \(realm)
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
