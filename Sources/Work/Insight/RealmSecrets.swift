package import Storage

/// Keeps what a realm's callbacks carry and are signed with from whoever has only the database.
package struct RealmSecrets: Sendable {
    private let sealer: Sealer

    /// Shows that a text is sealed; what is not is from before secrets were.
    private static let mark = "sealed:"

    package init(_ sealer: Sealer) {
        self.sealer = sealer
    }

    private static func purpose(_ account: String, _ mode: RealmRow.Mode) -> String {
        "realm:\(account):\(mode.rawValue)"
    }

    /// Seals a secret of a realm.
    func seal(_ secret: String, account: String, mode: RealmRow.Mode) throws -> String {
        Self.mark + (try sealer.seal(secret, for: Self.purpose(account, mode)))
    }

    /// A realm with its secrets as they are used.
    ///
    /// - Throws: `Sealer.Failure.unreadable` without the key file they were sealed with.
    func open(_ realm: RealmRow) throws -> RealmRow {
        func open(_ text: String) throws -> String {
            guard text.hasPrefix(Self.mark) else { return text }
            return try sealer.open(
                String(text.dropFirst(Self.mark.count)), for: Self.purpose(realm.accountID, realm.mode))
        }
        var opened = realm
        opened.callbackSecret = try open(realm.callbackSecret)
        opened.signingSecret = try open(realm.signingSecret)
        opened.previousSigningSecret = try realm.previousSigningSecret.map(open)
        return opened
    }

    /// Seals the secrets that are not yet, as those from before secrets were.
    package func sealAll(in database: any Database) async throws {
        try await database.write { db in
            for account in try db.accounts() {
                for realm in try db.realms(account: account.id) {
                    func sealed(_ text: String) throws -> String {
                        text.hasPrefix(Self.mark) ? text : try seal(text, account: account.id, mode: realm.mode)
                    }
                    var row = realm
                    row.callbackSecret = try sealed(realm.callbackSecret)
                    row.signingSecret = try sealed(realm.signingSecret)
                    row.previousSigningSecret = try realm.previousSigningSecret.map(sealed)
                    if row != realm { try db.storeSecrets(of: row) }
                }
            }
        }
    }
}
