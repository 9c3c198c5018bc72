import JSON
import Labeling
import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct FetchAttachmentTests {
    @Test(arguments: Backend.available)
    func `a fetched picture is measured and kept, and its task goes to work`(
        _ backend: Backend
    ) async throws {
        let picture = try await Workshop.picture(640, 480)
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await backend.withWorkshop { shop in
                let row = try await shop.create("imageannotation", Sample.boxes(server.url("/cow.jpg")))
                #expect(try await shop.run(.fetchAttachment) == [.done])
                let copy = try #require(try await shop.attachments(row.id).first)
                #expect(copy.state == .ready && copy.mime == "image/jpeg")
                #expect(copy.width == 640 && copy.height == 480 && copy.size == Int64(picture.count))
                let hash = try #require(copy.hash.flatMap { ContentHash($0) })
                #expect(try await shop.store.bytes(of: hash, limit: 1 << 20) == picture)
                #expect(try await shop.stored(row.id).stage == .queued)
                #expect(try await shop.workItems(row.id).map(\.state) == [.waiting])
                #expect(try await shop.history(row.id) == ["task.created", "task.ready"])
                #expect(try await shop.wait(.fetchAttachment) == nil)
            }
        }
    }

    /// What a host answers, and what the task's response says of it.
    private static let failures: [(path: String, status: Int?, message: String)] = [
        ("/404", 404, "404"), ("/403", 403, "403"), ("/410", 410, "410"),
        ("/text", 200, "The file is text/plain, not a picture that can be shown."),
        ("/page", 200, "The file is text/html, not a picture that can be shown."), ("/cut", 200, ""),
        ("/empty", 200, ""),
    ]

    @Test(arguments: Backend.available)
    func `a file that cannot be had or used ends its task as documented`(_ backend: Backend) async throws {
        let picture = try await Workshop.picture(640, 480)
        try await TestServer.run { request in
            switch request.target {
            case "/text": TestServer.Reply(body: Array("just words".utf8))
            case "/page": TestServer.Reply(body: Array("<!doctype html><p>Sign in</p>".utf8))
            case "/cut": TestServer.Reply(body: Array(picture.prefix(picture.count / 2)))
            case "/empty": TestServer.Reply()
            default: TestServer.Reply(Int(request.target.dropFirst()) ?? 500)
            }
        } _: { server in
            try await backend.withWorkshop { shop in
                for (path, status, message) in Self.failures {
                    let row = try await shop.create(
                        "imageannotation",
                        Sample.boxes(server.url(path), #""callback_url":"https://example.com/h""#))
                    #expect(try await shop.run(.fetchAttachment) == [.done], "\(path)")
                    let failed = try await shop.stored(row.id)
                    #expect(failed.status == .error && failed.stage == .done && failed.completedAt == nil)
                    let response = try AnyJSON(try #require(failed.response))
                    #expect(response["error"]?.string == "One or more attachments could not be downloaded.")
                    let files = try #require(response["attachments"]?.elements)
                    #expect(files.count == 1)
                    #expect(files[0]["url"]?.string == server.url(path))
                    #expect(files[0]["statusCode"]?.int == status, "\(path)")
                    #expect(message.isEmpty || files[0]["message"]?.string?.contains(message) == true, "\(path)")
                    let told = try #require(try await shop.deliveries(row.id).first)
                    #expect(try AnyJSON(told.body)["response"] == response)
                    #expect(try AnyJSON(told.body)["status"]?.string == "error")
                    #expect(try await shop.workItems(row.id).isEmpty)
                }
            }
        }
    }

    @Test(arguments: ["http://10.0.0.1/a.jpg", "http://169.254.169.254/latest", "http://[::1]:1/", "http://0x7f.1/"])
    func `an address inside somebody's network is never called`(_ url: String) async throws {
        try await Backend.sqlite.withWorkshop { shop in
            guard let row = try? await shop.create("imageannotation", Sample.boxes(url)) else { return }
            #expect(try await shop.run(.fetchAttachment) == [.done])
            let failed = try await shop.stored(row.id)
            #expect(failed.status == .error)
            let file = try AnyJSON(try #require(failed.response))["attachments"]?[0]
            #expect(file?["statusCode"] == nil)
            #expect(file?["message"]?.string?.isEmpty == false)
        }
    }

    @Test(arguments: [("7", 7.0), ("100000", 600.0)])
    func `a host that is busy is asked again when it says`(_ header: String, _ delay: Double) async throws {
        try await TestServer.run { _ in
            TestServer.Reply(503, [("retry-after", header)])
        } _: { server in
            try await Backend.sqlite.withWorkshop { shop in
                let row = try await shop.create("imageannotation", Sample.boxes(server.url("/a.jpg")))
                for _ in 1..<FetchPace().tries {
                    let ends = try await shop.run(.fetchAttachment)
                    guard case .again(after: delay, _) = ends.first else {
                        Testing.Issue.record("\(ends)")
                        return
                    }
                    #expect(try await shop.stored(row.id).status == .pending)
                    shop.clock.advance(delay)
                }
                #expect(try await shop.run(.fetchAttachment) == [.done])
                #expect(server.received.count == FetchPace().tries)
                let file = try AnyJSON(try #require(try await shop.stored(row.id).response))["attachments"]?[0]
                #expect(file?["statusCode"]?.int == 503)
            }
        }
    }

    @Test func `a host that never answers is given up at last`() async throws {
        let door = Door()
        try await TestServer.run { _ in
            await door.pass()
            return TestServer.Reply()
        } _: { server in
            try await Backend.sqlite.withWorkshop(limits: FetchLimits(exchange: .milliseconds(100))) { shop in
                let row = try await shop.create("imageannotation", Sample.boxes(server.url("/a.jpg")))
                for attempt in 1..<FetchPace().tries {
                    let ends = try await shop.run(.fetchAttachment)
                    guard case .again(let delay, _) = ends.first else {
                        Testing.Issue.record("\(ends)")
                        return
                    }
                    #expect((0.9...1.1).contains(delay / min(Double(1 << (attempt - 1)), 60)))
                    shop.clock.advance(delay)
                }
                #expect(try await shop.run(.fetchAttachment) == [.done])
                let file = try AnyJSON(try #require(try await shop.stored(row.id).response))["attachments"]?[0]
                #expect(file?["statusCode"] == nil)
                #expect(file?["message"]?.string?.isEmpty == false)
            }
            door.open()
        }
    }

    @Test(arguments: Backend.available)
    func `of several files every one that failed is named`(_ backend: Backend) async throws {
        let picture = try await Workshop.picture(64, 48)
        try await TestServer.run { request in
            request.target == "/good.jpg"
                ? TestServer.Reply(body: picture) : TestServer.Reply(request.target == "/a" ? 404 : 410)
        } _: { server in
            try await backend.withWorkshop { shop in
                for (files, codes) in [
                    (["/a", "/b"], [404, 410]), (["/good.jpg", "/b"], [410]), (["/a", "/good.jpg"], [404]),
                ] {
                    let row = try await shop.create(
                        "comparison", Sample.comparison(server.url(files[0]), server.url(files[1])))
                    #expect(try await shop.run(.fetchAttachment) == [.done, .done])
                    let failed = try await shop.stored(row.id)
                    #expect(failed.status == .error)
                    let named = try AnyJSON(try #require(failed.response))["attachments"]?.elements ?? []
                    #expect(named.map { $0["statusCode"]?.int } == codes)
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `files that arrive at the same moment make one work item`(_ backend: Backend) async throws {
        let picture = try await Workshop.picture(64, 48)
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await backend.withWorkshop { shop in
                for _ in 1...5 {
                    let row = try await shop.create(
                        "comparison", Sample.comparison(server.url("/a"), server.url("/b")))
                    let jobs = try await shop.claim(.fetchAttachment)
                    #expect(jobs.count == 2)
                    try await withThrowingTaskGroup { group in
                        for job in jobs {
                            group.addTask {
                                let end = try await shop.run(job, .fetchAttachment)
                                #expect(end == .done)
                            }
                        }
                        try await group.waitForAll()
                    }
                    #expect(try await shop.stored(row.id).stage == .queued)
                    #expect(try await shop.workItems(row.id).count == 1)
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a failed task gives its unique id back if it was told to`(_ backend: Backend) async throws {
        try await TestServer.run { _ in
            TestServer.Reply(404)
        } _: { server in
            try await backend.withWorkshop { shop in
                for clears in [true, false] {
                    let row = try await shop.create(
                        "imageannotation",
                        Sample.boxes(
                            server.url("/a"), #""unique_id":"\#(clears)""#, #""clear_unique_id_on_error":\#(clears)"#))
                    try await shop.run(.fetchAttachment)
                    #expect((try await shop.stored(row.id).uniqueID == nil) == clears)
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a task of a batch that is not launched waits when its files are there`(_ backend: Backend) async throws {
        let picture = try await Workshop.picture(64, 48)
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await backend.withWorkshop { shop in
                try await shop.project("p", type: "imageannotation", product: .rapid)
                try await shop.batch("b", of: "p")
                let early = try await shop.create(
                    "imageannotation", Sample.boxes(server.url("/a"), #""batch":"b""#))
                try await shop.run(.fetchAttachment)
                #expect(try await shop.stored(early.id).stage == .staged)
                #expect(try await shop.workItems(early.id).isEmpty)
                let late = try await shop.create("imageannotation", Sample.boxes(server.url("/b"), #""batch":"b""#))
                _ = try await shop.batches.finalize("b", by: shop.key)
                try await shop.run(.launchBatch)
                #expect(try await shop.stored(early.id).stage == .queued)
                #expect(try await shop.stored(late.id).stage == .ingesting)
                try await shop.run(.fetchAttachment)
                #expect(try await shop.stored(late.id).stage == .queued)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `an uploaded file is used as it is`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let object = try await shop.store.put(try await Workshop.picture(320, 200, as: .png))
            let file = try await shop.files.add(object, name: "a.png", details: FileDetails(), by: shop.key)
            let row = try await shop.create(
                "imageannotation", Sample.boxes(file.address(account: shop.seed.account)))
            try await shop.run(.fetchAttachment)
            let copy = try #require(try await shop.attachments(row.id).first)
            #expect(copy.hash == object.hash.description && copy.mime == "image/png")
            #expect(copy.width == 320 && copy.height == 200)
            #expect(try await shop.stored(row.id).stage == .queued)
        }
    }
}
