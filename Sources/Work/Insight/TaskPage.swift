package import JSON
import Labeling
package import Storage

/// Everything that the page of one task shows at once.
package struct TaskPageData: Sendable {
    let task: TaskWithExtras
    let attachments: [ShownAttachment]
    let work: [WorkItemRow]
    let revisions: [String: Int]
    let seconds: [String: Double]
    let people: [String: PersonName]
    let audits: [AuditRow]
    let reports: [ReportRow]
    let document: ShownDocument?
}

/// What is drawn of a task, and where it comes from.
struct ShownDocument: Sendable {
    enum Source: String, Sendable {
        case response, draft, hypothesis
    }

    let source: Source
    var work: String?
    var revision: Int?
    let document: Document

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("source", source.rawValue)
            writer.field("work", ifPresent: work)
            writer.field("revision", ifPresent: revision)
            writer.field("collections", raw: document.json)
        }
    }
}

extension TaskOperations {
    /// A task with all that belongs to it.
    package func page(_ id: String, by actor: Actor) async throws -> TaskPageData {
        guard Identifier.isValid(id) else { throw Refusal.noSuchTask }
        let realm = actor.realm.id
        let isTest = actor.realm.isTest
        return try await environment.database.read { db in
            guard let row = try db.task(realm: realm, id: id) else { throw Refusal.noSuchTask }
            let shown = try ShownAttachment.all(of: row, in: db)
            let audits = try db.audits(realm: realm, tasks: [id])
            let work = try db.workItems(realm: realm, task: id)
            let reports = try db.reports(realm: realm, project: nil, task: id, after: nil, limit: 100)
            let drafts = try work.compactMap { try db.draft(workItem: $0.id) }
            let people = Set(
                work.flatMap { [$0.submittedBy, $0.leaseHolder, $0.assignee, $0.preferred].compactMap(\.self) }
                    + reports.map(\.userID))
            let extras = TaskExtras(isTest: isTest, audits: audits, attachments: shown.map(\.row))
            return TaskPageData(
                task: TaskWithExtras(row: row, extras: extras), attachments: shown, work: work,
                revisions: Dictionary(drafts.map { ($0.workItemID, $0.revision) }) { first, _ in first },
                seconds: try db.workedSeconds(task: id), people: try db.people(people), audits: audits,
                reports: reports, document: try Self.document(of: row, work, drafts, in: db))
        }
    }

    /// What to draw: the work that was handed in last, what is being drawn, the answer, or what was handed in at first.
    private static func document(
        of row: TaskRow, _ work: [WorkItemRow], _ drafts: [DraftRow], in db: any Connection
    ) throws -> ShownDocument? {
        let items = Dictionary(work.map { ($0.id, $0) }) { first, _ in first }
        let newest =
            row.status == .completed
            ? drafts.filter { items[$0.workItemID]?.state == .submitted }
                .max {
                    (items[$0.workItemID]?.submittedAt ?? $0.updatedAt)
                        < (items[$1.workItemID]?.submittedAt ?? $1.updatedAt)
                }
            : drafts.max { $0.updatedAt < $1.updatedAt }
        if let newest, let found = try DraftPast.document(of: newest.workItemID, in: db) {
            return ShownDocument(
                source: .draft, work: newest.workItemID, revision: found.revision, document: found.document)
        }
        if row.status == .completed, let response = row.response,
            let document = InitialDocument.make(of: row, answering: response)
        {
            return ShownDocument(source: .response, document: document)
        }
        return InitialDocument.make(of: row).map { ShownDocument(source: .hypothesis, document: $0) }
    }
}

/// The document that a task's parameters, or an answer to it, amount to.
enum InitialDocument {
    /// Nil for types whose editor has none, and for what cannot be read.
    static func make(of row: TaskRow, answering response: String? = nil) -> Document? {
        guard let type = TaskTypes.named(row.type) else { return nil }
        do {
            let params = try response.map { try handingIn($0, to: row.params) } ?? row.params
            return try type.initialDocument(stored: params, makeID: WorkEnvironment.makeUUID)
        } catch {
            return nil
        }
    }

    /// The parameters with an answer as their hypothesis, which has the same form.
    private static func handingIn(_ response: String, to params: String) throws -> String {
        try JSONDocument.read(params) { params in
            var writer = JSONWriter(capacity: 4096)
            writer.object { writer in
                for member in params.members where !["hypothesis", "base_annotations"].contains(member.name) {
                    writer.key(member.name)
                    writer.raw(member.value.raw)
                }
                writer.field("hypothesis", raw: response)
            }
            return writer.text
        }
    }
}

extension TaskPageData {
    /// Writes the page's data; files stand behind signed links.
    package func write(to writer: inout JSONWriter, links: FileLinks, now: Timestamp) throws {
        let row = task.row
        let type = TaskTypes.named(row.type)
        let params = try type?.labelerParams(stored: row.params)
        let editorParams = try type?.editorParams(stored: row.params)
        writer.object { writer in
            writer.key("task")
            row.write(to: &writer, task.extras)
            writer.field("params_text", row.params)
            writer.field("response_text", ifPresent: row.response)
            writer.field("stage", row.stage.rawValue)
            writer.field("editor", ifPresent: type?.editor.rawValue)
            if let params { writer.field("params", raw: params) }
            if let editorParams { writer.field("editor_params", raw: editorParams) }
            writer.array("attachments") { writer in
                for attachment in attachments { attachment.writeWhole(to: &writer, links: links, now: now) }
            }
            writer.key("document")
            if let document { document.write(to: &writer) } else { writer.null() }
            writer.array("work") { writer in work.forEach { write($0, to: &writer) } }
            writer.array("audits") { writer in audits.forEach { $0.write(to: &writer) } }
            writer.array("reports") { writer in reports.forEach { write($0, to: &writer) } }
        }
    }

    private func write(_ item: WorkItemRow, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", item.id)
            writer.field("kind", item.kind.rawValue)
            writer.field("level", item.level)
            writer.field("attempt", item.attempt)
            writer.field("state", item.state.rawValue)
            writer.field("created_at", time: item.createdAt.microseconds)
            writer.field("updated_at", time: item.updatedAt.microseconds)
            if let at = item.submittedAt { writer.field("submitted_at", time: at.microseconds) }
            for (name, id) in [
                ("submitted_by", item.submittedBy), ("holder", item.leaseHolder), ("assignee", item.assignee),
                ("preferred", item.preferred),
            ] {
                guard let person = id.flatMap({ people[$0] }) else { continue }
                writer.key(name)
                person.write(to: &writer)
            }
            if let end = item.leaseExpiresAt { writer.field("lease_expires_at", time: end.microseconds) }
            writer.field("revision", revisions[item.id] ?? 0)
            if let seconds = seconds[item.id] { writer.field("seconds", seconds) }
        }
    }

    private func write(_ report: ReportRow, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", report.id)
            writer.field("kind", report.kind.rawValue)
            writer.field("message", report.message)
            writer.field("reported_by", ifPresent: people[report.userID]?.shown)
            writer.field("created_at", time: report.createdAt.microseconds)
        }
    }
}

extension AuditRow {
    /// Writes the verdict as the page of a task shows it.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("result", result.rawValue)
            writer.field("comments", ifPresent: comments)
            writer.field("by", ifPresent: by)
            writer.field("source", source)
            writer.field("at", time: at.microseconds)
            if let seconds { writer.field("seconds", seconds) }
        }
    }
}
