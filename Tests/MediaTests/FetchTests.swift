import Glibc
import Media
import NIOCore
import NIOSSL
import Testing

@Suite struct FetchTests {
    @Test func `a file is copied, hashed and recognised by its bytes`() async throws {
        let bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array("rest".utf8)
        try await withServer { _, connection in
            try await connection.reply(200, ["content-type": "text/html"], bytes)
        } _: { server in
            try await withFetcher { fixture in
                let object = try await fixture.fetch(server.url("/a%20b/ü?q=1&r=%2F#part"))
                #expect(object.hash == ContentHash.of(bytes))
                #expect(object.size == bytes.count)
                #expect(object.mimeType == "image/png")
                #expect(object.declaredType == "text/html")
                #expect(object.statusCode == 200)
                #expect(try await fixture.store.bytes(of: object.hash, limit: 100) == bytes)
                let request = try #require(server.received.first)
                #expect(request.target == "/a%20b/%C3%BC?q=1&r=%2F")
                #expect(request["accept-encoding"] == "identity")
                #expect(request["host"] == "127.0.0.1:\(server.port)")
            }
        }
    }

    @Test func `connections are used again`() async throws {
        try await withServer { _, connection in
            try await connection.reply(200, [:], Array("x".utf8))
        } _: { server in
            try await withFetcher { fixture in
                for _ in 0..<20 { _ = try await fixture.fetch(server.url("/")) }
                #expect(server.received.count == 20)
                // A second one may open while the first is being given back.
                #expect(server.connectionCount <= 3)
            }
        }
    }

    @Test func `redirects are followed, relative ones too, and nothing goes along`() async throws {
        try await withServer { request, connection in
            switch request.target {
            case "/a/one": try await connection.reply(301, ["location": "two", "set-cookie": "a=b"])
            case "/a/two": try await connection.reply(302, ["location": "/three?x=1"])
            case "/three?x=1": try await connection.reply(303, ["location": "?x=2"])
            case "/three?x=2": try await connection.reply(307, ["location": "//localhost.example:\(request.port)/four"])
            case "/four": try await connection.reply(308, ["location": "http://127.0.0.1:\(request.port)/fünf x"])
            default: try await connection.reply(200, [:], Array("end".utf8))
            }
        } _: { server in
            try await withFetcher(names: ["localhost.example": ["127.0.0.1"]]) { fixture in
                let object = try await fixture.fetch(server.url("/a/one"))
                #expect(object.finalURL == server.url("/f%C3%BCnf%20x"))
                #expect(server.received.count == 6)
                for request in server.received {
                    #expect(request["cookie"] == nil && request["referer"] == nil && request["authorization"] == nil)
                }
            }
        }
    }

    @Test(arguments: [(5, true), (6, false)])
    func `five redirects are followed and no more`(count: Int, succeeds: Bool) async throws {
        try await withServer { request, connection in
            let left = Int(request.target.dropFirst()) ?? 0
            try await connection.reply(left == 0 ? 200 : 302, ["location": "/\(left - 1)"], Array("x".utf8))
        } _: { server in
            try await withFetcher { fixture in
                if succeeds {
                    _ = try await fixture.fetch(server.url("/\(count)"))
                } else {
                    #expect(await fixture.failure(of: server.url("/\(count)"))?.code == .tooManyRedirects)
                }
            }
        }
    }

    @Test func `a loop of redirects ends`() async throws {
        try await withServer { request, connection in
            try await connection.reply(302, ["location": request.target])
        } _: { server in
            try await withFetcher { fixture in
                #expect(await fixture.failure(of: server.url("/"))?.code == .tooManyRedirects)
                #expect(server.received.count == 6)
            }
        }
    }

    @Test(arguments: [
        (304, false), (400, false), (401, false), (403, false), (404, false), (408, true), (410, false), (425, true),
        (429, true), (500, true), (502, true), (503, true),
    ])
    func `a status other than 2xx is told, with whether to try again`(status: Int, isTransient: Bool) async throws {
        try await withServer { _, connection in
            try await connection.reply(status, ["retry-after": "7"])
        } _: { server in
            try await withFetcher { fixture in
                let error = await fixture.failure(of: server.url("/"))
                #expect(error?.code == .status)
                #expect(error?.statusCode == status)
                #expect(error?.isTransient == isTransient)
                #expect(error?.retryAfter == .seconds(7))
                try fixture.checkNothingKept()
            }
        }
    }

    @Test func `a body that is announced too large is not read`() async throws {
        try await withServer { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n")
        } _: { server in
            try await withFetcher { fixture in
                let error = await fixture.failure(of: server.url("/"), limit: 1000)
                #expect(error?.code == .tooLarge)
                #expect(error?.statusCode == 200)
            }
        }
    }

    @Test func `an endless body is cut off at the limit and nothing is kept`() async throws {
        try await withServer { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
            let piece = [UInt8](repeating: 65, count: 65_536)
            while true { try await connection.send(piece) }
        } _: { server in
            try await withFetcher { fixture in
                #expect(await fixture.failure(of: server.url("/"), limit: 3_000_000)?.code == .tooLarge)
                try fixture.checkNothingKept()
            }
        }
    }

    @Test func `a body of exactly the limit is taken`() async throws {
        try await withServer { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            for _ in 0..<10 { try await connection.send("64\r\n" + String(repeating: "x", count: 100) + "\r\n") }
            try await connection.send("0\r\n\r\n")
        } _: { server in
            try await withFetcher { fixture in
                let object = try await fixture.fetch(server.url("/"), limit: 1000)
                #expect(object.size == 1000)
                #expect(await fixture.failure(of: server.url("/"), limit: 999)?.code == .tooLarge)
            }
        }
    }

    /// Answers that end too early or make no sense, and the ones of a server that says nothing.
    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort", true, FetchError.Code.connection),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nshort", true, .connection),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", true, .connection),
        ("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort", false, .timeout),
        ("HTTP/1.1 200 OK\r\ncontent-le", false, .timeout), ("", false, .timeout), ("", true, .connection),
        ("nonsense\r\n\r\n", true, .connection), ("HTTP/1.1 302 Found\r\n\r\n", true, .status),
    ])
    func `a broken answer is an error and leaves nothing`(
        answer: String, closes: Bool, code: FetchError.Code
    ) async throws {
        try await withServer { _, connection in
            try await connection.send(answer)
            if closes { try await connection.close() }
        } _: { server in
            try await withFetcher(limits: FetchLimits(exchange: closes ? .seconds(20) : .milliseconds(400))) {
                fixture in
                let error = await fixture.failure(of: server.url("/"))
                #expect(error?.code == code)
                try fixture.checkNothingKept()
            }
        }
    }

    @Test func `a body that trickles for ever ends with the time of the exchange`() async throws {
        try await withServer { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\n\r\n")
            for _ in 0..<1_000_000 {
                try await connection.send("x")
                await Task.yield()
            }
        } _: { server in
            try await withFetcher(limits: FetchLimits(exchange: .milliseconds(300))) { fixture in
                let error = await fixture.failure(of: server.url("/"))
                #expect(error?.code == .timeout)
                #expect(error?.isTransient == true)
                try fixture.checkNothingKept()
            }
        }
    }

    @Test func `a compressed answer is refused`() async throws {
        try await withServer { _, connection in
            try await connection.reply(200, ["content-encoding": "gzip"], [0x1F, 0x8B, 8])
        } _: { server in
            try await withFetcher { fixture in
                #expect(await fixture.failure(of: server.url("/"))?.code == .unsupportedType)
            }
        }
    }

    @Test func `a name without address and a port without server are told apart`() async throws {
        let server = try await LocalServer.start { _, _ in }
        try await server.stop()
        try await withFetcher { fixture in
            #expect(await fixture.failure(of: server.url("/", host: "nowhere.example"))?.code == .unresolvable)
            let error = await fixture.failure(of: server.url("/"))
            #expect(error?.code == .connection)
            #expect(error?.isTransient == true)
        }
    }

    @Test func `the next address is tried where the first does not answer`() async throws {
        try await withServer { _, connection in
            try await connection.reply(200, [:], Array("x".utf8))
        } _: { server in
            // The server listens on 127.0.0.1 alone.
            try await withFetcher(names: ["two.example": ["127.0.0.2", "127.0.0.1"]]) { fixture in
                let object = try await fixture.fetch(server.url("/", host: "two.example"))
                #expect(object.size == 1)
            }
        }
    }

    @Test func `the certificate must be the original name's`() async throws {
        let tls = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [
                    .certificate(try NIOSSLCertificate(bytes: Array(TestCertificates.server.utf8), format: .pem))
                ],
                privateKey: .privateKey(
                    try NIOSSLPrivateKey(bytes: Array(TestCertificates.serverKey.utf8), format: .pem))))
        let server = try await LocalServer.start(tls: tls) { _, connection in
            try await connection.reply(200, [:], Array("secret".utf8))
        }
        try await withFolder { folder in
            let roots = folder + "/roots.pem"
            try write(TestCertificates.authority, to: roots)
            let names = ["pictures.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]]
            try await withFetcher(names: names, trustRoots: roots) { fixture in
                let object = try await fixture.fetch("https://pictures.example:\(server.port)/")
                #expect(object.size == 6)
                for host in ["other.example", "127.0.0.1"] {
                    let error = await fixture.failure(of: "https://\(host):\(server.port)/")
                    #expect(error?.code == .tls)
                }
            }
            try await withFetcher(names: names) { fixture in
                #expect(await fixture.failure(of: "https://pictures.example:\(server.port)/")?.code == .tls)
            }
        }
        try await server.stop()
    }

    @Test func `a fetch that is cancelled leaves nothing`() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        try await withServer { _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nbeginning")
            arrived.yield()
        } _: { server in
            try await withFetcher { fixture in
                await withTaskGroup(of: Bool.self) { group in
                    group.addTask {
                        do {
                            _ = try await fixture.fetch(server.url("/"))
                            return false
                        } catch {
                            return error is CancellationError
                        }
                    }
                    for await _ in arrivals { break }
                    group.cancelAll()
                    #expect(await group.next() == true)
                }
                try fixture.checkNothingKept()
            }
        }
    }
}

extension LocalServer.Request {
    /// The port the client called, from its `Host` field.
    var port: Int { self["host"].flatMap { $0.split(separator: ":").last }.flatMap { Int($0) } ?? 0 }
}

func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
}

func write(_ bytes: [UInt8], to path: String) throws {
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
}
