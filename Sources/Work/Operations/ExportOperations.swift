package import JSON
package import Media
package import Storage

/// Files of many tasks: asked for here, written by a job.
package struct ExportOperations: Sendable {
    private let environment: WorkEnvironment

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    /// How long a file is kept, in seconds.
    static let lifetime = 7 * 86_400.0

    private static let missing = Refusal(.notFound, "There is no such export.")

    /// Asks for a file.
    package func begin(
        _ format: ExportRow.Format, _ selection: TaskSelection, by actor: Actor
    ) async throws -> ExportRow {
        let realm = actor.realm.id
        let now = environment.now()
        let total = try await environment.database.read { db in try selection.total(realm: realm, in: db) }
        let row = ExportRow(
            id: Identifier.make(now), realm: realm, format: format, selection: selection.text, total: total,
            actor: actor.label, actorName: actor.name, createdAt: now)
        try await environment.database.write { db in
            try db.insertExport(row)
            try db.enqueue([WriteExport.job(row, at: now)], at: now)
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "export", objectID: row.id,
                    action: "export.asked", after: row.text))
        }
        environment.jobs.raise(.writeExport)
        return row
    }

    /// One export.
    package func show(_ id: String, by actor: Actor) async throws -> ExportRow {
        let realm = actor.realm.id
        let row = try await environment.database.read { db in try db.export(realm: realm, id: id) }
        guard let row else { throw Self.missing }
        return row
    }

    /// Exports, newest first.
    package func list(after id: String?, limit: Int, by actor: Actor) async throws -> [ExportRow] {
        let realm = actor.realm.id
        return try await environment.database.read { db in try db.exports(realm: realm, after: id, limit: limit) }
    }

    /// Stops the writing of a file.
    package func cancel(_ id: String, by actor: Actor) async throws -> ExportRow {
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.write { db in
            guard var row = try db.lockExport(realm: realm, id: id) else { throw Self.missing }
            guard row.state.isOpen else { return row }
            row.state = .canceled
            row.finishedAt = now
            try db.updateExport(row)
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "export", objectID: id,
                    action: "export.canceled", after: row.text))
            return row
        }
    }

    /// Removes an export and its file; one that is being written is stopped.
    package func delete(_ id: String, by actor: Actor) async throws {
        let realm = actor.realm.id
        let now = environment.now()
        let hash = try await environment.database.write { db -> String? in
            guard let row = try db.lockExport(realm: realm, id: id) else { throw Self.missing }
            try db.deleteExport(id)
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "export", objectID: id,
                    action: "export.deleted", before: row.text))
            return row.hash
        }
        if let hash { _ = try await environment.objects.remove([hash], putBefore: nil) }
    }

    /// The file of an export.
    ///
    /// - Throws: `Refusal` if there is none, or none any more.
    package func file(_ id: String, by actor: Actor) async throws -> (row: ExportRow, hash: ContentHash) {
        let row = try await show(id, by: actor)
        guard row.state == .done, let hash = row.hash.flatMap({ ContentHash($0) }) else {
            throw Refusal(.notFound, row.state.isOpen ? "The file is still being written." : "This export has no file.")
        }
        return (row, hash)
    }
}

extension WorkEnvironment {
    /// Removes exports whose time is over.
    func dropExpiredExports() async throws {
        let now = now()
        while true {
            let rows = try await database.write { db in
                let rows = try db.expiredExports(now: now, limit: 100)
                for row in rows { try db.deleteExport(row.id) }
                return rows
            }
            guard !rows.isEmpty else { return }
            _ = try await objects.remove(rows.compactMap(\.hash), putBefore: nil)
        }
    }
}

extension ExportRow {
    /// How the file is called when it is saved.
    package var fileName: String { "tasks-\(createdAt.iso8601.prefix(10))-\(id.suffix(6)).\(format.rawValue)" }

    var text: String {
        var writer = JSONWriter(capacity: 512)
        write(to: &writer)
        return writer.text
    }

    /// Writes the export as pages and programs see it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("format", format.rawValue)
            writer.field("name", fileName)
            TaskSelection.writeFilter(of: selection, to: &writer)
            writer.field("state", state.rawValue)
            writer.field("total", total)
            writer.field("done", done)
            writer.field("bytes", Int(bytes))
            writer.key("size")
            if state == .done { writer.value(Int(bytes)) } else { writer.null() }
            writer.nullable("url", state == .done && hash != nil ? "/api/exports/\(id)/file" : nil)
            writer.nullable("error", error)
            writer.field("created_at", time: createdAt.microseconds)
            writer.nullable("finished_at", time: finishedAt)
            writer.nullable("expires_at", time: expiresAt)
            writer.field("created_by", actorName)
        }
    }
}
