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
            answer: Self.empty(
                .noContent, "The versions, extensions and sizes.",
                [Tus.resumable, Tus.versions, Tus.extensions, Tus.maxSize])
        ) { _ in
            var reply = Reply(status: .noContent)
            reply.set(Tus.resumable, Tus.version)
            reply.set(Tus.versions, Tus.version)
            reply.set(Tus.extensions, "creation,creation-with-upload,termination,expiration")
            reply.set(Tus.maxSize, uploads.limit)
            return reply
        }
    }

    private static func empty(
        _ status: HTTPResponse.Status, _ note: String, _ headers: [any HeaderDeclaration]
    ) -> Endpoint.Answer {
        .init(status: status, mediaType: nil, shape: nothing, note: note, headers: headers)
    }

    /// A refusal that clients of the protocol tell from others by its status.
    private static func refused(_ status: HTTPResponse.Status, _ note: String) -> Endpoint.Answer {
        .init(
            status: status, mediaType: "application/json", shape: Wire.error, note: note,
            headers: [Tus.resumable, Tus.versions])
    }

    private static let otherVersion = refused(
        .preconditionFailed, "The Tus-Resumable header names a version that is not spoken here.")
    private static let tooLarge = refused(
        .contentTooLarge, "The file is larger than Tus-Max-Size, or there are more bytes than announced.")

    private static func reply(_ status: HTTPResponse.Status, _ row: UploadRow) -> Reply {
        var reply = Reply(status: status)
        reply.set(Tus.offset, row.received)
        if row.state == .open { reply.set(Tus.expires, httpDate(row.expiresAt)) }
        return reply
    }

    /// Runs a request of the protocol: its version is looked at first, and stands in every answer, refusals too.
    private func spoken(
        _ run: @escaping @Sendable (Call) async throws -> Reply
    ) -> @Sendable (Call) async throws -> Reply {
        { call in
            var reply: Reply
            do {
                guard call.request.headers[Tus.resumable.name] ?? Tus.version == Tus.version else {
                    throw ReplyError(
                        status: .preconditionFailed,
                        "The Tus-Resumable header must be \(Tus.version), the version of the tus protocol spoken here."
                    )
                }
                reply = try await run(call)
            } catch let error as CancellationError {
                throw error
            } catch {
                reply = ErrorReply.make(error, path: call.request.uri.path, logger: logger)
                reply.set(Tus.versions, Tus.version)
            }
            reply.set(Tus.resumable, Tus.version)
            reply.headers[.cacheControl] = "no-store"
            return reply
        }
    }

    // MARK: Beginning

    private var begin: Endpoint {
        Endpoint(
            method: .post, path: Self.path, group: "files",
            summary: "Begins an upload, with its first bytes if there are any in the body.",
            access: .permitted(.filesWrite), query: [], headers: [Tus.resumable, Tus.length, Tus.metadata],
            body: .init(
                mediaType: Self.media, shape: StoredFile.bytes, isRequired: false, limit: Int(uploads.limit)),
            answer: Self.empty(
                .created, "It has begun.", [Tus.location, Tus.resumable, Tus.currentOffset, Tus.expires]),
            alternatives: [
                Self.otherVersion, Self.tooLarge,
                Self.refused(.tooManyRequests, "Too many uploads have begun and are not whole."),
            ],
            run: spoken(begin))
    }

    private func begin(_ call: Call) async throws -> Reply {
        let length = try call(Tus.length) ?? 0
        let (name, details) = try Self.details(call(Tus.metadata) ?? "")
        var row = try await uploads.begin(length: length, name: name, details: details, by: call.actor)
        if call.request.headers[.contentType] == Self.media {
            row = try await uploads.append(call.request.body, to: row.id, at: 0, by: call.actor)
        }
        var reply = Self.reply(.created, row)
        reply.set(Tus.location, "\(Self.path)/\(row.id)")
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
            access: .permitted(.filesWrite), query: [], headers: [Tus.resumable], body: nil,
            answer: Self.empty(
                .ok, "How far it is.", [Tus.resumable, Tus.currentOffset, Tus.announced, Tus.expires]),
            alternatives: [Self.empty(.preconditionFailed, Self.otherVersion.note, Self.otherVersion.headers)],
            run: spoken { call in
                let row = try await uploads.show(call.parameter("upload"), by: call.actor).row
                var reply = Self.reply(.ok, row)
                reply.set(Tus.announced, row.length)
                return reply
            })
    }

    private var append: Endpoint {
        Endpoint(
            method: .patch, path: Self.one, group: "files",
            summary: "Takes further bytes of an upload from Upload-Offset on; the last ones make it a file.",
            access: .permitted(.filesWrite), query: [], headers: [Tus.resumable, Tus.offset],
            body: .init(mediaType: Self.media, shape: StoredFile.bytes, isRequired: true, limit: Int(uploads.limit)),
            answer: Self.empty(.noContent, "They are safe.", [Tus.resumable, Tus.currentOffset, Tus.expires]),
            alternatives: [
                Self.otherVersion, Self.tooLarge,
                Self.refused(.conflict, "The upload is not at Upload-Offset, or is whole."),
                Self.refused(.unsupportedMediaType, "The content type is another one."),
            ],
            run: spoken { call in
                let id = call.parameter("upload")
                _ = try await uploads.show(id, by: call.actor)
                guard call.request.headers[.contentType] == Self.media else {
                    throw ReplyError(status: .unsupportedMediaType, "The content type must be \(Self.media).")
                }
                let offset = try call(Tus.offset) ?? 0
                let row = try await uploads.append(call.request.body, to: id, at: offset, by: call.actor)
                return Self.reply(.noContent, row)
            })
    }

    private var cancel: Endpoint {
        Endpoint(
            method: .delete, path: Self.one, group: "files", summary: "Calls an upload off and forgets its bytes.",
            access: .permitted(.filesWrite), query: [], headers: [Tus.resumable], body: nil,
            answer: Self.empty(.noContent, "It is gone.", [Tus.resumable]), alternatives: [Self.otherVersion],
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
    static let version = "1.0.0"

    static let resumable = text("Tus-Resumable", "The version of the protocol, \(version).")
    static let versions = text("Tus-Version", "The versions that are spoken, separated by commas.")
    static let extensions = text("Tus-Extension", "The extensions that are spoken, separated by commas.")
    static let maxSize = count("Tus-Max-Size", "The most bytes of one upload.")

    /// Of requests.
    static let length = required("Upload-Length", "The number of bytes of the file.")
    static let offset = required("Upload-Offset", "The number of bytes sent before.")
    static let metadata = text(
        "Upload-Metadata",
        "Pairs of a name and a value in base64, separated by commas: filename, display_name, project_name, reference_id, "
            + "metadata.", most: 60_000)

    /// Of answers.
    static let announced = count("Upload-Length", "The number of bytes of the file.")
    static let currentOffset = count("Upload-Offset", "How many bytes are here.")
    static let expires = text("Upload-Expires", "When it is forgotten if nothing more comes.")
    static let location = text("Location", "The address to send the bytes to.")

    private static func text(_ name: String, _ note: String, most: Int = 1000) -> HeaderField<String> {
        HeaderField(.text(name, note, length: 0...most))
    }

    private static func count(_ name: String, _ note: String) -> HeaderField<Int64> {
        HeaderField(.count(name, note))
    }

    private static func required(_ name: String, _ note: String) -> HeaderField<Int64> {
        var field = QueryField<Int64>.count(name, note)
        field.isRequired = true
        return HeaderField(field)
    }
}
