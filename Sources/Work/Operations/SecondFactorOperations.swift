import Foundation
import JSON
package import Storage

/// How a sign-in stands whose password was right, but whose person has a second factor.
package struct SecondFactorNeeded: Error, Sendable {
    /// What the code is to be sent with.
    package let challenge: String
    package let expiresAt: Timestamp

    /// How long the code may take to come.
    private static let seconds = 300.0

    /// Stores a sign-in that waits for its code.
    static func make(for member: MemberRow, in db: any Connection, now: Timestamp) throws -> SecondFactorNeeded {
        let needed = SecondFactorNeeded(challenge: Secret.make(), expiresAt: now.adding(seconds: seconds))
        try db.insertChallenge(
            hash: Secret.hash(needed.challenge), user: member.user.id, account: member.accountID,
            expiresAt: needed.expiresAt, now: now)
        return needed
    }
}

/// What people do with their second factor: codes that their phones make, asked for after the password.
package struct SecondFactorOperations: Sendable {
    private let database: any Database
    private let identities: IdentityOperations
    private let sealer: Sealer
    private let now: @Sendable () -> Timestamp

    /// How often a code may be wrong: in one sign-in, and for one person in some minutes.
    private static let mostOfChallenge = 5
    private static let most = 10
    private static let pause = 300.0

    package init(environment: WorkEnvironment, identities: IdentityOperations) {
        database = environment.database
        sealer = environment.sealer
        now = environment.now
        self.identities = identities
    }

    // MARK: Setting up

    /// Whether a second factor is in force, and how many recovery codes are left.
    package func state(of session: SessionIdentity) async throws -> (isEnabled: Bool, left: Int) {
        let user = session.user.id
        return try await database.read { db in
            guard try db.secondFactor(user: user)?.confirmedAt != nil else { return (false, 0) }
            return (true, try db.recoveryCodesLeft(user: user))
        }
    }

    /// Makes a secret for a person's phone; it is in force once `confirm` was given a code of it.
    ///
    /// - Returns: The secret to type, and the address to draw.
    /// - Throws: `Issues` if the password is wrong, `Refusal` if a second factor is in force.
    package func begin(
        password: String, by session: SessionIdentity, remote: String
    ) async throws -> (secret: String, uri: String) {
        try await check(password, of: session, remote: remote)
        let user = session.user.id
        let secret = OneTimeCode.makeSecret()
        let sealed = try sealer.seal(Data(secret).base64EncodedString(), for: Self.purpose(user))
        let now = now()
        let isNew = try await database.write { db in try db.setSecondFactor(user: user, sealed: sealed, at: now) }
        guard isNew else { throw Refusal(.duplicate, "You have a second factor already; remove it first.") }
        return (
            OneTimeCode.base32(secret), OneTimeCode.uri(secret, email: session.user.email, issuer: "Vernier")
        )
    }

    /// Puts the second factor into force.
    ///
    /// - Returns: The recovery codes, which are shown this once.
    /// - Throws: `Issues` if the code is wrong.
    package func confirm(_ code: String, by session: SessionIdentity) async throws -> [String] {
        let (user, now) = (session.user.id, now())
        let codes = OneTimeCode.makeRecoveryCodes()
        let hashes = codes.map { tag($0, of: user) }
        try await database.write { db in
            guard let factor = try db.lockSecondFactor(user: user), factor.confirmedAt == nil else {
                throw Refusal(.invalid, "There is no second factor to confirm; begin anew.")
            }
            let secret = try secret(of: factor)
            guard let step = OneTimeCode.step(of: OneTimeCode.plain(code), secret, at: now, after: 0) else {
                throw Self.wrongCode
            }
            try db.confirmSecondFactor(user: user, step: step, recovery: hashes, at: now)
            try Self.record("user.second_factor_set", user, session.actor, in: db, now: now)
        }
        return codes
    }

    /// Ends the second factor of whoever knows the password and has a code.
    package func remove(
        password: String, code: String, by session: SessionIdentity, remote: String
    ) async throws {
        try await check(password, of: session, remote: remote)
        let (user, now) = (session.user.id, now())
        let outcome = try await database.write { db -> Outcome in
            let outcome = try take(code, of: user, in: db, now: now)
            guard case .taken = outcome else { return outcome }
            _ = try db.deleteSecondFactor(user: user)
            try Self.record("user.second_factor_removed", user, session.actor, in: db, now: now)
            return outcome
        }
        try outcome.check()
    }

    // MARK: Signing in

    /// Finishes a sign-in with a code of the person's phone or a recovery code.
    ///
    /// - Throws: `Refusal` if the sign-in has run out or too many codes were wrong, `Issues` if the code is wrong.
    package func finish(
        _ challenge: String, code: String, remote: String, agent: String
    ) async throws -> (identity: SessionIdentity, token: String) {
        let (hash, now, token) = (Secret.hash(challenge), now(), Secret.make())
        let (outcome, identity) = try await database.write { db -> (Outcome, SessionIdentity?) in
            guard let waiting = try db.challenge(hash: hash, now: now), waiting.failures < Self.mostOfChallenge,
                let member = try db.member(account: waiting.accountID, user: waiting.userID), member.state == .active
            else { return (.over, nil) }
            let outcome = try take(code, of: waiting.userID, in: db, now: now)
            guard case .taken(let isRecovery) = outcome else {
                try db.failChallenge(hash: hash)
                return (outcome, nil)
            }
            guard try db.deleteChallenge(hash: hash) else { return (.over, nil) }
            let identity = try IdentityOperations.open(
                token, for: member, remote: remote, agent: agent, in: db, now: now)
            if isRecovery, let actor = identity?.actor {
                try Self.record("user.recovery_code_used", waiting.userID, actor, in: db, now: now)
            }
            return (outcome, identity)
        }
        try outcome.check()
        guard let identity else { throw Outcome.signInOver }
        return (identity, token)
    }

    // MARK: Parts

    private static let wrongCode = Issues(
        "code", "`code` is not a valid code, or was used already; wait for the next one and give that.")

    /// What became of a code; an outcome and no error, so that counting a wrong one is not rolled back.
    private enum Outcome: Sendable {
        case taken(isRecovery: Bool)
        case wrong, tooMany, over

        static let signInOver = Refusal(.unauthorized, "This sign-in has run out; begin again with your password.")

        func check() throws {
            switch self {
            case .taken: return
            case .wrong: throw SecondFactorOperations.wrongCode
            case .tooMany: throw Refusal(.tooMany, "Too many wrong codes; wait a few minutes and try again.")
            case .over: throw Self.signInOver
            }
        }
    }

    private func take(_ typed: String, of user: String, in db: any Connection, now: Timestamp) throws -> Outcome {
        guard let factor = try db.lockSecondFactor(user: user), factor.confirmedAt != nil else { return .over }
        let isFresh = now - factor.failingSince >= Self.pause
        if factor.failures >= Self.most, !isFresh { return .tooMany }
        let code = OneTimeCode.plain(typed)
        if code.count == OneTimeCode.digits {
            let secret = try secret(of: factor)
            if let step = OneTimeCode.step(of: code, secret, at: now, after: factor.lastStep),
                try db.takeCode(user: user, step: step)
            {
                return .taken(isRecovery: false)
            }
        } else if try db.takeRecoveryCode(user: user, hash: tag(code, of: user), at: now) {
            return .taken(isRecovery: true)
        }
        let failures = isFresh ? 1 : factor.failures + 1
        try db.setSecondFactorFailures(user: user, count: failures, since: isFresh ? now : factor.failingSince)
        return .wrong
    }

    private func check(_ password: String, of session: SessionIdentity, remote: String) async throws {
        let user = session.user
        guard try await identities.matches(password, user, email: user.email, remote: remote) else {
            throw Issues("password", "`password` is not your password.")
        }
    }

    private static func purpose(_ user: String) -> String { "totp:\(user)" }

    private func secret(of factor: SecondFactorRow) throws -> [UInt8] {
        let text = try sealer.open(factor.sealed, for: Self.purpose(factor.userID))
        guard let bytes = Data(base64Encoded: text) else { throw Sealer.Failure.unreadable }
        return [UInt8](bytes)
    }

    private func tag(_ code: String, of user: String) -> String {
        sealer.tag(OneTimeCode.plain(code), for: "recovery:\(user)")
    }

    static func record(
        _ action: String, _ user: String, _ actor: Actor, in db: any Connection, now: Timestamp
    ) throws {
        try db.append(
            NewEvent(
                realm: actor.realm.id, at: now, actor: actor.label, objectKind: "user", objectID: user, action: action))
    }
}
