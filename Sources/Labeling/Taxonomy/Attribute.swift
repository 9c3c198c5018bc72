package import JSON

/// A question about an annotation or about the whole picture or text.
package struct Attribute: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// One leaf of a tree of choices, or several.
        case category(LabelSet, allowMultiple: Bool)
        /// A number within bounds; `step` is the distance of the allowed values, counted from `min` or 0.
        case number(min: Double?, max: Double?, step: Double)
        /// How the picture itself is turned: 0, 90, 180 or 270 degrees clockwise.
        case imageRotation
        /// Degrees from 0 up to 360; 0 points right, clockwise on screen.
        case angle
        case text
        /// A distance in pixels from the left or from the top side of a box or cuboid.
        case offset
        /// The uuid of another annotation with one of these labels.
        case linked(allowed: [String])
    }

    package let kind: Kind
    /// The question as people read it.
    package let description: String
    package let conditions: Conditions
    /// Whether it must be answered wherever it is asked.
    package let isRequired: Bool

    package init(_ kind: Kind, description: String = "", conditions: Conditions = Conditions(), isRequired: Bool = true)
    {
        self.kind = kind
        self.description = description
        self.conditions = conditions
        self.isRequired = isRequired
    }
}

/// The words for an attribute's type.
package enum AttributeType: String, Sendable, CaseIterable {
    case category, number, angle, text
    case xLine = "x_line"
    case yLine = "y_line"
    case linked
}

extension Attribute {
    private enum Fields {
        static let type = OptionalField(
            "type", Schema<AttributeType>.cases, "What is asked for; by default `category`.")
        static let descriptionText = Field(
            "description", .string(length: 0...10_000), default: "", "The question as people read it.")
        static let conditions = Field(
            "conditions", Conditions.schema, default: Conditions(), "When it is asked; always, without conditions.")
        static let required = OptionalField(
            "required", .bool, "Whether it must be answered where it is asked; by default true, but false for `linked`."
        )
        static let global = Field(
            "global", .bool, default: false, shownAs: "false", "For several frames: one answer for the whole track.")
        static let choices = OptionalField("choices", LabelSet.schema, "For `category`: what may be chosen.")
        static let allowMultiple = Field(
            "allow_multiple", .bool, default: false, shownAs: "false",
            "For `category`: several choices, answered as an array.")
        static let minimum = OptionalField("min", .number(), "For `number`: the least value.")
        static let maximum = OptionalField("max", .number(), "For `number`: the greatest value.")
        static let step = Field(
            "step", .number(.positive), default: 1, shownAs: "1", "For `number`: the distance of the allowed values.")
        static let allowedLabels = OptionalField(
            "allowed_labels", .array(of: .string(length: 1...1000), count: 1...10_000),
            "For `linked`: the labels of the annotations that may be picked.")
    }

    /// An attribute as clients send it.
    package static let schema = Schema<Attribute>.object(
        "Attribute",
        [
            Fields.type, Fields.descriptionText, Fields.conditions, Fields.required, Fields.global, Fields.choices,
            Fields.allowMultiple, Fields.minimum, Fields.maximum, Fields.step,
            Fields.allowedLabels,
        ]
    ) { object in
        let written = object.object["type"].map { !$0.isNull } ?? false
        let type = object(Fields.type) ?? (written ? nil : .category)
        let description = object(Fields.descriptionText)
        let conditions = object(Fields.conditions)
        let required = object(Fields.required)
        _ = object(Fields.global)
        guard let type, let kind = kind(type, &object) else { return nil }
        return Attribute(
            kind, description: description, conditions: conditions, isRequired: required ?? (type != .linked))
    }

    private static func kind(_ type: AttributeType, _ object: inout ObjectReader) -> Kind? {
        // Every member is asked for, whatever the type, so that those of another type are not taken for unknown ones.
        let hasChoices = object.object["choices"].map { !$0.isNull } ?? false
        let hasLabels = object.object["allowed_labels"].map { !$0.isNull } ?? false
        let choices = object(Fields.choices)
        let allowMultiple = object(Fields.allowMultiple)
        let (least, greatest, step) = (object(Fields.minimum), object(Fields.maximum), object(Fields.step))
        let allowed = object(Fields.allowedLabels)
        switch type {
        case .category:
            guard let choices else {
                if !hasChoices { object.reader.report(object.object, member: "choices", "is required") }
                return nil
            }
            if choices.isEmpty { object.reader.report(object.object, member: "choices", "must not be empty") }
            return .category(choices, allowMultiple: allowMultiple)
        case .number:
            if let least, let greatest, greatest < least {
                object.reader.report(object.object, member: "max", "must be at least `min`")
            }
            return .number(min: least, max: greatest, step: step)
        case .angle: return .angle
        case .text: return .text
        case .xLine, .yLine: return .offset
        case .linked:
            guard let allowed else {
                if !hasLabels { object.reader.report(object.object, member: "allowed_labels", "is required") }
                return nil
            }
            return .linked(allowed: allowed)
        }
    }
}
