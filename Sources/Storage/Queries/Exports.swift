/// A file of many tasks, which a job writes.
package struct ExportRow: Sendable, Equatable {
    package typealias State = BulkChangeRow.State

    /// How the tasks are written.
    package enum Format: String, SQLConvertible, CaseIterable {
        case jsonl, json, csv
    }

    package var id: String
    package var realm: Int64
    package var format: Format

    /// Which tasks, a JSON object of the rules'.
    package var selection: String
    package var state: State

    /// How many tasks there were when it was asked for.
    package var total: Int
    package var done: Int

    /// Bytes written so far; all of them once it is done.
    package var bytes: Int64

    /// The object that holds the file.
    package var hash: String?
    package var actor: String
    package var actorName: String
    package var error: String?
    package var createdAt: Timestamp
    package var finishedAt: Timestamp?

    /// When the file goes.
    package var expiresAt: Timestamp?

    package init(
        id: String, realm: Int64, format: Format, selection: String, total: Int, actor: String, actorName: String,
        createdAt: Timestamp
    ) {
        self.id = id
        self.realm = realm
        self.format = format
        self.selection = selection
        state = .waiting
        self.total = total
        done = 0
        bytes = 0
        self.actor = actor
        self.actorName = actorName
        self.createdAt = createdAt
    }
}

extension ExportRow: RowDecodable {
    static let columns: SQL = """
        id, realm, format, selection, state, total, done, bytes, hash, actor, actor_name, error, created_at, \
        finished_at, expires_at
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        format = try reader.word()
        selection = try reader.text()
        state = try reader.word()
        total = try reader.int()
        done = try reader.int()
        bytes = try reader.int64()
        hash = try reader.optionalText()
        actor = try reader.text()
        actorName = try reader.text()
        error = try reader.optionalText()
        createdAt = try reader.time()
        finishedAt = try reader.optionalTime()
        expiresAt = try reader.optionalTime()
    }
}

extension Connection {
    /// Stores an export that is to be written.
    package func insertExport(_ row: ExportRow) throws {
        try execute(
            """
            INSERT INTO exports (\(ExportRow.columns))
            VALUES (\(row.id), \(row.realm), \(row.format), \(row.selection), \(row.state), \(row.total), \(row.done),
                \(row.bytes), \(row.hash), \(row.actor), \(row.actorName), \(row.error), \(row.createdAt),
                \(row.finishedAt), \(row.expiresAt))
            """)
    }

    /// An export.
    package func export(realm: Int64, id: String) throws -> ExportRow? {
        try first("SELECT \(ExportRow.columns) FROM exports WHERE id = \(id) AND realm = \(realm)")
    }

    /// An export, kept from other writers until the transaction ends.
    package func lockExport(realm: Int64, id: String) throws -> ExportRow? {
        try first(
            """
            SELECT \(ExportRow.columns) FROM exports WHERE id = \(id) AND realm = \(realm)
            \(only: .postgres, "FOR UPDATE")
            """)
    }

    /// Exports, newest first, from behind one of them on.
    package func exports(realm: Int64, after id: String?, limit: Int) throws -> [ExportRow] {
        let position: SQL = id.map { " AND id < \($0)" } ?? ""
        return try all(
            """
            SELECT \(ExportRow.columns) FROM exports WHERE realm = \(realm)\(position)
            ORDER BY id DESC LIMIT \(SQL(number: limit))
            """)
    }

    /// Writes how far an export has come.
    package func updateExport(_ row: ExportRow) throws {
        try keep(objects: [row.hash])
        try execute(
            """
            UPDATE exports SET state = \(row.state), done = \(row.done), bytes = \(row.bytes), hash = \(row.hash),
                error = \(row.error), finished_at = \(row.finishedAt), expires_at = \(row.expiresAt),
                total = \(row.total)
            WHERE id = \(row.id)
            """)
    }

    /// Forgets an export.
    package func deleteExport(_ id: String) throws {
        try execute("DELETE FROM exports WHERE id = \(id)")
    }

    /// Exports whose time is over.
    package func expiredExports(now: Timestamp, limit: Int) throws -> [ExportRow] {
        try all(
            """
            SELECT \(ExportRow.columns) FROM exports WHERE expires_at IS NOT NULL AND expires_at <= \(now)
            ORDER BY expires_at LIMIT \(SQL(number: limit))
            """)
    }
}
