/// An import of lines or of a bucket, and how far it is.
package struct ImportRow: Sendable, Equatable {
    package typealias State = BulkChangeRow.State

    /// Where its tasks come from.
    package enum Kind: String, SQLConvertible, CaseIterable {
        case lines, bucket
    }

    /// How many lines, or objects of a bucket, came to what.
    package struct Counts: Sendable, Equatable {
        package var created = 0
        package var existing = 0
        package var refused = 0

        /// Would have been created; in dry runs.
        package var ready = 0

        /// Passed over, since the pattern does not fit them.
        package var skipped = 0

        package init() {}
    }

    package var id: String
    package var realm: Int64
    package var kind: Kind
    package var state: State

    /// What was asked for, a JSON object of the rules'.
    package var request: String

    /// Where a listing goes on, as its provider named it.
    package var place: String?

    /// Grows whenever somebody takes the import up, so that whoever was at it before writes nothing more.
    package var turn: Int

    /// The last line that was dealt with, from 1; objects looked at, for a bucket.
    package var lines: Int

    /// Where the lines to come begin, in bytes.
    package var bytes: Int64
    package var counts: Counts

    /// The first of those that were refused, a JSON array of the rules'.
    package var problems: String
    package var error: String?
    package var actor: String
    package var actorName: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var finishedAt: Timestamp?

    package init(
        id: String, realm: Int64, kind: Kind, request: String, actor: String, actorName: String, createdAt: Timestamp
    ) {
        self.id = id
        self.realm = realm
        self.kind = kind
        state = .waiting
        self.request = request
        turn = 0
        lines = 0
        bytes = 0
        counts = Counts()
        problems = "[]"
        self.actor = actor
        self.actorName = actorName
        self.createdAt = createdAt
        updatedAt = createdAt
    }
}

extension ImportRow: RowDecodable {
    static let columns: SQL = """
        id, realm, kind, state, request, place, turn, lines, bytes, created, existing, refused, ready, skipped, \
        problems, error, actor, actor_name, created_at, updated_at, finished_at
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        kind = try reader.word()
        state = try reader.word()
        request = try reader.text()
        place = try reader.optionalText()
        turn = try reader.int()
        lines = try reader.int()
        bytes = try reader.int64()
        counts = Counts()
        counts.created = try reader.int()
        counts.existing = try reader.int()
        counts.refused = try reader.int()
        counts.ready = try reader.int()
        counts.skipped = try reader.int()
        problems = try reader.text()
        error = try reader.optionalText()
        actor = try reader.text()
        actorName = try reader.text()
        createdAt = try reader.time()
        updatedAt = try reader.time()
        finishedAt = try reader.optionalTime()
    }
}

extension Connection {
    /// Stores an import that begins.
    package func insertImport(_ row: ImportRow) throws {
        try execute(
            """
            INSERT INTO imports (\(ImportRow.columns))
            VALUES (\(row.id), \(row.realm), \(row.kind), \(row.state), \(row.request), \(row.place), \(row.turn),
                \(row.lines), \(row.bytes), \(row.counts.created), \(row.counts.existing), \(row.counts.refused),
                \(row.counts.ready), \(row.counts.skipped), \(row.problems), \(row.error), \(row.actor),
                \(row.actorName), \(row.createdAt), \(row.updatedAt), \(row.finishedAt))
            """)
    }

    /// An import.
    package func taskImport(realm: Int64, id: String) throws -> ImportRow? {
        try first("SELECT \(ImportRow.columns) FROM imports WHERE id = \(id) AND realm = \(realm)")
    }

    /// An import, kept from other writers until the transaction ends.
    package func lockImport(realm: Int64, id: String) throws -> ImportRow? {
        try first(
            """
            SELECT \(ImportRow.columns) FROM imports WHERE id = \(id) AND realm = \(realm)
            \(only: .postgres, "FOR UPDATE")
            """)
    }

    /// Imports, newest first, those behind an id.
    package func imports(realm: Int64, after id: String?, limit: Int) throws -> [ImportRow] {
        let behind: SQL = id.map { " AND id < \($0)" } ?? ""
        return try all(
            """
            SELECT \(ImportRow.columns) FROM imports WHERE realm = \(realm)\(behind) ORDER BY id DESC LIMIT \(limit)
            """)
    }

    /// Writes how far an import is.
    package func updateImport(_ row: ImportRow) throws {
        try execute(
            """
            UPDATE imports SET state = \(row.state), place = \(row.place), turn = \(row.turn), lines = \(row.lines),
                bytes = \(row.bytes), created = \(row.counts.created), existing = \(row.counts.existing),
                refused = \(row.counts.refused), ready = \(row.counts.ready), skipped = \(row.counts.skipped),
                problems = \(row.problems), error = \(row.error), updated_at = \(row.updatedAt),
                finished_at = \(row.finishedAt)
            WHERE id = \(row.id)
            """)
    }
}
