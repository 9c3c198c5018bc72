import AsyncHTTPClient
package import NIOCore
import NIOHTTP1

/// Calls to a server that the operator names, which no rule about foreign addresses concerns.
package enum OwnServer {
    /// What is done with something small.
    package enum Method: String, Sendable {
        case get = "GET"
        case put = "PUT"
        case post = "POST"
    }

    /// Kept as long as the process lives.
    ///
    /// What is signed or secret is for the server that was named, so nothing is sent on to where a redirect leads.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))

    /// Asks for something small.
    ///
    /// - Returns: The status and the body, of which at most a mebibyte is taken.
    /// - Throws: What keeps the server from answering.
    package static func ask(
        _ url: String, method: Method = .get, headers: [(String, String)], body: [UInt8]? = nil, seconds: Int64 = 60
    ) async throws -> (status: Int, body: [UInt8]) {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.headers = HTTPHeaders(headers)
        if let body { request.body = .bytes(body) }
        let response = try await client.execute(request, timeout: .seconds(seconds))
        return (Int(response.status.code), Array(try await response.body.collect(upTo: 1 << 20).readableBytesView))
    }

    /// Sends pieces and takes the answer as it comes, which may begin before all is sent.
    ///
    /// - Throws: What keeps the server from answering, and what `take` throws.
    package static func post<Pieces: AsyncSequence & Sendable>(
        _ pieces: Pieces, to url: String, headers: [(String, String)], take: (ByteBuffer) throws -> Void
    ) async throws where Pieces.Element == ByteBuffer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = HTTPHeaders(headers)
        request.body = .stream(pieces, length: .unknown)
        let response = try await client.execute(request, deadline: .distantFuture)
        for try await bytes in response.body { try take(bytes) }
    }
}
