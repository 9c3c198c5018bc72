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
        var isClosed = false
        var running: Int
        var whenEnded: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    private let signal = DispatchSemaphore(value: 0)
    private let batch: Int

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - name: What the threads are called in a debugger.
    ///   - threads: How many threads.
    ///   - batch: The most items a thread takes at once.
    ///   - worker: Runs once on each thread and returns what serves items there, so that a connection can belong to
    ///     one thread alone.
    init(name: String, threads: Int, batch: Int, worker: @escaping @Sendable () -> ([Item]) -> Void) {
        state = Mutex(State(running: threads))
        self.batch = batch
        for number in 1...threads {
            let thread = Thread { [self] in run(worker()) }
            thread.name = threads == 1 ? name : "\(name)-\(number)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    /// Queues an item; false if the queue was closed.
    func add(_ item: Item) -> Bool {
        let added = state.withLock { state in
            if !state.isClosed { state.waiting.append(item) }
            return !state.isClosed
        }
        if added { signal.signal() }
        return added
    }

    /// Lets the threads finish what waits, and returns when they have ended.
    func close() async {
        await withCheckedContinuation { continuation in
            let threads = state.withLock { state in
                state.isClosed = true
                if state.running == 0 { return -1 }
                state.whenEnded.append(continuation)
                return state.running
            }
            if threads < 0 { continuation.resume() }
            for _ in 0..<max(threads, 0) { signal.signal() }
        }
    }

    private func run(_ serve: ([Item]) -> Void) {
        while true {
            // One signal an item: where a thread took several, the spare signals find nothing and cost a few nanoseconds.
            signal.wait()
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
                return (items, items.isEmpty && state.isClosed)
            }
            if ended { break }
            if !items.isEmpty { serve(items) }
        }
        let ended = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.running -= 1
            guard state.running == 0 else { return [] }
            defer { state.whenEnded = [] }
            return state.whenEnded
        }
        for continuation in ended { continuation.resume() }
    }
}
