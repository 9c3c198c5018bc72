import Dispatch
import Foundation
import Synchronization

/// A queue of blocking work and the few threads of its own that do it.
///
/// Database drivers block; Swift's own threads must not. A thread takes as many waiting items at once as it is allowed,
/// which is what lets one commit serve many writers.
final class ThreadQueue<Item: Sendable>: Sendable {
    private struct State {
        var waiting: [Item] = []
        var taken = 0
        /// Threads that wait and have not been told to wake.
        var sleeping = 0
        var isClosed = false
        var running: Int
        var whenEnded: [CheckedContinuation<Void, Never>] = []
    }

    /// Serves items with what it is given until the queue is closed and empty.
    typealias Loop = (_ serve: @escaping ([Item]) -> Void) -> Void

    private let state: Mutex<State>
    private let signal = DispatchSemaphore(value: 0)
    private let batch: Int

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - name: What the threads are called in a debugger.
    ///   - threads: How many threads.
    ///   - batch: The most items a thread takes at once.
    ///   - worker: Runs once on each thread. It calls the loop it is given with what serves items, and can so hold a
    ///     connection that belongs to the thread alone until the loop returns.
    init(
        name: String, threads: Int, batch: Int,
        worker: @escaping @Sendable (_ loop: @escaping Loop) -> Void
    ) {
        state = Mutex(State(running: threads))
        self.batch = batch
        for number in 1...threads {
            let thread = Thread { [self] in
                worker(run)
                end()
            }
            thread.name = threads == 1 ? name : "\(name)-\(number)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    /// Queues an item; false if the queue was closed.
    func add(_ item: Item) -> Bool {
        let (added, wakes) = state.withLock { state -> (Bool, Bool) in
            guard !state.isClosed else { return (false, false) }
            state.waiting.append(item)
            // A busy thread looks again before it sleeps; waking one costs a call of the system.
            guard state.sleeping > 0 else { return (true, false) }
            state.sleeping -= 1
            return (true, true)
        }
        if wakes { signal.signal() }
        return added
    }

    /// Lets the threads finish what waits, and returns when they have ended.
    func close() async {
        await withCheckedContinuation { continuation in
            let sleeping = state.withLock { state in
                state.isClosed = true
                if state.running == 0 { return -1 }
                state.whenEnded.append(continuation)
                defer { state.sleeping = 0 }
                return state.sleeping
            }
            if sleeping < 0 { continuation.resume() }
            for _ in 0..<max(sleeping, 0) { signal.signal() }
        }
    }

    private func run(_ serve: ([Item]) -> Void) {
        while true {
            let (items, ended) = state.withLock { state -> ([Item], Bool) in
                let items = Array(state.waiting[state.taken...].prefix(batch))
                state.taken += items.count
                if state.taken == state.waiting.count {
                    state.waiting.removeAll(keepingCapacity: true)
                    state.taken = 0
                } else if state.taken > 1024 {
                    state.waiting.removeFirst(state.taken)
                    state.taken = 0
                }
                if items.isEmpty && !state.isClosed { state.sleeping += 1 }
                return (items, items.isEmpty && state.isClosed)
            }
            if ended { return }
            if items.isEmpty { signal.wait() } else { serve(items) }
        }
    }

    private func end() {
        let ended = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.running -= 1
            guard state.running == 0 else { return [] }
            defer { state.whenEnded = [] }
            return state.whenEnded
        }
        for continuation in ended { continuation.resume() }
    }
}
