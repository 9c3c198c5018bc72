package import JSON
import Labeling
import Storage

/// A comment as its writer sends it.
package struct NewComment: Sendable {
    /// The writer's own id, a UUID; sending it twice changes nothing.
    package var id: String
    /// The thread that it answers; nil to begin one.
    package var thread: String?
    package var text: String
    /// What a new thread is about: an object, a place in picture pixels, both or neither.
    package var object: String?
    package var place: Place?

    /// A place in picture pixels.
    package struct Place: Sendable {
        package var x: Double
        package var y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    package init(id: String, thread: String?, text: String, object: String?, place: Place?) {
        self.id = id
        self.thread = thread
        self.text = text
        self.object = object
        self.place = place
    }
}

/// One version of a task's answer.
package struct AnswerVersion: Sendable {
    package let version: Int
    let document: Document
    let response: String?
}

/// Keeps comments, and tells of them in the event log.
enum Comments {
    /// The most comments that a task can have.
    static let most = 1000

    static func add(_ row: CommentRow, by actor: Actor, in db: any Connection) throws {
        guard try db.insertComment(row) else {
            throw Refusal(.duplicate, "The comment's id is in use; make another one.")
        }
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.field("comment", row.id)
            writer.field("thread", row.threadID)
            writer.field("text", row.text)
            writer.field("object", ifPresent: row.objectKey)
        }
        try db.append(
            NewEvent(
                realm: row.realm, at: row.createdAt, actor: actor.label, objectKind: "task", objectID: row.taskID,
                action: "task.commented", after: writer.text))
    }

    /// Stores a comment on a task, unless it is there already; returns the task's comments.
    static func add(
        _ new: NewComment, to task: String, work: String?, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> [CommentRow] {
        let all = try db.comments(realm: actor.realm.id, task: task)
        if all.contains(where: { $0.id == new.id }) { return all }
        guard !new.text.allSatisfy(\.isWhitespace) else { throw Issues("text", "`text` must say something.") }
        guard all.count < most else { throw Refusal(.tooMany, "The task has \(most) comments, and can have no more.") }
        if let thread = new.thread, !all.contains(where: { $0.threadID == thread }) { throw noSuchThread }
        let name = try actor.person.flatMap { try db.user($0)?.shownName } ?? actor.name
        let row = CommentRow(
            id: new.id, realm: actor.realm.id, taskID: task, threadID: new.thread ?? new.id, workItemID: work,
            userID: actor.person, author: name, text: new.text, objectKey: new.thread == nil ? new.object : nil,
            x: new.thread == nil ? new.place?.x : nil, y: new.thread == nil ? new.place?.y : nil, createdAt: now)
        try add(row, by: actor, in: db)
        return all + [row]
    }

    /// Settles a thread of a task, or opens it again; returns the task's comments.
    static func resolve(
        _ thread: String, _ isResolved: Bool, of task: String, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> [CommentRow] {
        let realm = actor.realm.id
        guard let first = try db.comment(realm: realm, id: thread), first.taskID == task, first.threadID == thread
        else { throw noSuchThread }
        if (first.resolvedAt != nil) != isResolved {
            _ = try db.resolveThread(
                realm: realm, id: thread, at: isResolved ? now : nil, by: actor.person ?? actor.name)
            var writer = JSONWriter(capacity: 128)
            writer.object { writer in
                writer.field("thread", thread)
                writer.field("resolved", isResolved)
            }
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "task", objectID: task,
                    action: "task.comment_resolved", after: writer.text))
        }
        return try db.comments(realm: realm, task: task)
    }

    static let noSuchThread = Refusal(.notFound, "There is no such thread of comments on this task.")
}

extension UserRow {
    /// How the person is called among colleagues.
    var shownName: String { name.isEmpty ? String(email.prefix { $0 != "@" }) : name }
}

extension WorkOperations {
    /// What happened to the task of a work item that the person holds.
    package func review(of id: String, by actor: Actor) async throws -> HeldReview {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            let item = try Self.own(id, by: actor, in: db)
            guard let head = try db.taskHead(realm: realm, id: item.taskID) else { throw Refusal.noSuchTask }
            let record = try ReviewRecord.load(head, viewer: actor.person, in: db)
            return HeldReview(item: item, record: record)
        }
    }

    /// A version of the answer to the task of a work item that the person holds.
    package func version(_ version: Int, of id: String, by actor: Actor) async throws -> AnswerVersion {
        try await environment.database.read { db in
            let item = try Self.own(id, by: actor, in: db)
            return try AnswerVersion.load(version, task: item.taskID, realm: actor.realm.id, in: db)
        }
    }

    /// Writes a comment while holding the work.
    package func comment(
        _ comment: NewComment, on id: String, lease: String, by actor: Actor
    ) async throws -> CommentThread {
        let now = environment.now()
        return try await environment.database.write { db in
            let item = try Self.held(id, lease: lease, by: actor, in: db, now: now)
            let all = try Comments.add(comment, to: item.taskID, work: id, by: actor, in: db, now: now)
            return try CommentThread.load(comment.thread ?? comment.id, of: all, viewer: actor.person, in: db)
        }
    }

    /// Settles a thread, or opens it again, while holding the work.
    package func resolve(
        _ thread: String, _ isResolved: Bool, on id: String, lease: String, by actor: Actor
    ) async throws -> CommentThread {
        let now = environment.now()
        return try await environment.database.write { db in
            let item = try Self.held(id, lease: lease, by: actor, in: db, now: now)
            let all = try Comments.resolve(thread, isResolved, of: item.taskID, by: actor, in: db, now: now)
            return try CommentThread.load(thread, of: all, viewer: actor.person, in: db)
        }
    }

    private static func own(_ id: String, by actor: Actor, in db: any Connection) throws -> WorkItemRow {
        let person = try person(actor)
        guard let item = try db.workItem(realm: actor.realm.id, id: id), item.state == .leased,
            item.leaseHolder == person
        else { throw Refusal(.notFound, "You hold no such work item.") }
        return item
    }
}

extension TaskOperations {
    /// What happened to a task in review.
    package func reviews(of id: String, by actor: Actor) async throws -> ReviewRecord {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard let head = try db.taskHead(realm: realm, id: id) else { throw Refusal.noSuchTask }
            return try ReviewRecord.load(head, viewer: actor.person, in: db)
        }
    }

    /// A version of the answer to a task.
    package func version(_ version: Int, of id: String, by actor: Actor) async throws -> AnswerVersion {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard try db.taskHead(realm: realm, id: id) != nil else { throw Refusal.noSuchTask }
            return try AnswerVersion.load(version, task: id, realm: realm, in: db)
        }
    }

    /// Writes a comment on a task from outside of any work on it.
    package func comment(_ comment: NewComment, on id: String, by actor: Actor) async throws -> CommentThread {
        let now = environment.now()
        let realm = actor.realm.id
        return try await environment.database.write { db in
            guard try db.taskHead(realm: realm, id: id) != nil else { throw Refusal.noSuchTask }
            let all = try Comments.add(comment, to: id, work: nil, by: actor, in: db, now: now)
            return try CommentThread.load(comment.thread ?? comment.id, of: all, viewer: actor.person, in: db)
        }
    }
}

extension AnswerVersion {
    /// Loads a version; 0 is what the first work began from.
    static func load(_ version: Int, task: String, realm: Int64, in db: any Connection) throws -> AnswerVersion {
        let versions = try db.submissions(realm: realm, task: task)
        if version == 0 {
            guard let item = try db.workItems(realm: realm, task: task).first(where: { $0.basedOn == nil }) else {
                return AnswerVersion(version: 0, document: Document(), response: nil)
            }
            return AnswerVersion(version: 0, document: try Documents.first(of: item, in: db), response: nil)
        }
        guard let row = versions.first(where: { $0.version == version }) else {
            throw Refusal(.notFound, "The task's answer has no version \(version).")
        }
        return AnswerVersion(
            version: version, document: try Documents.last(of: row.workItemID, in: db) ?? Document(),
            response: row.response)
    }

    /// Writes the version with its document.
    package func write(to writer: inout JSONWriter, withResponse: Bool) {
        writer.object { writer in
            writer.field("version", version)
            writer.field("collections", raw: document.json)
            if withResponse {
                writer.key("response")
                if let response { writer.raw(response) } else { writer.null() }
            }
        }
    }
}
