package import JSON
package import Storage

/// Changes of many tasks: asked for here, made by a job.
package struct BulkOperations: Sendable {
    private let environment: WorkEnvironment

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    private static let missing = Refusal(.notFound, "There is no such bulk change.")

    /// How many tasks a change would be about now.
    package func count(_ selection: TaskSelection, by actor: Actor) async throws -> Int {
        let realm = actor.realm.id
        return try await environment.database.read { db in try selection.total(realm: realm, in: db) }
    }

    /// Asks for a change of many tasks.
    ///
    /// - Throws: `Refusal` if the tasks are to go where there is no staging batch.
    package func begin(
        _ request: BulkRequest, _ selection: TaskSelection, by actor: Actor
    ) async throws -> BulkChangeRow {
        let realm = actor.realm.id
        let now = environment.now()
        let total = try await environment.database.read { db in
            if request.action == .move, let name = request.batch {
                guard let batch = try db.batch(realm: realm, named: name) else { throw Refusal.noSuchBatch(name) }
                guard batch.status == .staging else {
                    throw Issues(
                        "batch", "`batch` \(JSONWriter.quoted(name)) has been launched; name one that is staging.")
                }
            }
            return try selection.total(realm: realm, in: db)
        }
        let row = BulkChangeRow(
            id: Identifier.make(now), realm: realm, action: request.action.rawValue, detail: request.detail,
            selection: selection.text, total: total, actor: actor.label, actorName: actor.name, createdAt: now)
        try await environment.database.write { db in try Self.store(row, by: actor, in: db, now: now) }
        environment.jobs.raise(.changeTasks)
        return row
    }

    private static func store(_ row: BulkChangeRow, by actor: Actor, in db: any Connection, now: Timestamp) throws {
        try db.insertBulkChange(row)
        try db.enqueue([ChangeTasks.job(row, at: now)], at: now)
        try db.append(
            NewEvent(
                realm: row.realm, at: now, actor: actor.label, objectKind: "bulk_change", objectID: row.id,
                action: "bulk_change.asked", after: row.text))
    }

    /// One change of many tasks.
    package func show(_ id: String, by actor: Actor) async throws -> BulkChangeRow {
        let realm = actor.realm.id
        let row = try await environment.database.read { db in try db.bulkChange(realm: realm, id: id) }
        guard let row else { throw Self.missing }
        return row
    }

    /// Changes of many tasks, newest first.
    package func list(after id: String?, limit: Int, by actor: Actor) async throws -> [BulkChangeRow] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            try db.bulkChanges(realm: realm, after: id, limit: limit)
        }
    }

    /// What became of the tasks of a change, in the order of the work.
    package func results(
        of id: String, outcome: BulkResultRow.Outcome?, after position: Int, limit: Int, by actor: Actor
    ) async throws -> [BulkResultRow] {
        _ = try await show(id, by: actor)
        return try await environment.database.read { db in
            try db.bulkResults(id, outcome: outcome, after: position, limit: limit)
        }
    }

    /// Stops a change; what has been done stays done.
    package func cancel(_ id: String, by actor: Actor) async throws -> BulkChangeRow {
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.write { db in
            guard var row = try db.lockBulkChange(realm: realm, id: id) else { throw Self.missing }
            guard row.state.isOpen else { return row }
            row.state = .canceled
            row.finishedAt = now
            try db.updateBulkChange(row)
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "bulk_change", objectID: id,
                    action: "bulk_change.canceled", after: row.text))
            return row
        }
    }

    /// Asks for a change to be taken back: a change of its own, of the tasks that were changed.
    package func undo(_ id: String, by actor: Actor) async throws -> BulkChangeRow {
        let realm = actor.realm.id
        let now = environment.now()
        let row = try await environment.database.write { db in
            guard var row = try db.lockBulkChange(realm: realm, id: id) else { throw Self.missing }
            if let reason = row.whyNotUndoable { throw Refusal(.invalid, reason) }
            let undoing = BulkChangeRow(
                id: Identifier.make(now), realm: realm, action: row.action, detail: row.detail,
                selection: row.selection, total: row.changed, actor: actor.label, actorName: actor.name, undoes: id,
                createdAt: now)
            row.undoneBy = undoing.id
            try db.updateBulkChange(row)
            try Self.store(undoing, by: actor, in: db, now: now)
            return undoing
        }
        environment.jobs.raise(.changeTasks)
        return row
    }
}

extension BulkChangeRow {
    /// Why this change cannot be taken back; nil if it can.
    var whyNotUndoable: String? {
        guard let action = BulkAction(rawValue: action) else { return "This program does not know the action." }
        if undoes != nil { return "This is an undo itself; ask for the change once more instead." }
        if undoneBy != nil { return "This has been undone already." }
        if state.isOpen { return "This is not finished yet; cancel it first." }
        if !action.isUndoable {
            return action == .cancel
                ? "Canceled tasks cannot be brought back; create them again."
                : "Work that was asked for again cannot be called back."
        }
        return changed == 0 ? "Nothing was changed, so there is nothing to undo." : nil
    }

    var text: String {
        var writer = JSONWriter(capacity: 512)
        write(to: &writer)
        return writer.text
    }

    /// Writes the change as pages and programs see it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("action", action)
            writer.field("detail", raw: detail)
            TaskSelection.writeFilter(of: selection, to: &writer)
            writer.field("state", state.rawValue)
            writer.field("total", total)
            writer.field("done", done)
            writer.field("changed", changed)
            writer.field("unchanged", unchanged)
            writer.field("refused", refused)
            writer.field("undoable", whyNotUndoable == nil)
            writer.nullable("undone_by", undoneBy)
            writer.nullable("undoes", undoes)
            writer.field("words", words)
            writer.nullable("error", error)
            writer.field("created_at", time: createdAt.microseconds)
            writer.nullable("finished_at", time: finishedAt)
            writer.field("created_by", actorName)
        }
    }

    /// What is or was done, in a sentence or two.
    private var words: String {
        let what: String
        do { what = try BulkRequest(action: action, detail: detail).words(total) } catch { what = action }
        let begin = undoes == nil ? what : "Undo: \(what)"
        guard done > 0 || !state.isOpen else { return "\(begin)." }
        var counts = ["\(changed) changed"]
        if unchanged > 0 { counts.append("\(unchanged) were so already") }
        if refused > 0 { counts.append("\(refused) refused") }
        let end = state == .canceled ? "; stopped" : state == .failed ? "; failed" : ""
        return "\(begin): \(counts.joined(separator: ", "))\(end)."
    }
}

extension BulkResultRow {
    /// Writes what became of a task.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("task_id", taskID)
            writer.field("outcome", outcome.rawValue)
            writer.field(
                "words",
                reason ?? (outcome == .changed ? "It was changed." : "It was so already."))
        }
    }
}
