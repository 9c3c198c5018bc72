/// The schema of version 3: how people come in, and where they are signed in.
enum AccessSchema {
    static let statements: [SQL] = [
        // Only the hash of an invitation's link is kept, as of every secret.
        "ALTER TABLE members ADD COLUMN invitation_hash TEXT",
        // invitation(hash:)
        "CREATE UNIQUE INDEX members_by_invitation ON members (invitation_hash) WHERE invitation_hash IS NOT NULL",
        // What lets people tell their browsers apart when they look which are signed in.
        "ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE sessions ADD COLUMN remote TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE sessions ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0",
        "UPDATE sessions SET seen_at = created_at",
    ]
}
