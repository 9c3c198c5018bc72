package import JSON

/// JSON compared by what it means: members in any order, numbers by value.
package indirect enum AnyJSON: Hashable, Sendable, CustomStringConvertible {
    case object([String: AnyJSON])
    case array([AnyJSON])
    case string(String)
    case number(Double)
    case bool(Bool)
    case null

    /// Copies a value out of its text.
    package init(_ value: JSONValue) {
        switch value.kind {
        case .object:
            self = .object(Dictionary(value.members.map { ($0.name, AnyJSON($0.value)) }) { _, last in last })
        case .array: self = .array(value.elements.map { AnyJSON($0) })
        case .string: self = .string(value.string ?? "")
        // The last bits of computed corners may differ between C libraries.
        case .integer, .number: self = .number(((value.double ?? 0) * 1e9).rounded() / 1e9)
        case .bool: self = .bool(value.bool ?? false)
        case .null: self = .null
        }
    }

    /// Parses a text.
    package init(_ text: String) throws {
        self = try JSONDocument.read(text, limits: JSONLimits(depth: 1000)) { AnyJSON($0) }
    }

    /// The member of an object.
    package subscript(_ name: String) -> AnyJSON? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The element of an array.
    package subscript(_ index: Int) -> AnyJSON? {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
    }

    /// The members of an object; none for other kinds.
    package var members: [String: AnyJSON] {
        if case .object(let members) = self { members } else { [:] }
    }

    /// The elements of an array; none for other kinds.
    package var elements: [AnyJSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The text, if this is one.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number as an integer, if this is one.
    package var int: Int? {
        if case .number(let number) = self { Int(exactly: number) } else { nil }
    }

    /// The truth value, if this is one.
    package var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    /// The same object without a member.
    package func without(_ name: String) -> AnyJSON {
        var members = members
        members[name] = nil
        return .object(members)
    }

    /// JSON text of the value, with members in order of their names.
    package var description: String {
        switch self {
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(JSONWriter.quoted($0.key)):\($0.value)" }
                .joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.description).joined(separator: ",") + "]"
        case .string(let text): JSONWriter.quoted(text)
        case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
        case .bool(let bool): "\(bool)"
        case .null: "null"
        }
    }
}
