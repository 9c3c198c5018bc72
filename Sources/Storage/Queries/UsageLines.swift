/// The end of a task as the usage ledger has it.
package struct UsageLine: Sendable, Equatable {
    /// How the task ended.
    package enum What: String, SQLConvertible, CaseIterable {
        case completed
        case completedAgain = "completed_again"
        case error, canceled
    }

    /// That of the event that ended the task.
    package var id: String
    package var realm: Int64
    package var at: Timestamp
    package var taskID: String
    package var projectID: String?
    package var batchID: String?
    package var type: String
    package var what: What
    package var isBillable: Bool

    /// How many annotations the response has.
    package var annotations: Int

    package init(
        id: String, realm: Int64, at: Timestamp, taskID: String, projectID: String?, batchID: String?, type: String,
        what: What, isBillable: Bool, annotations: Int
    ) {
        self.id = id
        self.realm = realm
        self.at = at
        self.taskID = taskID
        self.projectID = projectID
        self.batchID = batchID
        self.type = type
        self.what = what
        self.isBillable = isBillable
        self.annotations = annotations
    }
}

extension UsageLine: RowDecodable {
    static let columns: SQL =
        "l.id, l.realm, l.at, l.task_id, l.project_id, l.batch_id, l.type, l.what, l.billable, l.annotations"

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        at = try reader.time()
        taskID = try reader.text()
        projectID = try reader.optionalText()
        batchID = try reader.optionalText()
        type = try reader.text()
        what = try reader.word()
        isBillable = try reader.bool()
        annotations = try reader.int()
    }
}

/// A line of the ledger with the names of what it is about.
package struct NamedUsageLine: Sendable, Equatable, RowDecodable {
    package var line: UsageLine
    package var uniqueID: String?
    package var project: String?
    package var batch: String?

    package init(_ reader: inout RowReader) throws {
        line = try UsageLine(&reader)
        uniqueID = try reader.optionalText()
        project = try reader.optionalText()
        batch = try reader.optionalText()
    }
}

/// Which lines of the ledger are asked for; empty members do not filter.
package struct UsageFilter: Sendable, Equatable {
    package var projectID: String?
    package var isBillable: Bool?
    package var times: TimeRange

    package init(projectID: String? = nil, isBillable: Bool? = nil, times: TimeRange = TimeRange()) {
        self.projectID = projectID
        self.isBillable = isBillable
        self.times = times
    }

    fileprivate var conditions: SQL {
        var sql: SQL = ""
        if let projectID { sql += " AND l.project_id = \(projectID)" }
        switch isBillable {
        case true?: sql += " AND l.billable = 1"
        case false?: sql += " AND l.billable = 0"
        case nil: break
        }
        if let from = times.from { sql += " AND l.id >= \(Identifier.first(at: from))" }
        if let through = times.through { sql += " AND l.id <= \(Identifier.last(at: through))" }
        return sql
    }
}

extension Connection {
    /// Stores the end of a task; answers whether it is billed, which a task is only once.
    package func insertUsageLine(_ line: UsageLine) throws -> Bool {
        var line = line
        if line.isBillable {
            let billed = try integer("SELECT COUNT(*) FROM usage_lines WHERE task_id = \(line.taskID) AND billable = 1")
            if billed > 0 {
                line.isBillable = false
                line.what = .completedAgain
            }
        }
        let changed = try execute(
            """
            INSERT INTO usage_lines (realm, id, at, task_id, project_id, batch_id, type, what, billable, annotations)
            VALUES (\(line.realm), \(line.id), \(line.at), \(line.taskID), \(line.projectID), \(line.batchID),
                \(line.type), \(line.what), \(line.isBillable), \(line.annotations))
            ON CONFLICT DO NOTHING
            """)
        return changed > 0 && line.isBillable
    }

    /// Lines of the ledger after or before the last one already seen, oldest or newest first.
    package func usageLines(
        realm: Int64, filter: UsageFilter, beyond cursor: String? = nil, newestFirst: Bool, limit: Int
    ) throws -> [NamedUsageLine] {
        var beyond: SQL = ""
        if let cursor { beyond = newestFirst ? " AND l.id < \(cursor)" : " AND l.id > \(cursor)" }
        let order: SQL = newestFirst ? "DESC" : "ASC"
        return try all(
            """
            SELECT page.*, t.unique_id, p.name, b.name
            FROM (SELECT \(UsageLine.columns) FROM usage_lines l
                WHERE l.realm = \(realm)\(filter.conditions)\(beyond)
                ORDER BY l.id \(order) LIMIT \(SQL(number: limit))) AS page
            LEFT JOIN tasks t ON t.id = page.task_id
            LEFT JOIN projects p ON p.id = page.project_id
            LEFT JOIN batches b ON b.id = page.batch_id
            ORDER BY page.id \(order)
            """)
    }
}
