package import JSON
import Labeling
package import Storage

/// Work that a person may be given soon, for a look ahead.
package struct UpcomingWork: Sendable {
    let task: TaskRow
    let attachments: [ShownAttachment]
}

/// A report with what readers want to know beside it.
package struct ListedReport: Sendable {
    let row: ReportRow
    let project: String?
    /// The reporter's e-mail address; nil if the person is gone.
    let reporter: String?
}

extension WorkOperations {
    /// Gives a work item back, since the person does not want it; what was drawn stays with it.
    ///
    /// The person is not given it again by the queue, only by its id.
    package func skip(_ id: String, lease: String, reason: String, by actor: Actor) async throws {
        let person = try Self.person(actor)
        guard !reason.allSatisfy(\.isWhitespace) else { throw Issues("reason", "`reason` must say why.") }
        let realm = actor.realm.id
        let now = environment.now()
        try await environment.database.write { db in
            let item = try Self.held(id, lease: lease, by: actor, in: db, now: now)
            guard
                try db.skipWork(realm: realm, id: id, user: person, token: lease, reason: reason, now: now)
            else { throw Self.leaseLost }
            var writer = JSONWriter(capacity: 256)
            writer.object { writer in
                writer.field("work", id)
                writer.field("reason", reason)
            }
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "task", objectID: item.taskID,
                    action: "task.skipped", after: writer.text))
        }
    }

    /// Records what is wrong with the task of a work item that the person holds and goes on holding.
    ///
    /// - Returns: The report's id.
    package func report(
        _ id: String, lease: String, kind: ReportRow.Kind, message: String, by actor: Actor
    ) async throws -> String {
        let person = try Self.person(actor)
        guard kind != .other || !message.allSatisfy(\.isWhitespace) else {
            throw Issues("message", "`message` must say what is wrong.")
        }
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.write { db in
            let item = try Self.held(id, lease: lease, by: actor, in: db, now: now)
            let report = ReportRow(
                id: Identifier.make(now), realm: realm, taskID: item.taskID, projectID: item.projectID, workItemID: id,
                userID: person, kind: kind, message: message, createdAt: now)
            try db.insertReport(report)
            var writer = JSONWriter(capacity: 512)
            writer.object { writer in
                writer.field("report", report.id)
                writer.field("work", id)
                writer.field("kind", kind.rawValue)
                writer.field("message", message)
            }
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "task", objectID: item.taskID,
                    action: "task.reported", after: writer.text))
            return report.id
        }
    }

    /// Reports, newest first: all, those on tasks of a project, or those on one task.
    ///
    /// `after`: the id of the last report already seen.
    package func reports(
        project name: String?, task: String?, after: String?, limit: Int, by actor: Actor
    ) async throws -> [ListedReport] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            let project = try name.map { try db.existingProject(realm: realm, named: $0).id }
            let rows = try db.reports(realm: realm, project: project, task: task, after: after, limit: limit)
            let projects = try Set(rows.compactMap(\.projectID)).reduce(into: [String: String]()) { names, id in
                names[id] = try db.project(realm: realm, id: id)?.name
            }
            let people = try Set(rows.map(\.userID)).reduce(into: [String: String]()) { names, id in
                names[id] = try db.user(id)?.email
            }
            return rows.map { row in
                ListedReport(row: row, project: row.projectID.flatMap { projects[$0] }, reporter: people[row.userID])
            }
        }
    }

    /// What a person would most likely be given next, without a claim on it.
    package func upcoming(count: Int, by actor: Actor) async throws -> [UpcomingWork] {
        let person = try Self.person(actor)
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.read { db in
            let items = try db.upcomingWork(
                realm: realm, user: person, scope: try Self.scope(of: actor, in: db), count: count, now: now)
            return try items.compactMap { item in
                guard let task = try db.task(realm: realm, id: item.taskID) else { return nil }
                return UpcomingWork(task: task, attachments: try ShownAttachment.all(of: task, in: db))
            }
        }
    }
}

extension UpcomingWork {
    /// Writes what an editor may load ahead of time.
    package func write(to writer: inout JSONWriter, links: FileLinks, now: Timestamp) {
        writer.object { writer in
            writer.field("task", task.id)
            writer.key("project")
            if let project = task.project { writer.value(project) } else { writer.null() }
            writer.field("type", task.type)
            writer.array("attachments") { writer in
                for attachment in attachments { attachment.write(to: &writer, links: links, now: now) }
            }
        }
    }
}

extension ListedReport {
    /// The report's id, where the next page begins.
    package var id: String { row.id }

    /// Writes a report for those who see to tasks.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", row.id)
            writer.field("task_id", row.taskID)
            writer.field("work", row.workItemID)
            writer.field("project", ifPresent: project)
            writer.field("kind", row.kind.rawValue)
            writer.field("message", row.message)
            writer.field("reported_by", ifPresent: reporter)
            writer.field("created_at", time: row.createdAt.microseconds)
        }
    }
}
