/// How many batches of a project stand where; those put away are left out.
package struct BatchTally: Sendable, Equatable {
    package var staging = 0
    package var inProgress = 0
    package var completed = 0

    /// Of those in progress, the ones that are paused.
    package var held = 0

    package init() {}
}

/// Which projects a list is about.
package struct ProjectFilter: Sendable, Equatable {
    /// A part of the name, whatever its letter case.
    package var search: String?

    /// Only those put away, or only the others.
    package var archived: Bool?

    package init(search: String? = nil, archived: Bool? = nil) {
        self.search = search
        self.archived = archived
    }
}

extension Connection {
    /// Projects, newest first: those after a position.
    package func projects(
        realm: Int64, filter: ProjectFilter, after cursor: TaskCursor?, limit: Int
    ) throws -> [ProjectRow] {
        var wanted: SQL = "realm = \(realm)"
        if let archived = filter.archived {
            wanted += archived ? " AND archived_at IS NOT NULL" : " AND archived_at IS NULL"
        }
        if let text = filter.search { wanted += " AND lower(name) LIKE \(Pattern.containing(text)) ESCAPE '\\'" }
        if let cursor { wanted += " AND (created_at, id) < (\(cursor.createdAt), \(cursor.id))" }
        return try all(
            """
            SELECT \(ProjectRow.columns) FROM projects WHERE \(wanted)
            ORDER BY created_at DESC, id DESC LIMIT \(limit)
            """)
    }

    /// How many batches of some projects stand where.
    package func batchTallies(realm: Int64, projects: [String]) throws -> [String: BatchTally] {
        var tallies: [String: BatchTally] = [:]
        let rows = try query(
            """
            SELECT project_id, status, held, COUNT(*) FROM batches
            WHERE realm = \(realm) AND project_id IN \(list: projects) AND archived_at IS NULL
            GROUP BY project_id, status, held
            """)
        for row in rows {
            var reader = row.reader
            let (project, status) = (try reader.text(), try reader.word(BatchRow.Status.self))
            let (isHeld, n) = (try reader.bool(), try reader.int())
            switch status {
            case .staging: tallies[project, default: BatchTally()].staging += n
            case .inProgress: tallies[project, default: BatchTally()].inProgress += n
            case .completed: tallies[project, default: BatchTally()].completed += n
            }
            if isHeld, status == .inProgress { tallies[project, default: BatchTally()].held += n }
        }
        return tallies
    }

    /// The latest version of each of some projects; one without versions is missing.
    package func latestVersions(projects: [String]) throws -> [String: ProjectVersionRow] {
        let rows: [ProjectVersionRow] = try all(
            """
            SELECT \(ProjectVersionRow.columns) FROM project_versions v WHERE project_id IN \(list: projects)
                AND version = (SELECT MAX(m.version) FROM project_versions m WHERE m.project_id = v.project_id)
            """)
        return Dictionary(rows.map { ($0.projectID, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// How many reports there are on the tasks of some projects since a report's id.
    package func reportCounts(realm: Int64, projects: [String], since id: String) throws -> [String: Int] {
        let rows = try query(
            """
            SELECT project_id, COUNT(*) FROM reports
            WHERE realm = \(realm) AND project_id IN \(list: projects) AND id >= \(id) GROUP BY project_id
            """)
        var counts: [String: Int] = [:]
        for row in rows {
            var reader = row.reader
            counts[try reader.text()] = try reader.int()
        }
        return counts
    }

    /// The share of calibration that has to be right, of some projects.
    package func calibrationGoals(projects: [String]) throws -> [String: Double] {
        var goals: [String: Double] = [:]
        for row in try query("SELECT id, calibration_goal FROM projects WHERE id IN \(list: projects)") {
            var reader = row.reader
            goals[try reader.text()] = try reader.double()
        }
        return goals
    }

    /// Sets the share of calibration that has to be right.
    package func setCalibrationGoal(realm: Int64, project: String, _ goal: Double) throws {
        try execute("UPDATE projects SET calibration_goal = \(goal) WHERE id = \(project) AND realm = \(realm)")
    }
}

/// Patterns for `LIKE … ESCAPE '\'`.
enum Pattern {
    /// Matches what holds a text, which is to be compared in lower case.
    static func containing(_ text: String) -> String {
        text.lowercased().reduce(into: "%") { pattern, character in
            if "%_\\".contains(character) { pattern.append("\\") }
            pattern.append(character)
        } + "%"
    }
}
