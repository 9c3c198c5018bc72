/// The statements that find a person's next item.
struct WorkClaim {
    let realm: Int64
    let user: String
    let scope: WorkScope
    let now: Timestamp

    /// Whether there can be anything for the person in the queue.
    var isPossible: Bool { scope != .projects([]) }

    /// The item the person holds, or else the first that is meant for the person; a few looks into small indexes.
    var own: SQL {
        """
        SELECT id FROM (
            SELECT id, rank, priority, created_at FROM (
                SELECT id, 0 AS rank, priority, created_at FROM work_items \(only: .sqlite, "INDEXED BY work_held")
                WHERE lease_holder = \(user) AND realm = \(realm) AND state = 'leased'
                ORDER BY created_at, id LIMIT 1) AS held
            UNION ALL
            \(assigned(count: 1)) UNION ALL \(preferred(count: 1))) AS own
        ORDER BY rank, priority DESC, created_at, id LIMIT 1
        """
    }

    /// The first items that are meant for the person and that nobody holds, best first.
    func meant(count: Int) -> SQL {
        """
        SELECT id FROM (\(assigned(count: count)) UNION ALL \(preferred(count: count))) AS own
        ORDER BY rank, priority DESC, created_at, id LIMIT \(SQL(number: count))
        """
    }

    private func assigned(count: Int) -> SQL {
        """
        SELECT id, rank, priority, created_at FROM (
            SELECT w.id, 1 AS rank, w.priority, w.created_at
            FROM work_items w \(only: .sqlite, "INDEXED BY work_assigned")
            WHERE w.assignee = \(user) AND w.realm = \(realm) AND w.state IN ('waiting', 'leased')\(free)\(wanted)
            ORDER BY w.priority DESC, w.created_at, w.id LIMIT \(SQL(number: count))) AS assigned
        """
    }

    private func preferred(count: Int) -> SQL {
        """
        SELECT id, rank, priority, created_at FROM (
            SELECT w.id, 2 AS rank, w.priority, w.created_at
            FROM work_items w \(only: .sqlite, "INDEXED BY work_preferred")
            WHERE w.preferred = \(user) AND w.realm = \(realm) AND w.state IN ('waiting', 'leased')
                AND w.assignee IS NULL\(free)\(wanted)\(inScope)
            ORDER BY w.priority DESC, w.created_at, w.id LIMIT \(SQL(number: count))) AS preferred
        """
    }

    /// The first items of the queue that the person may have, best first.
    func next(count: Int, locking: Bool) -> SQL {
        let lock: SQL = locking ? "\(only: .postgres, " FOR UPDATE OF w SKIP LOCKED")" : ""
        return """
            SELECT w.id FROM work_items w \(hint) WHERE \(queue)\(free)\(wanted)\(allowed)\(place)
            ORDER BY w.priority DESC, w.created_at, w.id LIMIT \(SQL(number: count))\(lock)
            """
    }

    /// Everything in the queue that is free; exclusions, groups and what was passed on are left out of account.
    var waiting: SQL {
        "SELECT 1 FROM work_items w \(hint) WHERE \(queue)\(free)\(inScope)"
    }

    private var hint: SQL {
        switch scope {
        case .everything: "\(only: .sqlite, "INDEXED BY work_queue")"
        case .projects: "\(only: .sqlite, "INDEXED BY work_queue_by_project")"
        }
    }

    private var queue: SQL {
        "w.realm = \(realm) AND w.assignee IS NULL AND w.state IN ('waiting', 'leased')"
    }

    private var free: SQL { " AND (w.state = 'waiting' OR w.lease_expires_at <= \(now))" }

    /// Nobody is given again what they have passed on.
    ///
    /// Such items were put behind the others of their priority, so they are passed by late.
    private var wanted: SQL {
        """
         AND NOT EXISTS (SELECT 1 FROM work_skips s WHERE s.work_item_id = w.id AND s.user_id = \(user))
        """
    }

    /// Nobody does an item from which the person is excluded, or one of a batch that is kept for groups of others.
    private var allowed: SQL {
        """
         AND (w.has_exclusions = 0 OR NOT EXISTS (
            SELECT 1 FROM work_exclusions x WHERE x.work_item_id = w.id AND x.user_id = \(user)))
         AND (w.batch_id IS NULL OR NOT EXISTS (SELECT 1 FROM batch_groups g WHERE g.batch_id = w.batch_id)
            OR EXISTS (SELECT 1 FROM batch_groups g JOIN group_members m ON m.group_id = g.group_id
                WHERE g.batch_id = w.batch_id AND m.user_id = \(user)))
        """
    }

    private var inScope: SQL {
        switch scope {
        case .everything: ""
        case .projects(let projects): " AND w.project_id IN \(list: projects)"
        }
    }

    /// For several projects: the one whose first item comes first, so that only its run of the index is walked.
    private var place: SQL {
        guard case .projects(let projects) = scope else { return "" }
        guard projects.count > 1 else { return inScope }
        let runs = projects.enumerated().map { number, project -> SQL in
            """
            SELECT project_id, priority, created_at, id FROM (
                SELECT w.project_id, w.priority, w.created_at, w.id FROM work_items w \(hint)
                WHERE \(queue) AND w.project_id = \(project)\(free)\(wanted)\(allowed)
                ORDER BY w.priority DESC, w.created_at, w.id LIMIT 1) AS \(SQL(stringLiteral: "run\(number)"))
            """
        }
        return """
             AND w.project_id = (
                SELECT project_id FROM (\(SQL.joined(runs, by: " UNION ALL "))) AS runs
                ORDER BY priority DESC, created_at, id LIMIT 1)
            """
    }
}
