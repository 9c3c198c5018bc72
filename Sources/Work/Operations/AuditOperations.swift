package import JSON
import Labeling
package import Storage

/// What can be done to look at completed tasks and to give verdicts on them.
package struct AuditOperations: Sendable {
    let environment: WorkEnvironment
    private let work: WorkOperations
    private let tasks: TaskOperations

    package init(environment: WorkEnvironment) {
        self.environment = environment
        work = WorkOperations(environment: environment)
        tasks = TaskOperations(environment: environment)
    }

    // MARK: Samples

    /// Draws a sample of completed tasks.
    package func draw(_ request: SampleRequest, by actor: Actor) async throws -> AuditSampleStanding {
        try await AuditSampling.draw(request, by: actor, in: environment)
    }

    /// Samples, newest first; project and batch by name.
    package func samples(
        project: String?, batch: String?, before cursor: String?, limit: Int, by actor: Actor
    ) async throws -> [AuditSampleStanding] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            let projectID = try project.map { try db.existingProject(realm: realm, named: $0).id }
            let batchID = try batch.map { name in
                guard let row = try db.batch(realm: realm, named: name) else { throw Refusal.noSuchBatch(name) }
                return row.id
            }
            return try db.auditSamples(
                realm: realm, project: projectID, batch: batchID, before: cursor, limit: limit)
        }
    }

    /// A sample with what has become of it.
    package func sample(_ id: String, by actor: Actor) async throws -> AuditSampleStanding {
        let realm = actor.realm.id
        return try await environment.database.read { db in try Self.sample(id, realm: realm, in: db) }
    }

    /// A sample's tasks behind a position, in order.
    package func sampleTasks(
        _ id: String, after position: Int, limit: Int, by actor: Actor
    ) async throws -> [AuditSampleTaskRow] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            _ = try Self.sample(id, realm: realm, in: db)
            return try db.auditSampleTasks(sample: id, after: position, limit: limit)
        }
    }

    /// Forgets a sample; the verdicts stay.
    package func remove(_ id: String, by actor: Actor) async throws {
        let now = environment.now()
        let realm = actor.realm.id
        try await environment.database.write { db in
            let standing = try Self.sample(id, realm: realm, in: db)
            _ = try db.deleteAuditSample(realm: realm, id: id)
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "audit_sample", objectID: id,
                    action: "audit_sample.removed", before: standing.text))
        }
    }

    private static func sample(_ id: String, realm: Int64, in db: any Connection) throws -> AuditSampleStanding {
        guard let standing = try db.auditSample(realm: realm, id: id) else {
            throw Refusal(.notFound, "There is no such sample.")
        }
        return standing
    }

    // MARK: Looking at a task

    /// A task that was opened for a verdict.
    package struct OpenAudit: Sendable {
        package let work: String
        package let task: String
        package let place: AuditSampleTaskRow?
        package let total: Int?
    }

    /// Opens a completed task, or the next of a sample, in an editor of the person's own; nil when the sample is done.
    ///
    /// What is drawn there becomes the response only with the verdict `fixed`.
    package func open(sample: String?, task: String?, by actor: Actor) async throws -> OpenAudit? {
        let person = try WorkOperations.person(actor)
        let now = environment.now()
        let realm = actor.realm.id
        return try await environment.database.write { db in
            let standing = try sample.map { try Self.sample($0, realm: realm, in: db) }
            let next = try sample.flatMap { sample in
                try task.map { try db.placeInSample(sample, task: $0) } ?? db.nextOfSample(sample, for: person)
            }
            guard let id = task ?? next?.taskID else {
                guard sample != nil else { throw Issues("task", "`task` or `sample` is required.") }
                return nil
            }
            guard Identifier.isValid(id), let head = try db.lockTask(realm: realm, id: id) else {
                throw Refusal.noSuchTask
            }
            let item = try Self.item(for: head, person: person, in: db, now: now)
            return OpenAudit(work: item, task: id, place: next, total: standing?.sample.total)
        }
    }

    /// The person's own audit of a task, which is made if there is none.
    private static func item(
        for head: TaskHead, person: String, in db: any Connection, now: Timestamp
    ) throws -> String {
        guard head.status == .completed else { throw TaskLifecycleError.notCompleted }
        let items = try db.workItems(realm: head.realm, task: head.id)
        guard let last = try db.submissions(realm: head.realm, task: head.id).last(where: { $0.response != nil }) else {
            throw Refusal(
                .invalid,
                "Nobody drew this task's answer here, so it cannot be opened in the editor. Give the verdict through the API."
            )
        }
        for open in items
        where open.kind == .audit && [.waiting, .leased].contains(open.state) && open.assignee == person {
            if open.basedOn == last.workItemID { return open.id }
            // Somebody has put the answer right since; what is looked at must be the answer there is.
            try db.closeWorkItem(realm: head.realm, id: open.id, at: now)
        }
        var item = NewWorkItem(for: head.workSubject, at: now)
        item.kind = .audit
        item.audience = .team
        item.attempt = items.filter { $0.kind == .audit }.count + 1
        item.assignee = person
        item.basedOn = last.workItemID
        try db.insertWorkItem(item)
        return item.id
    }

    /// What stands beside a task that is looked at.
    package struct Beside: Sendable {
        package let row: TaskRow
        package let audits: [AuditRow]
        package let supports: [TaskUse]
        package let used: [TaskUse]
        package let place: AuditSampleTaskRow?
        package let sample: AuditSampleStanding?
    }

    /// What stands beside the task of an audit that the person holds.
    package func beside(_ id: String, sample: String?, by actor: Actor) async throws -> Beside {
        let person = try WorkOperations.person(actor)
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard let item = try db.workItem(realm: realm, id: id), item.kind == .audit, item.assignee == person,
                let row = try db.task(realm: realm, id: item.taskID)
            else { throw Refusal(.notFound, "You hold no such audit.") }
            return Beside(
                row: row, audits: try db.audits(realm: realm, tasks: [row.id]),
                supports: TaskUses.supported(by: row, for: actor.role), used: try TaskUses.present(row, in: db),
                place: try sample.flatMap { try db.placeInSample($0, task: row.id) },
                sample: try sample.flatMap { try db.auditSample(realm: realm, id: $0) })
        }
    }

    /// Puts an audit away that was only looked at; what was drawn in it is kept for the next look.
    package func leave(_ id: String, lease: String, by actor: Actor) async throws {
        let now = environment.now()
        try await environment.database.write { db in
            let item = try WorkOperations.held(id, lease: lease, by: actor, in: db, now: now)
            guard item.kind == .audit else { throw Refusal(.invalid, "Only an audit can be left without a verdict.") }
            if try db.draft(workItem: id)?.revision ?? 0 == 0 {
                try db.closeWorkItem(realm: item.realm, id: id, at: now)
            } else {
                _ = try db.releaseWork(realm: item.realm, id: id, token: lease, now: now)
            }
        }
    }

    // MARK: Verdicts

    /// The verdicts on a task, newest first.
    package func verdicts(on task: String, by actor: Actor) async throws -> [AuditRow] {
        let realm = actor.realm.id
        return try await environment.database.read { db in try db.audits(realm: realm, tasks: [task]) }
    }

    /// Gives the verdict on a task that is open in the person's editor.
    ///
    /// Parameters as of ``WorkOperations/submit(_:lease:submission:revision:accepted:by:)``; the checks must pass for
    /// the result `fixed` only.
    package func decide(
        _ id: String, lease: String, submission: String, revision: Int, _ verdict: AuditVerdict, by actor: Actor
    ) async throws -> TaskRow {
        try verdict.check()
        let person = try WorkOperations.person(actor)
        let realm = actor.realm.id
        if let known = try await work.repeated(id, submission, realm: realm) { return known }
        let open = try await work.held(id, lease: lease, by: actor)
        guard open.item.kind == .audit else { throw Refusal(.invalid, "Only an audit takes a verdict.") }
        guard open.revision == revision else {
            throw Refusal(.leaseLost, "The draft is at revision \(open.revision), not \(revision); load it again.")
        }
        let result = try await work.submission(of: open)
        let isFix = verdict.result == .fixed
        guard !isFix || result.issues.isEmpty else {
            throw Refusal(
                .invalid, result.issues.first?.message ?? "The fix cannot be taken yet.", issues: result.issues)
        }
        let now = environment.now()
        let row = try await environment.database.write { db in
            guard let head = try db.lockTask(realm: realm, id: open.item.taskID) else { throw Refusal.noSuchTask }
            guard try db.lockDraft(workItem: id)?.revision == revision else {
                throw Refusal(.leaseLost, "The draft went on while the verdict was given; load it again.")
            }
            switch try db.submitWork(realm: realm, id: id, token: lease, submission: submission, now: now) {
            case .accepted: break
            case .repeated:
                guard let row = try db.task(realm: realm, id: head.id) else { throw Refusal.noSuchTask }
                return row
            case .leaseLost, .missing: throw WorkOperations.leaseLost
            }
            if isFix {
                let document = try DraftState(open.draft, open.steps).document()
                _ = try db.insertSubmission(
                    SubmissionRow(
                        of: open.item, userID: person, response: result.response,
                        objects: document.collections["annotations"]?.count ?? 0, seconds: now - open.draft.createdAt,
                        createdAt: now, finalAt: now))
            }
            return try AuditVerdicts.record(
                verdict, on: head, fix: isFix ? result.response : nil, by: actor, in: db, now: now)
        }
        environment.jobs.raise(.deliverCallback, .closeBatch)
        return row
    }

    /// Gives a verdict from outside; a fix brings the whole corrected response.
    package func decide(
        task id: String, _ verdict: AuditVerdict, response: RawJSON?, by actor: Actor
    ) async throws -> TaskRow {
        try verdict.check()
        guard (verdict.result == .fixed) == (response != nil) else {
            throw Issues(
                "response",
                response == nil
                    ? "`response` is required with the result `fixed`."
                    : "`response` goes with the result `fixed` only.")
        }
        return try await tasks.change(id, by: actor) { db, head, now in
            if let response { try Self.check(response, of: head, in: db) }
            _ = try AuditVerdicts.record(verdict, on: head, fix: response?.text, by: actor, in: db, now: now)
        }
    }

    private static func check(_ response: RawJSON, of head: TaskHead, in db: any Connection) throws {
        guard let row = try db.task(realm: head.realm, id: head.id), let type = TaskTypes.named(row.type) else {
            throw Refusal.noSuchTask
        }
        let facts = try ShownAttachment.all(of: row, in: db).compactMap { AttachmentFacts($0.row) }
        try JSONDocument.read(response.text, limits: DraftState.limits) { value in
            let reader = JSONReader(prefix: "response")
            try type.check(value, stored: row.params, facts: facts, strictness: .submit, reader: reader)
            try reader.finish()
        }
    }

    /// Puts a completed task to further uses.
    package func use(
        _ id: String, as uses: [TaskUse], note: String?, by actor: Actor
    ) async throws -> [(use: TaskUse, id: String)] {
        guard Identifier.isValid(id) else { throw Refusal.noSuchTask }
        let now = environment.now()
        let realm = actor.realm.id
        return try await environment.database.write { db in
            guard try db.lockTask(realm: realm, id: id) != nil, let row = try db.task(realm: realm, id: id) else {
                throw Refusal.noSuchTask
            }
            return try TaskUses.put(row, to: uses, note: note, by: actor, in: db, now: now)
        }
    }
}
