import Crypto

/// The SHA-256 of an object's bytes, which is also its name.
///
/// Paths and keys are made of these only, so no name a client chose can ever reach a file system.
package struct ContentHash: Sendable, Hashable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    package let description: String

    /// Accepts exactly 64 lower-case hexadecimal digits.
    package init?(_ hex: String) {
        guard hex.utf8.count == 64,
            hex.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        description = hex
    }

    init(_ digest: SHA256.Digest) {
        description = hexadecimal(digest)
    }

    /// Hashes bytes.
    package static func of(_ bytes: some Sequence<UInt8>) -> ContentHash {
        ContentHash(SHA256.hash(data: Array(bytes)))
    }
}

/// Writes bytes as lower-case hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
