/// How several answers to one task agreed when they were put together.
package struct AgreementRow: Sendable, Equatable {
    /// The merge item it was made for.
    package var workItemID: String
    package var taskID: String
    package var realm: Int64
    package var projectID: String?
    package var batchID: String?

    /// From 0 to 1.
    package var agreement: Double

    /// From which agreement on the project took answers for unanimous.
    package var threshold: Double
    package var attempts: Int

    /// How many things all answers had alike, and how many not.
    package var agreed: Int
    package var differenceCount: Int

    /// Whether somewhere voices were equally divided.
    package var isUndecided: Bool

    /// Whether the task went on without anybody merging.
    package var isByItself: Bool

    /// JSON arrays.
    package var answers: String
    package var differences: String
    package var createdAt: Timestamp

    package init(
        workItemID: String, taskID: String, realm: Int64, projectID: String?, batchID: String?, agreement: Double,
        threshold: Double, attempts: Int, agreed: Int, differenceCount: Int, isUndecided: Bool, isByItself: Bool,
        answers: String, differences: String, createdAt: Timestamp
    ) {
        self.workItemID = workItemID
        self.taskID = taskID
        self.realm = realm
        self.projectID = projectID
        self.batchID = batchID
        self.agreement = agreement
        self.threshold = threshold
        self.attempts = attempts
        self.agreed = agreed
        self.differenceCount = differenceCount
        self.isUndecided = isUndecided
        self.isByItself = isByItself
        self.answers = answers
        self.differences = differences
        self.createdAt = createdAt
    }
}

extension AgreementRow: RowDecodable {
    static let columns: SQL = """
        work_item_id, task_id, realm, project_id, batch_id, agreement, threshold, attempts, agreed, difference_count, \
        is_undecided, by_itself, answers, differences, created_at
        """

    package init(_ reader: inout RowReader) throws {
        workItemID = try reader.text()
        taskID = try reader.text()
        realm = try reader.int64()
        projectID = try reader.optionalText()
        batchID = try reader.optionalText()
        agreement = try reader.double()
        threshold = try reader.double()
        attempts = try reader.int()
        agreed = try reader.int()
        differenceCount = try reader.int()
        isUndecided = try reader.bool()
        isByItself = try reader.bool()
        answers = try reader.text()
        differences = try reader.text()
        createdAt = try reader.time()
    }
}

/// What a project demands of several answers to one task.
package struct ConsensusSettings: Sendable, Equatable, RowDecodable {
    /// How many people answer; 1 where tasks are answered once.
    package var attempts: Int

    /// Whether answers that agree complete a task by themselves.
    package var isAuto: Bool
    package var threshold: Double

    /// Tasks are answered once.
    package static let none = ConsensusSettings(attempts: 1, isAuto: false, threshold: 1)

    private init(attempts: Int, isAuto: Bool, threshold: Double) {
        self.attempts = attempts
        self.isAuto = isAuto
        self.threshold = threshold
    }

    package init(_ reader: inout RowReader) throws {
        attempts = try reader.int()
        isAuto = try reader.bool()
        threshold = try reader.double()
    }
}

/// How well the answers of a project agreed in some time.
package struct AgreementFigures: Sendable, Equatable, RowDecodable {
    package var tasks: Int
    package var mean: Double?
    package var byItself: Int

    package init(_ reader: inout RowReader) throws {
        tasks = try reader.int()
        mean = try reader.optionalDouble()
        byItself = try reader.int()
    }
}

extension Connection {
    /// What the project of a task demands of answers; a team's own batches are answered once in any project.
    package func consensus(project: String?, batch: String?) throws -> ConsensusSettings {
        guard let project else { return .none }
        let found: ConsensusSettings? = try first(
            """
            SELECT COALESCE(consensus_attempts, 2), consensus_auto, consensus_threshold FROM projects
            WHERE id = \(project) AND pipeline = 'consensus_task' AND COALESCE(consensus_attempts, 2) > 1
                AND NOT EXISTS (SELECT 1 FROM batches WHERE id = \(batch) AND kind = 'self_label')
            """)
        return found ?? .none
    }

    /// Stores how answers agreed; false if it is stored already.
    package func insertAgreement(_ row: AgreementRow) throws -> Bool {
        try execute(
            """
            INSERT INTO task_agreements (\(AgreementRow.columns))
            VALUES (\(row.workItemID), \(row.taskID), \(row.realm), \(row.projectID), \(row.batchID), \(row.agreement),
                \(row.threshold), \(row.attempts), \(row.agreed), \(row.differenceCount), \(row.isUndecided),
                \(row.isByItself), \(row.answers), \(row.differences), \(row.createdAt))
            ON CONFLICT DO NOTHING
            """) > 0
    }

    /// What a merge item starts from.
    package func agreement(realm: Int64, workItem: String) throws -> AgreementRow? {
        try first(
            "SELECT \(AgreementRow.columns) FROM task_agreements WHERE work_item_id = \(workItem) AND realm = \(realm)")
    }

    /// How a task's answers agreed, newest first.
    package func agreements(realm: Int64, task: String) throws -> [AgreementRow] {
        try all(
            """
            SELECT \(AgreementRow.columns) FROM task_agreements WHERE task_id = \(task) AND realm = \(realm)
            ORDER BY created_at DESC
            """)
    }

    /// How a project's answers agreed since a time.
    package func agreementFigures(realm: Int64, project: String, since: Timestamp) throws -> AgreementFigures {
        let figures: AgreementFigures? = try first(
            """
            SELECT COUNT(*), AVG(agreement), COALESCE(SUM(by_itself), 0) FROM task_agreements
            WHERE realm = \(realm) AND project_id = \(project) AND created_at >= \(since)
            """)
        return figures ?? AgreementFigures(tasks: 0, mean: nil, byItself: 0)
    }
}

extension AgreementFigures {
    fileprivate init(tasks: Int, mean: Double?, byItself: Int) {
        self.tasks = tasks
        self.mean = mean
        self.byItself = byItself
    }
}
