import Logging
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
                var claimed = 0
                let free = min(kind.concurrency - load.total, load.room(of: kind.perLane))
                if free > 0 {
                    let jobs = await claim(kind, limit: free, excludingLanes: load.full(at: kind.perLane))
                    claimed = jobs.count
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
                    let sleep = await pause(kind)
                    await cancelWhenGracefulShutdown {
                        await self.environment.jobs.wait(kind.rawValue, atMost: .seconds(sleep))
                    }
                }
            }
        }
    }

    private func claim(_ kind: JobKind, limit: Int, excludingLanes lanes: [String]) async -> [JobRow] {
        let now = environment.now()
        do {
            return try await environment.database.write { db in
                try db.claimJobs(
                    kind: kind.rawValue, limit: limit, excludingLanes: lanes, token: Identifier.make(now),
                    until: now.adding(seconds: JobKind.leaseSeconds), now: now)
            }
        } catch {
            environment.logger.error(
                "jobs could not be claimed",
                metadata: ["job.kind": "\(kind.rawValue)", "error": "\(String(reflecting: error))"])
            return []
        }
    }

    /// Seconds until the next job is due, within bounds.
    private func pause(_ kind: JobKind) async -> Double {
        do {
            let next = try await environment.database.read { db in try db.nextJobTime(kinds: [kind.rawValue]) }
            guard let next else { return Self.pollSeconds }
            return min(max(next - environment.now(), 0.02), Self.pollSeconds)
        } catch {
            environment.logger.error("jobs could not be read", metadata: ["error": "\(String(reflecting: error))"])
            return Self.pollSeconds
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
            if job.attempts >= 20 {
                await bury(job, reason)
            } else {
                await again(job, after: Backoff.delay(afterAttempt: job.attempts, first: 1, most: 600), reason)
            }
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

    /// How many jobs may be claimed at once so that no lane gets more than `most`, were they all of the busiest one
    /// that is not full.
    func room(of most: Int) -> Int {
        running.withLock { running in most - (running.lanes.values.filter { $0 < most }.max() ?? 0) }
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
