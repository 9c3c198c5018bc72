package import JSON
package import Labeling
package import Storage

/// What operators and admins do: accounts, people, keys.
package struct AccountOperations: Sendable {
    private let database: any Database
    private let secrets: RealmSecrets
    private let now: @Sendable () -> Timestamp

    package init(
        database: any Database, sealer: Sealer, now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.database = database
        secrets = RealmSecrets(sealer)
        self.now = now
    }

    /// The account that is there from the first start.
    package static let defaultName = "default"

    /// Creates an account with its live and its test world.
    package func createAccount(_ name: String) async throws -> AccountRow {
        guard !name.isEmpty, name.utf8.count <= 200 else {
            throw Issues("name", "`name` must have 1 to 200 characters.")
        }
        let now = now()
        let row = AccountRow(id: Identifier.make(now), name: name, createdAt: now)
        let realms = try [RealmRow.Mode.live, .test].map { mode in
            // One secret for both until an admin changes either.
            let secret = Secret.make(prefix: "\(mode.rawValue)_auth_")
            let sealed = try secrets.seal(secret, account: row.id, mode: mode)
            return NewRealm(mode: mode, callbackSecret: sealed, signingSecret: sealed)
        }
        return try await database.write { db in
            guard try db.createAccount(row, realms: realms) else {
                throw Refusal(.duplicate, "An account named \(JSONWriter.quoted(name)) already exists.")
            }
            return row
        }
    }

    /// The account of a name, made now if it is the default one and not there yet.
    package func account(_ name: String) async throws -> AccountRow {
        if let row = try await database.read({ db in try db.account(named: name) }) { return row }
        guard name == Self.defaultName else {
            throw Refusal(.notFound, "There is no account named \(JSONWriter.quoted(name)).")
        }
        do {
            return try await createAccount(name)
        } catch let refusal as Refusal where refusal.code == .duplicate {
            // Another process was first.
            return try await account(name)
        }
    }

    // MARK: Keys

    /// Makes a key of a named account; the text is shown once and only its hash is stored.
    package func createKey(account name: String, mode: RealmRow.Mode, label: String, scope: Scope) async throws
        -> String
    {
        let account = try await account(name)
        return try await keys.create(
            label, mode: mode, scope: scope, days: nil, account: account.id, by: "program"
        ).text
    }

    /// All keys of an account, without their secrets.
    package func keys(account name: String) async throws -> [KeyRow] {
        try await keys.list(account: try await account(name).id).map(\.key)
    }

    /// Ends a key.
    package func revokeKey(_ id: String) async throws {
        try await keys.revoke(id, account: nil, by: "program")
    }

    private var keys: KeyOperations { KeyOperations(database: database, now: now) }

    /// The secret that callbacks of a realm carry.
    package func callbackSecret(account name: String, mode: RealmRow.Mode) async throws -> String {
        let account = try await account(name)
        let realm = try await database.read { db in try db.realm(account: account.id, mode: mode) }
        guard let realm else { throw Refusal(.notFound, "No realm.") }
        return try secrets.open(realm).callbackSecret
    }

    // MARK: People

    /// Creates a person who may sign in, or gives an existing one a role in the account.
    package func createUser(
        account name: String, email: String, role: Role, password: String, displayName: String?
    ) async throws -> UserRow {
        guard TaskCommon.isAddress(email) else { throw Issues("email", "`email` must be an e-mail address.") }
        try Password.check(password, path: "password")
        let account = try await account(name)
        let now = now()
        let hash = try await Password.hash(password)
        return try await database.write { db in
            let user: UserRow
            if let known = try db.user(email: email) {
                guard try db.member(account: account.id, user: known.id)?.state != .active else {
                    throw Refusal(.duplicate, "There is already a person with the e-mail address \(email).")
                }
                _ = try db.setPassword(user: known.id, hash: hash)
                user = known
            } else {
                user = UserRow(
                    id: Identifier.make(now), email: email, name: displayName ?? String(email.prefix { $0 != "@" }),
                    firstName: nil, lastName: nil, company: nil, passwordHash: hash, createdAt: now)
                _ = try db.insertUser(user)
            }
            try db.setMember(
                account: account.id, user: user.id, role: MemberRow.Role(role), state: .active, expiresAt: nil, at: now)
            try Self.record(
                "member.added", user.id, account: account.id, actor: "program", role: role, in: db, now: now)
            return user
        }
    }

    /// The people of an account.
    package func members(account name: String) async throws -> [MemberRow] {
        let account = try await account(name)
        return try await database.read { db in try db.members(account: account.id) }
    }

    /// Gives a person a new password and ends their sessions.
    package func resetPassword(email: String, password: String) async throws {
        try Password.check(password, path: "password")
        let hash = try await Password.hash(password)
        let isSet = try await database.write { db in
            guard let user = try db.user(email: email) else { return false }
            return try db.setPassword(user: user.id, hash: hash)
        }
        guard isSet else { throw Refusal(.notFound, "There is no person with the e-mail address \(email).") }
    }

    /// Removes a person's second factor and ends their sessions; for whoever runs the server.
    package func resetSecondFactor(email: String) async throws {
        let now = now()
        try await database.write { db in
            guard let user = try db.user(email: email) else {
                throw Refusal(.notFound, "There is no person with the e-mail address \(email).")
            }
            guard try db.deleteSecondFactor(user: user.id) else {
                throw Refusal(.invalid, "\(email) has no second factor.")
            }
            try db.deleteSessions(user: user.id)
            for member in try db.memberships(user: user.id) {
                guard let realm = try db.realm(account: member.accountID, mode: .live) else { continue }
                try db.append(
                    NewEvent(
                        realm: realm.id, at: now, actor: "program", objectKind: "member", objectID: user.id,
                        action: "member.second_factor_reset"))
            }
        }
    }

    // MARK: Teams, as the annotation API has them

    /// All teammates.
    package func teammates(by actor: Actor) async throws -> [MemberRow] {
        let account = actor.realm.account
        return try await database.read { db in try db.members(account: account) }
    }

    /// Invites people; those who are already there keep what they have.
    package func invite(_ emails: [String], role: Role, by actor: Actor) async throws -> [MemberRow] {
        let now = now()
        let account = actor.realm.account
        return try await database.write { db in
            for email in emails {
                let user: UserRow
                if let known = try db.user(email: email) {
                    user = known
                } else {
                    user = UserRow(
                        id: Identifier.make(now), email: email, name: String(email.prefix { $0 != "@" }),
                        firstName: nil, lastName: nil, company: nil, passwordHash: nil, createdAt: now)
                    _ = try db.insertUser(user)
                }
                guard try db.member(account: account, user: user.id) == nil else { continue }
                try db.setMember(
                    account: account, user: user.id, role: MemberRow.Role(role), state: .invited,
                    expiresAt: now.adding(seconds: PeopleOperations.invitationSeconds), at: now)
                try Self.record(
                    "member.invited", user.id, account: account, actor: actor.label, role: role, in: db, now: now)
            }
            return try db.members(account: account)
        }
    }

    /// Changes people's roles; admins keep theirs.
    package func setRole(_ emails: [String], role: Role, by actor: Actor) async throws -> [MemberRow] {
        let now = now()
        let account = actor.realm.account
        return try await database.write { db in
            var issues: [Issue] = []
            for (index, email) in emails.enumerated() {
                let path = "emails[\(index)]"
                guard let user = try db.user(email: email),
                    let member = try db.member(account: account, user: user.id)
                else {
                    issues.append(Issue(path: path, message: "`\(path)` \(email) is not in this team."))
                    continue
                }
                guard member.role != .admin else {
                    issues.append(
                        Issue(path: path, message: "`\(path)` \(email) is an admin, whose role cannot be changed."))
                    continue
                }
                try db.setMember(
                    account: account, user: user.id, role: MemberRow.Role(role), state: member.state,
                    expiresAt: member.expiresAt, at: now)
                try Self.record(
                    "member.role_set", user.id, account: account, actor: actor.label, role: role, in: db, now: now)
            }
            guard issues.isEmpty else { throw Issues(issues) }
            return try db.members(account: account)
        }
    }

    private static func record(
        _ action: String, _ user: String, account: String, actor: String, role: Role, in db: any Connection,
        now: Timestamp
    ) throws {
        guard let realm = try db.realm(account: account, mode: .live) else { return }
        var writer = JSONWriter(capacity: 64)
        writer.object { $0.field("role", role.rawValue) }
        try db.append(
            NewEvent(
                realm: realm.id, at: now, actor: actor, objectKind: "member", objectID: user, action: action,
                after: writer.text))
    }
}

extension MemberRow.Role {
    init(_ role: Role) {
        switch role {
        case .admin: self = .admin
        case .manager: self = .manager
        case .member: self = .member
        case .labeler: self = .labeler
        }
    }
}

extension MemberRow {
    /// Writes the person as the annotation API shows a teammate.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("email", user.email)
            writer.field("role", state == .active ? role.rawValue : state.rawValue)
            writer.field("firstName", ifPresent: user.firstName)
            writer.field("lastName", ifPresent: user.lastName)
            writer.field("company", ifPresent: user.company)
            writer.field("isStudioLabeler", role == .labeler)
            writer.field("disableRapidEmails", disableRapidEmails)
            if state == .invited, let expiresAt { writer.field("expiry", time: expiresAt.microseconds) }
        }
    }
}
