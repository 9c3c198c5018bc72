import AsyncHTTPClient
package import Logging
package import NIOCore
import NIOHTTP1

/// Makes every outgoing HTTP call: attachments, callbacks, validation.
///
/// Each call resolves the host name once, refuses the host if any of its addresses is outside the public internet, and
/// connects to exactly an address that was checked, with the original name in the `Host` header and for TLS. Redirects
/// are new calls to be checked. Nothing but a URL ever goes along to another host.
package final class GuardedFetcher: Sendable {
    private let resolver: any HostResolver
    private let policy: AddressPolicy
    private let limits: FetchLimits
    private let route: FetchRoute
    private let clients: ClientPool
    private let logger: Logger

    /// Makes a fetcher, which must be ended by ``shutdown()``.
    ///
    /// - Parameters:
    ///   - eventLoopGroup: Runs the connections.
    ///   - resolver: Finds addresses of host names.
    ///   - allow: Networks that may be called although they are not public (`VERNIER_FETCH_ALLOW`).
    ///   - limits: Time limits, redirects and ports.
    ///   - route: How calls leave this machine.
    ///   - trustRoots: A PEM file with certificates of authorities to trust beside the system's.
    ///   - logger: Hears of refused addresses, the only place where they are named.
    /// - Throws: An error if the certificate file cannot be read.
    package init(
        eventLoopGroup: any EventLoopGroup, resolver: any HostResolver = SystemResolver(), allow: [CIDR] = [],
        limits: FetchLimits = FetchLimits(), route: FetchRoute = .direct, trustRoots: String? = nil, logger: Logger
    ) throws {
        self.resolver = resolver
        self.policy = AddressPolicy(allow: allow)
        self.limits = limits
        self.route = route
        self.logger = logger
        clients = ClientPool(
            eventLoopGroup: eventLoopGroup,
            configuration: try limits.clientConfiguration(trustRoots: trustRoots, route: route))
    }

    /// Closes all connections; calls that still run fail.
    package func shutdown() async throws {
        try await clients.shutdown()
    }

    /// Checks what can be known about a URL without any call: its form, port, and address if the host is one.
    ///
    /// - Throws: ``FetchError``.
    package func check(_ url: String) throws(FetchError) {
        try check(try FetchURL(url))
    }

    /// Copies what a request is answered with into the object store, in constant memory.
    ///
    /// - Parameters:
    ///   - request: The URL and what goes along.
    ///   - store: Takes the bytes.
    ///   - limit: The largest number of bytes that is taken.
    /// - Returns: What is known of the copy.
    /// - Throws: ``FetchError`` for everything the URL's side did, errors of the store as they are.
    package func copy(
        _ request: OutgoingRequest, into store: any ObjectStore, limit: Int
    ) async throws -> FetchedObject {
        guard case .stored(let object) = try await fetch(request, into: store, limit: limit) else {
            throw FetchError.status(304, retryAfter: nil)
        }
        return object
    }

    /// Copies what a request is answered with into the object store, in constant memory, unless the other side says that
    /// a copy taken before is still what it has.
    ///
    /// Header fields of the request go to its own server only: redirects are followed without them.
    ///
    /// - Parameters:
    ///   - request: The URL and what goes along.
    ///   - known: What came along with the copy taken before; nil if there is none.
    ///   - store: Takes the bytes.
    ///   - limit: The largest number of bytes that is taken.
    /// - Returns: What is known of the new copy, or that the old one holds.
    /// - Throws: ``FetchError`` for everything the other side did, errors of the store as they are.
    package func fetch(
        _ request: OutgoingRequest, known: FetchValidators? = nil, into store: any ObjectStore, limit: Int
    ) async throws -> FetchAnswer {
        let deadline = ContinuousClock.now + limits.exchange
        var next = try FetchURL(request.url)
        for hop in 0...limits.redirects {
            let asked = hop == 0 ? request : OutgoingRequest(next.text)
            switch try await follow(next, asked, known: known, into: store, limit: limit, deadline: deadline) {
            case .ended(let answer): return answer
            case .redirected(let target): next = target
            }
        }
        throw FetchError.tooManyRedirects(limits.redirects)
    }

    /// Sends a request to an API and returns what was answered, whatever the status; redirects are not followed.
    ///
    /// - Parameters:
    ///   - request: The request, signed.
    ///   - body: The bytes to send.
    ///   - timeout: The time of the whole exchange.
    ///   - replyLimit: The number of bytes of the answer that are read.
    /// - Returns: The head and the beginning of the answer's body.
    /// - Throws: ``FetchError`` if no status came back.
    package func send(
        _ request: CloudRequest, body: ByteBuffer? = nil, timeout: Duration = .seconds(20), replyLimit: Int = 65_536
    ) async throws -> ServerAnswer {
        let deadline = ContinuousClock.now + timeout
        let target = try FetchURL(request.url)
        var outgoing = HTTPClientRequest(url: target.text)
        outgoing.method = HTTPMethod(rawValue: request.method)
        outgoing.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if let body { outgoing.body = .bytes(body) }
        return try await exchange(outgoing, with: target, deadline: deadline) { response in
            await response.answer(limit: replyLimit, deadline: deadline)
        }
    }

    /// Sends a body and returns what was answered, whatever the status; redirects are not followed.
    ///
    /// - Parameters:
    ///   - url: An `http` or `https` URL.
    ///   - body: The bytes to send.
    ///   - headers: Fields such as the content type and signatures.
    ///   - timeout: The time of the whole exchange. If it ends within the answer's body, the status still counts.
    ///   - replyLimit: The number of bytes of the answer that are read.
    /// - Returns: The status and the beginning of the answer's body.
    /// - Throws: ``FetchError`` if no status came back.
    package func post(
        _ url: String, body: ByteBuffer, headers: [(String, String)] = [], timeout: Duration = .seconds(10),
        replyLimit: Int = 65_536
    ) async throws -> PostReply {
        let deadline = ContinuousClock.now + timeout
        let target = try FetchURL(url)
        var request = HTTPClientRequest(url: target.text)
        request.method = .POST
        request.headers = HTTPHeaders(headers)
        request.body = .bytes(body)
        return try await exchange(request, with: target, deadline: deadline) { response in
            let (bytes, isComplete) = await response.prefix(replyLimit, deadline: deadline)
            return PostReply(
                status: Int(response.status.code), body: bytes, isComplete: isComplete, retryAfter: response.retryAfter)
        }
    }

    private enum Hop {
        case ended(FetchAnswer)
        case redirected(FetchURL)
    }

    private static let longestComplaint = 16_384

    private func follow(
        _ url: FetchURL, _ asked: OutgoingRequest, known: FetchValidators?, into store: any ObjectStore, limit: Int,
        deadline: ContinuousClock.Instant
    ) async throws -> Hop {
        var request = HTTPClientRequest(url: url.text)
        request.headers = HTTPHeaders(asked.headers.map { ($0.name, $0.value) })
        request.headers.add(name: "accept", value: "*/*")
        let place = asked.shownAs ?? url.text
        // Of what another URL said nothing follows for this one.
        let condition = known.flatMap { $0.finalURL == place && asked.takesConditions ? $0.header : nil }
        if let condition { request.headers.add(name: condition.name, value: condition.value) }
        return try await exchange(request, with: url, deadline: deadline) { response in
            if response.status == .notModified, condition != nil { return .ended(.unchanged) }
            if let explain = asked.explain, !(200...299).contains(response.status.code) {
                let answer = await response.answer(limit: Self.longestComplaint, deadline: deadline)
                throw FetchError(
                    .status, explain(answer), statusCode: answer.status, retryAfter: answer.retryAfter)
            }
            if let location = response.redirectTarget { return .redirected(try url.following(location)) }
            let body = try response.attachment(limit: limit)
            let object = try await withDeadline(deadline) { try await store.put(body, limit: limit) }
            return .ended(
                .stored(
                    FetchedObject(
                        hash: object.hash, size: object.size, mimeType: object.mimeType,
                        declaredType: response.headers.first(name: "content-type"),
                        validators: FetchValidators(finalURL: place, response), finalURL: place,
                        statusCode: Int(response.status.code))))
        }
    }

    /// Sends a request to a permitted address of its host, trying the next one while none accepts a connection.
    private func exchange<Result>(
        _ request: HTTPClientRequest, with url: FetchURL, deadline: ContinuousClock.Instant,
        _ read: (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        var request = request
        request.headers.replaceOrAdd(name: "host", value: url.authority)
        request.headers.replaceOrAdd(name: "user-agent", value: "Vernier")
        request.headers.replaceOrAdd(name: "accept-encoding", value: "identity")
        let addresses = try await permittedAddresses(of: url, deadline: deadline)
        for (index, address) in addresses.enumerated() {
            let key = ClientPool.Key(host: url.host, address: address)
            do {
                return try await clients.withClient(for: key) { client in
                    let response: HTTPClientResponse
                    do {
                        response = try await client.execute(request, deadline: NIODeadline(deadline), logger: nil)
                    } catch {
                        throw NetworkFailure(error)
                    }
                    return try await read(response)
                }
            } catch let failure as NetworkFailure {
                guard failure.isBeforeConnection, index + 1 < addresses.count else { throw failure.reported }
            }
        }
        throw FetchError.unresolvable
    }

    private static let mostAddresses = 3

    private func permittedAddresses(of url: FetchURL, deadline: ContinuousClock.Instant) async throws -> [IPAddress] {
        try check(url)
        guard url.literal == nil else { return url.literal.map { [$0] } ?? [] }
        let resolver = resolver
        let found: [IPAddress]
        do {
            found = try await withDeadline(deadline) { try await resolver.resolve(url.host) }
        } catch let error as FetchError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            logger.debug("Could not resolve a host", metadata: ["host": "\(url.host)", "error": "\(error)"])
            throw FetchError.unresolvable
        }
        // One bad address is enough to refuse the host: an honest name has no reason to mix public and private ones.
        for address in found { try check(address, of: url) }
        return found.filter(route.reaches).prefix(Self.mostAddresses).map(\.unmapped)
    }

    private func check(_ url: FetchURL) throws(FetchError) {
        guard limits.ports.contains(where: { $0.contains(url.port) }) else {
            throw .invalidURL("port \(url.port) is not allowed")
        }
        guard url.isUnderstoodByClient else { throw .invalidURL("its host is not a valid name") }
        if let literal = url.literal { try check(literal, of: url) }
    }

    private func check(_ address: IPAddress, of url: FetchURL) throws(FetchError) {
        guard !policy.permits(address) else { return }
        logger.notice(
            "Refused to call an address", metadata: ["url.host": "\(url.host)", "network.address": "\(address)"])
        throw .refusedAddress
    }
}

/// A copy of what a URL answered.
package struct FetchedObject: Sendable, Equatable {
    /// Identifies the stored bytes.
    package let hash: ContentHash
    /// The number of bytes.
    package let size: Int
    /// The type told by the bytes themselves, or `application/octet-stream`.
    package let mimeType: String
    /// The type the server stated.
    package let declaredType: String?
    /// What to ask with whether the copy still holds; nil if the server gave nothing that could tell.
    package let validators: FetchValidators?
    /// The URL that answered, after redirects, in canonical form.
    package let finalURL: String
    /// The status of the answer, always 2xx.
    package let statusCode: Int
}

/// The answer to a ``GuardedFetcher/post(_:body:headers:timeout:replyLimit:)``.
package struct PostReply: Sendable, Equatable {
    /// The HTTP status.
    package let status: Int
    /// The beginning of the answer's body.
    package let body: ByteBuffer
    /// Whether ``body`` is all there was.
    package let isComplete: Bool
    /// How long the server asked to wait before the next call.
    package let retryAfter: Duration?

    /// Whether the status is 2xx.
    package var isSuccess: Bool { (200...299).contains(status) }
}
