/// What is in the object store, who refers to it, and uploads that are not finished.
enum ObjectSchema {
    static let statements: [SQL] = objects + references + uploads + links

    private static let objects: [SQL] = [
        // An object is entered before it can be seen. `used_at` is when it was put last; of one that is leaving, when
        // that was decided.
        """
        CREATE TABLE objects (
            hash TEXT PRIMARY KEY, size BIGINT NOT NULL, state TEXT NOT NULL CHECK (state IN ('kept', 'leaving')),
            used_at BIGINT NOT NULL) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // leavingObjects
        "CREATE INDEX objects_leaving ON objects (used_at) WHERE state = 'leaving'",
        // What was stored before there was a register.
        """
        INSERT INTO objects (hash, size, state, used_at)
        SELECT hash, MAX(size), 'kept', 0 FROM (
            SELECT hash, size FROM attachments WHERE hash IS NOT NULL
            UNION ALL SELECT thumbnail_hash, 0 FROM attachments WHERE thumbnail_hash IS NOT NULL
            UNION ALL SELECT hash, size FROM files WHERE hash IS NOT NULL
            UNION ALL SELECT hash, bytes FROM exports WHERE hash IS NOT NULL
            UNION ALL SELECT pack, 0 FROM tilings) AS found
        GROUP BY hash
        """,
    ]

    /// One index for each of `ObjectColumn.all`, which asks whether any row names an object.
    private static let references: [SQL] = [
        "CREATE INDEX attachments_by_object ON attachments (hash) WHERE hash IS NOT NULL",
        "CREATE INDEX attachments_by_thumbnail ON attachments (thumbnail_hash) WHERE thumbnail_hash IS NOT NULL",
        "CREATE INDEX files_by_object ON files (hash) WHERE hash IS NOT NULL",
        "CREATE INDEX exports_by_object ON exports (hash) WHERE hash IS NOT NULL",
        "CREATE INDEX tilings_by_pack ON tilings (pack)",
        // unusedFiles: by age, and whether an attachment names the file, whose id ends the address
        "CREATE INDEX files_by_age ON files (created_at, id)",
        """
        CREATE INDEX attachments_by_file ON attachments (substr(url, length(url) - 35))
        WHERE substr(url, 1, 12) = 'scaledata://'
        """,
    ]

    private static let uploads: [SQL] = [
        // `received` bytes are in pieces, each an object of its own until all of them are joined.
        """
        CREATE TABLE uploads (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL REFERENCES realms (id), name TEXT NOT NULL,
            display_name TEXT, project TEXT, reference_id TEXT, metadata TEXT, length BIGINT NOT NULL,
            received BIGINT NOT NULL, state TEXT NOT NULL CHECK (state IN ('open', 'joining', 'done', 'failed')),
            error TEXT, file_id TEXT, actor TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
            CHECK (received <= length))
        """,
        // expiredUploads
        "CREATE INDEX uploads_expiring ON uploads (expires_at)",
        // openUploads: how many an account has begun
        "CREATE INDEX uploads_open ON uploads (realm) WHERE state = 'open'",
        """
        CREATE TABLE upload_pieces (
            upload_id TEXT NOT NULL REFERENCES uploads (id), start BIGINT NOT NULL, size BIGINT NOT NULL,
            hash TEXT NOT NULL, PRIMARY KEY (upload_id, start)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // ObjectColumn.all
        "CREATE INDEX upload_pieces_by_object ON upload_pieces (hash)",
    ]

    private static let links: [SQL] = [
        // Keys that sign links, sealed. One signs from `starts_at` on, when all nodes know it, and is taken until `ends_at`.
        """
        CREATE TABLE link_keys (
            id TEXT PRIMARY KEY, secret TEXT NOT NULL, starts_at BIGINT NOT NULL, ends_at BIGINT)
        """,
        // How often all links of a realm were revoked.
        """
        CREATE TABLE link_epochs (realm BIGINT PRIMARY KEY REFERENCES realms (id), epoch BIGINT NOT NULL)
            \(only: .sqlite, "WITHOUT ROWID")
        """,
    ]
}
