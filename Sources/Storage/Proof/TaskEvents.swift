extension Connection {
    /// The ids of the next tasks of an account behind one, in order.
    package func taskIDs(realm: Int64, after id: String, limit: Int) throws -> [String] {
        // The sum keeps both engines on the order of ids, which a limit makes short.
        try texts(
            """
            SELECT id FROM tasks WHERE id > \(id) AND realm + 0 = \(realm) ORDER BY id LIMIT \(SQL(number: limit))
            """)
    }

    /// What was logged about some tasks, sealed or not, in the order of their ids and of time.
    package func events(aboutTasks ids: [String], realm: Int64) throws -> [EventRow] {
        try all(
            """
            SELECT \(EventRow.columns) FROM events e \(only: .sqlite, "INDEXED BY events_by_object")
            WHERE e.realm = \(realm) AND e.object_id IN \(list: ids) AND e.object_kind = 'task'
            ORDER BY e.object_id, e.at, e.id
            """)
    }

    /// Those of some tasks that are not there.
    package func missingTasks(_ ids: [String], realm: Int64) throws -> [String] {
        let found = Set(try texts("SELECT id FROM tasks WHERE id IN \(list: ids) AND realm + 0 = \(realm)"))
        return ids.filter { !found.contains($0) }
    }
}
