package import JSON

/// When an attribute is asked at all.
package struct Conditions: Sendable, Equatable {
    /// Another attribute and the answers of it that are wanted.
    package struct Want: Sendable, Equatable {
        package let key: String
        package let words: [String]

        package init(_ key: String, _ words: [String]) {
            self.key = key
            self.words = words
        }
    }

    /// The labels for which it is asked; nil for every label.
    package var labels: [String]?
    /// Wants of which one group must hold as a whole; none for no such condition.
    package var groups: [[Want]] = []
    /// Asked once about the whole picture, scene or text.
    package var isGlobal = false

    package init(labels: [String]? = nil, groups: [[Want]] = [], isGlobal: Bool = false) {
        self.labels = labels
        self.groups = groups
        self.isGlobal = isGlobal
    }

    /// Whether the attribute is asked.
    ///
    /// The label is that of the annotation, nil when it has none; global attributes do not look at it. `words` gives the
    /// words of another attribute's answer, none when it is unanswered or hidden.
    package func hold(label: String?, book: RuleBook = .all, words: (String) -> [String]) -> Bool {
        Condition.all.allSatisfy { !book.contains($0.name) || $0.holds(self, label, words) }
    }
}

/// A condition that every attribute must meet to be asked, by name, so that each can be tried without.
struct Condition: Sendable {
    let name: String
    let holds: @Sendable (Conditions, _ label: String?, _ words: (String) -> [String]) -> Bool

    static let all: [Condition] = [
        Condition(name: "a label condition wants one of its labels") { conditions, label, _ in
            guard let labels = conditions.labels, !conditions.isGlobal else { return true }
            return label.map(labels.contains) ?? false
        },
        Condition(name: "attribute conditions want one alternative as a whole") { conditions, _, words in
            conditions.groups.isEmpty
                || conditions.groups.contains { group in
                    group.allSatisfy { want in words(want.key).contains(where: want.words.contains) }
                }
        },
    ]
}

/// What must be true of an answer for it to count in conditions, by name, so that each can be tried without.
struct Counting: Sendable {
    let name: String
    let counts: @Sendable (_ answer: JSONValue, _ isVisible: Bool) -> Bool

    static let all: [Counting] = [
        Counting(name: "an empty answer counts as missing") { answer, _ in !answer.isUnanswered },
        Counting(name: "the answer to a hidden question counts as missing") { _, isVisible in isVisible },
    ]
}

extension Conditions {
    /// One word or several; numbers and truth values stand for their text.
    private static let wordsSchema = Schema<[String]>(
        .either([
            .string(length: 0...1000, format: nil), .array(of: .string(length: 0...1000, format: nil), count: 1...1000),
        ])
    ) { value, reader in
        if value.isArray {
            var words: [String] = []
            for element in value.elements {
                guard let word = AnswerWords.scalar(element) else {
                    reader.report(element, "must be a string")
                    return nil
                }
                words.append(word)
            }
            guard !words.isEmpty else {
                reader.report(value, "must not be empty")
                return nil
            }
            return words
        }
        guard let word = AnswerWords.scalar(value) else {
            reader.report(value, "must be a string or an array of strings")
            return nil
        }
        return [word]
    }

    private enum Fields {
        static let label = RequiredField("label", wordsSchema, "A label, or several of which one must match.")
        static let labelCondition = OptionalField(
            "label_condition",
            Schema<[String]>.object("LabelCondition", [Fields.label]) { object in object(Fields.label) },
            "The labels for which the attribute is asked. Links are asked only what names their label here.")
        static let attributeConditions = Field(
            "attribute_conditions",
            .array(
                of: Schema<[(key: String, value: [String])]>.dictionary(of: wordsSchema, count: 1...100)
                    .map { $0.map { Want($0.key, $0.value) } }, count: 0...100),
            default: [],
            "Objects of which one must hold; it holds when every named attribute has one of the answers given.")
        static let isGlobal = Field(
            "is_global", .bool, default: false, shownAs: "false",
            "Asks once for the whole instead of for each annotation.")
    }

    /// Conditions as clients send them.
    package static let schema = Schema<Conditions>.object(
        "Conditions", [Fields.labelCondition, Fields.attributeConditions, Fields.isGlobal]
    ) { object in
        Conditions(
            labels: object(Fields.labelCondition), groups: object(Fields.attributeConditions),
            isGlobal: object(Fields.isGlobal))
    }
}

/// Answers as conditions see them.
package enum AnswerWords {
    /// The words of an answer: of each element of an array, and of anything that has a text; none when unanswered.
    package static func of(_ value: JSONValue?) -> [String] {
        guard let value else { return [] }
        if value.isArray { return value.elements.flatMap { of($0) } }
        return scalar(value).map { [$0] } ?? []
    }

    /// A string itself, the shortest decimal text of a number, `true` or `false`; nil for anything else.
    package static func scalar(_ value: JSONValue) -> String? {
        switch value.kind {
        case .string: return value.string
        case .bool: return value.bool == true ? "true" : "false"
        case .integer, .number:
            guard let number = value.double else { return nil }
            var writer = JSONWriter(capacity: 16)
            writer.value(number)
            return writer.text
        case .object, .array, .null: return nil
        }
    }
}
