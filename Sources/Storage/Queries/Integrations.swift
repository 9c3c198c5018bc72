/// A place where an account's files lie with a provider, and what opens it.
package struct IntegrationRow: Sendable, Equatable {
    package var id: String
    package var accountID: String

    /// A word of the rules.
    package var provider: String
    package var name: String

    /// How the addresses begin that it is for.
    package var prefix: String

    /// What is no secret, a JSON object.
    package var settings: String

    /// The secrets, a JSON object that is sealed.
    package var sealed: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    /// When it was tried last, and what was wrong then.
    package var testedAt: Timestamp?
    package var fault: String?

    package init(
        id: String, accountID: String, provider: String, name: String, prefix: String, settings: String, sealed: String,
        createdAt: Timestamp
    ) {
        self.id = id
        self.accountID = accountID
        self.provider = provider
        self.name = name
        self.prefix = prefix
        self.settings = settings
        self.sealed = sealed
        self.createdAt = createdAt
        updatedAt = createdAt
    }
}

extension IntegrationRow: RowDecodable {
    static let columns: SQL = """
        i.id, i.account_id, i.provider, i.name, i.prefix, i.settings, i.sealed, i.created_at, i.updated_at, i.tested_at, \
        i.fault
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        accountID = try reader.text()
        provider = try reader.text()
        name = try reader.text()
        prefix = try reader.text()
        settings = try reader.text()
        sealed = try reader.text()
        createdAt = try reader.time()
        updatedAt = try reader.time()
        testedAt = try reader.optionalTime()
        fault = try reader.optionalText()
    }
}

extension Connection {
    /// Stores an integration; false if the account has one for the same prefix.
    package func insertIntegration(_ row: IntegrationRow) throws -> Bool {
        try execute(
            """
            INSERT INTO integrations (
                id, account_id, provider, name, prefix, settings, sealed, created_at, updated_at, tested_at, fault)
            VALUES (\(row.id), \(row.accountID), \(row.provider), \(row.name), \(row.prefix), \(row.settings),
                \(row.sealed), \(row.createdAt), \(row.updatedAt), \(row.testedAt), \(row.fault))
            ON CONFLICT (account_id, prefix) DO NOTHING
            """) > 0
    }

    /// An account's integrations, by their prefixes.
    package func integrations(account: String) throws -> [IntegrationRow] {
        try all(
            "SELECT \(IntegrationRow.columns) FROM integrations i WHERE i.account_id = \(account) ORDER BY i.prefix")
    }

    /// The integrations of a realm's account, by their prefixes.
    package func integrations(realm: Int64) throws -> [IntegrationRow] {
        try all(
            """
            SELECT \(IntegrationRow.columns) FROM realms r JOIN integrations i ON i.account_id = r.account_id
            WHERE r.id = \(realm) ORDER BY i.prefix
            """)
    }

    /// An account's integration.
    package func integration(account: String, id: String) throws -> IntegrationRow? {
        try first(
            """
            SELECT \(IntegrationRow.columns) FROM integrations i
            WHERE i.id = \(id) AND i.account_id = \(account)
            """)
    }

    /// Whose integration it is.
    package func integrationAccount(_ id: String) throws -> String? {
        try optionalText("SELECT account_id FROM integrations WHERE id = \(id)")
    }

    /// Writes an integration anew; false if another of the account is for the same prefix.
    package func updateIntegration(_ row: IntegrationRow) throws -> Bool {
        try execute(
            """
            UPDATE integrations SET name = \(row.name), prefix = \(row.prefix), settings = \(row.settings),
                sealed = \(row.sealed), updated_at = \(row.updatedAt), tested_at = \(row.testedAt), fault = \(row.fault)
            WHERE id = \(row.id) AND NOT EXISTS (
                SELECT 1 FROM integrations o
                WHERE o.account_id = \(row.accountID) AND o.prefix = \(row.prefix) AND o.id <> \(row.id))
            """) > 0
    }

    /// Notes how a trial of an integration ended, unless it was changed meanwhile.
    package func noteIntegrationTest(_ row: IntegrationRow, fault: String?, at: Timestamp) throws {
        try execute(
            """
            UPDATE integrations SET tested_at = \(at), fault = \(fault)
            WHERE id = \(row.id) AND updated_at = \(row.updatedAt)
            """)
    }

    /// Forgets an integration; false if there is none.
    package func deleteIntegration(account: String, id: String) throws -> Bool {
        try execute("DELETE FROM integrations WHERE id = \(id) AND account_id = \(account)") > 0
    }
}
