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

    /// Fetches an address, which may lie with a provider, and makes what is there a file of the account.
    package func importFile(_ url: String, details: FileDetails, by actor: Actor) async throws -> FileRow {
        let object: FetchedObject
        do {
            let request = try await CloudSources(environment: environment).request(for: url, realm: actor.realm.id)
            object = try await environment.fetcher.copy(request, into: environment.objects, limit: Self.sizeLimit)
        } catch let error as FetchError {
            throw Issues("file_url", "`file_url` could not be fetched: \(error.message)")
        }
        let path = CloudAddress(url)?.key ?? String(url.prefix { $0 != "?" })
        let name = path.split(separator: "/").last.map(String.init) ?? "file"
        return try await insert(
            hash: object.hash.description, name: name, mime: object.mimeType, size: object.size, source: url,
            details: details, by: actor)
    }

    private func insert(
        hash: String, name: String, mime: String, size: Int, source: String?, details: FileDetails, by actor: Actor
    ) async throws -> FileRow {
        let now = environment.now()
        let row = FileRow(
            id: WorkEnvironment.makeUUID(), realm: actor.realm.id, hash: hash, name: details.displayName ?? name,
            mime: mime, size: Int64(size), referenceID: details.referenceID, metadata: details.metadata?.text,
            projects: details.project.map { [$0] } ?? [], url: source, state: .ready, createdAt: now)
        try await environment.database.write { db in
            try Self.store(row, account: actor.realm.account, by: actor.label, in: db, now: now)
        }
        return row
    }

    /// Writes a file whose object is stored.
    ///
    /// - Throws: `Refusal` if its project does not exist or its reference id is taken.
    static func store(
        _ row: FileRow, account: String, by actor: String, in db: any Connection, now: Timestamp
    ) throws {
        for project in row.projects { _ = try db.existingProject(realm: row.realm, named: project) }
        guard try db.insertFile(row) else { throw referenceTaken(row.referenceID ?? "") }
        try db.append(
            NewEvent(
                realm: row.realm, at: now, actor: actor, objectKind: "file", objectID: row.id, action: "file.added",
                after: row.text(account: account)))
    }

    static func referenceTaken(_ reference: String) -> Refusal {
        Refusal(
            .duplicate, "The reference_id \(JSONWriter.quoted(reference)) is already used for a different file.")
    }

    /// Removes files that no task has named in the time set for it, each with an event.
    ///
    /// - Returns: How many.
    static func removeUnused(_ environment: WorkEnvironment) async throws -> Int {
        guard let days = environment.retention.unusedFileDays else { return 0 }
        var removed = 0
        while true {
            let now = environment.now()
            let cutoff = now.adding(seconds: -Double(days) * 86_400)
            let files = try await environment.database.read { db in try db.unusedFiles(before: cutoff, limit: 200) }
            guard !files.isEmpty else { return removed }
            let count = try await environment.database.write { db in
                let gone = try files.filter { try db.deleteUnusedFile($0.id, before: cutoff) }
                for file in gone {
                    guard let account = try db.realm(file.realm)?.accountID else { continue }
                    try db.append(
                        NewEvent(
                            realm: file.realm, at: now, actor: "program", objectKind: "file", objectID: file.id,
                            action: "file.expired", before: file.text(account: account)))
                }
                return gone.count
            }
            // Others took them, or they came to be used meanwhile: nothing is left to do here.
            guard count > 0 else { return removed }
            removed += count
        }
    }

    /// A page of a project's files, newest first.
    package func list(
        project: String, metadata: String?, after: FileCursor?, limit: Int, by actor: Actor
    ) async throws -> FilePage {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            _ = try db.existingProject(realm: realm, named: project)
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

    func text(account: String) -> String {
        var writer = JSONWriter()
        write(to: &writer, account: account)
        return writer.text
    }
}
