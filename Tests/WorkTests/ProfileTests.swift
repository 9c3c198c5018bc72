import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct ProfileTests {
    private static let ada = "ada@example.com"

    /// Ada with two browsers and the operations on what is hers.
    private func withAda(
        _ backend: Backend,
        _ body:
            @Sendable (Workshop, IdentityOperations, ProfileOperations, [(identity: SessionIdentity, token: String)])
            async throws -> Void
    ) async throws {
        try await backend.withWorkshop { shop in
            let identities = IdentityOperations(database: shop.database, now: shop.environment.now)
            let profiles = ProfileOperations(
                database: shop.database, identities: identities, now: shop.environment.now)
            for email in [Self.ada, "bob@example.com"] {
                _ = try await shop.accounts.createUser(
                    account: "acme", email: email, role: .labeler, password: "correct horse", displayName: nil)
            }
            var browsers: [(identity: SessionIdentity, token: String)] = []
            for (email, agent) in [(Self.ada, "Laptop"), (Self.ada, "Desk"), ("bob@example.com", "Phone")] {
                browsers.append(
                    try await identities.signIn(
                        email: email, password: "correct horse", remote: "192.0.2.7", agent: agent))
            }
            try await body(shop, identities, profiles, browsers)
        }
    }

    @Test(arguments: Backend.available)
    func `people see their own sessions and end those they choose`(_ backend: Backend) async throws {
        try await withAda(backend) { shop, identities, profiles, browsers in
            let sessions = try await profiles.sessions(of: browsers[0].identity)
            #expect(sessions.map(\.row.agent) == ["Desk", "Laptop"])
            #expect(sessions.map(\.isCurrent) == [false, true])
            #expect(sessions.allSatisfy { $0.row.remote == "192.0.2.7" && $0.row.id.count == 24 })
            #expect(!sessions.contains { session in browsers.contains { $0.token.contains(session.row.id) } })

            let bobs = try await profiles.sessions(of: browsers[2].identity)[0].row.id
            await #expect(throws: Refusal(.notFound, "You have no session with that id.")) {
                try await profiles.endSession(bobs, by: browsers[0].identity)
            }
            try await profiles.endSession(sessions[0].row.id, by: browsers[0].identity)
            #expect(try await identities.session(browsers[1].token) == nil)
            #expect(try await identities.session(browsers[2].token) != nil)

            _ = try await identities.signIn(email: Self.ada, password: "correct horse", remote: "", agent: "New")
            #expect(try await profiles.endOtherSessions(by: browsers[0].identity) == 1)
            #expect(try await profiles.endOtherSessions(by: browsers[0].identity) == 0)
            #expect(try await profiles.sessions(of: browsers[0].identity).map(\.isCurrent) == [true])
        }
    }

    @Test(arguments: Backend.available)
    func `a new password ends all other sessions, and the old one opens no more`(_ backend: Backend) async throws {
        try await withAda(backend) { shop, identities, profiles, browsers in
            let session = browsers[0].identity
            let wrong = await #expect(throws: Issues.self) {
                try await profiles.changePassword(from: "guess", to: "another horse", by: session, remote: "")
            }
            #expect(wrong?.all.map(\.path) == ["present"])
            let short = await #expect(throws: Issues.self) {
                try await profiles.changePassword(from: "correct horse", to: "short", by: session, remote: "")
            }
            #expect(short?.all.map(\.path) == ["password"])
            try await profiles.changePassword(from: "correct horse", to: "another horse", by: session, remote: "")
            #expect(try await identities.session(browsers[0].token) != nil)
            #expect(try await identities.session(browsers[1].token) == nil)
            await #expect(throws: Refusal.self) {
                try await identities.signIn(email: Self.ada, password: "correct horse", remote: "")
            }
            _ = try await identities.signIn(email: Self.ada, password: "another horse", remote: "")
            let events = try await shop.database.read { [realm = shop.seed.live] db in
                try db.events(realm: realm, object: session.user.id, limit: 100)
            }
            #expect(events.contains { $0.action == "user.password_changed" })
        }
    }

    @Test func `a name is changed`() async throws {
        try await withAda(.sqlite) { shop, identities, profiles, browsers in
            try await profiles.rename("Ada Lovelace", by: browsers[0].identity)
            #expect(try await identities.session(browsers[1].token)?.user.name == "Ada Lovelace")
        }
    }
}
