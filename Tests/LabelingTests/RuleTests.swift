import JSON
import Labeling
import Testing

/// One case of the shared table of rules, with the members that its file gives to all of its cases.
struct RuleCase: CustomTestStringConvertible, Sendable {
    let file: String
    let type: String
    let name: String
    /// Merged parameters.
    let params: String
    /// The case itself.
    let text: String
    /// Facts of the file, unless the case has its own.
    let attachments: String?

    var testDescription: String { "\(file): \(name)" }

    static func all() throws -> [RuleCase] {
        try Fixtures.names(in: "rules").flatMap { file in
            try JSONDocument.read(Fixtures.text("rules/\(file).json")) { table in
                (table["cases"]?.elements).map(Array.init)?.map { element in
                    RuleCase(
                        file: file, type: table["type"]?.string ?? "", name: element["name"]?.string ?? "",
                        params: merge(table["params"], element["params"]), text: element.rawText,
                        attachments: (element["attachments"] ?? table["attachments"])?.rawText)
                } ?? []
            }
        }
    }

    /// The members of the second object in place of those of the first, as tasks inherit from projects.
    private static func merge(_ base: JSONValue?, _ own: JSONValue?) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            for member in base.map({ Array($0.members) }) ?? [] where own?[member.name] == nil {
                writer.key(member.name)
                writer.raw(member.value.raw)
            }
            for member in own.map({ Array($0.members) }) ?? [] {
                writer.key(member.name)
                writer.raw(member.value.raw)
            }
        }
        return writer.text
    }
}

struct RuleTests {
    static let cases = Result { try RuleCase.all() }

    @Test func `there are many rules and no two of a name`() throws {
        let cases = try Self.cases.get()
        #expect(cases.count >= 80)
        #expect(Set(cases.map(\.testDescription)).count == cases.count)
    }

    @Test(arguments: try cases.get()) func `the rule holds`(rule: RuleCase) throws {
        let type = try #require(TaskTypes.named(rule.type))
        let task = try type.prepare(rule.params, makeID: { "made" })
        let facts = try rule.attachments.map { try JSONDocument.read($0) { $0.facts } } ?? []
        try JSONDocument.read(rule.text) { element in
            let expected = Set(element.expectedIssues)
            if let given = element["given"] {
                let strictness: Strictness = element["strictness"]?.string == "draft" ? .draft : .submit
                // Read by itself, so that paths begin at the response.
                try JSONDocument.read(given.rawText) { response in
                    let reader = JSONReader()
                    try type.check(
                        response, stored: task.params, facts: facts, strictness: strictness, reader: reader)
                    let issues = reader.issues.map { ExpectedIssue(path: $0.path, message: $0.message) }
                    #expect(Set(issues) == expected)
                }
                return
            }
            let document = Document(try #require(element["document"]))
            let submission = try type.submission(of: document, stored: task.params, facts: facts)
            if let response = element["response"] {
                #expect(try JSONTree(submission.response) == JSONTree(response))
            }
            let issues = submission.issues.map { ExpectedIssue(path: $0.path, message: $0.message, key: $0.key) }
            #expect(Set(issues) == expected)
        }
    }
}
