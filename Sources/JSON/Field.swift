/// The name of a member, with its bytes at hand for look-ups.
@usableFromInline
package struct FieldName: Sendable, ExpressibleByStringLiteral {
    private let literal: StaticString

    @usableFromInline
    package init(stringLiteral value: StaticString) {
        literal = value
    }

    /// The name as a string.
    package var text: String { literal.description }

    @inline(__always)
    func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        body(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }
}

/// A declared member: what reading asks for and what the contract prints.
@usableFromInline
package protocol FieldDeclaration: Sendable {
    var name: FieldName { get }
    var shape: Shape { get }
    var note: String { get }
    var isRequired: Bool { get }
    /// The default as JSON text, if there is one to print.
    var defaultText: String? { get }
}

/// A member that must be there.
@usableFromInline
package struct RequiredField<Value: Sendable>: FieldDeclaration {
    @usableFromInline package let name: FieldName
    @usableFromInline let schema: Schema<Value>
    @usableFromInline package let note: String
    /// The literal message for its absence, where clients know one.
    @usableFromInline let missing: String?

    package init(_ name: FieldName, _ schema: Schema<Value>, _ note: String, missing: String? = nil) {
        self.name = name
        self.schema = schema
        self.note = note
        self.missing = missing
    }

    @usableFromInline
    package var shape: Shape { schema.shape }
    @usableFromInline
    package var isRequired: Bool { true }
    @usableFromInline
    package var defaultText: String? { nil }
}

/// A member with a default.
@usableFromInline
package struct Field<Value: Sendable>: FieldDeclaration {
    @usableFromInline package let name: FieldName
    @usableFromInline let schema: Schema<Value>
    @usableFromInline package let note: String
    /// What an absent or null member means.
    @usableFromInline package let absent: Value
    @usableFromInline package let defaultText: String?

    /// Declares a member with a default, which the contract shows as the JSON text `defaultText` or not at all.
    package init(
        _ name: FieldName, _ schema: Schema<Value>, default absent: Value, shownAs defaultText: String? = nil,
        _ note: String
    ) {
        self.name = name
        self.schema = schema
        self.note = note
        self.absent = absent
        self.defaultText = defaultText
    }

    @usableFromInline
    package var shape: Shape { schema.shape }
    @usableFromInline
    package var isRequired: Bool { false }
}

/// A member that may be absent without a stand-in.
@usableFromInline
package struct OptionalField<Value: Sendable>: FieldDeclaration {
    @usableFromInline package let name: FieldName
    @usableFromInline let schema: Schema<Value>
    @usableFromInline package let note: String

    package init(_ name: FieldName, _ schema: Schema<Value>, _ note: String) {
        self.name = name
        self.schema = schema
        self.note = note
    }

    @usableFromInline
    package var shape: Shape { schema.shape }
    @usableFromInline
    package var isRequired: Bool { false }
    @usableFromInline
    package var defaultText: String? { nil }
}
