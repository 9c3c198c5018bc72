/// An owner of data: a team or a company.
package struct AccountRow: Sendable, Equatable, RowDecodable {
    package var id: String
    package var name: String
    package var createdAt: Timestamp

    package init(id: String, name: String, createdAt: Timestamp) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        name = try reader.text()
        createdAt = try reader.time()
    }
}

/// The live or the test world of an account.
package struct RealmRow: Sendable, Equatable {
    /// Which of the two.
    package enum Mode: String, SQLConvertible, CaseIterable {
        case live, test
    }

    package var id: Int64
    package var accountID: String
    package var mode: Mode

    /// What callbacks carry to show where they come from.
    package var callbackSecret: String

    /// What callbacks are signed with.
    package var signingSecret: String
    package var defaultCallbackURL: String?

    /// What callbacks are signed with too, until `previousUntil`.
    package var previousSigningSecret: String?
    package var previousUntil: Timestamp?
    package var callbackChangedAt: Timestamp?
    package var signingChangedAt: Timestamp?

    /// What to sign with at a time; receivers may know either.
    package func signingSecrets(at now: Timestamp) -> [String] {
        guard let previousSigningSecret, let previousUntil, now < previousUntil else { return [signingSecret] }
        return [previousSigningSecret, signingSecret]
    }
}

extension RealmRow: RowDecodable {
    static let columns: SQL = """
        r.id, r.account_id, r.mode, r.callback_secret, r.signing_secret, r.default_callback_url, \
        r.previous_signing_secret, r.previous_until, r.callback_changed_at, r.signing_changed_at
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.int64()
        accountID = try reader.text()
        mode = try reader.word()
        callbackSecret = try reader.text()
        signingSecret = try reader.text()
        defaultCallbackURL = try reader.optionalText()
        previousSigningSecret = try reader.optionalText()
        previousUntil = try reader.optionalTime()
        callbackChangedAt = try reader.optionalTime()
        signingChangedAt = try reader.optionalTime()
    }
}

/// A realm to be made with its account.
package struct NewRealm: Sendable {
    package var mode: RealmRow.Mode
    package var callbackSecret: String
    package var signingSecret: String

    package init(mode: RealmRow.Mode, callbackSecret: String, signingSecret: String) {
        self.mode = mode
        self.callbackSecret = callbackSecret
        self.signingSecret = signingSecret
    }
}

extension Connection {
    /// Makes an account with its realms; false if the name is taken.
    package func createAccount(_ account: AccountRow, realms: [NewRealm]) throws -> Bool {
        let changed = try execute(
            """
            INSERT INTO accounts (id, name, created_at) VALUES (\(account.id), \(account.name), \(account.createdAt))
            ON CONFLICT (name) DO NOTHING
            """)
        guard changed > 0 else { return false }
        for realm in realms {
            do {
                try execute(
                    """
                    INSERT INTO realms (id, account_id, mode, callback_secret, signing_secret)
                    VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM realms), \(account.id), \(realm.mode),
                        \(realm.callbackSecret), \(realm.signingSecret))
                    """)
            } catch StorageError.constraint(.unique, let message) {
                // Another account was made at the same time and got the number.
                throw StorageError.conflict(message)
            }
        }
        return true
    }

    /// The account of a name.
    package func account(named name: String) throws -> AccountRow? {
        try first("SELECT id, name, created_at FROM accounts WHERE name = \(name)")
    }

    /// An account.
    package func account(_ id: String) throws -> AccountRow? {
        try first("SELECT id, name, created_at FROM accounts WHERE id = \(id)")
    }

    /// All accounts, oldest first.
    package func accounts() throws -> [AccountRow] {
        try all("SELECT id, name, created_at FROM accounts ORDER BY created_at, id")
    }

    /// A realm.
    package func realm(_ id: Int64) throws -> RealmRow? {
        try first("SELECT \(RealmRow.columns) FROM realms r WHERE r.id = \(id)")
    }

    /// An account's realm of a mode.
    package func realm(account: String, mode: RealmRow.Mode) throws -> RealmRow? {
        try first("SELECT \(RealmRow.columns) FROM realms r WHERE r.account_id = \(account) AND r.mode = \(mode)")
    }

    /// An account's realms.
    package func realms(account: String) throws -> [RealmRow] {
        try all("SELECT \(RealmRow.columns) FROM realms r WHERE r.account_id = \(account) ORDER BY r.id")
    }

    /// Sets where callbacks go that name no receiver.
    @discardableResult
    package func setDefaultCallback(realm: Int64, url: String?) throws -> Bool {
        try execute("UPDATE realms SET default_callback_url = \(url) WHERE id = \(realm)") > 0
    }

    /// Replaces what a realm's callbacks carry.
    @discardableResult
    package func setCallbackSecret(realm: Int64, _ secret: String, at: Timestamp) throws -> Bool {
        try execute(
            "UPDATE realms SET callback_secret = \(secret), callback_changed_at = \(at) WHERE id = \(realm)") > 0
    }

    /// Replaces what a realm's callbacks are signed with; the secret before goes on to be used until a time.
    @discardableResult
    package func setSigningSecret(realm: Int64, _ secret: String, keepingOldUntil until: Timestamp, at: Timestamp)
        throws
        -> Bool
    {
        try execute(
            """
            UPDATE realms SET previous_signing_secret = signing_secret, previous_until = \(until),
                signing_secret = \(secret), signing_changed_at = \(at) WHERE id = \(realm)
            """) > 0
    }

    /// Stores a realm's secrets in another form; this is no change of them.
    package func storeSecrets(of realm: RealmRow) throws {
        try execute(
            """
            UPDATE realms SET callback_secret = \(realm.callbackSecret), signing_secret = \(realm.signingSecret),
                previous_signing_secret = \(realm.previousSigningSecret)
            WHERE id = \(realm.id)
            """)
    }

    // MARK: Settings

    /// A setting of the whole installation.
    package func setting(_ name: String) throws -> String? {
        try optionalText("SELECT value FROM settings WHERE name = \(name)")
    }

    /// Sets a setting.
    package func putSetting(_ name: String, _ value: String) throws {
        try execute(
            """
            INSERT INTO settings (name, value) VALUES (\(name), \(value))
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """)
    }

    /// Sets a setting; false if it had that value, as it has for all nodes but the first that come with it.
    package func changeSetting(_ name: String, to value: String) throws -> Bool {
        try execute(
            """
            INSERT INTO settings (name, value) VALUES (\(name), \(value))
            ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE settings.value <> excluded.value
            """) > 0
    }

    /// A setting, set to the given value if it is not there; all nodes get the same.
    package func settingOrInsert(_ name: String, _ value: String) throws -> String {
        try execute("INSERT INTO settings (name, value) VALUES (\(name), \(value)) ON CONFLICT (name) DO NOTHING")
        return try setting(name) ?? value
    }
}
