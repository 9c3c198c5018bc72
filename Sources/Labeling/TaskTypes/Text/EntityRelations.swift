package import JSON

/// How spans may be related.
package struct EntityRelations: Sendable, Equatable {
    package struct Rule: Sendable, Equatable {
        let name: String?
        let isDirected: Bool
        /// The label that the source (or target) must have, itself or as one above; nil for any.
        let source: String?
        let target: String?
    }

    package let rules: [Rule]

    package static let none = EntityRelations(rules: [])

    /// Whether relations carry names.
    var areNamed: Bool { rules.contains { $0.name != nil } }

    /// The names, each once.
    var names: [String] {
        var names: [String] = []
        for rule in rules {
            if let name = rule.name, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The rule that admits a relation between spans with these labels; ends of undirected ones may be swapped.
    func rule(name: String?, from source: String, to target: String, in params: NamedEntityRecognition.Params) -> Rule?
    {
        func covers(_ limit: String?, _ label: String) -> Bool {
            guard let limit else { return true }
            return params.label(limit)?.find(label) != nil
        }
        return rules.first { rule in
            rule.name == name
                && ((covers(rule.source, source) && covers(rule.target, target))
                    || (!rule.isDirected && covers(rule.source, target) && covers(rule.target, source)))
        }
    }
}

extension EntityRelations {
    private enum Fields {
        static let name = OptionalField("name", .string(length: 1...1000), "The value that appears in answers.")
        static let display = OptionalField("display_name", .string(length: 1...1000), "What people see.")
        static let isDirected = OptionalField("is_directed", .bool, "Whether source and target differ; by default not.")
        static let source = OptionalField(
            "source_label", .string(length: 1...1000), "The label of the source, or one above it.")
        static let target = OptionalField(
            "target_label", .string(length: 1...1000), "The label of the target, or one above it.")
    }

    private static let rule = Schema<Rule>.object(
        "EntityRelationship", [Fields.name, Fields.display, Fields.isDirected, Fields.source, Fields.target]
    ) { object in
        let name = object(Fields.name)
        let display = object(Fields.display)
        let isDirected = object(Fields.isDirected)
        let (source, target) = (object(Fields.source), object(Fields.target))
        if name != nil, display == nil {
            object.reader.report(object.object, member: "display_name", "is required for named relationships")
        }
        if name == nil, display != nil || isDirected != nil {
            object.reader.report(object.object, member: "name", "is required beside display_name and is_directed")
        }
        return Rule(name: name, isDirected: isDirected ?? false, source: source, target: target)
    }

    package static let schema = Schema<[Rule]>.array(of: rule, count: 0...1000)
        .checked { rules, value, reader in
            let named = rules.count { $0.name != nil }
            if named > 0, named < rules.count {
                reader.report(value, "must be either all named or all unnamed")
            }
        }
        .map { EntityRelations(rules: $0) }

    /// Reports labels in rules that the task does not have.
    func checkLabels(in value: JSONValue?, _ params: NamedEntityRecognition.Params, _ reader: JSONReader) {
        for rule in value.allElements {
            for end in ["source_label", "target_label"] {
                guard let label = rule[end]?.string, params.label(label) == nil else { continue }
                reader.report(rule, member: end, "refers to the unknown label \(JSONWriter.quoted(label))")
            }
        }
    }
}
