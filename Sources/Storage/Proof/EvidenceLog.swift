extension Connection {
    // MARK: Covering

    /// Marks rows that were written in this transaction, so that sealing puts their content into the log.
    ///
    /// `subject`: the thing whose history they belong to.
    func cover(_ rows: [CoveredRow], realm: Int64, subject: String, at: Timestamp) throws {
        var marks = RowInsert("uncovered_rows (realm, name, id, subject)")
        for row in rows {
            marks.add([realm.sqlValue, row.name.sqlValue, Identifier.make(at).sqlValue, subject.sqlValue])
        }
        try marks.run(in: self)
    }

    /// What some rows contain; those that are not there are left out.
    package func coveredContents(_ names: [String]) throws -> [String: CoveredContent] {
        var found: [String: CoveredContent] = [:]
        let wanted = Set(names)
        for (table, names) in Dictionary(grouping: names, by: { $0.prefix { $0 != "/" } }) {
            guard let table = CoveredTable.named(table) else { continue }
            let keys = Set(names.compactMap { $0.split(separator: "/").dropFirst().first.map(String.init) }).sorted()
            for content in try contents(table, keys: keys) where wanted.contains(content.name) {
                found[content.name] = content
            }
        }
        return found
    }

    private func contents(_ table: CoveredTable, keys: [String]) throws -> [CoveredContent] {
        let key = SQL(stringLiteral: "x.\(table.keys[0])")
        return try query("\(table.selection) WHERE \(key) IN \(list: keys)").map { row in
            var reader = row.reader
            let (realm, subject) = (try reader.int64(), try reader.text())
            let values = zip(table.columns, row.values.dropFirst(2))
            return CoveredContent(
                name: table.name(of: Dictionary(values) { first, _ in first }), realm: realm, subject: subject,
                columns: values.compactMap { name, value in value.canonical.map { (name, $0) } })
        }
    }

    // MARK: Looking

    /// What the log says last of a row, and where; nil if it says nothing.
    package func lastEvidence(realm: Int64, subject: String, row name: String) throws -> (
        entry: EventRow, seal: RowSeal?
    )? {
        for entry in try evidence(realm: realm, subjects: [subject]).reversed() {
            if let found = Evidence.read(entry.after)?.first(where: { $0.name == name }) { return (entry, found.seal) }
        }
        return nil
    }

    /// The sealed entries that say what rows of some things contained, in their order.
    package func evidence(realm: Int64, subjects: [String]) throws -> [EventRow] {
        try all(
            """
            SELECT \(EventRow.columns) FROM events e \(only: .sqlite, "INDEXED BY events_by_object")
            WHERE e.realm = \(realm) AND e.object_id IN \(list: subjects) AND e.object_kind = \(Evidence.kind)
                AND e.position IS NOT NULL
            ORDER BY e.position
            """)
    }

    /// Whether a row was written and its content is not in the log yet.
    package func isUncovered(realm: Int64, row name: String) throws -> Bool {
        try integer(
            """
            SELECT COUNT(*) FROM (
                SELECT 1 AS one FROM uncovered_rows WHERE realm = \(realm) AND name = \(name) LIMIT 1) AS marks
            """) > 0
    }

    /// How many rows were written whose content is not in the log yet.
    package func uncoveredRows() throws -> Int { try integer("SELECT COUNT(*) FROM uncovered_rows") }
}

/// A row that was written and whose content is not in the log yet.
struct RowMark: RowDecodable {
    var realm: Int64
    var name: String
    var id: String
    var subject: String

    /// What the row belongs to, in its world.
    struct Thing: Hashable, Comparable {
        let realm: Int64
        let subject: String

        static func < (one: Self, other: Self) -> Bool {
            (one.subject, one.realm) < (other.subject, other.realm)
        }
    }

    init(_ reader: inout RowReader) throws {
        realm = try reader.int64()
        name = try reader.text()
        id = try reader.text()
        subject = try reader.text()
    }
}
