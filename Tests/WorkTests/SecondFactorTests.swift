import Foundation
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct SecondFactorTests {
    /// The vectors of RFC 6238, appendix B, for SHA-1.
    @Test(arguments: [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func `codes are those of the standard`(seconds: Int64, code: String) {
        let secret = [UInt8]("12345678901234567890".utf8)
        let step = OneTimeCode.step(at: Timestamp(milliseconds: seconds * 1000))
        #expect(OneTimeCode.code(secret, step: step, digits: 8) == code)
    }

    /// The vectors of RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
    ])
    func `secrets are written as apps read them`(text: String, expected: String) {
        #expect(OneTimeCode.base32([UInt8](text.utf8)) == expected)
    }

    @Test func `what is sealed opens with its key and for its purpose only`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(atPath: folder) }
        let sealer = try Sealer(keyFile: folder + "/key")
        let sealed = try sealer.seal("secret", for: "a")
        let again = try Sealer(keyFile: folder + "/key")
        let opened = try again.open(sealed, for: "a")
        #expect(opened == "secret")
        #expect(throws: Sealer.Failure.self) { try sealer.open(sealed, for: "b") }
        #expect(throws: Sealer.Failure.self) { try Sealer(keyFile: folder + "/other").open(sealed, for: "a") }
        let other = try sealer.seal("secret", for: "a")
        #expect(other != sealed)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/key")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try Data("short".utf8).write(to: URL(filePath: folder + "/broken"))
        #expect(throws: Sealer.Failure.self) { try Sealer(keyFile: folder + "/broken") }
        #expect(throws: Sealer.Failure.self) { try Sealer(keyFile: folder + "/none/key") }
    }

    // MARK: Signing in

    private struct Desk: Sendable {
        let shop: Workshop
        let identities: IdentityOperations
        let factors: SecondFactorOperations
        let people: PeopleOperations
        let email = "ada@example.com"
        let password = "correct horse"

        init(_ shop: Workshop) async throws {
            self.shop = shop
            identities = IdentityOperations(database: shop.database, now: shop.environment.now)
            factors = SecondFactorOperations(environment: shop.environment, identities: identities)
            people = PeopleOperations(database: shop.database, identities: identities, now: shop.environment.now)
            _ = try await shop.accounts.createUser(
                account: "acme", email: email, role: .labeler, password: password, displayName: "Ada")
        }

        /// Sets a second factor up; returns its secret and the recovery codes.
        func enrol() async throws -> (secret: [UInt8], codes: [String]) {
            let session = try await identities.signIn(email: email, password: password, remote: "").identity
            let (text, uri) = try await factors.begin(password: password, by: session, remote: "")
            #expect(uri.contains("secret=\(text)&issuer=Vernier") && uri.contains("ada%40example.com"))
            let secret = Self.bytes(text)
            await #expect(throws: (any Error).self) { try await factors.confirm("000000", by: session) }
            let codes = try await factors.confirm(code(secret), by: session)
            #expect(try await factors.state(of: session).isEnabled)
            return (secret, codes)
        }

        func code(_ secret: [UInt8]) -> String {
            OneTimeCode.code(secret, step: OneTimeCode.step(at: shop.clock.now))
        }

        func challenge() async throws -> String {
            let needed = await #expect(throws: SecondFactorNeeded.self) {
                try await identities.signIn(email: email, password: password, remote: "")
            }
            return try #require(needed?.challenge)
        }

        func finish(_ challenge: String, _ code: String) async throws -> SessionIdentity {
            try await factors.finish(challenge, code: code, remote: "", agent: "").identity
        }

        private static func bytes(_ base32: String) -> [UInt8] {
            let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
            var (bits, count, bytes): (UInt32, Int, [UInt8]) = (0, 0, [])
            for letter in base32 {
                bits = bits << 5 | UInt32(alphabet.firstIndex(of: letter) ?? 0)
                count += 5
                guard count >= 8 else { continue }
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count - 8)))
                count -= 8
            }
            return bytes
        }
    }

    @Test(arguments: Backend.available)
    func `a code is asked for after the password, and none is taken twice`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let desk = try await Desk(shop)
            let (secret, _) = try await desk.enrol()
            let first = try await desk.challenge()
            // The code that confirmed the factor is used up.
            await #expect(throws: (any Error).self) { try await desk.finish(first, desk.code(secret)) }
            shop.clock.advance(30)
            #expect(try await desk.finish(first, desk.code(secret)).user.email == desk.email)
            let (again, second) = (try await desk.challenge(), desk.code(secret))
            await #expect(throws: (any Error).self) { try await desk.finish(again, second) }
            await #expect(throws: Refusal.self, "a sign-in is finished once") { try await desk.finish(first, second) }
            shop.clock.advance(301)
            let late = await #expect(throws: Refusal.self) { try await desk.finish(again, desk.code(secret)) }
            #expect(late?.code == .unauthorized)
            let sealed = try await shop.database.read { db in try db.query("SELECT sealed FROM second_factors") }
            #expect(!String(describing: sealed).contains(OneTimeCode.base32(secret)))
        }
    }

    @Test(arguments: Backend.available)
    func `guessing ends the sign-in, and then all tries for some minutes`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let desk = try await Desk(shop)
            let (secret, _) = try await desk.enrol()
            shop.clock.advance(30)
            for round in 0...1 {
                let challenge = try await desk.challenge()
                for _ in 1...5 {
                    await #expect(throws: (any Error).self) { try await desk.finish(challenge, "wrong-code") }
                }
                let over = await #expect(throws: Refusal.self, "\(round)") {
                    try await desk.finish(challenge, desk.code(secret))
                }
                #expect(over?.code == .unauthorized)
            }
            let third = try await desk.challenge()
            let many = await #expect(throws: Refusal.self) { try await desk.finish(third, desk.code(secret)) }
            #expect(many?.code == .tooMany)
            shop.clock.advance(301)
            _ = try await desk.finish(try await desk.challenge(), desk.code(secret))
        }
    }

    @Test(arguments: Backend.available)
    func `recovery codes let in once each, and a lost phone can be taken back`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let desk = try await Desk(shop)
            let (secret, codes) = try await desk.enrol()
            #expect(codes.count == 8 && Set(codes).count == 8)
            let session = try await desk.finish(try await desk.challenge(), " " + codes[0].uppercased())
            #expect(try await desk.factors.state(of: session).left == 7)
            let next = try await desk.challenge()
            await #expect(throws: (any Error).self) { try await desk.finish(next, codes[0]) }
            // Nobody sets another secret while one is in force.
            await #expect(throws: Refusal.self) {
                try await desk.factors.begin(password: desk.password, by: session, remote: "")
            }
            shop.clock.advance(30)
            await #expect(throws: (any Error).self) {
                try await desk.factors.remove(password: "wrong", code: desk.code(secret), by: session, remote: "")
            }
            try await desk.factors.remove(
                password: desk.password, code: desk.code(secret), by: session, remote: "")
            _ = try await desk.identities.signIn(email: desk.email, password: desk.password, remote: "")

            shop.clock.advance(300)
            _ = try await desk.enrol()
            let admin = try await shop.person("chief@example.com", .admin)
            let member = try #require(try await desk.people.list(by: admin).first { $0.user.email == desk.email })
            #expect(member.hasSecondFactor)
            let after = try await desk.people.resetSecondFactor(member.user.id, by: admin)
            #expect(!after.hasSecondFactor)
            await #expect(throws: Refusal.self) {
                try await desk.people.resetSecondFactor(member.user.id, by: admin)
            }
            _ = try await desk.identities.signIn(email: desk.email, password: desk.password, remote: "")
        }
    }

    @Test(arguments: Backend.available)
    func `neither an invitation nor an admin of another account gets round it`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let desk = try await Desk(shop)
            let (secret, _) = try await desk.enrol()
            let other = try await Seed.account("other", in: shop.database)
            let chief = Actor(
                kind: .person(id: try await other.user("chief@other.com", role: .admin, in: shop.database)),
                realm: RealmContext(id: other.live, account: other.account, isTest: false), role: .admin, name: "c")
            let token = try await desk.people.invite(email: desk.email, role: .labeler, by: chief).token
            let needed = await #expect(throws: SecondFactorNeeded.self) {
                try await desk.people.accept(token, name: "", password: desk.password, remote: "", agent: "")
            }
            shop.clock.advance(30)
            let identity = try await desk.finish(try #require(needed?.challenge), desk.code(secret))
            #expect(identity.actor.realm.account == other.account)
            let refused = await #expect(throws: Refusal.self) {
                try await desk.people.resetSecondFactor(identity.user.id, by: chief)
            }
            #expect(refused?.code == .forbidden)
            try await shop.accounts.resetSecondFactor(email: desk.email)
            _ = try await desk.identities.signIn(email: desk.email, password: desk.password, remote: "")
        }
    }
}
