import JSON
import Labeling
import Storage

/// Carries out what the life of a task demands, inside the transaction that caused it.
enum TaskTransitions {
    /// Lets an event happen to a task.
    ///
    /// `head`: the task, locked in this transaction.
    /// `response`: the new response, for events that bring one.
    /// `follow`: the work that is to be done next, for events that lead to a review or a redo.
    /// Returns the task afterwards.
    /// Throws `TaskLifecycleError` if the event cannot happen in the task's state.
    @discardableResult
    static func apply(
        _ event: TaskEvent, to head: TaskHead, response: String? = nil, follow: NewWorkItem? = nil, by actor: String,
        isTest: Bool, in db: any Connection, now: Timestamp
    ) throws -> TaskRow {
        let before = TaskState(head.status, head.stage)
        let (after, actions) = try TaskLifecycle.apply(event, to: before)
        if after.status != before.status, let status = TaskRow.Status(rawValue: after.status.rawValue),
            status != .pending
        {
            _ = try db.finishTask(realm: head.realm, id: head.id, as: status, response: response, at: now)
        } else if after.status == .pending, before.status == .completed,
            let stage = TaskRow.Stage(rawValue: after.stage.rawValue)
        {
            _ = try db.reopenTask(realm: head.realm, id: head.id, stage: stage, at: now)
        } else if after.stage != before.stage, let stage = TaskRow.Stage(rawValue: after.stage.rawValue) {
            _ = try db.moveTask(realm: head.realm, id: head.id, to: stage, at: now)
        }
        if event == .stepAccepted, head.startedAt == nil {
            _ = try db.startTask(realm: head.realm, id: head.id, at: now)
        }
        for action in actions { try carryOut(action, head, follow: follow, in: db, now: now) }
        guard let row = try db.task(realm: head.realm, id: head.id) else { throw Refusal.noSuchTask }
        try db.append(
            NewEvent(
                realm: head.realm, at: now, actor: actor, objectKind: "task", objectID: head.id,
                action: event.action, before: Self.state(before), after: row.text(isTest: isTest)))
        if actions.contains(.deliverCallback) {
            try Outbox.tell(row, isTest: isTest, audits: [], in: db, now: now)
        }
        return row
    }

    private static func carryOut(
        _ action: TaskAction, _ head: TaskHead, follow: NewWorkItem?, in db: any Connection, now: Timestamp
    ) throws {
        switch action {
        case .makeLabelItem: try db.insertWorkItems(try Consensus.items(for: head.workSubject, in: db, now: now))
        case .closeWorkItems: _ = try db.closeWork(realm: head.realm, task: head.id, at: now)
        case .clearUniqueIDIfAsked:
            if head.clearUniqueIDOnError { _ = try db.clearUniqueID(realm: head.realm, id: head.id, at: now) }
        case .checkBatch:
            guard let batch = head.batchID else { return }
            try db.enqueue([CloseBatch.job(realm: head.realm, batch: batch, at: now)], at: now)
        case .deliverCallback, .storeResponse: break  // done with the row as it is afterwards
        case .makeReviewItem, .makeRedoItem:
            guard let follow else { throw TaskLifecycleError.outOfOrder }
            try db.insertWorkItem(follow)
        case .reopenBatch:
            guard let batch = head.batchID else { return }
            try db.setBatchStatus(realm: head.realm, id: batch, from: .completed, to: .inProgress, at: now)
        case .putResponseAside: try PriorResponses.putAside(of: head, in: db, now: now)
        case .requestValidation, .recordAudit:
            // No project asks for these steps yet, so no event of ours leads to them.
            throw TaskLifecycleError.outOfOrder
        }
    }

    private static func state(_ state: TaskState) -> String {
        var writer = JSONWriter(capacity: 64)
        writer.object { writer in
            writer.field("status", state.status.rawValue)
            writer.field("stage", state.stage.rawValue)
        }
        return writer.text
    }
}

extension TaskState {
    fileprivate init(_ status: TaskRow.Status, _ stage: TaskRow.Stage) {
        self.init(
            TaskStatus(rawValue: status.rawValue) ?? .error, TaskStage(rawValue: stage.rawValue) ?? .done)
    }
}

extension TaskEvent {
    /// What the event log calls it.
    fileprivate var action: String {
        switch self {
        case .attachmentsReady: "task.ready"
        case .attachmentsFailed: "task.failed"
        case .launched: "task.launched"
        case .answered: "task.answered"
        case .stepAccepted: "task.started"
        case .submitted: "task.submitted"
        case .reviewed(let accepted, _): accepted ? "task.review_accepted" : "task.review_rejected"
        case .validated: "task.validated"
        case .canceled: "task.canceled"
        case .audited: "task.audited"
        case .resendRequested: "task.callback_resent"
        case .recalled: "task.recalled"
        }
    }
}

/// Writes what is to be told to the outside, for the delivery job to send.
enum Outbox {
    /// Tells the receiver of a task's callbacks how the task stands now; nothing if it has none.
    static func tell(
        _ task: TaskRow, isTest: Bool, audits: [AuditRow], in db: any Connection, now: Timestamp
    ) throws {
        guard let target = task.callbackURL, !target.isEmpty else { return }
        var writer = JSONWriter(capacity: 2048)
        writer.object { writer in
            writer.key("task")
            task.write(to: &writer, TaskExtras(isTest: isTest, audits: audits))
            writer.key("response")
            if let response = task.response { writer.raw(response) } else { writer.null() }
            writer.field("task_id", task.id)
            writer.field("status", task.status.rawValue)
        }
        try send(
            writer.text, to: target, realm: task.realm, task: task.id, batch: nil, order: "task:\(task.id)", in: db,
            now: now)
    }

    /// Tells the receiver of a batch's callback that the batch is done; nothing if it has none.
    static func tell(_ batch: BatchRow, in db: any Connection, now: Timestamp) throws {
        guard let target = batch.callback, !target.isEmpty else { return }
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("batch")
            batch.write(to: &writer)
            writer.field("status", batch.status.rawValue)
        }
        try send(
            writer.text, to: target, realm: batch.realm, task: nil, batch: batch.id, order: "batch:\(batch.id)",
            in: db, now: now)
    }

    private static func send(
        _ body: String, to target: String, realm: Int64, task: String?, batch: String?, order: String,
        in db: any Connection, now: Timestamp
    ) throws {
        let id = Identifier.make(now)
        try db.insertDelivery(
            DeliveryRow(
                id: id, realm: realm, taskID: task, batchID: batch, target: target,
                kind: DeliveryRow.Kind(target: target),
                body: body, state: .pending, attempts: 0, createdAt: now, finishedAt: nil))
        try db.enqueue([DeliverCallback.job(id, realm: realm, target: target, order: order, at: now)], at: now)
    }
}
