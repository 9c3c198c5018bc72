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
    /// Where the bands of agreement begin, 0 to 1; each ends where the next one begins.
    package static let bandStarts = [0, 0.5, 0.7, 0.8, 0.9]

    package var tasks = 0

    /// The mean agreement, 0 to 1; nil without tasks.
    package var mean: Double?

    /// Tasks whose answers were taken without anybody merging them.
    package var byItself = 0

    /// Tasks in each band.
    package var bands = bandStarts.map { _ in 0 }

    fileprivate init() {}

    package init(_ reader: inout RowReader) throws {
        tasks = try reader.int()
        mean = try reader.optionalDouble()
        byItself = try reader.int()
        let reaching = try Self.bandStarts.map { _ in try reader.int() }
        bands = zip(reaching, reaching.dropFirst() + [0]).map { $0 - $1 }
    }
}

/// A task whose answers agreed little.
package struct LeastAgreed: Sendable, Equatable, RowDecodable {
    package let task: String
    package let uniqueID: String?

    /// 0 to 1.
    package let agreement: Double
    package let differences: Int
    package let at: Timestamp

    package init(_ reader: inout RowReader) throws {
        task = try reader.text()
        uniqueID = try reader.optionalText()
        agreement = try reader.double()
        differences = try reader.int()
        at = try reader.time()
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
        let reaching = AgreementFigures.bandStarts.map {
            "COALESCE(SUM(CASE WHEN agreement >= \($0) THEN 1 ELSE 0 END), 0)" as SQL
        }
        let figures: AgreementFigures? = try first(
            """
            SELECT COUNT(*), AVG(agreement), COALESCE(SUM(by_itself), 0), \(SQL.joined(reaching, by: ", "))
            FROM task_agreements
            WHERE realm = \(realm) AND project_id = \(project) AND created_at >= \(since)
            """)
        return figures ?? AgreementFigures()
    }

    /// The tasks of a project whose answers agreed least since a time, the worst first.
    package func leastAgreed(realm: Int64, project: String, since: Timestamp, limit: Int) throws -> [LeastAgreed] {
        try all(
            """
            SELECT a.task_id, t.unique_id, a.agreement, a.difference_count, a.created_at
            FROM task_agreements a JOIN tasks t ON t.id = a.task_id
            WHERE a.realm = \(realm) AND a.project_id = \(project) AND a.created_at >= \(since)
            ORDER BY a.agreement, a.created_at DESC, a.task_id LIMIT \(limit)
            """)
    }
}
