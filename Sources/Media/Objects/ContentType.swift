/// Tells what a file is from how it begins, since neither its name nor its sender can be believed.
package enum ContentType {
    /// As many bytes of the beginning as ``sniff(_:)`` makes use of.
    package static let prefixLength = 4096

    /// The type of bytes that tell nothing.
    package static let unknown = "application/octet-stream"

    /// Returns the media type of a file that begins with these bytes, `nil` if they tell nothing.
    ///
    /// Signatures come first, then texts: HTML and JSON by their first characters, other valid UTF-8 as plain text.
    package static func sniff(_ prefix: some Collection<UInt8>) -> String? {
        let head = Array(prefix.prefix(prefixLength))
        return signature(head) ?? isoMedia(head) ?? text(head)
    }

    private static func signature(_ head: [UInt8]) -> String? {
        for (type, parts) in signatures where parts.allSatisfy({ head.holds($0.bytes, at: $0.offset) }) {
            return type
        }
        if head.holds([0x1A, 0x45, 0xDF, 0xA3], at: 0) {
            // Matroska's header names the kind within its first bytes.
            return head.prefix(64).contains(Array("webm".utf8)) ? "video/webm" : "video/x-matroska"
        }
        // An MPEG audio frame without tags: 11 set bits, layer III, a bit rate and a sampling rate that exist.
        if head.count >= 4, head[0] == 0xFF, head[1] & 0xE6 == 0xE2, head[2] >> 4 != 15, head[2] >> 4 != 0,
            head[2] >> 2 & 3 != 3
        {
            return "audio/mpeg"
        }
        return nil
    }

    private struct Part {
        let offset: Int
        let bytes: [UInt8]
    }

    private static let signatures: [(type: String, parts: [Part])] = [
        ("image/jpeg", [Part(offset: 0, bytes: [0xFF, 0xD8, 0xFF])]),
        ("image/png", [Part(offset: 0, bytes: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])]),
        ("image/gif", [ascii("GIF87a", at: 0)]),
        ("image/gif", [ascii("GIF89a", at: 0)]),
        ("image/webp", [ascii("RIFF", at: 0), ascii("WEBP", at: 8)]),
        ("audio/wav", [ascii("RIFF", at: 0), ascii("WAVE", at: 8)]),
        ("video/x-msvideo", [ascii("RIFF", at: 0), ascii("AVI ", at: 8)]),
        ("image/tiff", [Part(offset: 0, bytes: [0x49, 0x49, 0x2A, 0x00])]),
        ("image/tiff", [Part(offset: 0, bytes: [0x4D, 0x4D, 0x00, 0x2A])]),
        ("image/tiff", [Part(offset: 0, bytes: [0x49, 0x49, 0x2B, 0x00])]),
        ("image/tiff", [Part(offset: 0, bytes: [0x4D, 0x4D, 0x00, 0x2B])]),
        ("image/bmp", [ascii("BM", at: 0), Part(offset: 6, bytes: [0, 0, 0, 0])]),
        ("application/pdf", [ascii("%PDF-", at: 0)]),
        ("audio/mpeg", [ascii("ID3", at: 0)]),
        ("audio/flac", [ascii("fLaC", at: 0)]),
        ("audio/ogg", [ascii("OggS", at: 0)]),
        ("application/gzip", [Part(offset: 0, bytes: [0x1F, 0x8B, 0x08])]),
        ("application/zip", [Part(offset: 0, bytes: [0x50, 0x4B, 0x03, 0x04])]),
    ]

    private static func ascii(_ text: String, at offset: Int) -> Part {
        Part(offset: offset, bytes: Array(text.utf8))
    }

    /// Files of the ISO base media format say in their first box which of the many kinds they are.
    private static func isoMedia(_ head: [UInt8]) -> String? {
        guard head.count >= 12, head.holds(Array("ftyp".utf8), at: 4) else { return nil }
        let size = head[..<4].reduce(0) { $0 << 8 | Int($1) }
        var brands = [head[8..<12]]
        var offset = 16
        while offset + 4 <= min(size, head.count) {
            brands.append(head[offset..<offset + 4])
            offset += 4
        }
        let names = brands.map { String(decoding: $0, as: UTF8.self) }
        if names.contains("avif") || names.contains("avis") { return "image/avif" }
        if ["heic", "heix", "heim", "heis", "hevc", "hevx"].contains(where: names.contains) { return "image/heic" }
        if names.contains("mif1") || names.contains("msf1") { return "image/heif" }
        if names[0] == "qt  " { return "video/quicktime" }
        if names[0].hasPrefix("M4A") { return "audio/mp4" }
        return "video/mp4"
    }

    private static func text(_ head: [UInt8]) -> String? {
        var characters = head[...]
        if head.holds([0xEF, 0xBB, 0xBF], at: 0) { characters = characters.dropFirst(3) }
        guard !characters.isEmpty, isText(characters) else { return nil }
        let visible = characters.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let start = String(decoding: visible.prefix(64), as: UTF8.self).lowercased()
        if ["<!doctype html", "<html", "<head", "<body", "<script", "<!--"].contains(where: start.hasPrefix) {
            return "text/html"
        }
        if start.hasPrefix("<svg") || start.hasPrefix("<?xml") {
            let all = String(decoding: visible, as: UTF8.self).lowercased()
            return all.contains("<svg") ? "image/svg+xml" : "application/xml"
        }
        return looksLikeJSON(visible) ? "application/json" : "text/plain"
    }

    /// Valid UTF-8 without control characters; a character cut off by the end of the prefix is forgiven.
    private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) || $0 == 0x1B }) else {
            return false
        }
        let cuts = bytes.endIndex == prefixLength ? 0...3 : 0...0
        return cuts.contains { cut in
            String(validating: bytes.dropLast(cut), as: UTF8.self) != nil
        }
    }

    private static func looksLikeJSON(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return false }
        let second = bytes.dropFirst().first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard let second else { return false }
        if first == UInt8(ascii: "{") { return second == UInt8(ascii: "\"") || second == UInt8(ascii: "}") }
        return Array("{[\"]-0123456789tfn".utf8).contains(second)
    }
}

extension [UInt8] {
    fileprivate func holds(_ bytes: [UInt8], at offset: Int) -> Bool {
        count >= offset + bytes.count && self[offset..<offset + bytes.count].elementsEqual(bytes)
    }
}
