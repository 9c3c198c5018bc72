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

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/files/{token}", group: "files",
                summary: "Returns a stored file; the address is signed and expires.", access: .anyone, query: [],
                body: nil,
                answer: .init(
                    status: .ok, mediaType: "*/*", shape: Self.bytes, note: "The bytes, as what they are."),
                alternatives: [
                    .init(status: .partialContent, mediaType: "*/*", shape: Self.bytes, note: "The range asked for.")
                ],
                run: serve),
            Endpoint(
                method: .get, path: "/files/{token}/{level}/{tile}", group: "files",
                summary: "Returns a tile of a large picture; the address is signed and expires.", access: .anyone,
                query: [], body: nil,
                answer: .init(
                    status: .ok, mediaType: "*/*", shape: Self.bytes, note: "A picture of at most 512 × 512 pixels."),
                run: tile),
        ]
    }

    private static let bytes = Shape.string(length: 0...1_000_000, format: "binary")

    private func serve(_ call: Call) async throws -> Reply {
        guard let link = links.verify(call.parameter("token"), now: now()), link.kind != .tiles,
            let hash = ContentHash(link.object)
        else {
            throw ReplyError(status: .notFound, "This link is not valid, or no longer.")
        }
        let etag = "\"\(link.object)\""
        var headers: HTTPFields = [
            .eTag: etag, .cacheControl: "private, max-age=3600, immutable", .acceptRanges: "bytes",
            .contentSecurityPolicy: "default-src 'none'; sandbox", .xContentTypeOptions: "nosniff",
        ]
        if call.request.headers[.ifNoneMatch] == etag { return Reply(status: .notModified, headers: headers) }
        let size: Int
        let type: String
        do {
            let head = try await objects.open(hash, range: 0..<ContentType.prefixLength)
            size = head.size
            var prefix: [UInt8] = []
            for try await chunk in head { prefix.append(contentsOf: chunk.readableBytesView) }
            type = ContentType.sniff(prefix) ?? ContentType.unknown
        } catch let error as ObjectStoreError where error.code == .notFound {
            throw ReplyError(status: .notFound, "This file is gone.")
        }
        headers[.contentType] = type
        if !Self.isShownInline(type) { headers[.contentDisposition] = "attachment" }
        let range = Self.range(call.request.headers[.range], of: size)
        switch range {
        case .whole:
            return Reply(headers: headers, body: body(hash, nil, size))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            return Reply(status: .partialContent, headers: headers, body: body(hash, range, range.count))
        case .impossible:
            headers[.contentRange] = "bytes */\(size)"
            return Reply(status: .rangeNotSatisfiable, headers: headers)
        }
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

    /// What a browser may show by itself; anything that could run as a page is handed over as a download.
    private static func isShownInline(_ type: String) -> Bool {
        (type.hasPrefix("image/") && type != "image/svg+xml") || type.hasPrefix("video/") || type.hasPrefix("audio/")
            || type == "application/pdf"
    }

    private func body(_ hash: ContentHash, _ range: Range<Int>?, _ count: Int) -> ResponseBody {
        ResponseBody(contentLength: count) { writer in
            for try await chunk in try await objects.open(hash, range: range) { try await writer.write(chunk) }
            try await writer.finish(nil)
        }
    }

    enum RequestedRange: Equatable {
        case whole, impossible
        case part(Range<Int>)
    }

    /// Reads a `Range` header of one range (RFC 9110, 14.1.2); others count as absent, as the standard allows.
    static func range(_ header: String?, of size: Int) -> RequestedRange {
        guard let header, header.hasPrefix("bytes="), !header.contains(",") else { return .whole }
        let parts = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return .whole }
        if parts[0].isEmpty {
            guard let count = Int(parts[1]), count >= 0 else { return .whole }
            return count == 0 || size == 0 ? .impossible : .part(max(0, size - count)..<size)
        }
        guard let first = Int(parts[0]), first >= 0 else { return .whole }
        guard first < size else { return .impossible }
        guard !parts[1].isEmpty else { return .part(first..<size) }
        guard let last = Int(parts[1]), last >= first else { return .whole }
        return .part(first..<min(last, size - 1) + 1)
    }
}
