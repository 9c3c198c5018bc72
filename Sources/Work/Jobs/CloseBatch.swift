import Storage

/// Completes a batch when its last task is done, and tells its receiver.
struct CloseBatch {
    let environment: WorkEnvironment

    static func job(realm: Int64, batch: String, at now: Timestamp) -> NewJob {
        NewJob(
            id: Identifier.make(now), kind: JobKind.closeBatch.rawValue, realm: realm, subject: batch,
            orderKey: "batch:\(batch)", lane: nil, runAt: now)
    }

    func run(_ job: JobRow) async throws {
        guard let realm = job.realm else { return }
        let now = environment.now()
        try await environment.database.write { db in
            try job.finish(in: db)
            guard try db.completeBatchIfDone(realm: realm, id: job.subject, at: now),
                let batch = try db.batch(realm: realm, id: job.subject)
            else { return }
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: "program", objectKind: "batch", objectID: batch.id,
                    action: "batch.completed", before: #"{"status":"in_progress"}"#, after: batch.text))
            // What a calibration batch is for is the verdict on all of it.
            if batch.kind == .calibration { try AuditSampling.drawWhole(batch, in: db, now: now) }
            try Outbox.tell(batch, in: db, now: now)
        }
        environment.jobs.raise(.deliverCallback)
    }
}
