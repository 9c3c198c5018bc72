/// An object of the register.
package struct RegisteredObject: Sendable, Equatable, RowDecodable {
    /// SHA-256 of the bytes, in hex.
    package let hash: String
    /// Bytes; 0 where it was not known when the register was made.
    package let size: Int64
    /// Whether a row refers to it.
    package let isNamed: Bool

    package init(_ reader: inout RowReader) throws {
        hash = try reader.text()
        size = try reader.int64()
        isNamed = try reader.bool()
    }
}

/// Whose object it is.
package struct ObjectOwner: Sendable, Hashable, RowDecodable {
    /// What the object is to its owner, as `attachment` or `thumbnail`.
    package let role: String
    /// `task`, `file`, `export`, `upload` or `address`.
    package let kind: String
    /// The owner's id; empty for an address.
    package let id: String

    package init(_ reader: inout RowReader) throws {
        role = try reader.text()
        kind = try reader.text()
        id = try reader.text()
    }
}

extension Connection {
    /// The next objects of the register behind one, in order; those that are being removed are left out.
    package func registeredObjects(after hash: String, limit: Int) throws -> [RegisteredObject] {
        try all(
            """
            SELECT o.hash, o.size, CASE WHEN \(ObjectColumn.none) THEN 0 ELSE 1 END
            FROM (SELECT hash, size FROM objects WHERE hash > \(hash) AND state = 'kept'
                ORDER BY hash LIMIT \(SQL(number: limit))) o
            ORDER BY o.hash
            """)
    }

    /// Whether an object is in the register and a row refers to it.
    package func isNamed(object hash: String) throws -> Bool {
        try !texts(
            "SELECT o.hash FROM objects o WHERE o.hash = \(hash) AND o.state = 'kept' AND NOT (\(ObjectColumn.none))"
        ).isEmpty
    }

    /// Objects that a column names and the register does not know, of which there are none unless somebody changed the
    /// database past the program.
    package func unregisteredObjects(in column: ObjectColumn, limit: Int) throws -> [String] {
        let name = SQL(stringLiteral: "r.\(column.column)")
        let table = SQL(stringLiteral: column.table)
        return try texts(
            """
            SELECT DISTINCT \(name) FROM \(table) r WHERE \(name) IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.hash = \(name) AND o.state = 'kept')
            ORDER BY 1 LIMIT \(SQL(number: limit))
            """)
    }

    /// Those to whom an object belongs, at most so many.
    package func owners(ofObject hash: String, limit: Int) throws -> [ObjectOwner] {
        try all(
            """
            SELECT role, kind, id FROM (
                SELECT 'attachment' AS role, 'task' AS kind, task_id AS id FROM attachments WHERE hash = \(hash)
                UNION SELECT 'thumbnail', 'task', task_id FROM attachments WHERE thumbnail_hash = \(hash)
                UNION SELECT 'display', 'task', task_id FROM attachments WHERE display_hash = \(hash)
                UNION SELECT c.kind, 'task', a.task_id FROM conversions c JOIN attachments a ON a.hash = c.source
                    WHERE c.hash = \(hash)
                UNION SELECT 'tiles', 'task', a.task_id FROM tilings t JOIN attachments a ON a.hash = t.hash
                    WHERE t.pack = \(hash)
                UNION SELECT 'bytes', 'file', id FROM files WHERE hash = \(hash)
                UNION SELECT 'bytes', 'export', id FROM exports WHERE hash = \(hash)
                UNION SELECT 'piece', 'upload', upload_id FROM upload_pieces WHERE hash = \(hash)
                UNION SELECT 'copy', 'address', '' FROM fetched WHERE hash = \(hash)) AS owners
            ORDER BY kind DESC, role, id LIMIT \(SQL(number: limit))
            """)
    }

    /// Enters objects that a store was found to have, and sizes that were not known.
    ///
    /// Nobody refers to those that are new here, and one that is being removed at the moment may be among them: its row
    /// goes with the next collection after the time of grace.
    ///
    /// - Returns: How many are new.
    package func enterFound(objects found: [(hash: String, size: Int)], at now: Timestamp) throws -> Int {
        let known = Set(try texts("SELECT hash FROM objects WHERE hash IN \(list: found.map(\.hash))"))
        var rows = RowInsert(
            "objects (hash, size, state, used_at)",
            conflict: "ON CONFLICT (hash) DO UPDATE SET size = excluded.size WHERE objects.size = 0")
        for object in found {
            rows.add([object.hash.sqlValue, object.size.sqlValue, "kept".sqlValue, now.sqlValue])
        }
        try rows.run(in: self)
        return found.count - known.count
    }

    /// Whether the data is older than the register of objects, so that there may be objects that are not in it.
    package func hasDataBeforeRegister() throws -> Bool {
        try integer("SELECT COUNT(DISTINCT applied_at) FROM schema_migrations WHERE version IN (1, 6)") > 1
    }
}
