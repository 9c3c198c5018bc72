import Crypto

/// A right to read one thing until a point in time, as a link carries it.
///
/// The whole claim is inside the token, so a link is checked without looking anything up and works on every node that
/// has the key.
package struct SignedLink: Sendable, Equatable {
    /// What kind of thing a link opens; a token for one kind never opens another.
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// Our copy of an attachment.
        case attachment = 1
        /// A small picture of an attachment.
        case thumbnail
        /// The answer of a task, or a file that belongs to it.
        case result
        /// A file that was composed for download.
        case export
        /// The tiles of an attachment's picture, each under a path below the token.
        case tiles
    }

    /// The kind of thing.
    package let kind: Kind
    /// The account and world (live or test) it belongs to; at most 255 bytes of UTF-8.
    package let realm: String
    /// Names the thing within kind and realm: a content hash or an id.
    package let object: String
    /// The first second, since 1970 in UTC, at which the link no longer works.
    package let expires: Int

    /// Makes a claim.
    ///
    /// - Precondition: `realm` has at most 255 bytes and `expires` is not negative.
    package init(kind: Kind, realm: String, object: String, expires: Int) {
        precondition(realm.utf8.count <= 255 && expires >= 0)
        self.kind = kind
        self.realm = realm
        self.object = object
        self.expires = expires
    }

    /// Writes the claim and its signature as one URL path segment of letters, digits, `-`, `_` and one `.`.
    package func token(key: [UInt8]) -> String {
        let claim = base64URL(payload)
        return claim + "." + Self.signature(of: claim, key: key)
    }

    /// Returns the claim of a token that one of the keys signed and that has not expired.
    ///
    /// - Parameters:
    ///   - token: The text from the URL, of any content.
    ///   - now: Seconds since 1970, UTC.
    ///   - keys: The current key and those before it whose links are to work on.
    /// - Returns: The claim, or `nil` for any token that is not valid now, whatever the reason.
    package static func verify(_ token: String, now: Int, keys: [[UInt8]]) -> SignedLink? {
        verify(token, now: now) { _ in keys }
    }

    /// Returns the claim of a token that one of the keys for its realm signed and that has not expired.
    package static func verify(_ token: String, now: Int, keys: (_ realm: String) -> [[UInt8]]) -> SignedLink? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard token.utf8.count <= 2048, parts.count == 2 else { return nil }
        let claim = String(parts[0])
        // The text is signed, not the bytes it stands for, so no second spelling of a token is valid.
        guard let payload = bytes(base64URL: claim), let link = SignedLink(payload: payload), now < link.expires,
            keys(link.realm).contains(where: { isEqual(signature(of: claim, key: $0), String(parts[1])) })
        else { return nil }
        return link
    }

    /// The key for links of an epoch: another one after each time that all links were revoked.
    package static func key(_ key: [UInt8], epoch: Int) -> [UInt8] {
        guard epoch > 0 else { return key }
        return Array(
            HMAC<SHA256>.authenticationCode(
                for: Array("vernier.link.epoch\n\(epoch)".utf8), using: SymmetricKey(data: key)))
    }

    /// When a link made now shall expire: after the lifetime at the earliest, a tenth of it later at the latest.
    ///
    /// The time is rounded up so that links made soon after each other are equal, which lets browsers keep what they
    /// have loaded.
    package static func expiry(now: Int, lifetime: Int) -> Int {
        let step = max(1, lifetime / 10)
        return (now + lifetime + step - 1) / step * step
    }

    /// One byte each for version and kind, eight for the time, one for the realm's length, the realm, the object.
    private var payload: [UInt8] {
        var bytes: [UInt8] = [Self.version, kind.rawValue]
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: expires >> (56 - 8 * $0)) }
        bytes.append(UInt8(realm.utf8.count))
        bytes += realm.utf8
        bytes += object.utf8
        return bytes
    }

    private init?(payload: [UInt8]) {
        guard payload.count >= 11, payload[0] == Self.version, let kind = Kind(rawValue: payload[1]) else { return nil }
        let expires = payload[2..<10].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let rest = payload[11...]
        guard expires <= UInt64(Int.max), rest.count >= Int(payload[10]),
            let realm = String(validating: rest.prefix(Int(payload[10])), as: UTF8.self),
            let object = String(validating: rest.dropFirst(Int(payload[10])), as: UTF8.self)
        else { return nil }
        self.init(kind: kind, realm: realm, object: object, expires: Int(expires))
    }

    private static let version: UInt8 = 1

    private static func signature(of claim: String, key: [UInt8]) -> String {
        // The prefix keeps a key that also signs something else from being used to make links.
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("vernier.link\n\(claim)".utf8), using: SymmetricKey(data: key))
        return base64URL(Array(code))
    }
}

/// Compares without telling by its duration how much is equal.
func isEqual(_ one: String, _ other: String) -> Bool {
    let pairs = zip(one.utf8, other.utf8)
    return pairs.reduce(one.utf8.count ^ other.utf8.count) { $0 | Int($1.0 ^ $1.1) } == 0
}

private let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

/// What each character stands for; 64 and more for those that stand for nothing.
private let values: [UInt8] = digits.enumerated().reduce(into: [UInt8](repeating: 0xFF, count: 256)) { values, digit in
    values[Int(digit.element)] = UInt8(digit.offset)
}

/// RFC 4648, 5, without padding.
///
/// Every request for a file reads such a text, which Foundation's way makes dear.
private func base64URL(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 4 + 2) / 3)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let count = min(3, bytes.count - start)
        var bits = 0
        for index in 0..<3 { bits = bits << 8 | (index < count ? Int(bytes[start + index]) : 0) }
        for place in 0...count { text.append(digits[bits >> (18 - 6 * place) & 63]) }
    }
    return String(decoding: text, as: UTF8.self)
}

private func bytes(base64URL text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count * 3 / 4)
    var (bits, held) = (0, 0)
    for character in text.utf8 {
        let value = values[Int(character)]
        guard value < 64 else { return nil }
        (bits, held) = (bits << 6 & 0xFFFF | Int(value), held + 6)
        guard held >= 8 else { continue }
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> held))
    }
    // A single character too many says nothing; bits that are left over are no second spelling: the text is signed.
    return held < 6 ? bytes : nil
}
