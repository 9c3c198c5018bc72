/// A change that has been made, to be logged.
package struct NewEvent: Sendable {
    package var id: String
    package var realm: Int64
    package var at: Timestamp

    /// Who made it, as `key:<id>`, `user:<id>` or `system`.
    package var actor: String
    package var objectKind: String
    package var objectID: String
    package var action: String

    /// The object before and after, JSON; nil where it did not, or does no longer, exist.
    package var before: String?
    package var after: String?

    package init(
        id: String? = nil, realm: Int64, at: Timestamp, actor: String, objectKind: String, objectID: String,
        action: String, before: String? = nil, after: String? = nil
    ) {
        self.id = id ?? Identifier.make(at)
        self.realm = realm
        self.at = at
        self.actor = actor
        self.objectKind = objectKind
        self.objectID = objectID
        self.action = action
        self.before = before
        self.after = after
    }
}

extension NewEvent {
    /// Events as rows.
    static func rows(_ events: [NewEvent]) -> RowInsert {
        var rows = RowInsert("events (realm, id, at, actor, object_kind, object_id, action, before, after)")
        for event in events {
            rows.add([
                event.realm.sqlValue, event.id.sqlValue, event.at.sqlValue, event.actor.sqlValue,
                event.objectKind.sqlValue, event.objectID.sqlValue, event.action.sqlValue, event.before.sqlValue,
                event.after.sqlValue,
            ])
        }
        return rows
    }
}

/// A logged change.
package struct EventRow: Sendable, Equatable {
    package var id: String
    package var realm: Int64
    package var at: Timestamp
    package var actor: String
    package var objectKind: String
    package var objectID: String
    package var action: String
    package var before: String?
    package var after: String?

    /// The place in the account's order, from 1; nil until it is sealed.
    package var position: Int64?

    /// The hash over this event and all before it; nil until it is sealed.
    package var hash: String?
}

extension EventRow: RowDecodable {
    static let columns: SQL =
        "id, realm, at, actor, object_kind, object_id, action, before, after, position, hash"

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        at = try reader.time()
        actor = try reader.text()
        objectKind = try reader.text()
        objectID = try reader.text()
        action = try reader.text()
        before = try reader.optionalText()
        after = try reader.optionalText()
        position = try reader.optionalInt64()
        hash = try reader.optionalText()
    }
}

extension Connection {
    /// Logs a change.
    package func append(_ event: NewEvent) throws {
        try append([event])
    }

    /// Logs changes.
    package func append(_ events: [NewEvent]) throws {
        try NewEvent.rows(events).run(in: self)
    }

    /// What happened to an object, oldest first, without what stands in the log to prove what rows contained.
    package func events(realm: Int64, object: String, limit: Int) throws -> [EventRow] {
        try all(
            """
            SELECT \(EventRow.columns) FROM events
            WHERE realm = \(realm) AND object_id = \(object) AND object_kind <> \(Evidence.kind)
            ORDER BY id LIMIT \(limit)
            """)
    }

    /// What happened after an event, or from the beginning, oldest first.
    ///
    /// Ids sort by time, not by commit: a reader that must miss nothing looks again at the last few seconds.
    package func events(realm: Int64, after id: String?, limit: Int) throws -> [EventRow] {
        try all(
            """
            SELECT \(EventRow.columns) FROM events WHERE realm = \(realm) AND id > \(id ?? "")
            ORDER BY id LIMIT \(limit)
            """)
    }

    /// The newest event's id.
    package func latestEventID(realm: Int64) throws -> String? {
        try optionalText("SELECT id FROM events WHERE realm = \(realm) ORDER BY id DESC LIMIT 1")
    }
}
