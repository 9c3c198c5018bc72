package import JSON
package import Labeling
import Media
package import Storage

/// What a home page shows a labeler.
package struct WorkHome: Sendable {
    package let summary: WorkSummary
    /// The task that *Continue* opens: begun, or next in the queue.
    package let next: (item: WorkItemRow, task: TaskRow)?
}

/// A work item with all that its editor needs.
package struct OpenWork: Sendable {
    let item: WorkItemRow
    let task: TaskRow
    let attachments: [ShownAttachment]
    let draft: DraftRow
    /// The steps behind the draft's snapshot.
    let steps: [DraftStepRow]
    /// The last steps, so that undo survives a reload.
    let history: [DraftStepRow]
}

/// What labelers do: take work, keep it, give it back, hand it in.
package struct WorkOperations: Sendable {
    let environment: WorkEnvironment

    private static let historyLength = 200

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    /// The queue as one person sees it.
    package func home(by actor: Actor) async throws -> WorkHome {
        let person = try Self.person(actor)
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.read { db in
            let scope = try Self.scope(of: actor, in: db)
            let summary = try db.workSummary(
                realm: realm, user: person, scope: scope, since: now.startOfDay, now: now)
            let item = summary.mine ?? summary.next
            let task = try item.flatMap { try db.task(realm: realm, id: $0.taskID) }
            return WorkHome(summary: summary, next: item.flatMap { item in task.map { (item, $0) } })
        }
    }

    /// Claims a work item: that one if it is named, the person's own, or the next of the queue.
    ///
    /// - Returns: The work with a new lease, or nil if there is none.
    package func claim(_ id: String?, by actor: Actor) async throws -> OpenWork? {
        let person = try Self.person(actor)
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.write { db in
            let expiresAt = now.adding(seconds: environment.leaseSeconds)
            let token = Secret.make()
            let scope = try Self.scope(of: actor, in: db)
            let item =
                if let id {
                    try db.claimWork(
                        realm: realm, id: id, user: person, scope: scope, token: token, expiresAt: expiresAt, now: now)
                } else {
                    try db.claimNextWork(
                        realm: realm, user: person, scope: scope, token: token, expiresAt: expiresAt, now: now)
                }
            guard let item else { return nil }
            return try Self.open(item, in: db, now: now)
        }
    }

    /// The work item that a person holds.
    package func work(_ id: String, by actor: Actor) async throws -> OpenWork {
        let person = try Self.person(actor)
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.write { db in
            guard let item = try db.workItem(realm: realm, id: id), item.state == .leased, item.leaseHolder == person
            else { throw Refusal(.notFound, "You hold no such work item.") }
            return try Self.open(item, in: db, now: now)
        }
    }

    /// Prolongs a claim.
    ///
    /// - Returns: When it ends now.
    package func heartbeat(_ id: String, lease: String, by actor: Actor) async throws -> Timestamp {
        let now = environment.now()
        let expiresAt = now.adding(seconds: environment.leaseSeconds)
        let realm = actor.realm.id
        let isHeld = try await environment.database.write { db in
            _ = try Self.held(id, lease: lease, by: actor, in: db, now: now)
            return try db.heartbeat(realm: realm, id: id, token: lease, expiresAt: expiresAt, now: now)
        }
        guard isHeld else { throw Self.leaseLost }
        return expiresAt
    }

    /// Gives a work item back to the queue; what was drawn stays with it.
    package func release(_ id: String, lease: String, by actor: Actor) async throws {
        let now = environment.now()
        let realm = actor.realm.id
        let isHeld = try await environment.database.write { db in
            _ = try Self.held(id, lease: lease, by: actor, in: db, now: now)
            return try db.releaseWork(realm: realm, id: id, token: lease, now: now)
        }
        guard isHeld else { throw Self.leaseLost }
    }

    // MARK: Submission

    /// What keeps the draft from being submitted.
    package func check(_ id: String, lease: String, by actor: Actor) async throws -> [SubmissionIssue] {
        try await submission(of: try await held(id, lease: lease, by: actor)).issues
    }

    /// Hands the work in: the response is built from the draft, checked, stored and told.
    ///
    /// `submission`: the client's id of this act; doing it again changes nothing.
    /// `revision`: the revision of the draft that the person saw.
    /// `accepted`: false when a reviewer sends the work back.
    /// Returns how the task stands then.
    /// Throws `Refusal` with issues if the checks fail, or if the lease is lost or the draft went on.
    package func submit(
        _ id: String, lease: String, submission: String, revision: Int, accepted: Bool = true, by actor: Actor
    ) async throws -> TaskRow {
        let realm = actor.realm
        let person = try Self.person(actor)
        let work: OpenWork
        do { work = try await held(id, lease: lease, by: actor) } catch let refusal as Refusal
            where refusal == Self.leaseLost
        {
            // A submission ends the lease, so the same one again is looked for only here.
            if let repeated = try await repeated(id, submission, realm: realm.id) { return repeated }
            throw Self.leaseLost
        }
        guard accepted || work.item.kind == .review else {
            throw Refusal(.invalid, "Only a review can send work back.")
        }
        guard work.revision == revision else {
            throw Refusal(.leaseLost, "The draft is at revision \(work.revision), not \(revision); load it again.")
        }
        let result = try await self.submission(of: work)
        // What goes back to its labeler may still be wrong.
        guard !accepted || result.issues.isEmpty else {
            throw Refusal(
                .invalid, result.issues.first?.message ?? "The work cannot be submitted yet.", issues: result.issues)
        }
        let now = environment.now()
        let row = try await environment.database.write { db in
            guard let head = try db.lockTask(realm: realm.id, id: work.item.taskID) else { throw Refusal.noSuchTask }
            guard try db.lockDraft(workItem: id)?.revision == revision else {
                throw Refusal(.leaseLost, "The draft went on while it was submitted; load it again.")
            }
            switch try db.submitWork(realm: realm.id, id: id, token: lease, submission: submission, now: now) {
            case .accepted: break
            case .repeated:
                guard let row = try db.task(realm: realm.id, id: head.id) else { throw Refusal.noSuchTask }
                return row
            case .leaseLost, .missing: throw Self.leaseLost
            }
            if accepted, !result.warnings.isEmpty {
                try Self.note(result.warnings, of: work.item, by: actor, in: db, now: now)
            }
            let handedIn = HandedIn(
                item: work.item, head: head, document: try DraftState(work.draft, work.steps).document(),
                response: result.response, openedAt: work.draft.createdAt, person: person)
            return work.item.kind == .review
                ? try Flow.verdict(accepted: accepted, handedIn, by: actor, in: db, now: now)
                : try Flow.answer(handedIn, by: actor, in: db, now: now)
        }
        environment.jobs.raise(.deliverCallback, .closeBatch, .mergeAnswers)
        return row
    }

    /// Notes what was worth knowing of a response although it was right.
    private static func note(
        _ warnings: [SubmissionIssue], of item: WorkItemRow, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws {
        var writer = JSONWriter(capacity: 512)
        writer.object { writer in
            writer.field("work", item.id)
            writer.array("warnings") { writer in warnings.forEach { $0.write(to: &writer) } }
        }
        try db.append(
            NewEvent(
                realm: item.realm, at: now, actor: actor.label, objectKind: "task", objectID: item.taskID,
                action: "task.warned", after: writer.text))
    }

    func repeated(_ id: String, _ submission: String, realm: Int64) async throws -> TaskRow? {
        try await environment.database.read { db in
            guard let item = try db.workItem(realm: realm, id: id), item.submissionID == submission else { return nil }
            return try db.task(realm: realm, id: item.taskID)
        }
    }

    /// The work behind a valid lease, for a look at it; what relies on the lease asks again inside its transaction.
    func held(_ id: String, lease: String, by actor: Actor) async throws -> OpenWork {
        let person = try Self.person(actor)
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.read { db in
            // Claiming has made the draft, so nothing needs to be written.
            guard let item = try db.workItem(realm: realm, id: id), item.state == .leased, item.leaseToken == lease,
                item.leaseHolder == person, let end = item.leaseExpiresAt, end > now,
                let draft = try db.draft(workItem: id)
            else { throw Self.leaseLost }
            return try Self.loaded(item, draft, in: db)
        }
    }

    /// The item, if the lease is valid and the person's own: a token alone does not make somebody else's work theirs.
    static func held(
        _ id: String, lease: String, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> WorkItemRow {
        let person = try person(actor)
        guard let item = try db.heldWork(realm: actor.realm.id, id: id, token: lease, now: now),
            item.leaseHolder == person
        else { throw leaseLost }
        return item
    }

    func submission(of work: OpenWork) async throws -> Labeling.Submission {
        guard let type = TaskTypes.named(work.task.type) else {
            throw Refusal(.notEnabled, "This task type is not enabled.")
        }
        var document = try DraftState(work.draft, work.steps).document()
        document.secondsSpent = work.task.startedAt.map { Int(environment.now() - $0) }
        return try type.submission(
            of: document, stored: work.task.params, facts: work.attachments.compactMap { AttachmentFacts($0.row) })
    }

    // MARK: Parts

    static let leaseLost = Refusal(
        .leaseLost, "This work item is no longer yours: the claim ran out or somebody else has it.")

    static func person(_ actor: Actor) throws -> String {
        guard let person = actor.person else { throw Refusal(.forbidden, "Only people can take work.") }
        return person
    }

    /// What a person works on: labelers with assignments see those projects only, and what their function is; everybody else sees
    /// all.
    static func scope(of actor: Actor, in db: any Connection) throws -> WorkScope {
        guard actor.role == .labeler, let person = actor.person else { return .everything }
        let function = try db.member(account: actor.realm.account, user: person)?.function ?? .both
        let assigned = try db.assignedProjects(realm: actor.realm.id, user: person)
        return WorkScope(projects: assigned.isEmpty ? nil : assigned, audiences: function.audiences)
    }

    /// Loads a claimed item; when nobody has opened it yet, its draft is made from the work before it, or else from the
    /// hypothesis or base annotations.
    static func open(_ item: WorkItemRow, in db: any Connection, now: Timestamp) throws -> OpenWork {
        if let draft = try db.draft(workItem: item.id) { return try loaded(item, draft, in: db) }
        guard let task = try db.task(realm: item.realm, id: item.taskID) else { throw Refusal.noSuchTask }
        let before = try item.basedOn.flatMap { try Documents.last(of: $0, in: db) }
        let document =
            try before
            ?? TaskTypes.named(task.type)?.initialDocument(stored: task.params, makeID: WorkEnvironment.makeUUID)
        _ = try db.createDraft(workItem: item.id, snapshot: document?.json ?? "{}", at: now)
        guard let draft = try db.draft(workItem: item.id) else { throw Refusal.noSuchTask }
        return try loaded(item, draft, in: db)
    }

    private static func loaded(_ item: WorkItemRow, _ draft: DraftRow, in db: any Connection) throws -> OpenWork {
        guard let task = try db.task(realm: item.realm, id: item.taskID) else { throw Refusal.noSuchTask }
        return OpenWork(
            item: item, task: task, attachments: try ShownAttachment.all(of: task, in: db), draft: draft,
            steps: try db.draftSteps(workItem: item.id, after: draft.snapshotRevision),
            history: try db.lastDraftSteps(workItem: item.id, limit: historyLength))
    }
}

extension MemberRow.Function {
    /// What a labeler with this function is given.
    var audiences: [WorkItemRow.Audience] {
        switch self {
        case .attempter: [.label]
        case .reviewer: [.review]
        case .both: [.label, .review]
        }
    }
}

extension AttachmentFacts {
    /// What is known of a copy; nothing of documents that came in before pages were counted.
    init?(_ row: AttachmentRow) {
        let pages = row.pageSizes
        guard row.mime != "application/pdf" || !pages.isEmpty, row.mime != "image/tiff" || row.facts != nil else {
            return nil
        }
        self.init(
            path: row.path, width: row.width, height: row.height, mimeType: row.mime, pages: max(1, pages.count))
    }
}

extension OpenWork {
    /// The revision of the draft.
    var revision: Int { steps.last?.revision ?? draft.revision }

    /// Writes what a labeler gets: no source addresses, no metadata, no callbacks.
    ///
    /// `links`: makes the signed paths under which the files are shown.
    package func write(to writer: inout JSONWriter, links: FileLinks, now: Timestamp) throws {
        guard let type = TaskTypes.named(task.type) else {
            throw Refusal(.notEnabled, "This task type is not enabled.")
        }
        let params = try type.labelerParams(stored: task.params)
        let editorParams = try type.editorParams(stored: task.params)
        let document = try DraftState(draft, steps).document()
        writer.object { writer in
            writer.field("id", item.id)
            writer.field("task", task.id)
            writer.field("type", task.type)
            writer.field("editor", type.editor.rawValue)
            writer.field("kind", item.kind.rawValue)
            writer.field("level", item.level)
            writer.field("attempt", item.attempt)
            writer.key("project")
            if let project = task.project { writer.value(project) } else { writer.null() }
            writer.field("instruction", task.instruction ?? "")
            writer.object("lease") { writer in
                writer.field("token", item.leaseToken ?? "")
                writer.field("expires_at", time: (item.leaseExpiresAt ?? now).microseconds)
            }
            writer.field("params", raw: params)
            if let editorParams { writer.field("editor_params", raw: editorParams) }
            writer.array("attachments") { writer in
                for attachment in attachments { attachment.write(to: &writer, links: links, now: now) }
            }
            writer.object("draft") { writer in
                writer.field("revision", revision)
                writer.field("collections", raw: document.json)
            }
            writer.array("history") { writer in
                history.forEach { $0.write(to: &writer, isOwn: $0.user == item.leaseHolder) }
            }
        }
    }
}

extension DraftStepRow {
    /// Writes a step as the editor sent it, with the revision it made.
    ///
    /// `isOwn`: whether whoever reads it made it.
    package func write(to writer: inout JSONWriter, isOwn: Bool) {
        writer.object { writer in
            writer.field("revision", revision)
            writer.field("writer", self.writer)
            writer.field("id", id)
            writer.field("sequence", sequence)
            writer.field("mark", mark.rawValue)
            writer.field("own", isOwn)
            writer.field("operations", raw: operations)
        }
    }
}
