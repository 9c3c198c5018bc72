import JSON

/// The attributes of a task: those of each annotation and those of the whole.
package struct Attributes: Sendable, Equatable {
    package let local: AttributeSet
    package let global: AttributeSet
    /// Whether the task declares attributes at all; then annotations carry an `attributes` member.
    package let areDeclared: Bool

    package static let none = Attributes(local: .empty, global: .empty, areDeclared: false)

    package init(local: AttributeSet, global: AttributeSet, areDeclared: Bool = true) {
        self.local = local
        self.global = global
        self.areDeclared = areDeclared
    }
}

extension Attributes {
    /// The global attribute that follows the rotation that people give to a picture.
    static let imageRotation = "image_rotation"

    /// What a task type permits of its attributes.
    struct Rules: Sendable {
        /// The labels that conditions and links may name; nil does not check them.
        var labels: Set<String>?
        var types: [AttributeType] = AttributeType.allCases
        /// Whether there are boxes or cuboids, which offsets are measured on.
        var hasBoxes = true
        /// Every attribute is global, whatever its conditions say.
        var allGlobal = false
        /// Whether people may turn what they look at, which the global attribute ``Attributes/imageRotation`` follows.
        var canTurn = false
        /// Further labels that label conditions may name: those of links.
        var linkLabels: Set<String> = []
    }

    /// The members of an attributes object as they stand, before ``checked(_:in:rules:reader:)``.
    typealias Declared = [(key: String, value: Attribute)]

    /// Attributes by key, as clients send them.
    static let schema = Schema<Declared>.dictionary(of: Attribute.schema, count: 0...1000)

    /// Sorts attributes by level and checks what only the whole task can tell.
    ///
    /// `declared` is what was read from `value`, which gives the paths of issues and the types as written; nil if absent.
    static func checked(_ declared: Declared, in value: JSONValue?, rules: Rules, reader: JSONReader) -> Attributes {
        guard let value, value.isObject else { return .none }
        var local: [AttributeSet.Entry] = []
        var global: [AttributeSet.Entry] = []
        for (key, attribute) in declared {
            let isGlobal = rules.allGlobal || attribute.conditions.isGlobal
            let turns = rules.canTurn && isGlobal && key == imageRotation
            let entry = AttributeSet.Entry(key: key, attribute: turns ? attribute.turningThePicture : attribute)
            isGlobal ? global.append(entry) : local.append(entry)
        }
        let result = Attributes(local: AttributeSet(local), global: AttributeSet(global))
        let known = Set(value.members.map(\.name))
        for (key, attribute) in declared {
            guard let object = value[key] else { continue }
            let isGlobal = result.global[key] != nil
            checkKey(key, object, reader)
            checkType(attribute, object, rules, reader)
            if rules.canTurn, isGlobal, key == imageRotation { checkImageRotation(attribute, object, reader) }
            checkLabels(attribute, object, rules, reader)
            checkReferences(
                attribute, object, known: known, level: isGlobal ? result.global : result.local,
                other: isGlobal ? result.local : result.global, reader)
        }
        for level in [result.local, result.global] {
            if let cycle = level.cycle, let first = cycle.first, let object = value[first] {
                reader.report(
                    object, member: "conditions",
                    "must not depend on itself (\(cycle.joined(separator: " needs ")))")
            }
        }
        return result
    }

    private static func checkKey(_ key: String, _ object: JSONValue, _ reader: JSONReader) {
        if key.isEmpty || key.unicodeScalars.count > 100 {
            reader.report(object, "must have a name of 1 to 100 characters")
        } else if ["label", "uuid", "type"].contains(key) {
            reader.report(object, "must not be named label, uuid or type")
        }
    }

    private static func checkType(_ attribute: Attribute, _ object: JSONValue, _ rules: Rules, _ reader: JSONReader) {
        let written = object["type"]?.string ?? AttributeType.category.rawValue
        if !rules.types.contains(where: { $0.rawValue == written }) {
            reader.report(
                object, member: "type", "must be one of \(rules.types.map(\.rawValue).joined(separator: ", "))")
        } else if attribute.kind == .offset, !rules.hasBoxes {
            reader.report(object, member: "type", "\(written) needs a task with boxes or cuboids")
        }
    }

    private static func checkImageRotation(_ attribute: Attribute, _ object: JSONValue, _ reader: JSONReader) {
        switch attribute.kind {
        case .number, .category: break
        default: reader.report(object, member: "type", "must be number or category for \(imageRotation)")
        }
    }

    private static func checkLabels(_ attribute: Attribute, _ object: JSONValue, _ rules: Rules, _ reader: JSONReader) {
        guard let labels = rules.labels else { return }
        if case .linked(let allowed) = attribute.kind, let array = object["allowed_labels"] {
            for (label, element) in zip(allowed, array.elements) where !labels.contains(label) {
                reader.report(element, "refers to the unknown label \(JSONWriter.quoted(label))")
            }
        }
        // For global attributes of pictures this condition never applies, so it is not looked at.
        guard !attribute.conditions.isGlobal, let wanted = attribute.conditions.labels,
            let value = object["conditions"]?["label_condition"]?["label"]
        else { return }
        for label in wanted where !labels.contains(label) && !rules.linkLabels.contains(label) {
            reader.report(value, "refers to the unknown label \(JSONWriter.quoted(label))")
        }
    }

    private static func checkReferences(
        _ attribute: Attribute, _ object: JSONValue, known: Set<String>, level: AttributeSet, other: AttributeSet,
        _ reader: JSONReader
    ) {
        guard let groups = object["conditions"]?["attribute_conditions"] else { return }
        for group in groups.elements {
            for member in group.members {
                let name = JSONWriter.quoted(member.name)
                if !known.contains(member.name) {
                    reader.report(group, "refers to the unknown attribute \(name)")
                } else if other[member.name] != nil {
                    reader.report(group, "refers to \(name), but only one of the two is global")
                }
            }
        }
    }
}

extension Attribute {
    /// The same question, answered with a quarter turn if it asks for a number.
    fileprivate var turningThePicture: Attribute {
        guard case .number = kind else { return self }
        return Attribute(
            .imageRotation, description: description, conditions: conditions, isRequired: isRequired)
    }
}
