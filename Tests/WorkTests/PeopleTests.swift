import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct PeopleTests {
    private static let noInvitation = Refusal(
        .notFound, "This invitation is not valid any more; ask for a new link.")

    private func withPeople(
        _ backend: Backend, _ body: @Sendable (Workshop, PeopleOperations, _ admin: Actor) async throws -> Void
    ) async throws {
        try await backend.withWorkshop { shop in
            let identities = IdentityOperations(database: shop.database, now: shop.environment.now)
            let people = PeopleOperations(database: shop.database, identities: identities, now: shop.environment.now)
            try await body(shop, people, try await shop.person("chief@example.com", .admin))
        }
    }

    @Test(arguments: Backend.available)
    func `a link lets a new person in once`(_ backend: Backend) async throws {
        try await withPeople(backend) { shop, people, admin in
            let (member, token, _) = try await people.invite(email: "ada@example.com", role: .labeler, by: admin)
            #expect(member.state == .invited && member.role == .labeler)
            var writer = JSONWriter()
            try await people.invitation(token).write(to: &writer)
            let shown = try AnyJSON(writer.text)
            #expect(shown["email"]?.string == "ada@example.com" && shown["account"]?.string == "acme")
            #expect(shown["known"]?.bool == false)

            let short = await #expect(throws: Issues.self) {
                try await people.accept(token, name: "Ada", password: "short", remote: "", agent: "")
            }
            #expect(short?.all.map(\.path) == ["password"])
            let (identity, cookie) = try await people.accept(
                token, name: "Ada", password: "correct horse", remote: "", agent: "Laptop")
            #expect(identity.user.name == "Ada" && identity.actor.role == .labeler)
            let identities = IdentityOperations(database: shop.database, now: shop.environment.now)
            #expect(try await identities.session(cookie)?.user.email == "ada@example.com")
            for token in [token, "", "no such token"] {
                await #expect(throws: Self.noInvitation) { try await people.invitation(token) }
                await #expect(throws: Self.noInvitation) {
                    try await people.accept(token, name: "", password: "correct horse", remote: "", agent: "")
                }
            }
            await #expect(throws: Refusal.self) {
                try await people.invite(email: "ada@example.com", role: .labeler, by: admin)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a new link ends the former one, and time ends both`(_ backend: Backend) async throws {
        try await withPeople(backend) { shop, people, admin in
            let first = try await people.invite(email: "ada@example.com", role: .labeler, by: admin).token
            let (member, second, _) = try await people.invite(email: "ADA@example.com", role: .manager, by: admin)
            #expect(member.role == .manager)
            await #expect(throws: Self.noInvitation) { try await people.invitation(first) }
            _ = try await people.invitation(second)
            shop.clock.advance(14 * 86_400 + 1)
            await #expect(throws: Self.noInvitation) { try await people.invitation(second) }
        }
    }

    @Test(arguments: Backend.available)
    func `who has a password already keeps it, and nobody sets another by a link`(_ backend: Backend) async throws {
        try await withPeople(backend) { shop, people, admin in
            _ = try await shop.accounts.createAccount("other")
            _ = try await shop.accounts.createUser(
                account: "other", email: "ada@example.com", role: .labeler, password: "correct horse",
                displayName: "Ada")
            let token = try await people.invite(email: "ada@example.com", role: .labeler, by: admin).token
            for _ in 1...10 {
                let wrong = await #expect(throws: Issues.self) {
                    try await people.accept(token, name: "Eve", password: "my own one", remote: "::1", agent: "")
                }
                #expect(wrong?.all.map(\.path) == ["password"])
            }
            let slowed = await #expect(throws: Refusal.self) {
                try await people.accept(token, name: "Eve", password: "correct horse", remote: "::1", agent: "")
            }
            #expect(slowed?.code == .tooMany)
            shop.clock.advance(301)
            let identity = try await people.accept(
                token, name: "Eve", password: "correct horse", remote: "::1", agent: ""
            ).identity
            #expect(identity.user.name == "Ada" && identity.actor.realm.account == shop.seed.account)
        }
    }

    @Test(arguments: Backend.available)
    func `of two links for one new person, the second does not replace the password`(_ backend: Backend) async throws {
        try await withPeople(backend) { shop, people, admin in
            let other = try await Seed.account("other", in: shop.database)
            let chief = Actor(
                kind: .person(id: try await other.user("other@example.com", role: .admin, in: shop.database)),
                realm: RealmContext(id: other.live, account: other.account, isTest: false), role: .admin, name: "other")
            let tokens = [
                try await people.invite(email: "ada@example.com", role: .labeler, by: admin).token,
                try await people.invite(email: "ada@example.com", role: .labeler, by: chief).token,
            ]
            let passwords = ["correct horse", "another horse"]
            let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
                for index in 0...1 {
                    group.addTask {
                        do {
                            _ = try await people.accept(
                                tokens[index], name: "", password: passwords[index], remote: "", agent: "")
                            return (index, true)
                        } catch { return (index, false) }
                    }
                }
                return await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
            }
            #expect(outcomes.values.filter(\.self).count == 1)
            let first = outcomes[0] == true ? 0 : 1
            let identities = IdentityOperations(database: shop.database, now: shop.environment.now)
            _ = try await identities.signIn(email: "ada@example.com", password: passwords[first], remote: "")
            // The other link still stands, for whoever knows the password.
            _ = try await people.accept(tokens[1 - first], name: "", password: passwords[first], remote: "", agent: "")
        }
    }

    @Test(arguments: Backend.available)
    func `who is kept out loses the sessions here, and may be let in again`(_ backend: Backend) async throws {
        try await withPeople(backend) { shop, people, admin in
            let token = try await people.invite(email: "ada@example.com", role: .labeler, by: admin).token
            let (identity, cookie) = try await people.accept(
                token, name: "Ada", password: "correct horse", remote: "", agent: "")
            let identities = IdentityOperations(database: shop.database, now: shop.environment.now)
            let out = try await people.change(identity.user.id, role: nil, isActive: false, by: admin)
            #expect(out.state == .disabled)
            #expect(try await identities.session(cookie) == nil)
            let back = try await people.change(identity.user.id, role: .manager, isActive: true, by: admin)
            #expect(back.state == .active && back.role == .manager)
            #expect(try await identities.session(cookie) == nil, "the session stays ended")

            let new = try await people.invite(email: "bob@example.com", role: .member, by: admin).member
            _ = try await people.change(new.user.id, role: nil, isActive: false, by: admin)
            let again = try await people.change(new.user.id, role: nil, isActive: true, by: admin)
            #expect(again.state == .invited, "who never came in still needs a link")

            // A password that was chosen in another account says nothing about who was invited here.
            _ = try await shop.accounts.createAccount("other")
            _ = try await shop.accounts.createUser(
                account: "other", email: "bob@example.com", role: .labeler, password: "correct horse",
                displayName: nil)
            let still = try await people.change(new.user.id, role: nil, isActive: true, by: admin)
            #expect(still.state == .invited)
        }
    }

    @Test(arguments: Backend.available)
    func `an account keeps an admin, whom only admins make and change`(_ backend: Backend) async throws {
        try await withPeople(backend) { shop, people, admin in
            let manager = try await shop.person("manager@example.com", .manager)
            let chief = try #require(admin.person)
            for (role, isActive) in [(Role.member, Bool?.none), (nil, false)] as [(Role?, Bool?)] {
                let last = await #expect(throws: Refusal.self) {
                    try await people.change(chief, role: role, isActive: isActive, by: admin)
                }
                #expect(last?.message == "chief@example.com is the only admin; make somebody else one first.")
                let notTheirs = await #expect(throws: Refusal.self) {
                    try await people.change(chief, role: role, isActive: isActive, by: manager)
                }
                #expect(notTheirs?.code == .forbidden)
            }
            await #expect(throws: Refusal.self) {
                try await people.invite(email: "eve@example.com", role: .admin, by: manager)
            }
            await #expect(throws: Refusal.self) {
                try await people.change(try #require(manager.person), role: .admin, isActive: nil, by: manager)
            }
            _ = try await people.change(try #require(manager.person), role: .admin, isActive: nil, by: admin)
            let former = try await people.change(chief, role: .member, isActive: nil, by: admin)
            #expect(former.role == .member)
        }
    }

    @Test(arguments: Backend.available)
    func `people of other accounts are not there`(_ backend: Backend) async throws {
        try await withPeople(backend) { shop, people, admin in
            let other = try await Seed.account("other", in: shop.database)
            let stranger = try await other.user("stranger@example.com", in: shop.database)
            await #expect(throws: Refusal(.notFound, "There is no such person in this account.")) {
                try await people.change(stranger, role: .member, isActive: nil, by: admin)
            }
            #expect(try await people.list(by: admin).map(\.user.email) == ["chief@example.com"])
        }
    }

    @Test(arguments: Backend.available)
    func `keys are made, shown once, and end by hand or by time`(_ backend: Backend) async throws {
        try await withPeople(backend) { shop, _, admin in
            let keys = KeyOperations(database: shop.database, now: shop.environment.now)
            let account = shop.seed.account
            let (made, text) = try await keys.create(
                "CI", mode: .test, scope: .tasks, days: 30, account: account, by: admin.label)
            var writer = JSONWriter()
            made.write(mode: .test, text: text, to: &writer)
            let shown = try AnyJSON(writer.text)
            #expect(shown["key"]?.string == text && shown["scope"]?.string == "tasks")
            let listed = try await keys.list(account: account)
            #expect(listed.map(\.mode) == [.test] && listed[0].key == made)
            func opens() async throws -> Bool {
                try await IdentityOperations(database: shop.database, now: shop.environment.now).key(text) != nil
            }
            #expect(try await opens())
            shop.clock.advance(30 * 86_400)
            #expect(try await !opens())

            let lasting = try await keys.create(
                "Server", mode: .live, scope: .full, days: nil, account: account, by: admin.label
            ).key
            let other = try await Seed.account("other", in: shop.database)
            await #expect(throws: Refusal.self) {
                try await keys.revoke(lasting.id, account: other.account, by: admin.label)
            }
            try await keys.revoke(lasting.id, account: account, by: admin.label)
            await #expect(throws: Refusal.self) {
                try await keys.revoke(lasting.id, account: account, by: admin.label)
            }
        }
    }
}
