extension Connection {
    // MARK: Making

    /// Stores a step to be done.
    package func insertWorkItem(_ item: NewWorkItem) throws {
        try execute(
            """
            INSERT INTO work_items (id, task_id, realm, project_id, batch_id, kind, level, attempt, state, assignee,
                preferred, has_exclusions, priority, created_at, updated_at)
            VALUES (\(item.id), \(item.taskID), \(item.realm), \(item.projectID), \(item.batchID), \(item.kind),
                \(item.level), \(item.attempt), 'waiting', \(item.assignee), \(item.preferred),
                \(!item.excluded.isEmpty), \(item.priority ?? NewWorkItem.usualPriority), \(item.createdAt),
                \(item.createdAt))
            """)
        for user in item.excluded {
            try execute(
                """
                INSERT INTO work_exclusions (work_item_id, user_id) VALUES (\(item.id), \(user))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    /// Stores steps to be done.
    package func insertWorkItems(_ items: [NewWorkItem]) throws {
        for item in items { try insertWorkItem(item) }
    }

    // MARK: Claiming

    /// Gives a person the next item to do: what the person holds, what is meant for the person, or the queue's first.
    ///
    /// An expired lease counts as none. Claims at the same time never get the same item. The token and the expiry are
    /// the new lease's.
    package func claimNextWork(
        realm: Int64, user: String, scope: WorkScope, token: String, expiresAt: Timestamp, now: Timestamp
    ) throws -> WorkItemRow? {
        let claim = WorkClaim(realm: realm, user: user, scope: scope, now: now)
        if let own = try optionalText(claim.own),
            let item = try lease(own, realm: realm, user: user, token: token, expiresAt: expiresAt, now: now)
        {
            return item
        }
        guard claim.isPossible else { return nil }
        return try first(
            """
            UPDATE work_items
            SET state = 'leased', lease_token = \(token), lease_holder = \(user), lease_expires_at = \(expiresAt),
                updated_at = \(now)
            WHERE id = (\(claim.next(locking: true))) RETURNING \(WorkItemRow.columns)
            """)
    }

    /// Gives a person a certain item, if nobody else holds it.
    package func claimWork(
        realm: Int64, id: String, user: String, token: String, expiresAt: Timestamp, now: Timestamp
    ) throws -> WorkItemRow? {
        try lease(id, realm: realm, user: user, token: token, expiresAt: expiresAt, now: now)
    }

    private func lease(
        _ id: String, realm: Int64, user: String, token: String, expiresAt: Timestamp, now: Timestamp
    ) throws -> WorkItemRow? {
        try first(
            """
            UPDATE work_items
            SET state = 'leased', lease_token = \(token), lease_holder = \(user), lease_expires_at = \(expiresAt),
                updated_at = \(now)
            WHERE id = \(id) AND realm = \(realm) AND (assignee IS NULL OR assignee = \(user))
                AND (state = 'waiting'
                    OR (state = 'leased' AND (lease_holder = \(user) OR lease_expires_at <= \(now))))
                AND NOT EXISTS (
                    SELECT 1 FROM work_exclusions x WHERE x.work_item_id = work_items.id AND x.user_id = \(user))
            RETURNING \(WorkItemRow.columns)
            """)
    }

    // MARK: Holding

    /// An item.
    package func workItem(realm: Int64, id: String) throws -> WorkItemRow? {
        try first("SELECT \(WorkItemRow.columns) FROM work_items WHERE id = \(id) AND realm = \(realm)")
    }

    /// A task's items, oldest first.
    package func workItems(realm: Int64, task: String) throws -> [WorkItemRow] {
        try all(
            """
            SELECT \(WorkItemRow.columns) FROM work_items WHERE task_id = \(task) AND realm = \(realm)
            ORDER BY created_at, id
            """)
    }

    /// The item a lease is on, kept from other writers until the transaction ends; nil if the lease does not hold.
    package func heldWork(realm: Int64, id: String, token: String, now: Timestamp) throws -> WorkItemRow? {
        try first(
            """
            SELECT \(WorkItemRow.columns) FROM work_items
            WHERE id = \(id) AND realm = \(realm) AND state = 'leased' AND lease_token = \(token)
                AND lease_expires_at > \(now) \(only: .postgres, "FOR UPDATE")
            """)
    }

    /// Makes a lease last longer; false if it is lost.
    @discardableResult
    package func heartbeat(
        realm: Int64, id: String, token: String, expiresAt: Timestamp, now: Timestamp
    ) throws -> Bool {
        try execute(
            """
            UPDATE work_items SET lease_expires_at = \(expiresAt)
            WHERE id = \(id) AND realm = \(realm) AND state = 'leased' AND lease_token = \(token)
                AND lease_expires_at > \(now)
            """) > 0
    }

    /// Gives an item back to the queue, behind the others of its priority; false if the lease is lost.
    @discardableResult
    package func releaseWork(realm: Int64, id: String, token: String, now: Timestamp) throws -> Bool {
        try execute(
            """
            UPDATE work_items
            SET state = 'waiting', lease_token = NULL, lease_holder = NULL, lease_expires_at = NULL,
                created_at = \(now), updated_at = \(now)
            WHERE id = \(id) AND realm = \(realm) AND state = 'leased' AND lease_token = \(token)
            """) > 0
    }

    /// Ends an item with a submission, whose id is the submitter's; the same one again is answered as before.
    package func submitWork(
        realm: Int64, id: String, token: String, submission: String, now: Timestamp
    ) throws -> Submission {
        let item: WorkItemRow? = try first(
            """
            UPDATE work_items
            SET state = 'submitted', submission_id = \(submission), submitted_by = lease_holder, submitted_at = \(now),
                updated_at = \(now), lease_token = NULL, lease_holder = NULL, lease_expires_at = NULL
            WHERE id = \(id) AND realm = \(realm) AND state = 'leased' AND lease_token = \(token)
                AND lease_expires_at > \(now)
            RETURNING \(WorkItemRow.columns)
            """)
        if let item { return .accepted(item) }
        guard let item = try workItem(realm: realm, id: id) else { return .missing }
        return item.submissionID == submission ? .repeated(item) : .leaseLost
    }

    /// Closes all items of a task that are not submitted; returns how many.
    @discardableResult
    package func closeWork(realm: Int64, task: String, at: Timestamp) throws -> Int {
        try execute(
            """
            UPDATE work_items
            SET state = 'closed', lease_token = NULL, lease_holder = NULL, lease_expires_at = NULL, updated_at = \(at)
            WHERE task_id = \(task) AND realm = \(realm) AND state IN ('waiting', 'leased')
            """)
    }

    // MARK: Looking

    /// A person's work at a glance: submitted items count from `since` on, and counting what waits stops at `atMost`.
    package func workSummary(
        realm: Int64, user: String, scope: WorkScope, since: Timestamp, now: Timestamp, atMost: Int = 1000
    ) throws -> WorkSummary {
        let claim = WorkClaim(realm: realm, user: user, scope: scope, now: now)
        let mine: WorkItemRow? = try first(
            """
            SELECT \(WorkItemRow.columns) FROM work_items
            WHERE lease_holder = \(user) AND realm = \(realm) AND state = 'leased' AND lease_expires_at > \(now)
            ORDER BY created_at, id LIMIT 1
            """)
        var next: WorkItemRow?
        if let id = try optionalText(claim.own) {
            next = try workItem(realm: realm, id: id)
        } else if claim.isPossible {
            next = try first("SELECT \(WorkItemRow.columns) FROM work_items WHERE id = (\(claim.next(locking: false)))")
        }
        let submitted = try integer(
            """
            SELECT COUNT(*) FROM work_items
            WHERE submitted_by = \(user) AND realm = \(realm) AND submitted_at >= \(since)
            """)
        let waiting =
            claim.isPossible
            ? try integer("SELECT COUNT(*) FROM (\(claim.waiting) LIMIT \(atMost)) AS waiting") : 0
        return WorkSummary(mine: mine, next: next, submitted: submitted, waiting: waiting)
    }

    /// What a person has submitted, newest first.
    package func workLog(realm: Int64, user: String, limit: Int) throws -> [WorkItemRow] {
        try all(
            """
            SELECT \(WorkItemRow.columns) FROM work_items WHERE submitted_by = \(user) AND realm = \(realm)
            ORDER BY submitted_at DESC LIMIT \(limit)
            """)
    }
}

/// The statements that find a person's next item.
private struct WorkClaim {
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
            SELECT id, rank, priority, created_at FROM (
                SELECT w.id, 1 AS rank, w.priority, w.created_at
                FROM work_items w \(only: .sqlite, "INDEXED BY work_assigned")
                WHERE w.assignee = \(user) AND w.realm = \(realm) AND w.state IN ('waiting', 'leased')\(free)
                ORDER BY w.priority DESC, w.created_at, w.id LIMIT 1) AS assigned
            UNION ALL
            SELECT id, rank, priority, created_at FROM (
                SELECT w.id, 2 AS rank, w.priority, w.created_at
                FROM work_items w \(only: .sqlite, "INDEXED BY work_preferred")
                WHERE w.preferred = \(user) AND w.realm = \(realm) AND w.state IN ('waiting', 'leased')
                    AND w.assignee IS NULL\(free)\(inScope)
                ORDER BY w.priority DESC, w.created_at, w.id LIMIT 1) AS preferred) AS own
        ORDER BY rank, priority DESC, created_at, id LIMIT 1
        """
    }

    /// The first item of the queue that the person may have.
    func next(locking: Bool) -> SQL {
        let lock: SQL = locking ? "\(only: .postgres, " FOR UPDATE OF w SKIP LOCKED")" : ""
        return """
            SELECT w.id FROM work_items w \(hint) WHERE \(queue)\(free)\(allowed)\(place)
            ORDER BY w.priority DESC, w.created_at, w.id LIMIT 1\(lock)
            """
    }

    /// Everything in the queue that is free; exclusions and groups are left out of account.
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
                WHERE \(queue) AND w.project_id = \(project)\(free)\(allowed)
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
