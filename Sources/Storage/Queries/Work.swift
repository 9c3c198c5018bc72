extension Connection {
    // MARK: Making

    /// Stores a step to be done.
    package func insertWorkItem(_ item: NewWorkItem) throws {
        try execute(
            """
            INSERT INTO work_items (id, task_id, realm, project_id, batch_id, kind, level, attempt, state, assignee,
                preferred, has_exclusions, priority, created_at, updated_at, audience, line, based_on,
                reserved_until)
            VALUES (\(item.id), \(item.taskID), \(item.realm), \(item.projectID), \(item.batchID), \(item.kind),
                \(item.level), \(item.attempt), 'waiting', \(item.assignee), \(item.preferred),
                \(!item.excluded.isEmpty || item.isShared), \(item.priority ?? NewWorkItem.usualPriority),
                \(item.createdAt), \(item.createdAt), \(audience(of: item)), \(line(of: item)), \(item.basedOn),
                \(item.reservedUntil))
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

    /// Work of self-label batches is for the team, whatever it is.
    private func audience(of item: NewWorkItem) -> SQL {
        guard let batch = item.batchID else { return "\(item.audience)" }
        return """
            CASE WHEN EXISTS (SELECT 1 FROM batches b WHERE b.id = \(batch) AND b.kind = 'self_label')
                THEN 'team' ELSE \(item.audience) END
            """
    }

    private func line(of item: NewWorkItem) -> SQL {
        guard let batch = item.batchID else { return "''" }
        return """
            CASE WHEN EXISTS (
                SELECT 1 FROM batches b WHERE b.id = \(batch) AND b.steered = 1 AND b.status <> 'completed')
                THEN \(batch) ELSE '' END
            """
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
            let item = try lease(own, claim, token: token, expiresAt: expiresAt)
        {
            return item
        }
        guard claim.isPossible else { return nil }
        // Others may be taking the last items of a run at this moment, so the next run is asked then.
        for run in try all(claim.runs) as [WorkRun] {
            let item: WorkItemRow? = try first(
                """
                UPDATE work_items
                SET state = 'leased', lease_token = \(token), lease_holder = \(user), lease_expires_at = \(expiresAt),
                    updated_at = \(now)
                WHERE id = (\(claim.next(in: run, count: 1, locking: true))) RETURNING \(WorkItemRow.columns)
                """)
            if let item { return item }
        }
        return nil
    }

    /// Gives a person a certain item, if nobody else holds it and the person may have it.
    package func claimWork(
        realm: Int64, id: String, user: String, scope: WorkScope, token: String, expiresAt: Timestamp, now: Timestamp
    ) throws -> WorkItemRow? {
        try lease(
            id, WorkClaim(realm: realm, user: user, scope: scope, now: now), token: token, expiresAt: expiresAt)
    }

    private func lease(
        _ id: String, _ claim: WorkClaim, token: String, expiresAt: Timestamp
    ) throws -> WorkItemRow? {
        let (user, now) = (claim.user, claim.now)
        return try first(
            """
            UPDATE work_items AS w
            SET state = 'leased', lease_token = \(token), lease_holder = \(user), lease_expires_at = \(expiresAt),
                updated_at = \(now)
            WHERE w.id = \(id) AND w.realm = \(claim.realm) AND (w.assignee IS NULL OR w.assignee = \(user))
                AND ((w.state = 'leased' AND w.lease_holder = \(user))
                    OR ((w.state = 'waiting' OR (w.state = 'leased' AND w.lease_expires_at <= \(now)))
                        AND \(claim.mayTake)))
                AND NOT EXISTS (
                    SELECT 1 FROM work_exclusions x WHERE x.work_item_id = w.id AND x.user_id = \(user))
            RETURNING \(WorkItemRow.columns)
            """)
    }

    // MARK: Holding

    /// An item.
    package func workItem(realm: Int64, id: String) throws -> WorkItemRow? {
        try first("SELECT \(WorkItemRow.columns) FROM work_items WHERE id = \(id) AND realm = \(realm)")
    }

    /// A task's items in the order they were made; their time of creation is their place in the queue.
    package func workItems(realm: Int64, task: String) throws -> [WorkItemRow] {
        try all(
            """
            SELECT \(WorkItemRow.columns) FROM work_items WHERE task_id = \(task) AND realm = \(realm) ORDER BY id
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

    /// Gives an item back as `releaseWork` does, and notes that its holder does not want it; false if the lease is lost.
    ///
    /// The queue leaves it out for that person from then on; claimed by its id it is theirs as before.
    @discardableResult
    package func skipWork(
        realm: Int64, id: String, user: String, token: String, reason: String, now: Timestamp
    ) throws -> Bool {
        guard try releaseWork(realm: realm, id: id, token: token, now: now) else { return false }
        try execute(
            """
            UPDATE work_items SET assignee = NULL, reserved_until = NULL
            WHERE id = \(id) AND realm = \(realm) AND reserved_until IS NOT NULL
            """)
        try execute(
            """
            INSERT INTO work_skips (work_item_id, user_id, reason, created_at)
            VALUES (\(id), \(user), \(reason), \(now))
            ON CONFLICT (work_item_id, user_id) DO UPDATE
            SET reason = excluded.reason, created_at = excluded.created_at
            """)
        return true
    }

    /// Ends an item with a submission, whose id is the submitter's; the same one again is answered as before.
    package func submitWork(
        realm: Int64, id: String, token: String, submission: String, now: Timestamp
    ) throws -> Submission {
        let item: WorkItemRow? = try first(
            """
            UPDATE work_items
            SET state = 'submitted', submission_id = \(submission), submitted_by = lease_holder, submitted_at = \(now),
                updated_at = \(now), lease_token = NULL, lease_holder = NULL, lease_expires_at = NULL,
                reserved_until = NULL
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
            SET state = 'closed', lease_token = NULL, lease_holder = NULL, lease_expires_at = NULL,
                reserved_until = NULL, updated_at = \(at)
            WHERE task_id = \(task) AND realm = \(realm) AND state IN ('waiting', 'leased')
            """)
    }

    /// Keeps a person who has begun one of several answers to a task from the others, whatever becomes of it.
    package func keepFromSiblings(of item: WorkItemRow, user: String) throws {
        try execute(
            """
            INSERT INTO work_exclusions (work_item_id, user_id)
            SELECT s.id, CAST(\(user) AS TEXT) FROM work_items s
            WHERE s.task_id = \(item.taskID) AND s.kind = 'label' AND s.id <> \(item.id) AND s.has_exclusions = 1
            ON CONFLICT DO NOTHING
            """)
    }

    /// Closes one item that is not submitted.
    package func closeWorkItem(realm: Int64, id: String, at: Timestamp) throws {
        try execute(
            """
            UPDATE work_items
            SET state = 'closed', lease_token = NULL, lease_holder = NULL, lease_expires_at = NULL, updated_at = \(at)
            WHERE id = \(id) AND realm = \(realm) AND state IN ('waiting', 'leased')
            """)
    }

    /// Hands a free item in on behalf of the program itself.
    package func submitForProgram(realm: Int64, workItem id: String, now: Timestamp) throws {
        try execute(
            """
            UPDATE work_items SET state = 'submitted', submission_id = id, submitted_at = \(now), updated_at = \(now)
            WHERE id = \(id) AND realm = \(realm) AND state = 'waiting'
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
        } else if claim.isPossible, let run = try (all(claim.runs) as [WorkRun]).first {
            next = try workItem(realm: realm, id: run.first)
        }
        let submitted = try integer(
            """
            SELECT COUNT(*) FROM work_items
            WHERE submitted_by = \(user) AND realm = \(realm) AND submitted_at >= \(since)
            """)
        let waiting =
            claim.isPossible ? min(atMost, try integer(claim.waiting(atMost: atMost))) : 0
        return WorkSummary(mine: mine, next: next, submitted: submitted, waiting: waiting)
    }

    /// What a person would most likely be given next, the first in front, beside what the person holds.
    ///
    /// They come run by run, so that only the first of them is sure, which is all that a guess needs.
    package func upcomingWork(
        realm: Int64, user: String, scope: WorkScope, count: Int, now: Timestamp
    ) throws -> [WorkItemRow] {
        let claim = WorkClaim(realm: realm, user: user, scope: scope, now: now)
        var ids = try texts(claim.meant(count: count))
        if ids.count < count, claim.isPossible {
            // What is meant for the person stands in the queue too, unless it is assigned.
            for run in try all(claim.runs) as [WorkRun] where ids.count < count {
                let queued = try texts(claim.next(in: run, count: count, locking: false))
                ids += queued.filter { !ids.contains($0) }
            }
        }
        let items: [WorkItemRow] = try all("SELECT \(WorkItemRow.columns) FROM work_items WHERE id IN \(list: ids)")
        return ids.prefix(count).compactMap { id in items.first { $0.id == id } }
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
