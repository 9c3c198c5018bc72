import Foundation
import JSON
import Labeling
import Media
import Storage
import TestSupport
import Testing

@testable import Work

/// The small pictures of JPEGs, which are made when their tasks are ready already.
struct ShrinkPictureTests {
    /// Lets a test have a task whose picture has come and is not decoded yet; the picture's address gives it again.
    private func withTask(
        _ backend: Backend, _ more: String..., body: (Workshop, TaskRow, String) async throws -> Void
    ) async throws {
        let picture = try await Workshop.picture(640, 480)
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await backend.withWorkshop { shop in
                let url = server.url("/a.jpg")
                let row = try await shop.create(
                    "imageannotation",
                    more.isEmpty ? Sample.boxes(url) : Sample.boxes(url, more.joined(separator: ",")))
                #expect(try await shop.run(.fetchAttachment) == [.done])
                try await body(shop, row, url)
            }
        }
    }

    /// Cuts the stored picture off, as a failing disk might.
    private func spoil(_ shop: Workshop, _ task: String) async throws {
        let hash = try #require(try await shop.attachments(task).first?.hash.flatMap { ContentHash($0) })
        try await shop.store.withLocalFile(hash) { path in
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            try handle.truncate(atOffset: 2000)
            try handle.close()
        }
    }

    @Test(arguments: Backend.available)
    func `a task is ready before its picture is decoded, and gets the small one once`(_ backend: Backend) async throws {
        try await withTask(backend, #""unique_id":"a""#) { shop, row, url in
            let copy = try #require(try await shop.attachments(row.id).first)
            #expect(copy.state == .ready && copy.width == 640 && copy.height == 480 && copy.thumbnailHash == nil)
            let facts = try AnyJSON(copy.facts ?? "")
            #expect(copy.conversions == "[]" && facts["is_srgb"]?.bool == true)
            #expect(try await shop.stored(row.id).stage == .queued)
            let other = try await shop.create("imageannotation", Sample.boxes(url))
            #expect(try await shop.run(.fetchAttachment) == [.done])
            #expect(try await shop.run(.shrinkPicture) == [.done, .done])
            let rows = [
                try #require(try await shop.attachments(row.id).first),
                try #require(try await shop.attachments(other.id).first),
            ]
            let small = try #require(rows[0].thumbnailHash.flatMap { ContentHash($0) })
            #expect(try await shop.store.size(of: small) ?? 0 > 0)
            #expect(rows[1].thumbnailHash == rows[0].thumbnailHash && rows[1].conversions == rows[0].conversions)
            #expect(rows[0].conversions?.contains(#""thumbnail""#) == true)
            #expect(try await shop.history(row.id) == ["task.created", "task.ready", "task.thumbnail_made"])
            // Whoever comes now finds it made.
            let third = try await shop.create("imageannotation", Sample.boxes(url))
            #expect(try await shop.run(.fetchAttachment) == [.done])
            #expect(try await shop.attachments(third.id).first?.thumbnailHash == rows[0].thumbnailHash)
            #expect(try await shop.run(.shrinkPicture).isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `a picture that turns out to be damaged ends a task that nobody has begun`(_ backend: Backend) async throws {
        try await withTask(
            backend, #""unique_id":"a""#, #""clear_unique_id_on_error":true"#,
            #""callback_url":"https://example.com/h""#
        ) { shop, row, _ in
            let ada = try await Labeler.new(shop)
            _ = try await ada.take()
            try await spoil(shop, row.id)
            #expect(try await shop.run(.shrinkPicture) == [.done])
            let failed = try await shop.stored(row.id)
            #expect(failed.status == .error && failed.stage == .done && failed.uniqueID == nil)
            let file = try AnyJSON(try #require(failed.response))["attachments"]?[0]
            #expect(file?["message"]?.string == "The picture is damaged or incomplete.")
            #expect(try await shop.attachments(row.id).first?.state == .failed)
            #expect(try await shop.workItems(row.id).map(\.state) == [.closed])
            #expect(try await shop.deliveries(row.id).count == 1)
            #expect(try await shop.history(row.id) == ["task.created", "task.ready", "task.failed"])
        }
    }

    @Test(arguments: Backend.available)
    func `work that was begun stays when its picture turns out to be damaged, and it is told`(
        _ backend: Backend
    ) async throws {
        try await withTask(backend) { shop, row, _ in
            let ada = try await Labeler.new(shop)
            let work = try await ada.take()
            let box = #"{"type":"box","label":"cow","left":1,"top":2,"width":30,"height":40}"#
            let receipt = try await ada.fill(work, ["annotations": [UUID().uuidString.lowercased(): RawJSON(box)]])
            try await spoil(shop, row.id)
            #expect(try await shop.run(.shrinkPicture) == [.done])
            #expect(try await shop.stored(row.id).stage == .working)
            let copy = try #require(try await shop.attachments(row.id).first)
            #expect(copy.state == .ready && copy.error == "The picture is damaged or incomplete.")
            #expect(try await shop.history(row.id).last == "task.file_damaged")
            _ = try await ada.submit(work, revision: receipt.revision)
            #expect(try await shop.stored(row.id).status == .completed)
        }
    }

    @Test func `in a rush of fetches little else is begun, and soon after it all is`() {
        let rush = FetchRush()
        let start = Timestamp(milliseconds: 1_000_000_000)
        for _ in 0..<19 { rush.ended(now: start) }
        #expect(!rush.isOn(now: start))
        rush.ended(now: start)
        #expect(rush.isOn(now: start) && rush.isOn(now: start.adding(seconds: 0.9)))
        #expect(!rush.isOn(now: start.adding(seconds: 1.1)))
    }

    @Test func `what gives way goes on slowly in a rush, and steadily after a minute`() {
        let start = Timestamp(milliseconds: 1_000_000_000)
        var restraint = Restraint(most: 2)
        #expect(restraint.room == 2 && restraint.pause == 0)
        restraint.isOn = true
        #expect(restraint.room == 1 && restraint.pause == 0.25)
        restraint.claimed(dueSince: start, now: start.adding(seconds: 59))
        #expect(restraint.pause == 0.25)
        restraint.claimed(dueSince: start, now: start.adding(seconds: 61))
        #expect(restraint.room == 1 && restraint.pause == 0)
        restraint.claimed(dueSince: nil, now: start.adding(seconds: 62))
        #expect(restraint.pause == 0.25)
    }
}
