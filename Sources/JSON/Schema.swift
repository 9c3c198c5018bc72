/// How one kind of value is read, checked and described: the single declaration behind parsing and documentation.
///
/// What is generic here can be inlined, so that it is specialised for the types of other modules; the rest need not.
@usableFromInline
package struct Schema<Value: Sendable>: Sendable {
    /// Reads a value, reporting what is wrong with it; nil if it cannot be used.
    @usableFromInline let read: @Sendable (JSONValue, JSONReader) -> Value?
    /// The JSON Schema of it.
    @usableFromInline package let shape: Shape

    @inlinable
    package init(_ shape: Shape, _ read: @escaping @Sendable (JSONValue, JSONReader) -> Value?) {
        self.shape = shape
        self.read = read
    }

    /// Reads a value with this schema.
    @inlinable
    package func callAsFunction(_ value: JSONValue, _ reader: JSONReader) -> Value? {
        read(value, reader)
    }

    /// The same reading with something done to the result.
    @inlinable
    package func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> Schema<Other> {
        Schema<Other>(shape) { [read] value, reader in read(value, reader).map(transform) }
    }

    /// The same reading with a further check, which reports through the reader.
    @inlinable
    package func checked(_ check: @escaping @Sendable (Value, JSONValue, JSONReader) -> Void) -> Schema<Value> {
        Schema(shape) { [read] value, reader in
            guard let result = read(value, reader) else { return nil }
            check(result, value, reader)
            return result
        }
    }
}

extension Schema where Value == String {
    /// A string; `length` counts Unicode scalars.
    package static func string(length: ClosedRange<Int> = 0...1_000_000, format: String? = nil) -> Schema {
        Schema(.string(length: length, format: format)) { value, reader in
            guard value.isString else {
                reader.report(value, "must be a string")
                return nil
            }
            let bytes = value.utf8
            if bytes.count > length.upperBound || bytes.count < length.lowerBound || length.lowerBound > 1 {
                let count = String(decoding: bytes, as: UTF8.self).unicodeScalars.count
                if count < length.lowerBound {
                    reader.report(
                        value,
                        length.lowerBound == 1
                            ? "must not be empty" : "must have at least \(length.lowerBound) characters")
                    return nil
                }
                if count > length.upperBound {
                    reader.report(value, "must have at most \(length.upperBound) characters")
                    return nil
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// One of a few words.
    package static func oneOf(_ words: [String]) -> Schema {
        Schema(.string(oneOf: words)) { [words = WordList(words.map { ($0, $0) })] value, reader in
            words.read(value, reader)
        }
    }
}

extension Schema where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the cases of an enumeration.
    @inlinable
    package static var cases: Schema {
        let words = WordList(Value.allCases.map { ($0.rawValue, $0) })
        return Schema(.string(oneOf: words.texts)) { value, reader in words.read(value, reader) }
    }
}

/// Words and what they mean, compared as bytes so that reading makes no string.
@usableFromInline struct WordList<Value: Sendable>: Sendable {
    @usableFromInline let words: [(text: String, utf8: [UInt8], value: Value)]

    @inlinable
    init(_ words: [(text: String, value: Value)]) {
        self.words = words.map { ($0.text, Array($0.text.utf8), $0.value) }
    }

    @inlinable
    var texts: [String] { words.map(\.text) }

    @inlinable
    func read(_ value: JSONValue, _ reader: JSONReader) -> Value? {
        if value.isString {
            let text = value.utf8
            for word in words where word.utf8.count == text.count && text.elementsEqual(word.utf8) {
                return word.value
            }
        }
        reader.report(value, "must be one of \(texts.joined(separator: ", "))")
        return nil
    }
}

extension Schema where Value == Bool {
    /// `true` or `false`.
    package static var bool: Schema {
        Schema(.bool) { value, reader in
            guard let truth = value.bool else {
                reader.report(value, "must be true or false")
                return nil
            }
            return truth
        }
    }
}

extension Schema where Value == Double {
    /// A finite number; a decimal string counts as one too and is stored as the number, as clients rely on.
    package static func number(_ range: NumberRange = .any) -> Schema {
        Schema(.number(range)) { value, reader in
            var number = value.double
            if number == nil, let text = value.string, let parsed = Double(text), parsed.isFinite,
                text.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) })
            {
                number = parsed
                var writer = JSONWriter(capacity: 16)
                writer.value(parsed)
                reader.replace(value, with: writer.text)
            }
            guard let number, range.contains(number) else {
                reader.report(value, "must be \(range.noun)")
                return nil
            }
            return number
        }
    }
}

extension Schema where Value == Int {
    /// An integer; a decimal string counts as one too and is stored as the number, as clients rely on.
    package static func integer(_ range: ClosedRange<Int> = Int.min...Int.max) -> Schema {
        Schema(.integer(range)) { value, reader in
            var number = value.int
            if number == nil, let text = value.string, let parsed = Int(text) {
                number = parsed
                reader.replace(value, with: String(parsed))
            }
            guard number != nil || value.kind == .integer else {
                reader.report(value, "must be an integer")
                return nil
            }
            guard let number, range.contains(number) else {
                let bounds =
                    switch (range.lowerBound, range.upperBound) {
                    case (let least, Int.max) where number != nil: "an integer of at least \(least)"
                    case (Int.min, let most) where number != nil: "an integer of at most \(most)"
                    case (let least, let most): "between \(least) and \(most)"
                    }
                reader.report(value, "must be \(bounds)")
                return nil
            }
            return number
        }
    }
}

extension Schema where Value == RawJSON {
    /// Any value at all, kept as its text.
    package static var any: Schema {
        Schema(.any) { value, _ in RawJSON(value.rawText) }
    }

    /// Any object, kept as its text of at most `bytes` bytes.
    package static func anyObject(bytes: Int = .max) -> Schema {
        Schema(.object("", fields: [], open: .any)) { value, reader in
            guard value.isObject else {
                reader.report(value, "must be an object")
                return nil
            }
            guard value.raw.count <= bytes else {
                reader.report(value, "must not be larger than \(bytes) bytes")
                return nil
            }
            return RawJSON(value.rawText)
        }
    }
}

/// JSON text that is stored and spliced as it came.
package struct RawJSON: Sendable, Equatable, Hashable {
    /// The JSON text, unchanged.
    package var text: String

    package init(_ text: String) {
        self.text = text
    }
}

extension Schema {
    /// An array whose elements all follow one schema; elements that are wrong are reported and left out.
    @inlinable
    package static func array<Element: Sendable>(
        of element: Schema<Element>, count: ClosedRange<Int> = 0...100_000
    ) -> Schema where Value == [Element] {
        Schema(.array(of: element.shape, count: count)) { value, reader in
            guard value.isArray else {
                reader.report(value, "must be an array")
                return nil
            }
            var result: [Element] = []
            result.reserveCapacity(min(value.count, count.upperBound))
            var seen = 0
            for item in value.elements {
                seen += 1
                guard seen <= count.upperBound else { continue }
                if let read = element.read(item, reader) { result.append(read) }
            }
            guard seen >= count.lowerBound else {
                reader.report(
                    value,
                    count.lowerBound == 1 ? "must not be empty" : "must have at least \(count.lowerBound) elements")
                return nil
            }
            guard seen <= count.upperBound else {
                reader.report(value, "must have at most \(count.upperBound) elements")
                return nil
            }
            return result
        }
    }

    /// An object with free names whose values all follow one schema, in the order sent.
    @inlinable
    package static func dictionary<Element: Sendable>(
        of element: Schema<Element>, count: ClosedRange<Int> = 0...10_000
    ) -> Schema where Value == [(key: String, value: Element)] {
        Schema(.object("", fields: [], open: element.shape)) { value, reader in
            guard value.isObject else {
                reader.report(value, "must be an object")
                return nil
            }
            var result: [(key: String, value: Element)] = []
            result.reserveCapacity(min(value.count, count.upperBound))
            var seen = 0
            for member in value.members {
                seen += 1
                guard seen <= count.upperBound else { continue }
                if let read = element.read(member.value, reader) { result.append((member.name, read)) }
            }
            guard count.contains(seen) else {
                reader.report(value, "must have between \(count.lowerBound) and \(count.upperBound) members")
                return nil
            }
            return result
        }
    }

    /// An object with declared fields.
    ///
    /// - Parameters:
    ///   - name: Its name in the contract; an empty one is written out where it is used.
    ///   - fields: Every member it may have.
    ///   - unknown: What to do with other members.
    ///   - read: Makes the value; it asks the reader for each field.
    /// - Returns: The schema; what `read` does not ask for is only checked for being declared.
    @inlinable
    package static func object(
        _ name: String, _ fields: [any FieldDeclaration], unknown: UnknownMembers = .refuse,
        _ read: @escaping @Sendable (inout ObjectReader) -> Value?
    ) -> Schema {
        Schema(.object(name, fields: fields, open: unknown == .refuse ? nil : .any)) { value, reader in
            guard value.isObject else {
                reader.report(value, "must be an object")
                return nil
            }
            var object = ObjectReader(value, reader)
            let result = read(&object)
            if unknown == .refuse { object.refuseUnknown(fields) }
            return result
        }
    }

    /// A schema that is looked up when it is used, for types that contain themselves.
    @inlinable
    package static func recursive(_ name: String, _ schema: @escaping @Sendable () -> Schema) -> Schema {
        Schema(.reference(name) { schema().shape }) { value, reader in schema().read(value, reader) }
    }
}

/// What happens to members that no field declares.
@usableFromInline
package enum UnknownMembers: Sendable {
    case refuse, ignore
}
