/// Words to find tasks by, changes to many tasks at once, and exports.
enum SearchSchema {
    static let statements: [SQL] = words + bulk + exports

    private static let words: [SQL] = [
        // One row a word of a task, in the order of lists. Words compare by their bytes, so that both engines find the
        // same words behind a beginning. The project never changes; what does change is looked up at the task.
        """
        CREATE TABLE task_words (
            realm BIGINT NOT NULL, word TEXT \(only: .postgres, "COLLATE \"C\"") NOT NULL, created_at BIGINT NOT NULL,
            task_id TEXT NOT NULL, project_id TEXT, PRIMARY KEY (realm, word, created_at, task_id))
            \(only: .sqlite, "WITHOUT ROWID")
        """,
        // All words of a task, each between blanks: what further words of a search are looked for in.
        """
        CREATE TABLE task_texts (task_id TEXT PRIMARY KEY, words TEXT NOT NULL) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // Tasks from before get their words from a job.
        """
        INSERT INTO jobs (id, kind, realm, subject, position, lane, payload, run_at, attempts, state, created_at)
        SELECT '000000000000000000000005', 'fill_words', NULL, 'tasks', 0, '', '', 0, 0, 'ready', 0
        WHERE EXISTS (SELECT 1 FROM tasks)
        """,
    ]

    private static let bulk: [SQL] = [
        """
        CREATE TABLE bulk_changes (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL REFERENCES realms (id), action TEXT NOT NULL,
            detail TEXT NOT NULL, selection TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'canceled', 'failed')),
            total BIGINT NOT NULL, changed BIGINT NOT NULL, unchanged BIGINT NOT NULL, refused BIGINT NOT NULL,
            progress TEXT, actor TEXT NOT NULL, actor_name TEXT NOT NULL, undoes TEXT, undone_by TEXT, error TEXT,
            created_at BIGINT NOT NULL, finished_at BIGINT)
        """,
        // bulkChanges(realm:), newest first: ids begin with the time
        "CREATE INDEX bulk_changes_by_age ON bulk_changes (realm, id)",
        // What became of each task, in the order of the work; `before` is what undoing needs.
        """
        CREATE TABLE bulk_results (
            bulk_id TEXT NOT NULL, position BIGINT NOT NULL, task_id TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('changed', 'unchanged', 'refused')), reason TEXT, before TEXT,
            PRIMARY KEY (bulk_id, position)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // bulkResults(_:outcome:): those that were not changed are few among many
        """
        CREATE INDEX bulk_results_kept ON bulk_results (bulk_id, outcome, position) WHERE outcome <> 'changed'
        """,
    ]

    private static let exports: [SQL] = [
        """
        CREATE TABLE exports (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL REFERENCES realms (id),
            format TEXT NOT NULL CHECK (format IN ('jsonl', 'json', 'csv')), selection TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'canceled', 'failed')),
            total BIGINT NOT NULL, done BIGINT NOT NULL, bytes BIGINT NOT NULL, hash TEXT, actor TEXT NOT NULL,
            actor_name TEXT NOT NULL, error TEXT, created_at BIGINT NOT NULL, finished_at BIGINT, expires_at BIGINT)
        """,
        // exports(realm:), newest first
        "CREATE INDEX exports_by_age ON exports (realm, id)",
        // expiredExports(now:)
        "CREATE INDEX exports_by_expiry ON exports (expires_at) WHERE expires_at IS NOT NULL",
    ]
}
