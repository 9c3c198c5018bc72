import Crypto
import CryptoExtras
import Foundation
import JSON
import NIOPosix

/// Hashes and checks passwords with scrypt.
enum Password {
    /// CPU and memory cost: 2^15 blocks of 8 × 128 bytes, about 32 MB and a tenth of a second.
    private static let rounds = 1 << 15
    private static let blockSize = 8

    /// The shortest password that is accepted.
    static let least = 8

    /// Refuses a password that is too short to be one.
    static func check(_ password: String, path: String) throws {
        guard password.unicodeScalars.count >= least else {
            throw Issues(path, "`\(path)` must have at least \(least) characters.")
        }
    }

    /// Hashes a password for storing: `scrypt$rounds$salt$hash` in base64.
    static func hash(_ password: String) async throws -> String {
        let salt = [UInt8](SymmetricKey(size: .bits128).bytes)
        let derived = try await derive(password, salt: salt, rounds: rounds)
        return "scrypt$\(rounds)$\(Data(salt).base64EncodedString())$\(Data(derived).base64EncodedString())"
    }

    /// Whether a password is the one that was hashed; takes as long for accounts that are not there.
    static func matches(_ password: String, _ stored: String?) async throws -> Bool {
        let parts = (stored ?? "").split(separator: "$")
        guard parts.count == 4, parts[0] == "scrypt", let rounds = Int(parts[1]),
            let salt = Data(base64Encoded: String(parts[2])), let hash = Data(base64Encoded: String(parts[3]))
        else {
            _ = try await derive(password, salt: [UInt8](repeating: 0, count: 16), rounds: Self.rounds)
            return false
        }
        let derived = try await derive(password, salt: [UInt8](salt), rounds: rounds)
        return derived.count == hash.count && zip(derived, hash).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Runs on a thread of its own, since it blocks for long.
    private static func derive(_ password: String, salt: [UInt8], rounds: Int) async throws -> [UInt8] {
        try await NIOThreadPool.singleton.runIfActive {
            let key = try KDF.Scrypt.deriveKey(
                from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: rounds, blockSize: blockSize,
                parallelism: 1, maxMemory: 128 << 20)
            return [UInt8](key.bytes)
        }
    }
}

/// Random tokens and their hashes.
package enum Secret {
    /// A token of 256 random bits in URL-safe characters.
    package static func make(prefix: String = "") -> String {
        let bytes = [UInt8](SymmetricKey(size: .bits256).bytes)
        let text = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        return prefix + text.replacing("=", with: "")
    }

    /// What is stored of a token with high entropy: its SHA-256 in hexadecimal digits.
    package static func hash(_ token: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = SHA256.hash(data: Data(token.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension SymmetricKey {
    /// The raw bytes of the key.
    fileprivate var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
