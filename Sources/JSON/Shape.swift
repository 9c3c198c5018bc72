/// The range a number may have.
@usableFromInline
package struct NumberRange: Sendable, Equatable {
    /// The lower bound, allowed itself unless ``above`` is set.
    package var least: Double?
    /// The upper bound, allowed itself.
    package var most: Double?
    /// Zero is refused, for divisors.
    package var nonZero = false
    /// `least` itself is refused.
    package var above = false

    /// Every finite number.
    package static let any = NumberRange()
    /// Zero and above.
    package static let nonNegative = NumberRange(least: 0)
    /// Above zero.
    package static let positive = NumberRange(least: 0, above: true)
    /// Everything but zero.
    package static let nonZero = NumberRange(nonZero: true)

    package init(least: Double? = nil, most: Double? = nil, nonZero: Bool = false, above: Bool = false) {
        self.least = least
        self.most = most
        self.nonZero = nonZero
        self.above = above
    }

    /// Whether a number lies inside.
    @inline(__always)
    package func contains(_ number: Double) -> Bool {
        guard number.isFinite else { return false }
        if nonZero && number == 0 { return false }
        if let least, above ? number <= least : number < least { return false }
        if let most, number > most { return false }
        return true
    }

    /// What to call such a number in a message.
    var noun: String {
        switch (least, most) {
        case (0, nil) where above: "a positive number"
        case (0, nil): "a non-negative number"
        case (nil, nil): nonZero ? "a non-zero number" : "a number"
        case (let least?, nil): "a number of at least \(least)"
        case (nil, let most?): "a number of at most \(most)"
        case (let least?, let most?): "a number between \(least) and \(most)"
        }
    }
}

/// The form of a value as the contract shows it: JSON Schema in the dialect of OpenAPI 3.1.
@usableFromInline
package indirect enum Shape: Sendable {
    case any
    case bool
    case null
    case string(length: ClosedRange<Int>, format: String?)
    case enumeration([String])
    case number(NumberRange)
    case integer(ClosedRange<Int>)
    case array(of: Shape, count: ClosedRange<Int>)
    /// Declared members; `open` is the form of others, nil if there must be none. A name makes it a component.
    case object(String, fields: [any FieldDeclaration], open: Shape?)
    case either([Shape])
    /// A component that is described once, also when it contains itself.
    case reference(String, @Sendable () -> Shape)
    /// JSON Schema text, for replies that are described rather than read.
    case text(String)

    @usableFromInline
    /// A string that is one of a few words.
    package static func string(oneOf words: [String]) -> Shape { .enumeration(words) }
}

/// Prints shapes and gathers the named ones into `components`.
package struct ShapePrinter {
    /// The named shapes met so far, each printed.
    package private(set) var components: [String: String] = [:]

    package init() {}

    /// The JSON Schema of a shape; named ones become references.
    package mutating func print(_ shape: Shape) -> String {
        var writer = JSONWriter()
        write(shape, to: &writer)
        return writer.text
    }

    private mutating func write(_ shape: Shape, to writer: inout JSONWriter) {
        switch shape {
        case .reference(let name, let shape):
            component(name) { shape() }
            reference(name, to: &writer)
        case .object(let name, _, _) where !name.isEmpty:
            component(name) { shape }
            reference(name, to: &writer)
        case .text(let text):
            writer.raw(text)
        default:
            writer.raw(body(shape))
        }
    }

    private mutating func component(_ name: String, _ shape: () -> Shape) {
        guard components[name] == nil else { return }
        components[name] = "{}"
        var shape = shape()
        // A recursive schema may lead to the named object or to an alternative that holds it.
        if case .reference(let inner, let make) = shape, inner == name { shape = make() }
        components[name] = body(shape)
    }

    private func reference(_ name: String, to writer: inout JSONWriter) {
        writer.object { $0.field("$ref", "#/components/schemas/\(name)") }
    }

    private mutating func body(_ shape: Shape) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            switch shape {
            case .any, .reference, .text: break
            case .bool: writer.field("type", "boolean")
            case .null: writer.field("type", "null")
            case .string(let length, let format):
                writer.field("type", "string")
                if length.lowerBound > 0 { writer.field("minLength", length.lowerBound) }
                if length.upperBound < 1_000_000 { writer.field("maxLength", length.upperBound) }
                writer.field("format", ifPresent: format)
            case .enumeration(let words):
                writer.field("type", "string")
                writer.array("enum") { writer in words.forEach { writer.value($0) } }
            case .number(let range):
                writer.field("type", "number")
                if let least = range.least {
                    range.above ? writer.field("exclusiveMinimum", least) : writer.field("minimum", least)
                }
                if let most = range.most { writer.field("maximum", most) }
                if range.nonZero { writer.object("not") { $0.field("const", 0) } }
            case .integer(let range):
                writer.field("type", "integer")
                if range.lowerBound > Int.min { writer.field("minimum", range.lowerBound) }
                if range.upperBound < Int.max { writer.field("maximum", range.upperBound) }
            case .array(let element, let count):
                writer.field("type", "array")
                writer.key("items")
                write(element, to: &writer)
                if count.lowerBound > 0 { writer.field("minItems", count.lowerBound) }
                if count.upperBound < 100_000 { writer.field("maxItems", count.upperBound) }
            case .object(_, let fields, let open):
                object(fields, open: open, to: &writer)
            case .either(let shapes):
                writer.key("anyOf")
                writer.array { writer in
                    for shape in shapes { write(shape, to: &writer) }
                }
            }
        }
        return writer.text
    }

    private mutating func object(_ fields: [any FieldDeclaration], open: Shape?, to writer: inout JSONWriter) {
        writer.field("type", "object")
        if !fields.isEmpty {
            writer.key("properties")
            writer.object { writer in
                for field in fields {
                    writer.key(field.name.text)
                    writer.raw(member(field))
                }
            }
            let required = fields.filter(\.isRequired).map(\.name.text)
            if !required.isEmpty {
                writer.array("required") { writer in required.forEach { writer.value($0) } }
            }
        }
        switch open {
        case nil: writer.field("additionalProperties", false)
        case .any: break
        case let shape?:
            writer.key("additionalProperties")
            write(shape, to: &writer)
        }
    }

    /// A member's schema with its description; optional members may be null, which counts as absent.
    private mutating func member(_ field: any FieldDeclaration) -> String {
        let schema = print(field.shape)
        var writer = JSONWriter()
        writer.object { writer in
            if field.isRequired || schema == "{}" {
                writer.key("allOf")
                writer.array { $0.raw(schema) }
            } else {
                writer.key("anyOf")
                writer.array { writer in
                    writer.raw(schema)
                    writer.raw(#"{"type":"null"}"#)
                }
            }
            writer.field("description", field.note)
            if let text = field.defaultText { writer.field("default", raw: text) }
        }
        return writer.text
    }
}
