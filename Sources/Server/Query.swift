package import JSON
import Work

/// The parameters behind the question mark, decoded, in the order sent.
package struct Query: Sendable {
    private let pairs: [(name: String, value: String)]

    /// Splits and decodes; `+` is a space, names without a value or with an empty one count as absent.
    package init(_ text: String?) {
        guard let text, !text.isEmpty else {
            pairs = []
            return
        }
        pairs = text.split(separator: "&").prefix(1000).compactMap { pair in
            guard let equals = pair.firstIndex(of: "=") else { return nil }
            let value = Self.decode(pair[pair.index(after: equals)...], plusIsSpace: true)
            return value.isEmpty ? nil : (Self.decode(pair[..<equals], plusIsSpace: true), value)
        }
    }

    /// The last value of a name.
    subscript(_ name: String) -> String? { pairs.last { $0.name == name }?.value }

    /// All values of a name.
    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// Decodes percent escapes; malformed ones stay as they are.
    static func decode(_ text: Substring, plusIsSpace: Bool = false) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(text)
        }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = hex(rest.first), let low = hex(rest.dropFirst().first) {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else if plusIsSpace && byte == UInt8(ascii: "+") {
                bytes.append(0x20)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case let digit? where (0x30...0x39).contains(digit): digit - 0x30
        case let letter? where (0x41...0x46).contains(letter): letter - 0x37
        case let letter? where (0x61...0x66).contains(letter): letter - 0x57
        default: nil
        }
    }
}

/// A declared query parameter, as the contract prints it.
package protocol QueryDeclaration: Sendable {
    var name: String { get }
    var shape: Shape { get }
    var note: String { get }
    var isRequired: Bool { get }
}

/// A declared query parameter and how it is read.
package struct QueryField<Value: Sendable>: QueryDeclaration {
    package let name: String
    package let shape: Shape
    package let note: String
    package var isRequired = false
    private let parse: @Sendable ([String]) -> Value?
    private let complaint: String

    fileprivate init(
        _ name: String, _ shape: Shape, _ note: String, _ complaint: String,
        parse: @escaping @Sendable ([String]) -> Value?
    ) {
        self.name = name
        self.shape = shape
        self.note = note
        self.complaint = complaint
        self.parse = parse
    }

    /// The value; nil if it is absent.
    ///
    /// - Throws: `Issues` that name the parameter if its value cannot be used.
    func read(_ query: Query) throws -> Value? { try read(query.all(name), saidOf: "`\(name)`") }

    /// The value that texts stand for; nil if there are none.
    ///
    /// `subject`: how a complaint begins.
    func read(_ values: [String], saidOf subject: String) throws -> Value? {
        guard !values.isEmpty else { return nil }
        guard let value = parse(values) else { throw Issues(name, "\(subject) \(complaint).") }
        return value
    }
}

extension QueryField where Value == String {
    static func text(_ name: String, _ note: String, length: ClosedRange<Int> = 0...1000) -> QueryField {
        QueryField(name, .string(length: length, format: nil), note, "is too long") { values in
            values.last.flatMap { $0.unicodeScalars.count <= length.upperBound ? $0 : nil }
        }
    }

    /// A parameter without which there is nothing to answer.
    static func required(_ name: String, _ note: String, length: ClosedRange<Int> = 0...64) -> QueryField {
        var field = text(name, note, length: length)
        field.isRequired = true
        return field
    }

    static func oneOf(_ name: String, _ words: [String], _ note: String) -> QueryField {
        QueryField(name, .enumeration(words), note, "must be one of \(words.joined(separator: ", "))") { values in
            values.last.flatMap { words.contains($0) ? $0 : nil }
        }
    }
}

extension QueryField where Value == [String] {
    /// A parameter that may stand several times.
    static func list(_ name: String, _ note: String, atMost most: Int = 100) -> QueryField {
        QueryField(
            name, .array(of: .string(length: 0...1000, format: nil), count: 0...most), note,
            "may be given at most \(most) times, with at most 1000 characters each"
        ) { values in
            values.count <= most && values.allSatisfy { $0.unicodeScalars.count <= 1000 } ? values : nil
        }
    }

    /// Words of a fixed set, several times or separated by commas.
    static func words(_ name: String, _ words: [String], _ note: String) -> QueryField {
        QueryField(
            name, .array(of: .enumeration(words), count: 0...100), note,
            "must be made of \(words.joined(separator: ", "))"
        ) { values in
            let parts = values.flatMap { $0.split(separator: ",").map(String.init) }
            return parts.allSatisfy(words.contains) ? parts : nil
        }
    }
}

extension QueryField where Value == Bool {
    /// A truth value in any letter case, as the published clients send it.
    static func flag(_ name: String, _ note: String) -> QueryField {
        QueryField(name, .bool, note, "must be true or false") { values in
            switch values.last?.lowercased() {
            case "true", "1": true
            case "false", "0": false
            default: nil
            }
        }
    }
}

extension QueryField where Value == Int {
    static func integer(_ name: String, _ range: ClosedRange<Int>, _ note: String) -> QueryField {
        let complaint =
            range.upperBound == .max
            ? "must be an integer of at least \(range.lowerBound)"
            : "must be an integer between \(range.lowerBound) and \(range.upperBound)"
        return QueryField(name, .integer(range), note, complaint) { values in
            values.last.flatMap { Int($0) }.flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension QueryField where Value == Int64 {
    /// A number of bytes, in digits alone.
    static func count(_ name: String, _ note: String) -> QueryField {
        QueryField(name, .integer(0...Int.max), note, "must be a number of bytes") { values in
            values.last.flatMap { text in
                text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
            }
        }
    }
}

extension QueryField where Value == TimeBound {
    static func time(_ name: String, _ note: String) -> QueryField {
        QueryField(
            name, .string(length: 0...64, format: nil), note + " ISO 8601; without an offset it is read as UTC.",
            "must be an ISO 8601 time such as 2024-01-31 or 2024-01-31T12:00:00Z"
        ) { $0.last.flatMap { TimeBound($0) } }
    }

    /// The end of a range, where a day alone means all of it.
    static func lastTime(_ name: String, _ note: String) -> QueryField {
        QueryField(
            name, .string(length: 0...64, format: nil),
            note + " ISO 8601; a day alone means all of it, and without an offset it is read as UTC.",
            "must be an ISO 8601 time such as 2024-01-31 or 2024-01-31T12:00:00Z"
        ) { $0.last.flatMap { TimeBound(lastOf: $0) } }
    }
}
