import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct IdentityTests {
    private func identities(_ shop: Workshop) -> IdentityOperations {
        IdentityOperations(database: shop.database, now: shop.environment.now)
    }

    @Test(arguments: Backend.available)
    func `a key tells the account, the world and the scope`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let identities = identities(shop)
            for mode in RealmRow.Mode.allCases {
                for scope in Scope.allCases {
                    let text = try await shop.accounts.createKey(
                        account: "acme", mode: mode, label: "CI", scope: scope)
                    #expect(text.hasPrefix("\(mode.rawValue)_"))
                    let found = try #require(try await identities.key(text))
                    #expect(found.scope == scope)
                    #expect(found.actor.realm.isTest == (mode == .test))
                    #expect(found.actor.realm.id == (mode == .test ? shop.seed.test : shop.seed.live))
                    #expect(found.actor.name == "CI" && found.actor.person == nil)
                }
            }
            let rows = try await shop.accounts.keys(account: "acme")
            #expect(rows.count == 6)
            #expect(rows.allSatisfy { $0.hash.count == 64 && $0.hint.hasSuffix("…") && $0.hint.count == 10 })
            for wrong in ["", "live_", "nothing", String(repeating: "a", count: 300), rows[0].hash, rows[0].hint] {
                #expect(try await identities.key(wrong) == nil)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a revoked key ends within two seconds`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let identities = identities(shop)
            let text = try await shop.accounts.createKey(account: "acme", mode: .live, label: "", scope: .full)
            #expect(try await identities.key(text) != nil)
            let id = try #require(try await shop.accounts.keys(account: "acme").first).id
            try await shop.accounts.revokeKey(id)
            shop.clock.advance(1.9)
            #expect(try await identities.key(text) != nil)
            shop.clock.advance(0.2)
            #expect(try await identities.key(text) == nil)
            #expect(try await IdentityOperations(database: shop.database, now: shop.environment.now).key(text) == nil)
            await #expect(throws: Refusal.self) { try await shop.accounts.revokeKey(id) }
        }
    }

    @Test(arguments: Backend.available)
    func `a session lasts until it is ended, unused for two weeks, or its person may no more`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            let identities = identities(shop)
            let user = try await shop.accounts.createUser(
                account: "acme", email: "Ada@example.com", role: .labeler, password: "correct horse", displayName: nil)
            func signIn() async throws -> (identity: SessionIdentity, token: String) {
                try await identities.signIn(email: "ada@EXAMPLE.com", password: "correct horse", remote: "::1")
            }
            let (identity, token) = try await signIn()
            #expect(identity.user.id == user.id && identity.actor.role == .labeler && !identity.csrf.isEmpty)
            #expect(identity.actor.realm.id == shop.seed.live)
            #expect(try await identities.session(token)?.csrf == identity.csrf)
            #expect(try await identities.session(token + "x") == nil)
            try await identities.signOut(token)
            #expect(try await identities.session(token) == nil)

            let late = try await signIn().token
            shop.clock.advance(14 * 86_400 - 1)
            #expect(try await identities.session(late) != nil)
            shop.clock.advance(14 * 86_400 - 60)
            #expect(try await identities.session(late) != nil, "use prolongs it")
            shop.clock.advance(14 * 86_400 + 1)
            #expect(try await identities.session(late) == nil)

            let reset = try await signIn().token
            try await shop.accounts.resetPassword(email: "ada@example.com", password: "another one")
            #expect(try await identities.session(reset) == nil)
            await #expect(throws: Refusal.self) { try await signIn() }

            let disabled = try await identities.signIn(
                email: "ada@example.com", password: "another one", remote: "::1"
            ).token
            try await shop.database.write { [seed = shop.seed, now = shop.clock.now] db in
                try db.setMember(account: seed.account, user: user.id, role: .labeler, state: .disabled, at: now)
            }
            #expect(try await identities.session(disabled) == nil)
            await #expect(throws: Refusal.self) {
                try await identities.signIn(email: "ada@example.com", password: "another one", remote: "::1")
            }
        }
    }

    @Test func `guessing is slowed down for one address and person, and only for a while`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let identities = identities(shop)
            _ = try await shop.accounts.createUser(
                account: "acme", email: "ada@example.com", role: .admin, password: "correct horse", displayName: nil)
            func code(_ password: String, remote: String = "1.2.3.4") async throws -> Refusal.Code? {
                do {
                    _ = try await identities.signIn(email: "ada@example.com", password: password, remote: remote)
                    return nil
                } catch let refusal as Refusal { return refusal.code }
            }
            for _ in 1...10 { #expect(try await code("guess") == .unauthorized) }
            #expect(try await code("correct horse") == .tooMany)
            #expect(try await code("correct horse", remote: "1.2.3.5") == nil)
            shop.clock.advance(301)
            #expect(try await code("correct horse") == nil)
        }
    }

    @Test func `who is not there or has no password is refused in the same words`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let identities = identities(shop)
            _ = try await shop.accounts.invite(["new@example.com"], role: .member, by: shop.key)
            for email in ["nobody@example.com", "new@example.com"] {
                await #expect(
                    throws: Refusal(.unauthorized, "The e-mail address or the password is wrong.")
                ) { try await identities.signIn(email: email, password: "", remote: "") }
            }
        }
    }

    @Test(arguments: ["", "scrypt$x$y$z", "scrypt$32768$AAAA", "plain", "scrypt$32768$AAAA$AAAA"])
    func `a stored hash that is broken matches nothing`(_ stored: String) async throws {
        #expect(try await !Password.matches("", stored))
        #expect(try await !Password.matches("password", stored))
    }

    @Test func `a password matches its own hash only, and no two hashes are alike`() async throws {
        let (one, two) = (try await Password.hash("correct horse"), try await Password.hash("correct horse"))
        #expect(one != two && one.hasPrefix("scrypt$"))
        #expect(try await Password.matches("correct horse", one))
        #expect(try await !Password.matches("correct horsf", one))
    }
}
