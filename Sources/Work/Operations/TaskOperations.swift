import JSON
package import Labeling
import Media
package import NIOCore
package import Storage

/// What can be done with tasks; the rules that HTTP, commands and jobs share.
package struct TaskOperations: Sendable {
    let environment: WorkEnvironment
    private let projects = ProjectMemory()

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    /// Creates a task.
    ///
    /// `type`: its type.
    /// `body`: the request as it came.
    /// `key`: the client's idempotency key, if it sent one.
    /// Returns the task as stored.
    /// Throws `Issues` for everything wrong with the request; `Refusal` for unknown projects and batches and for a
    /// `unique_id` in use.
    package func create(
        _ type: any TaskType, body: ByteBuffer, idempotencyKey key: String?, by actor: Actor
    ) async throws -> TaskRow {
        let names = try Self.withBody(body) { root in
            (project: root["project"]?.string, batch: root["batch"]?.string, version: Self.version(root))
        }
        let realm = actor.realm.id
        // The common case: a project's latest version. Its look-up is saved, and checked where it counts.
        let plain = names.batch == nil && names.version == nil ? names.project : nil
        if let plain, let context = projects.recall(plain, realm: realm) {
            do {
                return try await create(type, body: body, in: context, isRemembered: true, key: key, by: actor)
            } catch is OutdatedProject {
                projects.forget(plain, realm: realm)
            }
        }
        let context = try await context(project: names.project, batch: names.batch, version: names.version, by: actor)
        if let plain { projects.remember(context, plain, realm: realm) }
        return try await create(type, body: body, in: context, isRemembered: false, key: key, by: actor)
    }

    private func create(
        _ type: any TaskType, body: ByteBuffer, in context: Context, isRemembered: Bool, key: String?, by actor: Actor
    ) async throws -> TaskRow {
        let now = environment.now()
        let id = Identifier.make(now)
        let draft = try Self.withBody(body) { root in
            try prepare(type, root, context, id: id, now: now, by: actor)
        }
        try await checkFiles(draft.attachments, by: actor)
        let isTest = actor.realm.isTest
        let inserts = Self.inserts([draft], by: actor, now: now)
        try await environment.database.write { db in
            if isRemembered, let project = context.project {
                guard try db.latestVersionNumber(project: project.id) == context.version?.version ?? -1 else {
                    throw OutdatedProject()
                }
            }
            try Self.store(draft, inserts, key: key, by: actor, in: db, now: now)
        }
        if isTest {
            environment.jobs.raise(.deliverCallback, .closeBatch)
        } else if !draft.attachments.isEmpty {
            environment.jobs.raise(.fetchAttachment)
        }
        return draft.row
    }

    /// Writes a new task and all that goes with it, in one transaction.
    static func store(
        _ draft: Composed, _ inserts: TaskInserts, key: String?, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws {
        let task = draft.task
        if let key, let other = try db.reserveIdempotencyKey(realm: task.realm, key: key, task: task.id, at: now) {
            throw Refusal(.duplicate, "The provided idempotency key is already in use for task (\(other)).")
        }
        switch try db.insertTask(inserts) {
        case .inserted: break
        case .uniqueIDTaken(let other): throw taken(task.uniqueID ?? "", by: other)
        }
        try follow([draft], by: actor, in: db, now: now)
    }

    /// The event of a new task.
    static func created(_ draft: Composed, by actor: Actor, at now: Timestamp) -> NewEvent {
        NewEvent(
            realm: draft.task.realm, at: now, actor: actor.label, objectKind: "task", objectID: draft.task.id,
            action: "task.created", after: draft.text)
    }

    /// Does what goes with new tasks beyond ``inserts(_:by:now:)``, in the transaction that stores them.
    static func follow(_ drafts: [Composed], by actor: Actor, in db: any Connection, now: Timestamp) throws {
        let realm = actor.realm.id
        let isTest = actor.realm.isTest
        let batches = Dictionary(
            drafts.compactMap(\.batch).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for batch in batches.values where batch.status == .completed {
            // A batch that takes tasks at any time goes on when one comes.
            _ = try db.setBatchStatus(realm: realm, id: batch.id, from: .completed, to: .inProgress, at: now)
        }
        if isTest {
            for draft in drafts { try Outbox.tell(draft.row, isTest: true, audits: [], in: db, now: now) }
            return try db.enqueue(
                batches.keys.sorted().map { CloseBatch.job(realm: realm, batch: $0, at: now) }, at: now)
        }
        let complete = drafts.filter(\.task.attachments.isEmpty)
        try db.insertWorkItems(
            try Consensus.items(
                for: complete.filter { $0.task.stage == .queued }.map(\.row.workSubject), in: db, now: now))
        let staged = Set(complete.filter { $0.task.stage == .staged }.compactMap(\.task.batchID))
        try db.enqueue(staged.sorted().map { LaunchBatch.job(realm: realm, batch: $0, at: now) }, at: now)
    }

    static func taken(_ uniqueID: String, by other: String) -> Refusal {
        Refusal(.duplicate, #"The unique_id ("\#(uniqueID)") is already used for a different task (\#(other))."#)
    }

    /// Parses a create body; an empty one counts as an empty object.
    static func withBody<Result>(_ body: ByteBuffer, _ read: (JSONValue) throws -> Result) throws -> Result {
        guard body.readableBytesView.contains(where: { $0 > 0x20 }) else {
            return try JSONDocument.read("{}") { try read($0) }
        }
        return try body.withUnsafeReadableBytes { try JSONDocument.read($0) { try read($0) } }
    }

    static func version(_ root: JSONValue) -> Int? {
        for name in ["project_version", "project_param_version"] {
            guard let value = root[name] else { continue }
            if let number = value.int ?? value.string.flatMap({ Int($0) }) { return number }
        }
        return nil
    }

    // MARK: Context

    /// The project, batch and parameters that a new task belongs to.
    struct Context: Sendable {
        var project: ProjectRow?
        var batch: BatchRow?
        var version: ProjectVersionRow?
    }

    /// Looks up what a request names.
    func context(project name: String?, batch batchName: String?, version: Int?, by actor: Actor) async throws
        -> Context
    {
        guard name != nil || batchName != nil else { return Context() }
        let realm = actor.realm.id
        return try await environment.database.read { db in
            var context = Context()
            if let batchName {
                guard let batch = try db.batch(realm: realm, named: batchName) else {
                    throw Refusal.noSuchBatch(batchName)
                }
                context.batch = batch
                context.project = try db.project(realm: realm, id: batch.projectID)
                if let name, name != batch.project {
                    throw Issues(
                        "batch",
                        "`batch` \(JSONWriter.quoted(batchName)) belongs to the project \(JSONWriter.quoted(batch.project)), not to \(JSONWriter.quoted(name))."
                    )
                }
            } else if let name {
                let project = try db.existingProject(realm: realm, named: name)
                context.project = project
            }
            if let project = context.project, version != -1 {
                context.version = try db.projectVersion(project: project.id, version: version)
                if let version, context.version == nil {
                    throw Issues("project_version", "`project_version` \(version) does not exist in this project.")
                }
            }
            return context
        }
    }

    // MARK: Composition

    /// A task ready to be stored, and the row it will be.
    struct Composed: Sendable {
        var task: NewTask
        var row: TaskRow
        /// How the event log keeps it.
        var text: String
        var batch: BatchRow?
        var attachments: [AttachmentRequest]
    }

    func prepare(
        _ type: any TaskType, _ root: JSONValue, _ context: Context, id: String, now: Timestamp, by actor: Actor,
        besides others: Set<String> = []
    ) throws -> Composed {
        let reader = JSONReader()
        let common = TaskCommon.read(root, reader)
        if let project = context.project, project.type != type.name {
            reader.report(path: "project", "has tasks of type \(project.type); this request creates \(type.name)")
        }
        if let batch = context.batch, let project = context.project, project.product != .standard,
            batch.status != .staging
        {
            reader.report(path: "batch", "is no longer staging; tasks can only be added until it is finalized")
        }
        if let project = context.project, project.product == .rapid, context.batch == nil {
            reader.report(path: "batch", "is required in Rapid projects")
        }
        let merged = try Self.withParameters(context.version) { parameters in
            (
                text: root.isObject ? ParameterMerge.merge(request: root, project: parameters, besides: others) : "{}",
                instruction: parameters?["instruction"]?.string
            )
        }
        let instruction = [common?.instruction, merged.instruction].compactMap { $0 }.filter { !$0.isEmpty }
            .joined(separator: "\n\n")
        if type.requiresInstruction && instruction.isEmpty { reader.report(path: "instruction", "is required") }
        let prepared = try JSONDocument.read(merged.text) {
            type.prepare($0, reader: reader, makeID: WorkEnvironment.makeUUID)
        }
        if let prepared { checkAddresses(prepared.attachments, reader) }
        try reader.finish()
        guard let common, let prepared else { throw Issues("", "The request cannot be used.") }

        var task = NewTask(
            id: id, realm: actor.realm.id, type: type.name, stage: .ingesting, projectID: context.project?.id,
            batchID: context.batch?.id,
            paramVersion: context.version?.version ?? (context.project == nil ? nil : common.version),
            priority: common.priority, uniqueID: common.uniqueID, clearUniqueIDOnError: common.clearUniqueIDOnError,
            callbackURL: common.callbackURL ?? actor.realm.defaultCallbackURL,
            instruction: instruction.isEmpty ? nil : instruction, params: prepared.params, metadata: common.metadata,
            tags: common.tags, createdAt: now)
        let fetched = prepared.attachments
        if actor.realm.isTest {
            task.status = .completed
            task.stage = .done
            task.completedAt = now
            task.response = try type.cannedResponse(stored: prepared.params, makeID: WorkEnvironment.makeUUID)
        } else if fetched.isEmpty {
            task.stage = context.batch?.status == .staging ? .staged : .queued
        } else {
            task.attachments = fetched.map { NewAttachment(path: $0.path, url: $0.url, role: $0.role.rawValue) }
        }
        let row = TaskRow(task, project: context.project?.name, batch: context.batch?.name)
        return Composed(
            task: task, row: row, text: row.text(isTest: actor.realm.isTest), batch: context.batch,
            attachments: task.attachments.isEmpty ? [] : fetched)
    }

    private static func withParameters<Result>(
        _ version: ProjectVersionRow?, _ body: (JSONValue?) throws -> Result
    ) throws -> Result {
        guard let version else { return try body(nil) }
        return try JSONDocument.read(version.params) { try body($0) }
    }

    // MARK: Attachments

    /// Refuses addresses that can never be fetched; what only the network can tell is left to the fetching job.
    private func checkAddresses(_ requests: [AttachmentRequest], _ reader: JSONReader) {
        for request in requests where !UploadedFile.isReference(request.url) {
            // Which integration opens a bucket is looked up when the file is fetched; it may be added until then.
            if let address = CloudAddress(request.url), address.provider != .azure {
                guard address.bucket.isEmpty || address.key.isEmpty else { continue }
                reader.add(
                    Issue(path: request.path, message: "`\(request.path)` must name a file, as s3://bucket/key does."))
                continue
            }
            do {
                try environment.fetcher.check(request.url)
            } catch {
                // A refused or unreachable address ends the task in error later, as any that cannot be fetched does.
                guard error.code == .invalidURL else { continue }
                reader.add(
                    Issue(
                        path: request.path,
                        message:
                            "`\(request.path)` must be an http(s):// URL, the s3:// or gs:// address of a file in a "
                            + "bucket, or the scaledata:// address of an uploaded file. \(error.message)"))
            }
        }
    }

    /// Sees to it that every `scaledata://` address is a file of this realm.
    private func checkFiles(_ requests: [AttachmentRequest], by actor: Actor) async throws {
        let references = requests.filter { UploadedFile.isReference($0.url) }
        guard !references.isEmpty else { return }
        let realm = actor.realm.id
        let missing = try await environment.database.read { db in
            try references.filter { request in
                guard let id = UploadedFile.identifier(in: request.url) else { return true }
                return try db.file(realm: realm, id: id) == nil
            }
        }
        guard missing.isEmpty else {
            throw Issues(missing.map { Issue(path: $0.path, message: "`\($0.path)` names no file of this account.") })
        }
    }
}

extension TaskRow {
    /// The task's wire form as text, as the event log and deliveries keep it.
    func text(isTest: Bool, audits: [AuditRow] = []) -> String {
        var writer = JSONWriter(capacity: 1024 + params.utf8.count)
        write(to: &writer, TaskExtras(isTest: isTest, audits: audits))
        return writer.text
    }

    var workSubject: WorkSubject {
        head.workSubject
    }
}

/// What a work item needs to know of its task.
struct WorkSubject: Sendable {
    let taskID: String
    let realm: Int64
    let projectID: String?
    let batchID: String?
    let priority: Int?
}

extension TaskHead {
    var workSubject: WorkSubject {
        WorkSubject(taskID: id, realm: realm, projectID: projectID, batchID: batchID, priority: priority)
    }
}

extension NewWorkItem {
    /// The first label item of a task.
    init(for subject: WorkSubject, at now: Timestamp) {
        self.init(
            id: Identifier.make(now), taskID: subject.taskID, realm: subject.realm, projectID: subject.projectID,
            batchID: subject.batchID, priority: subject.priority, createdAt: now)
    }
}
