import JSON
import Labeling
import Storage

/// What a task with a verdict can be used for.
package enum TaskUse: String, Sendable, CaseIterable {
    /// A task with a known answer, to measure people by.
    case evaluation
    /// A task with a known answer, to train people by.
    case training
    /// Shown beside the project's instruction.
    case example
}

/// A customer's verdict on a completed task.
package struct AuditVerdict: Sendable {
    package enum Result: String, Sendable, CaseIterable {
        case accepted, rejected, fixed, commented
    }

    package var result: Result
    package var comments: String?
    /// Whether rejected work goes back to work.
    package var redo: Bool
    package var uses: [TaskUse]
    /// What the task is an example of.
    package var note: String?
    /// Seconds from opening to deciding, and those in which something was done.
    package var seconds: Double?
    package var activeSeconds: Double?

    package init(
        result: Result, comments: String? = nil, redo: Bool = false, uses: [TaskUse] = [], note: String? = nil,
        seconds: Double? = nil, activeSeconds: Double? = nil
    ) {
        self.result = result
        self.comments = comments
        self.redo = redo
        self.uses = uses
        self.note = note
        self.seconds = seconds
        self.activeSeconds = activeSeconds
    }

    /// Refuses verdicts that contradict themselves.
    func check() throws {
        var issues: [Issue] = []
        func report(_ path: String, _ message: String) { issues.append(Issue(path: path, message: message)) }
        if result == .commented, comments?.allSatisfy(\.isWhitespace) ?? true {
            report("comments", "`comments` is required with the result `commented`.")
        }
        if redo, result != .rejected { report("redo", "`redo` goes with the result `rejected` only.") }
        if result == .rejected, uses.contains(where: { $0 != .example }) {
            report("use_as", "`use_as` cannot make known answers of rejected work; accept or fix it.")
        }
        if redo, !uses.isEmpty { report("use_as", "`use_as` needs the answer, which `redo` takes away.") }
        guard issues.isEmpty else { throw Issues(issues) }
    }
}

/// Writes verdicts down, with all that follows from them.
enum AuditVerdicts {
    /// Records a verdict on a completed task, tells the receiver of callbacks, and puts the task to its uses.
    ///
    /// `head`: the task, locked in this transaction.
    /// `fix`: the response in place of the present one, for the result `fixed`.
    static func record(
        _ verdict: AuditVerdict, on head: TaskHead, fix: String? = nil, by actor: Actor, in db: any Connection,
        now: Timestamp
    ) throws -> TaskRow {
        try verdict.check()
        guard head.status == .completed, let before = try db.task(realm: head.realm, id: head.id) else {
            throw TaskLifecycleError.notCompleted
        }
        if let fix {
            let extra = try before.response.map { try PriorResponses.adding($0, to: before.extra) } ?? before.extra
            _ = try db.setTaskResponse(
                realm: head.realm, id: head.id, response: try CustomerFix.marked(fix), extra: extra, at: now)
        }
        try db.insertAudit(
            AuditRow(
                id: Identifier.make(now), realm: head.realm, taskID: head.id,
                result: TaskRow.ReviewStatus(rawValue: verdict.result.rawValue) ?? .commented,
                comments: verdict.comments, by: actor.name, source: "customer", at: now, seconds: verdict.seconds,
                activeSeconds: verdict.activeSeconds))
        guard let row = try db.task(realm: head.realm, id: head.id) else { throw Refusal.noSuchTask }
        let audits = try db.audits(realm: head.realm, tasks: [head.id])
        let isTest = actor.realm.isTest
        try db.append(
            NewEvent(
                realm: head.realm, at: now, actor: actor.label, objectKind: "task", objectID: head.id,
                action: "task.audited", before: before.text(isTest: isTest),
                after: row.text(isTest: isTest, audits: audits)))
        try Outbox.tell(row, isTest: isTest, audits: audits, in: db, now: now)
        _ = try TaskUses.put(row, to: verdict.uses, note: verdict.note, by: actor, in: db, now: now)
        guard verdict.redo else { return row }
        return try Recall.apply(
            RecallRequest(message: verdict.comments, person: .same), to: row.head, by: actor, in: db, now: now)
    }
}

/// The mark of responses that a customer put right.
enum CustomerFix {
    private static let name = "is_customer_fix"

    /// The response with the mark.
    static func marked(_ response: String) throws -> String { try rewritten(response, isMarked: true) }

    /// The response without it, as it is checked.
    static func unmarked(_ response: String) throws -> String { try rewritten(response, isMarked: false) }

    private static func rewritten(_ response: String, isMarked: Bool) throws -> String {
        try JSONDocument.read(response, limits: DraftState.limits) { root in
            var writer = JSONWriter(capacity: response.utf8.count + 32)
            writer.object { writer in
                for member in root.members where member.name != name {
                    writer.key(member.name)
                    writer.raw(member.value.raw)
                }
                if isMarked { writer.field("is_customer_fix", true) }
            }
            return writer.text
        }
    }
}

/// Puts answered tasks to further use.
enum TaskUses {
    /// Makes evaluation tasks, training tasks or examples of a completed task; each of them once.
    ///
    /// Returns the ids of what there is then.
    static func put(
        _ row: TaskRow, to uses: [TaskUse], note: String?, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> [(use: TaskUse, id: String)] {
        guard row.status == .completed, let response = row.response else { throw TaskLifecycleError.notCompleted }
        if uses.contains(where: { $0 != .example }), actor.person != nil,
            !Access.allows(.qualityWrite, to: actor.role)
        {
            throw Refusal(.forbidden, "Only managers and admins can make evaluation and training tasks.")
        }
        let unmarked = try CustomerFix.unmarked(response)
        return try TaskUse.allCases.filter(uses.contains).map { use in
            switch use {
            case .evaluation: (use, try known(.evaluation, row, unmarked, by: actor, in: db, now: now))
            case .training: (use, try known(.training, row, unmarked, by: actor, in: db, now: now))
            case .example: (use, try example(row, unmarked, note: note, by: actor, in: db, now: now))
            }
        }
    }

    /// What a task can be used for.
    static func supported(by row: TaskRow, for role: Role = .admin) -> [TaskUse] {
        let hasKnownAnswers =
            (TaskTypes.named(row.type)?.supportsQualityTasks ?? false) && Access.allows(.qualityWrite, to: role)
        return (hasKnownAnswers ? [.evaluation, .training] : []) + (row.projectID == nil ? [] : [.example])
    }

    /// What a task is used for.
    static func present(_ row: TaskRow, in db: any Connection) throws -> [TaskUse] {
        let known = try db.qualityTasks(source: row.id).map { $0.kind == .evaluation ? TaskUse.evaluation : .training }
        let isExample = try row.projectID.map { try db.isExample(project: $0, task: row.id) } ?? false
        return known + (isExample ? [.example] : [])
    }

    private static func known(
        _ kind: QualityTaskRow.Kind, _ row: TaskRow, _ response: String, by actor: Actor, in db: any Connection,
        now: Timestamp
    ) throws -> String {
        guard supported(by: row).contains(.evaluation) else {
            throw Refusal(.invalid, "Tasks of type \(row.type) cannot be evaluation or training tasks.")
        }
        if let known = try db.qualityTasks(source: row.id).first(where: { $0.kind == kind }) { return known.id }
        let task = QualityTaskRow(
            id: Identifier.make(now), realm: row.realm, kind: kind, type: row.type, projectID: row.projectID,
            params: row.params, expectedResponse: response, createdAt: now)
        try db.insertQualityTask(task)
        try db.setSource(qualityTask: task.id, task: row.id)
        try db.append(
            NewEvent(
                realm: row.realm, at: now, actor: actor.label, objectKind: "quality_task", objectID: task.id,
                action: "quality_task.created", after: task.text(project: row.project)))
        return task.id
    }

    private static func example(
        _ row: TaskRow, _ response: String, note: String?, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> String {
        guard let project = row.projectID else {
            throw Refusal(.invalid, "Only tasks of a project can be examples, which stand beside its instruction.")
        }
        let id = try db.putExample(
            ExampleRow(
                id: Identifier.make(now), realm: row.realm, projectID: project, taskID: row.id, note: note ?? "",
                response: response, createdBy: actor.name, createdAt: now))
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            writer.field("id", id)
            writer.field("task", row.id)
            writer.field("note", note ?? "")
        }
        try db.append(
            NewEvent(
                realm: row.realm, at: now, actor: actor.label, objectKind: "project", objectID: project,
                action: "project.example_added", after: writer.text))
        return id
    }
}
