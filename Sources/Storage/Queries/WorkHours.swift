/// What a person worked on for how long on one day.
package struct WorkHoursRow: Sendable, Equatable, RowDecodable {
    /// Midnight, UTC, at which the day begins.
    package var day: Timestamp
    package var userID: String
    package var name: String
    package var email: String

    /// The project's name.
    package var project: String?
    package var seconds: Double

    /// How many work items it was spent on.
    package var items: Int

    package init(_ reader: inout RowReader) throws {
        day = Timestamp(microseconds: try reader.int64() * WorkDay.microseconds)
        userID = try reader.text()
        name = try reader.text()
        email = try reader.text()
        project = try reader.optionalText()
        seconds = Double(try reader.int64()) / 1_000_000
        items = try reader.int()
    }
}

/// Days as hours are counted: of UTC, which needs no table of time zones in the database.
enum WorkDay {
    static let microseconds: Int64 = 86_400_000_000
}

/// One interval of the table.
private struct IntervalRow: RowDecodable {
    var startedAt: Timestamp
    var endedAt: Timestamp
    var item: String

    init(_ reader: inout RowReader) throws {
        startedAt = try reader.time()
        endedAt = try reader.time()
        item = try reader.text()
    }
}

extension Connection {
    /// Counts moments at which a person was at work on an item; returns by how many seconds the person's time grew.
    ///
    /// Between two moments no more than `idle` seconds apart the person was at work all the time, whichever window or page they
    /// came from; intervals of a person never overlap, so no second is counted twice.
    @discardableResult
    package func addWorkMoments(
        _ moments: [Timestamp], user: String, item: WorkItemRow, idle: Double
    ) throws -> Double {
        if dialect == .postgres {
            // Two pages of one person may tell at once.
            _ = try query("SELECT id FROM users WHERE id = \(user) FOR UPDATE")
        }
        return try moments.sorted().reduce(0) { try $0 + addWorkMoment($1, user: user, item: item, idle: idle) }
    }

    private func addWorkMoment(_ moment: Timestamp, user: String, item: WorkItemRow, idle: Double) throws -> Double {
        let before: IntervalRow? = try first(
            """
            SELECT started_at, ended_at, work_item_id FROM work_intervals
            WHERE user_id = \(user) AND started_at <= \(moment) ORDER BY started_at DESC LIMIT 1
            """)
        let after: IntervalRow? = try first(
            """
            SELECT started_at, ended_at, work_item_id FROM work_intervals
            WHERE user_id = \(user) AND started_at > \(moment) ORDER BY started_at LIMIT 1
            """)
        if let before, before.endedAt >= moment { return 0 }
        // Moments of a page that was offline may come late, between others.
        let end = after.flatMap { $0.startedAt - moment <= idle ? $0.startedAt : nil } ?? moment
        let start = before.flatMap { moment - $0.endedAt <= idle ? $0.endedAt : nil } ?? moment
        try addInterval(from: start, to: end, before: before, user: user, item: item)
        return end - start
    }

    /// Stores an interval that touches no other but where it begins or ends, cut at midnight.
    private func addInterval(
        from start: Timestamp, to end: Timestamp, before: IntervalRow?, user: String, item: WorkItemRow
    ) throws {
        let midnight = start.startOfDay.adding(seconds: 86_400)
        let first = min(end, midnight)
        if let before, before.endedAt == start, before.startedAt.startOfDay == start.startOfDay,
            before.item == item.id || before.startedAt == before.endedAt
        {
            try execute(
                """
                UPDATE work_intervals
                SET ended_at = \(first), work_item_id = \(item.id), realm = \(item.realm), project_id = \(item.projectID)
                WHERE user_id = \(user) AND started_at = \(before.startedAt)
                """)
        } else {
            try execute(
                """
                INSERT INTO work_intervals (user_id, started_at, ended_at, realm, project_id, work_item_id)
                VALUES (\(user), \(start), \(first), \(item.realm), \(item.projectID), \(item.id))
                """)
        }
        if end > midnight { try addInterval(from: midnight, to: end, before: nil, user: user, item: item) }
    }

    /// Who worked on what from one time until before another, by day, the latest days first.
    package func workHours(
        realm: Int64, user: String? = nil, project: String? = nil, from: Timestamp, until: Timestamp, limit: Int,
        offset: Int = 0
    ) throws -> [WorkHoursRow] {
        var conditions: SQL = ""
        if let user { conditions += " AND i.user_id = \(user)" }
        if let project { conditions += " AND i.project_id = \(project)" }
        return try all(
            """
            SELECT i.started_at / 86400000000 AS day, i.user_id, u.name, u.email, p.name,
                CAST(SUM(i.ended_at - i.started_at) AS BIGINT), COUNT(DISTINCT i.work_item_id)
            FROM work_intervals i JOIN users u ON u.id = i.user_id LEFT JOIN projects p ON p.id = i.project_id
            WHERE i.realm = \(realm) AND i.started_at >= \(from) AND i.started_at < \(until)\(conditions)
            GROUP BY i.started_at / 86400000000, i.user_id, u.name, u.email, u.email_key, p.name
            ORDER BY 1 DESC, u.email_key, p.name LIMIT \(limit) OFFSET \(offset)
            """)
    }
}
