package import JSON
package import Labeling
package import Storage

/// What admins and managers do with the people of their account, and how people come in.
package struct PeopleOperations: Sendable {
    private let database: any Database
    private let identities: IdentityOperations
    private let mail: InvitationMail?
    private let now: @Sendable () -> Timestamp

    /// How long an invitation stands open.
    static let invitationSeconds = 14.0 * 86_400

    package init(
        database: any Database, identities: IdentityOperations, mail: InvitationMail? = nil,
        now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.database = database
        self.identities = identities
        self.mail = mail
        self.now = now
    }

    /// Everybody in the account, oldest first.
    package func list(by actor: Actor) async throws -> [MemberRow] {
        let account = actor.realm.account
        return try await database.read { db in try db.members(account: account) }
    }

    /// Invites a person, or makes a new link for one who was invited and has not come; the former link ends.
    ///
    /// Where mail can be sent, the link goes out by mail too.
    ///
    /// - Returns: The member and the token of the link, which is shown this once.
    /// - Throws: `Refusal` if the person is in the account already, or the role is not the caller's to give.
    package func invite(
        email: String, role: Role, function: MemberRow.Function? = nil, by actor: Actor
    ) async throws -> (member: MemberRow, token: String, isMailed: Bool) {
        try Self.mayGive(role, actor)
        let (account, realm, now, token) = (actor.realm.account, actor.realm.id, now(), Secret.make())
        let member = try await database.write { db in
            let user = try Self.user(email, in: db, now: now)
            if let known = try db.member(account: account, user: user.id), known.state != .invited {
                throw Refusal(.duplicate, "\(email) is in this account already.")
            }
            let expiresAt = now.adding(seconds: Self.invitationSeconds)
            try db.setMember(
                account: account, user: user.id, role: MemberRow.Role(role), state: .invited, expiresAt: expiresAt,
                at: now)
            try db.setInvitation(account: account, user: user.id, hash: Secret.hash(token), expiresAt: expiresAt)
            if let function { try db.setFunction(account: account, user: user.id, function: function) }
            let member = try Self.recorded("member.invited", user.id, actor, in: db, now: now)
            try mail?.enqueue(
                token, to: member, account: try db.account(account)?.name ?? "", realm: realm, in: db, now: now)
            return member
        }
        mail?.jobs.raise(.mailInvitation)
        return (member, token, mail != nil)
    }

    /// Changes a person's role or function, or lets them in or keeps them out; keeping out ends their sessions here.
    ///
    /// - Throws: `Refusal` if that is not the caller's to do, or would leave the account without an admin.
    package func change(
        _ user: String, role: Role?, function: MemberRow.Function? = nil, isActive: Bool?, by actor: Actor
    ) async throws -> MemberRow {
        let (account, now) = (actor.realm.account, now())
        return try await database.write { db in
            let admins = try db.lockAdmins(account: account)
            guard let member = try db.member(account: account, user: user) else { throw Self.noSuchPerson }
            try Self.mayGive(Role(member.role), actor)
            if let role { try Self.mayGive(role, actor) }
            // Who has never come in here still needs an invitation: a password alone may have been chosen by somebody else, with the
            // link of another account.
            let hasJoined = member.user.passwordHash != nil && member.expiresAt == nil
            let admitted: MemberRow.State = hasJoined ? .active : .invited
            let state = isActive.map { $0 ? admitted : .disabled } ?? member.state
            let newRole = role.map(MemberRow.Role.init) ?? member.role
            let isAdmin = member.role == .admin && member.state == .active
            if isAdmin, admins == 1, newRole != .admin || state != .active {
                throw Refusal(.invalid, "\(member.user.email) is the only admin; make somebody else one first.")
            }
            try db.setMember(
                account: account, user: user, role: newRole, state: state, expiresAt: member.expiresAt, at: now)
            if let function { try db.setFunction(account: account, user: user, function: function) }
            if state == .disabled { try db.deleteSessions(account: account, user: user) }
            return try Self.recorded("member.changed", user, actor, in: db, now: now)
        }
    }

    /// Removes the second factor of a person whose phone is lost, and ends their sessions; the password stays.
    ///
    /// - Throws: `Refusal` if that is not the caller's to do: the person may be somebody else's teammate too.
    package func resetSecondFactor(_ user: String, by actor: Actor) async throws -> MemberRow {
        let (account, now) = (actor.realm.account, now())
        return try await database.write { db in
            guard let member = try db.member(account: account, user: user) else { throw Self.noSuchPerson }
            try Self.mayGive(Role(member.role), actor)
            guard try db.memberships(user: user).allSatisfy({ $0.accountID == account }) else {
                throw Refusal(
                    .forbidden,
                    "\(member.user.email) is in other accounts too; ask whoever runs this server to reset the second factor."
                )
            }
            guard try db.deleteSecondFactor(user: user) else {
                throw Refusal(.invalid, "\(member.user.email) has no second factor.")
            }
            try db.deleteSessions(user: user)
            return try Self.recorded("member.second_factor_reset", user, actor, in: db, now: now)
        }
    }

    // MARK: Coming in

    /// Who was invited by a link, and into which account.
    package func invitation(_ token: String) async throws -> Invitation {
        let now = now()
        let found = try await database.read { db -> Invitation? in
            guard let member = try db.invitation(hash: Secret.hash(token), now: now),
                let account = try db.account(member.accountID)
            else { return nil }
            return Invitation(member: member, account: account)
        }
        guard let found else { throw Self.noInvitation }
        return found
    }

    /// Takes an invitation up: a new person chooses a password, one who is known already gives theirs.
    ///
    /// Returns the session that begins with it and the token for its cookie.
    /// Throws `Refusal` if the link is not valid or the password of a known person is wrong, `SecondFactorNeeded` if the
    /// person has joined and a code is to follow.
    package func accept(
        _ token: String, name: String, password: String, remote: String, agent: String
    ) async throws -> (identity: SessionIdentity, token: String) {
        let member = try await invitation(token).member
        let isKnown = member.user.passwordHash != nil
        if isKnown {
            // Whoever invites somebody must not get to know their password by trying.
            guard
                try await identities.matches(password, member.user, email: member.user.email, remote: remote)
            else { throw Self.wrongPassword }
        } else {
            try Password.check(password, path: "password")
        }
        let newHash = isKnown ? nil : try await Password.hash(password)
        let (now, cookie) = (now(), Secret.make())
        let begun = try await database.write { db -> IdentityOperations.Begun? in
            guard try db.acceptInvitation(hash: Secret.hash(token)) else { return nil }
            if let newHash {
                // Meanwhile the person may have chosen one with the link of another account, which must stand.
                guard try db.setFirstPassword(user: member.user.id, hash: newHash) else { throw Self.wrongPassword }
                if !name.isEmpty { try db.setUserName(user: member.user.id, name: name) }
            }
            guard let joined = try db.member(account: member.accountID, user: member.user.id),
                let realm = try db.realm(account: member.accountID, mode: .live),
                let begun = try IdentityOperations.begin(
                    cookie, for: joined, remote: remote, agent: agent, in: db, now: now)
            else { return nil }
            let actor = Actor(
                kind: .person(id: joined.user.id), realm: RealmContext(realm), role: Role(joined.role),
                name: joined.user.email)
            _ = try Self.recorded("member.joined", member.user.id, actor, in: db, now: now)
            return begun
        }
        guard let begun else { throw Self.noInvitation }
        return (try begun.get(), cookie)
    }

    // MARK: Parts

    private static let wrongPassword = Issues(
        "password", "`password` is not the one you have already; use that one.")
    private static let noInvitation = Refusal(
        .notFound, "This invitation is not valid any more; ask for a new link.")
    private static let noSuchPerson = Refusal(.notFound, "There is no such person in this account.")

    /// Only admins make, change and invite admins.
    private static func mayGive(_ role: Role, _ actor: Actor) throws {
        guard role != .admin || actor.role == .admin else {
            throw Refusal(.forbidden, "Only an admin can do that with an admin.")
        }
    }

    private static func user(_ email: String, in db: any Connection, now: Timestamp) throws -> UserRow {
        if let known = try db.user(email: email) { return known }
        let user = UserRow(
            id: Identifier.make(now), email: email, name: String(email.prefix { $0 != "@" }), createdAt: now)
        _ = try db.insertUser(user)
        return user
    }

    /// Writes an event about a member as they are now, and returns them.
    private static func recorded(
        _ action: String, _ user: String, _ actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> MemberRow {
        guard let member = try db.member(account: actor.realm.account, user: user) else { throw noSuchPerson }
        var writer = JSONWriter(capacity: 64)
        writer.object { writer in
            writer.field("role", member.role.rawValue)
            writer.field("state", member.state.rawValue)
            if member.role == .labeler { writer.field("function", member.function.rawValue) }
        }
        try db.append(
            NewEvent(
                realm: actor.realm.id, at: now, actor: actor.label, objectKind: "member", objectID: user,
                action: action, after: writer.text))
        return member
    }
}

/// An invitation that stands open.
package struct Invitation: Sendable {
    let member: MemberRow
    let account: AccountRow

    /// Writes what the page shows to whoever holds the link.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("email", member.user.email)
            writer.field("account", account.name)
            writer.field("role", member.role.rawValue)
            writer.field("known", member.user.passwordHash != nil)
        }
    }
}

extension Role {
    init(_ role: MemberRow.Role) {
        switch role {
        case .admin: self = .admin
        case .manager: self = .manager
        case .member: self = .member
        case .labeler: self = .labeler
        }
    }
}

extension MemberRow {
    /// Writes the person as the pages show a member of the account.
    package func writePerson(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", user.id)
            writer.field("email", user.email)
            writer.field("name", user.name)
            writer.field("role", role.rawValue)
            if role == .labeler { writer.field("function", function.rawValue) }
            writer.field("state", state.rawValue)
            writer.field("second_factor", hasSecondFactor)
            writer.field("created_at", time: createdAt.microseconds)
            if state == .invited, let expiresAt { writer.field("invited_until", time: expiresAt.microseconds) }
        }
    }
}
