import Crypto
import Glibc

/// What a caller of AWS, or of something that speaks its language, is known by.
package struct AWSCredentials: Sendable, Equatable {
    /// The public half, such as `AKIA…`.
    package var accessKey: String
    package var secretKey: String
    /// Goes along where the key is a temporary one.
    package var sessionToken: String?

    /// Makes credentials.
    package init(accessKey: String, secretKey: String, sessionToken: String? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
    }
}

/// Signature version 4 of AWS, in header fields or in the query.
///
/// Paths are escaped once, as the object store wants it; services that escape twice differ for paths with escapes only,
/// and of those none is called.
package struct AWSSignature: Sendable {
    /// What the signature says of the body.
    package enum Payload: Sendable, Equatable {
        /// The SHA-256 of the body in lower-case hexadecimal digits.
        case hash(String)
        /// The body is not covered, for bodies that are streamed over an encrypted connection.
        case unsigned

        /// No body.
        package static let empty = Payload.hash(hexadecimal(SHA256.hash(data: [UInt8]())))

        /// Covers bytes.
        package static func bytes(_ bytes: some Sequence<UInt8>) -> Payload {
            .hash(hexadecimal(SHA256.hash(data: Array(bytes))))
        }

        /// What stands for the body in the signed text, and in `x-amz-content-sha256`.
        package var text: String {
            switch self {
            case .hash(let hash): hash
            case .unsigned: "UNSIGNED-PAYLOAD"
            }
        }
    }

    private let credentials: AWSCredentials
    private let region: String
    private let service: String

    /// Makes a signer.
    ///
    /// - Parameters:
    ///   - credentials: Who signs.
    ///   - region: The region, such as `eu-central-1`.
    ///   - service: The service's name in scopes: `s3` or `sts`.
    package init(_ credentials: AWSCredentials, region: String, service: String = "s3") {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// Adds the header fields that prove who sends the request; all that it has by now are covered.
    ///
    /// `seconds`: the time of sending, since 1970 in UTC.
    package func sign(_ request: CloudRequest, payload: Payload = .empty, at seconds: Int) -> CloudRequest {
        var request = request
        let time = Self.time(seconds)
        request.headers.append(.init("x-amz-date", time))
        // Only the object store asks for it, and elsewhere it would be one more field to sign.
        if service == "s3" { request.headers.append(.init("x-amz-content-sha256", payload.text)) }
        if let token = credentials.sessionToken { request.headers.append(.init("x-amz-security-token", token)) }
        let (text, names) = Self.canonical(request, payload: payload)
        let signature = signature(of: text, time: time)
        request.headers.append(
            .init(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope(time)), SignedHeaders=\(names), "
                    + "Signature=\(signature)"))
        return request
    }

    /// Adds query parameters that let whoever has the URL send the request for some time.
    ///
    /// `lifetime`: for how many seconds, at most a week; `seconds`: the time from which on, since 1970 in UTC.
    package func presign(
        _ request: CloudRequest, lifetime: Int, payload: Payload = .unsigned, at seconds: Int
    ) -> CloudRequest {
        var request = request
        let time = Self.time(seconds)
        request.query += [
            .init("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
            .init("X-Amz-Credential", "\(credentials.accessKey)/\(scope(time))"), .init("X-Amz-Date", time),
            .init("X-Amz-Expires", String(lifetime)),
        ]
        if let token = credentials.sessionToken { request.query.append(.init("X-Amz-Security-Token", token)) }
        request.query.append(
            .init("X-Amz-SignedHeaders", Self.signedHeaders(request).map(\.name).joined(separator: ";")))
        let (text, _) = Self.canonical(request, payload: payload)
        request.query.append(.init("X-Amz-Signature", signature(of: text, time: time)))
        return request
    }

    // MARK: The signed text

    private static func signedHeaders(_ request: CloudRequest) -> [CloudRequest.Pair] {
        let all = request.headers + [.init("host", request.endpoint.authority)]
        var values: [String: [String]] = [:]
        for header in all { values[header.name.lowercased(), default: []].append(trimmed(header.value)) }
        return values.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.joined(separator: ",")) }
    }

    /// A value without blanks around it, and with one blank where there were several.
    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ").joined(separator: " ")
    }

    static func canonical(_ request: CloudRequest, payload: Payload) -> (text: String, names: String) {
        let headers = signedHeaders(request)
        let names = headers.map(\.name).joined(separator: ";")
        // By their escaped text, byte by byte.
        let query = request.query
            .map { (CloudRequest.escape($0.name), CloudRequest.escape($0.value)) }
            .sorted { Array($0.0.utf8 + [0] + $0.1.utf8).lexicographicallyPrecedes(Array($1.0.utf8 + [0] + $1.1.utf8)) }
            .map { "\($0)=\($1)" }
        let lines =
            [request.method, request.escapedPath, query.joined(separator: "&")]
            + headers.map { "\($0.name):\($0.value)" } + ["", names, payload.text]
        return (lines.joined(separator: "\n"), names)
    }

    private func scope(_ time: String) -> String {
        "\(time.prefix(8))/\(region)/\(service)/aws4_request"
    }

    private func signature(of canonical: String, time: String) -> String {
        let text = [
            "AWS4-HMAC-SHA256", time, scope(time), hexadecimal(SHA256.hash(data: Array(canonical.utf8))),
        ].joined(separator: "\n")
        let key = [String(time.prefix(8)), region, service, "aws4_request"].reduce(
            Array("AWS4\(credentials.secretKey)".utf8)
        ) { Self.code($1, key: $0) }
        return hexadecimal(Self.code(text, key: key))
    }

    private static func code(_ text: String, key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    /// A time as `20150830T123600Z`.
    private static func time(_ seconds: Int) -> String {
        var moment = time_t(seconds)
        var parts = tm()
        gmtime_r(&moment, &parts)
        let numbers = [
            Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday), Int(parts.tm_hour), Int(parts.tm_min),
            Int(parts.tm_sec),
        ].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return numbers[..<3].joined() + "T" + numbers[3...].joined() + "Z"
    }
}
