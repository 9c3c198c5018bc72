import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1

/// Sends signed requests to a store that speaks the language of S3, again where it was busy.
struct S3Client: Sendable {
    let location: S3Location
    private let client: HTTPClient

    /// How often a request is sent, and how long until the second time, in milliseconds.
    static let tries = 5
    private static let firstPause = 200.0
    /// The most bytes that are read of an answer that is not an object: a list of a thousand of the longest keys.
    private static let replyLimit = CloudPage.largest

    init(_ location: S3Location, eventLoopGroup: any EventLoopGroup, trustRoots: String?) throws {
        self.location = location
        client = HTTPClient(
            eventLoopGroup: eventLoopGroup,
            configuration: try FetchLimits().clientConfiguration(trustRoots: trustRoots, route: .direct)
        )
    }

    func shutdown() async throws { try await client.shutdown() }

    /// An answer without a body, or with one that has been read.
    struct Answer {
        let headers: HTTPHeaders
        let body: ByteBuffer
    }

    /// How long is waited before a further try, of which the first is 1.
    static func pause(before attempt: Int) -> Duration {
        .milliseconds(Int(firstPause * Double(1 << (attempt - 1)) * Double.random(in: 0.8...1.2)))
    }

    /// Sends a request and reads the whole of a short answer, again where it broke off.
    ///
    /// - Throws: ``ObjectStoreError``, with `notFound` for 404.
    func send(
        _ method: String, key: String?, query: [CloudRequest.Pair] = [], headers: [CloudRequest.Pair] = [],
        body: ByteBuffer? = nil, hash: String? = nil, seconds: Int64 = 60
    ) async throws -> Answer {
        try await attempt(
            method, key: key, query: query, headers: headers, body: body, hash: hash, seconds: seconds
        ) { response in
            Answer(headers: response.headers, body: try await response.body.collect(upTo: Self.replyLimit))
        }
    }

    /// Sends a request for an answer that is read afterwards, for at most so many seconds.
    ///
    /// - Throws: ``ObjectStoreError``, with `notFound` for 404.
    func open(_ key: String, headers: [CloudRequest.Pair], seconds: Int64) async throws -> HTTPClientResponse {
        try await attempt("GET", key: key, query: [], headers: headers, body: nil, hash: nil, seconds: seconds) { $0 }
    }

    /// Sends a request; answers that are no success are thrown, after further tries where that may help.
    private func attempt<Result>(
        _ method: String, key: String?, query: [CloudRequest.Pair], headers: [CloudRequest.Pair], body: ByteBuffer?,
        hash: String?, seconds: Int64, _ read: (HTTPClientResponse) async throws -> Result
    ) async throws -> Result {
        let payload =
            hash.map { AWSSignature.Payload.hash($0) } ?? body.map { .bytes($0.readableBytesView) } ?? .empty
        var last = ObjectStoreError(.failed, "The storage was not asked.")
        for attempt in 0..<Self.tries {
            if attempt > 0 { try await Task.sleep(for: Self.pause(before: attempt)) }
            // Signed anew, since a signature ages.
            let signed = AWSSignature(location.credentials, region: location.region).sign(
                location.request(method, key: key, query: query, headers: headers), payload: payload, at: time(nil))
            do {
                let response = try await client.execute(
                    Self.request(signed, body), deadline: .now() + .seconds(seconds), logger: nil)
                if (200...299).contains(response.status.code) { return try await read(response) }
                let isBusy = response.status.code >= 500 || [408, 429].contains(response.status.code)
                last = await Self.failure(response, method: method)
                guard isBusy else { throw last }
            } catch let error as ObjectStoreError {
                throw error
            } catch let error as CancellationError {
                throw error
            } catch {
                try Task.checkCancellation()
                last = ObjectStoreError(
                    .failed, "The storage at \(location.endpoint.text) cannot be reached: \(error).")
            }
        }
        throw last
    }

    private static func request(_ signed: CloudRequest, _ body: ByteBuffer?) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: signed.url)
        request.method = HTTPMethod(rawValue: signed.method)
        request.headers = HTTPHeaders(signed.headers.map { ($0.name, $0.value) })
        request.headers.replaceOrAdd(name: "host", value: signed.endpoint.authority)
        if let body { request.body = .bytes(body) }
        return request
    }

    /// What an answer that is no success means; the code that the provider names is told to operators.
    private static func failure(_ response: HTTPClientResponse, method: String) async -> ObjectStoreError {
        let (bytes, _) = await response.prefix(replyLimit, deadline: .now + .seconds(10))
        let reply = Markup.read(bytes.readableBytesView)
        let words = [reply?["Code"]?.text, reply?["Message"]?.text].compactMap(\.self).joined(separator: ": ")
        let told =
            "The storage answered \(response.status.code)"
            + (words.isEmpty ? "." : ": \(words)\(words.hasSuffix(".") ? "" : ".")")
        switch response.status.code {
        // A bucket that is not there is no object that is not there.
        case 404 where reply?["Code"]?.text != "NoSuchBucket": return ObjectStoreError.notFound
        case 412: return .damaged
        case 416: return ObjectStoreError(.invalidRange, "The range lies outside the object.")
        case 507: return ObjectStoreError(.full, told)
        default: return ObjectStoreError(.failed, told)
        }
    }
}
