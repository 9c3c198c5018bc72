import Crypto
import Foundation

/// The form in which things are hashed: each member with its length before it, or `-` for none, so that no two lists of
/// members read alike.
package struct CanonicalForm {
    private var hasher = SHA256()

    /// An empty list.
    package init() {}

    /// Appends a member.
    package mutating func add(_ member: String?) {
        let text = member.map { "\($0.utf8.count):\($0)" } ?? "-"
        hasher.update(data: Data(text.utf8))
    }

    /// SHA-256 of the list, in hex.
    package func hash() -> String { hasher.finalize().hex }

    /// SHA-256 of a list of members, in hex.
    package static func hash(_ members: [String?]) -> String {
        var form = CanonicalForm()
        for member in members { form.add(member) }
        return form.hash()
    }

    /// SHA-256 of a text by itself, in hex.
    package static func digest(_ text: String) -> String { SHA256.hash(data: Data(text.utf8)).hex }
}

extension Value {
    /// Texts of more bytes stand in the log by their hash, so that what proves a long answer stays short.
    private static let longest = 200

    /// The value as it is hashed; nil for NULL.
    ///
    /// `integer:5`, `number:0.5`, `text:as it is`, or `sha256:` with the hash and the number of bytes of a long text. Numbers
    /// are written as Swift prints them, the fewest digits that read back as the same number.
    var canonical: String? {
        switch self {
        case .null: nil
        case .integer(let integer): "integer:\(integer)"
        case .double(let number): "number:\(number)"
        case .text(let text):
            text.utf8.count <= Self.longest
                ? "text:\(text)" : "sha256:\(CanonicalForm.digest(text)):\(text.utf8.count)"
        }
    }
}
