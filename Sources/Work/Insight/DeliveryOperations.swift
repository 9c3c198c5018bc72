package import JSON
import Labeling
package import Storage

/// A delivery with its attempts.
package struct DeliveryEntry: Sendable {
    package let row: DeliveryRow
    let attempts: [DeliveryAttemptRow]
    let batch: String?
    let next: Timestamp?

    /// Writes the delivery; with what was sent, if asked for.
    package func write(to writer: inout JSONWriter, withBody: Bool = false) {
        writer.object { writer in
            writer.field("id", row.id)
            writer.field("task_id", ifPresent: row.taskID)
            writer.field("batch_id", ifPresent: row.batchID)
            writer.field("batch", ifPresent: batch)
            writer.field("target", row.target)
            writer.field("kind", row.kind.rawValue)
            writer.field("state", row.state.rawValue)
            writer.field("created_at", time: row.createdAt.microseconds)
            if let at = row.finishedAt { writer.field("finished_at", time: at.microseconds) }
            if let next { writer.field("next_attempt_at", time: next.microseconds) }
            writer.field("resend_of", ifPresent: row.resendOf)
            writer.field("resent_as", ifPresent: row.resentAs)
            writer.array("attempts") { writer in
                for attempt in attempts {
                    writer.object { writer in
                        writer.field("number", attempt.number)
                        writer.field("at", time: attempt.at.microseconds)
                        writer.field("status_code", ifPresent: attempt.statusCode)
                        writer.field("error", ifPresent: attempt.error)
                        writer.field("seconds", attempt.seconds)
                    }
                }
            }
            if withBody { writer.field("body_text", row.body) }
        }
    }

    static func all(_ rows: [DeliveryRow], in db: any Connection) throws -> [DeliveryEntry] {
        let attempts = Dictionary(grouping: try db.deliveryAttempts(of: rows.map(\.id)), by: \.deliveryID)
        let batches = Set(rows.compactMap { row in row.batchID.map { ObjectReference(kind: "batch", id: $0) } })
        let names = try rows.first.map { try db.names(realm: $0.realm, of: batches) } ?? [:]
        return try rows.map { row in
            DeliveryEntry(
                row: row, attempts: attempts[row.id] ?? [],
                batch: row.batchID.flatMap { names[ObjectReference(kind: "batch", id: $0)] },
                next: row.state == .pending ? try db.nextDelivery(row.id, order: row.order) : nil)
        }
    }
}

/// Which receivers do not take what is sent to them.
package struct DeliverySummary: Sendable {
    package struct Receiver: Sendable {
        let row: FailingReceiver
        let last: DeliveryAttemptRow?
    }

    let receivers: [Receiver]

    /// Writes the summary.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("failed", receivers.reduce(0) { $0 + $1.row.failed })
            writer.field("pending", receivers.reduce(0) { $0 + $1.row.pending })
            writer.array("receivers") { writer in
                for receiver in receivers {
                    writer.object { writer in
                        writer.field("target", receiver.row.target)
                        writer.field("failed", receiver.row.failed)
                        writer.field("pending", receiver.row.pending)
                        guard let last = receiver.last else { return }
                        writer.field("last_error", ifPresent: last.error)
                        writer.field("last_status_code", ifPresent: last.statusCode)
                        writer.field("last_at", time: last.at.microseconds)
                    }
                }
            }
        }
    }
}

/// Looking at what was sent, and sending it again.
package struct DeliveryOperations: Sendable {
    let environment: WorkEnvironment

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    private static let none = Refusal(.notFound, "There is no such delivery.")
    /// How far back the summary looks, and how many deliveries of a state it counts at most.
    private static let summaryDays = 30.0
    private static let summaryMost = 10_000

    /// What was sent for a task, oldest first.
    package func deliveries(ofTask id: String, by actor: Actor) async throws -> [DeliveryEntry] {
        guard Identifier.isValid(id) else { throw Refusal.noSuchTask }
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard try db.taskHead(realm: realm, id: id) != nil else { throw Refusal.noSuchTask }
            return try DeliveryEntry.all(try db.deliveries(realm: realm, task: id), in: db)
        }
    }

    /// What was sent, newest first, before the last delivery already seen; `batch` by its name.
    package func deliveries(
        _ filter: DeliveryFilter, batch: String?, before cursor: String?, limit: Int, by actor: Actor
    ) async throws -> [DeliveryEntry] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            var filter = filter
            if let batch {
                guard let row = try db.batch(realm: realm, named: batch) else { throw Refusal.noSuchBatch(batch) }
                filter.batchID = row.id
            }
            return try DeliveryEntry.all(
                try db.deliveries(realm: realm, filter: filter, before: cursor, limit: limit), in: db)
        }
    }

    /// One delivery.
    package func delivery(_ id: String, by actor: Actor) async throws -> DeliveryEntry {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard let row = try db.delivery(id), row.realm == realm else { throw Self.none }
            guard let entry = try DeliveryEntry.all([row], in: db).first else { throw Self.none }
            return entry
        }
    }

    /// The receivers that fail most.
    package func summary(by actor: Actor) async throws -> DeliverySummary {
        let realm = actor.realm.id
        let since = environment.now().adding(seconds: -Self.summaryDays * 86_400)
        return try await environment.database.read { db in
            let rows = try db.failingReceivers(realm: realm, since: since, atMost: Self.summaryMost, limit: 20)
            let attempts = Dictionary(grouping: try db.deliveryAttempts(of: rows.map(\.lastID)), by: \.deliveryID)
            return DeliverySummary(
                receivers: rows.map { DeliverySummary.Receiver(row: $0, last: attempts[$0.lastID]?.last) })
        }
    }

    /// Sends a delivery's message again, as it was, in a delivery of its own.
    package func resend(_ id: String, by actor: Actor) async throws -> DeliveryEntry {
        let realm = actor.realm.id
        let now = environment.now()
        let entry = try await environment.database.write { db in
            guard let row = try db.lockDelivery(realm: realm, id: id) else { throw Self.none }
            guard row.state != .pending else {
                throw Refusal(.invalid, "This delivery is still being tried; wait until it has failed or arrived.")
            }
            let copy = try Outbox.again(row, in: db, now: now)
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: row.taskID == nil ? "batch" : "task",
                    objectID: row.taskID ?? row.batchID ?? row.id, action: "delivery.resent",
                    after: Self.note(target: row.target, delivery: copy.id)))
            return DeliveryEntry(row: copy, attempts: [], batch: nil, next: now)
        }
        environment.jobs.raise(.deliverCallback)
        return entry
    }

    /// Has everything that failed up to now sent again, by a job; what fails later is left alone.
    ///
    /// - Returns: The job's id.
    package func resendFailed(target: String?, times: TimeRange, by actor: Actor) async throws -> String {
        let now = environment.now()
        var times = times
        times.through = min(times.through ?? now, now)
        let job = ResendDeliveries.job(target: target, times: times, realm: actor.realm.id, at: now)
        let realm = actor.realm
        try await environment.database.write { db in
            try db.enqueue([job], at: now)
            try db.append(
                NewEvent(
                    realm: realm.id, at: now, actor: actor.label, objectKind: "realm", objectID: realm.account,
                    action: "deliveries.resent", after: Self.note(target: target ?? "all receivers", delivery: nil)))
        }
        environment.jobs.raise(.resendDeliveries)
        return job.id
    }

    private static func note(target: String, delivery: String?) -> String {
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            writer.field("target", target)
            writer.field("delivery", ifPresent: delivery)
        }
        return writer.text
    }
}

extension DeliveryRow {
    /// The key that keeps messages about one thing in order.
    var order: String { taskID.map { "task:\($0)" } ?? "batch:\(batchID ?? id)" }
}

extension Outbox {
    /// Sends the message of a delivery that is over again, in a new one.
    static func again(_ row: DeliveryRow, in db: any Connection, now: Timestamp) throws -> DeliveryRow {
        let copy = DeliveryRow(
            id: Identifier.make(now), realm: row.realm, taskID: row.taskID, batchID: row.batchID, target: row.target,
            kind: row.kind, body: row.body, createdAt: now, resendOf: row.id)
        try db.insertDelivery(copy)
        try db.setResent(row, as: copy)
        try db.enqueue(
            [DeliverCallback.job(copy.id, realm: row.realm, target: row.target, order: row.order, at: now)], at: now)
        return copy
    }
}
