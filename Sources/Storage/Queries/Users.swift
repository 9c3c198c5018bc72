/// A person.
package struct UserRow: Sendable, Equatable {
    package var id: String

    /// As the person writes it; compared without regard to case.
    package var email: String
    package var name: String
    package var firstName: String?
    package var lastName: String?
    package var company: String?

    /// Nil for somebody who was invited and has not come yet.
    package var passwordHash: String?
    package var createdAt: Timestamp

    package init(
        id: String, email: String, name: String, firstName: String? = nil, lastName: String? = nil,
        company: String? = nil, passwordHash: String? = nil, createdAt: Timestamp
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.firstName = firstName
        self.lastName = lastName
        self.company = company
        self.passwordHash = passwordHash
        self.createdAt = createdAt
    }
}

extension UserRow: RowDecodable {
    static let columns: SQL =
        "u.id, u.email, u.name, u.first_name, u.last_name, u.company, u.password_hash, u.created_at"

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        email = try reader.text()
        name = try reader.text()
        firstName = try reader.optionalText()
        lastName = try reader.optionalText()
        company = try reader.optionalText()
        passwordHash = try reader.optionalText()
        createdAt = try reader.time()
    }
}

/// What a person is in an account.
package struct MemberRow: Sendable, Equatable {
    /// What the person may do.
    package enum Role: String, SQLConvertible, CaseIterable {
        case admin, manager, member, labeler
    }

    /// Whether the person takes part.
    package enum State: String, SQLConvertible {
        case active, invited, disabled
    }

    /// What a labeler does; of no account for other roles.
    package enum Function: String, SQLConvertible, CaseIterable {
        case attempter, reviewer, both
    }

    package var accountID: String
    package var role: Role
    package var function: Function
    package var state: State
    package var disableRapidEmails: Bool

    /// When an invitation lapses.
    package var expiresAt: Timestamp?
    package var createdAt: Timestamp

    /// Whether a code is asked for beside the password.
    package var hasSecondFactor: Bool
    package var user: UserRow
}

extension MemberRow: RowDecodable {
    static let columns: SQL = """
        m.account_id, m.role, m.function, m.state, m.disable_rapid_emails, m.expires_at, m.created_at,
        CASE WHEN EXISTS (SELECT 1 FROM second_factors f WHERE f.user_id = m.user_id AND f.confirmed_at IS NOT NULL)
            THEN 1 ELSE 0 END,
        \(UserRow.columns)
        """

    package init(_ reader: inout RowReader) throws {
        accountID = try reader.text()
        role = try reader.word()
        function = try reader.word()
        state = try reader.word()
        disableRapidEmails = try reader.bool()
        expiresAt = try reader.optionalTime()
        createdAt = try reader.time()
        hasSecondFactor = try reader.bool()
        user = try UserRow(&reader)
    }
}

extension Connection {
    // MARK: People

    /// Stores a person; false if the e-mail address is taken.
    package func insertUser(_ user: UserRow) throws -> Bool {
        try execute(
            """
            INSERT INTO users (id, email, email_key, name, first_name, last_name, company, password_hash, created_at)
            VALUES (\(user.id), \(user.email), \(user.email.lowercased()), \(user.name), \(user.firstName),
                \(user.lastName), \(user.company), \(user.passwordHash), \(user.createdAt))
            ON CONFLICT (email_key) DO NOTHING
            """) > 0
    }

    /// The e-mail addresses of some people by their ids.
    package func emails(of ids: [String]) throws -> [String: String] {
        var emails: [String: String] = [:]
        for row in try query("SELECT id, email FROM users WHERE id IN \(list: ids)") {
            var reader = row.reader
            emails[try reader.text()] = try reader.text()
        }
        return emails
    }

    /// The person with an e-mail address, whatever its case.
    package func user(email: String) throws -> UserRow? {
        try first("SELECT \(UserRow.columns) FROM users u WHERE u.email_key = \(email.lowercased())")
    }

    /// A person.
    package func user(_ id: String) throws -> UserRow? {
        try first("SELECT \(UserRow.columns) FROM users u WHERE u.id = \(id)")
    }

    /// Everybody, oldest first.
    package func users() throws -> [UserRow] {
        try all("SELECT \(UserRow.columns) FROM users u ORDER BY u.created_at, u.id")
    }

    /// Sets a person's password hash and ends the person's sessions.
    @discardableResult
    package func setPassword(user: String, hash: String?) throws -> Bool {
        try deleteSessions(user: user)
        return try execute("UPDATE users SET password_hash = \(hash) WHERE id = \(user)") > 0
    }

    /// Sets a person's password hash and ends the person's sessions but the one with the hash `kept`.
    package func setPassword(user: String, hash: String, keeping kept: String) throws {
        try deleteSessions(user: user, except: kept)
        try execute("UPDATE users SET password_hash = \(hash) WHERE id = \(user)")
    }

    /// Sets the password hash of a person who has none; false if there is one already.
    package func setFirstPassword(user: String, hash: String) throws -> Bool {
        try execute("UPDATE users SET password_hash = \(hash) WHERE id = \(user) AND password_hash IS NULL") > 0
    }

    /// Sets what a person is called.
    @discardableResult
    package func setUserName(user: String, name: String) throws -> Bool {
        try execute("UPDATE users SET name = \(name) WHERE id = \(user)") > 0
    }

    // MARK: Members

    /// Makes a person a member of an account, or changes what the person is there.
    package func setMember(
        account: String, user: String, role: MemberRow.Role, state: MemberRow.State, expiresAt: Timestamp? = nil,
        at: Timestamp
    ) throws {
        try execute(
            """
            INSERT INTO members (account_id, user_id, role, state, expires_at, created_at)
            VALUES (\(account), \(user), \(role), \(state), \(expiresAt), \(at))
            ON CONFLICT (account_id, user_id) DO UPDATE
            SET role = excluded.role, state = excluded.state, expires_at = excluded.expires_at
            """)
    }

    /// Sets what a labeler does.
    package func setFunction(account: String, user: String, function: MemberRow.Function) throws {
        try execute(
            "UPDATE members SET function = \(function) WHERE account_id = \(account) AND user_id = \(user)")
    }

    /// What a person is in an account.
    package func member(account: String, user: String) throws -> MemberRow? {
        try first(
            """
            SELECT \(MemberRow.columns) FROM members m JOIN users u ON u.id = m.user_id
            WHERE m.account_id = \(account) AND m.user_id = \(user)
            """)
    }

    /// An account's members, oldest first.
    package func members(account: String) throws -> [MemberRow] {
        try all(
            """
            SELECT \(MemberRow.columns) FROM members m JOIN users u ON u.id = m.user_id WHERE m.account_id = \(account)
            ORDER BY m.created_at, u.email_key
            """)
    }

    /// Where a person is a member, oldest first.
    package func memberships(user: String) throws -> [MemberRow] {
        try all(
            """
            SELECT \(MemberRow.columns) FROM members m JOIN users u ON u.id = m.user_id WHERE m.user_id = \(user)
            ORDER BY m.created_at, m.account_id
            """)
    }

    // MARK: Invitations

    /// Gives an invited member a new link, of which only the hash is stored; the former link ends.
    package func setInvitation(account: String, user: String, hash: String, expiresAt: Timestamp) throws {
        try execute(
            """
            UPDATE members SET invitation_hash = \(hash), expires_at = \(expiresAt)
            WHERE account_id = \(account) AND user_id = \(user) AND state = 'invited'
            """)
    }

    /// Who was invited by a link, unless it has lapsed.
    package func invitation(hash: String, now: Timestamp) throws -> MemberRow? {
        try first(
            """
            SELECT \(MemberRow.columns) FROM members m JOIN users u ON u.id = m.user_id
            WHERE m.invitation_hash = \(hash) AND m.state = 'invited' AND m.expires_at > \(now)
            """)
    }

    /// Makes an invited member an active one; false if somebody was first.
    package func acceptInvitation(hash: String) throws -> Bool {
        try execute(
            """
            UPDATE members SET state = 'active', invitation_hash = NULL, expires_at = NULL
            WHERE invitation_hash = \(hash) AND state = 'invited'
            """) > 0
    }

    /// How many admins an account has who may sign in; locks them, so that no two of them can be the last to go.
    package func lockAdmins(account: String) throws -> Int {
        try query(
            """
            SELECT m.user_id FROM members m
            WHERE m.account_id = \(account) AND m.role = 'admin' AND m.state = 'active' \(only: .postgres, "FOR UPDATE")
            """
        ).count
    }
}
