import JSON
import Labeling
import Media
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Work

/// What is kept of an attachment, and what of it is done once for many.
struct AttachmentRecordTests {
    /// A task of any kind of file.
    private static func form(_ url: String, _ kind: String) -> String {
        #"""
        {"attachments":[{"type":"\#(kind)","content":"\#(url)"}],"instruction":"Read.",
        "fields":[{"type":"text","field_id":"a","title":"A"}]}
        """#
    }

    @Test(arguments: Backend.available)
    func `an attachment's row tells what came, from where, and what was made of it`(_ backend: Backend) async throws {
        let bytes = try SharedFixtures.bytes("media/photo.heic")
        try await TestServer.run { request in
            request.target == "/a"
                ? TestServer.Reply(302, [("location", "/b?c=1")])
                : TestServer.Reply(200, [("content-type", "image/x-wrong")], body: bytes)
        } _: { server in
            try await backend.withWorkshop { shop in
                let row = try await shop.create("imageannotation", Sample.boxes(server.url("/a")))
                #expect(try await shop.run(.fetchAttachment) == [.done])
                let copy = try #require(try await shop.attachments(row.id).first)
                #expect(copy.state == .ready && copy.statusCode == 200 && copy.mime == "image/heic")
                #expect(copy.declaredType == "image/x-wrong" && copy.finalURL == server.url("/b?c=1"))
                #expect(copy.hash == ContentHash.of(bytes).description && copy.size == Int64(bytes.count))
                let shown = try #require(copy.displayHash.flatMap { ContentHash($0) })
                let jpeg = try await shop.store.bytes(of: shown, limit: 1 << 20)
                #expect(ContentType.sniff(jpeg) == "image/jpeg")
                let facts = try AnyJSON(try #require(copy.facts))
                #expect(facts["orientation"]?.int == 1 && facts["bits"]?.int == 8 && facts["frames"]?.int == 1)
                let made = try AnyJSON(try #require(copy.conversions)).elements
                try #require(made.count == 2)
                #expect(made.map { $0["kind"]?.string } == ["display", "thumbnail"])
                for one in made {
                    #expect(one["tool"]?.string?.hasPrefix("libvips 8.") == true && one["recipe"]?.int ?? 0 > 0)
                }
                #expect(made[0]["sha256"]?.string == copy.displayHash)
                #expect(made[1]["sha256"]?.string == copy.thumbnailHash)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `an address in many tasks is fetched once, and what it holds is looked at once`(
        _ backend: Backend
    ) async throws {
        let picture = try await Workshop.picture(64, 48)
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await backend.withWorkshop { shop in
                var rows: [TaskRow] = []
                for _ in 1...40 {
                    rows.append(try await shop.create("imageannotation", Sample.boxes(server.url("/a"))))
                }
                let jobs = try await shop.claim(.fetchAttachment)
                #expect(jobs.count == 40)
                try await withThrowingTaskGroup { group in
                    for job in jobs { group.addTask { _ = try await shop.run(job, .fetchAttachment) } }
                    try await group.waitForAll()
                }
                #expect(server.received.count == 1)
                for row in rows { #expect(try await shop.stored(row.id).stage == .queued) }
                // A task that comes later gets what is there then: nothing says that it is still the same.
                _ = try await shop.create("imageannotation", Sample.boxes(server.url("/a")))
                #expect(try await shop.run(.fetchAttachment) == [.done])
                #expect(server.received.count == 2)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a source is asked whether its file has changed, and only a changed one is sent again`(
        _ backend: Backend
    ) async throws {
        let first = try await Workshop.picture(64, 48)
        let second = try await Workshop.picture(32, 48)
        let isNew = Mutex(false)
        try await TestServer.run { request in
            let (tag, body) = isNew.withLock { $0 } ? ("\"two\"", second) : ("\"one\"", first)
            if request["if-none-match"] == tag { return TestServer.Reply(304, [("etag", tag)]) }
            return TestServer.Reply(200, [("etag", tag)], body: body)
        } _: { server in
            try await backend.withWorkshop { shop in
                func width() async throws -> Int? {
                    let row = try await shop.create("imageannotation", Sample.boxes(server.url("/a")))
                    #expect(try await shop.run(.fetchAttachment) == [.done])
                    return try await shop.attachments(row.id).first?.width
                }
                #expect(try await width() == 64)
                #expect(try await width() == 64)
                isNew.withLock { $0 = true }
                #expect(try await width() == 32)
                #expect(server.received.map { $0["if-none-match"] } == [nil, "\"one\"", "\"one\""])
                // A copy that is gone is no reason to believe that nothing has to be sent.
                try await shop.folderStore.delete(ContentHash.of(second))
                #expect(try await width() == 32)
                #expect(server.received.last?["if-none-match"] == nil)
            }
        }
    }

    /// Files, what they are sent as, and what their task's response says of them; nil for a file that can be used.
    private static let kinds: [(path: String, kind: String, fault: String?)] = [
        ("/clip.mp4", "video", nil), ("/clip.webm", "video", nil), ("/clip.mp4", "audio", nil),
        ("/display-p3.jpg", "image", nil), ("/display-p3.jpg", "pdf", nil),
        ("/display-p3.jpg", "video", "The file is image/jpeg, not a video that can be shown."),
        ("/clip.mp4", "image", "The file is video/mp4, not a picture that can be shown."),
        ("/clip.mp4", "pdf", "The file is video/mp4, not a PDF or a picture that can be shown."),
        ("/page", "pdf", "The file is text/html, not a PDF or a picture that can be shown."),
        ("/broken.mp4", "video", "The file is not a video or sound that can be read, or it is damaged."),
        ("/broken.pdf", "pdf", "The PDF is damaged or incomplete."),
    ]

    @Test(arguments: kinds.indices)
    func `a file has to be what it was sent as`(index: Int) async throws {
        let (path, kind, fault) = Self.kinds[index]
        try await TestServer.run { request in
            switch request.target {
            case "/page": return TestServer.Reply(body: Array("<!doctype html><p>Sign in".utf8))
            case "/broken.pdf": return TestServer.Reply(body: Array("%PDF-1.7 and nothing else".utf8))
            case "/broken.mp4":
                return TestServer.Reply(body: Array("\0\0\0\u{18}ftypisom".utf8) + [UInt8](repeating: 0, count: 500))
            default:
                do {
                    return TestServer.Reply(body: try SharedFixtures.bytes("media" + request.target))
                } catch {
                    return TestServer.Reply(404)
                }
            }
        } _: { server in
            try await Backend.sqlite.withWorkshop { shop in
                let row = try await shop.create("textcollection", Self.form(server.url(path), kind))
                #expect(try await shop.run(.fetchAttachment) == [.done])
                let stored = try await shop.stored(row.id)
                let copy = try #require(try await shop.attachments(row.id).first)
                #expect(copy.error == fault)
                #expect((stored.status == .error) == (fault != nil))
                guard fault == nil, kind == "video" else { return }
                #expect(copy.width == 64 && copy.height == 36)
                #expect(try AnyJSON(try #require(copy.facts))["duration"]?.int == 1)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a page of HTML is shown without what could run`(_ backend: Backend) async throws {
        try await TestServer.run { _ in
            TestServer.Reply(body: Array("<!doctype html><h1>Hi</h1><script>x()</script>".utf8))
        } _: { server in
            try await backend.withWorkshop { shop in
                let body = """
                    {"attachment_type":"text","attachment":"\(server.url("/a"))","instruction":"Polite?",\
                    "categories":["yes","no"]}
                    """
                let row = try await shop.create("categorization", body)
                #expect(try await shop.run(.fetchAttachment) == [.done])
                let copy = try #require(try await shop.attachments(row.id).first)
                let shown = try #require(copy.displayHash.flatMap { ContentHash($0) })
                let text = String(decoding: try await shop.store.bytes(of: shown, limit: 1 << 20), as: UTF8.self)
                #expect(text.hasSuffix("<h1>Hi</h1>") && copy.mime == "text/html")
            }
        }
    }
}
