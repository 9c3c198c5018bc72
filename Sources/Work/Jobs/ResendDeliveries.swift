import JSON
import Storage

/// Sends everything that failed to reach its receiver again, a portion in a transaction.
struct ResendDeliveries {
    let environment: WorkEnvironment

    private static let portion = 200

    static func job(target: String?, times: TimeRange, realm: Int64, at now: Timestamp) -> NewJob {
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            writer.field("target", ifPresent: target)
            if let from = times.from { writer.field("from", Int(from.microseconds)) }
            if let through = times.through { writer.field("through", Int(through.microseconds)) }
        }
        return NewJob(
            id: Identifier.make(now), kind: JobKind.resendDeliveries.rawValue, realm: realm, subject: target ?? "",
            payload: writer.text, runAt: now)
    }

    /// What has been sent again is no longer found, so a job that is run twice goes on where it stopped.
    func run(_ job: JobRow) async throws {
        guard let realm = job.realm else { return }
        let filter = try JSONDocument.read(job.payload) { payload in
            func time(_ name: String) -> Timestamp? {
                payload[name]?.int.map { Timestamp(microseconds: Int64($0)) }
            }
            return DeliveryFilter(
                state: .failed, target: payload["target"]?.string,
                times: TimeRange(from: time("from"), through: time("through")), isOpen: true)
        }
        var isOver = false
        while !isOver {
            let now = environment.now()
            isOver = try await environment.database.write { db in
                let rows = try db.deliveries(realm: realm, filter: filter, limit: Self.portion)
                for row in rows { _ = try Outbox.again(row, in: db, now: now) }
                if rows.isEmpty { try job.finish(in: db) }
                return rows.isEmpty
            }
            environment.jobs.raise(.deliverCallback)
        }
    }
}
