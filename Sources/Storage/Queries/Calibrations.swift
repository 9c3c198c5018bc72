/// The tasks of a batch that count, and the last verdicts on them.
package struct VerdictCounts: Sendable, Equatable {
    package var pending = 0
    package var completed = 0

    /// How many of the completed ones have which verdict.
    package var verdicts: [TaskRow.ReviewStatus: Int] = [:]

    package init() {}
}

extension Connection {
    /// The calibration batches of some projects that are not put away, oldest first.
    package func calibrationBatches(realm: Int64, projects: [String]) throws -> [BatchRow] {
        try all(
            """
            SELECT \(BatchRow.columns) FROM \(BatchRow.tables)
            WHERE b.realm = \(realm) AND b.project_id IN \(list: projects) AND b.kind = 'calibration'
                AND b.archived_at IS NULL
            ORDER BY b.created_at, b.id
            """)
    }

    /// The verdicts on the tasks of some batches.
    ///
    /// These are small where it is asked: calibration takes tens of tasks, not thousands.
    package func verdictCounts(realm: Int64, batches: [String]) throws -> [String: VerdictCounts] {
        let rows = try query(
            """
            SELECT batch_id, status, review_status, COUNT(*) FROM tasks
            WHERE realm = \(realm) AND batch_id IN \(list: batches) AND status IN ('pending', 'completed')
            GROUP BY batch_id, status, review_status
            """)
        var all: [String: VerdictCounts] = [:]
        for row in rows {
            var reader = row.reader
            let (batch, status) = (try reader.text(), try reader.word(TaskRow.Status.self))
            let (verdict, n) = (try reader.optionalWord(TaskRow.ReviewStatus.self), try reader.int())
            if status == .pending {
                all[batch, default: VerdictCounts()].pending += n
            } else {
                all[batch, default: VerdictCounts()].completed += n
                if let verdict { all[batch, default: VerdictCounts()].verdicts[verdict, default: 0] += n }
            }
        }
        return all
    }

    /// What people said about the tasks of a batch: verdicts with comments, newest first.
    package func auditComments(realm: Int64, batch: String, limit: Int) throws -> [AuditRow] {
        try all(
            """
            SELECT \(AuditRow.columns) FROM audits
            WHERE task_id IN (SELECT t.id FROM tasks t WHERE t.realm = \(realm) AND t.batch_id = \(batch))
                AND realm = \(realm) AND comments IS NOT NULL AND comments <> ''
            ORDER BY audited_at DESC, id DESC LIMIT \(limit)
            """)
    }

    /// What labelers reported about the tasks of a batch, newest first.
    package func reports(realm: Int64, batch: String, limit: Int) throws -> [ReportRow] {
        try all(
            """
            SELECT \(ReportRow.columns) FROM reports
            WHERE task_id IN (SELECT t.id FROM tasks t WHERE t.realm = \(realm) AND t.batch_id = \(batch))
                AND realm = \(realm)
            ORDER BY id DESC LIMIT \(limit)
            """)
    }
}
