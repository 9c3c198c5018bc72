import JSON

/// The fields of one level of a form with the answers to them: the whole form, or one answer of a group.
struct FormLevel {
    let fields: [FormField]
    private let answers: (String) -> JSONValue?
    /// Which fields are shown, by place in `fields`.
    let visible: [Bool]
    private let outer: (String) -> JSONValue?

    /// Finds out which fields are shown.
    ///
    /// `answers` gives the answer stored for a field of this level, if it says something, and `outer` what enclosing
    /// levels show.
    init(_ fields: [FormField], answers: @escaping (String) -> JSONValue?, outer: @escaping (String) -> JSONValue?) {
        self.fields = fields
        self.answers = answers
        self.outer = outer
        let places = Self.places(fields)
        var visible = [Bool](repeating: false, count: fields.count)
        for place in DependencyOrder(fields.map(\.dependencies), places: places).order {
            visible[place] =
                fields[place].condition?.holds { id in
                    guard let other = places[id] else { return outer(id) }
                    return visible[other] ? answers(id) : nil
                } ?? true
        }
        self.visible = visible
    }

    /// The answer to a field of this level or an enclosing one that is shown.
    func answer(_ id: String) -> JSONValue? {
        guard let place = fields.firstIndex(where: { $0.id == id }) else { return outer(id) }
        return visible[place] ? answers(id) : nil
    }

    static func places(_ fields: [FormField]) -> [String: Int] {
        Dictionary(fields.indices.map { (fields[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The level inside one answer of a group.
    static func inside(_ field: FormField, _ value: JSONValue, outer: @escaping (String) -> JSONValue?) -> FormLevel {
        FormLevel(field.children, answers: { value[$0].flatMap { $0.isUnanswered ? nil : $0 } }, outer: outer)
    }

    // MARK: Writing

    /// Writes the answers that are shown and given, as members of an object.
    func write(to writer: inout JSONWriter) {
        for (field, isVisible) in zip(fields, visible) where isVisible {
            guard let value = answers(field.id), let text = text(field, value) else { continue }
            writer.key(field.id)
            writer.raw(text)
        }
    }

    /// The answer to a field in JSON; nil if it says nothing.
    private func text(_ field: FormField, _ value: JSONValue) -> String? {
        guard field.takesSeveral else { return one(field, value) }
        guard value.isArray else { return one(field, value).map { "[\($0)]" } }
        let answers = value.elements.compactMap { one(field, $0) }
        return answers.isEmpty ? nil : "[\(answers.joined(separator: ","))]"
    }

    private func one(_ field: FormField, _ value: JSONValue) -> String? {
        if value.isUnanswered { return nil }
        switch field.kind {
        case .number:
            guard let text = value.string, let number = Double(text), number.isFinite else { return value.rawText }
            return Wording.number(number)
        case .category: return value.isArray ? value.rawText : "[\(value.rawText)]"
        case .group:
            guard value.isObject else { return value.rawText }
            var writer = JSONWriter()
            writer.object { writer in
                Self.inside(field, value, outer: answer).write(to: &writer)
                Self.unknown(field.children, in: value).forEach { member in
                    writer.key(member.name)
                    writer.raw(member.value.raw)
                }
            }
            return writer.text == "{}" ? nil : writer.text
        default: return value.rawText
        }
    }

    /// Members that are no field of a level; they are written for the check to name them.
    static func unknown(_ fields: [FormField], in value: JSONValue) -> [JSONValue.Member] {
        value.members.filter { member in !fields.contains { $0.id == member.name } }
    }
}
