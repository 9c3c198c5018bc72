/// An event as those who watch get it: what happened to what, without its content.
package struct ChangeRow: Sendable, Equatable, RowDecodable {
    static let columns: SQL = "id, at, actor, object_kind, object_id, action"

    package var id: String
    package var at: Timestamp
    package var actor: String
    package var objectKind: String
    package var objectID: String
    package var action: String

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        at = try reader.time()
        actor = try reader.text()
        objectKind = try reader.text()
        objectID = try reader.text()
        action = try reader.text()
    }
}

extension Connection {
    /// What happened after an event, oldest first.
    ///
    /// Ids sort by time, not by commit: a reader that must miss nothing looks again at the last few seconds.
    package func changes(realm: Int64, after id: String, limit: Int) throws -> [ChangeRow] {
        try all(
            """
            SELECT \(ChangeRow.columns) FROM events
            WHERE realm = \(realm) AND id > \(id) AND object_kind <> \(Evidence.kind)
            ORDER BY id LIMIT \(SQL(number: limit))
            """)
    }

    /// How often each thing happened after an event.
    package func changeCounts(realm: Int64, after id: String) throws -> [(action: String, n: Int)] {
        try query(
            """
            SELECT action, COUNT(*) FROM (
                SELECT action FROM events
                WHERE realm = \(realm) AND id > \(id) AND object_kind <> \(Evidence.kind) ORDER BY id LIMIT 100000
            ) AS recent
            GROUP BY action ORDER BY action
            """
        ).map { row in
            var reader = row.reader
            return (try reader.text(), try reader.int())
        }
    }
}
