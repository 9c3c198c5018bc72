package import JSON
import Labeling
package import Storage

/// An event as people read it.
package struct EventEntry: Sendable {
    package let id: String
    let event: EventRow
    let actor: NamedActor
    /// What the object is called, where it has a name.
    let object: String?

    /// Writes the event; `naming` says what it happened to, which a page about one thing need not repeat.
    package func write(to writer: inout JSONWriter, naming: Bool) {
        let words = EventWords(event)
        writer.object { writer in
            writer.field("id", event.id)
            writer.field("at", time: event.at.microseconds)
            writer.key("actor")
            actor.write(to: &writer)
            writer.field("action", event.action)
            if naming {
                writer.field("object_kind", event.objectKind)
                writer.field("object_id", event.objectID)
                writer.field("object", ifPresent: object)
            }
            writer.field("words", words.words)
            writer.array("detail") { writer in words.detail.forEach { writer.value($0) } }
            writer.field("status", ifPresent: words.status)
        }
    }

    /// Events with the names of who and what they are about.
    static func all(_ events: [EventRow], realm: Int64, in db: any Connection) throws -> [EventEntry] {
        let actors = try ActorNames(Set(events.map(\.actor)), realm: realm, in: db)
        let objects = Set(events.map { ObjectReference(kind: $0.objectKind, id: $0.objectID) })
        let names = try db.names(realm: realm, of: objects)
        return events.map { event in
            EventEntry(
                id: event.id, event: event, actor: actors[event.actor],
                object: names[ObjectReference(kind: event.objectKind, id: event.objectID)])
        }
    }
}

/// A task, or the work on it, as it was at some point.
package struct PastState: Sendable {
    var at: Timestamp?
    /// The wire form of the task then.
    var task: String?
    var work: String?
    var revision: Int?
    var document: Document?

    /// Writes the state.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let at { writer.field("at", time: at.microseconds) }
            if let task { writer.field("task", raw: task) }
            writer.field("work", ifPresent: work)
            writer.field("revision", ifPresent: revision)
            if let document { writer.field("collections", raw: document.json) }
        }
    }
}

/// What the state of a task is asked for.
package enum PastPoint: Sendable {
    /// The work on an item after so many steps.
    case revision(work: String, Int?)
    /// Everything when an event had happened.
    case event(String)
    /// Everything at a time.
    case time(Timestamp)
}

extension TaskOperations {
    /// What happened to a task, newest first, before the last event already seen.
    package func history(
        of id: String, before cursor: String?, limit: Int, by actor: Actor
    ) async throws -> [EventEntry] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            try Self.require(id, realm: realm, in: db)
            let filter = EventFilter(objectID: id)
            let events = try db.events(realm: realm, filter: filter, before: cursor, limit: limit)
            return try EventEntry.all(events, realm: realm, in: db)
        }
    }

    /// The steps of the work on an item of a task, oldest first, after a revision.
    package func steps(
        of id: String, work: String, after revision: Int, limit: Int, by actor: Actor
    ) async throws -> [StepEntry] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            try Self.require(id, realm: realm, work: work, in: db)
            let steps = try db.draftSteps(workItem: work, after: revision, limit: limit)
            let actors = try ActorNames(Set(steps.map { "user:\($0.user)" }), realm: realm, in: db)
            return steps.map { StepEntry(step: $0, actor: actors["user:\($0.user)"]) }
        }
    }

    /// A task as it was at some point.
    package func state(of id: String, at point: PastPoint, by actor: Actor) async throws -> PastState {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            switch point {
            case .revision(let work, let revision):
                try Self.require(id, realm: realm, work: work, in: db)
                let found = try DraftPast.document(of: work, at: revision, in: db)
                return PastState(work: work, revision: found?.revision ?? 0, document: found?.document)
            case .event(let event):
                try Self.require(id, realm: realm, in: db)
                guard let row = try db.event(realm: realm, id: event), row.objectID == id else {
                    throw Refusal(.notFound, "Nothing with that id has happened to this task.")
                }
                return try Self.state(of: id, realm: realm, through: row.id, at: row.at, in: db)
            case .time(let time):
                try Self.require(id, realm: realm, in: db)
                return try Self.state(of: id, realm: realm, through: Identifier.last(at: time), at: time, in: db)
            }
        }
    }

    private static func state(
        of id: String, realm: Int64, through event: String, at time: Timestamp, in db: any Connection
    ) throws -> PastState {
        var state = PastState(at: time, task: try db.lastWholeEvent(realm: realm, object: id, through: event)?.after)
        // Of several pieces of work the one that was touched last by then.
        var newest: (at: Timestamp, work: String, revision: Int)?
        for item in try db.workItems(realm: realm, task: id) {
            guard let draft = try db.draft(workItem: item.id), draft.createdAt <= time else { continue }
            let step = try db.lastDraftStep(workItem: item.id, through: time)
            let at = step?.at ?? draft.createdAt
            if at >= newest?.at ?? at { newest = (at, item.id, step?.revision ?? 0) }
        }
        guard let newest else { return state }
        let found = try DraftPast.document(of: newest.work, at: newest.revision, in: db)
        (state.work, state.revision, state.document) = (newest.work, newest.revision, found?.document)
        return state
    }

    private static func require(_ id: String, realm: Int64, work: String? = nil, in db: any Connection) throws {
        guard Identifier.isValid(id), try db.taskHead(realm: realm, id: id) != nil else { throw Refusal.noSuchTask }
        guard let work else { return }
        guard try db.workItem(realm: realm, id: work)?.taskID == id else {
            throw Refusal(.notFound, "This task has no such work item.")
        }
    }
}
