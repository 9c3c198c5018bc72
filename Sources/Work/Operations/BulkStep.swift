import JSON
import Labeling
import Storage

/// Does what a change of many tasks asks for with a portion of them, in one transaction.
///
/// What is asked for most, of the most tasks, takes a fixed number of statements for all of them; the rest goes task by task.
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

    /// Changes tasks, which are locked; answers what became of each.
    func apply(to heads: [TaskHead], in db: any Connection, now: Timestamp) throws -> [Outcome] {
        switch request.action {
        case .priority: try prioritize(heads.map { ($0, request.priority) }, in: db, now: now)
        case .addTags: try tag(.add, heads.map { ($0, request.tags) }, in: db, now: now)
        case .removeTags: try tag(.remove, heads.map { ($0, request.tags) }, in: db, now: now)
        case .cancel: try heads.map { head in try judged { try cancel(head, in: db, now: now) } }
        case .move: try heads.map { head in try judged { try move(head, in: db, now: now) } }
        case .redo:
            try heads.map { head in
                try judged {
                    let recall = RecallRequest(message: request.comment, person: .same)
                    _ = try Recall.apply(recall, to: head, by: actor, in: db, now: now)
                    return .changed()
                }
            }
        }
    }

    /// Brings back what was there before, unless somebody has changed it since.
    func undo(_ tasks: [(result: BulkResultRow, head: TaskHead)], in db: any Connection, now: Timestamp) throws
        -> [Outcome]
    {
        switch request.action {
        case .priority:
            let old = tasks.map { result, head -> (TaskHead, Int)? in
                // Nil for those that have been given another one since.
                head.priority ?? 0 == request.priority ? (head, Int(result.before ?? "") ?? 0) : nil
            }
            var made = try prioritize(old.compactMap(\.self), in: db, now: now)[...]
            return old.map { $0 == nil ? Self.changedSince : made.removeFirst() }
        case .addTags:
            return try tag(.remove, tasks.map { ($0.head, Self.list($0.result.before)) }, in: db, now: now)
        case .removeTags:
            return try tag(.add, tasks.map { ($0.head, Self.list($0.result.before)) }, in: db, now: now)
        case .move:
            return try tasks.map { result, head in
                try judged {
                    guard let target = try db.batch(realm: head.realm, named: request.batch ?? ""),
                        head.batchID == target.id, let before = result.before
                    else { return Self.changedSince }
                    return try move(head, to: try db.batch(realm: head.realm, id: before), in: db, now: now)
                }
            }
        case .cancel, .redo: return tasks.map { _ in .refused("This cannot be undone.") }
        }
    }

    private static let changedSince = Outcome.refused("It was changed again since.")

    /// Does something with one task; what a rule forbids refuses that task alone.
    private func judged(_ body: () throws -> Outcome) throws -> Outcome {
        do {
            return try body()
        } catch let error as TaskLifecycleError {
            return .refused(error.message)
        } catch let refusal as Refusal {
            return .refused(refusal.message)
        } catch let issues as Issues {
            return .refused(Self.words(issues))
        }
    }

    private static func words(_ issues: Issues) -> String { issues.all.map(\.message).joined(separator: " ") }

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
        _ tasks: [(head: TaskHead, priority: Int)], in db: any Connection, now: Timestamp
    ) throws -> [Outcome] {
        let outcomes = tasks.map { head, priority -> Outcome in
            guard head.status == .pending else {
                return .refused("It is no longer pending, so nobody waits for it.")
            }
            let old = head.priority ?? 0
            return old == priority ? .unchanged : .changed(before: String(old))
        }
        let changed = zip(tasks, outcomes).filter { $1.outcome == .changed }.map(\.0)
        for (priority, some) in Dictionary(grouping: changed, by: \.priority) {
            guard let realm = some.first?.head.realm else { continue }
            try db.setTaskPriority(
                realm: realm, ids: some.map(\.head.id), priority: priority == 0 ? nil : priority, at: now)
        }
        try db.append(
            changed.map { head, priority in
                event(
                    "task.priority_set", head, before: Self.json { $0.field("priority", head.priority ?? 0) },
                    after: Self.json { $0.field("priority", priority) }, now)
            })
        return outcomes
    }

    private func tag(
        _ change: TaskOperations.TagChange, _ tasks: [(head: TaskHead, tags: [String])], in db: any Connection,
        now: Timestamp
    ) throws -> [Outcome] {
        try TaskOperations.changeTags(change, of: tasks, by: actor, in: db, now: now).map { tags in
            guard !tags.hasTooMany else { return .refused(Self.words(TaskOperations.TagsOfTask.tooMany)) }
            guard tags.old != tags.new else { return .unchanged }
            let (more, fewer) = change == .add ? (tags.new, tags.old) : (tags.old, tags.new)
            return .changed(before: Self.json(more.filter { !fewer.contains($0) }))
        }
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
        try db.append(event(action, head, before: before, after: after, now))
    }

    private func event(
        _ action: String, _ head: TaskHead, before: String?, after: String?, _ now: Timestamp
    ) -> NewEvent {
        NewEvent(
            realm: head.realm, at: now, actor: actor.label, objectKind: "task", objectID: head.id, action: action,
            before: before, after: after)
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
