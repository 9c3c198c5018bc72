/// How many tasks are in each status.
package struct StatusCounts: Sendable, Equatable {
    package var pending = 0
    package var completed = 0
    package var canceled = 0
    package var error = 0

    package init(pending: Int = 0, completed: Int = 0, canceled: Int = 0, error: Int = 0) {
        self.pending = pending
        self.completed = completed
        self.canceled = canceled
        self.error = error
    }

    /// All of them.
    package var total: Int { pending + completed + canceled + error }

    mutating func add(_ n: Int, to status: TaskRow.Status) {
        switch status {
        case .pending: pending += n
        case .completed: completed += n
        case .canceled: canceled += n
        case .error: error += n
        }
    }
}

/// One row of the counts.
private struct CounterKey: Hashable {
    let realm: Int64
    let scope: String
    let type: String
    let status: String
}

extension Connection {
    /// Notes that so many tasks more, or fewer, are in a status.
    func count(
        _ n: Int, realm: Int64, project: String?, batch: String?, type: String, status: TaskRow.Status
    ) throws {
        try execute(
            """
            INSERT INTO counter_deltas (realm, project_id, batch_id, type, status, n)
            VALUES (\(realm), \(project), \(batch), \(type), \(status), \(n))
            """)
    }

    /// Moves changes into the counts, so that reading these stays quick.
    ///
    /// - Returns: How many changes were moved; call again while it is the limit.
    @discardableResult
    package func foldCounters(limit: Int = 5000) throws -> Int {
        if dialect == .postgres {
            // Two folding nodes would wait for each other's rows in different orders.
            _ = try query("SELECT 1 FROM (SELECT pg_advisory_xact_lock(7310580215)) AS lock")
        }
        let rows = try query(
            """
            DELETE FROM counter_deltas
            WHERE \(only: .sqlite, "rowid")\(only: .postgres, "ctid") IN (
                SELECT \(only: .sqlite, "rowid")\(only: .postgres, "ctid") FROM counter_deltas LIMIT \(limit))
            RETURNING realm, project_id, batch_id, type, status, n
            """)
        var sums: [CounterKey: Int] = [:]
        for row in rows {
            var reader = row.reader
            let realm = try reader.int64()
            let scopes = ["", try reader.optionalText(), try reader.optionalText()].compactMap(\.self)
            let (type, status, n) = (try reader.text(), try reader.text(), try reader.int())
            for scope in scopes {
                sums[CounterKey(realm: realm, scope: scope, type: type, status: status), default: 0] += n
            }
        }
        for (key, n) in sums where n != 0 {
            try execute(
                """
                INSERT INTO counters (realm, scope, type, status, n)
                VALUES (\(key.realm), \(key.scope), \(key.type), \(key.status), \(n))
                ON CONFLICT (realm, scope, type, status) DO UPDATE SET n = counters.n + excluded.n
                """)
        }
        return rows.count
    }

    /// How many tasks of a project, a batch, a type, a status, or any of these together, there are.
    func countedTotal(
        realm: Int64, project: String?, batch: String?, type: String?, status: TaskRow.Status?
    ) throws -> Int {
        if let project, let batch {
            // A batch's tasks all belong to the batch's project.
            let belongs = try integer("SELECT COUNT(*) FROM batches WHERE id = \(batch) AND project_id = \(project)")
            guard belongs > 0 else { return 0 }
        }
        var condition: SQL = ""
        if let type { condition += " AND type = \(type)" }
        if let status { condition += " AND status = \(status)" }
        var scope: SQL = ""
        if let batch {
            scope = " AND batch_id = \(batch)"
        } else if let project {
            scope = " AND project_id = \(project)"
        }
        return try integer(
            """
            SELECT CAST((SELECT COALESCE(SUM(n), 0) FROM counters
                         WHERE realm = \(realm) AND scope = \(batch ?? project ?? "")\(condition)) AS BIGINT)
                 + CAST((SELECT COALESCE(SUM(n), 0) FROM counter_deltas
                         WHERE realm = \(realm)\(scope)\(condition)) AS BIGINT)
            """)
    }

    /// The counts of some batches; a batch without tasks has zeros.
    package func batchCounts(realm: Int64, ids: [String]) throws -> [String: StatusCounts] {
        try counts(realm: realm, ids: ids, of: "batch_id")
    }

    /// The counts of some projects; one without tasks has zeros.
    package func projectCounts(realm: Int64, ids: [String]) throws -> [String: StatusCounts] {
        try counts(realm: realm, ids: ids, of: "project_id")
    }

    private func counts(realm: Int64, ids: [String], of column: SQL) throws -> [String: StatusCounts] {
        var counts = Dictionary(ids.map { ($0, StatusCounts()) }, uniquingKeysWith: { first, _ in first })
        let rows = try query(
            """
            SELECT scope, status, n FROM counters WHERE realm = \(realm) AND scope IN \(list: ids)
            UNION ALL
            SELECT \(column), status, n FROM counter_deltas WHERE realm = \(realm) AND \(column) IN \(list: ids)
            """)
        for row in rows {
            var reader = row.reader
            let (scope, status, n) = (try reader.text(), try reader.word(TaskRow.Status.self), try reader.int())
            counts[scope]?.add(n, to: status)
        }
        return counts
    }
}
