/// Looks members up by name and remembers where it was.
///
/// Readers ask for members in about the order in which clients send them, so the first try mostly hits.
struct MemberCursor {
    /// The tape index of the key to look at first.
    private var key: Int
    /// How many members stand before it.
    private var position = 0
    /// One bit for each of the first 64 members that was found.
    private(set) var found: UInt64 = 0

    init(_ object: JSONValue) {
        key = object.index + 1
    }

    /// The member of this name in `object`, searched from the last one found on and then from the start.
    mutating func find(_ name: UnsafeBufferPointer<UInt8>, in object: JSONValue) -> JSONValue? {
        let words = object.tape.pointee.words
        let strings = object.tape.pointee.strings
        let first = object.index + 1
        var key = key
        var position = position
        var stop = object.end - 1
        var isSecondRun = false
        while true {
            if key == stop {
                guard !isSecondRun, self.key > first else { return nil }
                isSecondRun = true
                stop = self.key
                key = first
                position = 0
            }
            let value = JSONValue(tape: object.tape, index: key + 1)
            if Self.equal(strings + Int(words[key] & 0x00FF_FFFF_FFFF_FFFF), name) {
                if position < 64 { found |= 1 << UInt64(position) }
                self.key = value.next
                self.position = position + 1
                return value
            }
            key = value.next
            position += 1
        }
    }

    /// Whether an entry of the string buffer, which begins with its length, says `name`.
    @inline(__always)
    private static func equal(_ entry: UnsafePointer<UInt8>, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = name.count
        guard Int(UnsafeRawPointer(entry).loadUnaligned(as: UInt32.self)) == count else { return false }
        guard let right = UnsafeRawPointer(name.baseAddress) else { return true }
        let left = UnsafeRawPointer(entry + 4)
        // Words that may overlap instead of single bytes.
        if count >= 8 {
            for at in stride(from: 0, to: count - 8, by: 8) where !same(UInt64.self, left, right, at) { return false }
            return same(UInt64.self, left, right, count - 8)
        }
        if count >= 4 { return same(UInt32.self, left, right, 0) && same(UInt32.self, left, right, count - 4) }
        for at in 0..<count where !same(UInt8.self, left, right, at) { return false }
        return true
    }

    @inline(__always)
    private static func same<Word: FixedWidthInteger & BitwiseCopyable>(
        _: Word.Type, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ at: Int
    ) -> Bool {
        left.loadUnaligned(fromByteOffset: at, as: Word.self) == right.loadUnaligned(fromByteOffset: at, as: Word.self)
    }
}

extension JSONValue {
    /// One member of an object.
    @usableFromInline
    package struct Member {
        @usableFromInline let keyIndex: Int
        /// What stands behind the colon.
        @usableFromInline package let value: JSONValue

        @inlinable
        init(keyIndex: Int, value: JSONValue) {
            self.keyIndex = keyIndex
            self.value = value
        }

        /// The name as a string.
        @usableFromInline
        package var name: String { String(decoding: nameUTF8, as: UTF8.self) }

        /// The bytes of the name, unescaped.
        package var nameUTF8: UnsafeBufferPointer<UInt8> {
            JSONValue.text(value.tape.pointee.words[keyIndex], value.tape.pointee.strings)
        }
    }

    /// The members of an object in the order sent.
    @usableFromInline
    package struct Members: Sequence, IteratorProtocol {
        @usableFromInline let object: JSONValue
        @usableFromInline var at: Int
        @usableFromInline let last: Int

        @inlinable
        init(_ object: JSONValue) {
            self.object = object
            at = object.index + 1
            last = object.isObject ? object.end - 1 : 0
        }

        @inlinable
        package mutating func next() -> Member? {
            guard at < last else { return nil }
            let value = JSONValue(tape: object.tape, index: at + 1)
            defer { at = value.next }
            return Member(keyIndex: at, value: value)
        }
    }

    /// The elements of an array.
    @usableFromInline
    package struct Elements: Sequence, IteratorProtocol {
        @usableFromInline let array: JSONValue
        @usableFromInline var at: Int
        @usableFromInline let last: Int

        @inlinable
        init(_ array: JSONValue) {
            self.array = array
            at = array.index + 1
            last = array.isArray ? array.end - 1 : 0
        }

        @inlinable
        package mutating func next() -> JSONValue? {
            guard at < last else { return nil }
            let value = JSONValue(tape: array.tape, index: at)
            at = value.next
            return value
        }
    }
}
