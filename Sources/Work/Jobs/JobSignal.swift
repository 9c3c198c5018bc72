import Synchronization

/// Tells the workers of this process that there is something to do.
///
/// A hint only: what must not be lost is in the jobs table, and workers look there by themselves too. A class, since
/// operations and workers share it.
package final class JobSignal: Sendable {
    private struct State {
        var raised: Set<String> = []
        var waiting: [String: CheckedContinuation<Void, Never>] = [:]
    }

    private let kinds: [String]
    private let state = Mutex(State())

    package init() {
        kinds = JobKind.allCases.map(\.rawValue)
    }

    /// Wakes the workers of all kinds.
    package func raise() {
        for kind in kinds { raise(kind) }
    }

    /// Wakes the workers of some kinds.
    func raise(_ kinds: JobKind...) {
        for kind in kinds { raise(kind.rawValue) }
    }

    /// Wakes the worker of one kind, or lets it not fall asleep.
    private func raise(_ kind: String) {
        let continuation = state.withLock { state in
            let continuation = state.waiting.removeValue(forKey: kind)
            if continuation == nil { state.raised.insert(kind) }
            return continuation
        }
        continuation?.resume()
    }

    /// Waits for a signal, but no longer than given.
    func wait(_ kind: String, atMost duration: Duration) async {
        await withTaskGroup { group in
            group.addTask { await self.park(kind) }
            group.addTask {
                // Ends early when it is cancelled, which is what is wanted then.
                do { try await Task.sleep(for: duration) } catch {}
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func park(_ kind: String) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    guard state.raised.remove(kind) == nil, !Task.isCancelled else { return true }
                    state.waiting[kind] = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: kind) }?.resume()
        }
    }
}
