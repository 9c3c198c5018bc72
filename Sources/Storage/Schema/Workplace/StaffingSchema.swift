/// Who gets which work, hours, and second factors.
enum StaffingSchema {
    static let statements: [SQL] = queue

    /// The queue is a number of runs, one for everything that the same people may do, so that nobody walks over what is for others.
    private static let queue: [SQL] = [
        """
        ALTER TABLE members ADD COLUMN function TEXT NOT NULL DEFAULT 'both'
        CHECK (function IN ('attempter', 'reviewer', 'both'))
        """,
        // Paused: nobody is given its work.
        "ALTER TABLE batches ADD COLUMN held BIGINT NOT NULL DEFAULT 0",
        // Whether the batch was ever paused, put in order or kept for groups; its work is a run of its own from then on.
        "ALTER TABLE batches ADD COLUMN steered BIGINT NOT NULL DEFAULT 0",
        "UPDATE batches SET steered = 1 WHERE studio_position IS NOT NULL",
        "UPDATE batches SET steered = 1 WHERE id IN (SELECT batch_id FROM batch_groups)",
        // WorkClaim: the runs that a person may take from
        "CREATE INDEX batches_steered ON batches (realm, id) WHERE steered = 1 AND status <> 'completed'",
        """
        ALTER TABLE work_items ADD COLUMN audience TEXT NOT NULL DEFAULT 'label'
        CHECK (audience IN ('label', 'review', 'team'))
        """,
        // The batch, if it is a steered one, or nothing.
        "ALTER TABLE work_items ADD COLUMN line TEXT NOT NULL DEFAULT ''",
        """
        UPDATE work_items SET line = batch_id
        WHERE batch_id IN (SELECT id FROM batches WHERE steered = 1 AND status <> 'completed')
            AND state IN ('waiting', 'leased')
        """,
        """
        UPDATE work_items SET audience = 'team'
        WHERE batch_id IN (SELECT id FROM batches WHERE kind = 'self_label') AND state IN ('waiting', 'leased')
        """,
        "DROP INDEX work_queue",
        "DROP INDEX work_queue_by_project",
        // claimNextWork: a run. Leased items stay in it, so an expired lease is found in its old place; they are as few as the
        // people at work.
        """
        CREATE INDEX work_queue ON work_items (realm, audience, line, priority DESC, created_at, id)
        WHERE assignee IS NULL AND state IN ('waiting', 'leased')
        """,
        // claimNextWork: a run of a project's work, without its steered batches
        """
        CREATE INDEX work_queue_by_project ON work_items
            (realm, project_id, audience, line, priority DESC, created_at, id)
        WHERE assignee IS NULL AND state IN ('waiting', 'leased')
        """,
    ]
}
