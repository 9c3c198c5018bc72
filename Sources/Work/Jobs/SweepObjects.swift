import Logging
import Media
import Storage

/// Enters into the register what a store has from before there was one, a page of its list at a time, so that what nobody
/// refers to is collected; once, in data that is that old.
struct SweepObjects {
    let environment: WorkEnvironment

    /// Objects that are listed, and entered, at once.
    private static let portion = 1000
    private static let setting = "objects.swept"

    /// Lets the store be swept if that is still to be done, by whichever node comes first.
    static func arrange(_ environment: WorkEnvironment) async throws {
        guard try await environment.database.read({ db in try db.setting(setting) == nil }) else { return }
        let now = environment.now()
        let isDue = try await environment.database.write { db in
            guard try db.setting(setting) == nil else { return false }
            try db.putSetting(setting, String(now.microseconds))
            guard try db.hasDataBeforeRegister() else { return false }
            try db.enqueue(
                [
                    NewJob(
                        id: Identifier.make(now), kind: JobKind.sweepObjects.rawValue, subject: "objects", payload: "",
                        runAt: now)
                ], at: now)
            return true
        }
        if isDue { environment.jobs.raise(.sweepObjects) }
    }

    func run(_ job: JobRow) async throws {
        // The hash up to which all have been entered.
        var (place, entered) = (job.payload, 0)
        while true {
            let page = try await environment.objects.list(after: ContentHash(place), limit: Self.portion)
            guard let last = page.last else { break }
            place = last.hash.description
            let now = environment.now()
            entered += try await environment.database.write { [place] db in
                let count = try db.enterFound(objects: page.map { ($0.hash.description, $0.size) }, at: now)
                guard
                    try db.renewJob(
                        job.id, token: job.leaseToken ?? "", until: now.adding(seconds: JobKind.leaseSeconds),
                        payload: place)
                else { throw JobLost() }
                return count
            }
        }
        if entered > 0 {
            environment.logger.info(
                "objects from before the register were entered", metadata: ["objects": "\(entered)"])
        }
        try await environment.database.write { db in try job.finish(in: db) }
    }
}
