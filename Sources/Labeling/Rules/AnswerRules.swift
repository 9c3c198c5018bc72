import JSON

/// What is demanded of answers to attributes.
enum AnswerRules {
    /// The answers about one thing.
    struct Sheet {
        let answers: JSONValue
        let attributes: AttributeSet
    }

    /// A question that is asked, with its place in the object that carries the answers.
    struct Question {
        let owner: JSONValue
        let member: String
        let key: String
        let attribute: Attribute
        let answer: JSONValue?
    }

    struct Choice {
        let value: JSONValue
        let choices: LabelSet
    }

    struct Number {
        let value: JSONValue
        let min: Double?
        let max: Double?
        /// nil for any distance.
        let step: Double?

        var complaint: String { "must be \(Wording.number(min: min, max: max))" }
    }

    struct Link {
        let value: JSONValue
        let allowed: [String]
        /// The label of the annotation with a uuid: nil when there is none, and a nil label when it has none.
        let labelOf: (String) -> String??
    }

    static let sheet: [Rule<Sheet>] = [
        Rule("answers are an object") { $0.answers.isObject ? nil : Fault($0.answers, complaint: "must be an object") },
        Rule("every answer belongs to a question") { (sheet: Sheet) -> [Fault] in
            sheet.answers.members.filter { sheet.attributes[$0.name] == nil }
                .map { Fault($0.value, complaint: "is not an attribute of this task") }
        },
    ]

    static let question: [Rule<Question>] = [
        Rule("a question that is asked is answered", onSubmit: true) { question in
            question.answer == nil && question.attribute.isRequired
                ? Fault(question.owner, question.member, question.key, complaint: "is required") : nil
        }
    ]

    static let choice: [Rule<Choice>] = [
        Rule("a choice is a text") { $0.value.isString ? nil : Fault($0.value, complaint: "must be a string") },
        Rule("a choice is one of those offered") { subject in
            guard let choice = subject.value.string, !subject.choices.contains(choice) else { return nil }
            return Fault(
                subject.value, complaint: "\(JSONWriter.quoted(choice)) is not a choice of this attribute")
        },
    ]

    static let choices: [Rule<JSONValue>] = [
        Rule("several choices are a list") {
            $0.isArray ? nil : Fault($0, complaint: "must be an array of choices")
        }
    ]

    static let eachChoice: [Rule<JSONValue>] = [
        Rule("no choice is made twice") { (value: JSONValue) -> [Fault] in
            let seen = Seen()
            return value.elements.compactMap { element in
                guard let choice = element.string, !seen.insert(choice) else { return nil }
                return Fault(element, complaint: "repeats the choice \(JSONWriter.quoted(choice))")
            }
        }
    ]

    static let number: [Rule<Number>] = [
        Rule("a number is a number") { $0.value.double == nil ? Fault($0.value, complaint: $0.complaint) : nil },
        Rule("a number is not below the least") { subject in
            guard let number = subject.value.double, let least = subject.min, number < least else { return nil }
            return Fault(subject.value, complaint: subject.complaint)
        },
        Rule("a number is not above the greatest") { subject in
            guard let number = subject.value.double, let most = subject.max, number > most else { return nil }
            return Fault(subject.value, complaint: subject.complaint)
        },
        Rule("a number stands on a step") { subject in
            guard let number = subject.value.double, let step = subject.step else { return nil }
            let steps = (number - (subject.min ?? 0)) / step
            guard abs(steps - steps.rounded()) > 1e-9 else { return nil }
            let start = subject.min.map { " from \(Wording.number($0))" } ?? ""
            return Fault(subject.value, complaint: "must be in steps of \(Wording.number(step))\(start)")
        },
    ]

    static let imageRotation: [Rule<JSONValue>] = [
        Rule("the rotation of the picture is a quarter turn") { value in
            guard let angle = value.double, [0, 90, 180, 270].contains(angle) else {
                return Fault(value, complaint: "must be 0, 90, 180 or 270 degrees")
            }
            return nil
        }
    ]

    static let angle: [Rule<JSONValue>] = [
        Rule("an angle lies between 0 and 360 degrees") { value in
            guard let angle = value.double, (0...360).contains(angle) else {
                return Fault(value, complaint: "must be an angle of 0 to 360 degrees")
            }
            return nil
        }
    ]

    static let text: [Rule<JSONValue>] = [
        Rule("a text is a text") { $0.isString ? nil : Fault($0, complaint: "must be a string") }
    ]

    static let offset: [Rule<JSONValue>] = [
        Rule("an offset is a number") { $0.double == nil ? Fault($0, complaint: "must be a number of pixels") : nil }
    ]

    static let linked: [Rule<Link>] = [
        Rule("a linked object is named by its id") {
            $0.value.isString ? nil : Fault($0.value, complaint: "must be the uuid of an annotation")
        },
        Rule("a linked object is there") { link in
            guard let uuid = link.value.string, link.labelOf(uuid) == nil else { return nil }
            return Fault(
                link.value, complaint: "refers to the annotation \(JSONWriter.quoted(uuid)), which does not exist")
        },
        Rule("a linked object has an allowed label") { link in
            guard let label = link.value.string.flatMap(link.labelOf)?.flatMap({ $0 }), !link.allowed.contains(label)
            else { return nil }
            let wanted = Wording.list(link.allowed)
            return Fault(
                link.value, complaint: "must refer to an annotation labelled \(wanted), not \(JSONWriter.quoted(label))"
            )
        },
    ]

    static let names: [String] = [
        sheet.map(\.name), question.map(\.name), choice.map(\.name), choices.map(\.name),
        eachChoice.map(\.name), number.map(\.name), imageRotation.map(\.name), angle.map(\.name),
        text.map(\.name), offset.map(\.name), linked.map(\.name),
    ].flatMap { $0 }
}
