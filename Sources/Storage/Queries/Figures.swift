/// What is counted: something by its name, on a day, in a scope.
package struct FigureKey: Hashable, Sendable {
    package var realm: Int64

    /// Empty for the realm, else a project's id.
    package var scope: String

    /// Days since 1970, UTC.
    package var day: Int64
    package var name: String

    package init(realm: Int64, scope: String, day: Int64, name: String) {
        self.realm = realm
        self.scope = scope
        self.day = day
        self.name = name
    }
}

/// How often something happened on a day.
package struct FigureRow: Sendable, Equatable, RowDecodable {
    package var day: Int64
    package var name: String
    package var n: Int

    package init(_ reader: inout RowReader) throws {
        day = try reader.int64()
        name = try reader.text()
        n = try reader.int()
    }
}

extension Timestamp {
    /// The day since 1970, UTC.
    package var day: Int64 { startOfDay.microseconds / 86_400_000_000 }

    /// Midnight, UTC, of a day since 1970.
    package init(day: Int64) {
        self.init(microseconds: day * 86_400_000_000)
    }
}

extension Connection {
    // MARK: Counting

    /// The accounts whose log goes further than has been counted.
    package func accountsWithUncountedEvents() throws -> [String] {
        try texts(
            """
            SELECT c.account_id FROM event_chains c
            WHERE c.position > COALESCE((SELECT n.position FROM counted_events n WHERE n.account_id = c.account_id), 0)
            """)
    }

    /// How far an account's log has been counted, kept from other counters until the transaction ends.
    package func lockCountedPosition(account: String) throws -> Int64 {
        try execute(
            "INSERT INTO counted_events (account_id, position) VALUES (\(account), 0) ON CONFLICT (account_id) DO NOTHING"
        )
        return Int64(
            try integer(
                """
                SELECT position FROM counted_events WHERE account_id = \(account) \(only: .postgres, "FOR UPDATE")
                """))
    }

    /// Notes how far an account's log has been counted.
    package func setCountedPosition(account: String, _ position: Int64) throws {
        try execute("UPDATE counted_events SET position = \(position) WHERE account_id = \(account)")
    }

    /// The next events of an account in their sealed order.
    ///
    /// Positions have no gaps, so a range of them is read rather than a sorted list of what follows.
    package func sealedEvents(account: String, after position: Int64, limit: Int) throws -> [EventRow] {
        let realms = try realms(account: account).map(\.id)
        return try all(
            """
            SELECT \(EventRow.columns) FROM events
            WHERE realm IN \(list: realms) AND position IS NOT NULL
                AND position > \(position) AND position <= \(position + Int64(limit))
            ORDER BY position
            """)
    }

    /// Whether all that is in an account's log has been counted.
    package func isCounted(account: String) throws -> Bool {
        let waiting = try integer(
            """
            SELECT COUNT(*) FROM (
                SELECT 1 AS one FROM events e
                WHERE e.realm IN (SELECT id FROM realms WHERE account_id = \(account)) AND e.position IS NULL
                LIMIT 1) AS waiting
            """)
        let behind = try integer(
            """
            SELECT COUNT(*) FROM event_chains c
            LEFT JOIN counted_events n ON n.account_id = c.account_id
            WHERE c.account_id = \(account) AND c.position > COALESCE(n.position, 0)
            """)
        return waiting == 0 && behind == 0
    }

    /// Adds to what has been counted.
    package func addFigures(_ sums: [FigureKey: Int]) throws {
        // In one order, so that two nodes never wait for each other's rows crosswise.
        for (key, n) in sums.sorted(by: { $0.key.order < $1.key.order }) where n != 0 {
            try execute(
                """
                INSERT INTO figures (realm, scope, day, name, n)
                VALUES (\(key.realm), \(key.scope), \(key.day), \(key.name), \(n))
                ON CONFLICT (realm, scope, day, name) DO UPDATE SET n = figures.n + excluded.n
                """)
        }
    }

    /// Adds to the pending tasks by the day they were made on; `name` of the keys does not matter.
    package func addPending(_ sums: [FigureKey: Int]) throws {
        for (key, n) in sums.sorted(by: { $0.key.order < $1.key.order }) where n != 0 {
            try execute(
                """
                INSERT INTO pending_days (realm, scope, day, n) VALUES (\(key.realm), \(key.scope), \(key.day), \(n))
                ON CONFLICT (realm, scope, day) DO UPDATE SET n = pending_days.n + excluded.n
                """)
            try execute(
                """
                DELETE FROM pending_days
                WHERE realm = \(key.realm) AND scope = \(key.scope) AND day = \(key.day) AND n = 0
                """)
        }
    }

    // MARK: Reading

    /// What was counted in a scope from one day through another, by day.
    package func figures(realm: Int64, scope: String, days: ClosedRange<Int64>) throws -> [FigureRow] {
        try all(
            """
            SELECT day, name, n FROM figures
            WHERE realm = \(realm) AND scope = \(scope) AND day >= \(days.lowerBound) AND day <= \(days.upperBound)
            ORDER BY day, name
            """)
    }

    /// How often one thing happened in some scopes from a day on, and on which day last.
    package func figureSums(
        realm: Int64, scopes: [String], name: String, from day: Int64
    ) throws -> [String: (n: Int, last: Int64)] {
        let rows = try query(
            """
            SELECT scope, SUM(n), MAX(day) FROM figures
            WHERE realm = \(realm) AND scope IN \(list: scopes) AND day >= \(day) AND name = \(name) GROUP BY scope
            """)
        return try rows.reduce(into: [:]) { sums, row in
            var reader = row.reader
            sums[try reader.text()] = (try reader.int(), try reader.int64())
        }
    }

    /// Sums over a range of days by scope and name.
    package func figureTotals(
        realm: Int64, scopes: [String], names: [String], days: ClosedRange<Int64>
    ) throws -> [(scope: String, name: String, n: Int)] {
        try query(
            """
            SELECT scope, name, SUM(n) FROM figures
            WHERE realm = \(realm) AND scope IN \(list: scopes) AND day >= \(days.lowerBound)
                AND day <= \(days.upperBound) AND name IN \(list: names)
            GROUP BY scope, name ORDER BY scope, name
            """
        ).map { row in
            var reader = row.reader
            return (try reader.text(), try reader.text(), try reader.int())
        }
    }

    /// The newest projects that are not archived.
    package func newestProjects(realm: Int64, limit: Int) throws -> [ProjectRow] {
        try all(
            """
            SELECT \(ProjectRow.columns) FROM projects WHERE realm = \(realm) AND archived_at IS NULL
            ORDER BY created_at DESC, id DESC LIMIT \(limit)
            """)
    }

    /// The pending tasks of a scope by the day they were made on, oldest first.
    package func pendingDays(realm: Int64, scope: String) throws -> [(day: Int64, n: Int)] {
        try query("SELECT day, n FROM pending_days WHERE realm = \(realm) AND scope = \(scope) ORDER BY day").map {
            row in
            var reader = row.reader
            return (try reader.int64(), try reader.int())
        }
    }

    /// When the oldest pending task was made, of a project or of all.
    package func oldestPending(realm: Int64, project: String?) throws -> Timestamp? {
        let rows =
            if let project {
                try query(
                    """
                    SELECT created_at FROM tasks
                    WHERE realm = \(realm) AND project_id = \(project) AND status = 'pending'
                    ORDER BY created_at, id LIMIT 1
                    """)
            } else {
                try query(
                    """
                    SELECT created_at FROM tasks WHERE realm = \(realm) AND status = 'pending'
                    ORDER BY created_at, id LIMIT 1
                    """)
            }
        guard var reader = rows.first?.reader else { return nil }
        return try reader.time()
    }

    /// The counts of projects, or of the realm for the empty scope; those without tasks have zeros.
    package func statusCounts(realm: Int64, scopes: [String]) throws -> [String: StatusCounts] {
        var counts = Dictionary(scopes.map { ($0, StatusCounts()) }, uniquingKeysWith: { first, _ in first })
        var rows = try query(
            "SELECT scope, status, n FROM counters WHERE realm = \(realm) AND scope IN \(list: scopes)")
        rows += try query(
            """
            SELECT project_id, status, n FROM counter_deltas WHERE realm = \(realm) AND project_id IN \(list: scopes)
            """)
        if counts[""] != nil {
            rows += try query("SELECT '' AS scope, status, n FROM counter_deltas WHERE realm = \(realm)")
        }
        for row in rows {
            var reader = row.reader
            let (scope, status, n) = (try reader.text(), try reader.word(TaskRow.Status.self), try reader.int())
            counts[scope]?.add(n, to: status)
        }
        return counts
    }

    // MARK: Time

    /// Seconds that people were at work on the items of a task: the time between one sign of work and the next, where
    /// that is no longer than a pause.
    ///
    /// Signs of work are the draft's beginning, its steps, and the submission. Items without a step are left out.
    package func workedSeconds(task: String, pause: Double = 300) throws -> [String: Double] {
        let limit = Int64(pause * 1_000_000)
        let rows = try query(
            """
            SELECT item, SUM(CASE WHEN gap <= \(limit) THEN gap ELSE 0 END) FROM (
                SELECT item, at - LAG(at) OVER (PARTITION BY item ORDER BY at) AS gap FROM (
                    SELECT s.work_item_id AS item, s.created_at AS at FROM work_items w
                    JOIN draft_steps s ON s.work_item_id = w.id WHERE w.task_id = \(task)
                    UNION ALL
                    SELECT d.work_item_id, d.created_at FROM work_items w
                    JOIN drafts d ON d.work_item_id = w.id WHERE w.task_id = \(task) AND d.revision > 0
                    UNION ALL
                    SELECT w.id, w.submitted_at FROM work_items w
                    WHERE w.task_id = \(task) AND w.submitted_at IS NOT NULL
                ) AS signs
            ) AS gaps WHERE gap IS NOT NULL GROUP BY item
            """)
        return try rows.reduce(into: [:]) { seconds, row in
            var reader = row.reader
            seconds[try reader.text()] = Double(try reader.int()) / 1_000_000
        }
    }
}

extension FigureKey {
    fileprivate var order: String { "\(realm) \(scope) \(day) \(name)" }
}
