import Synchronization

/// Lets everybody who asks for one thing at the same time wait for one piece of work; a class, since they share it.
final class SharedWork<Value: Sendable>: Sendable {
    private struct Entry {
        let work: Task<Value, any Error>
        let begun: Int64
        var waiting: Int
        /// How many of those who wait have been told to stop.
        var cancelled = 0
    }

    private let running = Mutex<[String: Entry]>([:])

    /// Waits for the work of a name that began at a time or later, and begins it if there is none.
    ///
    /// - Parameters:
    ///   - name: What the work is about.
    ///   - earliest: Work that began before is not waited for, in microseconds.
    ///   - now: The time, in microseconds.
    ///   - body: The work.
    /// - Returns: What the work gave.
    /// - Throws: What the work throws.
    func share(
        _ name: String, from earliest: Int64 = .min, now: Int64 = 0,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let work = running.withLock { running in
            if let entry = running[name], entry.begun >= earliest {
                running[name]?.waiting += 1
                return entry.work
            }
            // Unstructured: it belongs to all who wait for it, so nobody's cancellation may end it.
            let work = Task { try await body() }
            running[name] = Entry(work: work, begun: now, waiting: 1)
            return work
        }
        defer {
            running.withLock { running in
                guard let entry = running[name], entry.work == work else { return }
                if entry.waiting > 1 { running[name]?.waiting -= 1 } else { running[name] = nil }
            }
        }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            let isUnwanted = running.withLock { running in
                guard running[name]?.work == work else { return true }
                running[name]?.cancelled += 1
                return running[name].map { $0.cancelled >= $0.waiting } ?? true
            }
            if isUnwanted { work.cancel() }
        }
    }
}
