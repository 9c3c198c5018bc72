/// Imports of any size, and from where keys may be used.
enum IntakeSchema {
    static let statements: [SQL] = [
        // `request` is what was asked for, `place` where a listing goes on, `turn` which call or worker is at it.
        """
        CREATE TABLE imports (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL REFERENCES realms (id),
            kind TEXT NOT NULL CHECK (kind IN ('lines', 'bucket')),
            state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'canceled', 'failed')),
            request TEXT NOT NULL, place TEXT, turn BIGINT NOT NULL, lines BIGINT NOT NULL, bytes BIGINT NOT NULL,
            created BIGINT NOT NULL, existing BIGINT NOT NULL, refused BIGINT NOT NULL, ready BIGINT NOT NULL,
            skipped BIGINT NOT NULL, problems TEXT NOT NULL, error TEXT, actor TEXT NOT NULL, actor_name TEXT NOT NULL,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, finished_at BIGINT)
        """,
        // imports(realm:), newest first: ids begin with the time
        "CREATE INDEX imports_by_age ON imports (realm, id)",
        // The networks that a key may be used from, separated by blanks; none means any.
        "ALTER TABLE api_keys ADD COLUMN networks TEXT NOT NULL DEFAULT ''",
    ]
}
