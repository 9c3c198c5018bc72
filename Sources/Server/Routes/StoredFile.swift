import HTTPTypes
import Hummingbird
import JSON
import Media
import NIOCore
import Synchronization

/// A stored object as an answer, whole or in part.
struct StoredFile {
    let hash: ContentHash

    /// What it is; nil to find out from its first bytes.
    var type: String?

    /// The name under which it is saved; nil if it may be shown.
    var name: String?

    static let bytes = Shape.string(length: 0...1_000_000, format: "binary")

    /// Answers with the object, or with the part that the request asks for.
    ///
    /// `known`: what earlier answers found out of objects; nil where the type is stated.
    func reply(
        to request: Request, from objects: any ObjectStore, known: KnownFiles? = nil
    ) async throws -> Reply {
        let etag = "\"\(hash)\""
        var headers: HTTPFields = [
            .eTag: etag, .cacheControl: "private, max-age=3600, immutable", .acceptRanges: "bytes",
            .contentSecurityPolicy: "default-src 'none'; sandbox", .xContentTypeOptions: "nosniff",
        ]
        if request.headers[.ifNoneMatch] == etag { return Reply(status: .notModified, headers: headers) }
        do {
            let file = try await look(in: objects, known)
            headers[.contentType] = file.type
            if let name {
                headers[.contentDisposition] = "attachment; filename=\"\(name)\""
            } else if !Self.isShownInline(file.type) {
                headers[.contentDisposition] = "attachment"
            }
            // A part of what was another file would not fit what the client has.
            let isSame = request.headers[.ifRange].map { $0 == etag } ?? true
            switch Self.range(isSame ? request.headers[.range] : nil, of: file.size) {
            case .whole:
                return Reply(headers: headers, body: try await body(nil, file.size, of: objects))
            case .part(let range):
                headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
                let body = try await body(range, range.count, of: objects)
                return Reply(status: .partialContent, headers: headers, body: body)
            case .impossible:
                headers[.contentRange] = "bytes */\(file.size)"
                return Reply(status: .rangeNotSatisfiable, headers: headers)
            }
        } catch let error as ObjectStoreError where error.code == .notFound {
            throw ReplyError(status: .notFound, "This file is gone.")
        }
    }

    private func look(in objects: any ObjectStore, _ known: KnownFiles?) async throws -> KnownFiles.File {
        if let type {
            guard let size = try await objects.size(of: hash) else {
                throw ObjectStoreError(.notFound, "There is no such object.")
            }
            return KnownFiles.File(size: size, type: type)
        }
        if let file = known?[hash] { return file }
        let head: ObjectContent
        do {
            head = try await objects.open(hash, range: 0..<ContentType.prefixLength)
        } catch let error as ObjectStoreError where error.code == .invalidRange {
            // Empty, which is asked anew each time, since there is nothing to open when it is served.
            return KnownFiles.File(size: 0, type: ContentType.unknown)
        }
        var prefix: [UInt8] = []
        for try await chunk in head { prefix.append(contentsOf: chunk.readableBytesView) }
        let file = KnownFiles.File(size: head.size, type: ContentType.sniff(prefix) ?? ContentType.unknown)
        known?[hash] = file
        return file
    }

    /// What a browser may show by itself; anything that could run as a page is handed over as a download.
    private static func isShownInline(_ type: String) -> Bool {
        (type.hasPrefix("image/") && type != "image/svg+xml") || type.hasPrefix("video/") || type.hasPrefix("audio/")
            || type == "application/pdf"
    }

    /// Opens the object before anything is answered, so that one that is gone is told as such.
    private func body(
        _ range: Range<Int>?, _ count: Int, of objects: any ObjectStore
    ) async throws -> ResponseBody {
        guard count > 0 else { return ResponseBody() }
        let content = try await objects.open(hash, range: range)
        guard count <= ObjectContent.pieceLength else {
            return ResponseBody(contentLength: count) { writer in
                for try await chunk in content { try await writer.write(chunk) }
                try await writer.finish(nil)
            }
        }
        // What is small leaves together with the head: each write of its own costs a turn on another thread.
        var all = ByteBuffer()
        for try await chunk in content {
            if all.readableBytes == 0 { all = chunk } else { all.writeImmutableBuffer(chunk) }
        }
        return ResponseBody(byteBuffer: all)
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

/// What is known of the objects that were served lately; a class, since all requests share it.
///
/// Objects never change, so what was found once holds; whether one is still there its opening tells.
final class KnownFiles: Sendable {
    struct File: Sendable {
        let size: Int
        let type: String
    }

    /// About as many pictures as all labelers of a large team have open.
    private static let most = 4096
    private let files = Mutex<[ContentHash: File]>([:])

    subscript(hash: ContentHash) -> File? {
        get { files.withLock { $0[hash] } }
        set {
            files.withLock { files in
                // Rare, and what is dropped is found again by one short read.
                if files.count >= Self.most { files.removeAll(keepingCapacity: true) }
                files[hash] = newValue
            }
        }
    }
}
