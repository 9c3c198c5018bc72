package import JSON
package import Media
package import Storage

/// The addresses under which uploaded files stand in tasks: `scaledata://<account>/<file>`.
enum UploadedFile {
    private static let scheme = "scaledata://"

    static func isReference(_ url: String) -> Bool { url.hasPrefix(scheme) }

    /// The file's id in an address.
    static func identifier(in url: String) -> String? {
        let parts = url.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[1].isEmpty ? String(parts[1]) : nil
    }

    static func address(account: String, file: String) -> String { "\(scheme)\(account)/\(file)" }
}

/// What comes along with a file.
package struct FileDetails: Sendable {
    package var displayName: String?
    package var project: String?
    package var referenceID: String?
    package var metadata: RawJSON?

    package init(
        displayName: String? = nil, project: String? = nil, referenceID: String? = nil, metadata: RawJSON? = nil
    ) {
        self.displayName = displayName
        self.project = project
        self.referenceID = referenceID
        self.metadata = metadata
    }
}

/// What can be done with files that are sent ahead of tasks.
package struct FileOperations: Sendable {
    private let environment: WorkEnvironment
    /// The most bytes of one file.
    package static let sizeLimit = 80 << 20

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    /// Takes the bytes of an upload in, before its details are known to be right.
    package func makeWriter() async throws -> any ObjectWriter {
        try await environment.objects.makeWriter()
    }

    /// Makes a stored object a file of the account.
    package func add(
        _ object: StoredObject, name: String, details: FileDetails, by actor: Actor
    ) async throws -> FileRow {
        try await insert(
            hash: object.hash.description, name: name, mime: object.mimeType, size: object.size, source: nil,
            details: details, by: actor)
    }

    /// Fetches an address and makes what is there a file of the account.
    package func importFile(_ url: String, details: FileDetails, by actor: Actor) async throws -> FileRow {
        let object: FetchedObject
        do {
            object = try await environment.fetcher.fetch(url, into: environment.objects, limit: Self.sizeLimit)
        } catch let error as FetchError {
            throw Issues("file_url", "`file_url` could not be fetched: \(error.message)")
        }
        let name = url.split(separator: "?")[0].split(separator: "/").last.map(String.init) ?? "file"
        return try await insert(
            hash: object.hash.description, name: name, mime: object.mimeType, size: object.size, source: url,
            details: details, by: actor)
    }

    private func insert(
        hash: String, name: String, mime: String, size: Int, source: String?, details: FileDetails, by actor: Actor
    ) async throws -> FileRow {
        let now = environment.now()
        let realm = actor.realm.id
        let row = FileRow(
            id: WorkEnvironment.makeUUID(), realm: realm, hash: hash, name: details.displayName ?? name, mime: mime,
            size: Int64(size), referenceID: details.referenceID, metadata: details.metadata?.text,
            projects: details.project.map { [$0] } ?? [], url: source, state: .ready, createdAt: now, updatedAt: now)
        return try await environment.database.write { db in
            if let project = details.project, try db.project(realm: realm, named: project) == nil {
                throw Refusal.noSuchProject(project)
            }
            guard try db.insertFile(row) else {
                throw Refusal(
                    .duplicate,
                    "The reference_id \(JSONWriter.quoted(row.referenceID ?? "")) is already used for a different file."
                )
            }
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "file", objectID: row.id,
                    action: "file.added", after: row.text(account: actor.realm.account)))
            return row
        }
    }

    /// A page of a project's files, newest first.
    package func list(
        project: String, metadata: String?, after: FileCursor?, limit: Int, by actor: Actor
    ) async throws -> FilePage {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard try db.project(realm: realm, named: project) != nil else { throw Refusal.noSuchProject(project) }
            return try db.files(realm: realm, project: project, metadataContains: metadata, after: after, limit: limit)
        }
    }
}

extension FileRow {
    /// What a task names as its attachment.
    package func address(account: String) -> String { UploadedFile.address(account: account, file: id) }

    /// Writes the file as the annotation API shows it.
    package func write(to writer: inout JSONWriter, account: String) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("attachment_url", UploadedFile.address(account: account, file: id))
            writer.field("mime_type", mime)
            writer.field("size", Int(size))
            writer.array("project_names") { writer in projects.forEach { writer.value($0) } }
            writer.field("created_at", time: createdAt.microseconds)
            writer.field("updated_at", time: updatedAt.microseconds)
            writer.field("display_name", name)
            writer.field("reference_id", ifPresent: referenceID)
            if let metadata { writer.field("metadata", raw: metadata) }
        }
    }

    fileprivate func text(account: String) -> String {
        var writer = JSONWriter()
        write(to: &writer, account: account)
        return writer.text
    }
}
