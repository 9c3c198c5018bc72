import HTTPTypes
import Hummingbird
import JSON
import Labeling
import Media
import NIOCore
import Storage
import Work

/// The files that are sent ahead of tasks.
struct FileRoutes {
    let files: FileOperations

    var endpoints: [Endpoint] { [upload, importFile, list] }

    private enum Body {
        static let url = RequiredField(
            "file_url", .string(length: 1...8000),
            "Where the server fetches the file: an http(s) URL, or an address that an integration covers.")
        static let name = OptionalField("display_name", .string(length: 1...1000), "For people.")
        static let project = OptionalField("project_name", .string(length: 1...1000), "The project it is for.")
        static let reference = OptionalField("reference_id", .string(length: 1...1000), "Yours, unique in the account.")
        static let metadata = OptionalField("metadata", metadataSchema, "Yours: an object, or its JSON text.")

        /// The published client sends the metadata of uploads as JSON text.
        static let metadataSchema = Schema<RawJSON>(.either([.object("", fields: [], open: .any), Wire.text])) {
            value, reader in
            if value.isObject { return Schema.anyObject(bytes: 10 * 1024)(value, reader) }
            guard let text = value.string else {
                reader.report(value, "must be an object")
                return nil
            }
            do {
                return try FileRoutes.metadata(text)
            } catch {
                reader.report(value, "must be an object or the JSON text of one")
                return nil
            }
        }

        static let fields: [any FieldDeclaration] = [url, name, project, reference, metadata]
        static let importing = Schema<(String, FileDetails)>.object("ImportFile", fields, unknown: .ignore) { object in
            let details = FileDetails(
                displayName: object(name), project: object(project), referenceID: object(reference),
                metadata: object(metadata))
            return object(url).map { ($0, details) }
        }

        static let file = Member.always("file", .string(length: 0...1_000_000, format: "binary"), "The bytes.")
        static let form = Shape.object(
            "UploadFile", fields: [file, name, project, reference, OptionalField("metadata", .string(), "JSON text.")],
            open: nil)
    }

    static func metadata(_ text: String) throws -> RawJSON {
        try JSONDocument.read(text, limits: JSONLimits(bytes: 10 * 1024)) { root in
            guard root.isObject else { throw Issues("metadata", "`metadata` must be the JSON text of an object.") }
            return RawJSON(root.rawText)
        }
    }

    // MARK: Upload

    private var upload: Endpoint {
        Endpoint(
            method: .post, path: "/v1/files/upload", group: "files", summary: "Stores a file of at most 80 MB.",
            access: .permitted(.filesWrite), query: [],
            body: .init(
                mediaType: "multipart/form-data", shape: Body.form, isRequired: true, limit: FileOperations.sizeLimit),
            answer: .init(status: .ok, mediaType: "application/json", shape: Wire.file, note: "The new file."),
            run: upload)
    }

    private func upload(_ call: Call) async throws -> Reply {
        guard var parser = MultipartParser(contentType: call.request.headers[.contentType] ?? "") else {
            throw Issues("", "The body must be multipart/form-data with a boundary.")
        }
        // What stands in the text parts, which may come before or behind the file.
        var texts: [String: String] = [:]
        var stored: StoredObject?
        var fileName = "file"
        var current: (part: MultipartParser.Part, text: [UInt8], writer: (any ObjectWriter)?)?
        var received = 0
        do {
            for try await chunk in call.request.body {
                received += chunk.readableBytes
                guard received <= FileOperations.sizeLimit + (1 << 20) else {
                    throw Refusal(.tooLarge, "The file is larger than \(FileOperations.sizeLimit) bytes.")
                }
                for event in try parser.feed(chunk) {
                    switch event {
                    case .began(let part):
                        let isFile = part.name == "file" && stored == nil
                        current = (part, [], isFile ? try await files.makeWriter() : nil)
                    case .bytes(let bytes):
                        if let writer = current?.writer {
                            try await writer.write(bytes)
                        } else {
                            current?.text.append(contentsOf: bytes.readableBytesView)
                            guard (current?.text.count ?? 0) <= 1 << 20 else {
                                throw Refusal(.tooLarge, "A text part is larger than a megabyte.")
                            }
                        }
                    case .ended:
                        if let writer = current?.writer {
                            stored = try await writer.finish()
                            fileName = current?.part.fileName ?? fileName
                        } else if let part = current?.part {
                            texts[part.name] = String(decoding: current?.text ?? [], as: UTF8.self)
                        }
                        current = nil
                    }
                }
            }
            try parser.finish()
        } catch {
            await current?.writer?.discard()
            throw error
        }
        guard let stored else { throw Issues("file", "`file` is required.") }
        guard stored.size <= FileOperations.sizeLimit else {
            throw Refusal(.tooLarge, "The file is larger than \(FileOperations.sizeLimit) bytes.")
        }
        let details = FileDetails(
            displayName: try Self.name("display_name", texts), project: try Self.name("project_name", texts),
            referenceID: try Self.name("reference_id", texts),
            metadata: try texts["metadata"].flatMap { $0.isEmpty ? nil : try Self.metadata($0) })
        return reply(
            try await files.add(stored, name: fileName, details: details, by: call.actor),
            account: try call.actor.realm.account)
    }

    private static func name(_ field: String, _ texts: [String: String]) throws -> String? {
        guard let text = texts[field], !text.isEmpty else { return nil }
        guard text.unicodeScalars.count <= 1000 else {
            throw Issues(field, "`\(field)` must have at most 1000 characters.")
        }
        return text
    }

    // MARK: Import and list

    private var importFile: Endpoint {
        .json(
            .post, "/v1/files/import", "files", .permitted(.filesWrite), "Fetches a file and stores it.",
            body: Body.importing, answers: Wire.file
        ) { call, body in
            let row = try await files.importFile(body.0, details: body.1, by: call.actor)
            return reply(row, account: try call.actor.realm.account)
        }
    }

    private var list: Endpoint {
        var project = QueryField<String>.text("project", "The project's name.")
        project.isRequired = true
        let metadata = QueryField<String>.text("metadata", "Text that the metadata must contain.")
        let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 100 by default.")
        let token = QueryField<String>.text("next_token", "Where the page starts.")
        return .json(
            .get, "/v1/files", "files", .permitted(.tasksRead), "Lists a project's files, newest first.",
            query: [project, metadata, limit, token], answers: Wire.filePage
        ) { [project] call in
            guard let name = try call(project) else { throw Issues("project", "`project` is required.") }
            let cursor = try call(token).map { text in
                guard let cursor = FileCursor(token: text) else {
                    throw Issues("next_token", "`next_token` is not a token of ours.")
                }
                return cursor
            }
            let page = try await files.list(
                project: name, metadata: try call(metadata), after: cursor, limit: try call(limit) ?? 100,
                by: call.actor)
            let account = try call.actor.realm.account
            return .object { writer in
                writer.array("docs") { writer in page.rows.forEach { $0.write(to: &writer, account: account) } }
                writer.field("has_more", page.hasMore)
                writer.field("next_token", ifPresent: page.hasMore ? page.next?.token : nil)
            }
        }
    }

    private func reply(_ file: FileRow, account: String) -> Reply {
        var writer = JSONWriter()
        file.write(to: &writer, account: account)
        return .json(writer)
    }
}
