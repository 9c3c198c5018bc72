/// Who gets which work, hours, and second factors.
enum StaffingSchema {
    static let statements: [SQL] = queue + factors + hours

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

    private static let factors: [SQL] = [
        // What a person's phone makes codes from, sealed by a key outside the database; without `confirmed_at` it is only being set up.
        // `last_step` is the time step of the last code that was taken, so that none is taken twice.
        """
        CREATE TABLE second_factors (
            user_id TEXT PRIMARY KEY REFERENCES users (id), sealed TEXT NOT NULL, confirmed_at BIGINT,
            last_step BIGINT NOT NULL DEFAULT 0, failures BIGINT NOT NULL DEFAULT 0,
            failing_since BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL)
        """,
        // What lets a person in whose phone is lost, each once; only hashes with the same key are kept.
        """
        CREATE TABLE recovery_codes (
            user_id TEXT NOT NULL REFERENCES users (id), hash TEXT NOT NULL, used_at BIGINT,
            PRIMARY KEY (user_id, hash))
        """,
        // Sign-ins whose password was right and whose code is awaited.
        """
        CREATE TABLE sign_in_challenges (
            token_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id),
            account_id TEXT NOT NULL REFERENCES accounts (id), failures BIGINT NOT NULL DEFAULT 0,
            expires_at BIGINT NOT NULL)
        """,
        // deleteExpiredChallenges
        "CREATE INDEX sign_in_challenges_by_expiry ON sign_in_challenges (expires_at)",
        // deleteSecondFactor
        "CREATE INDEX sign_in_challenges_by_user ON sign_in_challenges (user_id)",
    ]

    private static let hours: [SQL] = [
        // When people worked on what. No two intervals of a person overlap, and none reaches over midnight, UTC.
        """
        CREATE TABLE work_intervals (
            user_id TEXT NOT NULL, started_at BIGINT NOT NULL, ended_at BIGINT NOT NULL, realm BIGINT NOT NULL,
            project_id TEXT, work_item_id TEXT NOT NULL, PRIMARY KEY (user_id, started_at))
            \(only: .sqlite, "WITHOUT ROWID")
        """,
        // workHours(realm:)
        "CREATE INDEX work_intervals_by_time ON work_intervals (realm, started_at)",
        // the time that an item took
        "CREATE INDEX work_intervals_by_item ON work_intervals (work_item_id, user_id)",
    ]
}
