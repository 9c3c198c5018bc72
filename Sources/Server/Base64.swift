import Foundation

/// Base64 as HTTP Basic sends it.
enum Base64 {
    /// The bytes of a text, with or without padding; nil if it is not base64.
    static func decode(_ text: String) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text + padding).map { [UInt8]($0) }
    }
}
