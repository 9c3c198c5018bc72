/// Why an outgoing call gave no usable answer.
///
/// The message is written for the customer whose URL it was: it says what to change and never names addresses, hosts
/// or software of the network the server runs in.
package struct FetchError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure, by their names on the wire and in logs.
    package enum Code: String, Sendable {
        /// The URL, or one it redirects to, is not one that can be called.
        case invalidURL = "invalid_url"
        /// The host has an address outside the public internet.
        case refusedAddress = "refused_address"
        /// The host name has no address.
        case unresolvable
        /// The time limit passed.
        case timeout
        /// The answer is larger than allowed.
        case tooLarge = "too_large"
        /// More redirects than allowed.
        case tooManyRedirects = "too_many_redirects"
        /// The answer came with a status other than 2xx.
        case status
        /// The server's certificate or encryption was not acceptable.
        case tls
        /// The connection could not be opened, or broke.
        case connection
        /// The answer is in a form that cannot be stored, such as a compressed one.
        case unsupportedType = "unsupported_type"
    }

    /// The kind of failure.
    package let code: Code
    /// One sentence that may be shown to the customer.
    package let message: String
    /// The status of the answer, where there was one.
    package let statusCode: Int?
    /// How long the server asked to wait before the next try.
    package let retryAfter: Duration?

    /// Makes an error from its parts.
    package init(_ code: Code, _ message: String, statusCode: Int? = nil, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.statusCode = statusCode
        self.retryAfter = retryAfter
    }

    /// Whether the same call may succeed later.
    package var isTransient: Bool {
        switch code {
        case .timeout, .connection, .unresolvable: true
        case .status: statusCode.map { [408, 425, 429].contains($0) || (500...599).contains($0) } ?? false
        case .invalidURL, .refusedAddress, .tooLarge, .tooManyRedirects, .tls, .unsupportedType: false
        }
    }

    /// The message.
    package var description: String { message }
}

extension FetchError {
    static func invalidURL(_ reason: String) -> FetchError {
        FetchError(.invalidURL, "The URL cannot be fetched: \(reason).")
    }

    static let refusedAddress = FetchError(.refusedAddress, "The URL points to an address that may not be called.")

    static let unresolvable = FetchError(.unresolvable, "The host name of the URL could not be resolved.")

    static let timeout = FetchError(.timeout, "The server did not answer completely in time.")

    static let connection = FetchError(.connection, "The connection to the server could not be opened or broke off.")

    static let tls = FetchError(.tls, "No secure connection could be made: the server's certificate was not accepted.")

    static func tooLarge(_ limit: Int, statusCode: Int? = nil) -> FetchError {
        FetchError(.tooLarge, "The file is larger than the limit of \(limit) bytes.", statusCode: statusCode)
    }

    static func tooManyRedirects(_ limit: Int) -> FetchError {
        FetchError(.tooManyRedirects, "The URL redirects more than \(limit) times.")
    }

    static func status(_ status: Int, retryAfter: Duration?) -> FetchError {
        FetchError(.status, "The server answered with status \(status).", statusCode: status, retryAfter: retryAfter)
    }

    static func compressed(_ coding: String, statusCode: Int) -> FetchError {
        // The name comes from the other side, so only a tame one is repeated.
        let name =
            coding.utf8.count <= 20 && coding.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) ? " (\(coding))" : ""
        return FetchError(
            .unsupportedType, "The server sent a compressed answer\(name) although a plain one was asked for.",
            statusCode: statusCode)
    }
}
