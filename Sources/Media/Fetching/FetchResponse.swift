import AsyncHTTPClient
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

extension FetchURL {
    /// The value of the `Host` field.
    var authority: String {
        let shownHost = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? shownHost : "\(shownHost):\(port)"
    }

    /// Whether the HTTP client reads our canonical text back to our host and port.
    ///
    /// The client finds the address to connect to by its own reading of the host. Were that another than ours, it would
    /// resolve the name itself and pass by every check.
    var isUnderstoodByClient: Bool {
        guard let read = URL(string: text), let readHost = read.host() else { return false }
        let bare = readHost.first == "[" ? String(readHost.dropFirst().dropLast()) : readHost
        return bare == host && (read.port ?? (isSecure ? 443 : 80)) == port
    }
}

extension HTTPClientResponse {
    /// Where the answer sends the client, if it is a redirect.
    var redirectTarget: String? {
        switch status.code {
        case 301, 302, 303, 307, 308: headers.first(name: "location")
        default: nil
        }
    }

    /// How long to wait before the next call: seconds, or the time until a date.
    var retryAfter: Duration? {
        guard let value = headers.first(name: "retry-after") else { return nil }
        if let seconds = Int(value) { return (0...86_400 * 365).contains(seconds) ? .seconds(seconds) : nil }
        return secondsSince1970(httpDate: value).map { .seconds(max(0, $0 - time(nil))) }
    }

    /// The body of a successful answer, ending with an error as soon as it grows beyond the limit.
    ///
    /// - Throws: ``FetchError`` at once if the head already tells that the body cannot be taken.
    func attachment(limit: Int) throws(FetchError) -> AttachmentBody {
        let code = Int(status.code)
        guard (200...299).contains(code) else { throw .status(code, retryAfter: retryAfter) }
        if let coding = headers.first(name: "content-encoding")?.lowercased(), coding != "identity", !coding.isEmpty {
            throw .compressed(coding, statusCode: code)
        }
        if let length = headers.first(name: "content-length").flatMap(Int.init), length > limit {
            throw .tooLarge(limit, statusCode: code)
        }
        return AttachmentBody(body: body, limit: limit, statusCode: code)
    }

    /// The head and the beginning of the body.
    func answer(limit: Int, deadline: ContinuousClock.Instant) async -> ServerAnswer {
        let (bytes, isComplete) = await prefix(limit, deadline: deadline)
        let fields = Dictionary(
            headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        return ServerAnswer(
            status: Int(status.code), fields: fields, body: Array(bytes.readableBytesView), isComplete: isComplete,
            retryAfter: retryAfter)
    }

    /// Reads the beginning of the body until the deadline, and tells whether that was all.
    func prefix(_ count: Int, deadline: ContinuousClock.Instant) async -> (bytes: ByteBuffer, isComplete: Bool) {
        let read = Mutex(ByteBuffer())
        do {
            let isComplete = try await withDeadline(deadline) {
                for try await var chunk in self.body {
                    let fits = read.withLock { buffer in
                        let room = count - buffer.readableBytes
                        let fits = chunk.readableBytes <= room
                        if !fits { chunk.moveWriterIndex(to: chunk.readerIndex + room) }
                        buffer.writeBuffer(&chunk)
                        return fits
                    }
                    guard fits else { return false }
                }
                return !Task.isCancelled
            }
            return (read.withLock { $0 }, isComplete)
        } catch {
            // The status has been received, and it is what counts; a body that breaks off is told as such.
            return (read.withLock { $0 }, false)
        }
    }
}

/// Reads a date of the one form that servers may write (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
func secondsSince1970(httpDate text: String) -> Int? {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = text.split { $0 == " " || $0 == ":" }
    guard parts.count == 8, parts[7] == "GMT", let month = months.firstIndex(of: String(parts[2])) else { return nil }
    let numbers = [1, 3, 4, 5, 6].compactMap { Int32(parts[$0]) }
    guard numbers.count == 5, (1970...9999).contains(numbers[1]) else { return nil }
    var moment = tm()
    moment.tm_mday = numbers[0]
    moment.tm_mon = Int32(month)
    moment.tm_year = numbers[1] - 1900
    (moment.tm_hour, moment.tm_min, moment.tm_sec) = (numbers[2], numbers[3], numbers[4])
    return timegm(&moment)
}

/// The bytes of an attachment as they arrive, within a size limit, with errors in our terms.
struct AttachmentBody: AsyncSequence, Sendable {
    fileprivate let body: HTTPClientResponse.Body
    fileprivate let limit: Int
    fileprivate let statusCode: Int

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var source: HTTPClientResponse.Body.AsyncIterator
        fileprivate var remaining: Int
        fileprivate let limit: Int
        fileprivate let statusCode: Int

        mutating func next() async throws -> ByteBuffer? {
            let chunk: ByteBuffer?
            do {
                chunk = try await source.next()
            } catch {
                throw NetworkFailure(error).reported
            }
            // A cancelled body may look like one that ended.
            try Task.checkCancellation()
            guard let chunk else { return nil }
            remaining -= chunk.readableBytes
            guard remaining >= 0 else { throw FetchError.tooLarge(limit, statusCode: statusCode) }
            return chunk
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(source: body.makeAsyncIterator(), remaining: limit, limit: limit, statusCode: statusCode)
    }
}

/// An error of the HTTP client, and what it means to us.
struct NetworkFailure: Error {
    private let error: any Error

    init(_ error: any Error) {
        self.error = error
    }

    /// Whether nothing can have been sent yet, so that another address may be tried.
    var isBeforeConnection: Bool {
        switch error {
        case let error as HTTPClientError: error == .connectTimeout
        case let error as ChannelError:
            if case .connectTimeout = error { true } else { false }
        case is NIOConnectionError: true
        case let error as IOError: [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL].contains(error.errnoCode)
        default: false
        }
    }

    /// The error for the caller: ``FetchError`` or `CancellationError`.
    var reported: any Error {
        switch error {
        case is CancellationError: return error
        case let error as HTTPClientError: return Self.reported(error)
        case let error as ChannelError:
            if case .connectTimeout = error { return FetchError.timeout }
            return FetchError.connection
        case let error as NIOSSLError:
            if case .uncleanShutdown = error { return FetchError.connection }
            return FetchError.tls
        case is NIOSSLExtraError, is BoringSSLError: return FetchError.tls
        default: return FetchError.connection
        }
    }

    private static func reported(_ error: HTTPClientError) -> any Error {
        switch error {
        case .cancelled, .alreadyShutdown: CancellationError()
        case .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout,
            .tlsHandshakeTimeout:
            FetchError.timeout
        case .invalidURL, .emptyHost, .emptyScheme: FetchError.invalidURL("it is not understood")
        default: FetchError.connection
        }
    }
}
