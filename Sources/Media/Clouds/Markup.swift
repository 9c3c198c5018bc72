/// An element of a provider's XML reply.
///
/// Replies come from servers that customers name, so this reads only what replies are made of: elements, attributes, text
/// and the five named entities. There are no declarations of types and so no entities that grow.
struct Markup: Sendable, Equatable {
    let name: String
    var attributes: [String: String] = [:]
    /// The text directly in it.
    var text = ""
    var children: [Markup] = []

    /// The first child of a name.
    subscript(_ name: String) -> Markup? { children.first { $0.name == name } }

    /// All children of a name.
    func all(_ name: String) -> [Markup] { children.filter { $0.name == name } }

    /// Reads a document's root; nil if the bytes are not one in this narrow form.
    static func read(_ bytes: some Sequence<UInt8>) -> Markup? {
        var reader = MarkupReader(bytes: Array(bytes))
        return reader.document()
    }
}

private struct MarkupReader {
    let bytes: [UInt8]
    var position = 0

    private static let deepest = 16

    mutating func document() -> Markup? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        guard skipProlog(), let root = element(depth: 0) else { return nil }
        skipBlanks()
        return position == bytes.count ? root : nil
    }

    private func has(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    private mutating func skipBlanks() {
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }

    /// Goes behind the next occurrence of a text; false if there is none.
    private mutating func skip(behind text: StaticString) -> Bool {
        while position < bytes.count {
            if has(text) {
                position += text.utf8CodeUnitCount
                return true
            }
            position += 1
        }
        return false
    }

    private mutating func skipProlog() -> Bool {
        while true {
            skipBlanks()
            if has("<?") {
                guard skip(behind: "?>") else { return false }
            } else if has("<!--") {
                guard skip(behind: "-->") else { return false }
            } else {
                return has("<") && !has("<!")
            }
        }
    }

    private mutating func name() -> String? {
        let start = position
        while position < bytes.count, Self.isNameByte(bytes[position]) { position += 1 }
        guard position > start else { return nil }
        // Prefixes of name spaces say nothing that matters here.
        return String(decoding: bytes[start..<position].split(separator: UInt8(ascii: ":")).last ?? [], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }

    private mutating func element(depth: Int) -> Markup? {
        guard depth < Self.deepest, has("<") else { return nil }
        position += 1
        guard let name = name() else { return nil }
        var element = Markup(name: name)
        while true {
            skipBlanks()
            if has("/>") {
                position += 2
                return element
            }
            if has(">") {
                position += 1
                return content(of: element, depth: depth)
            }
            guard let (name, value) = attribute() else { return nil }
            element.attributes[name] = value
        }
    }

    private mutating func attribute() -> (String, String)? {
        guard let name = name() else { return nil }
        skipBlanks()
        guard has("=") else { return nil }
        position += 1
        skipBlanks()
        guard has("\"") || has("'") else { return nil }
        let quote = bytes[position]
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != quote { position += 1 }
        guard position < bytes.count, let value = Self.plain(bytes[start..<position]) else { return nil }
        position += 1
        return (name, value)
    }

    private mutating func content(of opened: Markup, depth: Int) -> Markup? {
        var element = opened
        while position < bytes.count {
            if has("</") {
                position += 2
                guard name() == element.name else { return nil }
                skipBlanks()
                guard has(">") else { return nil }
                position += 1
                return element
            }
            if has("<![CDATA[") {
                let start = position + 9
                guard skip(behind: "]]>") else { return nil }
                element.text += String(decoding: bytes[start..<(position - 3)], as: UTF8.self)
            } else if has("<!--") {
                guard skip(behind: "-->") else { return nil }
            } else if has("<") {
                guard let child = self.element(depth: depth + 1) else { return nil }
                element.children.append(child)
            } else {
                let start = position
                while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
                guard let text = Self.plain(bytes[start..<position]) else { return nil }
                element.text += text
            }
        }
        return nil
    }

    /// Text with its entities resolved; nil if one is unknown.
    private static func plain(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
        var text = ""
        var rest = bytes
        while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
            text += String(decoding: rest[..<start], as: UTF8.self)
            guard let end = rest[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
                let scalar = scalar(String(decoding: rest[(start + 1)..<end], as: UTF8.self))
            else { return nil }
            text.unicodeScalars.append(scalar)
            rest = rest[(end + 1)...]
        }
        return text + String(decoding: rest, as: UTF8.self)
    }

    private static func scalar(_ entity: String) -> Unicode.Scalar? {
        switch entity {
        case "amp": "&"
        case "lt": "<"
        case "gt": ">"
        case "quot": "\""
        case "apos": "'"
        case let text where text.hasPrefix("#x"): UInt32(text.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        case let text where text.hasPrefix("#"): UInt32(text.dropFirst()).flatMap(Unicode.Scalar.init)
        default: nil
        }
    }
}
