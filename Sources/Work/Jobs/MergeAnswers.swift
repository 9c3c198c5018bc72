import Labeling
import Storage

/// Puts the answers of several people to one task together, when all of them are in.
///
/// A job, since large answers take their time and whoever handed in the last one does not wait for it.
struct MergeAnswers {
    let environment: WorkEnvironment

    static func job(realm: Int64, task: String, at now: Timestamp) -> NewJob {
        NewJob(
            id: Identifier.make(now), kind: JobKind.mergeAnswers.rawValue, realm: realm, subject: task,
            orderKey: "merge:\(task)", lane: nil, runAt: now)
    }

    func run(_ job: JobRow) async throws {
        guard let realm = job.realm else { return }
        let round = try await environment.database.read { db in
            try AnswerRound(realm: realm, task: job.subject, in: db)
        }
        let merged = try round?.merged()
        let now = environment.now()
        try await environment.database.write { db in
            let head = try db.lockTask(realm: realm, id: job.subject)
            try job.finish(in: db)
            // It may have been called off or merged while the answers were put together.
            guard let head, let merged, let owner = try db.realm(realm),
                try AnswerRound(realm: realm, task: head.id, in: db) != nil
            else { return }
            let actor = Actor(
                kind: .program,
                realm: RealmContext(id: realm, account: owner.accountID, isTest: owner.mode == .test), role: .admin,
                name: "program")
            try merged.store(head, isTest: owner.mode == .test, by: actor, in: db, now: now)
        }
        environment.jobs.raise(.deliverCallback, .closeBatch)
    }
}
