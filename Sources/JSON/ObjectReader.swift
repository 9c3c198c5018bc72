/// An object being read: hands out the values of declared fields and remembers which members were asked for.
@usableFromInline
package struct ObjectReader {
    /// The object itself.
    @usableFromInline package let object: JSONValue
    /// Where issues go.
    @usableFromInline package let reader: JSONReader
    private var cursor: MemberCursor

    @usableFromInline
    package init(_ object: JSONValue, _ reader: JSONReader) {
        self.object = object
        self.reader = reader
        cursor = MemberCursor(object)
    }

    /// The value of an optional field; nil when it is absent, null or wrong (then reported).
    @inlinable
    package mutating func callAsFunction<Value>(_ field: OptionalField<Value>) -> Value? {
        guard let value = member(field.name), !value.isNull else { return nil }
        return field.schema.read(value, reader)
    }

    /// The value of a field with a default, which also stands in for a wrong value (then reported).
    @inlinable
    package mutating func callAsFunction<Value>(_ field: Field<Value>) -> Value {
        guard let value = member(field.name), !value.isNull else { return field.absent }
        return field.schema.read(value, reader) ?? field.absent
    }

    /// The value of a required field; nil when it is absent or wrong, in any case reported.
    @inlinable
    package mutating func callAsFunction<Value>(_ field: RequiredField<Value>) -> Value? {
        guard let value = member(field.name), !value.isNull else {
            reportMissing(field.name, field.missing)
            return nil
        }
        return field.schema.read(value, reader)
    }

    /// The raw member of this name, counted as known.
    @usableFromInline
    package mutating func member(_ name: FieldName) -> JSONValue? {
        name.withUTF8 { cursor.find($0, in: object) }
    }

    @usableFromInline
    func reportMissing(_ name: FieldName, _ message: String?) {
        guard let message else { return reader.report(object, member: name.text, "is required") }
        var path = JSONPath(object.path)
        path.append(key: name.text)
        reader.add(Issue(path: path.text, message: message))
    }

    /// Reports members that are not among `fields`, when there are any.
    @usableFromInline
    func refuseUnknown(_ fields: [any FieldDeclaration]) {
        // When every member was asked for, there is nothing to compare.
        guard cursor.found.nonzeroBitCount != object.count else { return }
        for member in object.members {
            let name = member.name
            guard !fields.contains(where: { $0.name.text == name }) else { continue }
            reader.report(unknown: name, of: object)
        }
    }
}
