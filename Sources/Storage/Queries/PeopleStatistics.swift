/// How reviews ended.
package struct ReviewCounts: Sendable, Equatable {
    package var accepted = 0
    package var fixed = 0
    package var rejected = 0

    /// How many there were.
    package var sample: Int { accepted + fixed + rejected }
}

/// How much a person did in some time and how well.
package struct PersonStatistics: Sendable, Equatable {
    /// Seconds at work.
    package var seconds: Double

    /// Work items handed in.
    package var done: Int

    /// Seconds that each of the latest items took for which the time is known, the shortest first.
    package var times: [Double]

    /// What reviewers found of the person's work.
    package var received: ReviewCounts

    /// What the person found of others' work.
    package var given: ReviewCounts
}

/// A piece of work that a person handed in.
package struct WorkHistoryRow: Sendable, Equatable, RowDecodable {
    package var id: String
    package var kind: WorkItemRow.Kind
    package var submittedAt: Timestamp
    package var type: String

    /// The project's name.
    package var project: String?

    /// How the task stands now.
    package var status: TaskRow.Status

    /// What the last reviewer of it found.
    package var verdict: String?

    /// The seconds it took, if that is known.
    package var seconds: Double?

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        kind = try reader.word()
        submittedAt = try reader.time()
        type = try reader.text()
        project = try reader.optionalText()
        status = try reader.word()
        verdict = try reader.optionalText()
        seconds = try reader.optionalInt64().map { Double($0) / 1_000_000 }
    }
}

extension Connection {
    /// What a person did from one time until before another, of one project or of all.
    ///
    /// `sample`: how many items at most are looked at for the time they took, the latest.
    package func personStatistics(
        realm: Int64, user: String, project: String?, from: Timestamp, until: Timestamp, sample: Int
    ) throws -> PersonStatistics {
        var conditions: SQL = "w.submitted_by = \(user) AND w.realm = \(realm)"
        conditions += " AND w.submitted_at >= \(from) AND w.submitted_at < \(until)"
        var intervals: SQL =
            "user_id = \(user) AND started_at >= \(from) AND started_at < \(until) AND realm = \(realm)"
        if let project {
            conditions += " AND w.project_id = \(project)"
            intervals += " AND project_id = \(project)"
        }
        let total = try integer(
            "SELECT CAST(COALESCE(SUM(ended_at - started_at), 0) AS BIGINT) FROM work_intervals WHERE \(intervals)")
        let times = try query(
            """
            SELECT CAST(SUM(i.ended_at - i.started_at) AS BIGINT) AS taken FROM (
                SELECT w.id FROM work_items w WHERE \(conditions)
                ORDER BY w.submitted_at DESC LIMIT \(SQL(number: sample))) AS latest
            JOIN work_intervals i ON i.work_item_id = latest.id AND i.user_id = \(user)
            GROUP BY latest.id ORDER BY 1
            """
        ).map { row in
            var reader = row.reader
            return Double(try reader.int64()) / 1_000_000
        }
        return PersonStatistics(
            seconds: Double(total) / 1_000_000,
            done: try integer("SELECT COUNT(*) FROM work_items w WHERE \(conditions)"), times: times,
            received: try verdicts("labeler", realm: realm, user: user, project: project, from: from, until: until),
            given: try verdicts("reviewer", realm: realm, user: user, project: project, from: from, until: until))
    }

    private func verdicts(
        _ role: SQL, realm: Int64, user: String, project: String?, from: Timestamp, until: Timestamp
    ) throws -> ReviewCounts {
        var conditions: SQL =
            "realm = \(realm) AND \(role) = \(user) AND created_at >= \(from) AND created_at < \(until)"
        if let project { conditions += " AND project_id = \(project)" }
        var counts = ReviewCounts()
        for row in try query("SELECT verdict, COUNT(*) FROM reviews WHERE \(conditions) GROUP BY verdict") {
            var reader = row.reader
            switch (try reader.text(), try reader.int()) {
            case ("accepted", let count): counts.accepted = count
            case ("fixed", let count): counts.fixed = count
            case (_, let count): counts.rejected = count
            }
        }
        return counts
    }

    /// What a person handed in, the latest first; after the item with the id `after`, which was handed in at `before`.
    package func workHistory(
        realm: Int64, user: String, before: (at: Timestamp, id: String)? = nil, limit: Int
    ) throws -> [WorkHistoryRow] {
        var place: SQL = ""
        if let before {
            place = """
                 AND w.submitted_at <= \(before.at) AND (w.submitted_at < \(before.at) OR w.id < \(before.id))
                """
        }
        return try all(
            """
            SELECT w.id, w.kind, w.submitted_at, t.type, p.name, t.status,
                (SELECT r.verdict FROM reviews r WHERE r.task_id = w.task_id AND r.reviewed = w.id
                    ORDER BY r.created_at DESC LIMIT 1),
                (SELECT CAST(SUM(i.ended_at - i.started_at) AS BIGINT) FROM work_intervals i
                    WHERE i.work_item_id = w.id AND i.user_id = \(user))
            FROM work_items w JOIN tasks t ON t.id = w.task_id LEFT JOIN projects p ON p.id = w.project_id
            WHERE w.submitted_by = \(user) AND w.realm = \(realm)\(place)
            ORDER BY w.submitted_at DESC, w.id DESC LIMIT \(limit)
            """)
    }
}
