import Foundation

/// A PostgreSQL database behind a fixed number of threads, each with a connection of its own.
struct PostgresDatabase: Database {
    private let url: String
    private let schema: String?
    private let readers: ThreadQueue<PendingCall>
    private let writers: ThreadQueue<PendingCall>

    /// Starts so many threads for reading and for writing; they connect when they are first needed.
    init(url: String, schema: String?, readers: Int, writers: Int) {
        self.url = url
        self.schema = schema
        self.readers = ThreadQueue(name: "postgres-reader", threads: readers, batch: 1) { loop in
            let session = PostgresSession(url: url, schema: schema)
            loop { calls in session.read(calls) }
        }
        self.writers = ThreadQueue(name: "postgres-writer", threads: writers, batch: PostgresSession.largestCommit) {
            loop in
            let session = PostgresSession(url: url, schema: schema)
            loop { calls in session.write(calls) }
        }
    }

    var dialect: Dialect { .postgres }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await readers.call(body)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await writers.call(body)
    }

    func close() async {
        await writers.close()
        await readers.close()
    }

    func backup(to path: String) async throws {
        let (url, schema) = (url, schema)
        try await onThread { try PostgresTool.dump(url: url, schema: schema, to: path) }
    }
}

/// The connection of one thread, made anew when it was lost.
private final class PostgresSession {
    /// The most writes that share a commit.
    ///
    /// Unlike SQLite's single writer the server flushes for several sessions at once, so a few are enough; more would
    /// only hold rows locked for longer.
    static let largestCommit = 8

    private let url: String
    private let schema: String?
    private var connection: PostgresConnection?

    /// How often a transaction is tried before its caller hears that others were in the way.
    private static let attempts = 10

    init(url: String, schema: String?) {
        self.url = url
        self.schema = schema
    }

    func read(_ calls: [PendingCall]) {
        for call in calls { alone(call, begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") }
    }

    func write(_ calls: [PendingCall]) {
        if calls.count > 1, together(calls) { return }
        for call in calls { alone(call, begin: "BEGIN") }
    }

    private func connected() throws -> PostgresConnection {
        if let connection, connection.isAlive { return connection }
        connection = nil
        let fresh = try PostgresConnection(url: url, schema: schema)
        connection = fresh
        return fresh
    }

    /// Runs writes in one transaction; false, with nothing changed, if any of them failed.
    private func together(_ calls: [PendingCall]) -> Bool {
        var committing = false
        do {
            let connection = try connected()
            try connection.send("BEGIN")
            var resumes: [@Sendable () -> Void] = []
            for call in calls { resumes.append(try call.attempt(connection)) }
            committing = true
            try connection.send("COMMIT")
            for resume in resumes { resume() }
            return true
        } catch {
            if committing, connection?.isAlive != true {
                // Nobody knows whether the server committed, so the writes must not be tried again behind the callers'
                // backs.
                connection = nil
                for call in calls { call.fail(error) }
                return true
            }
            rollBack()
            return false
        }
    }

    private func alone(_ call: PendingCall, begin: String) {
        var attempt = 1
        while true {
            var committing = false
            do {
                let connection = try connected()
                try connection.send(begin)
                let resume = try call.attempt(connection)
                committing = true
                try connection.send("COMMIT")
                resume()
                return
            } catch {
                let alive = connection?.isAlive == true
                rollBack()
                let again =
                    switch error {
                    case StorageError.conflict: attempt < Self.attempts
                    // A connection lost before the commit was sent has changed nothing; a new one may be had.
                    case StorageError.unavailable: !alive && !committing && attempt < 3
                    default: false
                    }
                guard again else { return call.fail(error) }
                attempt += 1
                if attempt > 2 { Thread.sleep(forTimeInterval: .random(in: 0...0.002) * Double(1 << min(attempt, 6))) }
            }
        }
    }

    private func rollBack() {
        guard let connection, connection.isAlive else {
            connection = nil
            return
        }
        // A session that cannot roll back is of no further use.
        do { try connection.send("ROLLBACK") } catch { self.connection = nil }
    }
}
