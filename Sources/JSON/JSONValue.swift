/// One value of a parsed text: a position on the tape.
///
/// Valid only inside the closure of ``JSONDocument/read(_:limits:_:)-(UnsafeRawBufferPointer,_,_)`` that handed it out.
package struct JSONValue {
    let tape: UnsafePointer<Tape>
    let index: Int

    /// The kinds of JSON values; integers and other numbers are kept apart.
    package enum Kind: Sendable, Equatable {
        case object, array, string, integer, number, bool, null
    }

    @inline(__always)
    var word: UInt64 { tape.pointee.words[index] }

    @inline(__always)
    var tag: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }

    /// The tape index behind a container, as its opening word gives it.
    @inline(__always)
    var end: Int { Int(UInt32(truncatingIfNeeded: word)) }

    /// The tape index behind this value.
    @inline(__always)
    var next: Int {
        switch tag {
        case Tag.object, Tag.array: end
        case Tag.integer, Tag.unsigned, Tag.double: index + 2
        default: index + 1
        }
    }

    /// What sort of value this is.
    package var kind: Kind {
        switch tag {
        case Tag.object: .object
        case Tag.array: .array
        case Tag.string: .string
        case Tag.integer, Tag.unsigned: .integer
        case Tag.double: .number
        case Tag.true, Tag.false: .bool
        default: .null
        }
    }

    package var isObject: Bool { tag == Tag.object }
    package var isArray: Bool { tag == Tag.array }
    package var isString: Bool { tag == Tag.string }
    package var isNull: Bool { tag == Tag.null }

    /// The truth value, if this is `true` or `false`.
    package var bool: Bool? {
        switch tag {
        case Tag.true: true
        case Tag.false: false
        default: nil
        }
    }

    /// The integer, if this is one and fits into 64 signed bits.
    package var int: Int? {
        switch tag {
        case Tag.integer: Int(Int64(bitPattern: tape.pointee.words[index + 1]))
        case Tag.unsigned: Int(exactly: tape.pointee.words[index + 1])
        case Tag.double: Int(exactly: Double(bitPattern: tape.pointee.words[index + 1]))
        default: nil
        }
    }

    /// The number as a double, if this is a number of any kind.
    package var double: Double? {
        switch tag {
        case Tag.double: Double(bitPattern: tape.pointee.words[index + 1])
        case Tag.integer: Double(Int64(bitPattern: tape.pointee.words[index + 1]))
        case Tag.unsigned: Double(tape.pointee.words[index + 1])
        default: nil
        }
    }

    /// The text, if this is a string.
    package var string: String? {
        guard tag == Tag.string else { return nil }
        return String(decoding: utf8, as: UTF8.self)
    }

    /// The bytes of a string, unescaped; empty for other kinds.
    package var utf8: UnsafeBufferPointer<UInt8> {
        guard tag == Tag.string else { return UnsafeBufferPointer(start: nil, count: 0) }
        return Self.text(word, tape.pointee.strings)
    }

    @inline(__always)
    static func text(_ word: UInt64, _ strings: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let entry = strings + Int(word & 0x00FF_FFFF_FFFF_FFFF)
        let count = Int(UnsafeRawPointer(entry).loadUnaligned(as: UInt32.self))
        return UnsafeBufferPointer(start: entry + 4, count: count)
    }

    /// The member with this name, if this is an object that has it.
    package subscript(_ name: String) -> JSONValue? {
        guard tag == Tag.object else { return nil }
        var name = name
        return name.withUTF8 { bytes in
            var cursor = index + 1
            return Self.member(bytes, in: self, cursor: &cursor)
        }
    }

    /// Looks a member up, first from `cursor` on, then from the start.
    ///
    /// Readers ask for members in about the order in which clients send them, so the first try mostly hits.
    @inline(__always)
    static func member(_ name: UnsafeBufferPointer<UInt8>, in object: JSONValue, cursor: inout Int) -> JSONValue? {
        let words = object.tape.pointee.words
        let strings = object.tape.pointee.strings
        let last = object.end - 1
        let start = cursor
        var key = start
        var wrapped = false
        while true {
            if key >= last {
                if wrapped { return nil }
                wrapped = true
                key = object.index + 1
                if key >= last { return nil }
            }
            if wrapped && key >= start { return nil }
            let candidate = text(words[key], strings)
            let value = JSONValue(tape: object.tape, index: key + 1)
            if candidate.count == name.count, equal(candidate, name) {
                cursor = value.next
                return value
            }
            key = value.next
        }
    }

    @inline(__always)
    private static func equal(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let left = a.baseAddress, let right = b.baseAddress else { return a.count == b.count }
        for at in 0..<a.count where left[at] != right[at] { return false }
        return true
    }

    /// The members of an object, in the order sent; nothing for other kinds.
    package var members: Members { Members(self) }

    /// The elements of an array; nothing for other kinds.
    package var elements: Elements { Elements(self) }

    /// How many members or elements there are (counted, so linear).
    package var count: Int {
        switch tag {
        case Tag.object: members.reduce(0) { count, _ in count + 1 }
        case Tag.array: elements.reduce(0) { count, _ in count + 1 }
        default: 0
        }
    }

    /// The source text of this value, exactly as it came.
    package var raw: UnsafeRawBufferPointer {
        let start = Int(tape.pointee.offsets[index])
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(tape.pointee.source)[start..<sourceEnd])
    }

    /// The source text of this value, exactly as it came.
    package var rawText: String { String(decoding: raw, as: UTF8.self) }

    private var sourceEnd: Int {
        let source = tape.pointee.source
        let start = Int(tape.pointee.offsets[index])
        switch tag {
        case Tag.object, Tag.array:
            return Int(tape.pointee.offsets[end - 1]) + 1
        case Tag.string:
            var at = start + 1
            while source[at] != UInt8(ascii: "\"") { at += source[at] == UInt8(ascii: "\\") ? 2 : 1 }
            return at + 1
        default:
            var at = start
            let count = tape.pointee.source.count
            while at < count, !Self.endsScalar(source[at]) { at += 1 }
            return at
        }
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
    }
}

/// The kinds of words on simdjson's tape.
enum Tag {
    static let object = UInt8(ascii: "{")
    static let array = UInt8(ascii: "[")
    static let string = UInt8(ascii: "\"")
    static let integer = UInt8(ascii: "l")
    static let unsigned = UInt8(ascii: "u")
    static let double = UInt8(ascii: "d")
    static let `true` = UInt8(ascii: "t")
    static let `false` = UInt8(ascii: "f")
    static let null = UInt8(ascii: "n")
}

extension JSONValue {
    /// One member of an object.
    package struct Member {
        let keyIndex: Int
        /// What stands behind the colon.
        package let value: JSONValue

        /// The name as a string.
        package var name: String { String(decoding: nameUTF8, as: UTF8.self) }

        /// The bytes of the name, unescaped.
        package var nameUTF8: UnsafeBufferPointer<UInt8> {
            JSONValue.text(value.tape.pointee.words[keyIndex], value.tape.pointee.strings)
        }
    }

    /// The members of an object in the order sent.
    package struct Members: Sequence, IteratorProtocol {
        private let object: JSONValue
        private var at: Int
        private let last: Int

        init(_ object: JSONValue) {
            self.object = object
            at = object.index + 1
            last = object.isObject ? object.end - 1 : 0
        }

        package mutating func next() -> Member? {
            guard at < last else { return nil }
            let value = JSONValue(tape: object.tape, index: at + 1)
            defer { at = value.next }
            return Member(keyIndex: at, value: value)
        }
    }

    /// The elements of an array.
    package struct Elements: Sequence, IteratorProtocol {
        private let array: JSONValue
        private var at: Int
        private let last: Int

        init(_ array: JSONValue) {
            self.array = array
            at = array.index + 1
            last = array.isArray ? array.end - 1 : 0
        }

        package mutating func next() -> JSONValue? {
            guard at < last else { return nil }
            let value = JSONValue(tape: array.tape, index: at)
            at = value.next
            return value
        }
    }

    /// Where this value stands below the root, such as `geometries.box.objects_to_annotate[1]`; empty for the root.
    ///
    /// Found by searching down from the root, so that reading pays nothing for paths that no issue needs.
    package var path: String {
        var path = JSONPath()
        var container = JSONValue(tape: tape, index: 1)
        while container.index != index {
            if container.isObject {
                guard let member = container.members.first(where: { index < $0.value.next }) else { break }
                path.append(key: member.name)
                if index <= member.keyIndex { break }
                container = member.value
            } else if container.isArray {
                guard let (at, element) = container.elements.enumerated().first(where: { index < $0.element.next })
                else { break }
                path.append(index: at)
                container = element
            } else {
                break
            }
        }
        return path.text
    }
}

/// A path in the notation of our messages: members with dots, elements with brackets.
package struct JSONPath: Sendable, Equatable {
    package private(set) var text: String

    package init(_ text: String = "") {
        self.text = text
    }

    /// Goes to a member; names that are not plain words are quoted in brackets.
    package mutating func append(key: String) {
        let plain = key.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
        if plain && !key.isEmpty {
            text += text.isEmpty ? key : "." + key
        } else {
            text += "[" + JSONWriter.quoted(key.count > 60 ? String(key.prefix(60)) + "…" : key) + "]"
        }
    }

    /// Goes to an element.
    package mutating func append(index: Int) {
        text += "[\(index)]"
    }
}

extension JSONValue {
    /// Whether two values mean the same, whatever the order of members and the spelling of numbers and strings.
    package func isEqual(to other: JSONValue) -> Bool {
        switch (kind, other.kind) {
        case (.object, .object):
            guard count == other.count else { return false }
            return members.allSatisfy { member in other[member.name].map { member.value.isEqual(to: $0) } ?? false }
        case (.array, .array):
            guard count == other.count else { return false }
            return zip(elements, other.elements).allSatisfy { $0.isEqual(to: $1) }
        case (.string, .string): return utf8.elementsEqual(other.utf8)
        case (.integer, .integer): return tape.pointee.words[index + 1] == other.tape.pointee.words[other.index + 1]
        case (.number, .number), (.number, .integer), (.integer, .number): return double == other.double
        case (.bool, .bool): return bool == other.bool
        case (.null, .null): return true
        default: return false
        }
    }
}
