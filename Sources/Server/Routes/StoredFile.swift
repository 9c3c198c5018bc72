import HTTPTypes
import Hummingbird
import JSON
import Media
import NIOCore

/// A stored object as an answer, whole or in part.
struct StoredFile {
    let hash: ContentHash

    /// What it is; nil to find out from its first bytes.
    var type: String?

    /// The name under which it is saved; nil if it may be shown.
    var name: String?

    static let bytes = Shape.string(length: 0...1_000_000, format: "binary")

    /// Answers with the object, or with the part that the request asks for.
    func reply(to request: Request, from objects: any ObjectStore) async throws -> Reply {
        let etag = "\"\(hash)\""
        var headers: HTTPFields = [
            .eTag: etag, .cacheControl: "private, max-age=3600, immutable", .acceptRanges: "bytes",
            .contentSecurityPolicy: "default-src 'none'; sandbox", .xContentTypeOptions: "nosniff",
        ]
        if request.headers[.ifNoneMatch] == etag { return Reply(status: .notModified, headers: headers) }
        let (size, type) = try await look(in: objects)
        headers[.contentType] = type
        if let name {
            headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        } else if !Self.isShownInline(type) {
            headers[.contentDisposition] = "attachment"
        }
        // A part of what was another file would not fit what the client has.
        let isSame = request.headers[.ifRange].map { $0 == etag } ?? true
        switch Self.range(isSame ? request.headers[.range] : nil, of: size) {
        case .whole:
            return Reply(headers: headers, body: body(nil, size, of: objects))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            return Reply(status: .partialContent, headers: headers, body: body(range, range.count, of: objects))
        case .impossible:
            headers[.contentRange] = "bytes */\(size)"
            return Reply(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private func look(in objects: any ObjectStore) async throws -> (size: Int, type: String) {
        do {
            if let type {
                guard let size = try await objects.size(of: hash) else { throw Self.gone }
                return (size, type)
            }
            let head = try await objects.open(hash, range: 0..<ContentType.prefixLength)
            var prefix: [UInt8] = []
            for try await chunk in head { prefix.append(contentsOf: chunk.readableBytesView) }
            return (head.size, ContentType.sniff(prefix) ?? ContentType.unknown)
        } catch let error as ObjectStoreError where error.code == .notFound {
            throw Self.gone
        }
    }

    private static let gone = ReplyError(status: .notFound, "This file is gone.")

    /// What a browser may show by itself; anything that could run as a page is handed over as a download.
    private static func isShownInline(_ type: String) -> Bool {
        (type.hasPrefix("image/") && type != "image/svg+xml") || type.hasPrefix("video/") || type.hasPrefix("audio/")
            || type == "application/pdf"
    }

    private func body(_ range: Range<Int>?, _ count: Int, of objects: any ObjectStore) -> ResponseBody {
        guard count > 0 else { return ResponseBody() }
        return ResponseBody(contentLength: count) { [hash] writer in
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
