import Media
import NIOCore
import Testing

@Suite struct PostTests {
    @Test func `body and headers arrive, and the answer comes back`() async throws {
        try await withServer { request, connection in
            try await connection.reply(201, [:], request.body.reversed())
        } _: { server in
            try await withFetcher { fixture in
                let reply = try await fixture.fetcher.post(
                    server.url("/hook?x=1"), body: ByteBuffer(string: "abc"),
                    headers: [("content-type", "application/json"), ("scale-callback-auth", "secret")])
                #expect(reply.status == 201 && reply.isSuccess && reply.isComplete)
                #expect(String(buffer: reply.body) == "cba")
                let request = try #require(server.received.first)
                #expect(request.method == "POST" && request.target == "/hook?x=1")
                #expect(request["scale-callback-auth"] == "secret")
                #expect(request["content-type"] == "application/json")
                #expect(request["content-length"] == "3")
            }
        }
    }

    @Test(arguments: [204, 301, 302, 307, 404, 500, 503])
    func `any status is an answer and no redirect is followed`(status: Int) async throws {
        try await withServer { _, connection in
            try await connection.send(
                "HTTP/1.1 \(status) X\r\nlocation: /elsewhere\r\n"
                    + (status == 204 ? "\r\n" : "content-length: 0\r\n\r\n"))
        } _: { server in
            try await withFetcher { fixture in
                let reply = try await fixture.fetcher.post(server.url("/"), body: ByteBuffer())
                #expect(reply.status == status)
                #expect(reply.isSuccess == (status == 204))
                #expect(server.received.count == 1)
            }
        }
    }

    @Test func `a long answer is read to the limit only`() async throws {
        try await withServer { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
            while true { try await connection.send([UInt8](repeating: 65, count: 10_000)) }
        } _: { server in
            try await withFetcher { fixture in
                let reply = try await fixture.fetcher.post(server.url("/"), body: ByteBuffer(), replyLimit: 25_000)
                #expect(reply.status == 200)
                #expect(reply.body.readableBytes == 25_000)
                #expect(!reply.isComplete)
            }
        }
    }

    @Test(arguments: [true, false])
    func `the status counts even if the body never ends`(closes: Bool) async throws {
        try await withServer { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegin")
            if closes { try await connection.close() }
        } _: { server in
            try await withFetcher { fixture in
                let reply = try await fixture.fetcher.post(
                    server.url("/"), body: ByteBuffer(), timeout: .seconds(4))
                #expect(reply.status == 200 && !reply.isComplete)
                #expect(String(buffer: reply.body) == "begin")
            }
        }
    }

    @Test func `a receiver that never answers is a timeout`() async throws {
        try await withServer { _, _ in
        } _: { server in
            try await withFetcher { fixture in
                let error = await #expect(throws: FetchError.self) {
                    try await fixture.fetcher.post(server.url("/"), body: ByteBuffer(), timeout: .milliseconds(200))
                }
                #expect(error?.code == .timeout)
            }
        }
    }

    @Test func `a forbidden receiver is not called`() async throws {
        try await withServer { _, connection in
            try await connection.reply()
        } _: { server in
            try await withFetcher(names: ["localhost": ["127.0.0.1"]], allow: "") { fixture in
                for host in ["127.0.0.1", "localhost"] {
                    let error = await #expect(throws: FetchError.self) {
                        try await fixture.fetcher.post(server.url("/", host: host), body: ByteBuffer())
                    }
                    #expect(error?.code == .refusedAddress)
                }
                #expect(server.received.isEmpty)
            }
        }
    }

    @Test func `hundreds of dead receivers hold up nobody, on the same host or elsewhere`() async throws {
        try await withServer { request, connection in
            if request.target == "/quick" { try await connection.reply() }
        } _: { server in
            let names = ["dead.example": ["127.0.0.1"], "quick.example": ["127.0.0.1"]]
            try await withFetcher(names: names) { fixture in
                await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<300 {
                        group.addTask {
                            do {
                                _ = try await fixture.fetcher.post(
                                    server.url("/dead", host: "dead.example"), body: ByteBuffer(), timeout: .seconds(60)
                                )
                                return true
                            } catch {
                                return false
                            }
                        }
                    }
                    for host in ["quick.example", "dead.example"] {
                        for _ in 0..<50 {
                            group.addTask {
                                do {
                                    return try await fixture.fetcher.post(
                                        server.url("/quick", host: host), body: ByteBuffer(), timeout: .seconds(60)
                                    ).isSuccess
                                } catch {
                                    return false
                                }
                            }
                        }
                    }
                    // The dead ones would take a minute; the first hundred to finish are the others.
                    for _ in 0..<100 { #expect(await group.next() == true) }
                    group.cancelAll()
                }
            }
        }
    }

    @Test(arguments: [
        ("120", Duration.seconds(120)), ("0", .seconds(0)), ("-1", nil), ("soon", nil), ("99999999999", nil),
        ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(0)), ("Sun, 06 Foo 1994 08:49:37 GMT", nil), ("Sun, 06 Nov", nil),
    ])
    func `the time to wait is read in both its forms`(value: String, wait: Duration?) async throws {
        try await withServer { _, connection in
            try await connection.reply(429, ["retry-after": value])
        } _: { server in
            try await withFetcher { fixture in
                let reply = try await fixture.fetcher.post(server.url("/"), body: ByteBuffer())
                #expect(reply.retryAfter == wait)
            }
        }
    }
}
