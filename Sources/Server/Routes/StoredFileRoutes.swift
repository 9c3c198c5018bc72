import HTTPTypes
import Hummingbird
import JSON
import Media
import NIOCore
import Storage
import Work

/// Files behind signed, expiring links: the only way to stored bytes.
struct StoredFileRoutes {
    let objects: any ObjectStore
    let links: FileLinks
    let now: @Sendable () -> Timestamp
    private let known = KnownFiles()

    init(objects: any ObjectStore, links: FileLinks, now: @escaping @Sendable () -> Timestamp) {
        self.objects = objects
        self.links = links
        self.now = now
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/files/{token}", group: "files",
                summary: "Returns a stored file; the address is signed and expires.", access: .anyone, query: [],
                body: nil,
                answer: .init(
                    status: .ok, mediaType: "*/*", shape: StoredFile.bytes, note: "The bytes, as what they are."),
                alternatives: [
                    .init(
                        status: .partialContent, mediaType: "*/*", shape: StoredFile.bytes, note: "The range asked for."
                    )
                ],
                run: serve),
            Endpoint(
                method: .get, path: "/files/{token}/{level}/{tile}", group: "files",
                summary: "Returns a tile of a large picture; the address is signed and expires.", access: .anyone,
                query: [], body: nil,
                answer: .init(
                    status: .ok, mediaType: "*/*", shape: StoredFile.bytes,
                    note: "A picture of at most 512 × 512 pixels."),
                run: tile),
        ]
    }

    private func serve(_ call: Call) async throws -> Reply {
        guard let link = links.verify(call.parameter("token"), now: now()), link.kind != .tiles,
            let hash = ContentHash(link.object)
        else {
            throw ReplyError(status: .notFound, "This link is not valid, or no longer.")
        }
        return try await StoredFile(hash: hash).reply(to: call.request, from: objects, known: known)
    }

    /// Answers a tile named as `<level>/<column>_<row>`; links to other things have none.
    private func tile(_ call: Call) async throws -> Reply {
        guard let link = links.verify(call.parameter("token"), now: now()), link.kind == .tiles,
            let pack = ContentHash(link.object)
        else { throw ReplyError(status: .notFound, "This link is not valid, or no longer.") }
        let place = call.parameter("tile").split(separator: "_", omittingEmptySubsequences: false).map { Int($0) }
        guard let level = Int(call.parameter("level")), place.count == 2, let column = place[0], let row = place[1]
        else { throw Self.noSuchTile }
        let etag = "\"\(link.object)-\(level)-\(column)-\(row)\""
        var headers: HTTPFields = [
            .eTag: etag, .cacheControl: "private, max-age=3600, immutable",
            .contentSecurityPolicy: "default-src 'none'; sandbox", .xContentTypeOptions: "nosniff",
        ]
        let found: TilePack.Tile?
        do {
            found = try await TilePack.tile(level: level, column: column, row: row, of: pack, in: objects)
        } catch let error as ObjectStoreError where error.code == .notFound {
            throw ReplyError(status: .notFound, "This file is gone.")
        }
        guard let found else { throw Self.noSuchTile }
        if call.request.headers[.ifNoneMatch] == etag { return Reply(status: .notModified, headers: headers) }
        headers[.contentType] = found.mimeType
        return Reply(headers: headers, body: ResponseBody(byteBuffer: found.bytes))
    }

    private static let noSuchTile = ReplyError(status: .notFound, "The picture has no such tile.")
}
