import JSON
import Labeling
import Storage

/// Does what a change of many tasks asks for with one of them, in the transaction of a portion.
struct BulkStep {
    let request: BulkRequest
    let actor: Actor

    /// What became of a task.
    struct Outcome {
        var outcome: BulkResultRow.Outcome
        var reason: String?
        var before: String?

        static let unchanged = Outcome(outcome: .unchanged)
        static func refused(_ reason: String) -> Outcome { Outcome(outcome: .refused, reason: reason) }
        static func changed(before: String? = nil) -> Outcome { Outcome(outcome: .changed, before: before) }
    }

    static let missing = "There is no such task."

    /// Changes a task, which is locked.
    func apply(to head: TaskHead, in db: any Connection, now: Timestamp) throws -> Outcome {
        do {
            switch request.action {
            case .cancel: return try cancel(head, in: db, now: now)
            case .priority: return try prioritize(head, request.priority, in: db, now: now)
            case .addTags: return try tag(head, .add, request.tags, in: db, now: now)
            case .removeTags: return try tag(head, .remove, request.tags, in: db, now: now)
            case .move: return try move(head, in: db, now: now)
            case .redo:
                let recall = RecallRequest(message: request.comment, person: .same)
                _ = try Recall.apply(recall, to: head, by: actor, in: db, now: now)
                return .changed()
            }
        } catch let error as TaskLifecycleError {
            return .refused(error.message)
        } catch let refusal as Refusal {
            return .refused(refusal.message)
        } catch let issues as Issues {
            return .refused(issues.all.map(\.message).joined(separator: " "))
        }
    }

    /// Brings back what was there before, unless somebody has changed it since.
    func undo(_ result: BulkResultRow, _ head: TaskHead, in db: any Connection, now: Timestamp) throws -> Outcome {
        let changedSince = Outcome.refused("It was changed again since.")
        do {
            switch request.action {
            case .priority:
                guard head.priority ?? 0 == request.priority else { return changedSince }
                return try prioritize(head, Int(result.before ?? "") ?? 0, in: db, now: now)
            case .addTags: return try tag(head, .remove, Self.list(result.before), in: db, now: now)
            case .removeTags: return try tag(head, .add, Self.list(result.before), in: db, now: now)
            case .move:
                guard let target = try db.batch(realm: head.realm, named: request.batch ?? ""),
                    head.batchID == target.id, let before = result.before
                else { return changedSince }
                return try move(head, to: try db.batch(realm: head.realm, id: before), in: db, now: now)
            case .cancel, .redo: return .refused("This cannot be undone.")
            }
        } catch let refusal as Refusal {
            return .refused(refusal.message)
        } catch let issues as Issues {
            return .refused(issues.all.map(\.message).joined(separator: " "))
        }
    }

    // MARK: Actions

    private func cancel(_ head: TaskHead, in db: any Connection, now: Timestamp) throws -> Outcome {
        let isCanceled = head.status == .canceled
        if !isCanceled {
            try TaskTransitions.apply(
                .canceled, to: head, by: actor.label, isTest: actor.realm.isTest, in: db, now: now)
        }
        guard request.clearsUniqueID, let uniqueID = head.uniqueID else { return isCanceled ? .unchanged : .changed() }
        _ = try db.clearUniqueID(realm: head.realm, id: head.id, at: now)
        try record("task.unique_id_cleared", head, before: Self.json { $0.field("unique_id", uniqueID) }, in: db, now)
        return .changed()
    }

    private func prioritize(
        _ head: TaskHead, _ priority: Int, in db: any Connection, now: Timestamp
    ) throws -> Outcome {
        guard head.status == .pending else {
            return .refused("It is no longer pending, so nobody waits for it.")
        }
        let old = head.priority ?? 0
        guard old != priority else { return .unchanged }
        try db.setTaskPriority(
            realm: head.realm, id: head.id, priority: priority == 0 ? nil : priority, at: now)
        try record(
            "task.priority_set", head, before: Self.json { $0.field("priority", old) },
            after: Self.json { $0.field("priority", priority) }, in: db, now)
        return .changed(before: String(old))
    }

    private func tag(
        _ head: TaskHead, _ change: TaskOperations.TagChange, _ tags: [String], in db: any Connection, now: Timestamp
    ) throws -> Outcome {
        let (old, new) = try TaskOperations.changeTags(change, tags, of: head, by: actor, in: db, now: now)
        guard old != new else { return .unchanged }
        let differing = change == .add ? new.filter { !old.contains($0) } : old.filter { !new.contains($0) }
        return .changed(before: Self.json(differing))
    }

    private func move(_ head: TaskHead, in db: any Connection, now: Timestamp) throws -> Outcome {
        guard let name = request.batch, let target = try db.batch(realm: head.realm, named: name) else {
            throw Refusal.noSuchBatch(request.batch ?? "")
        }
        return try move(head, to: target, in: db, now: now)
    }

    private func move(_ head: TaskHead, to target: BatchRow?, in db: any Connection, now: Timestamp) throws -> Outcome {
        guard let target else { return .refused("The batch is gone.") }
        guard head.batchID != target.id else { return .unchanged }
        guard head.projectID == target.projectID else {
            return .refused("It belongs to another project than the batch.")
        }
        guard target.status == .staging else { return .refused("The batch has been launched.") }
        guard head.stage == .staged || head.stage == .ingesting else {
            return .refused(head.status == .pending ? "It is at work already." : "It is no longer pending.")
        }
        let source = try head.batchID.flatMap { try db.batch(realm: head.realm, id: $0) }
        guard let source, source.status == .staging else { return .refused("Its batch has been launched.") }
        try db.setTaskBatch(head, to: target.id, at: now)
        try record(
            "task.moved", head, before: Self.json { $0.field("batch", source.name) },
            after: Self.json { $0.field("batch", target.name) }, in: db, now)
        return .changed(before: source.id)
    }

    /// What a portion has to leave behind: a batch may have been launched while tasks were being moved into it.
    func finish(realm: Int64, in db: any Connection, now: Timestamp) throws {
        guard request.action == .move, let name = request.batch, let batch = try db.batch(realm: realm, named: name)
        else { return }
        try db.enqueue([LaunchBatch.job(realm: realm, batch: batch.id, at: now)], at: now)
    }

    // MARK: Texts

    private func record(
        _ action: String, _ head: TaskHead, before: String?, after: String? = nil, in db: any Connection,
        _ now: Timestamp
    ) throws {
        try db.append(
            NewEvent(
                realm: head.realm, at: now, actor: actor.label, objectKind: "task", objectID: head.id, action: action,
                before: before, after: after))
    }

    private static func json(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(capacity: 64)
        writer.object(body)
        return writer.text
    }

    private static func json(_ list: [String]) -> String {
        var writer = JSONWriter(capacity: 64)
        writer.array { writer in list.forEach { writer.value($0) } }
        return writer.text
    }

    private static func list(_ text: String?) -> [String] {
        guard let text else { return [] }
        // We wrote it ourselves; what cannot be read has nothing in it.
        do { return try JSONDocument.read(text) { $0.elements.compactMap(\.string) } } catch { return [] }
    }
}
