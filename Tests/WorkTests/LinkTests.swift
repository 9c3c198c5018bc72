import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct LinkTests {
    private static let hash = ContentHash.of([1]).description

    private static func token(_ links: FileLinks, _ realm: Int64, _ now: Timestamp) -> String {
        String(links.path(.attachment, realm: realm, hash: hash, now: now).dropFirst("/files/".count))
    }

    @Test(arguments: Backend.available)
    func `a new key signs when all nodes know it, and links of the old one work until they end`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            let (realm, start) = (shop.seed.live, Seed.start)
            let sealer = shop.environment.sealer
            let one = FileLinks(
                publicURL: "", ring: try await LinkRing(database: shop.database, sealer: sealer, now: start))
            let two = FileLinks(
                publicURL: "", ring: try await LinkRing(database: shop.database, sealer: sealer, now: start))
            let old = Self.token(one, realm, start)
            #expect(two.verify(old, now: start) != nil, "nodes share the key")
            try await one.ring.rotate(revoking: false, now: start)
            #expect(two.verify(Self.token(one, realm, start.adding(seconds: 1)), now: start) != nil, "not yet")
            try await two.ring.refresh(now: start.adding(seconds: 5))
            let after = start.adding(seconds: LinkRing.leadSeconds + 1)
            let new = Self.token(one, realm, after)
            #expect(new != old && two.verify(new, now: after) != nil && two.verify(old, now: after) != nil)
            let end = start.adding(seconds: Double(FileLinks.lifetime) + 1)
            #expect(one.verify(old, now: start.adding(seconds: Double(FileLinks.lifetime) - 1)) != nil)
            try await one.ring.refresh(now: end.adding(seconds: 3600))
            #expect(one.verify(old, now: start) == nil, "the key is forgotten when its links have ended")
            #expect(one.verify(new, now: after) != nil)

            try await one.ring.rotate(revoking: true, now: after)
            #expect(one.verify(new, now: after) == nil && one.verify(Self.token(one, realm, after), now: after) != nil)
            #expect(two.verify(new, now: after) != nil)
            try await two.ring.refresh(now: after)
            #expect(two.verify(new, now: after) == nil)
        }
    }

    @Test func `revoking ends the links of one account, in both its worlds`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let links = shop.environment.links
            let other = try await Seed.account("other", in: shop.database)
            let now = shop.clock.now
            let tokens = [shop.seed.live, shop.seed.test, other.live].map { Self.token(links, $0, now) }
            try await LinkOperations(environment: shop.environment).revoke(by: shop.key)
            #expect(tokens.map { links.verify($0, now: now) != nil } == [false, false, true])
            let again = Self.token(links, shop.seed.live, now)
            #expect(links.verify(again, now: now) != nil)
            try await LinkOperations(environment: shop.environment).revoke(by: shop.key)
            #expect(links.verify(again, now: now) == nil)
            #expect(try await shop.history(shop.seed.account).suffix(2) == ["links.revoked", "links.revoked"])
        }
    }

    @Test func `the key of an earlier version is sealed, and its links go on working`() async throws {
        try await Backend.sqlite.withPlace { place in
            let database = try await place.open()
            let sealer = try Sealer(keyFile: place.folder + "/secret.key")
            try await database.write { db in try db.putSetting("link.key", "the old key") }
            let link = SignedLink(kind: .attachment, realm: "1", object: Self.hash, expires: .max)
            let token = link.token(key: Array("the old key".utf8))
            let ring = try await LinkRing(database: database, sealer: sealer, now: Seed.start)
            #expect(FileLinks(publicURL: "", ring: ring).verify(token, now: Seed.start) == link)
            let (setting, keys) = try await database.read { db in
                (try db.setting("link.key"), try db.linkKeys(now: Seed.start))
            }
            #expect(setting == nil && keys.count == 1 && keys.allSatisfy { !$0.secret.contains("old") })
            await database.close()
        }
    }
}
