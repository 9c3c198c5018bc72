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

/// A case about a picture, with its parameters read.
struct PictureCase: Sendable {
    let rule: RuleCase
    let params: ImageParams
    let facts: [AttachmentFacts]

    /// What it states, read once since it is looked at again and again.
    let stated: Statement

    static func all() throws -> [PictureCase] {
        try RuleCase.all().compactMap { rule in
            let type = try #require(TaskTypes.named(rule.type))
            return try params(type, rule).map {
                PictureCase(rule: rule, params: $0, facts: try rule.facts(), stated: try rule.statement())
            }
        }
    }

    private static func params(_ type: some TaskType, _ rule: RuleCase) throws -> ImageParams? {
        guard type.editor == .image else { return nil }
        return try type.params(stored: type.prepare(rule.params, makeID: { "made" }).params) as? ImageParams
    }

    /// Whether the case comes out as it states, without one of the rules.
    func holds(without name: String) throws -> Bool {
        var params = params
        params.rules = .without(name)
        let type = try #require(TaskTypes.named(rule.type))
        return try holds(type, params)
    }

    private func holds<Type: TaskType>(_ type: Type, _ params: ImageParams) throws -> Bool {
        let outcome = try rule.outcome(of: type, for: try #require(params as? Type.Params), facts: facts)
        guard outcome.issues == stated.issues else { return false }
        guard let response = stated.response else { return true }
        return try outcome.response.map { try JSONTree($0) } == response
    }
}

/// What a case states.
struct Statement: Sendable {
    let issues: Set<ExpectedIssue>
    let response: JSONTree?
}

/// What came out of a case; a response where it starts from a document.
struct RuleOutcome {
    let issues: Set<ExpectedIssue>
    let response: String?
}

extension RuleCase {
    func facts() throws -> [AttachmentFacts] {
        try attachments.map { try JSONDocument.read($0) { $0.facts } } ?? []
    }

    func statement() throws -> Statement {
        try JSONDocument.read(text) { element in
            Statement(issues: Set(element.expectedIssues), response: element["response"].map { JSONTree($0) })
        }
    }

    func outcome<Type: TaskType>(
        of type: Type, for params: Type.Params, facts: [AttachmentFacts]
    ) throws -> RuleOutcome {
        try JSONDocument.read(text) { element in
            if let given = element["given"] {
                let strictness: Strictness = element["strictness"]?.string == "draft" ? .draft : .submit
                // Read by itself, so that paths begin at the response.
                return try JSONDocument.read(given.rawText) { response in
                    let reader = JSONReader()
                    type.check(response, for: params, facts: facts, strictness: strictness, reader: reader)
                    let issues = reader.issues.map { ExpectedIssue(path: $0.path, message: $0.message) }
                    return RuleOutcome(issues: Set(issues), response: nil)
                }
            }
            let document = Document(try #require(element["document"]))
            let submission = try type.submission(of: document, for: params, facts: facts)
            let issues = submission.issues.map { ExpectedIssue(path: $0.path, message: $0.message, key: $0.key) }
            return RuleOutcome(issues: Set(issues), response: submission.response)
        }
    }
}

struct RuleTests {
    static let cases = Result { try RuleCase.all() }
    static let pictures = Result { try PictureCase.all() }

    @Test func `there are many rules and no two of a name`() throws {
        let cases = try Self.cases.get()
        #expect(try Self.pictures.get().count >= 300)
        #expect(Set(cases.map(\.testDescription)).count == cases.count)
    }

    @Test(arguments: try cases.get()) func `the rule holds`(rule: RuleCase) throws {
        let type = try #require(TaskTypes.named(rule.type))
        try expect(rule, type)
    }

    private func expect(_ rule: RuleCase, _ type: some TaskType) throws {
        let params = try type.params(stored: type.prepare(rule.params, makeID: { "made" }).params)
        let stated = try rule.statement()
        let outcome = try rule.outcome(of: type, for: params, facts: rule.facts())
        #expect(outcome.issues == stated.issues)
        if let expected = stated.response {
            #expect(try outcome.response.map { try JSONTree($0) } == expected)
        }
    }

    @Test func `the editor keeps rules of the same names`() throws {
        let listed = try JSONDocument.read(Fixtures.text("rule-names.json")) { $0.elements.compactMap(\.string) }
        #expect(RuleBook.names == listed)
        #expect(Set(listed).count == listed.count)
    }

    @Test(arguments: RuleBook.names) func `some case needs the rule`(name: String) throws {
        let isNeeded = try Self.pictures.get().contains { try !$0.holds(without: name) }
        #expect(isNeeded)
    }
}
