package import JSON
import Labeling
package import Storage

/// How the answers of several people to one task agreed.
package struct TaskAgreement: Sendable {
    let row: AgreementRow
    let items: [WorkItemRow]
    let submissions: [SubmissionRow]
    let people: Colleagues
}

extension WorkOperations {
    /// What the answers differ in, for the person who merges them.
    package func differences(_ id: String, by actor: Actor) async throws -> AgreementRow {
        let person = try Self.person(actor)
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard let item = try db.workItem(realm: realm, id: id), item.state == .leased, item.leaseHolder == person,
                let row = try db.agreement(realm: realm, workItem: id)
            else { throw Refusal(.notFound, "You hold no such merge.") }
            return row
        }
    }
}

extension TaskOperations {
    /// How the answers to a task agreed, newest first; nothing for tasks that are answered once.
    package func agreements(_ id: String, by actor: Actor) async throws -> [TaskAgreement] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard Identifier.isValid(id), try db.taskHead(realm: realm, id: id) != nil else { throw Refusal.noSuchTask }
            let rows = try db.agreements(realm: realm, task: id)
            guard !rows.isEmpty else { return [] }
            let items = try db.workItems(realm: realm, task: id)
            let submissions = try db.submissions(realm: realm, task: id)
            let people = try Colleagues(items.map(\.submittedBy), viewer: actor.person, in: db)
            return rows.map { TaskAgreement(row: $0, items: items, submissions: submissions, people: people) }
        }
    }
}

/// How the answers to a project's tasks agreed in some time.
package struct ProjectAgreement: Sendable {
    let figures: AgreementFigures
    let least: [LeastAgreed]

    /// Writes the figures, and the tasks that are worth a look.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("tasks", figures.tasks)
            writer.key("mean")
            if let mean = figures.mean { writer.value(mean) } else { writer.null() }
            writer.field("merged_by_itself", figures.byItself)
            writer.array("bands") { writer in
                let ends = AgreementFigures.bandStarts.dropFirst() + [1]
                for ((start, end), tasks) in zip(zip(AgreementFigures.bandStarts, ends), figures.bands) {
                    writer.object { writer in
                        writer.field("from", start)
                        writer.field("to", end)
                        writer.field("tasks", tasks)
                    }
                }
            }
            writer.array("least") { writer in
                for row in least {
                    writer.object { writer in
                        writer.field("task", row.task)
                        writer.field("unique_id", ifPresent: row.uniqueID)
                        writer.field("agreement", row.agreement)
                        writer.field("differences", row.differences)
                        writer.field("at", time: row.at.microseconds)
                    }
                }
            }
        }
    }
}

extension ProjectOperations {
    /// How the answers to a project's tasks agreed in the last days, with the tasks that agreed least.
    package func agreement(_ name: String, days: Int, by actor: Actor) async throws -> ProjectAgreement {
        let realm = actor.realm.id
        let since = environment.now().adding(seconds: -Double(days) * 86_400)
        return try await environment.database.read { db in
            let project = try db.existingProject(realm: realm, named: name)
            return ProjectAgreement(
                figures: try db.agreementFigures(realm: realm, project: project.id, since: since),
                least: try db.leastAgreed(realm: realm, project: project.id, since: since, limit: 20))
        }
    }
}

extension AgreementRow {
    private static let limits = JSONLimits(bytes: 256 << 20, depth: 256)

    /// Writes what merging people see: the answers without the names of those who gave them.
    package func write(to writer: inout JSONWriter) throws {
        let named = try JSONDocument.read(answers, limits: Self.limits) { list in
            list.elements.map { (name: $0["name"]?.string ?? "", objects: $0["objects"]?.int ?? 0) }
        }
        writer.object { writer in
            writer.field("agreement", agreement)
            writer.field("threshold", threshold)
            writer.field("attempts", attempts)
            writer.field("agreed", agreed)
            writer.array("answers") { writer in
                for answer in named {
                    writer.object { writer in
                        writer.field("name", answer.name)
                        writer.field("objects", answer.objects)
                    }
                }
            }
            writer.field("differences", raw: differences)
        }
    }

    fileprivate func works() throws -> [(name: String, work: String)] {
        try JSONDocument.read(answers, limits: Self.limits) { list in
            list.elements.map { ($0["name"]?.string ?? "", $0["work"]?.string ?? "") }
        }
    }
}

extension TaskAgreement {
    /// Writes the round with who answered.
    package func write(to writer: inout JSONWriter) throws {
        let works = try row.works()
        writer.object { writer in
            writer.field("agreement", row.agreement)
            writer.field("attempts", row.attempts)
            writer.field("at", time: row.createdAt.microseconds)
            writer.field("unanimous", row.agreement >= row.threshold && !row.isUndecided)
            writer.field("merged_by_itself", row.isByItself)
            writer.field("agreed", row.agreed)
            writer.field("differences", row.differenceCount)
            writer.field("merge_work", row.workItemID)
            writer.array("answers") { writer in
                for answer in works {
                    let item = items.first { $0.id == answer.work }
                    writer.object { writer in
                        writer.field("name", answer.name)
                        writer.field("work", answer.work)
                        people.write(item?.submittedBy, as: "by", to: &writer)
                        if let at = item?.submittedAt { writer.field("at", time: at.microseconds) }
                        let submission = submissions.first { $0.workItemID == answer.work }
                        if let seconds = submission?.seconds { writer.field("seconds", seconds) }
                    }
                }
            }
        }
    }
}
