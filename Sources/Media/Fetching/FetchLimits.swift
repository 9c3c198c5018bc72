import AsyncHTTPClient
import NIOCore
import NIOSSL

/// The bounds of outgoing calls.
package struct FetchLimits: Sendable {
    /// The time to open a connection, encryption included.
    package var connect: Duration
    /// The time of a whole fetch, from resolving the name to the last byte, redirects included.
    package var exchange: Duration
    /// The longest pause between two pieces of an answer.
    package var idle: Duration
    /// The number of redirects that are followed.
    package var redirects: Int
    /// The ports that may be called: by default the web's own and those no system service is assigned.
    package var ports: [ClosedRange<Int>]

    /// Makes limits, each with a default fit for a server on the open internet.
    package init(
        connect: Duration = .seconds(5), exchange: Duration = .seconds(120), idle: Duration = .seconds(30),
        redirects: Int = 5, ports: [ClosedRange<Int>] = [80...80, 443...443, 1024...65535]
    ) {
        self.connect = connect
        self.exchange = exchange
        self.idle = idle
        self.redirects = redirects
        self.ports = ports
    }
}

extension FetchLimits {
    /// The settings of the HTTP client that hold whatever host it calls.
    func clientConfiguration(trustRoots: String?, route: FetchRoute) throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let trustRoots {
            tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(trustRoots))]
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            // Followed by the fetcher, which checks every hop.
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(connect), read: TimeAmount(idle), write: TimeAmount(idle)),
            decompression: .disabled)
        // Shorter than servers commonly wait, so that a request rarely meets a connection that is being closed.
        configuration.connectionPool.idleTimeout = .seconds(4)
        // Waiting for a connection counts against the call, so one slow host must never make its callers queue.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        configuration.localAddress = route.source?.description
        configuration.proxy = route.proxy.map { proxy in
            .server(
                host: proxy.host, port: proxy.port,
                authorization: proxy.credentials.map { .basic(username: $0.name, password: $0.password) })
        }
        return configuration
    }
}

/// Runs work that must be done at a point in time, and cancels it then.
///
/// - Throws: ``FetchError/timeout`` if time ran out, else what the work throws.
func withDeadline<Result: Sendable>(
    _ deadline: ContinuousClock.Instant, _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask(operation: work)
        group.addTask {
            try await Task.sleep(until: deadline, clock: .continuous)
            throw FetchError.timeout
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}

extension NIODeadline {
    /// The same point in time on NIO's clock.
    init(_ instant: ContinuousClock.Instant) {
        self = .now() + TimeAmount(instant - .now)
    }
}
