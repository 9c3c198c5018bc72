import AsyncHTTPClient
import Glibc
package import NIOCore
import NIOHTTP1

/// Keeps objects in a bucket that speaks the language of S3, for several nodes.
///
/// An object is written to a local file first, since its key is the hash of all its bytes. It is then sent in one
/// request, or in parts that the store joins, and can be seen only when the store has all of it. Every request carries
/// the hash of what it sends, which the store checks; what is read as a whole is checked here, and goes on where an
/// answer broke off.
package final class S3Store: ObjectStore {
    private let client: S3Client
    private let cache: FileCache

    /// Objects up to this size are sent in one request; parts of larger ones have it at least.
    static let partSize = 8 << 20
    /// The most parts that a store takes.
    private static let mostParts = 9_000
    /// Objects that are sent at a time, so that few parts are in memory.
    private let places = Places(8)

    /// Opens a bucket.
    ///
    /// - Parameters:
    ///   - location: The bucket and who signs.
    ///   - cache: A folder for passing files, of which this process uses one of its own.
    ///   - cacheSize: About how many bytes of files are kept in it.
    ///   - eventLoopGroup: Runs the connections.
    ///   - trustRoots: A PEM file with certificates of authorities to trust beside the system's.
    /// - Throws: ``ObjectStoreError`` if the folder cannot be made.
    package init(
        _ location: S3Location, cache: String, cacheSize: Int = 10 << 30, eventLoopGroup: any EventLoopGroup,
        trustRoots: String? = nil
    ) throws {
        self.cache = try FileCache(root: cache, limit: cacheSize)
        client = try S3Client(location, eventLoopGroup: eventLoopGroup, trustRoots: trustRoots)
    }

    package func shutdown() async throws {
        try await client.shutdown()
        try await cache.shutdown()
    }

    /// Sees to it that the bucket answers and may be listed.
    ///
    /// - Throws: ``ObjectStoreError`` with what the store said.
    package func check() async throws {
        do {
            _ = try await client.send("GET", key: nil, query: [.init("list-type", "2"), .init("max-keys", "1")])
        } catch let error as ObjectStoreError where error.code == .notFound {
            throw ObjectStoreError(.failed, "There is no bucket \(client.location.bucket).")
        }
    }

    package func makeWriter() async throws -> any ObjectWriter {
        S3Writer(file: try await cache.files.makeWriter(), store: self)
    }

    package func open(_ hash: ContentHash, range: Range<Int>?) async throws -> ObjectContent {
        if let range, range.isEmpty || range.lowerBound < 0 {
            throw ObjectStoreError(.invalidRange, "The range is empty.")
        }
        let headers = range.map { [CloudRequest.Pair("range", "bytes=\($0.lowerBound)-\($0.upperBound - 1)")] } ?? []
        // As long as a slow reader may take; the store itself is watched by the time between two pieces.
        let response = try await client.open(hash.description, headers: headers, seconds: S3Download.seconds)
        let download = S3Download(client: client, hash: hash, tag: response.headers.first(name: "etag"))
        guard range != nil, response.status.code == 206 else {
            guard let size = response.headers.first(name: "content-length").flatMap({ Int($0) }) else {
                throw Self.unclear
            }
            // A store that takes no ranges sends all of it, of which the part would have to be cut out.
            guard range == nil else { throw Self.unclear }
            return try ObjectContent(size: size, range: nil) {
                download.pieces(response.body, of: 0..<size, isWhole: true)
            }
        }
        guard let size = S3Download.part(of: response)?.total, let range else { throw Self.unclear }
        return try ObjectContent(size: size, range: range) {
            download.pieces(response.body, of: range.clamped(to: 0..<size), isWhole: false)
        }
    }

    private static let unclear = ObjectStoreError(.failed, "The storage gave an answer without a size.")

    package func list(after hash: ContentHash?, limit: Int) async throws -> [ListedObject] {
        let prefix = client.location.prefix
        var place = hash.map { prefix + $0.description }
        while true {
            let answer = try await client.send(
                "GET", key: nil,
                query: [
                    .init("list-type", "2"), .init("max-keys", String(min(limit, 1000))), .init("prefix", prefix),
                    .init("encoding-type", "url"),
                ] + (place.map { [.init("start-after", $0)] } ?? []))
            guard let page = CloudPage(answer.body.readableBytesView, of: .s3) else {
                throw ObjectStoreError(.failed, "The storage gave no list of its objects.")
            }
            // What lies below the prefix and is named by no hash is not ours.
            let found = page.entries.compactMap { entry in
                ContentHash(String(entry.key.dropFirst(prefix.count))).map {
                    ListedObject(hash: $0, size: Int(entry.size))
                }
            }
            guard found.isEmpty, page.next != nil, let last = page.entries.last?.key else { return found }
            place = last
        }
    }

    package func size(of hash: ContentHash) async throws -> Int? {
        do {
            let answer = try await client.send("HEAD", key: hash.description)
            return answer.headers.first(name: "content-length").flatMap { Int($0) }
        } catch let error as ObjectStoreError where error.code == .notFound {
            return nil
        }
    }

    package func delete(_ hash: ContentHash) async throws {
        do {
            _ = try await client.send("DELETE", key: hash.description)
        } catch let error as ObjectStoreError where error.code == .notFound {
            // It is gone, which is what was asked for.
        }
        cache.forget(hash)
    }

    package func withLocalFile<Result: Sendable>(
        _ hash: ContentHash, _ work: @Sendable (_ path: String) async throws -> Result
    ) async throws -> Result {
        try await cache.withFile(hash, fetching: { [self] in try await fetch(hash) }, work)
    }

    /// Copies an object to the folder of passing files, if it is what its name says.
    private func fetch(_ hash: ContentHash) async throws -> Int {
        let copy = try await cache.files.put(try await open(hash, range: nil), limit: .max)
        guard copy.hash == hash else { throw ObjectStoreError.damaged }
        return copy.size
    }

    // MARK: Sending

    /// Sends a whole object from its local file, once it has been announced.
    fileprivate func send(
        _ object: StoredObject, _ announce: @Sendable (StoredObject) async throws -> Void
    ) async throws {
        // The file is there, and has to stay until it has been sent. Another writer of equal bytes may have sent and
        // removed it by now, and then the bucket has them.
        let look: @Sendable () async throws -> Int = { [self] in
            cache.has(object.hash) ? object.size : try await fetch(object.hash)
        }
        try await cache.withFile(object.hash, fetching: look) { path in
            try await announce(object)
            try await places.withPlace {
                let file = try File(path, O_RDONLY)
                guard object.size > Self.partSize else {
                    let bytes = try await self.cache.read(file, at: 0, count: object.size)
                    _ = try await self.client.send(
                        "PUT", key: object.hash.description,
                        headers: [.init("content-type", object.mimeType)], body: bytes, hash: object.hash.description)
                    return
                }
                try await self.sendParts(of: object, file)
            }
        }
    }

    private func sendParts(of object: StoredObject, _ file: File) async throws {
        let key = object.hash.description
        let begun = try await client.send(
            "POST", key: key, query: [.init("uploads", "")], headers: [.init("content-type", object.mimeType)])
        guard let id = Markup.read(begun.body.readableBytesView)?["UploadId"]?.text else {
            throw ObjectStoreError(.failed, "The storage began an upload without naming it.")
        }
        do {
            let size = max(Self.partSize, (object.size + Self.mostParts - 1) / Self.mostParts)
            var parts = ""
            for (index, start) in stride(from: 0, to: object.size, by: size).enumerated() {
                let bytes = try await cache.read(file, at: start, count: min(size, object.size - start))
                let answer = try await client.send(
                    "PUT", key: key, query: [.init("partNumber", String(index + 1)), .init("uploadId", id)],
                    body: bytes, seconds: 600)
                guard let tag = answer.headers.first(name: "etag") else {
                    throw ObjectStoreError(.failed, "The storage took a part without naming it.")
                }
                let shown = tag.replacing("\"", with: "&quot;")
                parts += "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(shown)</ETag></Part>"
            }
            try await join(parts, of: object, upload: id)
        } catch {
            // Apart from this task, which may have been cancelled: parts that stay behind cost money.
            await Task { [client] in
                do { _ = try await client.send("DELETE", key: key, query: [.init("uploadId", id)]) } catch {}
            }.value
            throw error
        }
    }

    /// Lets the store join the parts of an object.
    private func join(_ parts: String, of object: StoredObject, upload id: String) async throws {
        let key = object.hash.description
        do {
            let ended = try await client.send(
                "POST", key: key, query: [.init("uploadId", id)], headers: [.init("content-type", "application/xml")],
                body: ByteBuffer(string: "<CompleteMultipartUpload>\(parts)</CompleteMultipartUpload>"), seconds: 600)
            // It may answer with success before it knows that it fails.
            let reply = Markup.read(ended.body.readableBytesView)
            guard reply?.name == "CompleteMultipartUploadResult" else {
                throw ObjectStoreError(
                    .failed, "The storage could not join an object: \(reply?["Message"]?.text ?? "no reason given").")
            }
        } catch let error as ObjectStoreError where error.code == .notFound {
            // The upload has ended: an answer that was lost said so, if the object is there.
            guard try await size(of: object.hash) == object.size else { throw error }
        }
    }
}

/// Writes an object to a local file, and sends it when it is whole.
private struct S3Writer: ObjectWriter {
    let file: any ObjectWriter
    let store: S3Store

    func write(_ bytes: ByteBuffer) async throws { try await file.write(bytes) }

    func finish(_ announce: @Sendable (StoredObject) async throws -> Void) async throws -> StoredObject {
        let object = try await file.finish()
        try await store.send(object, announce)
        return object
    }

    func discard() async { await file.discard() }
}
