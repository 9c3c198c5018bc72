import JSON

/// What becomes of an answer on its way into the response, by name, so that each can be tried without.
struct AnswerFinish: Sendable {
    enum Outcome {
        case kept
        case leftOut
        /// Written otherwise, in JSON.
        case written(String)
    }

    let name: String
    /// The attribute is nil for an unknown key.
    let apply: @Sendable (_ answer: JSONValue, _ attribute: Attribute?, _ isAsked: Bool) -> Outcome

    static let all: [AnswerFinish] = [
        AnswerFinish(name: "answers to hidden questions are left out") { _, attribute, isAsked in
            attribute == nil || isAsked ? .kept : .leftOut
        },
        AnswerFinish(name: "empty answers are left out") { answer, _, _ in answer.isUnanswered ? .leftOut : .kept },
        AnswerFinish(name: "a full turn is written as none") { answer, attribute, _ in
            attribute?.kind == .angle && answer.double == 360 ? .written("0") : .kept
        },
        AnswerFinish(name: "the rotation of the picture lies within one turn") { answer, attribute, _ in
            guard attribute?.kind == .imageRotation, let angle = answer.double else { return .kept }
            let rest = angle.truncatingRemainder(dividingBy: 360)
            return .written(Wording.number(rest < 0 ? rest + 360 : rest + 0))
        },
    ]
}

extension AttributeSet {
    /// Writes the answers that are asked for and given, in the order declared, as the members of an object.
    ///
    /// Answers of hidden attributes are left out. Those under unknown keys are kept, for the check to name them.
    /// `unwrap` takes an answer out of how it is stored.
    func write(
        _ answers: JSONValue?, label: String?, scope: Scope = .thing, to writer: inout JSONWriter,
        book: RuleBook = .all,
        unwrap: (JSONValue) -> JSONValue? = { $0 }
    ) {
        let visible = visible(label: label, scope: scope, book: book) { answers?[$0].flatMap(unwrap) }
        for (entry, isVisible) in zip(entries, visible) {
            guard let value = answers?[entry.key].flatMap(unwrap) else { continue }
            write(entry.key, value, entry.attribute, isVisible, book, to: &writer)
        }
        for member in answers.allMembers where self[member.name] == nil {
            guard let value = unwrap(member.value) else { continue }
            write(member.name, value, nil, false, book, to: &writer)
        }
    }

    private func write(
        _ key: String, _ value: JSONValue, _ attribute: Attribute?, _ isAsked: Bool, _ book: RuleBook,
        to writer: inout JSONWriter
    ) {
        for finish in AnswerFinish.all where book.contains(finish.name) {
            switch finish.apply(value, attribute, isAsked) {
            case .kept: continue
            case .leftOut: return
            case .written(let text):
                writer.key(key)
                writer.raw(text)
                return
            }
        }
        writer.key(key)
        writer.raw(value.raw)
    }

    /// Checks the object of answers that is a member of `owner`, or its absence.
    ///
    /// `labelOf` gives the label of the annotation with a uuid: nil when there is no such annotation, and a nil label
    /// when it has none.
    func check(
        _ owner: JSONValue, member: String, label: String?, scope: Scope = .thing, judge: Judge,
        labelOf: @escaping (String) -> String?? = { _ in nil }
    ) {
        let answers = owner.given(member)
        if let answers {
            judge.all(AnswerRules.sheet, AnswerRules.Sheet(answers: answers, attributes: self))
            guard answers.isObject else { return }
        }
        let visible = visible(label: label, scope: scope, book: judge.book) { answers?[$0] }
        for (entry, isVisible) in zip(entries, visible) where isVisible {
            let answer = answers?[entry.key].flatMap { $0.isUnanswered ? nil : $0 }
            judge.all(
                AnswerRules.question,
                AnswerRules.Question(
                    owner: owner, member: member, key: entry.key, attribute: entry.attribute, answer: answer))
            if let answer { entry.attribute.check(answer, judge: judge, labelOf: labelOf) }
        }
    }
}

extension Attribute {
    /// Checks one answer that is given.
    func check(_ value: JSONValue, judge: Judge, labelOf: @escaping (String) -> String?? = { _ in nil }) {
        switch kind {
        case .category(let choices, allowMultiple: false):
            judge.inTurn(AnswerRules.choice, AnswerRules.Choice(value: value, choices: choices))
        case .category(let choices, allowMultiple: true):
            guard judge.inTurn(AnswerRules.choices, value) else { return }
            for element in value.elements {
                judge.inTurn(AnswerRules.choice, AnswerRules.Choice(value: element, choices: choices))
            }
            judge.all(AnswerRules.eachChoice, value)
        case .number(let min, let max, let step):
            judge.inTurn(AnswerRules.number, AnswerRules.Number(value: value, min: min, max: max, step: step))
        case .imageRotation: judge.inTurn(AnswerRules.imageRotation, value)
        case .angle: judge.inTurn(AnswerRules.angle, value)
        case .text: judge.inTurn(AnswerRules.text, value)
        case .offset: judge.inTurn(AnswerRules.offset, value)
        case .linked(let allowed):
            judge.inTurn(
                AnswerRules.linked, AnswerRules.Link(value: value, allowed: allowed, labelOf: labelOf))
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
