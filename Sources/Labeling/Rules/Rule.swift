import JSON

/// A demand on answers, with a name that the editor's list of rules knows too.
struct Rule<Subject>: Sendable {
    let name: String
    /// Asked only of what is submitted.
    let isForSubmission: Bool
    /// The faults of a subject: none when it meets the demand, and when the demand says nothing about such a subject.
    let judge: @Sendable (Subject) -> [Fault]

    init(_ name: String, onSubmit: Bool = false, faults judge: @escaping @Sendable (Subject) -> [Fault]) {
        self.name = name
        isForSubmission = onSubmit
        self.judge = judge
    }

    init(_ name: String, onSubmit: Bool = false, fault judge: @escaping @Sendable (Subject) -> Fault?) {
        self.init(name, onSubmit: onSubmit, faults: { subject in judge(subject).map { [$0] } ?? [] })
    }
}

/// What is wrong with a value or with a member of it, as the rest of a sentence that begins with the place.
struct Fault {
    let value: JSONValue
    /// Names of members from the value on, which may be absent.
    let members: [String]
    let complaint: String

    init(_ value: JSONValue, _ members: String..., complaint: String) {
        self.value = value
        self.members = members
        self.complaint = complaint
    }
}

/// The rules in force: all of them, or all but one to see what that one is good for.
package struct RuleBook: Sendable, Equatable {
    private let missing: String?

    package static let all = RuleBook(missing: nil)

    private init(missing: String?) {
        self.missing = missing
    }

    /// All rules but the one with this name.
    package static func without(_ name: String) -> RuleBook { RuleBook(missing: name) }

    /// Whether the rule with this name is in force.
    func contains(_ name: String) -> Bool { missing.map { $0 != name } ?? true }
}

/// Judges subjects by rules and reports their faults.
struct Judge {
    let strictness: Strictness
    let reader: JSONReader
    let book: RuleBook

    init(_ strictness: Strictness, _ reader: JSONReader, _ book: RuleBook = .all) {
        self.strictness = strictness
        self.reader = reader
        self.book = book
    }

    /// Reports the faults by all of the rules; whether there were none.
    @discardableResult
    func all<Subject>(_ rules: [Rule<Subject>], _ subject: Subject) -> Bool {
        rules.reduce(true) { isRight, rule in keeps(rule, subject) && isRight }
    }

    /// Reports the faults by the first rule that finds some, for rules that build on each other; whether there were none.
    @discardableResult
    func inTurn<Subject>(_ rules: [Rule<Subject>], _ subject: Subject) -> Bool {
        rules.allSatisfy { keeps($0, subject) }
    }

    private func keeps<Subject>(_ rule: Rule<Subject>, _ subject: Subject) -> Bool {
        guard !rule.isForSubmission || strictness == .submit, book.contains(rule.name) else { return true }
        let faults = rule.judge(subject)
        for fault in faults { report(fault) }
        return faults.isEmpty
    }

    private func report(_ fault: Fault) {
        guard !fault.members.isEmpty else {
            reader.report(fault.value, fault.complaint)
            return
        }
        var path = JSONPath(fault.value.path)
        for member in fault.members { path.append(key: member) }
        reader.report(path: path.text, fault.complaint)
    }
}

extension JSONValue {
    /// A member that is there and says something.
    func given(_ name: String) -> JSONValue? {
        self[name].flatMap { $0.isNull ? nil : $0 }
    }
}

extension RuleBook {
    /// The names of all rules about pictures, in the order of the alphabet.
    package static let names: [String] = [
        IdentityRules.all.map(\.name), AnswerRules.names, AnswerFinish.all.map(\.name), Condition.all.map(\.name),
        Counting.all.map(\.name), LinkChecks.names, FigureRules.names, LimitRules.names, AnnotationRules.names,
        BaseRules.all.map(\.name), [OpenDocument.ordering], WritingRules.names,
    ].flatMap { $0 }.sorted()
}
