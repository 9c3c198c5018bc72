import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct AccountTests {
    @Test(arguments: Backend.available)
    func `the default account comes into being once`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ids = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 1...4 { group.addTask { try await shop.accounts.account(AccountOperations.defaultName).id } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            await #expect(throws: Refusal.self) { try await shop.accounts.account("none") }
            await #expect(throws: Refusal.self) { try await shop.accounts.createAccount("acme") }
            await #expect(throws: Issues.self) { try await shop.accounts.createAccount("") }
            let live = try await shop.accounts.callbackSecret(account: "default", mode: .live)
            let test = try await shop.accounts.callbackSecret(account: "default", mode: .test)
            #expect(live.hasPrefix("live_auth_") && test.hasPrefix("test_auth_") && live != test)
        }
    }

    @Test(arguments: Backend.available)
    func `the secrets of callbacks are sealed, also those that were not`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            func realms(_ account: String) async throws -> [RealmRow] {
                try await shop.database.read { db in try db.realms(account: account) }
            }
            let secrets = RealmSecrets(shop.environment.sealer)
            let made = try await shop.accounts.createAccount("made")
            for realm in try await realms(made.id) {
                #expect(realm.callbackSecret.hasPrefix("sealed:") && realm.signingSecret.hasPrefix("sealed:"))
                #expect(try secrets.open(realm).callbackSecret.hasPrefix("\(realm.mode)_auth_"))
            }
            let plain = try await realms(shop.seed.account)
            #expect(plain.map(\.callbackSecret) == ["callback-live-acme", "callback-test-acme"])
            try await secrets.sealAll(in: shop.database)
            let sealed = try await realms(shop.seed.account)
            #expect(sealed.allSatisfy { $0.callbackSecret.hasPrefix("sealed:") })
            #expect(try sealed.map(secrets.open) == plain)
            try await secrets.sealAll(in: shop.database)
            #expect(try await realms(shop.seed.account) == sealed)
            // One realm's secret is no other's.
            var wrong = sealed[0]
            wrong.callbackSecret = sealed[1].callbackSecret
            #expect(throws: Sealer.Failure.self) { try secrets.open(wrong) }
        }
    }

    @Test(arguments: Backend.available)
    func `a person is made once and may be in several accounts`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            _ = try await shop.accounts.createAccount("other")
            func make(_ account: String, _ email: String = "ada@example.com", _ password: String = "correct horse")
                async throws -> UserRow
            {
                try await shop.accounts.createUser(
                    account: account, email: email, role: .manager, password: password, displayName: nil)
            }
            let ada = try await make("acme")
            #expect(ada.name == "ada")
            let refusal = await #expect(throws: Refusal.self) { try await make("acme", "ADA@example.com") }
            #expect(refusal?.code == .duplicate)
            #expect(try await make("other").id == ada.id)
            await #expect(throws: Issues.self) { try await make("acme", "nowhere") }
            await #expect(throws: Issues.self) { try await make("acme", "bob@example.com", "short") }
        }
    }

    @Test(arguments: Backend.available)
    func `people are invited, shown and given roles`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            _ = try await shop.person("chief@example.com", .admin)
            let invited = try await shop.accounts.invite(
                ["ada@example.com", "chief@example.com", "bob@example.com"], role: .labeler, by: shop.key)
            #expect(invited.count == 3)
            let chief = try #require(invited.first { $0.user.email == "chief@example.com" })
            #expect(chief.role == .admin && chief.state == .active)
            let ada = try #require(invited.first { $0.user.email == "ada@example.com" })
            #expect(ada.role == .labeler && ada.state == .invited)
            var writer = JSONWriter()
            ada.write(to: &writer)
            let shown = try AnyJSON(writer.text)
            #expect(shown["role"]?.string == "invited" && shown["isStudioLabeler"]?.bool == true)
            #expect(shown["expiry"]?.string == shop.clock.now.adding(seconds: 14 * 86_400).iso8601)

            let changed = try await shop.accounts.setRole(["ada@example.com"], role: .manager, by: shop.key)
            #expect(changed.first { $0.user.email == "ada@example.com" }?.role == .manager)
            let issues = await #expect(throws: Issues.self) {
                try await shop.accounts.setRole(
                    ["bob@example.com", "chief@example.com", "nobody@example.com"], role: .member, by: shop.key)
            }
            #expect(issues?.all.map(\.path) == ["emails[1]", "emails[2]"])
            let after = try await shop.accounts.teammates(by: shop.key)
            #expect(after.first { $0.user.email == "bob@example.com" }?.role == .labeler)
        }
    }
}
