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

    /// Checks the `links` of a response, given the labels of its annotations by uuid.
    func check(_ response: JSONValue, labels: [String: String?], strictness: Strictness, reader: JSONReader) {
        guard let links = response["links"], !links.isNull else { return }
        guard links.isArray else {
            reader.report(links, "must be an array")
            return
        }
        var uuids: Set<String> = []
        var seen: Set<[String]> = []
        for link in links.elements {
            guard link.isObject else {
                reader.report(link, "must be an object")
                continue
            }
            UUIDCheck.check(link, member: "uuid", seen: &uuids, strictness: strictness, reader: reader)
            checkOne(link, labels: labels, seen: &seen, reader: reader)
        }
    }

    private func checkOne(
        _ link: JSONValue, labels: [String: String?], seen: inout Set<[String]>, reader: JSONReader
    ) {
        let text = Schema<String>.string(length: 1...1000)
        func part(_ name: String) -> String? {
            guard let value = link[name], !value.isNull else {
                reader.report(link, member: name, "is required")
                return nil
            }
            return text(value, reader)
        }
        guard let label = part("label"), let from = part("from"), let to = part("to") else { return }
        guard self[label] != nil else {
            reader.report(link, member: "label", "\(JSONWriter.quoted(label)) is not a link of this task")
            return
        }
        guard from != to else {
            reader.report(link, member: "to", "must differ from `from`")
            return
        }
        var ends: [String?] = []
        for (name, uuid) in [("from", from), ("to", to)] {
            guard let label = labels[uuid] else {
                reader.report(
                    link, member: name,
                    "refers to the annotation \(JSONWriter.quoted(uuid)), which does not exist")
                return
            }
            ends.append(label)
        }
        // An unlabelled end is reported at the annotation.
        guard let first = ends[0], let second = ends[1] else { return }
        guard let rule = rule(label, from: first, to: second) else {
            reader.report(
                link, "must not lead from \(JSONWriter.quoted(first)) to \(JSONWriter.quoted(second))")
            return
        }
        let key = rule.isBidirectional ? [label] + [from, to].sorted() : [label, from, to]
        if !seen.insert(key).inserted { reader.report(link, "repeats an earlier link") }
    }
}

/// The ids of things in a response.
enum UUIDCheck {
    /// Requires an id (when submitted) and reports one that stands twice.
    static func check(
        _ object: JSONValue, member: String, seen: inout Set<String>, strictness: Strictness, reader: JSONReader
    ) {
        guard let value = object[member], !value.isNull else {
            if strictness == .submit { reader.report(object, member: member, "is required") }
            return
        }
        guard let id = value.string, !id.isEmpty, id.utf8.count <= 200 else {
            reader.report(value, "must be a string of 1 to 200 characters")
            return
        }
        if !seen.insert(id).inserted { reader.report(value, "\(JSONWriter.quoted(id)) is used more than once") }
    }
}
