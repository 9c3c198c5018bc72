import JSON
import Labeling
package import Storage

/// How a completed task is to be worked on again.
package struct RecallRequest: Sendable {
    /// Who is to do it.
    package enum Person: String, Sendable, CaseIterable {
        /// Who labelled it last, as long as they are there; others after a day.
        case same
        case anybody
    }

    /// What is to be done differently, for whoever does it.
    package var message: String?
    package var person: Person

    package init(message: String?, person: Person) {
        self.message = message
        self.person = person
    }
}

/// Sends completed tasks back to work.
package enum Recall {
    /// Makes a completed task pending again, with work that starts from its last answer.
    ///
    /// The answer becomes an earlier one, the receiver of callbacks is told, and a completed batch goes on. The task's
    /// row must be locked.
    /// Throws `TaskLifecycleError` for tasks that are not completed, and `Refusal` for those of a test world.
    package static func apply(
        _ request: RecallRequest, to head: TaskHead, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> TaskRow {
        guard head.status == .completed else { throw TaskLifecycleError.notCompleted }
        guard !actor.realm.isTest else {
            throw Refusal(.invalid, "Tasks made with a test key are answered at once and cannot be worked on.")
        }
        let last = try db.submissions(realm: head.realm, task: head.id).last
        let item = try last.flatMap { try db.workItem(realm: head.realm, id: $0.workItemID) }
        let person = request.person == .same ? try Flow.lastLabeler(of: head, in: db) : nil
        var redo = try Flow.redo(after: item, of: head, for: person, by: actor, in: db, now: now)
        // All levels look at it again.
        redo.level = 0
        let row = try TaskTransitions.apply(
            .recalled, to: head, follow: redo, by: actor.label, isTest: actor.realm.isTest, in: db, now: now)
        if let message = request.message, !message.allSatisfy(\.isWhitespace) {
            let id = WorkEnvironment.makeUUID()
            try Comments.add(
                CommentRow(
                    id: id, realm: head.realm, taskID: head.id, threadID: id, workItemID: nil, userID: actor.person,
                    author: actor.name, text: message, objectKey: nil, x: nil, y: nil, createdAt: now),
                by: actor, in: db)
        }
        return row
    }
}

extension TaskOperations {
    /// Sends one completed task back to work.
    package func redo(_ id: String, _ request: RecallRequest, by actor: Actor) async throws -> TaskRow {
        try await change(id, by: actor) { db, head, now in
            _ = try Recall.apply(request, to: head, by: actor, in: db, now: now)
        }
    }
}
