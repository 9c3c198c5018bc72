import JSON

extension AttributeSet {
    /// Writes the answers that are asked for and given, in the order declared, as the members of an object.
    ///
    /// Answers of hidden attributes are left out. Those under unknown keys are kept, for the check to name them.
    /// `unwrap` takes an answer out of how it is stored.
    func write(
        _ answers: JSONValue?, label: String?, to writer: inout JSONWriter,
        unwrap: (JSONValue) -> JSONValue? = { $0 }
    ) {
        func answer(_ key: String) -> JSONValue? {
            answers?[key].flatMap(unwrap).flatMap { $0.isUnanswered ? nil : $0 }
        }
        let visible = visible(label: label) { AnswerWords.of(answer($0)) }
        for (entry, isVisible) in zip(entries, visible) where isVisible {
            guard let value = answer(entry.key) else { continue }
            writer.key(entry.key)
            if entry.attribute.kind == .angle, value.double == 360 {
                writer.value(0)
            } else {
                writer.raw(value.raw)
            }
        }
        for member in answers.allMembers where self[member.name] == nil {
            guard let value = unwrap(member.value), !value.isUnanswered else { continue }
            writer.key(member.name)
            writer.raw(value.raw)
        }
    }

    /// Checks the object of answers that is a member of `owner`, or its absence.
    ///
    /// `labelOf` gives the label of the annotation with a uuid: nil when there is no such annotation, and a nil label
    /// when it has none.
    func check(
        _ owner: JSONValue, member: String, label: String?, strictness: Strictness, reader: JSONReader,
        labelOf: (String) -> String?? = { _ in nil }
    ) {
        let answers = owner[member].flatMap { $0.isNull ? nil : $0 }
        if let answers, !answers.isObject {
            reader.report(answers, "must be an object")
            return
        }
        for given in answers.allMembers where self[given.name] == nil {
            reader.report(given.value, "is not an attribute of this task")
        }
        func answer(_ key: String) -> JSONValue? { answers?[key].flatMap { $0.isUnanswered ? nil : $0 } }
        let visible = visible(label: label) { AnswerWords.of(answer($0)) }
        for (entry, isVisible) in zip(entries, visible) where isVisible {
            if let value = answer(entry.key) {
                entry.attribute.check(value, reader: reader, labelOf: labelOf)
            } else if entry.attribute.isRequired, strictness == .submit {
                var path = JSONPath(owner.path)
                path.append(key: member)
                path.append(key: entry.key)
                reader.report(path: path.text, "is required")
            }
        }
    }
}

extension Attribute {
    /// Checks one answer that is given.
    func check(_ value: JSONValue, reader: JSONReader, labelOf: (String) -> String??) {
        switch kind {
        case .category(let choices, let allowMultiple):
            allowMultiple ? Self.checkChoices(value, choices, reader) : Self.checkChoice(value, choices, reader)
        case .number(let min, let max, let step):
            Self.checkNumber(value, min: min, max: max, step: step, reader)
        case .angle:
            guard let angle = value.double, angle >= 0, angle <= 360 else {
                reader.report(value, "must be an angle of 0 to 360 degrees")
                return
            }
        case .text:
            if !value.isString { reader.report(value, "must be a string") }
        case .offset:
            if value.double == nil { reader.report(value, "must be a number of pixels") }
        case .linked(let allowed):
            Self.checkLink(value, allowed, reader, labelOf)
        }
    }

    private static func checkChoice(_ value: JSONValue, _ choices: LabelSet, _ reader: JSONReader) {
        guard let choice = value.string else {
            reader.report(value, "must be a string")
            return
        }
        guard choices.contains(choice) else {
            reader.report(value, "\(JSONWriter.quoted(choice)) is not a choice of this attribute")
            return
        }
    }

    private static func checkChoices(_ value: JSONValue, _ choices: LabelSet, _ reader: JSONReader) {
        guard value.isArray else {
            reader.report(value, "must be an array of choices")
            return
        }
        var seen: Set<String> = []
        for element in value.elements {
            checkChoice(element, choices, reader)
            if let choice = element.string, !seen.insert(choice).inserted {
                reader.report(element, "repeats the choice \(JSONWriter.quoted(choice))")
            }
        }
    }

    static func checkNumber(_ value: JSONValue, min: Double?, max: Double?, step: Double?, _ reader: JSONReader) {
        let range = NumberRange(least: min, most: max)
        guard let number = value.double, range.contains(number) else {
            reader.report(value, "must be \(Wording.number(min: min, max: max))")
            return
        }
        guard let step else { return }
        let steps = (number - (min ?? 0)) / step
        if abs(steps - steps.rounded()) > 1e-9 {
            let start = min.map { " from \(Wording.number($0))" } ?? ""
            reader.report(value, "must be in steps of \(Wording.number(step))\(start)")
        }
    }

    private static func checkLink(
        _ value: JSONValue, _ allowed: [String], _ reader: JSONReader, _ labelOf: (String) -> String??
    ) {
        guard let uuid = value.string else {
            reader.report(value, "must be the uuid of an annotation")
            return
        }
        guard let label = labelOf(uuid) else {
            reader.report(value, "refers to the annotation \(JSONWriter.quoted(uuid)), which does not exist")
            return
        }
        if let label, !allowed.contains(label) {
            reader.report(
                value, "must refer to an annotation labelled \(Wording.list(allowed)), not \(JSONWriter.quoted(label))")
        }
    }
}

extension JSONValue? {
    /// The elements, if this is an array.
    var allElements: [JSONValue] { map { Array($0.elements) } ?? [] }

    /// The members, if this is an object.
    var allMembers: [JSONValue.Member] { map { Array($0.members) } ?? [] }
}

extension JSONValue {
    /// Whether an answer says nothing: null, an empty string or an empty array.
    var isUnanswered: Bool {
        switch kind {
        case .null: true
        case .string: utf8.allSatisfy { $0 <= 0x20 }
        case .array: elements.first(where: { _ in true }) == nil
        default: false
        }
    }
}
