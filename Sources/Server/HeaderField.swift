import HTTPTypes
import Hummingbird
import JSON
import Labeling
import Work

/// A declared field of the head of a request or an answer, as the contract prints it.
protocol HeaderDeclaration: Sendable {
    var name: HTTPField.Name { get }
    var shape: Shape { get }
    var note: String { get }
    var isRequired: Bool { get }
}

/// A declared header field, with how its value is read and written.
struct HeaderField<Value: Sendable>: HeaderDeclaration {
    let name: HTTPField.Name
    private let field: QueryField<Value>

    var shape: Shape { field.shape }
    var note: String { field.note }
    var isRequired: Bool { field.isRequired }

    /// Takes name, form and meaning from a parameter.
    ///
    /// Names are tokens (RFC 9110, 5.1); one that is none would be a mistake here, found by the first test.
    init(_ field: QueryField<Value>) {
        self.field = field
        name = HTTPField.Name(field.name) ?? .eTag
    }

    /// The value; nil if the field is absent.
    ///
    /// - Throws: `Issues` that name the field if it is required and absent, or its value cannot be used.
    func read(_ fields: HTTPFields) throws -> Value? {
        let values = fields[values: name]
        if values.isEmpty, isRequired {
            throw Issues(field.name, "The \(field.name) header is required: \(note.lowercasedFirst)")
        }
        return try field.read(values, saidOf: "The \(field.name) header")
    }
}

extension Call {
    /// The value of a declared header field.
    func callAsFunction<Value>(_ field: HeaderField<Value>) throws -> Value? { try field.read(request.headers) }
}

extension Reply {
    /// Sets a declared header field.
    mutating func set<Value: CustomStringConvertible>(_ field: HeaderField<Value>, _ value: Value) {
        headers[field.name] = value.description
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
