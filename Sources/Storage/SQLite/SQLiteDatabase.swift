import Foundation
import GRDB
import Logging

/// A database in one file: many readers, one writer whose commits serve all who wait.
///
/// Writes are durable when they return (`synchronous=FULL` in WAL mode). What makes that cheap is that the one writing
/// thread takes every write that waits and commits them together, with one flush of the disk for all.
struct SQLiteDatabase: Database {
    /// The most writes that share a commit; bounds how long the first of them waits for the last.
    static let largestCommit = 64

    private let pool: DatabasePool
    private let readers: ThreadQueue<PendingCall>
    private let writer: ThreadQueue<PendingCall>

    /// Opens a file, creating it if need be.
    ///
    /// - Throws: `StorageError.unavailable` or `.damaged` if it cannot be opened as a database.
    init(path: String, readers count: Int) throws {
        var configuration = Configuration()
        // Each reading thread keeps one; the last is for backups.
        configuration.maximumReaderCount = count + 1
        configuration.persistentReadOnlyConnections = true
        // Another process, such as a command beside a running server, may be committing.
        configuration.busyMode = .timeout(15)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in
            // 16 MB of pages for each connection; the rest is left to the system's cache. Copied rather than mapped: that
            // takes no longer, and a mapped file would count as resident memory of this process, once a connection.
            try database.execute(sql: "PRAGMA cache_size = -16384")
            try database.execute(sql: "PRAGMA mmap_size = 0")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        let pool: DatabasePool
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { database in
                // GRDB sets NORMAL when it turns WAL on, which may lose the last commits when power fails.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
                try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
            }
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
        self.pool = pool
        // A thread goes through GRDB's queues once and keeps its connection, since a read takes less time than that.
        readers = ThreadQueue(name: "sqlite-reader", threads: count, batch: 1) { loop in
            Self.hold(loop, pool.unsafeRead) { connection, calls in
                for call in calls { Self.read(call, on: connection) }
            }
        }
        writer = ThreadQueue(name: "sqlite-writer", threads: 1, batch: Self.largestCommit) { loop in
            Self.hold(loop, pool.writeWithoutTransaction) { connection, calls in Self.commit(calls, to: connection) }
        }
    }

    var dialect: Dialect { .sqlite }

    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await readers.call(body)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await writer.call(body)
    }

    func close() async {
        await writer.close()
        await readers.close()
        // An open statement would keep the file open; then the process's end closes it, which is as safe.
        do { try pool.close() } catch {
            Logger(label: "storage").warning("closing the database failed", metadata: ["error": "\(error)"])
        }
    }

    func backup(to path: String) async throws {
        let pool = pool
        try await onThread { try SQLiteFile.copy(pool, to: path) }
    }

    /// Serves a thread's calls on one connection; if there is none to be had, they fail with the reason.
    private static func hold(
        _ loop: @escaping ThreadQueue<PendingCall>.Loop, _ access: ((GRDB.Database) throws -> Void) throws -> Void,
        serve: @escaping (SQLiteConnection, [PendingCall]) -> Void
    ) {
        do {
            try access { database in
                let connection = SQLiteConnection(database)
                loop { calls in serve(connection, calls) }
            }
        } catch {
            let error = (error as? DatabaseError).map { StorageError($0) } ?? error
            loop { calls in for call in calls { call.fail(error) } }
        }
    }

    /// Runs a read in a transaction of its own, so that all its statements see the same moment.
    private static func read(_ call: PendingCall, on connection: SQLiteConnection) {
        do {
            try connection.execute("BEGIN DEFERRED")
            let resume = try call.attempt(connection)
            try connection.execute("COMMIT")
            resume()
        } catch {
            // The error that matters is already on its way; some errors have ended the transaction by themselves.
            do { try connection.execute("ROLLBACK") } catch {}
            call.fail(error)
        }
    }

    /// Runs waiting writes and commits them together, then answers them.
    private static func commit(_ calls: [PendingCall], to connection: SQLiteConnection) {
        do {
            let outcomes = try SharedCommit(connection: connection).run(calls)
            for (call, outcome) in zip(calls, outcomes) {
                switch outcome {
                case .success(let resume): resume()
                case .failure(let error): call.fail(error)
                }
            }
        } catch {
            for call in calls { call.fail(error) }
        }
    }
}

/// One commit for several writes, in which a write that fails undoes itself alone.
private struct SharedCommit {
    typealias Outcome = Result<@Sendable () -> Void, any Error>

    let connection: SQLiteConnection

    /// Runs the writes and commits; throws, with nothing changed, if the commit itself fails.
    func run(_ calls: [PendingCall]) throws -> [Outcome] {
        try connection.execute("BEGIN IMMEDIATE")
        do {
            let outcomes = try plainly(calls) ?? apart(calls)
            try connection.execute("COMMIT")
            return outcomes
        } catch {
            // The error that matters is already on its way; some errors have ended the transaction by themselves.
            do { try connection.execute("ROLLBACK") } catch {}
            throw error
        }
    }

    /// Runs the writes one after the other, without a way back.
    ///
    /// Savepoints copy every page they touch, so they are kept for the rare case that needs one. Most writes that fail
    /// do so before they change anything, and then nothing has to be undone. Nil if one failed after a change: all
    /// changes are rolled back then, and a new transaction is open.
    private func plainly(_ calls: [PendingCall]) throws -> [Outcome]? {
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(calls.count)
        for call in calls {
            let before = connection.totalChanges
            do {
                outcomes.append(.success(try call.attempt(connection)))
            } catch {
                // Whatever ran before it in the transaction is gone as well.
                guard connection.isInTransaction else { throw error }
                guard connection.totalChanges == before else {
                    try connection.execute("ROLLBACK")
                    try connection.execute("BEGIN IMMEDIATE")
                    return nil
                }
                outcomes.append(.failure(error))
            }
        }
        return outcomes
    }

    /// Runs each write in a savepoint of its own.
    private func apart(_ calls: [PendingCall]) throws -> [Outcome] {
        try calls.map { call in
            try connection.execute("SAVEPOINT one_write")
            do {
                let resume = try call.attempt(connection)
                try connection.execute("RELEASE one_write")
                return .success(resume)
            } catch {
                guard connection.isInTransaction else { throw error }
                try connection.execute("ROLLBACK TO one_write")
                try connection.execute("RELEASE one_write")
                return .failure(error)
            }
        }
    }
}
