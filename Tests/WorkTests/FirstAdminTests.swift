import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct FirstAdminTests {
    private static let isOver = Refusal(
        .notFound, "This link is not valid any more; sign in, or start the server again for a new one.")

    private static func accept(
        _ admins: FirstAdminOperations, _ token: String, _ password: String = "correct horse"
    ) async throws -> SessionIdentity {
        let (identity, _) = try await admins.accept(
            token, email: "ada@example.com", name: "Ada", password: password, remote: "", agent: "")
        return identity
    }

    @Test(arguments: Backend.available)
    func `the link of the last start makes the first admin, once`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let database = shop.database
            let identities = IdentityOperations(database: database)
            let admins = FirstAdminOperations(database: database, accounts: shop.accounts, identities: identities)
            await #expect(throws: Self.isOver) { try await Self.accept(admins, "") }
            let former = try #require(try await admins.offer())
            let token = try #require(try await admins.offer())
            for wrong in [former, "", token + "x"] {
                await #expect(throws: Self.isOver) { try await Self.accept(admins, wrong) }
            }
            // What is wrong with the answers uses nothing up.
            await #expect(throws: Issues.self) { try await Self.accept(admins, token, "short") }
            let identity = try await Self.accept(admins, token)
            #expect(identity.actor.role == .admin && identity.user.name == "Ada")
            _ = try await identities.signIn(email: "ada@example.com", password: "correct horse", remote: "")
            await #expect(throws: Self.isOver) { try await Self.accept(admins, token) }
            #expect(try await admins.offer() == nil)
        }
    }
}
