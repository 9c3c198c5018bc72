import Logging
import ServiceLifecycle
import Storage

/// What has to be done every now and then: folding counters, sealing and counting the event log, taking back lost
/// jobs and work that waited for one person.
package struct Upkeep: Service {
    private let environment: WorkEnvironment
    /// Events that are sealed in a transaction, and transactions in a round.
    private static let portion = 1000
    private static let portions = 10

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    package func run() async throws {
        var round = 0
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            await attempt("counters could not be folded") { try await foldCounters() }
            await attempt("events could not be sealed") { try await sealEvents() }
            await attempt("events could not be counted") {
                try await CountEvents(database: environment.database).run()
            }
            if round % 15 == 0 { await attempt("jobs could not be recovered") { try await recoverJobs() } }
            if round % 60 == 0 { await attempt("reservations could not be ended") { try await endReservations() } }
            if round % 5 == 0 {
                await attempt("the ends of the logs could not be published") {
                    try await PublishHeads.arrange(environment)
                }
            }
            if round % 600 == 0 {
                await attempt("old rows could not be removed") { try await removeExpired() }
                await attempt("old exports could not be removed") { try await environment.dropExpiredExports() }
                await attempt("old uploads could not be removed") {
                    try await UploadOperations(environment: environment).dropExpired()
                }
                await attempt("unused objects could not be removed") {
                    try await CollectObjects(environment: environment).attend()
                }
            }
            round += 1
            // Ends early on shutdown, which is what is wanted then.
            do { try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) } } catch {}
        }
    }

    private func attempt(_ failure: Logger.Message, _ body: () async throws -> Void) async {
        do { try await body() } catch {
            environment.logger.error(failure, metadata: ["error": "\(String(reflecting: error))"])
        }
    }

    private func foldCounters() async throws {
        _ = try await environment.database.write { db in try db.foldCounters() }
    }

    private func sealEvents() async throws {
        let now = environment.now()
        let accounts = try await environment.database.read { db in try db.accountsWithUnsealedEvents() }
        for account in accounts {
            // Several portions a round, so that a great import is sealed as fast as it is written.
            for _ in 0..<Self.portions {
                let count = try await environment.database.write { db in
                    try db.sealEvents(account: account, at: now, limit: Self.portion)
                }
                if count < Self.portion { break }
            }
        }
    }

    private func recoverJobs() async throws {
        let now = environment.now()
        let count = try await environment.database.write { db in try db.recoverJobs(now: now) }
        if count > 0 { environment.jobs.raise() }
    }

    private func endReservations() async throws {
        let now = environment.now()
        _ = try await environment.database.write { db in try db.endReservations(now: now, limit: 10_000) }
    }

    private func removeExpired() async throws {
        let now = environment.now()
        _ = try await environment.database.write { db in
            (
                try db.deleteExpiredSessions(now: now),
                try db.deleteIdempotencyKeys(before: now.adding(seconds: -86_400)),
                try db.deleteFetched(before: now.adding(seconds: -86_400))
            )
        }
    }
}
