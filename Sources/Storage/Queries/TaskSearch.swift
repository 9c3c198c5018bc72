/// How the tasks of a filter are found: through which index, and by which statements.
///
/// Every way goes down one index in its order and stops when it has enough, or counts inside one index. An index that
/// begins with a status is walked once for each wanted status and the runs are merged, which costs four short looks
/// whatever the number of tasks is.
struct TaskSearch {
    /// The index a filter is answered from.
    enum Way {
        case uniqueIDs, tags, completed, updated, reviews, scope
    }

    /// Up to so many matches of a time range are fetched and sorted.
    static let few = 50_000

    let realm: Int64
    var filter: TaskFilter

    /// The index to use: the one whose part is likely to be smallest.
    var way: Way {
        if !filter.uniqueIDs.isEmpty { return .uniqueIDs }
        if !filter.tags.isEmpty { return .tags }
        if !filter.completed.isUnbounded { return .completed }
        if !filter.updated.isUnbounded { return .updated }
        if !filter.reviews.isEmpty { return .reviews }
        return .scope
    }

    /// Whether the counters answer the total.
    var isCounted: Bool { way == .scope && filter.created.isUnbounded }

    /// Whether a time range of completion or change is all that the counters cannot answer.
    var isRangeAlone: Bool {
        guard way == .completed || way == .updated, filter.created.isUnbounded, filter.reviews.isEmpty else {
            return false
        }
        return way == .updated || filter.updated.isUnbounded
    }

    /// The range of times the way goes by.
    var range: TimeRange { way == .updated ? filter.updated : filter.completed }

    // MARK: Statements

    /// Candidates of an index whose order is another, fetched and sorted; ends with its ORDER BY.
    func sorted(after cursor: TaskCursor?, first count: Int) -> SQL {
        guard way != .tags else { return mergedTags(after: cursor, first: count) }
        return """
            SELECT t.id FROM tasks t \(hint) WHERE t.realm = \(realm)\(drivingCondition)\(otherConditions)\
            \(created("t", after: cursor))
            ORDER BY t.created_at DESC, t.id DESC
            """
    }

    /// The newest matches out of several runs that are each in order; ends with its ORDER BY.
    func merged(after cursor: TaskCursor?, first count: Int) -> SQL {
        way == .reviews
            ? merge(
                filter.reviews.map { review in
                    """
                    SELECT t.created_at, t.id FROM tasks t \(only: .sqlite, "INDEXED BY tasks_by_review")
                    WHERE t.realm = \(realm) AND t.review_status = \(review)\(otherConditions)\
                    \(created("t", after: cursor))
                    ORDER BY t.created_at DESC, t.id DESC LIMIT \(count)
                    """
                })
            : walked(after: cursor, first: count)
    }

    /// The newest matches found by walking all tasks of the realm, project, batch or type from the newest on.
    func walked(after cursor: TaskCursor?, first count: Int) -> SQL {
        let times: SQL =
            "\(filter.completed.condition("t.completed_at"))\(filter.updated.condition("t.updated_at"))\(reviewCondition)"
        return merge(
            statuses.map { status in
                """
                SELECT t.created_at, t.id FROM tasks t \(scopeHint)
                WHERE t.realm = \(realm) AND t.status = \(status)\(scope("t"))\(times)\(created("t", after: cursor))
                ORDER BY t.created_at DESC, t.id DESC LIMIT \(count)
                """
            })
    }

    private func mergedTags(after cursor: TaskCursor?, first count: Int) -> SQL {
        let streams = filter.tags.map { tag -> SQL in
            """
            SELECT g.created_at, g.task_id AS id FROM task_tags g\(taggedTasks)
            WHERE g.realm = \(realm) AND g.tag = \(tag)\(created("g", id: "g.task_id", after: cursor))\
            \(taggedConditions) ORDER BY g.created_at DESC, g.task_id DESC LIMIT \(count)
            """
        }
        // A task with two of the tags is one task.
        return merge(streams, by: " UNION ")
    }

    private func merge(_ streams: [SQL], by union: String = " UNION ALL ") -> SQL {
        let runs = streams.enumerated().map { number, stream -> SQL in
            "SELECT created_at, id FROM (\(stream)) AS \(SQL(stringLiteral: "run\(number)"))"
        }
        return "SELECT id FROM (\(SQL.joined(runs, by: union))) AS runs ORDER BY created_at DESC, id DESC"
    }

    /// The earliest or the latest time there is in the realm, of the kind the way goes by.
    func end(last: Bool) -> SQL {
        let direction: SQL = last ? "DESC" : "ASC"
        return """
            SELECT \(column) FROM tasks t \(hint) WHERE t.realm = \(realm) AND \(column) IS NOT NULL
            ORDER BY \(column) \(direction) LIMIT 1
            """
    }

    /// Counts of the tasks before and after the way's range of times.
    var outside: [SQL] {
        var bounds: [SQL] = []
        if let from = range.from { bounds.append("\(column) < \(from)") }
        if let through = range.through { bounds.append("\(column) > \(through.endOfMillisecond)") }
        return bounds.map { bound in
            "SELECT COUNT(*) FROM tasks t \(hint) WHERE t.realm = \(realm) AND \(bound)\(otherConditions)"
        }
    }

    private var column: SQL { way == .updated ? "t.updated_at" : "t.completed_at" }

    /// How many there are, or are left after a position; with a bound, counting stops there.
    func count(after cursor: TaskCursor? = nil, atMost bound: Int? = nil) -> SQL {
        var matches: SQL
        if way == .tags {
            let what: SQL = filter.tags.count > 1 ? "DISTINCT g.task_id" : "g.task_id"
            matches = """
                SELECT \(what) FROM task_tags g\(taggedTasks) WHERE g.realm = \(realm) AND g.tag IN \(list: filter.tags)\
                \(created("g", id: "g.task_id", after: cursor))\(taggedConditions)
                """
        } else if way == .scope {
            matches = """
                SELECT 1 FROM tasks t \(scopeHint) WHERE t.realm = \(realm) AND t.status IN \(list: statuses)\
                \(scope("t"))\(created("t", after: cursor))
                """
        } else {
            matches = """
                SELECT 1 FROM tasks t \(hint) WHERE t.realm = \(realm)\(drivingCondition)\(otherConditions)\
                \(cursor == nil ? filter.created.condition("t.created_at") : created("t", after: cursor))
                """
        }
        if let bound { matches += " LIMIT \(bound)" }
        return "SELECT COUNT(*) FROM (\(matches)) AS matches"
    }

    // MARK: Parts

    var statuses: [TaskRow.Status] {
        if !filter.statuses.isEmpty { return TaskRow.Status.allCases.filter(filter.statuses.contains) }
        // No other task has a time of completion, and walking the others to find that out takes long.
        return filter.completed.isUnbounded ? TaskRow.Status.allCases : [.completed]
    }

    /// SQLite has no statistics at first and could take the wrong one of two similar indexes.
    var hint: SQL {
        switch way {
        case .uniqueIDs: "\(only: .sqlite, "INDEXED BY tasks_unique_id")"
        case .completed: "\(only: .sqlite, "INDEXED BY tasks_by_completion")"
        case .updated: "\(only: .sqlite, "INDEXED BY tasks_by_change")"
        case .reviews: "\(only: .sqlite, "INDEXED BY tasks_by_review")"
        case .tags, .scope: ""
        }
    }

    var scopeHint: SQL {
        if filter.batchID != nil { return "\(only: .sqlite, "INDEXED BY tasks_by_batch")" }
        if filter.projectID != nil { return "\(only: .sqlite, "INDEXED BY tasks_by_project")" }
        if filter.type != nil { return "\(only: .sqlite, "INDEXED BY tasks_by_type")" }
        return "\(only: .sqlite, "INDEXED BY tasks_by_status")"
    }

    private var drivingCondition: SQL {
        switch way {
        case .uniqueIDs: " AND t.unique_id IN \(list: filter.uniqueIDs)"
        case .completed: filter.completed.condition("t.completed_at")
        case .updated: filter.updated.condition("t.updated_at")
        case .reviews: reviewCondition
        case .tags, .scope: ""
        }
    }

    private var reviewCondition: SQL {
        filter.reviews.isEmpty ? "" : " AND t.review_status IN \(list: filter.reviews)"
    }

    /// Project, batch and type, in a table that has them.
    private func scope(_ table: SQL) -> SQL {
        var conditions: SQL = ""
        if let batch = filter.batchID { conditions += " AND \(table).batch_id = \(batch)" }
        if let project = filter.projectID { conditions += " AND \(table).project_id = \(project)" }
        if let type = filter.type { conditions += " AND \(table).type = \(type)" }
        return conditions
    }

    private func statusCondition(_ table: SQL) -> SQL {
        if let status = filter.status { return " AND \(table).status = \(status)" }
        return filter.statuses.isEmpty ? "" : " AND \(table).status IN \(list: filter.statuses)"
    }

    /// Times other than creation, and verdicts, except what the way itself goes by.
    private var rareConditions: SQL {
        var conditions: SQL = ""
        if way != .completed { conditions += filter.completed.condition("t.completed_at") }
        if way != .updated { conditions += filter.updated.condition("t.updated_at") }
        if way != .reviews { conditions += reviewCondition }
        return conditions
    }

    /// Everything but the words, whatever the way.
    var allConditions: SQL {
        var conditions: SQL = """
            \(scope("t"))\(statusCondition("t"))\(filter.created.condition("t.created_at"))\
            \(filter.completed.condition("t.completed_at"))\(filter.updated.condition("t.updated_at"))\(reviewCondition)
            """
        if filter.hasUniqueID { conditions += " AND t.unique_id IS NOT NULL" }
        if !filter.uniqueIDs.isEmpty { conditions += " AND t.unique_id IN \(list: filter.uniqueIDs)" }
        if !filter.tags.isEmpty { conditions += taggedCondition }
        return conditions
    }

    private var taggedCondition: SQL {
        """
         AND EXISTS (SELECT 1 FROM task_tags g WHERE g.realm = t.realm AND g.tag IN \(list: filter.tags)
            AND g.created_at = t.created_at AND g.task_id = t.id)
        """
    }

    /// Everything but creation time and what the way itself goes by.
    private var otherConditions: SQL {
        var conditions: SQL = "\(scope("t"))\(statusCondition("t"))\(rareConditions)"
        if !filter.tags.isEmpty { conditions += taggedCondition }
        return conditions
    }

    private var taggedConditions: SQL { "\(scope("g"))\(statusCondition("g"))\(rareConditions)" }

    /// The tasks beside their tags, where something is asked for that the tags do not carry.
    private var taggedTasks: SQL {
        rareConditions.text.isEmpty ? "" : " JOIN tasks t ON t.id = g.task_id"
    }

    /// The bounds of the creation time, including where the page begins.
    private func created(_ table: SQL, id: SQL? = nil, after cursor: TaskCursor?) -> SQL {
        var range = filter.created
        // Nothing is completed or changed before it is created, up to an hour by which the clocks of nodes may differ.
        for bound in [filter.completed.through, filter.updated.through] {
            guard let bound = bound?.adding(seconds: 3600) else { continue }
            range.through = min(range.through ?? bound, bound)
        }
        var condition: SQL = ""
        if let cursor, cursor.createdAt <= range.through?.endOfMillisecond ?? cursor.createdAt {
            // The cursor is the tighter bound; a second one could lead the planner astray.
            range.through = nil
            condition = " AND (\(table).created_at, \(id ?? "\(table).id")) < (\(cursor.createdAt), \(cursor.id))"
        }
        return "\(range.condition("\(table).created_at"))\(condition)"
    }
}
