/// An API key; the key itself is not kept.
package struct KeyRow: Sendable, Equatable {
    package var id: String
    package var realm: Int64
    package var name: String

    /// Hash of the key.
    package var hash: String

    /// The key's last characters, by which people tell keys apart.
    package var hint: String

    /// What the key may do; words of the rules.
    package var scope: String
    package var createdAt: Timestamp
    package var expiresAt: Timestamp?
    package var revokedAt: Timestamp?

    /// The networks that it may be used from, as `10.0.0.0/8`; empty for any.
    package var networks: [String]

    package init(
        id: String, realm: Int64, name: String, hash: String, hint: String, scope: String, createdAt: Timestamp,
        expiresAt: Timestamp? = nil, revokedAt: Timestamp? = nil, networks: [String] = []
    ) {
        self.id = id
        self.realm = realm
        self.name = name
        self.hash = hash
        self.hint = hint
        self.scope = scope
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.networks = networks
    }
}

extension KeyRow: RowDecodable {
    static let columns: SQL =
        "k.id, k.realm, k.name, k.hash, k.hint, k.scope, k.created_at, k.expires_at, k.revoked_at, k.networks"

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        name = try reader.text()
        hash = try reader.text()
        hint = try reader.text()
        scope = try reader.text()
        createdAt = try reader.time()
        expiresAt = try reader.optionalTime()
        revokedAt = try reader.optionalTime()
        networks = try reader.text().split(separator: " ").map(String.init)
    }
}

/// A valid key and the realm it opens.
package struct KeyAccess: Sendable, Equatable, RowDecodable {
    package var key: KeyRow
    package var realm: RealmRow

    package init(_ reader: inout RowReader) throws {
        key = try KeyRow(&reader)
        realm = try RealmRow(&reader)
    }
}

extension Connection {
    /// Stores a key; false if the same key is stored already.
    package func insertKey(_ key: KeyRow) throws -> Bool {
        try execute(
            """
            INSERT INTO api_keys (id, realm, name, hash, hint, scope, created_at, expires_at, revoked_at,
                networks)
            VALUES (\(key.id), \(key.realm), \(key.name), \(key.hash), \(key.hint), \(key.scope), \(key.createdAt),
                \(key.expiresAt), \(key.revokedAt), \(key.networks.joined(separator: " ")))
            ON CONFLICT (hash) DO NOTHING
            """) > 0
    }

    /// The key with a hash, unless it was revoked or has expired, and its realm.
    package func key(hash: String, now: Timestamp) throws -> KeyAccess? {
        try first(
            """
            SELECT \(KeyRow.columns), \(RealmRow.columns) FROM api_keys k JOIN realms r ON r.id = k.realm
            WHERE k.hash = \(hash) AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > \(now))
            """)
    }

    /// A key.
    package func key(_ id: String) throws -> KeyRow? {
        try first("SELECT \(KeyRow.columns) FROM api_keys k WHERE k.id = \(id)")
    }

    /// All keys of an account, revoked ones too, oldest first.
    package func keys(account: String) throws -> [KeyRow] {
        try all(
            """
            SELECT \(KeyRow.columns) FROM api_keys k JOIN realms r ON r.id = k.realm WHERE r.account_id = \(account)
            ORDER BY k.created_at, k.id
            """)
    }

    /// Sets the networks that a key may be used from.
    package func setKeyNetworks(_ id: String, _ networks: [String]) throws {
        try execute("UPDATE api_keys SET networks = \(networks.joined(separator: " ")) WHERE id = \(id)")
    }

    /// Makes a key useless from now on; false if it was already, or is not there.
    @discardableResult
    package func revokeKey(_ id: String, at: Timestamp) throws -> Bool {
        try execute("UPDATE api_keys SET revoked_at = \(at) WHERE id = \(id) AND revoked_at IS NULL") > 0
    }
}
