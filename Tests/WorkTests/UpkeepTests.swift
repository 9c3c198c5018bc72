import Labeling
import ServiceLifecycle
import Storage
import TestSupport
import Testing

@testable import Work

struct UpkeepTests {
    /// Runs the upkeep until something holds.
    private func withUpkeep(
        _ shop: Workshop, until what: String, _ condition: @escaping @Sendable () async throws -> Bool
    ) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [Upkeep(environment: shop.environment)], logger: shop.environment.logger))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            var failure: (any Error)?
            do { try await eventually(what, condition) } catch { failure = error }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            if let failure { throw failure }
        }
    }

    @Test(arguments: Backend.available)
    func `events are sealed into a chain that holds, account by account`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let other = try await Seed.account("other", in: shop.database)
            for _ in 1...5 {
                _ = try await shop.create()
                _ = try await shop.create(by: Workshop.key(of: other))
            }
            try await withUpkeep(shop, until: "all is sealed") {
                try await shop.database.read { db in try db.accountsWithUnsealedEvents().isEmpty }
            }
            for account in [shop.seed.account, other.account] {
                let part = try await shop.database.read { db in
                    try db.verifyEvents(account: account, after: 0, limit: 1000)
                }
                #expect(part.fault == nil && part.isComplete)
                #expect(part.position >= 5)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `what has run out is removed`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let identities = IdentityOperations(database: shop.database, now: shop.environment.now)
            _ = try await shop.accounts.createUser(
                account: "acme", email: "ada@example.com", role: .labeler, password: "correct horse", displayName: nil)
            let token = try await identities.signIn(
                email: "ada@example.com", password: "correct horse", remote: ""
            ).token
            let signedIn = shop.clock.now
            _ = try await shop.create(idempotencyKey: "once")
            shop.clock.advance(15 * 86_400)
            try await withUpkeep(shop, until: "the session is gone") {
                try await shop.database.read { db in
                    try db.session(tokenHash: Secret.hash(token), now: signedIn) == nil
                }
            }
            _ = try await shop.create(idempotencyKey: "once")
        }
    }
}
