/// Which events are asked for; empty members do not filter.
package struct EventFilter: Sendable, Equatable {
    /// As `user:<id>`, `key:<id>` or `program`.
    package var actor: String?
    package var objectKind: String?
    package var objectID: String?
    package var action: String?
    package var times: TimeRange

    package init(
        actor: String? = nil, objectKind: String? = nil, objectID: String? = nil, action: String? = nil,
        times: TimeRange = TimeRange()
    ) {
        self.actor = actor
        self.objectKind = objectKind
        self.objectID = objectID
        self.action = action
        self.times = times
    }

    /// The conditions beside the realm, and the index whose part is likely to be smallest.
    fileprivate var conditions: SQL {
        var sql: SQL = ""
        // Those stand in the log to prove what rows contained, and nobody did them.
        if objectKind != Evidence.kind { sql += " AND e.object_kind <> 'evidence'" }
        if let objectID { sql += " AND e.object_id = \(objectID)" }
        if let actor { sql += " AND e.actor = \(actor)" }
        if let objectKind {
            sql += " AND e.object_kind = \(objectKind)"
            // Repeated as it stands in the index, which is used for nothing else.
            if objectKind != "task" { sql += " AND e.object_kind <> 'task'" }
        }
        if let action {
            sql += " AND e.action = \(action)"
            if isRare(action) { sql += " AND e.action NOT IN \(InsightSchema.commonActions)" }
        }
        if let from = times.from { sql += " AND e.id >= \(Identifier.first(at: from))" }
        if let through = times.through { sql += " AND e.id <= \(Identifier.last(at: through))" }
        return sql
    }

    fileprivate var hint: SQL {
        if objectID != nil { return "\(only: .sqlite, "INDEXED BY events_by_object")" }
        if let action, isRare(action) { return "\(only: .sqlite, "INDEXED BY events_by_action")" }
        if let objectKind, objectKind != "task" { return "\(only: .sqlite, "INDEXED BY events_by_kind")" }
        if actor != nil { return "\(only: .sqlite, "INDEXED BY events_by_actor")" }
        return ""
    }

    private func isRare(_ action: String) -> Bool { !InsightSchema.commonActions.text.contains("'\(action)'") }
}

extension Connection {
    /// Events that match, newest first, before the last one already seen.
    package func events(
        realm: Int64, filter: EventFilter, before cursor: String? = nil, limit: Int
    ) throws -> [EventRow] {
        let before: SQL = cursor.map { " AND e.id < \($0)" } ?? ""
        return try all(
            """
            SELECT \(EventRow.columns) FROM events e \(filter.hint)
            WHERE e.realm = \(realm)\(filter.conditions)\(before) ORDER BY e.id DESC LIMIT \(SQL(number: limit))
            """)
    }

    /// An event.
    package func event(realm: Int64, id: String) throws -> EventRow? {
        try first("SELECT \(EventRow.columns) FROM events WHERE realm = \(realm) AND id = \(id)")
    }

    /// The last event of an object up to a time that shows it whole: its `after` is the object's wire form.
    package func lastWholeEvent(realm: Int64, object: String, through id: String) throws -> EventRow? {
        try first(
            """
            SELECT \(EventRow.columns) FROM events e \(only: .sqlite, "INDEXED BY events_by_object")
            WHERE e.realm = \(realm) AND e.object_id = \(object) AND e.id <= \(id)
                AND e.after LIKE '{"task_id":%' AND e.action <> 'task.metadata_set'
            ORDER BY e.id DESC LIMIT 1
            """)
    }
}

extension Identifier {
    /// The smallest id that can have been made at a time.
    package static func first(at time: Timestamp) -> String { prefix(time.startOfMillisecond) + "000000000000" }

    /// The largest id that can have been made in the millisecond of a time.
    package static func last(at time: Timestamp) -> String { prefix(time.startOfMillisecond) + "ffffffffffff" }

    private static func prefix(_ time: Timestamp) -> String {
        let digits = String(UInt64(clamping: time.microseconds / 1000) & 0xFFFF_FFFF_FFFF, radix: 16)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }
}
