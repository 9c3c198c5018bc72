/// A signed-in browser.
package struct SessionRow: Sendable, Equatable {
    /// Hash of the cookie's value; the value itself is not kept.
    package var tokenHash: String
    package var userID: String
    package var accountID: String

    /// What state-changing calls must carry besides the cookie.
    package var csrf: String
    package var createdAt: Timestamp
    package var expiresAt: Timestamp

    /// What the browser calls itself.
    package var agent: String

    /// Where it last signed in from.
    package var remote: String

    /// When it was last used, give or take an hour.
    package var seenAt: Timestamp

    package init(
        tokenHash: String, userID: String, accountID: String, csrf: String, createdAt: Timestamp, expiresAt: Timestamp,
        agent: String = "", remote: String = "", seenAt: Timestamp? = nil
    ) {
        self.tokenHash = tokenHash
        self.userID = userID
        self.accountID = accountID
        self.csrf = csrf
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.agent = agent
        self.remote = remote
        self.seenAt = seenAt ?? createdAt
    }

    /// By which a person names one of their sessions; tells nothing of the cookie.
    package var id: String { String(tokenHash.prefix(Self.idLength)) }

    static let idLength = 24
}

extension SessionRow: RowDecodable {
    static let columns: SQL =
        "s.token_hash, s.user_id, s.account_id, s.csrf, s.created_at, s.expires_at, s.agent, s.remote, s.seen_at"

    package init(_ reader: inout RowReader) throws {
        tokenHash = try reader.text()
        userID = try reader.text()
        accountID = try reader.text()
        csrf = try reader.text()
        createdAt = try reader.time()
        expiresAt = try reader.time()
        agent = try reader.text()
        remote = try reader.text()
        seenAt = try reader.time()
    }
}

extension Connection {
    /// Stores a session.
    package func insertSession(_ session: SessionRow) throws {
        try execute(
            """
            INSERT INTO sessions
                (token_hash, user_id, account_id, csrf, created_at, expires_at, agent, remote, seen_at)
            VALUES (\(session.tokenHash), \(session.userID), \(session.accountID), \(session.csrf),
                \(session.createdAt), \(session.expiresAt), \(session.agent), \(session.remote), \(session.seenAt))
            """)
    }

    /// The session of a cookie, unless it has expired.
    package func session(tokenHash: String, now: Timestamp) throws -> SessionRow? {
        try first(
            """
            SELECT \(SessionRow.columns) FROM sessions s
            WHERE s.token_hash = \(tokenHash) AND s.expires_at > \(now)
            """)
    }

    /// Where a person is signed in, most recently used first.
    package func sessions(user: String, now: Timestamp) throws -> [SessionRow] {
        try all(
            """
            SELECT \(SessionRow.columns) FROM sessions s WHERE s.user_id = \(user) AND s.expires_at > \(now)
            ORDER BY s.seen_at DESC, s.token_hash
            """)
    }

    /// Notes that a session is in use and lets it last longer.
    @discardableResult
    package func extendSession(tokenHash: String, seenAt: Timestamp, expiresAt: Timestamp) throws -> Bool {
        try execute(
            """
            UPDATE sessions SET seen_at = \(seenAt), expires_at = \(expiresAt) WHERE token_hash = \(tokenHash)
            """) > 0
    }

    /// Ends a session.
    @discardableResult
    package func deleteSession(tokenHash: String) throws -> Bool {
        try execute("DELETE FROM sessions WHERE token_hash = \(tokenHash)") > 0
    }

    /// Ends the session that its person calls `id`; false if there is none.
    package func deleteSession(user: String, id: String) throws -> Bool {
        try execute(
            """
            DELETE FROM sessions
            WHERE user_id = \(user) AND substr(token_hash, 1, \(SessionRow.idLength)) = \(id)
            """) > 0
    }

    /// Ends all sessions of a person but the one with the hash `kept`; returns how many.
    @discardableResult
    package func deleteSessions(user: String, except kept: String? = nil) throws -> Int {
        try execute("DELETE FROM sessions WHERE user_id = \(user) AND token_hash <> \(kept ?? "")")
    }

    /// Ends a person's sessions in one account; returns how many.
    @discardableResult
    package func deleteSessions(account: String, user: String) throws -> Int {
        try execute("DELETE FROM sessions WHERE user_id = \(user) AND account_id = \(account)")
    }

    /// Removes sessions that have expired; returns how many.
    @discardableResult
    package func deleteExpiredSessions(now: Timestamp) throws -> Int {
        try execute("DELETE FROM sessions WHERE expires_at <= \(now)")
    }
}
