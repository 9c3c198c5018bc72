import Storage
import TestSupport

@testable import Work

/// How running a job ended.
enum JobEnd: Equatable {
    case done
    /// To be tried again after some seconds.
    case again(after: Double, reason: String)
}

extension Workshop {
    /// Runs the jobs of a kind that are due, one after the other and as the worker does, until none is.
    @discardableResult
    func run(_ kind: JobKind) async throws -> [JobEnd] {
        var ends: [JobEnd] = []
        while true {
            let jobs = try await claim(kind)
            if jobs.isEmpty { return ends }
            for job in jobs { ends.append(try await run(job, kind)) }
        }
    }

    /// Takes the jobs of a kind that are due.
    func claim(_ kind: JobKind) async throws -> [JobRow] {
        let now = clock.now
        return try await database.write { db in
            try db.jobRealms(kind: kind.rawValue).flatMap { realm in
                let lanes = try db.jobLanes(kind: kind.rawValue, realm: realm).filter { $0.due <= now }
                return try db.claimJobs(
                    kind: kind.rawValue, realm: realm, lanes: lanes.map { ($0.name, room: 100) }, limit: 100,
                    token: Identifier.make(now), until: now.adding(seconds: JobKind.leaseSeconds), now: now)
            }
        }
    }

    /// Runs a job that was taken.
    func run(_ job: JobRow, _ kind: JobKind) async throws -> JobEnd {
        do {
            try await kind.run(job, environment)
            return .done
        } catch let retry as JobRetry {
            let at = clock.now.adding(seconds: retry.delay)
            _ = try await database.write { db in
                try db.retryJob(job.id, token: job.leaseToken ?? "", at: at, error: retry.reason)
            }
            return .again(after: retry.delay, reason: retry.reason)
        }
    }

    /// When the next job of a kind is due, in seconds from now; nil if there is none.
    func wait(_ kind: JobKind) async throws -> Double? {
        let next = try await database.read { db in
            try db.jobRealms(kind: kind.rawValue).compactMap { realm in
                try db.jobLanes(kind: kind.rawValue, realm: realm).first?.due
            }.min()
        }
        return next.map { $0 - clock.now }
    }

    /// The attachments of a task.
    func attachments(_ task: String) async throws -> [AttachmentRow] {
        let realm = seed.live
        return try await database.read { db in try db.attachments(realm: realm, task: task) }
    }

    /// The work items of a task.
    func workItems(_ task: String) async throws -> [WorkItemRow] {
        let realm = seed.live
        return try await database.read { db in try db.workItems(realm: realm, task: task) }
    }

    /// What is or was to be told about a task, oldest first.
    func deliveries(_ task: String, realm: Int64? = nil) async throws -> [DeliveryRow] {
        let realm = realm ?? seed.live
        return try await database.read { db in try db.deliveries(realm: realm, task: task) }
    }

    func attempts(_ delivery: String) async throws -> [DeliveryAttemptRow] {
        try await database.read { db in try db.deliveryAttempts(delivery) }
    }
}
