/// A person as others see them.
package struct PersonName: Sendable, Equatable {
    package var id: String
    package var name: String
    package var email: String
}

extension Connection {
    /// People by their ids.
    package func people(_ ids: some Collection<String>) throws -> [String: PersonName] {
        guard !ids.isEmpty else { return [:] }
        return try query("SELECT id, name, email FROM users WHERE id IN \(list: Array(ids))").reduce(into: [:]) {
            people, row in
            var reader = row.reader
            let person = PersonName(id: try reader.text(), name: try reader.text(), email: try reader.text())
            people[person.id] = person
        }
    }

    /// What things are called, by kind and id; those without a name of their own are left out.
    package func names(realm: Int64, of objects: Set<ObjectReference>) throws -> [ObjectReference: String] {
        var names: [ObjectReference: String] = [:]
        for (kind, references) in Dictionary(grouping: objects, by: \.kind) {
            let ids = references.map(\.id)
            let statement: SQL? =
                switch kind {
                case "task": "SELECT id, unique_id FROM tasks WHERE id IN \(list: ids) AND realm + 0 = \(realm)"
                case "project": "SELECT id, name FROM projects WHERE id IN \(list: ids)"
                case "batch": "SELECT id, name FROM batches WHERE id IN \(list: ids)"
                case "file": "SELECT id, name FROM files WHERE id IN \(list: ids)"
                case "group": "SELECT id, name FROM labeler_groups WHERE id IN \(list: ids)"
                case "integration": "SELECT id, name FROM integrations WHERE id IN \(list: ids)"
                case "key": "SELECT id, COALESCE(NULLIF(name, ''), hint) FROM api_keys WHERE id IN \(list: ids)"
                case "member", "user": "SELECT id, email FROM users WHERE id IN \(list: ids)"
                default: nil
                }
            guard let statement else { continue }
            for row in try query(statement) {
                var reader = row.reader
                let id = try reader.text()
                names[ObjectReference(kind: kind, id: id)] = try reader.optionalText()
            }
        }
        return names
    }
}

/// Something that events name.
package struct ObjectReference: Hashable, Sendable {
    package var kind: String
    package var id: String

    package init(kind: String, id: String) {
        self.kind = kind
        self.id = id
    }
}
