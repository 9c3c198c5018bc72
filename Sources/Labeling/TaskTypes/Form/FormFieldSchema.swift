package import JSON

extension FormField {
    private enum Fields {
        static let type = RequiredField("type", Schema<FormFieldType>.cases, "What is asked for.")
        static let id = RequiredField("field_id", .string(length: 1...200), "The name of the answer.")
        static let title = RequiredField("title", .string(length: 1...10_000), "The question.")
        static let description = OptionalField("description", .string(length: 0...100_000), "More about it.")
        static let hint = OptionalField("hint", .string(length: 0...10_000), "A short explanation.")
        static let required = Field(
            "required", .bool, default: false, shownAs: "false", "Whether it must be answered where it is shown.")
        static let minResponses = Field(
            "min_responses_required", responses, default: 1, shownAs: "1", "Least number of answers.")
        static let maxResponses = Field(
            "max_responses_required", responses, default: 1, shownAs: "1",
            "Greatest number of answers; above 1 the answer is an array.")
        static let conditions = Field(
            "conditions", FieldCondition.schema, default: nil, "When it is shown: one of these must hold.")
        static let common: [any FieldDeclaration] = [
            type, id, title, description, hint, required, minResponses, maxResponses, conditions,
        ]
        /// Counts of answers, with the wording of the documented rule.
        private static let responses = Schema<Int>(.integer(1...100)) { value, reader in
            guard let count = Schema<Int>.integer(1...100)(value, JSONReader()) else {
                reader.report(value, "must be between 1 and 100")
                return nil
            }
            if value.isString { reader.replace(value, with: String(count)) }
            return count
        }
    }

    /// Members of single types.
    private enum Extras {
        static let minCharacters = Field(
            "min_characters", .integer(0...1_000_000), default: 0, shownAs: "0", "Least length.")
        static let maxCharacters = Field(
            "max_characters", .integer(1...1_000_000), default: 20_000, shownAs: "20000", "Greatest length.")
        static let multiline = OptionalField("multiline", .bool, "Whether there is room for several lines.")
        static let least = OptionalField("min", .number(), "The least value.")
        static let greatest = OptionalField("max", .number(), "The greatest value.")
        static let step = OptionalField("step", .number(.positive), "The distance of the allowed values.")
        static let labels: [OptionalField<String>] = ["prefix", "suffix", "min_label", "max_label"].map {
            OptionalField($0, .string(length: 0...1000), "A text beside the value.")
        }
        static let format = Field(
            "format", Schema<DateFormat>.cases, default: DateFormat.date, shownAs: #""date""#, "What is entered.")
        static let earliest = OptionalField("min", .string(length: 1...100), "The earliest value.")
        static let latest = OptionalField("max", .string(length: 1...100), "The latest value.")
        static let choices = RequiredField("choices", ChoiceValue.choices, "What may be chosen.")
        static let minChoices = Field(
            "min_choices", .integer(0...10_000), default: 1, shownAs: "1", "Least number of choices.")
        static let maxChoices = Field(
            "max_choices", .integer(1...10_000), default: 1, shownAs: "1", "Greatest number of choices.")
        static let attachment = OptionalField("attachment_index", .integer(0...10_000), "The attachment it is about.")
        static let ranked = OptionalField("choices", ChoiceValue.choices, "What is to be ranked.")
        static let options = OptionalField("num_options", .integer(2...1000), "How many numbered things are ranked.")
        static let ties = Field("allow_ties", .bool, default: false, shownAs: "false", "Whether things may rank alike.")
        static let inline = Field(
            "inline", .bool, default: false, shownAs: "false", "Whether the fields stand in one line.")
        static let fields: RequiredField<[FormField]> = RequiredField(
            "fields", .array(of: .recursive("FormField") { FormField.schema }, count: 0...1000), "The fields in it.")
    }

    /// What one type has beyond what all have, and how it is read.
    private struct Variant: Sendable {
        let fields: [any FieldDeclaration]
        let read: @Sendable (inout ObjectReader) -> Kind?
    }

    private static func variant(_ type: FormFieldType) -> Variant {
        switch type {
        case .text:
            Variant(fields: [Extras.minCharacters, Extras.maxCharacters, Extras.multiline]) { object in
                let (least, most) = (object(Extras.minCharacters), object(Extras.maxCharacters))
                _ = object(Extras.multiline)
                if most < least {
                    object.reader.report(object.object, member: "max_characters", "must be at least `min_characters`")
                }
                return .text(minCharacters: least, maxCharacters: most)
            }
        case .boolean: Variant(fields: []) { _ in .boolean }
        case .number:
            Variant(fields: [Extras.least, Extras.greatest, Extras.step] + Extras.labels) { object in
                let (least, most, step) = (object(Extras.least), object(Extras.greatest), object(Extras.step))
                for label in Extras.labels { _ = object(label) }
                if let least, let most, most < least {
                    object.reader.report(object.object, member: "max", "must be at least `min`")
                }
                return .number(min: least, max: most, step: step)
            }
        case .datetime: Variant(fields: [Extras.format, Extras.earliest, Extras.latest]) { readDates(&$0) }
        case .category, .select:
            Variant(fields: [Extras.choices, Extras.minChoices, Extras.maxChoices]) { readChoices(&$0) }
        case .timeRange:
            Variant(fields: [Extras.attachment]) { object in
                _ = object(Extras.attachment)
                return .timeRange
            }
        case .ranking: Variant(fields: [Extras.ranked, Extras.options, Extras.ties]) { readRanking(&$0) }
        case .fieldSet: Variant(fields: [Extras.fields, Extras.inline]) { readGroup(&$0, least: 2) }
        case .form: Variant(fields: [Extras.fields]) { readGroup(&$0, least: 1) }
        }
    }

    private static let variants: [FormFieldType: Variant] = Dictionary(
        uniqueKeysWithValues: FormFieldType.allCases.map { ($0, variant($0)) })

    /// A field as clients send it: which members it has depends on its type.
    package static let schema: Schema<FormField> = Schema(
        .either(
            FormFieldType.allCases.map { type in
                .object(
                    "FormField_\(type.rawValue)", fields: Fields.common + (variants[type]?.fields ?? []), open: nil)
            })
    ) { value, reader in
        guard value.isObject else {
            reader.report(value, "must be an object")
            return nil
        }
        guard let type = value["type"]?.string.flatMap(FormFieldType.init(rawValue:)), let variant = variants[type]
        else {
            let words = FormFieldType.allCases.map(\.rawValue).joined(separator: ", ")
            reader.report(value, member: "type", "must be one of \(words)")
            return nil
        }
        return Schema<FormField>.object("", Fields.common + variant.fields) { object in
            read(type, variant, &object)
        }(value, reader)
    }

    private static func read(_ type: FormFieldType, _ variant: Variant, _ object: inout ObjectReader) -> FormField? {
        _ = object(Fields.type)
        let id = object(Fields.id)
        _ = (object(Fields.title), object(Fields.description), object(Fields.hint))
        let isRequired = object(Fields.required)
        let (least, most) = (object(Fields.minResponses), object(Fields.maxResponses))
        let condition = object(Fields.conditions)
        if most < least {
            object.reader.report(
                object.object, member: "max_responses_required", "must be at least `min_responses_required`")
        }
        guard let kind = variant.read(&object), let id else { return nil }
        if case .category(_, minChoices: 0, _) = kind, isRequired {
            object.reader.report(object.object, member: "min_choices", "must be at least 1 for required fields")
        }
        return FormField(
            id: id, type: type, kind: kind, isRequired: isRequired, minResponses: least, maxResponses: most,
            condition: condition)
    }

    private static func readDates(_ object: inout ObjectReader) -> Kind? {
        let format = object(Extras.format)
        let (earliest, latest) = (object(Extras.earliest), object(Extras.latest))
        for (name, text) in [("min", earliest), ("max", latest)] {
            guard let text, format.seconds(text) == nil else { continue }
            object.reader.report(object.object, member: name, "must be a \(format.rawValue) such as \(format.example)")
            return nil
        }
        if let first = earliest.flatMap(format.seconds), let last = latest.flatMap(format.seconds), last < first {
            object.reader.report(object.object, member: "max", "must not be before `min`")
        }
        return .datetime(format, min: earliest, max: latest)
    }

    private static func readChoices(_ object: inout ObjectReader) -> Kind? {
        let choices = object(Extras.choices)
        let (least, most) = (object(Extras.minChoices), object(Extras.maxChoices))
        guard let choices else { return nil }
        if most < least {
            object.reader.report(object.object, member: "max_choices", "must be at least `min_choices`")
        }
        if most > choices.count {
            object.reader.report(object.object, member: "max_choices", "must be at most the number of choices")
        }
        return .category(choices, minChoices: least, maxChoices: most)
    }

    private static func readRanking(_ object: inout ObjectReader) -> Kind? {
        let before = object.reader.issues.count
        let (choices, options) = (object(Extras.ranked), object(Extras.options))
        let ties = object(Extras.ties)
        if let choices { return .ranking(choices, allowTies: ties) }
        if let options { return .ranking((1...options).map { .number(Double($0)) }, allowTies: ties) }
        if object.reader.issues.count == before {
            object.reader.report(object.object, member: "choices", "or `num_options` is required")
        }
        return nil
    }

    private static func readGroup(_ object: inout ObjectReader, least: Int) -> Kind? {
        let fields = object(Extras.fields)
        let inline = least > 1 ? object(Extras.inline) : false
        guard let fields else { return nil }
        let written = object.object["fields"]?.count ?? 0
        if written < least {
            let count = least == 1 ? "1 field" : "\(least) fields"
            object.reader.report(object.object, member: "fields", "must contain at least \(count)")
        }
        if inline, written > 2 || !fields.allSatisfy({ $0.type == .text || $0.type == .number }) {
            object.reader.report(
                object.object, member: "inline", "needs at most 2 fields, of type text or number only")
        }
        return .group(fields)
    }
}
