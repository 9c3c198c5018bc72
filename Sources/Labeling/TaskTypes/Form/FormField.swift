import JSON

/// One question of a form, or several grouped.
package struct FormField: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case text(minCharacters: Int, maxCharacters: Int)
        case boolean
        case number(min: Double?, max: Double?, step: Double?)
        case datetime(DateFormat, min: String?, max: String?)
        /// Answered with an array of values, also for one choice.
        case category([ChoiceValue], minChoices: Int, maxChoices: Int)
        /// Start and end in seconds.
        case timeRange
        /// Answered with the values, best first; ties as arrays of equals.
        case ranking([ChoiceValue], allowTies: Bool)
        /// Answered with an object of answers.
        case group([FormField])
    }

    package let id: String
    package let type: FormFieldType
    package let kind: Kind
    package let isRequired: Bool
    /// How many answers there must and may be; above 1 the answer is an array of them.
    package let minResponses: Int
    package let maxResponses: Int
    /// When it is shown; nil for always.
    package let condition: FieldCondition?

    var takesSeveral: Bool { maxResponses > 1 }

    /// The fields of a group.
    var children: [FormField] {
        if case .group(let fields) = kind { fields } else { [] }
    }

    /// The fields that its conditions and those of the fields in it name.
    var dependencies: [String] { (condition?.fields ?? []) + children.flatMap(\.dependencies) }
}

/// The words for a field's type.
package enum FormFieldType: String, Sendable, CaseIterable {
    case text, boolean, number, datetime, category, select, ranking, form
    case timeRange = "time_range"
    case fieldSet = "field_set"
}

/// The value of a choice.
package enum ChoiceValue: Sendable, Hashable {
    case text(String)
    case number(Double)
    case bool(Bool)

    init?(_ value: JSONValue) {
        if let text = value.string {
            self = .text(text)
        } else if let number = value.double {
            self = .number(number)
        } else if let bool = value.bool {
            self = .bool(bool)
        } else {
            return nil
        }
    }

    /// It in JSON.
    var json: String {
        var writer = JSONWriter(capacity: 32)
        switch self {
        case .text(let text): writer.value(text)
        case .number(let number): writer.value(number)
        case .bool(let bool): writer.value(bool)
        }
        return writer.text
    }
}

extension ChoiceValue {
    private enum Fields {
        static let label = RequiredField("label", .string(length: 1...1000), "What people see.")
        static let value = RequiredField(
            "value",
            Schema<ChoiceValue>(.either([.string(length: 0...1000, format: nil), .number(.any), .bool])) {
                value, reader in
                guard let read = ChoiceValue(value) else {
                    reader.report(value, "must be a string, a number or a truth value")
                    return nil
                }
                return read
            }, "The value that appears in answers.")
        static let hint = OptionalField("hint", .string(length: 0...10_000), "An explanation.")
        static let subchoices: Field<[[ChoiceValue]]> = Field(
            "subchoices", .array(of: .recursive("FormChoice") { ChoiceValue.tree }), default: [], shownAs: "[]",
            "Choices below this one, which then is a heading.")
    }

    /// A choice with those below it, as the values that can be chosen.
    static let tree: Schema<[ChoiceValue]> = .object(
        "FormChoice", [Fields.label, Fields.value, Fields.hint, Fields.subchoices]
    ) { object in
        _ = (object(Fields.label), object(Fields.hint))
        let value = object(Fields.value)
        let below = object(Fields.subchoices).flatMap { $0 }
        guard let value else { return nil }
        return below.isEmpty ? [value] : below
    }

    /// Choices whose values are all different.
    static let choices = Schema<[[ChoiceValue]]>.array(of: .recursive("FormChoice") { tree }, count: 1...10_000)
        .checked { trees, value, reader in
            guard trees.count == value.count else { return }
            var seen: Set<ChoiceValue> = []
            for (tree, element) in zip(trees, value.elements) {
                for choice in tree where !seen.insert(choice).inserted {
                    reader.report(element, "duplicates the value \(choice.json)")
                }
            }
        }
        .map { $0.flatMap { $0 } }
}
