import Foundation
import HTTPTypes
import Hummingbird
import JSON
import Labeling
import Logging
import Media
import NIOCore
import Storage
import Work

/// Files that arrive over several requests, by the tus protocol 1.0.0, so that existing clients work.
///
/// Of its extensions there are creation, creation with upload, termination and expiration.
struct UploadRoutes {
    let uploads: UploadOperations
    let logger: Logger

    var endpoints: [Endpoint] { [abilities, begin, look, append, cancel, show] }

    private static let path = "/api/uploads"
    private static let one = "/api/uploads/{upload}"
    private static let version = "1.0.0"
    private static let nothing = Shape.string(length: 0...0, format: nil)
    private static let media = "application/offset+octet-stream"

    private static let shape = Wire.answer(
        "Upload",
        [
            .always("id", Wire.text, "Names it."),
            .always("state", .string(oneOf: ["open", "joining", "done", "failed"]), "How far it has come."),
            .always("name", Wire.text, "What the sender calls the file."),
            .always("length", Wire.count, "Bytes announced."), .always("offset", Wire.count, "Bytes that are here."),
            .always("error", .either([Wire.text, .null]), "Why it failed."),
            .always("created_at", Wire.time, "When it began."),
            .always("expires_at", Wire.time, "When it is forgotten."),
            .always("file", .either([Wire.file, .null]), "The file that was made of it, once it is done."),
        ])

    // MARK: Abilities

    private var abilities: Endpoint {
        Endpoint(
            method: .options, path: Self.path, group: "files", summary: "Tells what of the tus protocol is spoken.",
            access: .anyone, query: [], body: nil,
            answer: Self.empty("In the head: versions, extensions, largest size.")
        ) { _ in
            var reply = Reply(status: .noContent, headers: [Tus.resumable: Self.version])
            reply.headers[Tus.versions] = Self.version
            reply.headers[Tus.extensions] = "creation,creation-with-upload,termination,expiration"
            reply.headers[Tus.maxSize] = String(uploads.limit)
            return reply
        }
    }

    private static func empty(_ note: String) -> Endpoint.Answer {
        .init(status: .noContent, mediaType: nil, shape: Self.nothing, note: note)
    }

    private static func reply(_ status: HTTPResponse.Status, _ row: UploadRow) -> Reply {
        var reply = Reply(status: status)
        reply.headers[Tus.offset] = String(row.received)
        if row.state == .open { reply.headers[Tus.expires] = httpDate(row.expiresAt) }
        return reply
    }

    /// Runs a request of the protocol: its version is looked at first, and stands in every answer, refusals too.
    private func spoken(
        _ run: @escaping @Sendable (Call) async throws -> Reply
    ) -> @Sendable (Call) async throws -> Reply {
        { call in
            var reply: Reply
            do {
                guard call.request.headers[Tus.resumable] ?? Self.version == Self.version else {
                    throw ReplyError(
                        status: .preconditionFailed,
                        "The Tus-Resumable header must be \(Self.version), the version of the tus protocol spoken here."
                    )
                }
                reply = try await run(call)
            } catch let error as CancellationError {
                throw error
            } catch {
                reply = ErrorReply.make(error, path: call.request.uri.path, logger: logger)
                reply.headers[Tus.versions] = Self.version
            }
            reply.headers[Tus.resumable] = Self.version
            reply.headers[.cacheControl] = "no-store"
            return reply
        }
    }

    // MARK: Beginning

    private var begin: Endpoint {
        Endpoint(
            method: .post, path: Self.path, group: "files",
            summary: "Begins an upload of Upload-Length bytes; Upload-Metadata may hold filename, display_name, "
                + "project_name, reference_id and metadata.",
            access: .permitted(.filesWrite), query: [],
            body: .init(
                mediaType: Self.media, shape: StoredFile.bytes, isRequired: false, limit: Int(uploads.limit)),
            answer: .init(
                status: .created, mediaType: nil, shape: Self.nothing,
                note: "In the head: Location, the address to send the bytes to."),
            run: spoken(begin))
    }

    private func begin(_ call: Call) async throws -> Reply {
        guard let text = call.request.headers[Tus.length], let length = Int64(text), length >= 0, text.first != "+"
        else {
            throw Issues("Upload-Length", "The Upload-Length header must be the number of bytes of the file.")
        }
        let (name, details) = try Self.details(call.request.headers[Tus.metadata] ?? "")
        var row = try await uploads.begin(length: length, name: name, details: details, by: call.actor)
        if call.request.headers[.contentType] == Self.media {
            row = try await uploads.append(call.request.body, to: row.id, at: 0, by: call.actor)
        }
        var reply = Self.reply(.created, row)
        reply.headers[.location] = "\(Self.path)/\(row.id)"
        return reply
    }

    /// Reads `Upload-Metadata`: keys with values in base64, all that is wrong with it at once.
    static func details(_ header: String) throws -> (name: String, details: FileDetails) {
        var issues: [Issue] = []
        var texts: [String: String] = [:]
        for pair in header.split(separator: ",") {
            let parts = pair.split(separator: " ", maxSplits: 1).map(String.init)
            guard let key = parts.first else { continue }
            guard let bytes = parts.count == 2 ? Base64.decode(parts[1].filter { $0 != " " }) : [],
                let text = String(validating: bytes, as: UTF8.self)
            else {
                issues.append(Issue(path: key, message: "`\(key)` in Upload-Metadata must be UTF-8 text in base64."))
                continue
            }
            texts[key] = text
        }
        func name(_ key: String) -> String? {
            guard let text = texts[key], !text.isEmpty else { return nil }
            if text.unicodeScalars.count > 1000 {
                issues.append(Issue(path: key, message: "`\(key)` must have at most 1000 characters."))
            }
            return text
        }
        var details = FileDetails(
            displayName: name("display_name"), project: name("project_name"), referenceID: name("reference_id"))
        if let text = texts["metadata"], !text.isEmpty {
            do { details.metadata = try FileRoutes.metadata(text) } catch {
                issues.append(Issue(path: "metadata", message: "`metadata` must be the JSON text of an object."))
            }
        }
        let fileName = name("filename") ?? "file"
        guard issues.isEmpty else { throw Issues(issues) }
        return (fileName, details)
    }

    // MARK: Going on

    private var look: Endpoint {
        Endpoint(
            method: .head, path: Self.one, group: "files", summary: "Tells how many bytes of an upload are here.",
            access: .permitted(.filesWrite), query: [], body: nil,
            answer: .init(
                status: .ok, mediaType: nil, shape: Self.nothing,
                note: "In the head: Upload-Offset and Upload-Length."),
            run: spoken { call in
                let row = try await uploads.show(call.parameter("upload"), by: call.actor).row
                var reply = Self.reply(.ok, row)
                reply.headers[Tus.length] = String(row.length)
                return reply
            })
    }

    private var append: Endpoint {
        Endpoint(
            method: .patch, path: Self.one, group: "files",
            summary: "Takes further bytes of an upload from Upload-Offset on; the last ones make it a file.",
            access: .permitted(.filesWrite), query: [],
            body: .init(mediaType: Self.media, shape: StoredFile.bytes, isRequired: true, limit: Int(uploads.limit)),
            answer: Self.empty("In the head: Upload-Offset, how many bytes are here now."),
            run: spoken { call in
                let id = call.parameter("upload")
                _ = try await uploads.show(id, by: call.actor)
                guard call.request.headers[.contentType] == Self.media else {
                    throw ReplyError(status: .unsupportedMediaType, "The content type must be \(Self.media).")
                }
                guard let text = call.request.headers[Tus.offset], let offset = Int64(text), offset >= 0 else {
                    throw Issues("Upload-Offset", "The Upload-Offset header must be the number of bytes sent before.")
                }
                let row = try await uploads.append(call.request.body, to: id, at: offset, by: call.actor)
                return Self.reply(.noContent, row)
            })
    }

    private var cancel: Endpoint {
        Endpoint(
            method: .delete, path: Self.one, group: "files", summary: "Calls an upload off and forgets its bytes.",
            access: .permitted(.filesWrite), query: [], body: nil, answer: Self.empty("It is gone."),
            run: spoken { call in
                try await uploads.cancel(call.parameter("upload"), by: call.actor)
                return Reply(status: .noContent)
            })
    }

    private var show: Endpoint {
        .json(
            .get, Self.one, "files", .permitted(.tasksRead),
            "Returns how an upload stands and, once it is whole, the file that was made of it.", answers: Self.shape
        ) { call in
            let (row, file) = try await uploads.show(call.parameter("upload"), by: call.actor)
            var writer = JSONWriter()
            row.write(to: &writer, file: file, account: try call.actor.realm.account)
            return .json(writer)
        }
    }

    /// A time as HTTP's heads have it (RFC 9110, 5.6.7).
    private static func httpDate(_ time: Timestamp) -> String {
        let date = Date(timeIntervalSince1970: Double(time.microseconds) / 1_000_000)
        let style = Date.VerbatimFormatStyle(
            format: """
                \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .padded(4)) \
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
                \(second: .twoDigits) GMT
                """,
            locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
        return date.formatted(style)
    }
}

/// The header fields of the tus protocol.
private enum Tus {
    static let resumable = name("Tus-Resumable")
    static let versions = name("Tus-Version")
    static let extensions = name("Tus-Extension")
    static let maxSize = name("Tus-Max-Size")
    static let length = name("Upload-Length")
    static let offset = name("Upload-Offset")
    static let metadata = name("Upload-Metadata")
    static let expires = name("Upload-Expires")

    /// All of these are tokens; a name that is none would be a mistake here, found by the first test.
    private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .eTag }
}
