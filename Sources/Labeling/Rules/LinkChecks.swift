import JSON

/// What is demanded of links between annotations.
enum LinkChecks {
    struct Member {
        let link: JSONValue
        let name: String
    }

    /// A link whose label and ends are there.
    struct Subject {
        let link: JSONValue
        let label: String
        let from: String
        let to: String
        let rules: LinkRules
        /// The labels of the annotations by uuid; nil for one without a label.
        let labels: [String: String?]
        /// Links met before.
        let seen: Seen

        /// The rule that admits the link; nil when there is none or an end has no label.
        var rule: LinkRules.Rule? {
            guard let first = labels[from].flatMap({ $0 }), let second = labels[to].flatMap({ $0 }) else { return nil }
            return rules.rule(label, from: first, to: second)
        }

        func missing(_ end: String, _ uuid: String) -> Fault? {
            guard labels[uuid] == nil else { return nil }
            let name = JSONWriter.quoted(uuid)
            return Fault(link, end, complaint: "refers to the annotation \(name), which does not exist")
        }
    }

    static let list: [Rule<JSONValue>] = [
        Rule("links are a list") { $0.isArray ? nil : Fault($0, complaint: "must be an array") }
    ]

    static let shape: [Rule<JSONValue>] = [
        Rule("a link is an object") { $0.isObject ? nil : Fault($0, complaint: "must be an object") }
    ]

    static let member: [Rule<Member>] = [
        Rule("a link has a label and two ends") {
            $0.link.given($0.name) == nil ? Fault($0.link, $0.name, complaint: "is required") : nil
        },
        Rule("label and ends of a link are texts of 1 to 1000 characters") { member in
            guard let value = member.link.given(member.name) else { return nil }
            guard let text = value.string, (1...1000).contains(text.unicodeScalars.count) else {
                return Fault(value, complaint: "must be a string of 1 to 1000 characters")
            }
            return nil
        },
    ]

    static let link: [Rule<Subject>] = [
        Rule("a link has a label of the task") { subject in
            guard subject.rules[subject.label] == nil else { return nil }
            let label = JSONWriter.quoted(subject.label)
            return Fault(subject.link, "label", complaint: "\(label) is not a link of this task")
        },
        Rule("a link leads to another annotation") {
            $0.from == $0.to ? Fault($0.link, "to", complaint: "must differ from `from`") : nil
        },
        Rule("a link starts at an annotation that is there") { $0.missing("from", $0.from) },
        Rule("a link ends at an annotation that is there") { $0.missing("to", $0.to) },
        Rule("a link joins labels that may be joined") { subject in
            // An unlabelled end is reported at the annotation.
            guard let first = subject.labels[subject.from].flatMap({ $0 }),
                let second = subject.labels[subject.to].flatMap({ $0 }),
                subject.rules[subject.label] != nil, subject.rule == nil
            else { return nil }
            let (from, to) = (JSONWriter.quoted(first), JSONWriter.quoted(second))
            return Fault(subject.link, complaint: "must not lead from \(from) to \(to)")
        },
        Rule("a link stands once") { subject in
            guard let rule = subject.rule else { return nil }
            let ends = rule.isBidirectional ? [subject.from, subject.to].sorted() : [subject.from, subject.to]
            let key = ([subject.label] + ends).map { JSONWriter.quoted($0) }.joined(separator: ",")
            return subject.seen.insert(key) ? nil : Fault(subject.link, complaint: "repeats an earlier link")
        },
    ]

    static let names: [String] = [
        list.map(\.name), shape.map(\.name), member.map(\.name), link.map(\.name),
    ].flatMap { $0 }

    /// Checks the `links` of a response, given the labels of its annotations by uuid.
    static func check(
        _ response: JSONValue, params: ImageParams, labels: [String: String?], judge: Judge
    ) {
        guard let links = response.given("links"), judge.all(list, links), links.isArray else { return }
        let (ids, seen) = (Seen(), Seen())
        for link in links.elements {
            guard judge.all(shape, link), link.isObject else { continue }
            judge.inTurn(IdentityRules.all, IdentityRules.Subject(object: link, member: "uuid", seen: ids))
            let areMembersRight = ["label", "from", "to"].map { judge.inTurn(member, Member(link: link, name: $0)) }
            if !areMembersRight.contains(false), let label = link["label"]?.string, let from = link["from"]?.string,
                let to = link["to"]?.string
            {
                judge.inTurn(
                    Self.link,
                    Subject(
                        link: link, label: label, from: from, to: to, rules: params.links, labels: labels, seen: seen))
            }
            params.attributes.local.check(
                link, member: "attributes", label: link["label"]?.string, scope: .link, judge: judge,
                labelOf: { labels[$0] })
        }
    }
}
