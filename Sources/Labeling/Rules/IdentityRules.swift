import JSON

/// Strings met so far, such as ids that must not stand twice.
final class Seen {
    private var strings: Set<String> = []

    /// Whether the string was not met before.
    func insert(_ string: String) -> Bool { strings.insert(string).inserted }
}

/// What is demanded of the ids of things in a response.
enum IdentityRules {
    struct Subject {
        let object: JSONValue
        /// The member that holds the id.
        let member: String
        let seen: Seen
    }

    static let all: [Rule<Subject>] = [
        Rule("what is submitted has an id", onSubmit: true) { subject in
            subject.object.given(subject.member) == nil
                ? Fault(subject.object, subject.member, complaint: "is required") : nil
        },
        Rule("an id has 1 to 200 characters") { subject in
            guard let value = subject.object.given(subject.member) else { return nil }
            guard let id = value.string, !id.isEmpty, id.utf8.count <= 200 else {
                return Fault(value, complaint: "must be a string of 1 to 200 characters")
            }
            return nil
        },
        Rule("an id stands once") { subject in
            guard let value = subject.object.given(subject.member), let id = value.string else { return nil }
            return subject.seen.insert(id)
                ? nil : Fault(value, complaint: "\(JSONWriter.quoted(id)) is used more than once")
        },
    ]
}
