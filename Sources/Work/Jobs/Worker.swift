import Logging
import Media
import ServiceLifecycle
import Storage

/// Runs jobs of all kinds until the process shuts down; what runs then is finished.
package struct Worker: Service {
    private let environment: WorkEnvironment
    /// How long to sleep at most: other processes cannot raise our signal.
    private static let pollSeconds = 1.0
    private let rush = FetchRush()

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            for kind in JobKind.allCases {
                group.addTask { await self.serve(kind) }
            }
        }
    }

    /// Claims and runs jobs of one kind, never more at a time than it allows.
    private func serve(_ kind: JobKind) async {
        let pace = kind == .fetchAttachment ? environment.fetchPace : nil
        let load = LaneLoad(
            most: kind.concurrency, perLane: pace?.perHost ?? kind.perLane, perSecond: pace?.perSecond)
        let walk = LaneWalk()
        var restraint = Restraint(most: kind.concurrency)
        await withDiscardingTaskGroup { group in
            while !Task.isShuttingDownGracefully && !Task.isCancelled {
                var sleep = Self.pollSeconds
                var claimed = 0
                restraint.isOn = kind.givesWay && rush.isOn(now: environment.now())
                if restraint.pause > 0 { await pause(restraint.pause) }
                if load.total < restraint.room {
                    let (jobs, next) = await claim(kind, load, walk, atMost: restraint.room)
                    restraint.claimed(dueSince: jobs.first?.runAt, now: environment.now())
                    claimed = jobs.count
                    if let next { sleep = min(max(next, 0.02), sleep) }
                    let now = environment.now()
                    for job in jobs {
                        load.began(job.laneKey, now: now)
                        group.addTask {
                            await self.perform(job, kind, load)
                            load.ended(job.laneKey)
                            if kind == .fetchAttachment { self.rush.ended(now: self.environment.now()) }
                            self.environment.jobs.raise(kind)
                        }
                    }
                }
                if claimed == 0 {
                    await cancelWhenGracefulShutdown { [sleep] in
                        await self.environment.jobs.wait(kind.rawValue, atMost: .seconds(sleep))
                    }
                }
            }
        }
    }

    /// What is to be claimed of an account.
    private struct Share {
        let realm: Int64
        let lanes: [(name: String, room: Int)]
        let limit: Int
    }

    /// Takes jobs of lanes that are not full; also tells in how many seconds there is one to take, if there is any.
    ///
    /// The lanes are read beside the writers, who are held up only where there is something to take.
    private func claim(
        _ kind: JobKind, _ load: LaneLoad, _ walk: LaneWalk, atMost most: Int
    ) async -> (jobs: [JobRow], next: Double?) {
        do {
            let now = environment.now()
            let (shares, next) = try await environment.database.read { db in
                try Self.shares(of: kind, load, walk, atMost: most, now: now, in: db)
            }
            guard !shares.isEmpty else { return ([], next) }
            let jobs = try await environment.database.write { db in
                try shares.flatMap { share in
                    try db.claimJobs(
                        kind: kind.rawValue, realm: share.realm, lanes: share.lanes, limit: share.limit,
                        token: Identifier.make(now), until: now.adding(seconds: JobKind.leaseSeconds), now: now)
                }
            }
            return (jobs, 0)
        } catch {
            environment.logger.error(
                "jobs could not be claimed",
                metadata: ["job.kind": "\(kind.rawValue)", "error": "\(String(reflecting: error))"])
            return ([], nil)
        }
    }

    private static func shares(
        of kind: JobKind, _ load: LaneLoad, _ walk: LaneWalk, atMost most: Int, now: Timestamp, in db: any Connection
    ) throws -> (shares: [Share], next: Double?) {
        var shares: [Share] = []
        var taken = 0
        var next = load.nextEnd(now: now).map { $0 - now }
        for realm in load.ordered(try db.jobRealms(kind: kind.rawValue)) {
            let limit = min(load.room(ofRealm: realm, taken: taken), most - taken)
            guard limit > 0 else { continue }
            let (lanes, hasMore) = try walk.lanes(kind: kind.rawValue, realm: realm, in: db)
            for wait in lanes.map({ $0.due - now }) + (hasMore ? [0.1] : []) where wait > 0 {
                next = min(next ?? wait, wait)
            }
            let rooms = lanes.filter { $0.due <= now }.map { lane in
                (name: lane.name, room: load.room(in: LaneKey(realm: realm, name: lane.name), now: now))
            }.filter { $0.room > 0 }
            guard !rooms.isEmpty else { continue }
            shares.append(Share(realm: realm, lanes: rooms, limit: limit))
            taken += limit
        }
        return (shares, next)
    }

    /// Ends early on shutdown, which is what is wanted then.
    private func pause(_ seconds: Double) async {
        do { try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(seconds)) } } catch {}
    }

    /// Runs a job while its lease is kept alive beside it.
    private func perform(_ job: JobRow, _ kind: JobKind, _ load: LaneLoad) async {
        await withTaskGroup { group in
            group.addTask { await self.attempt(job, kind, load) }
            group.addTask { await self.keepLease(of: job) }
            if kind.isCutShort { group.addTask { await Self.patience() } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Ends a few seconds after a stop was asked for, or when the job is done.
    private static func patience() async {
        do {
            try await gracefulShutdown()
            try await Task.sleep(for: .seconds(patienceSeconds))
        } catch {
            // Cancelled: the job is done.
        }
    }

    private static let patienceSeconds = 5

    private func keepLease(of job: JobRow) async {
        while true {
            // Cancelled when the job is done, which ends the renewing.
            do { try await Task.sleep(for: .seconds(JobKind.leaseSeconds / 3)) } catch { return }
            let until = environment.now().adding(seconds: JobKind.leaseSeconds)
            await settle(job) { db in try db.renewJob(job.id, token: job.leaseToken ?? "", until: until) }
        }
    }

    private func attempt(_ job: JobRow, _ kind: JobKind, _ load: LaneLoad) async {
        do {
            try await kind.run(job, environment)
        } catch is JobLost {
            environment.logger.warning("a job was taken over", metadata: ["job.id": "\(job.id)"])
        } catch let retry as JobRetry {
            if retry.holdsLane { load.pause(job.laneKey, until: environment.now().adding(seconds: retry.delay)) }
            await again(job, after: retry.delay, retry.reason)
        } catch is CancellationError {
            // Not to be written by a task that is cancelled itself.
            let now = environment.now()
            await Task { await settle(job) { db in try db.releaseJob(job.id, token: job.leaseToken ?? "", at: now) } }
                .value
        } catch {
            // A fault of ours, not of the data: try again with back-off, give up after many times.
            environment.logger.error(
                "a job failed",
                metadata: ["job.id": "\(job.id)", "job.kind": "\(job.kind)", "error": "\(String(reflecting: error))"])
            let reason = String(String(reflecting: error).prefix(500))
            if job.attempts >= Self.mostAttempts, !Self.isFull(error) {
                await bury(job, reason)
            } else {
                await again(job, after: Backoff.delay(afterAttempt: job.attempts, first: 1, most: 600), reason)
            }
        }
    }

    /// How often a job is tried that fails by a fault of ours.
    private static let mostAttempts = 20

    /// Whether there is no room on a disk, which is waited out however long it takes.
    private static func isFull(_ error: any Error) -> Bool {
        switch error {
        case StorageError.full: true
        case let error as ObjectStoreError: error.code == .full
        default: false
        }
    }

    private func again(_ job: JobRow, after delay: Double, _ reason: String) async {
        let at = environment.now().adding(seconds: delay)
        await settle(job) { db in try db.retryJob(job.id, token: job.leaseToken ?? "", at: at, error: reason) }
    }

    private func bury(_ job: JobRow, _ reason: String) async {
        await settle(job) { db in try db.buryJob(job.id, token: job.leaseToken ?? "", error: reason) }
    }

    /// Writes how a job ended; if that fails its lease runs out and the job comes back by itself.
    private func settle(_ job: JobRow, _ body: @escaping @Sendable (any Connection) throws -> Bool) async {
        do {
            _ = try await environment.database.write { db in try body(db) }
        } catch {
            environment.logger.error(
                "a job's end could not be written",
                metadata: ["job.id": "\(job.id)", "error": "\(String(reflecting: error))"])
        }
    }
}

/// How long to wait before the next try.
enum Backoff {
    /// Doubles from `first` seconds up to `most`, with a tenth of jitter so that what failed together does not return together.
    static func delay(afterAttempt attempt: Int, first: Double, most: Double) -> Double {
        var delay = first
        for _ in 1..<max(attempt, 1) where delay < most { delay *= 2 }
        return min(delay, most) * Double.random(in: 0.9...1.1)
    }
}
