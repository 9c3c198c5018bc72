package import Labeling
import Media
package import Storage
import Synchronization

/// Who stands behind an API key.
package struct KeyIdentity: Sendable {
    package let actor: Actor
    package let scope: Scope

    /// Where it may be used from; empty for anywhere.
    private let networks: [CIDR]

    init(actor: Actor, scope: Scope, networks: [CIDR]) {
        self.actor = actor
        self.scope = scope
        self.networks = networks
    }

    /// Whether the key may be used from an address, written as addresses are.
    package func isPermitted(from remote: String) -> Bool {
        if networks.isEmpty { return true }
        guard let address = IPAddress(remote) else { return false }
        return networks.contains { $0.contains(address) }
    }
}

/// Who stands behind a session.
package struct SessionIdentity: Sendable {
    package let actor: Actor
    package let user: UserRow
    /// What state-changing calls must repeat in a header.
    package let csrf: String
    /// The hash of the cookie's token, which tells this session from the person's others.
    let tokenHash: String
}

/// Tells who asks: keys, passwords, sessions.
package struct IdentityOperations: Sendable {
    private let database: any Database
    private let now: @Sendable () -> Timestamp
    private let memory: KeyMemory
    private let attempts: SignInAttempts

    /// How long a session lasts without use.
    package static let sessionSeconds = 14.0 * 86_400
    /// How often the use of a session is noted, so that not every call writes.
    private static let noteSeconds = 3600.0

    package init(database: any Database, now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }) {
        self.database = database
        self.now = now
        memory = KeyMemory()
        attempts = SignInAttempts()
    }

    /// The identity of a key; nil for none that is valid now.
    ///
    /// Remembered for two seconds, so that a busy client costs no look-up a request and a revoked key ends soon.
    package func key(_ text: String) async throws -> KeyIdentity? {
        guard !text.isEmpty, text.utf8.count <= 200 else { return nil }
        let hash = Secret.hash(text)
        let now = now()
        if let known = memory.recall(hash, now: now) { return known }
        let found = try await database.read { db in try db.key(hash: hash, now: now) }
        guard let found, let scope = Scope(rawValue: found.key.scope) else { return nil }
        let identity = KeyIdentity(
            actor: Actor(
                kind: .key(id: found.key.id), realm: RealmContext(found.realm), role: .admin,
                name: found.key.name.isEmpty ? found.key.hint : found.key.name),
            scope: scope, networks: found.key.networks.compactMap { CIDR($0) })
        memory.remember(identity, hash, now: now)
        return identity
    }

    /// The identity of a session; nil for none that is valid now.
    package func session(_ token: String) async throws -> SessionIdentity? {
        guard !token.isEmpty, token.utf8.count <= 200 else { return nil }
        let hash = Secret.hash(token)
        let now = now()
        let found = try await database.read { db -> (SessionIdentity, Timestamp)? in
            guard let session = try db.session(tokenHash: hash, now: now),
                let member = try db.member(account: session.accountID, user: session.userID), member.state == .active,
                let realm = try db.realm(account: session.accountID, mode: .live)
            else { return nil }
            return (SessionIdentity(session: session, member: member, realm: realm), session.seenAt)
        }
        guard let (identity, seenAt) = found else { return nil }
        if now - seenAt >= Self.noteSeconds {
            let expiresAt = now.adding(seconds: Self.sessionSeconds)
            do {
                _ = try await database.write { db in
                    try db.extendSession(tokenHash: hash, seenAt: now, expiresAt: expiresAt)
                }
            } catch is StorageError {
                // A disk that is full must not keep people from looking; the next call notes it.
            }
        }
        return identity
    }

    /// Signs a person in.
    ///
    /// `remote`: where from, to slow down guessing; `agent`: what the browser calls itself.
    /// Returns the session and the token for its cookie.
    /// Throws `Refusal` for a wrong e-mail address or password and for too many tries, `SecondFactorNeeded` if a code is
    /// to follow.
    package func signIn(
        email: String, password: String, remote: String, agent: String = ""
    ) async throws -> (identity: SessionIdentity, token: String) {
        let now = now()
        let user = try await database.read { db in try db.user(email: email) }
        guard try await matches(password, user, email: email, remote: remote), let user else {
            throw Refusal(.unauthorized, "The e-mail address or the password is wrong.")
        }
        let token = Secret.make()
        let begun = try await database.write { db -> Begun? in
            guard let member = try db.memberships(user: user.id).first(where: { $0.state == .active }) else {
                return nil
            }
            return try Self.begin(token, for: member, remote: remote, agent: agent, in: db, now: now)
        }
        guard let begun else { throw Refusal(.unauthorized, "This person has no active membership.") }
        return (try begun.get(), token)
    }

    /// A session, or what is needed before there is one; thrown only after the transaction, which stores that.
    typealias Begun = Result<SessionIdentity, SecondFactorNeeded>

    /// Stores a session of a member whose password was right, or the wait for a code if the member has a second factor.
    static func begin(
        _ token: String, for member: MemberRow, remote: String, agent: String, in db: any Connection, now: Timestamp
    ) throws -> Begun? {
        guard !member.hasSecondFactor else {
            return .failure(try SecondFactorNeeded.make(for: member, in: db, now: now))
        }
        return try open(token, for: member, remote: remote, agent: agent, in: db, now: now).map { .success($0) }
    }

    /// Whether a password is a person's; takes as long for people who are not there, and slows down guessing.
    ///
    /// - Throws: `Refusal` after too many wrong ones for one address from one place.
    func matches(_ password: String, _ user: UserRow?, email: String, remote: String) async throws -> Bool {
        let who = email.lowercased() + " " + remote
        guard attempts.allow(who, now: now()) else {
            throw Refusal(.tooMany, "Too many tries; wait a few minutes and try again.")
        }
        guard try await Password.matches(password, user?.passwordHash) else { return false }
        attempts.forget(who)
        return true
    }

    /// Stores a session of a member who has shown who they are.
    static func open(
        _ token: String, for member: MemberRow, remote: String, agent: String, in db: any Connection, now: Timestamp
    ) throws -> SessionIdentity? {
        guard let realm = try db.realm(account: member.accountID, mode: .live) else { return nil }
        let session = SessionRow(
            tokenHash: Secret.hash(token), userID: member.user.id, accountID: member.accountID, csrf: Secret.make(),
            createdAt: now, expiresAt: now.adding(seconds: sessionSeconds), agent: String(agent.prefix(300)),
            remote: remote)
        try db.insertSession(session)
        try db.append(
            NewEvent(
                realm: realm.id, at: now, actor: "user:\(member.user.id)", objectKind: "user",
                objectID: member.user.id, action: "user.signed_in"))
        return SessionIdentity(session: session, member: member, realm: realm)
    }

    /// Ends a session.
    package func signOut(_ token: String) async throws {
        let hash = Secret.hash(token)
        _ = try await database.write { db in try db.deleteSession(tokenHash: hash) }
    }
}

extension SessionIdentity {
    fileprivate init(session: SessionRow, member: MemberRow, realm: RealmRow) {
        self.init(
            actor: Actor(
                kind: .person(id: member.user.id), realm: RealmContext(realm),
                role: Role(rawValue: member.role.rawValue) ?? .labeler, name: member.user.email),
            user: member.user, csrf: session.csrf, tokenHash: session.tokenHash)
    }
}

extension RealmContext {
    package init(_ row: RealmRow) {
        self.init(
            id: row.id, account: row.accountID, isTest: row.mode == .test,
            defaultCallbackURL: row.defaultCallbackURL)
    }
}

/// Keys seen in the last moments, by hash; a class, since all requests share it.
private final class KeyMemory: Sendable {
    private static let seconds = 2.0
    private let known = Mutex<[String: (identity: KeyIdentity, at: Timestamp)]>([:])

    func recall(_ hash: String, now: Timestamp) -> KeyIdentity? {
        known.withLock { known in
            guard let entry = known[hash], now - entry.at < Self.seconds else { return nil }
            return entry.identity
        }
    }

    func remember(_ identity: KeyIdentity, _ hash: String, now: Timestamp) {
        known.withLock { known in
            if known.count >= 1000 { known.removeAll() }
            known[hash] = (identity, now)
        }
    }
}

/// Counts tries to sign in; a class, since all requests share it.
private final class SignInAttempts: Sendable {
    private static let most = 10
    private static let seconds = 300.0
    private let tries = Mutex<[String: (count: Int, since: Timestamp)]>([:])

    func allow(_ who: String, now: Timestamp) -> Bool {
        tries.withLock { tries in
            if tries.count >= 10_000 { tries = tries.filter { now - $0.value.since < Self.seconds } }
            var entry = tries[who] ?? (0, now)
            if now - entry.since >= Self.seconds { entry = (0, now) }
            entry.count += 1
            tries[who] = entry
            return entry.count <= Self.most
        }
    }

    func forget(_ who: String) {
        _ = tries.withLock { $0.removeValue(forKey: who) }
    }
}
