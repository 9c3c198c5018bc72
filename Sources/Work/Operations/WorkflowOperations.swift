package import JSON
import Labeling
import Storage

/// A change of a project's workflow; members that are nil stay.
package struct WorkflowChange: Sendable {
    package var reviewLevels: Int?
    package var attempts: Int?
    package var isAuto: Bool?
    package var threshold: Double?

    package init(reviewLevels: Int? = nil, attempts: Int? = nil, isAuto: Bool? = nil, threshold: Double? = nil) {
        self.reviewLevels = reviewLevels
        self.attempts = attempts
        self.isAuto = isAuto
        self.threshold = threshold
    }
}

/// How the answers of a project become final.
package struct ProjectWorkflow: Sendable {
    let project: String
    let row: WorkflowRow

    /// Writes the workflow.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("project", project)
            writer.field("review_levels", row.reviewLevels)
            writer.field("pipeline", row.attempts > 1 ? "consensus_task" : "standard_task")
            writer.field("consensus_attempts", row.attempts)
            writer.field("consensus_auto", row.isAuto)
            writer.field("consensus_threshold", row.threshold)
        }
    }

    var text: String {
        var writer = JSONWriter(capacity: 128)
        write(to: &writer)
        return writer.text
    }
}

extension ProjectOperations {
    /// A project's workflow.
    package func workflow(_ name: String, by actor: Actor) async throws -> ProjectWorkflow {
        let realm = actor.realm.id
        return try await environment.database.read { db in try Self.workflow(name, realm: realm, in: db).workflow }
    }

    /// Changes a project's workflow for everything that is handed in from now on.
    package func setWorkflow(
        _ name: String, _ change: WorkflowChange, by actor: Actor
    ) async throws -> ProjectWorkflow {
        let now = environment.now()
        let realm = actor.realm.id
        return try await environment.database.write { db in
            let (project, before) = try Self.workflow(name, realm: realm, in: db)
            var row = before.row
            row.reviewLevels = change.reviewLevels ?? row.reviewLevels
            row.attempts = change.attempts ?? row.attempts
            row.isAuto = change.isAuto ?? row.isAuto
            row.threshold = change.threshold ?? row.threshold
            let after = ProjectWorkflow(project: name, row: row)
            guard row != before.row else { return before }
            _ = try db.setWorkflow(realm: realm, project: project, row)
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "project", objectID: project,
                    action: "project.workflow_set", before: before.text, after: after.text))
            return after
        }
    }

    private static func workflow(
        _ name: String, realm: Int64, in db: any Connection
    ) throws -> (id: String, workflow: ProjectWorkflow) {
        let project = try db.existingProject(realm: realm, named: name)
        guard let row = try db.workflow(realm: realm, project: project.id) else { throw Refusal.noSuchProject(name) }
        return (project.id, ProjectWorkflow(project: name, row: row))
    }
}
