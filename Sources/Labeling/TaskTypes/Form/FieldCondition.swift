import JSON

/// When a field of a form is shown, in terms of other answers.
package indirect enum FieldCondition: Sendable, Equatable {
    /// All of these hold.
    case all([Term])
    /// One of these holds.
    case any([FieldCondition])
    case not(FieldCondition)

    /// What is wanted of one field.
    package struct Term: Sendable, Equatable {
        let field: String
        let want: Want
    }

    package indirect enum Want: Sendable, Equatable {
        /// The answer contains one of these; numbers and truth values stand for their text.
        case choices([String])
        case answered(Bool)
        case not(Want)

        func holds(_ answer: JSONValue?) -> Bool {
            switch self {
            case .choices(let words): AnswerWords.of(answer).contains(where: words.contains)
            case .answered(let wanted): (answer != nil) == wanted
            case .not(let want): !want.holds(answer)
            }
        }
    }

    /// Whether it holds; `answer` gives the answer of a field, nil when it is unanswered or hidden.
    func holds(_ answer: (String) -> JSONValue?) -> Bool {
        switch self {
        case .all(let terms): terms.allSatisfy { $0.want.holds(answer($0.field)) }
        case .any(let conditions): conditions.contains { $0.holds(answer) }
        case .not(let condition): !condition.holds(answer)
        }
    }

    /// The fields it names.
    var fields: [String] {
        switch self {
        case .all(let terms): terms.map(\.field)
        case .any(let conditions): conditions.flatMap(\.fields)
        case .not(let condition): condition.fields
        }
    }
}

extension FieldCondition {
    /// Conditions as clients send them: an array, of which one must hold.
    ///
    /// No array or an empty one always holds.
    static let schema = Schema<FieldCondition?>(.array(of: .any, count: 0...100)) { value, reader in
        guard value.isArray else {
            reader.report(value, "must be an array")
            return nil
        }
        guard value.count > 0 else { return .some(nil) }
        return read(value, reader).map { .some($0) }
    }

    private static func read(_ value: JSONValue, _ reader: JSONReader) -> FieldCondition? {
        if value.isArray {
            let conditions = value.elements.map { read($0, reader) }
            guard !conditions.isEmpty else {
                reader.report(value, "must not be empty")
                return nil
            }
            return conditions.contains(nil) ? nil : .any(conditions.compactMap { $0 })
        }
        let members = value.isObject ? Array(value.members) : []
        guard !members.isEmpty else {
            reader.report(value, "must be an object of field ids or an array of such objects")
            return nil
        }
        if members.count == 1, members[0].name == "not" { return read(members[0].value, reader).map { .not($0) } }
        let terms = members.map { member in want(member.value, reader).map { Term(field: member.name, want: $0) } }
        return terms.contains(nil) ? nil : .all(terms.compactMap { $0 })
    }

    private static func want(_ value: JSONValue, _ reader: JSONReader) -> Want? {
        guard value.isObject else { return words(value, reader).map { .choices($0) } }
        let members = Array(value.members)
        guard members.count == 1 else {
            reader.report(value, "must have exactly one of choices, answered and not")
            return nil
        }
        switch members[0].name {
        case "choices": return words(members[0].value, reader).map { .choices($0) }
        case "not": return want(members[0].value, reader).map { .not($0) }
        case "answered":
            guard let answered = members[0].value.bool else {
                reader.report(members[0].value, "must be true or false")
                return nil
            }
            return .answered(answered)
        default:
            reader.report(value, "must have exactly one of choices, answered and not")
            return nil
        }
    }

    private static func words(_ value: JSONValue, _ reader: JSONReader) -> [String]? {
        let words = value.isArray ? value.elements.map { AnswerWords.scalar($0) } : [AnswerWords.scalar(value)]
        guard !words.isEmpty, !words.contains(nil) else {
            reader.report(value, "must be an answer or an array of answers")
            return nil
        }
        return words.compactMap { $0 }
    }
}
