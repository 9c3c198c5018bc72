/// The name of a member, with its bytes at hand for look-ups.
package struct FieldName: Sendable, ExpressibleByStringLiteral {
    private let literal: StaticString

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
package protocol FieldDeclaration: Sendable {
    var name: FieldName { get }
    var shape: Shape { get }
    var note: String { get }
    var isRequired: Bool { get }
    /// The default as JSON text, if there is one to print.
    var defaultText: String? { get }
}

/// A member that must be there.
package struct RequiredField<Value: Sendable>: FieldDeclaration {
    package let name: FieldName
    let schema: Schema<Value>
    package let note: String
    /// The literal message for its absence, where clients know one.
    let missing: String?

    package init(_ name: FieldName, _ schema: Schema<Value>, _ note: String, missing: String? = nil) {
        self.name = name
        self.schema = schema
        self.note = note
        self.missing = missing
    }

    package var shape: Shape { schema.shape }
    package var isRequired: Bool { true }
    package var defaultText: String? { nil }
}

/// A member with a default.
package struct Field<Value: Sendable>: FieldDeclaration {
    package let name: FieldName
    let schema: Schema<Value>
    package let note: String
    /// What an absent or null member means.
    package let absent: Value
    package let defaultText: String?

    /// Declares a member with a default.
    ///
    /// - Parameter defaultText: The default in JSON, for the contract; nil prints none.
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

    package var shape: Shape { schema.shape }
    package var isRequired: Bool { false }
}

/// A member that may be absent without a stand-in.
package struct OptionalField<Value: Sendable>: FieldDeclaration {
    package let name: FieldName
    let schema: Schema<Value>
    package let note: String

    package init(_ name: FieldName, _ schema: Schema<Value>, _ note: String) {
        self.name = name
        self.schema = schema
        self.note = note
    }

    package var shape: Shape { schema.shape }
    package var isRequired: Bool { false }
    package var defaultText: String? { nil }
}
