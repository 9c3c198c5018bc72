/// A key that signs links, sealed.
package struct LinkKeyRow: Sendable, Equatable {
    package var id: String

    /// Sealed with a key outside the database.
    package var secret: String

    /// From when on it signs.
    package var startsAt: Timestamp

    /// Until when links signed with it are taken; nil for the one that signs.
    package var endsAt: Timestamp?

    package init(id: String, secret: String, startsAt: Timestamp, endsAt: Timestamp? = nil) {
        self.id = id
        self.secret = secret
        self.startsAt = startsAt
        self.endsAt = endsAt
    }
}

extension LinkKeyRow: RowDecodable {
    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        secret = try reader.text()
        startsAt = try reader.time()
        endsAt = try reader.optionalTime()
    }
}

extension Connection {
    /// The keys whose links are taken at a time, the newest first.
    package func linkKeys(now: Timestamp) throws -> [LinkKeyRow] {
        try all(
            """
            SELECT id, secret, starts_at, ends_at FROM link_keys WHERE ends_at IS NULL OR ends_at > \(now)
            ORDER BY starts_at DESC, id DESC
            """)
    }

    /// Adds a key; those before it go on being taken until a time, or go at once if that is nil.
    package func addLinkKey(_ row: LinkKeyRow, othersUntil end: Timestamp?) throws {
        if let end {
            try execute("UPDATE link_keys SET ends_at = \(end) WHERE ends_at IS NULL OR ends_at > \(end)")
        } else {
            try execute("DELETE FROM link_keys")
        }
        try execute(
            """
            INSERT INTO link_keys (id, secret, starts_at, ends_at)
            VALUES (\(row.id), \(row.secret), \(row.startsAt), \(row.endsAt))
            """)
    }

    /// Adds the first key there is, unless there is one; the setting `old`, which held that of an earlier version, goes.
    package func addFirstLinkKey(_ row: LinkKeyRow, insteadOf old: String) throws -> Bool {
        // Of several nodes that start at once one makes the key; the number is arbitrary.
        if dialect == .postgres { _ = try query("SELECT 1 FROM (SELECT pg_advisory_xact_lock(7310580215)) AS lock") }
        guard try integer("SELECT COUNT(*) FROM link_keys") == 0 else { return false }
        try addLinkKey(row, othersUntil: row.startsAt)
        try execute("DELETE FROM settings WHERE name = \(old)")
        return true
    }

    /// Forgets keys whose links have all ended.
    package func deleteEndedLinkKeys(now: Timestamp) throws {
        try execute("DELETE FROM link_keys WHERE ends_at <= \(now)")
    }

    /// How often the links of realms were revoked; realms in which they never were are missing.
    package func linkEpochs() throws -> [Int64: Int] {
        var epochs: [Int64: Int] = [:]
        for row in try query("SELECT realm, epoch FROM link_epochs") {
            var reader = row.reader
            epochs[try reader.int64()] = try reader.int()
        }
        return epochs
    }

    /// Revokes every link of a realm.
    package func revokeLinks(realm: Int64) throws {
        try execute(
            """
            INSERT INTO link_epochs (realm, epoch) VALUES (\(realm), 1)
            ON CONFLICT (realm) DO UPDATE SET epoch = link_epochs.epoch + 1
            """)
    }
}
