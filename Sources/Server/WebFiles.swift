import Crypto
package import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The built web UI, held in memory: a few hundred kilobytes that never change while the process runs.
package struct WebFiles: Sendable {
    private struct File: Sendable {
        let body: ByteBuffer
        let type: String
        let etag: String
        /// The name holds a hash of the content, so that it may be kept for ever.
        let isImmutable: Bool
    }

    private let files: [String: File]
    private let policy: String

    /// Loads every file of a folder.
    ///
    /// `folder`: where `index.html` stands; nil serves a page that says how to build the UI.
    /// `frames`: where pages come from that ours may show within them.
    package init(folder: URL?, frames: [String] = []) throws {
        var files: [String: File] = [:]
        if let folder {
            let root = folder.standardizedFileURL.path + "/"
            let walk = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
            while let url = walk?.nextObject() as? URL {
                guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true,
                    url.pathExtension != "map", url.lastPathComponent != "meta.json"
                else { continue }
                let path = "/" + url.standardizedFileURL.path.dropFirst(root.count)
                let data = try Data(contentsOf: url)
                let digest = SHA256.hash(data: data).prefix(12).map { String(format: "%02x", $0) }.joined()
                files[path] = File(
                    body: ByteBuffer(bytes: data), type: Self.type(url.pathExtension), etag: "\"\(digest)\"",
                    isImmutable: path.hasPrefix("/c/"))
            }
        }
        if files["/index.html"] == nil {
            files["/index.html"] = File(
                body: ByteBuffer(string: Self.missingPage), type: "text/html; charset=utf-8", etag: "\"none\"",
                isImmutable: false)
        }
        self.files = files
        policy = Self.policy + (frames.isEmpty ? "" : "; frame-src " + frames.joined(separator: " "))
    }

    private static let missingPage = """
        <!doctype html><html lang="en"><title>Vernier</title>
        <p>The server runs, but the web UI is not built. Run <code>make web</code> and start it again.</p></html>
        """

    private static func type(_ fileExtension: String) -> String {
        switch fileExtension {
        case "html": "text/html; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "json": "application/json"
        case "woff2": "font/woff2"
        case "txt": "text/plain; charset=utf-8"
        default: "application/octet-stream"
        }
    }

    /// The answer to a request for a page or a part of one; nil if there is none.
    func reply(to request: Request, path: String) -> Reply? {
        guard request.method == .get || request.method == .head else { return nil }
        guard let file = files[path == "/" ? "/index.html" : path] else { return nil }
        var headers: HTTPFields = [
            .contentType: file.type, .eTag: file.etag,
            .cacheControl: file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
            .contentSecurityPolicy: policy, .xContentTypeOptions: "nosniff",
        ]
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "same-origin" }
        if request.headers[.ifNoneMatch] == file.etag { return Reply(status: .notModified, headers: headers) }
        guard request.method == .get else { return Reply(headers: headers) }
        return Reply(headers: headers, body: ResponseBody(byteBuffer: file.body))
    }

    /// Scripts come from us alone; styles may stand in elements, which React sets.
    private static let policy =
        "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}
