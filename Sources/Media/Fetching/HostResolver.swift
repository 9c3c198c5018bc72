import Glibc
import NIOPosix
import Synchronization

/// Finds the addresses of a host name.
package protocol HostResolver: Sendable {
    /// Returns every address of the host, best first.
    ///
    /// - Throws: Any error when there is none; callers report ``FetchError/Code/unresolvable``.
    func resolve(_ host: String) async throws -> [IPAddress]
}

/// Asks the operating system, which reads `/etc/hosts` and the configured name servers.
///
/// A look-up blocks a thread until the system gives up, so it has threads of its own, and everybody who asks for one
/// name shares one look-up: a name whose servers are dead occupies one thread, not all of them. Answers are kept for a
/// few seconds, because one customer's thousand attachments mostly live on one host.
package final class SystemResolver: HostResolver {
    private struct Answer {
        var lookup: Task<[IPAddress], any Error>
        var until: ContinuousClock.Instant
    }

    private static let lifetime = Duration.seconds(10)
    private static let mostAnswers = 1024

    private let threads: NIOThreadPool
    private let answers = Mutex<[String: Answer]>([:])

    /// Makes a resolver with this many threads for look-ups, started with the first one.
    package init(threads: Int = 8) {
        self.threads = NIOThreadPool(numberOfThreads: threads)
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    package func resolve(_ host: String) async throws -> [IPAddress] {
        let now = ContinuousClock.now
        let lookup = answers.withLock { answers in
            if let known = answers[host], known.until > now { return known.lookup }
            if answers.count >= Self.mostAnswers { answers = answers.filter { $0.value.until > now } }
            if answers.count >= Self.mostAnswers { answers.removeAll() }
            // Unstructured: it belongs to all who ask for this name, so nobody's cancellation may end it.
            let lookup = Task { [threads] in
                threads.start()
                return try await threads.run { try Self.addresses(of: host) }
            }
            answers[host] = Answer(lookup: lookup, until: now + Self.lifetime)
            return lookup
        }
        return try await lookup.value
    }

    private static func addresses(of host: String) throws -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var first: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &first)
        guard status == 0 else { throw ResolverError(status: status) }
        defer { freeaddrinfo(first) }
        var found: [IPAddress] = []
        var next = first
        while let entry = next?.pointee {
            if let address = address(of: entry), !found.contains(address) { found.append(address) }
            next = entry.ai_next
        }
        return found
    }

    private static func address(of entry: addrinfo) -> IPAddress? {
        guard let pointer = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                .v4(UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            return pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { IPAddress($0.pointee.sin6_addr) }
        default:
            return nil
        }
    }
}

/// The system's reason for not resolving a name (`EAI_…`).
private struct ResolverError: Error, CustomStringConvertible {
    let status: Int32
    var description: String { String(cString: gai_strerror(status)) }
}
