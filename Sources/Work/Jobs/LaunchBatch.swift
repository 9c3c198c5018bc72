import Labeling
import Storage

/// Sends the staged tasks of a launched batch to work, some at a time; does nothing while the batch is staging.
///
/// Queued by the launch, and by every task that becomes staged: on PostgreSQL the launch may commit while that task is
/// being written, and neither would see the other.
struct LaunchBatch {
    let environment: WorkEnvironment
    private static let portion = 500

    static func job(realm: Int64, batch: String, at now: Timestamp) -> NewJob {
        NewJob(
            id: Identifier.make(now), kind: JobKind.launchBatch.rawValue, realm: realm, subject: batch,
            orderKey: "batch:\(batch)", lane: nil, runAt: now)
    }

    func run(_ job: JobRow) async throws {
        guard let realm = job.realm else { return }
        let isStaging = try await environment.database.read { db in
            try db.batch(realm: realm, id: job.subject)?.status == .staging
        }
        guard !isStaging else { return try await environment.database.write { db in try job.finish(in: db) } }
        while true {
            let now = environment.now()
            let count = try await environment.database.write { db in
                let released = try db.releaseStagedTasks(realm: realm, batch: job.subject, limit: Self.portion, at: now)
                try db.insertWorkItems(
                    try released.flatMap { try Consensus.items(for: $0.workSubject, in: db, now: now) })
                try db.append(
                    released.map { head in
                        NewEvent(
                            realm: realm, at: now, actor: "program", objectKind: "task", objectID: head.id,
                            action: "task.launched", before: #"{"stage":"staged"}"#, after: #"{"stage":"queued"}"#)
                    })
                if released.isEmpty {
                    try job.finish(in: db)
                    // All tasks may have been called off or have failed while the batch was staging.
                    try db.enqueue([CloseBatch.job(realm: realm, batch: job.subject, at: now)], at: now)
                } else {
                    let until = now.adding(seconds: JobKind.leaseSeconds)
                    guard try db.renewJob(job.id, token: job.leaseToken ?? "", until: until) else { throw JobLost() }
                }
                return released.count
            }
            if count == 0 { break }
        }
        environment.jobs.raise(.closeBatch)
    }
}
