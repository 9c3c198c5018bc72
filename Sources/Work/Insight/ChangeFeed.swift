import JSON
import Logging
import ServiceLifecycle
package import Storage
import Synchronization

/// What somebody who watches an account is told.
package enum FeedItem: Sendable {
    case changes([ChangeRow])
    /// More happened than is told one by one: read again what is shown.
    case many([(action: String, n: Int)])
    /// Nothing happened in this second.
    case quiet
}

/// A connection's view of what happens.
package struct Watch: Sendable {
    package let items: AsyncStream<FeedItem>
    /// Ends it after what has been told already.
    package let end: @Sendable () -> Void

    /// After how many seconds of silence a sign of life is given.
    private static let quietSeconds = 15

    /// Writes what happens as server-sent events, and now and then a comment, until a time or until there is no more.
    ///
    /// It ends when the server stops, since connections are waited for then and this one would go on for long.
    package func tell(
        _ filter: FeedItem.Filter, until time: Timestamp, now: @Sendable () -> Timestamp,
        write: (String) async throws -> Void
    ) async throws {
        try await withGracefulShutdownHandler {
            var silent = 0
            for await item in items {
                let text = item.text(filter)
                silent = text.isEmpty ? silent + 1 : 0
                if !text.isEmpty {
                    try await write(text)
                } else if silent % Self.quietSeconds == 0 {
                    try await write(FeedItem.comment)
                }
                if now() >= time { break }
            }
        } onGracefulShutdown: {
            end()
        }
    }
}

/// Tells those who watch what happens: one look at the log a second and realm, however many watch.
///
/// The log is read by id, and ids sort by time rather than by commit; so the last seconds are read again each time,
/// and what was told already is left out. A class, since the service and the connections share it.
package final class ChangeFeed: Service {
    /// How far back is read again.
    static let overlap = 5.0
    /// How many events are told one by one.
    static let most = 500
    private static let mostWatchers = 256
    private static let mostOfOne = 12
    /// How many items may wait for a slow reader; then its connection ends, and it comes back where it was.
    private static let buffer = 32

    private struct Watcher {
        let realm: Int64
        let actor: String
        let continuation: AsyncStream<FeedItem>.Continuation
    }

    private struct State {
        var watchers: [Int: Watcher] = [:]
        var next = 0
        /// What has been told lately, by realm.
        var told: [Int64: Set<String>] = [:]
        var isOver = false
    }

    private let environment: WorkEnvironment
    private let state = Mutex(State())

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    // MARK: Watching

    /// Begins to watch a realm.
    ///
    /// `after`: the last event already seen; what happened since, and a few seconds before, is told first.
    /// Throws `Refusal` when too many watch.
    package func watch(after: String?, by actor: Actor) async throws -> Watch {
        let realm = actor.realm.id
        let (stream, continuation) = AsyncStream<FeedItem>.makeStream(bufferingPolicy: .bufferingOldest(Self.buffer))
        let number = try state.withLock { state -> Int in
            guard !state.isOver, state.watchers.count < Self.mostWatchers,
                state.watchers.values.count(where: { $0.actor == actor.label }) < Self.mostOfOne
            else { throw Refusal(.tooMany, "Too many connections watch already; close one and try again.") }
            state.next += 1
            state.watchers[state.next] = Watcher(realm: realm, actor: actor.label, continuation: continuation)
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.watchers.removeValue(forKey: number) }
        }
        if let after {
            do {
                continuation.yield(try await item(realm: realm, after: Self.earlier(after)))
            } catch {
                continuation.finish()
                throw error
            }
        }
        return Watch(items: stream, end: { continuation.finish() })
    }

    /// The id from which the log is read again after one that was seen.
    private static func earlier(_ id: String) -> String {
        guard let milliseconds = Int64(id.prefix(12), radix: 16) else { return id }
        return Identifier.first(at: Timestamp(milliseconds: milliseconds).adding(seconds: -overlap))
    }

    private func item(realm: Int64, after id: String) async throws -> FeedItem {
        try await environment.database.read { db in
            let changes = try db.changes(realm: realm, after: id, limit: Self.most + 1)
            guard changes.count > Self.most else { return .changes(changes) }
            return .many(try db.changeCounts(realm: realm, after: id))
        }
    }

    // MARK: Telling

    package func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            await tell()
            // Ends early on shutdown, which is what is wanted then.
            do { try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(1)) } } catch {}
        }
        let watchers = state.withLock { state in
            state.isOver = true
            return state.watchers.values.map(\.continuation)
        }
        for continuation in watchers { continuation.finish() }
    }

    /// Tells every realm that is watched what is new in it.
    private func tell() async {
        let realms = state.withLock { state in
            let realms = Set(state.watchers.values.map(\.realm))
            state.told = state.told.filter { realms.contains($0.key) }
            return realms
        }
        for realm in realms {
            let from = Identifier.first(at: environment.now().adding(seconds: -Self.overlap))
            do {
                send(fresh(try await item(realm: realm, after: from), realm: realm), to: realm)
            } catch {
                environment.logger.error(
                    "the log could not be read", metadata: ["error": "\(String(reflecting: error))"])
            }
        }
    }

    /// Leaves out what has been told; what can no longer be read again is forgotten.
    private func fresh(_ item: FeedItem, realm: Int64) -> FeedItem {
        guard case .changes(let changes) = item else {
            state.withLock { $0.told[realm] = [] }
            return item
        }
        return state.withLock { state in
            let told = state.told[realm] ?? []
            state.told[realm] = Set(changes.map(\.id))
            let fresh = changes.filter { !told.contains($0.id) }
            return fresh.isEmpty ? .quiet : .changes(fresh)
        }
    }

    private func send(_ item: FeedItem, to realm: Int64) {
        let watchers = state.withLock { state in state.watchers.values.filter { $0.realm == realm } }
        for watcher in watchers {
            if case .dropped = watcher.continuation.yield(item) { watcher.continuation.finish() }
        }
    }
}

extension FeedItem {
    /// Which changes a connection is told; empty members do not filter.
    package struct Filter: Sendable {
        package var kinds: Set<String>
        package var object: String?

        package init(kinds: Set<String> = [], object: String? = nil) {
            self.kinds = kinds
            self.object = object
        }

        func passes(_ change: ChangeRow) -> Bool {
            (kinds.isEmpty || kinds.contains(change.objectKind)) && (object == nil || object == change.objectID)
        }
    }

    /// What keeps a connection open on which there is nothing to say.
    static let comment = ": quiet\n\n"

    /// The item as server-sent events (HTML, 9.2); empty when the filter leaves nothing of it.
    func text(_ filter: Filter) -> String {
        switch self {
        case .quiet: return ""
        case .many(let counts):
            var writer = JSONWriter(capacity: 256)
            writer.object { writer in
                writer.field("count", counts.reduce(0) { $0 + $1.n })
                writer.object("actions") { writer in
                    for (action, n) in counts {
                        writer.key(action)
                        writer.value(n)
                    }
                }
            }
            return "event: many\ndata: \(writer.text)\n\n"
        case .changes(let changes):
            return changes.filter(filter.passes).map { change in
                var writer = JSONWriter(capacity: 256)
                writer.object { writer in
                    writer.field("id", change.id)
                    writer.field("at", time: change.at.microseconds)
                    writer.field("action", change.action)
                    writer.field("object_kind", change.objectKind)
                    writer.field("object_id", change.objectID)
                    writer.field("actor", change.actor)
                }
                return "event: change\nid: \(change.id)\ndata: \(writer.text)\n\n"
            }.joined()
        }
    }
}
