package import JSON

/// A name that may be chosen, or a heading over further ones.
package struct Label: Sendable, Equatable {
    /// What stands in responses and conditions.
    package let choice: String
    /// What people see; by default the choice itself.
    package let display: String?
    /// The labels below; where there are any, this one is a heading and cannot be chosen.
    package let subchoices: [Label]

    package init(_ choice: String, display: String? = nil, subchoices: [Label] = []) {
        self.choice = choice
        self.display = display
        self.subchoices = subchoices
    }

    /// The labels that can be chosen, in the order sent.
    var leaves: [Label] {
        subchoices.isEmpty ? [self] : subchoices.flatMap(\.leaves)
    }

    /// Levels of this tree, 1 for a leaf.
    var depth: Int {
        1 + (subchoices.map(\.depth).max() ?? 0)
    }
}

/// The labels offered in one place.
package struct LabelSet: Sendable, Equatable {
    /// The trees as they were sent.
    package let labels: [Label]
    /// The choices of the leaves, in the order sent.
    package let choices: [String]
    private let known: Set<String>

    package static let empty = LabelSet([])
    /// Levels that a tree of labels may have.
    package static let greatestDepth = 8

    package init(_ labels: [Label]) {
        self.labels = labels
        choices = labels.flatMap(\.leaves).map(\.choice)
        known = Set(choices)
    }

    package var isEmpty: Bool { choices.isEmpty }

    /// Whether a leaf has this choice; headings do not count.
    package func contains(_ choice: String) -> Bool { known.contains(choice) }
}

extension Label {
    private enum Fields {
        static let choice = RequiredField("choice", .string(length: 1...1000), "The value that appears in answers.")
        static let display = OptionalField("display", .string(length: 0...1000), "What people see instead.")
        static let subchoices: Field<[Label]> = Field(
            "subchoices", .array(of: .recursive("Label") { Label.schema }), default: [], shownAs: "[]",
            "Labels below this one, which then is a heading that cannot be chosen.")
        static let instance = Field(
            "instance_label", .bool, default: false, shownAs: "false",
            "For segmentation: every object with this label has a mask of its own.")
    }

    private static let description: Schema<Label> = .object(
        "LabelDescription", [Fields.choice, Fields.display, Fields.subchoices, Fields.instance]
    ) { object in
        let display = object(Fields.display)
        let subchoices = object(Fields.subchoices)
        _ = object(Fields.instance)
        guard let choice = object(Fields.choice) else { return nil }
        return Label(choice, display: display, subchoices: subchoices)
    }

    private static let text = Schema<String>.string(length: 1...1000)

    /// A string or a description with a display name and labels below.
    package static let schema: Schema<Label> = Schema(.either([text.shape, description.shape])) { value, reader in
        if value.isString { return text(value, reader).map { Label($0) } }
        guard value.isObject else {
            reader.report(value, "must be a string or a LabelDescription")
            return nil
        }
        return description(value, reader)
    }
}

extension LabelSet {
    /// An array of labels whose leaves are all different.
    package static let schema = Schema<[Label]>.array(of: .recursive("Label") { Label.schema }, count: 0...10_000)
        .checked { labels, value, reader in
            if labels.contains(where: { $0.depth > greatestDepth }) {
                reader.report(value, "is nested deeper than \(greatestDepth) levels")
            }
            reportDuplicates(in: labels, value, reader)
        }
        .map { LabelSet($0) }

    /// The same with at least one label.
    package static let nonEmptySchema = schema.checked { labels, value, reader in
        if labels.isEmpty { reader.report(value, "must not be empty") }
    }

    private static func reportDuplicates(in labels: [Label], _ value: JSONValue, _ reader: JSONReader) {
        // Elements that could not be read are missing in `labels`; they are reported already.
        guard labels.count == value.count else { return }
        var seen: Set<String> = []
        for (label, element) in zip(labels, value.elements) {
            for leaf in label.leaves where !seen.insert(leaf.choice).inserted {
                reader.report(element, "duplicates the label \(JSONWriter.quoted(leaf.choice))")
            }
        }
    }
}
