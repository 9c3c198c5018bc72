import Crypto
import Foundation
import Storage

/// Keeps secrets that must be readable again, such as those of one-time codes, from whoever has only the database.
///
/// The key stands in a file outside the database. AES-GCM binds each text to its purpose, so that a sealed text cannot be
/// put in another's place.
package struct Sealer: Sendable {
    private let key: SymmetricKey

    package enum Failure: Error, Sendable, CustomStringConvertible {
        case keyFile(path: String, reason: String)
        /// The text was sealed with another key, for another purpose, or not at all.
        case unreadable

        package var description: String {
            switch self {
            case .keyFile(let path, let reason): "The key file \(path) cannot be used: \(reason)."
            case .unreadable:
                "A sealed secret cannot be opened with this key file: put the key file of the server whose data this is in its place."
            }
        }
    }

    /// Reads the key of a file, and makes both where there is none.
    ///
    /// - Throws: `Failure` if the file cannot be read or made, or holds no key.
    package init(keyFile path: String) throws {
        if !FileManager.default.fileExists(atPath: path) { try Self.makeKey(at: path) }
        guard let text = FileManager.default.contents(atPath: path) else {
            throw Failure.keyFile(path: path, reason: "it cannot be read")
        }
        let trimmed = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let bytes = Data(base64Encoded: trimmed), bytes.count == 32 else {
            throw Failure.keyFile(path: path, reason: "it must hold 32 bytes in base64")
        }
        key = SymmetricKey(data: bytes)
    }

    /// Writes a new key aside and links it into place, so that of several processes that start at once one wins whole.
    private static func makeKey(at path: String) throws {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let passing = path + "." + UUID().uuidString
        let made = FileManager.default.createFile(
            atPath: passing, contents: Data((bytes.base64EncodedString() + "\n").utf8),
            attributes: [.posixPermissions: 0o600])
        guard made else { throw Failure.keyFile(path: path, reason: "it cannot be made") }
        defer { unlink(passing) }
        guard link(passing, path) == 0 || errno == EEXIST else {
            throw Failure.keyFile(path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// Seals a text for a purpose, such as `totp:` and a person's id.
    package func seal(_ text: String, for purpose: String) throws -> String {
        let box = try AES.GCM.seal(Data(text.utf8), using: key, authenticating: Data(purpose.utf8))
        guard let combined = box.combined else { throw Failure.unreadable }
        return combined.base64EncodedString()
    }

    /// Opens what was sealed for the same purpose.
    ///
    /// - Throws: `Failure.unreadable`.
    package func open(_ sealed: String, for purpose: String) throws -> String {
        do {
            guard let combined = Data(base64Encoded: sealed) else { throw Failure.unreadable }
            let text = try AES.GCM.open(
                try AES.GCM.SealedBox(combined: combined), using: key, authenticating: Data(purpose.utf8))
            return String(decoding: text, as: UTF8.self)
        } catch {
            throw Failure.unreadable
        }
    }

    /// A hash that cannot be made without the key, for short secrets that need not be read again.
    package func tag(_ text: String, for purpose: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data((purpose + "\u{0}" + text).utf8), using: key)
        return Data(code).base64EncodedString()
    }
}
