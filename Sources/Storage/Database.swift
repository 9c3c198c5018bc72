/// Which engine runs a statement.
package enum Dialect: Sendable {
    case sqlite, postgres
}

/// A connection inside one transaction; never leaves the closure it was handed to.
package protocol Connection {
    /// The engine.
    var dialect: Dialect { get }

    /// Runs a statement and answers its rows.
    func query(_ statement: SQL) throws -> [Row]

    /// Runs a statement and answers how many rows it changed.
    @discardableResult
    func execute(_ statement: SQL) throws -> Int
}

/// A database: transactions as closures that cannot suspend.
///
/// Closures run on threads of the database's own, never on the threads that run Swift's tasks.
package protocol Database: Sendable {
    /// The engine.
    var dialect: Dialect { get }

    /// Runs a closure on one unchanging view of the data.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

    /// Runs a closure in a transaction and returns once its changes are on disk.
    ///
    /// The closure may be rolled back and run again, because of another transaction or a failing neighbour in the same
    /// commit, so it must do nothing but talk to its connection. What it throws undoes its own changes only.
    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T

    /// Copies the whole database into a new file while reads and writes go on.
    func backup(to path: String) async throws

    /// Finishes what was handed in and closes every connection.
    func close() async
}

/// One transaction waiting for a thread: a closure whose result type is hidden from the queue.
struct PendingCall: Sendable {
    /// Runs the body; what it returns hands the value to the waiting caller.
    let attempt: @Sendable (any Connection) throws -> @Sendable () -> Void

    /// Tells the waiting caller that it failed.
    let fail: @Sendable (any Error) -> Void
}

extension ThreadQueue where Item == PendingCall {
    /// Queues a body and waits for its result.
    func call<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let call = PendingCall(
                attempt: { connection in
                    let value = try body(connection)
                    return { continuation.resume(returning: value) }
                },
                fail: { continuation.resume(throwing: $0) })
            if !add(call) { call.fail(StorageError.closed) }
        }
    }
}
