/// What is known of each attachment, and of files that many tasks share.
enum ProcessingSchema {
    static let statements: [SQL] = attachments + files + jobs

    private static let attachments: [SQL] = [
        // What browsers show where they cannot show the original.
        "ALTER TABLE attachments ADD COLUMN display_hash TEXT",
        // whether any row names an object
        "CREATE INDEX attachments_by_display ON attachments (display_hash) WHERE display_hash IS NOT NULL",
        // The type that the source stated, and where redirects led.
        "ALTER TABLE attachments ADD COLUMN declared_type TEXT",
        "ALTER TABLE attachments ADD COLUMN final_url TEXT",
        // What was found in the file, and what was made of it with what: JSON, as it was when the file came in.
        "ALTER TABLE attachments ADD COLUMN facts TEXT",
        "ALTER TABLE attachments ADD COLUMN conversions TEXT",
    ]

    private static let jobs: [SQL] = [
        // Without a realm is a realm too, so that the walk over the index finds them all: realms, and in each its lanes.
        "UPDATE jobs SET realm = 0 WHERE realm IS NULL",
        "DROP INDEX jobs_ready",
        // jobRealms; jobLanes: the next lane and its first job; claimJobs: a lane's jobs in order
        "CREATE INDEX jobs_ready ON jobs (kind, realm, lane, run_at, id) WHERE state = 'ready'",
    ]

    private static let files: [SQL] = [
        // The last answer of an address, so that one that a thousand tasks name is copied once. Addresses can be long,
        // so their hash is the key.
        """
        CREATE TABLE fetched (
            realm BIGINT NOT NULL, url_hash TEXT NOT NULL, final_url TEXT NOT NULL, hash TEXT NOT NULL,
            mime TEXT NOT NULL, size BIGINT NOT NULL, declared_type TEXT, status_code BIGINT NOT NULL, etag TEXT,
            last_modified TEXT, begun_at BIGINT NOT NULL, PRIMARY KEY (realm, url_hash))
            \(only: .sqlite, "WITHOUT ROWID")
        """,
        // deleteFetched(before:)
        "CREATE INDEX fetched_by_age ON fetched (begun_at)",
        // whether any row names an object
        "CREATE INDEX fetched_by_object ON fetched (hash)",
        // What the bytes of a file turned out to be, by their hash, and which recipe found it out.
        """
        CREATE TABLE inspections (
            hash TEXT PRIMARY KEY, recipe BIGINT NOT NULL, mime TEXT NOT NULL, width BIGINT, height BIGINT,
            facts TEXT NOT NULL, inspected_at BIGINT NOT NULL) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // What was made of the bytes: a small picture, one that browsers show, the pages of a document.
        """
        CREATE TABLE conversions (
            source TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('thumbnail', 'display', 'page')),
            position BIGINT NOT NULL, hash TEXT NOT NULL, mime TEXT NOT NULL, width BIGINT, height BIGINT,
            size BIGINT NOT NULL, tool TEXT NOT NULL, recipe BIGINT NOT NULL, created_at BIGINT NOT NULL,
            PRIMARY KEY (source, kind, position)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // whether any row names an object
        "CREATE INDEX conversions_by_object ON conversions (hash)",
    ]
}
