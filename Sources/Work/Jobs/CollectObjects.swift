import Logging
import Storage

/// Walks the register of objects once a day and removes what nothing refers to.
struct CollectObjects {
    let environment: WorkEnvironment

    /// Objects that are looked at in one query, and removed in one transaction.
    private static let portion = 1000
    private static let removedAtOnce = 100
    private static let setting = "objects.collected"
    private static let everySeconds = 86_400.0

    /// Ends removals that were broken off, and asks for the next walk when it is time, on whichever node comes first.
    func attend() async throws {
        while try await environment.objects.endRemovals() > 0 {}
        try await SweepObjects.arrange(environment)
        let now = environment.now()
        let isDue = try await environment.database.write { db in
            let last = try db.setting(Self.setting).flatMap { Int64($0) }.map { Timestamp(microseconds: $0) }
            if let last, now - last < Self.everySeconds { return false }
            try db.putSetting(Self.setting, String(now.microseconds))
            try db.enqueue([Self.job(at: now)], at: now)
            return true
        }
        if isDue { environment.jobs.raise(.collectObjects) }
    }

    /// A walk from the beginning; two at once do each other no harm.
    static func job(at now: Timestamp) -> NewJob {
        NewJob(
            id: Identifier.make(now), kind: JobKind.collectObjects.rawValue, subject: "objects", payload: "", runAt: now
        )
    }

    func run(_ job: JobRow) async throws {
        if job.payload.isEmpty {
            let files = try await FileOperations.removeUnused(environment)
            if files > 0 { environment.logger.info("unused files were removed", metadata: ["files": "\(files)"]) }
        }
        var (place, removed) = (job.payload, 0)
        while true {
            let now = environment.now()
            let cutoff = now.adding(seconds: -Double(environment.retention.objectHours) * 3600)
            let portion = try await environment.database.read { [place] db in
                try db.objects(after: place, putBefore: cutoff, limit: Self.portion)
            }
            var rest = portion.unused[...]
            while !rest.isEmpty {
                removed += try await environment.objects.remove(
                    Array(rest.prefix(Self.removedAtOnce)), putBefore: cutoff)
                rest = rest.dropFirst(Self.removedAtOnce)
            }
            guard let last = portion.last else { break }
            place = last
            let isOurs = try await environment.database.write { db in
                try db.renewJob(
                    job.id, token: job.leaseToken ?? "", until: now.adding(seconds: JobKind.leaseSeconds), payload: last
                )
            }
            guard isOurs else { throw JobLost() }
        }
        if removed > 0 {
            environment.logger.info("unused objects were removed", metadata: ["objects": "\(removed)"])
        }
        try await environment.database.write { db in
            try db.deleteEndedLinkKeys(now: environment.now())
            try job.finish(in: db)
        }
    }
}
