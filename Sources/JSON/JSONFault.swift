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
/// Slow and careful: it runs only for refused texts, which simdjson reports without a place. It follows the grammar of
/// RFC 8259 to the letter, so that it finds a reason for everything that simdjson refuses.
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
            try finder.document()
            return JSONFault(message: "The body is not valid JSON.")
        } catch {
            return error
        }
    }

    private init(bytes: UnsafeRawBufferPointer, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    // MARK: Sentences

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

    private func fault(value complaint: String) -> JSONFault {
        let path = here
        return JSONFault(path: path, message: (path.isEmpty ? "The body" : "`\(path)`") + " \(complaint).")
    }

    // MARK: Values

    private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func space() {
        while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func document() throws(JSONFault) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw fault("begins with a byte order mark") }
        space()
        if byte == nil { throw JSONFault(message: "The body is empty; send a JSON value.") }
        try value(depth: 1)
        space()
        if byte != nil { throw fault("has text after the end of the value") }
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
        guard depth <= maximumDepth else {
            throw JSONFault(path: here, message: "The body is nested deeper than \(maximumDepth) levels.")
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) {
        at += 1
        space()
        if byte == UInt8(ascii: "}") {
            at += 1
            return
        }
        try checkDepth(depth)
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
            if byte == UInt8(ascii: "}") {
                at += 1
                return
            }
            guard byte == UInt8(ascii: ",") else { throw fault("lacks a comma or a closing brace") }
            at += 1
        }
    }

    private mutating func array(depth: Int) throws(JSONFault) {
        at += 1
        space()
        if byte == UInt8(ascii: "]") {
            at += 1
            return
        }
        try checkDepth(depth)
        var index = 0
        while true {
            path.append(.index(index))
            try value(depth: depth + 1)
            space()
            path.removeLast()
            if byte == UInt8(ascii: "]") {
                at += 1
                return
            }
            guard byte == UInt8(ascii: ",") else { throw fault("lacks a comma or a closing bracket") }
            at += 1
            index += 1
        }
    }

    private mutating func word(_ expected: StaticString) throws(JSONFault) {
        let matches = expected.withUTF8Buffer { bytes[at...].starts(with: $0) }
        guard matches else { throw fault("has an unknown word") }
        at += expected.utf8CodeUnitCount
    }

    // MARK: Strings

    /// Reads a string; the result keeps its escapes, since it is only shown in paths.
    private mutating func string() throws(JSONFault) -> String {
        at += 1
        let start = at
        while let byte {
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: bytes[start..<at], as: UTF8.self) else {
                    throw fault("has bytes that are not UTF-8 in the string that ends")
                }
                at += 1
                return text
            case UInt8(ascii: "\\"): try escape()
            case ..<0x20: throw fault("has an unescaped control character in a string")
            default: at += 1
            }
        }
        throw fault("ends inside a string")
    }

    private mutating func escape() throws(JSONFault) {
        guard at + 1 < bytes.count else {
            at = bytes.count
            throw fault("ends inside a string")
        }
        guard bytes[at + 1] == UInt8(ascii: "u") else {
            guard "\"\\/bfnrt".utf8.contains(bytes[at + 1]) else { throw fault("has an unknown escape") }
            at += 2
            return
        }
        let unit = try codeUnit()
        switch unit {
        case 0xD800...0xDBFF:
            at += 6
            guard byte == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u"),
                (0xDC00...0xDFFF).contains(try codeUnit())
            else { throw fault("has half of a surrogate pair before what stands") }
        case 0xDC00...0xDFFF: throw fault("has half of a surrogate pair")
        default: break
        }
        at += 6
    }

    /// The number in the `\uXXXX` at hand.
    private func codeUnit() throws(JSONFault) -> UInt16 {
        var unit: UInt16 = 0
        for digit in (at + 2)..<(at + 6) {
            guard digit < bytes.count, let value = Character(Unicode.Scalar(bytes[digit])).hexDigitValue else {
                throw fault("has an escape without four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(value)
        }
        return unit
    }

    // MARK: Numbers

    private mutating func number() throws(JSONFault) {
        let start = at
        while let byte, "+-.eE0123456789".utf8.contains(byte) { at += 1 }
        let text = bytes[start..<at]
        at = start
        guard !text.isEmpty else { throw fault("has an unexpected character") }
        guard let isInteger = Self.isInteger(text) else { throw fault("has a malformed number") }
        at = text.endIndex
        let digits = String(decoding: text, as: UTF8.self)
        if isInteger, Int64(digits) == nil, UInt64(digits) == nil {
            throw fault(value: "is an integer beyond 64 bits; send it as a string")
        }
        guard let value = Double(digits), value.isFinite else {
            throw fault(value: "is a number too large to represent")
        }
    }

    /// Whether a number has neither fraction nor exponent; nil when it is malformed.
    private static func isInteger(_ text: Slice<UnsafeRawBufferPointer>) -> Bool? {
        var rest = text
        func digits() -> Int {
            let run = rest.prefix { (0x30...0x39).contains($0) }
            rest = rest[run.endIndex...]
            return run.count
        }
        func skip(_ characters: String) -> Bool {
            guard let first = rest.first, characters.utf8.contains(first) else { return false }
            rest.removeFirst()
            return true
        }
        _ = skip("-")
        let isZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !isZero || whole == 1 else { return nil }
        var isInteger = true
        if skip(".") {
            isInteger = false
            guard digits() > 0 else { return nil }
        }
        if skip("eE") {
            isInteger = false
            _ = skip("+-")
            guard digits() > 0 else { return nil }
        }
        return rest.isEmpty ? isInteger : nil
    }
}
