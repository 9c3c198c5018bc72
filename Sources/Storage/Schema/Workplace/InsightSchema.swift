/// What overviews, the activity log, the usage ledger and delivery settings read.
enum InsightSchema {
    static let statements: [SQL] = events + figures + usage + deliveries + settings

    /// Actions that happen to every task; those are found by walking the log, all others by their index.
    static let commonActions: SQL = "('task.created', 'task.ready', 'task.started', 'task.submitted', 'task.launched')"

    private static let events: [SQL] = [
        // events(realm:filter:): what somebody did
        "CREATE INDEX events_by_actor ON events (realm, actor, id)",
        // the same: what happened to things that are no tasks, by kind
        "CREATE INDEX events_by_kind ON events (realm, object_kind, id) WHERE object_kind <> 'task'",
        // the same: what was done that is not done to every task
        "CREATE INDEX events_by_action ON events (realm, action, id) WHERE action NOT IN \(commonActions)",
    ]

    private static let figures: [SQL] = [
        // How far an account's log has been counted, by position.
        "CREATE TABLE counted_events (account_id TEXT PRIMARY KEY, position BIGINT NOT NULL)",
        // What happened how often on a day, counted from 1970 in UTC; the scope is '' for the realm or a project's id.
        """
        CREATE TABLE figures (
            realm BIGINT NOT NULL, scope TEXT NOT NULL, day BIGINT NOT NULL, name TEXT NOT NULL, n BIGINT NOT NULL,
            PRIMARY KEY (realm, scope, day, name)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // Tasks that are pending, by the day they were made on; days without any are removed.
        """
        CREATE TABLE pending_days (
            realm BIGINT NOT NULL, scope TEXT NOT NULL, day BIGINT NOT NULL, n BIGINT NOT NULL,
            PRIMARY KEY (realm, scope, day)) \(only: .sqlite, "WITHOUT ROWID")
        """,
    ]

    private static let usage: [SQL] = [
        // One line for every end of a task; the id is that of the event that ended it.
        """
        CREATE TABLE usage_lines (
            realm BIGINT NOT NULL, id TEXT NOT NULL, at BIGINT NOT NULL, task_id TEXT NOT NULL, project_id TEXT,
            batch_id TEXT, type TEXT NOT NULL,
            what TEXT NOT NULL CHECK (what IN ('completed', 'completed_again', 'error', 'canceled')),
            billable BIGINT NOT NULL, annotations BIGINT NOT NULL,
            PRIMARY KEY (realm, id)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // A task is billed once, however often it is done again.
        "CREATE UNIQUE INDEX usage_billed ON usage_lines (task_id) WHERE billable = 1",
        // usageLines(realm:) of a project
        "CREATE INDEX usage_by_project ON usage_lines (realm, project_id, id) WHERE project_id IS NOT NULL",
        // usageLines(realm:) that are not billed
        "CREATE INDEX usage_free ON usage_lines (realm, id) WHERE billable = 0",
    ]

    private static let deliveries: [SQL] = [
        // deliveries(realm:filter:), merged from one run a state; failingReceivers
        "CREATE INDEX deliveries_by_state ON deliveries (realm, state, id)",
        // Which delivery sends another one's message again, and the other way round.
        "ALTER TABLE deliveries ADD COLUMN resend_of TEXT",
        "ALTER TABLE deliveries ADD COLUMN resent_as TEXT",
    ]

    private static let settings: [SQL] = [
        "ALTER TABLE realms ADD COLUMN callback_changed_at BIGINT",
        "ALTER TABLE realms ADD COLUMN signing_changed_at BIGINT",
        // Still signed with beside the new one for a while, so that receivers can be changed over.
        "ALTER TABLE realms ADD COLUMN previous_signing_secret TEXT",
        "ALTER TABLE realms ADD COLUMN previous_until BIGINT",
        // Until now callbacks were signed with what they carry, so that goes on until it is changed.
        "UPDATE realms SET signing_secret = callback_secret",
    ]
}
