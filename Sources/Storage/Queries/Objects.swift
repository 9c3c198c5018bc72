/// A column that names objects; what stands in none of them is nobody's.
package struct ObjectColumn: Sendable {
    /// The table.
    package let table: String
    /// The column, which has an index of its own.
    package let column: String

    /// Every column there is.
    ///
    /// Forgetting one loses data, so a test compares this list with the schema.
    package static let all = [
        ObjectColumn(table: "attachments", column: "hash"),
        ObjectColumn(table: "attachments", column: "thumbnail_hash"),
        ObjectColumn(table: "attachments", column: "display_hash"),
        ObjectColumn(table: "fetched", column: "hash"),
        ObjectColumn(table: "conversions", column: "hash"),
        ObjectColumn(table: "files", column: "hash"),
        ObjectColumn(table: "exports", column: "hash"),
        ObjectColumn(table: "tilings", column: "pack"),
        ObjectColumn(table: "upload_pieces", column: "hash"),
    ]

    /// A condition on `o.hash`: that no row names it.
    static var none: SQL {
        SQL.joined(
            all.map {
                SQL(stringLiteral: "NOT EXISTS (SELECT 1 FROM \($0.table) r WHERE r.\($0.column) = o.hash)")
            }, by: " AND ")
    }
}

/// Some objects of the register, in order, and which of them may go.
package struct ObjectPortion: Sendable {
    /// The last one looked at; nil if there is none.
    package var last: String?

    /// Those that nothing refers to and that were put before the time asked for.
    package var unused: [String]
}

extension Connection {
    /// Enters an object that is about to be published, or notes that it was put again.
    ///
    /// - Returns: False if an object with this hash is being removed at the moment; it can be put when that is over.
    package func register(object hash: String, size: Int, at now: Timestamp) throws -> Bool {
        try execute(
            """
            INSERT INTO objects (hash, size, state, used_at) VALUES (\(hash), \(size), 'kept', \(now))
            ON CONFLICT (hash) DO UPDATE SET used_at = excluded.used_at, size = excluded.size
            WHERE objects.state = 'kept'
            """) > 0
    }

    /// Keeps objects from being removed while this transaction makes rows refer to them.
    ///
    /// Collection locks an object before it looks for references, and passes by what is locked here.
    ///
    /// - Throws: `StorageError.missingObject` if one of them is gone or about to go; it has to be put again.
    package func keep(objects hashes: [String?]) throws {
        let wanted = Set(hashes.compactMap(\.self))
        guard !wanted.isEmpty else { return }
        let found = try texts(
            """
            SELECT hash FROM objects WHERE hash IN \(list: wanted.sorted()) AND state = 'kept'
            \(only: .postgres, "FOR SHARE")
            """)
        if let missing = wanted.subtracting(found).min() { throw StorageError.missingObject(missing) }
    }

    /// The next objects behind one, and which of them nothing refers to; looked at beside the writers, so only a guess.
    package func objects(after hash: String, putBefore cutoff: Timestamp, limit: Int) throws -> ObjectPortion {
        var portion = ObjectPortion(last: nil, unused: [])
        let rows = try query(
            """
            SELECT o.hash, CASE WHEN o.used_at < \(cutoff) AND \(ObjectColumn.none) THEN 1 ELSE 0 END
            FROM (SELECT hash, used_at FROM objects WHERE hash > \(hash) AND state = 'kept'
                ORDER BY hash LIMIT \(SQL(number: limit))) o
            ORDER BY o.hash
            """)
        for row in rows {
            var reader = row.reader
            let hash = try reader.text()
            portion.last = hash
            if try reader.bool() { portion.unused.append(hash) }
        }
        return portion
    }

    /// Decides which of some objects leave: those put before a time that no row refers to.
    ///
    /// From here on none of them can be referred to or put again until ``forget(objects:leavingSince:)``.
    package func release(objects hashes: [String], putBefore cutoff: Timestamp, at now: Timestamp) throws -> [String] {
        // Locked before the references are looked for: a transaction that is about to refer to one has locked it by
        // then, or finds it leaving.
        let locked = try texts(
            """
            SELECT hash FROM objects WHERE hash IN \(list: hashes) AND state = 'kept' AND used_at < \(cutoff)
            ORDER BY hash \(only: .postgres, "FOR UPDATE SKIP LOCKED")
            """)
        guard !locked.isEmpty else { return [] }
        let unused = try texts(
            "SELECT o.hash FROM objects o WHERE o.hash IN \(list: locked) AND \(ObjectColumn.none) ORDER BY o.hash")
        guard !unused.isEmpty else { return [] }
        for hash in unused { try forgetInspection(of: hash) }
        try execute("UPDATE objects SET state = 'leaving', used_at = \(now) WHERE hash IN \(list: unused)")
        return unused
    }

    /// Objects whose removal was begun before a time and never ended; their removal begins anew now.
    package func takeOverLeaving(before cutoff: Timestamp, at now: Timestamp, limit: Int) throws -> [String] {
        let hashes = try texts(
            """
            SELECT hash FROM objects WHERE state = 'leaving' AND used_at < \(cutoff)
            ORDER BY used_at LIMIT \(SQL(number: limit)) \(only: .postgres, "FOR UPDATE SKIP LOCKED")
            """)
        try execute("UPDATE objects SET used_at = \(now) WHERE hash IN \(list: hashes) AND state = 'leaving'")
        return hashes
    }

    /// Forgets objects that have been removed.
    package func forget(objects hashes: [String], leavingSince time: Timestamp) throws {
        try execute("DELETE FROM objects WHERE hash IN \(list: hashes) AND state = 'leaving' AND used_at = \(time)")
    }

    /// How many objects are kept and how many bytes they have.
    package func objectTotals() throws -> (count: Int, bytes: Int64) {
        var reader = try query("SELECT COUNT(*), COALESCE(SUM(size), 0) FROM objects WHERE state = 'kept'")[0].reader
        return (try reader.int(), try reader.int64())
    }
}
