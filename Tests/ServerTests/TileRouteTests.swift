import Foundation
import Media
import Storage
import TestSupport
import Testing
import Work

@testable import Server

struct TileRouteTests {
    @Test func `tiles are served under their own links only, and may be kept`() async throws {
        try await Backend.sqlite.withSite { site in
            let shop = site.shop
            let file = shop.folder + "/picture"
            try Data(try await Workshop.picture(700, 300, as: .png)).write(to: URL(filePath: file))
            let (pack, _) = try await Workshop.pictures.cutTiles(file, name: UUID().uuidString, into: shop.store)
            func base(_ kind: SignedLink.Kind) -> String {
                shop.environment.links.path(
                    kind, realm: shop.seed.live, hash: pack.hash.description, now: shop.clock.now)
            }
            let tile = try await site.get(base(.tiles) + "/1/1_0", .nobody)
            #expect(tile.status == 200 && tile["content-type"] == "image/jpeg")
            #expect(tile.body.count > 100 && Array(tile.body.prefix(2)) == [0xFF, 0xD8])
            #expect(tile["cache-control"] == "private, max-age=3600, immutable")
            let tag = try #require(tile["etag"])
            #expect(try await site.get(base(.tiles) + "/1/1_0", .nobody.with("if-none-match", tag)).status == 304)
            #expect(try await site.get(base(.tiles) + "/0/0_0", .nobody)["etag"] != tag)

            for wrong in ["/2/0_0", "/1/2_0", "/1/0_1", "/-1/0_0", "/1/1", "/1/1_0_0", "/1/a_0", "/x/0_0", "/1/1_0/2"] {
                #expect(try await site.get(base(.tiles) + wrong, .nobody).status == 404, "\(wrong)")
            }
            // A link to the whole object opens no tile, and one to tiles no object.
            #expect(try await site.get(base(.attachment) + "/1/1_0", .nobody).status == 404)
            #expect(try await site.get(base(.tiles), .nobody).status == 404)
            let link = base(.tiles)
            shop.clock.advance(86_400)
            #expect(try await site.get(link + "/1/1_0", .nobody).status == 404)
        }
    }
}
