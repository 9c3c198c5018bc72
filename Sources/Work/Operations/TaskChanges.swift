package import JSON
import Labeling
package import Storage

/// What a customer's verdict says.
package struct Verdict: Sendable {
    package var accepted: Bool
    package var comments: String?

    package init(accepted: Bool, comments: String?) {
        self.accepted = accepted
        self.comments = comments
    }
}

extension TaskOperations {
    /// Runs a change of one task in a transaction that holds the task's row.
    ///
    /// - Throws: `Refusal.noSuchTask` for ids of other realms and of nothing.
    func change(
        _ id: String, by actor: Actor,
        _ body: @escaping @Sendable (any Connection, TaskHead, Timestamp) throws -> Void
    ) async throws -> TaskRow {
        guard Identifier.isValid(id) else { throw Refusal.noSuchTask }
        let now = environment.now()
        let realm = actor.realm.id
        let row = try await environment.database.write { db in
            guard let head = try db.lockTask(realm: realm, id: id) else { throw Refusal.noSuchTask }
            try body(db, head, now)
            guard let row = try db.task(realm: realm, id: id) else { throw Refusal.noSuchTask }
            return row
        }
        environment.jobs.raise(.deliverCallback, .closeBatch)
        return row
    }

    private func record(
        _ action: String, _ id: String, by actor: Actor, before: String?, after: String?, in db: any Connection,
        now: Timestamp
    ) throws {
        try db.append(
            NewEvent(
                realm: actor.realm.id, at: now, actor: actor.label, objectKind: "task", objectID: id, action: action,
                before: before, after: after))
    }

    /// Calls a task off; only one that nobody has started can be.
    package func cancel(_ id: String, clearUniqueID: Bool, by actor: Actor) async throws -> TaskRow {
        try await change(id, by: actor) { db, head, now in
            if head.status != .canceled {
                try TaskTransitions.apply(
                    .canceled, to: head, by: actor.label, isTest: actor.realm.isTest, in: db, now: now)
            }
            if clearUniqueID, head.uniqueID != nil {
                _ = try db.clearUniqueID(realm: head.realm, id: id, at: now)
                try record(
                    "task.unique_id_cleared", id, by: actor, before: Self.json("unique_id", head.uniqueID),
                    after: nil, in: db, now: now)
            }
        }
    }

    /// Gives a customer's verdict on a completed task.
    package func audit(_ id: String, _ verdict: Verdict, by actor: Actor) async throws -> TaskRow {
        try await change(id, by: actor) { db, head, now in
            _ = try AuditVerdicts.record(
                AuditVerdict(result: verdict.accepted ? .accepted : .rejected, comments: verdict.comments), on: head,
                by: actor, in: db, now: now)
        }
    }

    /// Gives a task another `unique_id`.
    package func setUniqueID(_ id: String, _ uniqueID: String, by actor: Actor) async throws -> TaskRow {
        try await change(id, by: actor) { db, head, now in
            switch try db.setUniqueID(realm: head.realm, id: id, uniqueID: uniqueID, at: now) {
            case .set: break
            case .takenBy(let other): throw Self.taken(uniqueID, by: other)
            case .missing: throw Refusal.noSuchTask
            }
            try record(
                "task.unique_id_set", id, by: actor, before: Self.json("unique_id", head.uniqueID),
                after: Self.json("unique_id", uniqueID), in: db, now: now)
        }
    }

    /// Takes a task's `unique_id` away, so that it can be used again.
    package func clearUniqueID(_ id: String, by actor: Actor) async throws -> TaskRow {
        try await change(id, by: actor) { db, head, now in
            _ = try db.clearUniqueID(realm: head.realm, id: id, at: now)
            try record(
                "task.unique_id_cleared", id, by: actor, before: Self.json("unique_id", head.uniqueID), after: nil,
                in: db, now: now)
        }
    }

    /// Replaces a task's metadata.
    package func setMetadata(_ id: String, _ metadata: RawJSON, by actor: Actor) async throws -> TaskRow {
        try await change(id, by: actor) { db, head, now in
            let before = try db.task(realm: head.realm, id: id)?.metadata
            _ = try db.setMetadata(realm: head.realm, id: id, metadata: metadata.text, at: now)
            try record(
                "task.metadata_set", id, by: actor, before: before, after: metadata.text, in: db, now: now)
        }
    }

    /// How a change of tags treats those that are there.
    package enum TagChange: Sendable {
        case replace, add, remove
    }

    /// Changes a task's tags, keeping their order.
    package func changeTags(_ id: String, _ change: TagChange, _ tags: [String], by actor: Actor) async throws
        -> TaskRow
    {
        try await self.change(id, by: actor) { db, head, now in
            let made = try Self.changeTags(change, of: [(head, tags)], by: actor, in: db, now: now)
            if made.contains(where: \.hasTooMany) { throw TagsOfTask.tooMany }
        }
    }

    /// The tags of a task before and after a change.
    struct TagsOfTask {
        let old: [String]
        let new: [String]

        /// Whether there would be more than a task can have, so that nothing was changed.
        var hasTooMany: Bool { new.count > TaskCommon.tagLimit }

        static let tooMany = Issues("tags", "`tags` may contain at most \(TaskCommon.tagLimit) tags.")
    }

    /// Changes the tags of tasks that are locked, by those named beside each, and answers those of before and after.
    static func changeTags(
        _ change: TagChange, of tasks: [(head: TaskHead, tags: [String])], by actor: Actor, in db: any Connection,
        now: Timestamp
    ) throws -> [TagsOfTask] {
        let old = try db.taskTags(tasks.map(\.head.id))
        let made = tasks.map { head, tags in
            let old = old[head.id] ?? []
            let new: [String] =
                switch change {
                case .replace: unique(tags)
                case .add: unique(old + tags)
                case .remove: old.filter { !tags.contains($0) }
                }
            return TagsOfTask(old: old, new: new)
        }
        let changes = zip(tasks, made).filter { _, tags in tags.old != tags.new && !tags.hasTooMany }
        try db.setTags(changes.map { NewTags($0.head, from: $1.old, to: $1.new) }, at: now)
        try db.append(
            changes.map { task, tags in
                NewEvent(
                    realm: task.head.realm, at: now, actor: actor.label, objectKind: "task", objectID: task.head.id,
                    action: "task.tags_set", before: json(tags.old), after: json(tags.new))
            })
        return made
    }

    /// Sends the callback of a finished task again.
    package func resend(_ id: String, by actor: Actor) async throws -> TaskRow {
        try await change(id, by: actor) { db, head, now in
            guard head.status == .completed || head.status == .error else {
                throw Refusal(.invalid, "Only the callback of a completed or failed task can be sent again.")
            }
            guard let row = try db.task(realm: head.realm, id: id), row.callbackURL != nil else {
                throw Refusal(.invalid, "This task has no callback_url.")
            }
            let audits = try db.audits(realm: head.realm, tasks: [id])
            try Outbox.tell(row, isTest: actor.realm.isTest, audits: audits, in: db, now: now)
            try record("task.callback_resent", id, by: actor, before: nil, after: nil, in: db, now: now)
        }
    }

    private static func unique(_ tags: [String]) -> [String] {
        var seen: Set<String> = []
        return tags.filter { seen.insert($0).inserted }
    }

    private static func json(_ name: StaticString, _ value: String?) -> String? {
        guard let value else { return nil }
        var writer = JSONWriter(capacity: 64)
        writer.object { $0.field(name, value) }
        return writer.text
    }

    private static func json(_ list: [String]) -> String {
        var writer = JSONWriter(capacity: 64)
        writer.array { writer in list.forEach { writer.value($0) } }
        return writer.text
    }
}
