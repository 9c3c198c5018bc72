import Logging
import Media
import ServiceLifecycle
import Storage
import Synchronization

/// Runs jobs of all kinds until the process shuts down; what runs then is finished.
package struct Worker: Service {
    private let environment: WorkEnvironment
    /// How long to sleep at most: other processes cannot raise our signal.
    private static let pollSeconds = 1.0

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
        let load = LaneLoad()
        await withDiscardingTaskGroup { group in
            while !Task.isShuttingDownGracefully && !Task.isCancelled {
                var sleep = Self.pollSeconds
                var claimed = 0
                let free = kind.concurrency - load.total
                if free > 0 {
                    let (jobs, next) = await claim(kind, limit: free, load)
                    claimed = jobs.count
                    if let next { sleep = min(max(next, 0.02), sleep) }
                    for job in jobs {
                        load.began(job.lane)
                        group.addTask {
                            await self.perform(job, kind)
                            load.ended(job.lane)
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

    /// Takes jobs of lanes that are not full; also tells in how many seconds there is one to take, if there is any.
    ///
    /// The lanes are read beside the writers, who are held up only where there is something to take.
    private func claim(
        _ kind: JobKind, limit: Int, _ load: LaneLoad
    ) async -> (jobs: [JobRow], next: Double?) {
        do {
            let full = load.full(at: kind.perLane)
            let lanes = try await environment.database.read { db in
                try db.jobLanes(kind: kind.rawValue, excluding: full)
            }
            let now = environment.now()
            let due = lanes.filter { $0.due <= now }
            guard !due.isEmpty else { return ([], lanes.first.map { $0.due - now }) }
            let rooms = due.map { (name: $0.name, room: load.room(in: $0.name, of: kind.perLane)) }
            let jobs = try await environment.database.write { db in
                try db.claimJobs(
                    kind: kind.rawValue, lanes: rooms, limit: limit, token: Identifier.make(now),
                    until: now.adding(seconds: JobKind.leaseSeconds), now: now)
            }
            return (jobs, 0)
        } catch {
            environment.logger.error(
                "jobs could not be claimed",
                metadata: ["job.kind": "\(kind.rawValue)", "error": "\(String(reflecting: error))"])
            return ([], nil)
        }
    }

    /// Runs a job while its lease is kept alive beside it.
    private func perform(_ job: JobRow, _ kind: JobKind) async {
        await withTaskGroup { group in
            group.addTask { await self.attempt(job, kind) }
            group.addTask { await self.keepLease(of: job) }
            await group.next()
            group.cancelAll()
        }
    }

    private func keepLease(of job: JobRow) async {
        while true {
            // Cancelled when the job is done, which ends the renewing.
            do { try await Task.sleep(for: .seconds(JobKind.leaseSeconds / 3)) } catch { return }
            let until = environment.now().adding(seconds: JobKind.leaseSeconds)
            await settle(job) { db in try db.renewJob(job.id, token: job.leaseToken ?? "", until: until) }
        }
    }

    private func attempt(_ job: JobRow, _ kind: JobKind) async {
        do {
            try await kind.run(job, environment)
        } catch is JobLost {
            environment.logger.warning("a job was taken over", metadata: ["job.id": "\(job.id)"])
        } catch let retry as JobRetry {
            await again(job, after: retry.delay, retry.reason)
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

/// How many jobs run, by lane; a class, since the loop and its jobs share it.
private final class LaneLoad: Sendable {
    private let running = Mutex<(total: Int, lanes: [String: Int])>((0, [:]))

    var total: Int { running.withLock { $0.total } }

    /// How many more jobs a lane may have.
    func room(in lane: String, of most: Int) -> Int {
        running.withLock { running in most - (running.lanes[lane] ?? 0) }
    }

    func full(at most: Int) -> [String] { running.withLock { $0.lanes.filter { $0.value >= most }.map(\.key) } }

    func began(_ lane: String?) {
        running.withLock { running in
            running.total += 1
            if let lane { running.lanes[lane, default: 0] += 1 }
        }
    }

    func ended(_ lane: String?) {
        running.withLock { running in
            running.total -= 1
            guard let lane, let count = running.lanes[lane] else { return }
            running.lanes[lane] = count > 1 ? count - 1 : nil
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
