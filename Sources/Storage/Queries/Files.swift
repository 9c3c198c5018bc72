import Foundation

/// A file that was uploaded or imported, for tasks to refer to.
package struct FileRow: Sendable, Equatable {
    /// Whether its bytes are here.
    package enum State: String, SQLConvertible {
        case waiting, ready, failed
    }

    /// A UUID.
    package var id: String
    package var realm: Int64

    /// SHA-256 of the bytes, in hex; nil until they are here.
    package var hash: String?
    package var name: String
    package var mime: String

    /// Bytes.
    package var size: Int64
    package var referenceID: String?

    /// JSON.
    package var metadata: String?

    /// Names of the projects it is meant for.
    package var projects: [String]

    /// Where it was imported from.
    package var url: String?
    package var state: State
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: String, realm: Int64, hash: String?, name: String, mime: String, size: Int64, referenceID: String? = nil,
        metadata: String? = nil, projects: [String] = [], url: String? = nil, state: State, createdAt: Timestamp,
        updatedAt: Timestamp? = nil
    ) {
        self.id = id
        self.realm = realm
        self.hash = hash
        self.name = name
        self.mime = mime
        self.size = size
        self.referenceID = referenceID
        self.metadata = metadata
        self.projects = projects
        self.url = url
        self.state = state
        self.createdAt = createdAt
        self.updatedAt = updatedAt ?? createdAt
    }
}

extension FileRow: RowDecodable {
    static let columns: SQL = """
        f.id, f.realm, f.hash, f.name, f.mime, f.size, f.reference_id, f.metadata, f.url, f.state, f.created_at, \
        f.updated_at
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        hash = try reader.optionalText()
        name = try reader.text()
        mime = try reader.text()
        size = try reader.int64()
        referenceID = try reader.optionalText()
        metadata = try reader.optionalText()
        projects = []
        url = try reader.optionalText()
        state = try reader.word()
        createdAt = try reader.time()
        updatedAt = try reader.time()
    }
}

/// A position in a list of files: the last file already sent.
package struct FileCursor: Sendable, Equatable {
    package var createdAt: Timestamp
    package var id: String

    package init(createdAt: Timestamp, id: String) {
        self.createdAt = createdAt
        self.id = id
    }

    /// The position as clients hold it.
    package var token: String { Data("\(createdAt.microseconds) \(id)".utf8).base64EncodedString() }

    /// Reads a position; nil for anything that `token` did not make.
    package init?(token: String) {
        guard let data = Data(base64Encoded: token) else { return nil }
        let parts = String(decoding: data, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, let microseconds = Int64(parts[0]), parts[1].utf8.count == 36,
            parts[1].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        self.init(createdAt: Timestamp(microseconds: microseconds), id: String(parts[1]))
    }
}

/// Some files of a list.
package struct FilePage: Sendable {
    /// The files, newest first.
    package var rows: [FileRow]

    /// Whether more follow.
    package var hasMore: Bool

    /// Where the rest begins; nil if nothing follows.
    package var next: FileCursor?
}

extension Connection {
    /// Stores a file; false if the reference id is taken.
    package func insertFile(_ file: FileRow) throws -> Bool {
        try keep(objects: [file.hash])
        var statement: SQL = """
            INSERT INTO files (id, realm, hash, name, mime, size, reference_id, metadata, url, state, created_at,
                updated_at)
            VALUES (\(file.id), \(file.realm), \(file.hash), \(file.name), \(file.mime), \(file.size),
                \(file.referenceID), \(file.metadata), \(file.url), \(file.state), \(file.createdAt), \(file.updatedAt))
            """
        if file.referenceID != nil {
            statement += " ON CONFLICT (realm, reference_id) WHERE reference_id IS NOT NULL DO NOTHING"
        }
        guard try execute(statement) > 0 else { return false }
        for project in file.projects { try insertFileProject(file, project) }
        return true
    }

    private func insertFileProject(_ file: FileRow, _ project: String) throws {
        try execute(
            """
            INSERT INTO file_projects (realm, project, created_at, file_id)
            VALUES (\(file.realm), \(project), \(file.createdAt), \(file.id)) ON CONFLICT DO NOTHING
            """)
    }

    /// A file.
    package func file(realm: Int64, id: String) throws -> FileRow? {
        try withProjects(
            all("SELECT \(FileRow.columns) FROM files f WHERE f.id = \(id) AND f.realm = \(realm)")
        ).first
    }

    /// The file of a reference id.
    package func file(realm: Int64, referenceID: String) throws -> FileRow? {
        try withProjects(
            all("SELECT \(FileRow.columns) FROM files f WHERE f.realm = \(realm) AND f.reference_id = \(referenceID)")
        ).first
    }

    private func withProjects(_ files: [FileRow]) throws -> [FileRow] {
        var projects: [String: [String]] = [:]
        let rows = try query(
            """
            SELECT file_id, project FROM file_projects WHERE file_id IN \(list: files.map(\.id))
            ORDER BY file_id, project
            """)
        for row in rows {
            var reader = row.reader
            projects[try reader.text(), default: []].append(try reader.text())
        }
        return files.map { file in
            var file = file
            file.projects = projects[file.id] ?? []
            return file
        }
    }

    /// Lets a file be meant for one project more; false if there is no such file.
    @discardableResult
    package func addFileProject(realm: Int64, file id: String, project: String, at: Timestamp) throws -> Bool {
        guard let file = try file(realm: realm, id: id) else { return false }
        try insertFileProject(file, project)
        try execute("UPDATE files SET updated_at = \(at) WHERE id = \(id)")
        return true
    }

    /// Notes what became of a file's import.
    @discardableResult
    package func setFile(
        realm: Int64, id: String, state: FileRow.State, hash: String?, mime: String, size: Int64, at: Timestamp
    ) throws -> Bool {
        try keep(objects: [hash])
        return try execute(
            """
            UPDATE files SET state = \(state), hash = \(hash), mime = \(mime), size = \(size), updated_at = \(at)
            WHERE id = \(id) AND realm = \(realm)
            """) > 0
    }

    /// A page of the files meant for a project, newest first; those whose metadata holds a text, whatever its case.
    package func files(
        realm: Int64, project: String, metadataContains: String? = nil, after cursor: FileCursor? = nil, limit: Int
    ) throws -> FilePage {
        var conditions: SQL = ""
        if let text = metadataContains {
            conditions += " AND lower(f.metadata) LIKE \(Pattern.containing(text)) ESCAPE '\\'"
        }
        if let cursor { conditions += " AND (g.created_at, g.file_id) < (\(cursor.createdAt), \(cursor.id))" }
        var rows: [FileRow] = try all(
            """
            SELECT \(FileRow.columns) FROM file_projects g JOIN files f ON f.id = g.file_id
            WHERE g.realm = \(realm) AND g.project = \(project)\(conditions)
            ORDER BY g.created_at DESC, g.file_id DESC LIMIT \(limit + 1)
            """)
        let hasMore = rows.count > limit
        if hasMore { rows.removeLast() }
        let next = hasMore ? rows.last.map { FileCursor(createdAt: $0.createdAt, id: $0.id) } : nil
        return FilePage(rows: try withProjects(rows), hasMore: hasMore, next: next)
    }

    /// Files from before a time that no task and no parameter names, oldest first.
    ///
    /// An attachment names a file by the end of its address, whatever stands before the id.
    package func unusedFiles(before cutoff: Timestamp, limit: Int) throws -> [FileRow] {
        try all("SELECT \(FileRow.columns) FROM files f WHERE \(Self.isUnused(before: cutoff)) \(Self.oldest(limit))")
    }

    private static func oldest(_ limit: Int) -> SQL { "ORDER BY f.created_at, f.id LIMIT \(SQL(number: limit))" }

    private static func isUnused(before cutoff: Timestamp) -> SQL {
        """
        f.created_at < \(cutoff) AND NOT EXISTS (
            SELECT 1 FROM attachments a
            WHERE substr(a.url, length(a.url) - 35) = f.id AND substr(a.url, 1, 12) = 'scaledata://')
        AND NOT EXISTS (
            SELECT 1 FROM quality_tasks q WHERE q.realm = f.realm AND q.params LIKE '%' || f.id || '%')
        """
    }

    /// Removes a file unless it is used by now; false if it is, or is gone.
    package func deleteUnusedFile(_ id: String, before cutoff: Timestamp) throws -> Bool {
        let found = try texts(
            "SELECT f.id FROM files f WHERE f.id = \(id) AND \(Self.isUnused(before: cutoff)) \(only: .postgres, "FOR UPDATE")"
        )
        guard !found.isEmpty else { return false }
        try execute("DELETE FROM file_projects WHERE file_id = \(id)")
        return try execute("DELETE FROM files WHERE id = \(id)") > 0
    }
}
