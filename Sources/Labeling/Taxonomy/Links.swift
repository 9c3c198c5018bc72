package import JSON

/// Which annotations may be linked under which labels.
package struct LinkRules: Sendable, Equatable {
    /// One permitted pair of label lists.
    package struct Rule: Sendable, Equatable {
        package let from: [String]
        package let to: [String]
        package let isBidirectional: Bool

        package init(from: [String], to: [String], isBidirectional: Bool) {
            self.from = from
            self.to = to
            self.isBidirectional = isBidirectional
        }

        /// Whether annotations with these labels may be linked; ends of a bidirectional link may be swapped.
        func admits(from first: String, to second: String) -> Bool {
            (from.contains(first) && to.contains(second))
                || (isBidirectional && from.contains(second) && to.contains(first))
        }
    }

    /// The rules of each link label, in the order declared.
    package let rules: [(label: String, rules: [Rule])]

    package static let none = LinkRules([])

    package init(_ rules: [(label: String, rules: [Rule])]) {
        self.rules = rules
    }

    /// The labels that links may have.
    package var labels: Set<String> { Set(rules.map(\.label)) }

    package subscript(_ label: String) -> [Rule]? {
        rules.first { $0.label == label }?.rules
    }

    /// The rule under which two annotations may be linked.
    package func rule(_ label: String, from first: String, to second: String) -> Rule? {
        self[label]?.first { $0.admits(from: first, to: second) }
    }

    package static func == (a: LinkRules, b: LinkRules) -> Bool {
        a.rules.elementsEqual(b.rules) { $0.label == $1.label && $0.rules == $1.rules }
    }
}

extension LinkRules {
    private static let labels = Schema<[String]>.array(of: .string(length: 1...1000), count: 0...10_000)
    private enum Fields {
        static let isBidirectional = Field(
            "is_bidirectional", .bool, default: false, shownAs: "false", "Whether the ends may be swapped.")
        static let from = RequiredField("from_allowed_labels", labels, "Labels of annotations a link may start at.")
        static let to = RequiredField("to_allowed_labels", labels, "Labels of annotations a link may end at.")
    }

    private static let rule = Schema<Rule>.object("LinkRule", [Fields.isBidirectional, Fields.from, Fields.to]) {
        object in
        let isBidirectional = object(Fields.isBidirectional)
        let (from, to) = (object(Fields.from), object(Fields.to))
        guard let from, let to else { return nil }
        return Rule(from: from, to: to, isBidirectional: isBidirectional)
    }

    private static let several = Schema<[Rule]>.array(of: rule, count: 1...1000)

    private static let oneOrMore = Schema<[Rule]>(
        .either([rule.shape, several.shape])
    ) { value, reader in
        value.isArray ? several(value, reader) : rule(value, reader).map { [$0] }
    }

    /// Rules by link label: one or an array of them.
    package static let schema = Schema<[(key: String, value: [Rule])]>.dictionary(of: oneOrMore, count: 0...1000)
        .map { LinkRules($0.map { (label: $0.key, rules: $0.value) }) }

    /// Reports labels in rules that the task does not have.
    func checkLabels(in value: JSONValue?, known: Set<String>, reader: JSONReader) {
        guard let value else { return }
        for member in value.members {
            for rule in member.value.isArray ? Array(member.value.elements) : [member.value] {
                for end in ["from_allowed_labels", "to_allowed_labels"] {
                    for element in rule[end].allElements {
                        guard let label = element.string, !known.contains(label) else { continue }
                        reader.report(element, "refers to the unknown label \(JSONWriter.quoted(label))")
                    }
                }
            }
        }
    }
}
