/// Where an account's files lie with others, and from where its keys may be used.
enum IntegrationSchema {
    static let statements: [SQL] = [
        // `settings` and what is in `sealed` are JSON objects; the latter can be opened with a key outside the database only.
        """
        CREATE TABLE integrations (
            id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id),
            provider TEXT NOT NULL CHECK (provider IN ('s3', 'gcs', 'azure')), name TEXT NOT NULL, prefix TEXT NOT NULL,
            settings TEXT NOT NULL, sealed TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
            tested_at BIGINT, fault TEXT)
        """,
        // integrations(account:), and that no two of an account stand for the same place
        "CREATE UNIQUE INDEX integrations_by_account ON integrations (account_id, prefix)",
    ]
}
