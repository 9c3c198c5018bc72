import Labeling
package import Storage

/// How the first person gets into a new installation: by a link that only whoever starts the program gets to see.
package struct FirstAdminOperations: Sendable {
    private let database: any Database
    private let accounts: AccountOperations
    private let identities: IdentityOperations

    private static let setting = "first_admin.hash"

    package init(database: any Database, accounts: AccountOperations, identities: IdentityOperations) {
        self.database = database
        self.accounts = accounts
        self.identities = identities
    }

    /// Makes a link's token while nobody can sign in; a former one ends.
    ///
    /// - Returns: The token, or nil once there is a person.
    package func offer() async throws -> String? {
        let token = Secret.make()
        return try await database.write { db in
            guard try db.users().isEmpty else { return nil }
            try db.putSetting(Self.setting, Secret.hash(token))
            return token
        }
    }

    /// Makes the first admin of the default account, and signs them in.
    ///
    /// Returns the session that begins with it and the token for its cookie.
    /// Throws `Refusal` if the token is not the one last offered or there is somebody already, `Issues` for what is wrong with the rest.
    package func accept(
        _ token: String, email: String, name: String, password: String, remote: String, agent: String
    ) async throws -> (identity: SessionIdentity, token: String) {
        let isOpen = try await database.read { db in
            try db.users().isEmpty && db.setting(Self.setting) == Secret.hash(token)
        }
        guard isOpen else {
            throw Refusal(
                .notFound, "This link is not valid any more; sign in, or start the server again for a new one.")
        }
        // Of two who are as fast, the other's address is refused or makes a second admin; both had the link.
        _ = try await accounts.createUser(
            account: AccountOperations.defaultName, email: email, role: .admin, password: password,
            displayName: name.isEmpty ? nil : name)
        return try await identities.signIn(email: email, password: password, remote: remote, agent: agent)
    }
}
