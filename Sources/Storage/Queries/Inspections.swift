/// What the bytes of a file turned out to be.
package struct InspectionRow: Sendable, Equatable {
    /// SHA-256 of the bytes, in hex.
    package var hash: String

    /// The number of the way in which files were looked at; after a change of it they are looked at anew.
    package var recipe: Int
    package var mime: String

    /// Pixels, after orientation; nil for what has none.
    package var width: Int?
    package var height: Int?

    /// What else was found, in JSON.
    package var facts: String
    package var inspectedAt: Timestamp

    package init(
        hash: String, recipe: Int, mime: String, width: Int?, height: Int?, facts: String, inspectedAt: Timestamp
    ) {
        self.hash = hash
        self.recipe = recipe
        self.mime = mime
        self.width = width
        self.height = height
        self.facts = facts
        self.inspectedAt = inspectedAt
    }
}

extension InspectionRow: RowDecodable {
    static let columns: SQL = "hash, recipe, mime, width, height, facts, inspected_at"

    package init(_ reader: inout RowReader) throws {
        hash = try reader.text()
        recipe = try reader.int()
        mime = try reader.text()
        width = try reader.optionalInt()
        height = try reader.optionalInt()
        facts = try reader.text()
        inspectedAt = try reader.time()
    }
}

/// Something that was made of a file's bytes.
package struct ConversionRow: Sendable, Equatable {
    /// What it is for.
    package enum Kind: String, SQLConvertible {
        case thumbnail, display, page
    }

    /// SHA-256 of the original's bytes, in hex.
    package var source: String
    package var kind: Kind

    /// The place among those of its kind, from 0.
    package var position: Int

    /// SHA-256 of the new bytes, in hex.
    package var hash: String
    package var mime: String

    /// Pixels; nil for what has none.
    package var width: Int?
    package var height: Int?

    /// Bytes.
    package var size: Int64

    /// The program that made it, with its version.
    package var tool: String

    /// As in ``InspectionRow``.
    package var recipe: Int
    package var createdAt: Timestamp

    package init(
        source: String, kind: Kind, position: Int = 0, hash: String, mime: String, width: Int? = nil,
        height: Int? = nil, size: Int64, tool: String, recipe: Int, createdAt: Timestamp
    ) {
        self.source = source
        self.kind = kind
        self.position = position
        self.hash = hash
        self.mime = mime
        self.width = width
        self.height = height
        self.size = size
        self.tool = tool
        self.recipe = recipe
        self.createdAt = createdAt
    }
}

extension ConversionRow: RowDecodable {
    static let columns: SQL = """
        source, kind, position, hash, mime, width, height, size, tool, recipe, created_at
        """

    package init(_ reader: inout RowReader) throws {
        source = try reader.text()
        kind = try reader.word()
        position = try reader.int()
        hash = try reader.text()
        mime = try reader.text()
        width = try reader.optionalInt()
        height = try reader.optionalInt()
        size = try reader.int64()
        tool = try reader.text()
        recipe = try reader.int()
        createdAt = try reader.time()
    }
}

extension Connection {
    /// What is known of some bytes; nil if they were never looked at.
    package func inspection(of hash: String) throws -> InspectionRow? {
        try first("SELECT \(InspectionRow.columns) FROM inspections WHERE hash = \(hash)")
    }

    /// What was made of some bytes, by kind and in order.
    package func conversions(of hash: String) throws -> [ConversionRow] {
        try all(
            """
            SELECT \(ConversionRow.columns) FROM conversions WHERE source = \(hash) ORDER BY source, kind, position
            """)
    }

    /// The pages of some documents, by the documents' hashes.
    package func documentPages(of hashes: [String]) throws -> [String: [ConversionRow]] {
        let rows: [ConversionRow] = try all(
            """
            SELECT \(ConversionRow.columns) FROM conversions
            WHERE source IN \(list: Array(Set(hashes))) AND kind = 'page' ORDER BY source, kind, position
            """)
        return Dictionary(grouping: rows, by: \.source)
    }

    /// Stores what was found in a file and made of it, in place of what an earlier look said.
    package func storeInspection(_ inspection: InspectionRow, _ conversions: [ConversionRow]) throws {
        try keep(objects: [inspection.hash] + conversions.map(\.hash))
        try execute("DELETE FROM conversions WHERE source = \(inspection.hash)")
        try execute("DELETE FROM inspections WHERE hash = \(inspection.hash)")
        try execute(
            """
            INSERT INTO inspections (hash, recipe, mime, width, height, facts, inspected_at)
            VALUES (\(inspection.hash), \(inspection.recipe), \(inspection.mime), \(inspection.width),
                \(inspection.height), \(inspection.facts), \(inspection.inspectedAt))
            ON CONFLICT (hash) DO NOTHING
            """)
        for row in conversions {
            try execute(
                """
                INSERT INTO conversions (source, kind, position, hash, mime, width, height, size, tool, recipe,
                    created_at)
                VALUES (\(row.source), \(row.kind), \(row.position), \(row.hash), \(row.mime), \(row.width),
                    \(row.height), \(row.size), \(row.tool), \(row.recipe), \(row.createdAt))
                ON CONFLICT (source, kind, position) DO NOTHING
                """)
        }
    }

    /// Forgets what was found in some bytes and made of them, its tiles too, so that the objects made are no longer referred to.
    package func forgetInspection(of hash: String) throws {
        try execute("DELETE FROM conversions WHERE source = \(hash)")
        try execute("DELETE FROM inspections WHERE hash = \(hash)")
        try execute("DELETE FROM tilings WHERE hash = \(hash)")
    }
}

/// An attachment that was drawn as pages, and what its row says of them.
package struct DrawnAttachment: Sendable, RowDecodable {
    package let taskID: String
    package let position: Int
    /// SHA-256 of the document, in hex.
    package let hash: String
    /// JSON, as in ``StoredCopy``.
    package let conversions: String

    package init(_ reader: inout RowReader) throws {
        taskID = try reader.text()
        position = try reader.int()
        hash = try reader.text()
        conversions = try reader.text()
    }
}

extension Connection {
    /// The next attachments behind one that were drawn as pages.
    package func drawnAttachments(after place: DrawnAttachment?, limit: Int) throws -> [DrawnAttachment] {
        let (task, position) = (place?.taskID ?? "", place?.position ?? -1)
        return try all(
            """
            SELECT task_id, position, hash, conversions FROM attachments
            WHERE (task_id, position) > (\(task), \(position)) AND hash IS NOT NULL AND conversions LIKE '%"page"%'
            ORDER BY task_id, position LIMIT \(SQL(number: limit))
            """)
    }
}
