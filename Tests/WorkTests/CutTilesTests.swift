import Foundation
import JSON
import Labeling
import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct CutTilesTests {
    /// A picture just above the size from which on tiles are cut.
    private static func largePicture() async throws -> [UInt8] { try await Workshop.picture(6000, 5001) }

    @Test(arguments: Backend.available)
    func `a large picture is cut before its task goes to work, and once however often it is sent`(
        _ backend: Backend
    ) async throws {
        let picture = try await Self.largePicture()
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await backend.withWorkshop { shop in
                let ada = try await Labeler.new(shop)
                let first = try await shop.create("imageannotation", Sample.boxes(server.url("/a.jpg")))
                let second = try await shop.create("imageannotation", Sample.boxes(server.url("/b.jpg")))
                #expect(try await shop.run(.fetchAttachment) == [.done, .done])
                #expect(try await shop.attachments(first.id).map(\.state) == [.waiting])
                #expect(try await ada.claim() == nil)
                // Both were fetched before the first was cut.
                #expect(try await shop.run(.cutTiles) == [.done, .done])
                #expect(try await shop.attachments(first.id).map(\.state) == [.ready])
                #expect(try await shop.history(first.id) == ["task.created", "task.ready"])
                #expect(try await shop.stored(second.id).stage == .queued)
                let third = try await shop.create("imageannotation", Sample.boxes(server.url("/a.jpg")))
                #expect(try await shop.run(.fetchAttachment) == [.done])
                #expect(try await shop.stored(third.id).stage == .queued)
                #expect(try await shop.run(.cutTiles).isEmpty)

                let work = try await ada.take()
                var writer = JSONWriter()
                try work.write(to: &writer, links: shop.environment.links, now: shop.clock.now)
                let tiles = try #require(try AnyJSON(writer.text)["attachments"]?[0]?["tiles"])
                #expect(tiles["tile"]?.int == 512 && tiles["overlap"]?.int == 0)
                let levels = tiles["levels"]?.elements ?? []
                #expect(levels.map { $0["columns"]?.int } == [1, 2, 3, 6, 12])
                #expect(levels.last?["width"]?.int == 6000 && levels.last?["height"]?.int == 5001)
                let url = try #require(tiles["url"]?.string)
                #expect(url.hasPrefix("/files/") && url.hasSuffix("/{level}/{column}_{row}"))
                let token = String(url.dropFirst("/files/".count).prefix { $0 != "/" })
                let link = try #require(shop.environment.links.verify(token, now: shop.clock.now))
                let pack = try #require(ContentHash(link.object))
                #expect(link.kind == .tiles && link.realm == String(shop.seed.live))
                let tile = try await TilePack.tile(level: 4, column: 11, row: 9, of: pack, in: shop.store)
                #expect(tile?.mimeType == "image/jpeg")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `cutting that broke off is done again, and only while the task waits for it`(_ backend: Backend) async throws {
        let picture = try await Self.largePicture()
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await backend.withWorkshop { shop in
                let row = try await shop.create("imageannotation", Sample.boxes(server.url("/a.jpg")))
                let gone = try await shop.create("imageannotation", Sample.boxes(server.url("/b.jpg")))
                try await shop.run(.fetchAttachment)
                let lost = try #require(try await shop.claim(.cutTiles).first { $0.subject == row.id })
                shop.clock.advance(JobKind.leaseSeconds + 1)
                let now = shop.clock.now
                _ = try await shop.database.write { db in try db.recoverJobs(now: now) }
                _ = try await shop.tasks.cancel(gone.id, clearUniqueID: false, by: shop.key)
                #expect(try await shop.run(.cutTiles) == [.done, .done])
                await #expect(throws: JobLost.self) { try await shop.run(lost, .cutTiles) }
                #expect(try await shop.stored(row.id).stage == .queued)
                #expect(try await shop.attachments(gone.id).map(\.state) == [.waiting])
            }
        }
    }

    @Test func `a picture that seems damaged only now is tried again before its task ends`() async throws {
        let picture = try await Self.largePicture()
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await Backend.sqlite.withWorkshop { shop in
                let row = try await shop.create("imageannotation", Sample.boxes(server.url("/a.jpg")))
                try await shop.run(.fetchAttachment)
                let hash = try #require(try await shop.attachments(row.id).first?.hash.flatMap { ContentHash($0) })
                try Data(picture.prefix(picture.count / 2)).write(to: URL(filePath: shop.folderStore.path(of: hash)))
                for attempt in 1...4 {
                    let job = try #require(try await shop.claim(.cutTiles).first)
                    #expect(job.attempts == attempt)
                    guard attempt < 4 else {
                        #expect(try await shop.run(job, .cutTiles) == .done)
                        break
                    }
                    await #expect(throws: PictureError.self) { try await shop.run(job, .cutTiles) }
                    #expect(try await shop.stored(row.id).status == .pending)
                    shop.clock.advance(JobKind.leaseSeconds + 1)
                    let now = shop.clock.now
                    _ = try await shop.database.write { db in try db.recoverJobs(now: now) }
                }
                #expect(try await shop.stored(row.id).status == .error)
            }
        }
    }

    @Test func `a picture whose copy is gone does not end its task in silence`() async throws {
        let picture = try await Self.largePicture()
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await Backend.sqlite.withWorkshop { shop in
                let row = try await shop.create("imageannotation", Sample.boxes(server.url("/a.jpg")))
                try await shop.run(.fetchAttachment)
                let hash = try #require(try await shop.attachments(row.id).first?.hash.flatMap { ContentHash($0) })
                try await shop.folderStore.delete(hash)
                let job = try #require(try await shop.claim(.cutTiles).first)
                await #expect(throws: ObjectStoreError.self) { try await shop.run(job, .cutTiles) }
                #expect(try await shop.stored(row.id).status == .pending)
            }
        }
    }
}
