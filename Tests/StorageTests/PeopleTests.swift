import TestSupport
import Testing

@testable import Storage

@Suite struct PeopleTests {
    @Test(arguments: Backend.available)
    func `an account has a live and a test realm of its own`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let (acme, other) = (try await Seed.account(in: database), try await Seed.account("other", in: database))
            try await database.write { db throws in
                #expect(Set([acme.live, acme.test, other.live, other.test]).count == 4)
                #expect(
                    try !db.createAccount(AccountRow(id: "x", name: "acme", createdAt: Seed.start), realms: []))
                #expect(try db.account(named: "acme")?.id == acme.account)
                #expect(try db.account(acme.account)?.name == "acme")
                #expect(try db.accounts().count == 2)
                #expect(try db.realm(account: acme.account, mode: .test)?.id == acme.test)
                #expect(try db.setDefaultCallback(realm: acme.live, url: "https://e/cb"))
                #expect(try db.setCallbackSecret(realm: acme.live, "new", at: Seed.start))
                var realm = try #require(try db.realm(acme.live))
                #expect(realm.defaultCallbackURL == "https://e/cb" && realm.callbackSecret == "new")
                #expect(realm.signingSecret == "signing-live-acme" && realm.mode == .live)
                #expect(realm.signingSecrets(at: Seed.start) == ["signing-live-acme"])
                let until = Seed.start.adding(seconds: 60)
                #expect(
                    try db.setSigningSecret(realm: acme.live, "later", keepingOldUntil: until, at: Seed.start))
                realm = try #require(try db.realm(acme.live))
                #expect(realm.signingSecrets(at: Seed.start) == ["signing-live-acme", "later"])
                #expect(realm.signingSecrets(at: until) == ["later"])
                #expect(try db.settingOrInsert("key", "one") == "one")
                #expect(try db.settingOrInsert("key", "two") == "one")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `an e-mail address is one person's whatever its case`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let ann = try await seed.user("Ann@X.org", role: .manager, in: database)
            try await database.write { db throws in
                #expect(
                    try !db.insertUser(UserRow(id: "u", email: "ann@x.ORG", name: "", createdAt: Seed.start)))
                #expect(try db.user(email: "ANN@x.org")?.email == "Ann@X.org")
                try db.setMember(
                    account: seed.account, user: ann, role: .admin, state: .invited, expiresAt: Seed.start,
                    at: Seed.start)
                let member = try #require(try db.member(account: seed.account, user: ann))
                #expect(member.role == .admin && member.state == .invited && member.expiresAt == Seed.start)
                #expect(try db.members(account: seed.account) == [member])
                #expect(try db.memberships(user: ann) == [member])
                #expect(try db.setUserName(user: ann, name: "Ann"))
                #expect(try db.user(ann)?.name == "Ann")
                #expect(try db.users().count == 1)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `sessions end by time, by hand, and with a new password`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let ann = try await seed.user("ann@x.org", in: database)
            let end = Seed.start.adding(seconds: 60)
            try await database.write { db throws in
                for token in ["a", "b", "c"] {
                    try db.insertSession(
                        SessionRow(
                            tokenHash: token, userID: ann, accountID: seed.account, csrf: "csrf", createdAt: Seed.start,
                            expiresAt: end))
                }
                func lives(_ token: String, _ now: Timestamp) throws -> Bool {
                    try db.session(tokenHash: token, now: now) != nil
                }
                #expect(try lives("a", Seed.start) && !lives("a", end))
                #expect(try db.extendSession(tokenHash: "a", seenAt: end, expiresAt: end.adding(seconds: 60)))
                #expect(try lives("a", end))
                #expect(try db.deleteExpiredSessions(now: end) == 2)
                #expect(try db.setPassword(user: ann, hash: "hash"))
                #expect(try !lives("a", Seed.start))
                #expect(try db.user(ann)?.passwordHash == "hash")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a key opens its realm until it is revoked or expires`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let end = Seed.start.adding(seconds: 60)
            try await database.write { db throws in
                let key = KeyRow(
                    id: "k1", realm: seed.test, name: "n", hash: "h1", hint: "abcd", scope: "all", createdAt: Seed.start
                )
                #expect(try db.insertKey(key))
                #expect(try !db.insertKey(key.with { $0.id = "k3" }))
                #expect(try db.insertKey(key.with { ($0.id, $0.hash, $0.expiresAt) = ("k2", "h2", end) }))
                let access = try #require(try db.key(hash: "h1", now: end))
                #expect(access.key == key && access.realm.id == seed.test && access.realm.mode == .test)
                #expect(try db.key(hash: "h2", now: Seed.start) != nil)
                #expect(try db.key(hash: "h2", now: end) == nil)
                #expect(try db.revokeKey("k1", at: end))
                #expect(try !db.revokeKey("k1", at: end))
                #expect(try db.key(hash: "h1", now: Seed.start) == nil)
                #expect(try db.keys(account: seed.account).map(\.id) == ["k1", "k2"])
                #expect(try db.key("k1")?.revokedAt == end)
            }
        }
    }
}

extension KeyRow {
    fileprivate func with(_ change: (inout KeyRow) -> Void) -> KeyRow {
        var copy = self
        change(&copy)
        return copy
    }
}
