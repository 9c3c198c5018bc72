import JSON

/// Checks the answers to a form.
struct FormCheck {
    let strictness: Strictness
    let reader: JSONReader

    /// Checks an object of answers to the fields of a level.
    func run(_ object: JSONValue, _ fields: [FormField], outer: @escaping (String) -> JSONValue?) {
        guard object.isObject else {
            reader.report(object, "must be an object")
            return
        }
        for member in FormLevel.unknown(fields, in: object) {
            reader.report(member.value, "is not a field of this task")
        }
        let level = FormLevel(
            fields, answers: { object[$0].flatMap { $0.isUnanswered ? nil : $0 } }, outer: outer)
        for (field, isVisible) in zip(fields, level.visible) where isVisible {
            if let value = object[field.id], !value.isUnanswered {
                answer(field, value, outer: level.answer)
            } else if field.isRequired, strictness == .submit {
                reader.report(object, member: field.id, "is required")
            }
        }
    }

    /// Checks the answer to a field, of which there may be several.
    private func answer(_ field: FormField, _ value: JSONValue, outer: @escaping (String) -> JSONValue?) {
        guard field.takesSeveral else {
            one(field, value, outer: outer)
            return
        }
        guard value.isArray else {
            reader.report(value, "must be an array of answers")
            return
        }
        let count = value.count
        if count > field.maxResponses {
            reader.report(value, "must have at most \(field.maxResponses) answers")
        }
        if count < field.minResponses, strictness == .submit {
            reader.report(value, "must have at least \(field.minResponses) answers")
        }
        for element in value.elements { one(field, element, outer: outer) }
    }

    /// Checks one answer.
    func one(_ field: FormField, _ value: JSONValue, outer: @escaping (String) -> JSONValue?) {
        switch field.kind {
        case .text(let least, let most): text(value, least, most)
        case .boolean:
            if value.bool == nil { reader.report(value, "must be true or false") }
        case .number(let least, let most, let step):
            Judge(strictness, reader).inTurn(
                AnswerRules.number, AnswerRules.Number(value: value, min: least, max: most, step: step))
        case .datetime(let format, let earliest, let latest): date(value, format, earliest, latest)
        case .category(let choices, let least, let most): category(value, choices, least, most)
        case .timeRange: timeRange(value)
        case .ranking(let choices, let allowTies): ranking(value, choices, allowTies)
        case .group(let fields): run(value, fields, outer: outer)
        }
    }

    private func text(_ value: JSONValue, _ least: Int, _ most: Int) {
        guard let text = value.string else {
            reader.report(value, "must be a string")
            return
        }
        let count = text.unicodeScalars.count
        if count > most { reader.report(value, "must have at most \(most) characters") }
        if count < least, strictness == .submit { reader.report(value, "must have at least \(least) characters") }
    }

    private func date(_ value: JSONValue, _ format: DateFormat, _ earliest: String?, _ latest: String?) {
        guard let seconds = value.string.flatMap(format.seconds) else {
            reader.report(value, "must be a \(format.rawValue) such as \(format.example)")
            return
        }
        if let earliest, let bound = format.seconds(earliest), seconds < bound {
            reader.report(value, "must not be before \(earliest)")
        }
        if let latest, let bound = format.seconds(latest), seconds > bound {
            reader.report(value, "must not be after \(latest)")
        }
    }

    private func category(_ value: JSONValue, _ choices: [ChoiceValue], _ least: Int, _ most: Int) {
        guard value.isArray else {
            reader.report(value, "must be an array of choices")
            return
        }
        distinct(value, among: choices)
        let count = value.count
        if count > most { reader.report(value, "must have at most \(Self.count(most))") }
        if count < least, strictness == .submit { reader.report(value, "must have at least \(Self.count(least))") }
    }

    private static func count(_ choices: Int) -> String { choices == 1 ? "1 choice" : "\(choices) choices" }

    /// Checks that the elements are choices, each at most once; returns those that are.
    @discardableResult
    private func distinct(_ value: JSONValue, among choices: [ChoiceValue], seen: Set<ChoiceValue> = []) -> Set<
        ChoiceValue
    > {
        var seen = seen
        for element in value.elements {
            guard let choice = ChoiceValue(element), choices.contains(choice) else {
                reader.report(element, "\(element.rawText.prefix(100)) is not a choice of this field")
                continue
            }
            if !seen.insert(choice).inserted { reader.report(element, "repeats the choice \(choice.json)") }
        }
        return seen
    }

    private func timeRange(_ value: JSONValue) {
        guard let start = value["start"]?.double, let end = value["end"]?.double, start >= 0 else {
            reader.report(value, "must be an object with start and end in seconds")
            return
        }
        if end < start { reader.report(value, member: "end", "must not be before `start`") }
    }

    private func ranking(_ value: JSONValue, _ choices: [ChoiceValue], _ allowTies: Bool) {
        guard value.isArray else {
            reader.report(value, "must be an array of choices, best first")
            return
        }
        var seen: Set<ChoiceValue> = []
        if allowTies {
            for rank in value.elements {
                guard rank.isArray, rank.count > 0 else {
                    reader.report(rank, "must be an array of choices that rank alike")
                    continue
                }
                seen = distinct(rank, among: choices, seen: seen)
            }
        } else {
            seen = distinct(value, among: choices)
        }
        if strictness == .submit, seen.count < choices.count {
            reader.report(value, "must rank all \(choices.count) choices")
        }
    }
}
