import AsyncHTTPClient
import NIOCore
import NIOPosix
import Synchronization

/// HTTP clients, each bound to one host name and one checked address of it.
///
/// A client that may look a name up by itself could be led elsewhere between the check and the connection. So every
/// client here has its one address written into it, and is kept for a while, so that the next exchange with the same
/// host finds an open connection.
final class ClientPool: Sendable {
    /// What a client is bound to.
    struct Key: Hashable {
        let host: String
        let address: IPAddress
    }

    private struct Entry {
        let client: HTTPClient
        var users: Int
        var lastUse: ContinuousClock.Instant
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var isClosed = false
    }

    /// As many as are kept without use; more exist only while more are in use.
    private static let mostKept = 128

    private let group: any EventLoopGroup
    private let configuration: HTTPClient.Configuration
    private let state = Mutex(State())

    init(eventLoopGroup: any EventLoopGroup, configuration: HTTPClient.Configuration) {
        group = eventLoopGroup
        self.configuration = configuration
    }

    /// Lends the client for a host and address for as long as the work lasts, the reading of the answer included.
    ///
    /// - Throws: What the work throws, or `CancellationError` after ``shutdown()``.
    func withClient<Result>(for key: Key, _ work: (HTTPClient) async throws -> Result) async throws -> Result {
        let client = try acquire(key)
        defer { release(key) }
        return try await work(client)
    }

    /// Ends every client and what runs on them; later calls fail.
    func shutdown() async throws {
        let clients = state.withLock { state in
            state.isClosed = true
            defer { state.entries = [:] }
            return state.entries.values.map(\.client)
        }
        for client in clients { try await client.shutdown() }
    }

    private func acquire(_ key: Key) throws -> HTTPClient {
        let (client, surplus) = try state.withLock { state in
            guard !state.isClosed else { throw CancellationError() }
            let now = ContinuousClock.now
            if state.entries[key] != nil {
                state.entries[key]?.users += 1
                state.entries[key]?.lastUse = now
            } else {
                state.entries[key] = Entry(client: makeClient(for: key), users: 1, lastUse: now)
            }
            return (state.entries[key]?.client, Self.removeSurplus(&state.entries))
        }
        if !surplus.isEmpty {
            // Unstructured: closing idle connections concerns nobody who asks for another host.
            Task {
                for client in surplus { try await client.shutdown() }
            }
        }
        guard let client else { throw CancellationError() }
        return client
    }

    private func release(_ key: Key) {
        state.withLock { $0.entries[key]?.users -= 1 }
    }

    private static func removeSurplus(_ entries: inout [Key: Entry]) -> [HTTPClient] {
        guard entries.count > mostKept else { return [] }
        let idle = entries.filter { $0.value.users == 0 }.sorted { $0.value.lastUse < $1.value.lastUse }
        // A quarter at once, so that the sorting is not done for every new host.
        return idle.prefix(mostKept / 4).compactMap { entries.removeValue(forKey: $0.key)?.client }
    }

    private func makeClient(for key: Key) -> HTTPClient {
        var configuration = configuration
        configuration.dnsOverride = [key.host: key.address.description]
        return HTTPClient(eventLoopGroup: group, configuration: configuration)
    }
}
