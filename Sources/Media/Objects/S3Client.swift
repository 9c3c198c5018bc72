import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1

/// Sends signed requests to a store that speaks the language of S3, again where it was busy.
struct S3Client: Sendable {
    let location: S3Location
    private let client: HTTPClient

    /// How often a request is sent, and how long until the second time, in milliseconds.
    private static let tries = 5
    private static let firstPause = 200.0
    /// The most bytes that are read of an answer that is not an object.
    private static let replyLimit = 1 << 20

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

    /// Sends a request and reads the whole of a short answer.
    ///
    /// - Throws: ``ObjectStoreError``, with `notFound` for 404.
    func send(
        _ method: String, key: String?, query: [CloudRequest.Pair] = [], headers: [CloudRequest.Pair] = [],
        body: ByteBuffer? = nil, hash: String? = nil, seconds: Int64 = 60
    ) async throws -> Answer {
        let response = try await execute(
            method, key: key, query: query, headers: headers, body: body, hash: hash, seconds: seconds)
        do {
            return Answer(headers: response.headers, body: try await response.body.collect(upTo: Self.replyLimit))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw ObjectStoreError(.failed, "The storage broke off its answer: \(error).")
        }
    }

    /// Sends a request; answers that are no success are thrown, after further tries where that may help.
    func execute(
        _ method: String, key: String?, query: [CloudRequest.Pair] = [], headers: [CloudRequest.Pair] = [],
        body: ByteBuffer? = nil, hash: String? = nil, seconds: Int64
    ) async throws -> HTTPClientResponse {
        let payload =
            hash.map { AWSSignature.Payload.hash($0) } ?? body.map { .bytes($0.readableBytesView) } ?? .empty
        var last = ObjectStoreError(.failed, "The storage was not asked.")
        for attempt in 0..<Self.tries {
            if attempt > 0 {
                let pause = Self.firstPause * Double(1 << (attempt - 1)) * Double.random(in: 0.8...1.2)
                try await Task.sleep(for: .milliseconds(Int(pause)))
            }
            // Signed anew, since a signature ages.
            let signed = AWSSignature(location.credentials, region: location.region).sign(
                location.request(method, key: key, query: query, headers: headers), payload: payload, at: time(nil))
            do {
                let response = try await client.execute(
                    Self.request(signed, body), deadline: .now() + .seconds(seconds), logger: nil)
                if (200...299).contains(response.status.code) { return response }
                last = await Self.failure(response, method: method)
                guard response.status.code >= 500 || response.status.code == 429 else { throw last }
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
        case 416: return ObjectStoreError(.invalidRange, "The range lies outside the object.")
        case 507: return ObjectStoreError(.full, told)
        default: return ObjectStoreError(.failed, told)
        }
    }
}
