package import JSON
package import Labeling
package import Media
package import Storage

/// What admins do with the keys that programs authenticate with.
package struct KeyOperations: Sendable {
    private let database: any Database
    private let now: @Sendable () -> Timestamp

    package init(database: any Database, now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }) {
        self.database = database
        self.now = now
    }

    /// Makes a key that ends by itself after so many days, or never, and may be used from some networks, or any.
    ///
    /// - Returns: The key and its text, which is shown this once; only its hash is stored.
    package func create(
        _ name: String, mode: RealmRow.Mode, scope: Scope, days: Int?, networks: [CIDR] = [], account: String,
        by actor: String
    ) async throws -> (key: KeyRow, text: String) {
        let now = now()
        let text = Secret.make(prefix: "\(mode.rawValue)_")
        let key = try await database.write { db in
            guard let realm = try db.realm(account: account, mode: mode) else {
                throw Refusal(.notFound, "There is no such account.")
            }
            let row = KeyRow(
                id: Identifier.make(now), realm: realm.id, name: name, hash: Secret.hash(text),
                hint: String(text.prefix(9)) + "…", scope: scope.rawValue, createdAt: now,
                expiresAt: days.map { now.adding(seconds: Double($0) * 86_400) },
                networks: networks.map(\.description))
            _ = try db.insertKey(row)
            try Self.record("key.created", row, by: actor, in: db, now: now)
            return row
        }
        return (key, text)
    }

    /// All keys of an account, without their secrets, oldest first, each with its world.
    package func list(account: String) async throws -> [(key: KeyRow, mode: RealmRow.Mode)] {
        try await database.read { db in
            let test = try db.realm(account: account, mode: .test)?.id
            return try db.keys(account: account).map { ($0, $0.realm == test ? .test : .live) }
        }
    }

    /// Sets the networks that a key may be used from; none for any.
    package func setNetworks(
        _ networks: [CIDR], of id: String, account: String, by actor: String
    ) async throws -> (key: KeyRow, mode: RealmRow.Mode) {
        let now = now()
        return try await database.write { db in
            guard var key = try db.keys(account: account).first(where: { $0.id == id && $0.revokedAt == nil }) else {
                throw Refusal(.notFound, "There is no valid key with that id.")
            }
            let before = key.networksText
            key.networks = networks.map(\.description)
            try db.setKeyNetworks(id, key.networks)
            try db.append(
                NewEvent(
                    realm: key.realm, at: now, actor: actor, objectKind: "key", objectID: id, action: "key.changed",
                    before: before, after: key.networksText))
            return (key, try db.realm(account: account, mode: .test)?.id == key.realm ? .test : .live)
        }
    }

    /// Ends a key; with `account`, only one of that account.
    package func revoke(_ id: String, account: String?, by actor: String) async throws {
        let now = now()
        let isRevoked = try await database.write { db in
            if let account, try !db.keys(account: account).contains(where: { $0.id == id }) { return false }
            guard let key = try db.key(id), try db.revokeKey(id, at: now) else { return false }
            try Self.record("key.revoked", key, by: actor, in: db, now: now)
            return true
        }
        guard isRevoked else { throw Refusal(.notFound, "There is no valid key with that id.") }
    }

    private static func record(
        _ action: String, _ key: KeyRow, by actor: String, in db: any Connection, now: Timestamp
    ) throws {
        try db.append(
            NewEvent(
                realm: key.realm, at: now, actor: actor, objectKind: "key", objectID: key.id, action: action))
    }
}

extension KeyRow {
    /// Writes the key as the pages show it; `text`: the key itself, when it has just been made.
    package func write(mode: RealmRow.Mode, text: String? = nil, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("name", name)
            writer.field("mode", mode.rawValue)
            writer.field("scope", scope)
            writer.field("hint", hint)
            writer.field("created_at", time: createdAt.microseconds)
            if let expiresAt { writer.field("expires_at", time: expiresAt.microseconds) }
            if let revokedAt { writer.field("revoked_at", time: revokedAt.microseconds) }
            writeNetworks(to: &writer)
            if let text { writer.field("key", text) }
        }
    }

    private func writeNetworks(to writer: inout JSONWriter) {
        writer.array("networks") { writer in networks.forEach { writer.value($0) } }
    }

    fileprivate var networksText: String {
        var writer = JSONWriter()
        writer.object { writer in writeNetworks(to: &writer) }
        return writer.text
    }
}
