package import JSON
package import Storage

/// What people do with their own entry: name, password, and where they are signed in.
package struct ProfileOperations: Sendable {
    private let database: any Database
    private let identities: IdentityOperations
    private let now: @Sendable () -> Timestamp

    package init(
        database: any Database, identities: IdentityOperations,
        now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.database = database
        self.identities = identities
        self.now = now
    }

    /// Changes what a person is called.
    package func rename(_ name: String, by session: SessionIdentity) async throws {
        let now = now()
        try await database.write { db in
            try db.setUserName(user: session.user.id, name: name)
            try Self.record("user.renamed", of: session, in: db, now: now)
        }
    }

    /// Gives a person a new password and ends all of the person's other sessions.
    ///
    /// - Throws: `Issues` if the present password is wrong or the new one too short.
    package func changePassword(
        from present: String, to password: String, by session: SessionIdentity, remote: String
    ) async throws {
        guard try await identities.matches(present, session.user, email: session.user.email, remote: remote) else {
            throw Issues("present", "`present` is not your present password.")
        }
        try Password.check(password, path: "password")
        let hash = try await Password.hash(password)
        let now = now()
        try await database.write { db in
            try db.setPassword(user: session.user.id, hash: hash, keeping: session.tokenHash)
            try Self.record("user.password_changed", of: session, in: db, now: now)
        }
    }

    /// Where a person is signed in, most recently used first.
    package func sessions(of session: SessionIdentity) async throws -> [OwnSession] {
        let now = now()
        let rows = try await database.read { db in try db.sessions(user: session.user.id, now: now) }
        return rows.map { OwnSession(row: $0, isCurrent: $0.tokenHash == session.tokenHash) }
    }

    /// Ends one of a person's sessions.
    package func endSession(_ id: String, by session: SessionIdentity) async throws {
        let now = now()
        let ended = try await database.write { db in
            guard try db.deleteSession(user: session.user.id, id: id) else { return false }
            try Self.record("user.session_ended", of: session, in: db, now: now)
            return true
        }
        guard ended else { throw Refusal(.notFound, "You have no session with that id.") }
    }

    /// Ends all of a person's sessions but this one; returns how many.
    package func endOtherSessions(by session: SessionIdentity) async throws -> Int {
        let now = now()
        return try await database.write { db in
            let count = try db.deleteSessions(user: session.user.id, except: session.tokenHash)
            if count > 0 { try Self.record("user.session_ended", of: session, in: db, now: now) }
            return count
        }
    }

    private static func record(
        _ action: String, of session: SessionIdentity, in db: any Connection, now: Timestamp
    ) throws {
        try db.append(
            NewEvent(
                realm: session.actor.realm.id, at: now, actor: session.actor.label, objectKind: "user",
                objectID: session.user.id, action: action))
    }
}

/// One of a person's sessions, as the person sees it.
package struct OwnSession: Sendable {
    let row: SessionRow
    /// Whether it is the one that asks.
    package let isCurrent: Bool

    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", row.id)
            writer.field("agent", row.agent)
            writer.field("remote", row.remote)
            writer.field("created_at", time: row.createdAt.microseconds)
            writer.field("seen_at", time: row.seenAt.microseconds)
            writer.field("current", isCurrent)
        }
    }
}
