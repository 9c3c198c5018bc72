import Labeling
package import Storage

/// What can be done with imports while they go on and afterwards.
package struct ImportOperations: Sendable {
    let environment: WorkEnvironment

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    private static let unknown = Refusal(.notFound, "There is no import with that id.")

    /// Imports, newest first, those behind an id.
    package func list(after id: String?, limit: Int, by actor: Actor) async throws -> [ImportRow] {
        try await environment.database.read { db in
            try db.imports(realm: actor.realm.id, after: id, limit: limit)
        }
    }

    /// An import.
    package func show(_ id: String, by actor: Actor) async throws -> ImportRow {
        let row = try await environment.database.read { db in try db.taskImport(realm: actor.realm.id, id: id) }
        guard let row else { throw Self.unknown }
        return row
    }

    /// Stops an import before its next portion.
    package func cancel(_ id: String, by actor: Actor) async throws -> ImportRow {
        let now = environment.now()
        return try await environment.database.write { db in
            guard var row = try db.lockImport(realm: actor.realm.id, id: id) else { throw Self.unknown }
            guard row.state.isOpen else { throw Refusal(.conflict, "This import is \(row.state.rawValue) already.") }
            row.state = .canceled
            row.updatedAt = now
            row.finishedAt = now
            try db.updateImport(row)
            try db.append(
                NewEvent(
                    realm: row.realm, at: now, actor: actor.label, objectKind: "import", objectID: row.id,
                    action: "import.canceled", after: row.text))
            return row
        }
    }
}
