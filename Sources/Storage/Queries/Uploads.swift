/// A file that arrives in pieces, over as many requests as it takes.
package struct UploadRow: Sendable, Equatable {
    /// How far it has come: taking bytes, whole and being joined, a file, or failed for good.
    package enum State: String, SQLConvertible {
        case open, joining, done, failed
    }

    package var id: String
    package var realm: Int64

    /// What the sender calls the file.
    package var name: String
    package var displayName: String?
    package var project: String?
    package var referenceID: String?

    /// JSON.
    package var metadata: String?

    /// Bytes announced.
    package var length: Int64

    /// Bytes that are here, from the first on without a gap.
    package var received: Int64
    package var state: State

    /// Why it failed, for people.
    package var error: String?

    /// The file that was made of it.
    package var fileID: String?
    package var actor: String
    package var createdAt: Timestamp

    /// When it is forgotten.
    package var expiresAt: Timestamp

    package init(
        id: String, realm: Int64, name: String, displayName: String? = nil, project: String? = nil,
        referenceID: String? = nil, metadata: String? = nil, length: Int64, actor: String, createdAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.id = id
        self.realm = realm
        self.name = name
        self.displayName = displayName
        self.project = project
        self.referenceID = referenceID
        self.metadata = metadata
        self.length = length
        received = 0
        state = .open
        self.actor = actor
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

extension UploadRow: RowDecodable {
    static let columns: SQL = """
        id, realm, name, display_name, project, reference_id, metadata, length, received, state, error, file_id, \
        actor, created_at, expires_at
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        name = try reader.text()
        displayName = try reader.optionalText()
        project = try reader.optionalText()
        referenceID = try reader.optionalText()
        metadata = try reader.optionalText()
        length = try reader.int64()
        received = try reader.int64()
        state = try reader.word()
        error = try reader.optionalText()
        fileID = try reader.optionalText()
        actor = try reader.text()
        createdAt = try reader.time()
        expiresAt = try reader.time()
    }
}

extension Connection {
    /// Stores an upload that begins.
    package func insertUpload(_ row: UploadRow) throws {
        try execute(
            """
            INSERT INTO uploads (\(UploadRow.columns))
            VALUES (\(row.id), \(row.realm), \(row.name), \(row.displayName), \(row.project), \(row.referenceID),
                \(row.metadata), \(row.length), \(row.received), \(row.state), \(row.error), \(row.fileID),
                \(row.actor), \(row.createdAt), \(row.expiresAt))
            """)
    }

    /// How many uploads of a realm have begun and are not whole.
    package func openUploads(realm: Int64) throws -> Int {
        try integer("SELECT COUNT(*) FROM uploads WHERE realm = \(realm) AND state = 'open'")
    }

    /// An upload.
    package func upload(realm: Int64, id: String) throws -> UploadRow? {
        try first("SELECT \(UploadRow.columns) FROM uploads WHERE id = \(id) AND realm = \(realm)")
    }

    /// An upload, kept from other writers until the transaction ends.
    package func lockUpload(realm: Int64, id: String) throws -> UploadRow? {
        try first(
            """
            SELECT \(UploadRow.columns) FROM uploads WHERE id = \(id) AND realm = \(realm)
            \(only: .postgres, "FOR UPDATE")
            """)
    }

    /// Adds a piece to the end of an upload that is locked.
    package func insertUploadPiece(of row: UploadRow, hash: String, size: Int) throws {
        try keep(objects: [hash])
        try execute(
            """
            INSERT INTO upload_pieces (upload_id, start, size, hash)
            VALUES (\(row.id), \(row.received), \(size), \(hash))
            """)
    }

    /// The objects that hold an upload's pieces, in order.
    package func uploadPieces(_ id: String) throws -> [String] {
        try texts("SELECT hash FROM upload_pieces WHERE upload_id = \(id) ORDER BY start")
    }

    /// Writes how far an upload has come.
    package func updateUpload(_ row: UploadRow) throws {
        try execute(
            """
            UPDATE uploads SET received = \(row.received), state = \(row.state), error = \(row.error),
                file_id = \(row.fileID), expires_at = \(row.expiresAt)
            WHERE id = \(row.id)
            """)
    }

    /// Lets go of an upload's pieces; answers the objects that held them.
    package func deleteUploadPieces(_ id: String) throws -> [String] {
        try texts("DELETE FROM upload_pieces WHERE upload_id = \(id) RETURNING hash")
    }

    /// Forgets an upload and its pieces; answers the objects that held them.
    package func deleteUpload(_ id: String) throws -> [String] {
        let hashes = try deleteUploadPieces(id)
        try execute("DELETE FROM uploads WHERE id = \(id)")
        return hashes
    }

    /// Uploads whose time is over, that are not just being joined.
    package func expiredUploads(now: Timestamp, limit: Int) throws -> [UploadRow] {
        try all(
            """
            SELECT \(UploadRow.columns) FROM uploads WHERE expires_at <= \(now) AND state <> 'joining'
            ORDER BY expires_at LIMIT \(SQL(number: limit)) \(only: .postgres, "FOR UPDATE SKIP LOCKED")
            """)
    }
}
