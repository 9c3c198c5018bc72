extension Connection {
    /// The ids of the next tasks of an account behind one, in order.
    package func taskIDs(realm: Int64, after id: String, limit: Int) throws -> [String] {
        // The sum keeps both engines on the order of ids, which a limit makes short.
        try texts(
            """
            SELECT id FROM tasks WHERE id > \(id) AND realm + 0 = \(realm) ORDER BY id LIMIT \(SQL(number: limit))
            """)
    }

    /// The ids of what was logged about a task, sealed or not, in the order of time, so many at a time that their texts are
    /// not too long together; each alone may be.
    package func eventIDs(aboutTask id: String, realm: Int64, bytes most: Int) throws -> [[String]] {
        var portions: [[String]] = [[]]
        var size = 0
        for row in try query(
            """
            SELECT e.id, COALESCE(LENGTH(e.after), 0) FROM events e \(only: .sqlite, "INDEXED BY events_by_object")
            WHERE e.realm = \(realm) AND e.object_id = \(id) AND e.object_kind = 'task' ORDER BY e.at, e.id
            """)
        {
            var reader = row.reader
            let (id, length) = (try reader.text(), try reader.int())
            if size > 0, size + length > most { (size, portions) = (0, portions + [[]]) }
            size += length
            portions[portions.count - 1].append(id)
        }
        return portions
    }

    /// Some events in the order of time, without what was before.
    package func eventsAfter(realm: Int64, ids: [String]) throws -> [EventRow] {
        try all(
            """
            SELECT e.id, e.realm, e.at, e.actor, e.object_kind, e.object_id, e.action, NULL, e.after, e.position, e.hash
            FROM events e WHERE e.realm = \(realm) AND e.id IN \(list: ids) ORDER BY e.at, e.id
            """)
    }

    /// Those of some tasks that are not there.
    package func missingTasks(_ ids: [String], realm: Int64) throws -> [String] {
        let found = Set(try texts("SELECT id FROM tasks WHERE id IN \(list: ids) AND realm + 0 = \(realm)"))
        return ids.filter { !found.contains($0) }
    }
}
