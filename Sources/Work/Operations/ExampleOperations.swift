package import JSON
import Labeling
package import Storage

/// An example as people see it beside an instruction.
package struct ShownExample: Sendable {
    package let row: ExampleRow
    let picture: ShownAttachment?
}

extension ProjectOperations {
    /// The most examples that stand beside an instruction.
    private static let mostExamples = 100

    /// The examples of a project, oldest first.
    package func examples(_ name: String, by actor: Actor) async throws -> [ShownExample] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            let project = try db.existingProject(realm: realm, named: name)
            return try Self.examples(of: project.id, realm: realm, in: db)
        }
    }

    /// Shows an example no longer.
    package func removeExample(_ id: String, of name: String, by actor: Actor) async throws {
        let now = environment.now()
        let realm = actor.realm.id
        try await environment.database.write { db in
            let project = try db.existingProject(realm: realm, named: name)
            guard try db.deleteExample(realm: realm, project: project.id, id: id) else {
                throw Refusal(.notFound, "There is no such example.")
            }
            var writer = JSONWriter(capacity: 64)
            writer.object { $0.field("id", id) }
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "project", objectID: project.id,
                    action: "project.example_removed", before: writer.text))
        }
    }

    static func examples(of project: String, realm: Int64, in db: any Connection) throws -> [ShownExample] {
        try db.examples(realm: realm, project: project, limit: mostExamples).map { row in
            let task = try db.task(realm: realm, id: row.taskID)
            let picture = try task.flatMap { try ShownAttachment.all(of: $0, in: db).first { $0.row.width != nil } }
            return ShownExample(row: row, picture: picture)
        }
    }
}

extension WorkOperations {
    /// The examples beside the instruction of a work item that the person holds.
    package func examples(_ id: String, by actor: Actor) async throws -> [ShownExample] {
        let person = try Self.person(actor)
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard let item = try db.workItem(realm: realm, id: id), item.state == .leased, item.leaseHolder == person
            else { throw Refusal(.notFound, "You hold no such work item.") }
            guard let project = item.projectID else { return [] }
            return try ProjectOperations.examples(of: project, realm: realm, in: db)
        }
    }
}

extension ShownExample {
    /// Writes the example with a link to its picture.
    ///
    /// `isForTeam`: whether its task is named, which labelers are not told.
    package func write(to writer: inout JSONWriter, isForTeam: Bool, links: FileLinks, now: Timestamp) {
        writer.object { writer in
            writer.field("id", row.id)
            if isForTeam { writer.field("task", row.taskID) }
            writer.field("note", row.note)
            writer.key("picture")
            if let picture { picture.write(to: &writer, links: links, now: now) } else { writer.null() }
            writer.field("response", raw: row.response)
            writer.field("created_at", time: row.createdAt.microseconds)
        }
    }
}
