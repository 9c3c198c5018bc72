/// Why a text cannot be read as JSON at all.
package struct JSONFault: Error, Equatable, Sendable {
    /// The path of the offending value, as far as it is known.
    package var path: String
    /// One sentence that names the place and the remedy.
    package var message: String

    package init(path: String = "", message: String) {
        self.path = path
        self.message = message
    }

    static func duplicateKey(at key: JSONValue) -> JSONFault {
        let path = key.path
        return JSONFault(path: path, message: "`\(path)` stands twice in the same object; send each member once.")
    }
}

/// Finds out in words what is wrong with a text that simdjson refused.
///
/// Slow and careful: it runs only for refused texts, which simdjson reports without a place.
struct JSONFaultFinder {
    private let bytes: UnsafeRawBufferPointer
    private let maximumDepth: Int
    private var at = 0
    private var path: [Step] = []

    private enum Step {
        case key(String)
        case index(Int)
    }

    static func find(in bytes: UnsafeRawBufferPointer, maximumDepth: Int) -> JSONFault {
        var finder = JSONFaultFinder(bytes: bytes, maximumDepth: maximumDepth)
        do throws(JSONFault) {
            try finder.value(depth: 1)
            finder.space()
            if finder.at < bytes.count { throw finder.fault("has text after the end of the value") }
            return JSONFault(message: "The body is not valid JSON.")
        } catch {
            return error
        }
    }

    private init(bytes: UnsafeRawBufferPointer, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    private var here: String {
        var text = JSONPath()
        for step in path {
            switch step {
            case .key(let key): text.append(key: key)
            case .index(let index): text.append(index: index)
            }
        }
        return text.text
    }

    private func fault(_ what: String) -> JSONFault {
        let before = bytes.prefix(at)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = at - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
        let path = here
        let place = path.isEmpty ? "" : " in `\(path)`"
        return JSONFault(
            path: path, message: "The body is not valid JSON: it \(what) at line \(line), column \(column)\(place).")
    }

    private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func space() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func value(depth: Int) throws(JSONFault) {
        space()
        switch byte {
        case nil: throw fault("ends too early")
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    private func checkDepth(_ depth: Int) throws(JSONFault) {
        // simdjson counts one level more than there are brackets.
        guard depth < maximumDepth else {
            throw JSONFault(path: here, message: "The body is nested deeper than \(maximumDepth - 1) levels.")
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) {
        try checkDepth(depth)
        at += 1
        space()
        if byte == UInt8(ascii: "}") { at += 1; return }
        while true {
            space()
            guard byte == UInt8(ascii: "\"") else { throw fault("lacks a quoted member name") }
            path.append(.key(try string()))
            space()
            guard byte == UInt8(ascii: ":") else { throw fault("lacks a colon") }
            at += 1
            try value(depth: depth + 1)
            space()
            path.removeLast()
            if byte == UInt8(ascii: "}") { at += 1; return }
            guard byte == UInt8(ascii: ",") else { throw fault("lacks a comma or a closing brace") }
            at += 1
        }
    }

    private mutating func array(depth: Int) throws(JSONFault) {
        try checkDepth(depth)
        at += 1
        space()
        if byte == UInt8(ascii: "]") { at += 1; return }
        var index = 0
        while true {
            path.append(.index(index))
            try value(depth: depth + 1)
            space()
            path.removeLast()
            if byte == UInt8(ascii: "]") { at += 1; return }
            guard byte == UInt8(ascii: ",") else { throw fault("lacks a comma or a closing bracket") }
            at += 1
            index += 1
        }
    }

    private mutating func string() throws(JSONFault) -> String {
        let start = at + 1
        at += 1
        while let byte {
            if byte == UInt8(ascii: "\"") {
                at += 1
                guard let text = String(validating: bytes[start..<(at - 1)], as: UTF8.self) else {
                    throw fault("has bytes that are not UTF-8")
                }
                return text
            }
            if byte < 0x20 { throw fault("has an unescaped control character in a string") }
            at += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        at = bytes.count
        throw fault("ends inside a string")
    }

    private mutating func word(_ expected: StaticString) throws(JSONFault) {
        let matches = expected.withUTF8Buffer { bytes[at...].starts(with: $0) }
        guard matches else { throw fault("has an unknown word") }
        at += expected.utf8CodeUnitCount
    }

    private mutating func number() throws(JSONFault) {
        let start = at
        while let byte, "+-.eE0123456789".utf8.contains(byte) { at += 1 }
        guard at > start else { throw fault("has an unexpected character") }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        let path = here
        let isInteger = text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
        if isInteger, Int64(text) == nil, UInt64(text) == nil, Double(text) != nil {
            throw JSONFault(path: path, message: "`\(path)` is an integer beyond 64 bits; send it as a string.")
        }
        guard let value = Double(text) else { throw fault("has a malformed number") }
        guard value.isFinite else {
            throw JSONFault(path: path, message: "`\(path)` is a number too large to represent.")
        }
    }
}
