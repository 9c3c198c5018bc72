/// One value of a parsed text: a position on the tape.
///
/// Valid only inside the closure of ``JSONDocument/read(_:limits:_:)-(UnsafeRawBufferPointer,_,_)`` that handed it out.
@usableFromInline
package struct JSONValue {
    @usableFromInline let tape: UnsafePointer<Tape>
    @usableFromInline let index: Int

    @inlinable
    init(tape: UnsafePointer<Tape>, index: Int) {
        self.tape = tape
        self.index = index
    }

    /// The kinds of JSON values; integers and other numbers are kept apart.
    package enum Kind: Sendable, Equatable {
        case object, array, string, integer, number, bool, null
    }

    @inlinable @inline(__always)
    var word: UInt64 { tape.pointee.words[index] }

    @inlinable @inline(__always)
    var tag: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }

    /// The tape index behind a container, as its opening word gives it.
    @inlinable @inline(__always)
    var end: Int { Int(UInt32(truncatingIfNeeded: word)) }

    /// The tape index behind this value.
    @inlinable @inline(__always)
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

    /// Whether this is an object.
    @inlinable package var isObject: Bool { tag == Tag.object }
    /// Whether this is an array.
    @inlinable package var isArray: Bool { tag == Tag.array }
    /// Whether this is a string.
    @inlinable package var isString: Bool { tag == Tag.string }
    /// Whether this is `null`.
    @inlinable package var isNull: Bool { tag == Tag.null }

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
    @inline(__always)
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
    @usableFromInline @inline(__always)
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
        var cursor = MemberCursor(self)
        return name.withUTF8 { cursor.find($0, in: self) }
    }

    /// The members of an object, in the order sent; nothing for other kinds.
    @inlinable package var members: Members { Members(self) }

    /// The elements of an array; nothing for other kinds.
    @inlinable package var elements: Elements { Elements(self) }

    /// How many members or elements there are; 0 for other kinds.
    @usableFromInline
    package var count: Int {
        guard isObject || isArray else { return 0 }
        // The opening word counts them in 24 bits that stay at their maximum.
        let count = Int(word >> 32 & 0xFF_FFFF)
        guard count == 0xFF_FFFF else { return count }
        return isObject ? members.reduce(0) { count, _ in count + 1 } : elements.reduce(0) { count, _ in count + 1 }
    }

    /// The source text of this value, exactly as it came.
    package var raw: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(tape.pointee.source)[sourceRange])
    }

    /// The source text of this value, exactly as it came.
    package var rawText: String { String(decoding: raw, as: UTF8.self) }

    /// Where the source text of this value stands.
    var sourceRange: Range<Int> {
        let source = tape.pointee.source
        let start = Int(tape.pointee.offsets[index])
        var at = start
        switch tag {
        case Tag.object, Tag.array:
            at = Int(tape.pointee.offsets[end - 1])
        case Tag.string:
            at += 1
            while source[at] != UInt8(ascii: "\"") { at += source[at] == UInt8(ascii: "\\") ? 2 : 1 }
        default:
            while at + 1 < source.count, !Self.endsScalar(source[at + 1]) { at += 1 }
        }
        return start..<at + 1
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
    }
}

/// The kinds of words on simdjson's tape.
@usableFromInline enum Tag {
    @inlinable static var object: UInt8 { UInt8(ascii: "{") }
    @inlinable static var array: UInt8 { UInt8(ascii: "[") }
    @inlinable static var string: UInt8 { UInt8(ascii: "\"") }
    @inlinable static var integer: UInt8 { UInt8(ascii: "l") }
    @inlinable static var unsigned: UInt8 { UInt8(ascii: "u") }
    @inlinable static var double: UInt8 { UInt8(ascii: "d") }
    @inlinable static var `true`: UInt8 { UInt8(ascii: "t") }
    @inlinable static var `false`: UInt8 { UInt8(ascii: "f") }
    @inlinable static var null: UInt8 { UInt8(ascii: "n") }
}

extension JSONValue {
    /// Whether two values mean the same, whatever the order of members and the spelling of numbers and strings.
    ///
    /// `asDoubles`: whether integers are the same that have the same nearest double.
    package func isEqual(to other: JSONValue, asDoubles: Bool = false) -> Bool {
        switch (kind, other.kind) {
        case (.object, .object):
            guard count == other.count else { return false }
            return members.allSatisfy { member in
                other[member.name].map { member.value.isEqual(to: $0, asDoubles: asDoubles) } ?? false
            }
        case (.array, .array):
            guard count == other.count else { return false }
            return zip(elements, other.elements).allSatisfy { $0.isEqual(to: $1, asDoubles: asDoubles) }
        case (.string, .string): return utf8.elementsEqual(other.utf8)
        case (.integer, .integer) where !asDoubles:
            return tape.pointee.words[index + 1] == other.tape.pointee.words[other.index + 1]
        case (.integer, .integer), (.number, .number), (.number, .integer), (.integer, .number):
            return double == other.double
        case (.bool, .bool): return bool == other.bool
        case (.null, .null): return true
        default: return false
        }
    }
}
