import Crypto

/// The timed signature that goes along with a callback, so that its receiver can tell ours from others' and old from new.
///
/// The header's value is `t=<seconds>,v1=<hex>` where the second part is the HMAC-SHA256, under the account's signature
/// secret, of the time as decimal text, a full stop, and the body. It may stand there more than once.
package enum CallbackSignature {
    /// The name of the header.
    package static let headerName = "vernier-signature"

    /// Writes the header's value, with a code for each secret: while one is being replaced there are two.
    ///
    /// - Parameters:
    ///   - body: The bytes of the request's body.
    ///   - timestamp: Seconds since 1970, UTC.
    ///   - secrets: The account's signature secrets, the newest last.
    /// - Returns: Time and codes as text.
    package static func header(body: some Sequence<UInt8>, timestamp: Int, secrets: [[UInt8]]) -> String {
        let codes = secrets.map { ",v1=\(code(body: body, timestamp: timestamp, secret: $0))" }
        return "t=\(timestamp)" + codes.joined()
    }

    /// Writes the header's value for one secret.
    package static func header(body: some Sequence<UInt8>, timestamp: Int, secret: [UInt8]) -> String {
        header(body: body, timestamp: timestamp, secrets: [secret])
    }

    /// Tells whether the header was written for this body with this secret at most `tolerance` seconds from now.
    ///
    /// Parts of a kind not known here are passed over, so that another version can stand beside the first.
    package static func verify(
        _ header: String, body: some Sequence<UInt8>, secret: [UInt8], now: Int, tolerance: Int = 300
    ) -> Bool {
        var timestamp: Int?
        var codes: [String] = []
        for part in header.split(separator: ",") {
            if part.hasPrefix("t=") { timestamp = Int(part.dropFirst(2)) }
            if part.hasPrefix("v1=") { codes.append(String(part.dropFirst(3))) }
        }
        guard let timestamp, (now - tolerance...now + tolerance).contains(timestamp) else { return false }
        let expected = code(body: body, timestamp: timestamp, secret: secret)
        return codes.contains { isEqual($0, expected) }
    }

    private static func code(body: some Sequence<UInt8>, timestamp: Int, secret: [UInt8]) -> String {
        var code = HMAC<SHA256>(key: SymmetricKey(data: secret))
        code.update(data: Array("\(timestamp).".utf8))
        code.update(data: Array(body))
        return hexadecimal(code.finalize())
    }
}
