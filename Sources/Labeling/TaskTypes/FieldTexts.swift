import JSON

/// Free texts asked for by name, as several older types do.
package struct FieldTexts: Sendable, Equatable {
    /// The names in the order declared.
    package let keys: [String]

    package static let none = FieldTexts(keys: [])

    package init(keys: [String]) {
        self.keys = keys
    }

    package var isEmpty: Bool { keys.isEmpty }

    /// Descriptions by name.
    ///
    /// A description is a text, but clients also send objects with a title and more.
    static let schema = Schema<[(key: String, value: RawJSON)]>.dictionary(of: .any, count: 0...1000)
        .checked { _, value, reader in
            for member in value.members where !member.value.isString && !member.value.isObject {
                reader.report(member.value, "must be a string")
            }
        }
        .map { FieldTexts(keys: $0.map(\.key)) }

    /// Writes the answers in the order declared, and unknown ones behind them for the check to name.
    func write(_ answers: JSONValue?, to writer: inout JSONWriter, unwrap: (JSONValue) -> JSONValue? = { $0 }) {
        for key in keys {
            guard let value = answers?[key].flatMap(unwrap), !value.isUnanswered else { continue }
            writer.key(key)
            writer.raw(value.raw)
        }
        for member in answers.allMembers where !keys.contains(member.name) {
            guard let value = unwrap(member.value), !value.isUnanswered else { continue }
            writer.key(member.name)
            writer.raw(value.raw)
        }
    }

    /// Checks an object of answers.
    ///
    /// There is not always something to find, but an answer without any is a slip.
    func check(_ owner: JSONValue, member: String, strictness: Strictness, reader: JSONReader) {
        guard let answers = owner[member], !answers.isNull else {
            if strictness == .submit, !isEmpty { reader.report(owner, member: member, "is required") }
            return
        }
        check(answers, strictness: strictness, reader: reader)
    }

    /// Checks an object of answers itself.
    func check(_ answers: JSONValue, strictness: Strictness, reader: JSONReader) {
        guard answers.isObject else {
            reader.report(answers, "must be an object")
            return
        }
        for given in answers.members {
            if !keys.contains(given.name) {
                reader.report(given.value, "is not a field of this task")
            } else if !given.value.isString, !given.value.isNull {
                reader.report(given.value, "must be a string")
            }
        }
        if strictness == .submit, !isEmpty, answers.members.allSatisfy(\.value.isUnanswered) {
            reader.report(answers, "must answer at least one field")
        }
    }

    /// Writes a fixed answer to each field.
    func writeCanned(to writer: inout JSONWriter) {
        for key in keys {
            writer.key(key)
            writer.value("test response")
        }
    }
}
