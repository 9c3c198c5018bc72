import Foundation
import Media
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

/// A store that breaks off its answers, or loses them, while objects are read and written.
struct S3BreakTests {
    /// A bucket of one object, whose connections end where the test says.
    private final class Bucket: Sendable {
        let object = Mutex<[UInt8]>([])
        /// After how many bytes the following answers to GET end; the last ones are whole.
        let cuts = Mutex<[Int]>([])
        /// What the object is called from the second answer on.
        let tags = Mutex<[String]>([])

        func get(_ request: LocalServer.Request, _ connection: LocalServer.Connection) async throws {
            let object = object.withLock { $0 }
            let tag = tags.withLock { $0.count > 1 ? $0.removeFirst() : $0.first } ?? "\"one\""
            if let wanted = request["if-match"], wanted != tag { return try await connection.reply(412) }
            let asked = request["range"]?.dropFirst(6).split(separator: "-").compactMap { Int($0) }
            let range = asked.map { $0[0]..<min($0[1] + 1, object.count) } ?? 0..<object.count
            var head = "HTTP/1.1 \(asked == nil ? 200 : 206) X\r\ncontent-length: \(range.count)\r\netag: \(tag)\r\n"
            if asked != nil {
                head += "content-range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(object.count)\r\n"
            }
            let cut = cuts.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            let body = object[range].prefix(cut ?? range.count)
            try await connection.send(Array((head + "\r\n").utf8) + body)
            if cut != nil { try await connection.close() }
        }
    }

    private func withStore(
        _ answer: @escaping LocalServer.Answer, _ test: (S3Store, LocalServer) async throws -> Void
    ) async throws {
        let server = try await LocalServer.start(answer)
        try await withFolder { folder in
            let location = try S3Location(
                "s3://bucket/some", endpoint: server.url(""), region: "us-east-1", isPathStyle: true,
                credentials: AWSCredentials(accessKey: "key", secretKey: "secret"))
            let store = try S3Store(
                location, cache: folder + "/cache", eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
            do { try await test(store, server) } catch {
                try await store.shutdown()
                throw error
            }
            try await store.shutdown()
        }
        try await server.stop()
    }

    private func bytes(_ seed: UInt64, _ count: Int) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return random.bytes(count)
    }

    @Test(arguments: [nil, 1000..<290_000, 299_000..<400_000])
    func `a long reading goes on from where the store broke off`(_ range: Range<Int>?) async throws {
        let bucket = Bucket()
        let object = bytes(1, 300_000)
        bucket.object.withLock { $0 = object }
        bucket.cuts.withLock { $0 = [500, 0, 77, 0] }
        try await withStore(bucket.get) { store, server in
            let hash = ContentHash.of(object)
            var read: [UInt8] = []
            for try await piece in try await store.open(hash, range: range) { read += piece.readableBytesView }
            #expect(read == Array(object[(range ?? 0..<300_000).clamped(to: 0..<300_000)]))
            let start = range?.lowerBound ?? 0
            let again = server.received.dropFirst()
            let places = again.compactMap { $0["range"]?.dropFirst(6).split(separator: "-").first.flatMap { Int($0) } }
            #expect(places == [start + 500, start + 500, start + 577, start + 577])
            let tags = again.map { $0["if-match"] }
            #expect(tags == Array(repeating: "\"one\"", count: 4))
        }
    }

    @Test func `what is another object by then is not gone on with`() async throws {
        let bucket = Bucket()
        let object = bytes(2, 50_000)
        bucket.object.withLock { $0 = object }
        bucket.cuts.withLock { $0 = [500] }
        bucket.tags.withLock { $0 = ["\"one\"", "\"two\""] }
        try await withStore(bucket.get) { store, _ in
            let hash = ContentHash.of(object)
            let error = await #expect(throws: ObjectStoreError.self) {
                for try await _ in try await store.open(hash, range: nil) {}
            }
            #expect(error?.code == .damaged)
            let state = try await store.state(of: hash)
            #expect(state == .whole(size: 50_000))
        }
    }

    @Test func `a store that gives nothing any more is given up`() async throws {
        let bucket = Bucket()
        let object = bytes(3, 50_000)
        bucket.object.withLock { $0 = object }
        bucket.cuts.withLock { $0 = [500] + Array(repeating: 0, count: 20) }
        try await withStore(bucket.get) { store, server in
            let error = await #expect(throws: ObjectStoreError.self) {
                for try await _ in try await store.open(ContentHash.of(object), range: nil) {}
            }
            #expect(error?.code == .failed)
            #expect(server.received.count <= 6)
        }
    }

    @Test func `bytes that are not the object's are told from a whole object and a missing one`() async throws {
        let bucket = Bucket()
        bucket.object.withLock { $0 = [1, 2, 3] }
        try await withStore(bucket.get) { store, _ in
            let states = [try await store.state(of: .of([1, 2, 3])), try await store.state(of: .of([1, 2]))]
            #expect(states == [.whole(size: 3), .changed])
        }
        try await withStore({ _, connection in try await connection.reply(404) }) { store, _ in
            let state = try await store.state(of: .of([1, 2]))
            #expect(state == .missing)
        }
    }

    @Test func `parts and their joining are sent again where the answer was lost`() async throws {
        let object = bytes(4, 9 << 20)
        let seen = Mutex<[String: Int]>([:])
        try await withStore { request, connection in
            let what = request.method + (request.target.split(separator: "?").dropFirst().first.map { " \($0)" } ?? "")
            let isFirst = seen.withLock { seen in
                seen[what, default: 0] += 1
                return seen[what] == 1
            }
            switch (request.method, isFirst) {
            case ("POST", _) where request.target.contains("uploads"):
                let body = "<InitiateMultipartUploadResult><UploadId>7</UploadId></InitiateMultipartUploadResult>"
                try await connection.reply(200, [:], Array(body.utf8))
            // The first answer to each is half an answer, or none.
            case ("PUT", true):
                try await connection.send("HTTP/1.1 200 X\r\ncontent-length: 10\r\netag: \"t\"\r\n\r\nhalf")
                try await connection.close()
            case ("POST", true): try await connection.close()
            case ("PUT", false): try await connection.reply(200, ["etag": "\"t\""])
            // It was joined by then.
            case ("POST", false):
                try await connection.reply(404, [:], Array("<Error><Code>NoSuchUpload</Code></Error>".utf8))
            case ("HEAD", _):
                try await connection.send("HTTP/1.1 200 X\r\ncontent-length: \(9 << 20)\r\n\r\n")
            default: try await connection.reply(500)
            }
        } _: { store, _ in
            let stored = try await store.put(object)
            #expect(stored.size == 9 << 20)
            let calls = seen.withLock { $0 }
            #expect(
                calls == [
                    "POST uploads=": 1, "PUT partNumber=1&uploadId=7": 2, "PUT partNumber=2&uploadId=7": 2,
                    "POST uploadId=7": 2, "HEAD": 1,
                ])
        }
    }
}
