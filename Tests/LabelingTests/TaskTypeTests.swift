import Foundation
import JSON
import Labeling
import Testing

/// A refused body in the fixtures.
struct RefusedCase: CustomTestStringConvertible, Sendable {
    let type: String
    let name: String

    var testDescription: String { "\(type) \(name)" }

    static func all() throws -> [RefusedCase] {
        try TaskTypes.all.flatMap { type in
            try Fixtures.names(in: "tasks/\(type.name)/refused").map { RefusedCase(type: type.name, name: $0) }
        }
    }
}

struct TaskTypeTests {
    static let names = TaskTypes.all.map(\.name)

    @Test func `names and aliases are all different`() {
        let words = TaskTypes.all.flatMap { [$0.name] + $0.aliases }
        #expect(Set(words).count == words.count)
        #expect(TaskTypes.named("categorize")?.name == "categorization")
        #expect(TaskTypes.named("nothing") == nil)
    }

    @Test func `each folder of fixtures belongs to a type`() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Fixtures.root.appending(path: "tasks").path)
        #expect(folders.sorted() == Self.names.sorted())
    }

    @Test(arguments: names) func `each type has its fixtures`(name: String) throws {
        for file in ["create.json", "document.json", "response.json"] {
            #expect(Fixtures.exists("tasks/\(name)/\(file)"), "\(file)")
        }
        #expect(try !Fixtures.names(in: "tasks/\(name)/refused").isEmpty)
    }

    @Test(arguments: names) func `the document becomes the response`(name: String) throws {
        let type = try #require(TaskTypes.named(name))
        let task = try type.prepare(Fixtures.text("tasks/\(name)/create.json"), makeID: { "unused" })
        let (document, facts) = try JSONDocument.read(Fixtures.text("tasks/\(name)/document.json")) { value in
            (Document(try #require(value["collections"])), value["attachments"]?.facts ?? [])
        }
        let submission = try type.submission(of: document, stored: task.params, facts: facts)
        #expect(submission.issues.isEmpty, "\(submission.issues)")
        #expect(try JSONTree(submission.response) == JSONTree(Fixtures.text("tasks/\(name)/response.json")))
        #expect(
            task.attachments.map(\.path) == facts.map(\.path) || task.attachments.count > facts.count,
            "the fixture must state a fact for each primary attachment")
    }

    @Test(arguments: names) func `the response passes its own check`(name: String) throws {
        let type = try #require(TaskTypes.named(name))
        let task = try type.prepare(Fixtures.text("tasks/\(name)/create.json"), makeID: { "unused" })
        try JSONDocument.read(Fixtures.text("tasks/\(name)/response.json")) { response in
            for strictness in [Strictness.draft, .submit] {
                let reader = JSONReader()
                try type.check(response, stored: task.params, strictness: strictness, reader: reader)
                #expect(reader.issues.isEmpty)
            }
        }
    }

    @Test(arguments: names) func `what is stored can be stored again`(name: String) throws {
        let type = try #require(TaskTypes.named(name))
        let once = try type.prepare(Fixtures.text("tasks/\(name)/create.json"), makeID: { "unused" })
        let twice = try type.prepare(once.params, makeID: { "unused" })
        #expect(once.params == twice.params)
        #expect(once.attachments == twice.attachments)
    }

    @Test(arguments: names) func `the answer in test mode passes the check`(name: String) throws {
        let type = try #require(TaskTypes.named(name))
        let task = try type.prepare(Fixtures.text("tasks/\(name)/create.json"), makeID: { "unused" })
        let ids = CountingIDs()
        guard let canned = try type.cannedResponse(stored: task.params, makeID: ids.next) else {
            #expect(name == "pointannotation")
            return
        }
        try JSONDocument.read(canned) { response in
            let reader = JSONReader()
            try type.check(response, stored: task.params, strictness: .draft, reader: reader)
            #expect(reader.issues.isEmpty, "\(canned)")
        }
    }

    @Test(arguments: names) func `the contract can be printed`(name: String) throws {
        let type = try #require(TaskTypes.named(name))
        var printer = ShapePrinter()
        let shape = Self.shape(of: type)
        let printed = printer.print(shape)
        _ = try JSONTree(printed)
        for component in printer.components.values { _ = try JSONTree(component) }
        #expect(!type.summary.isEmpty && type.summary.hasSuffix("."))
    }

    private static func shape(of type: some TaskType) -> Shape { type.schema.shape }

    @Test(arguments: try RefusedCase.all()) func `a wrong body is refused by name`(refused: RefusedCase) throws {
        let type = try #require(TaskTypes.named(refused.type))
        try JSONDocument.read(Fixtures.text("tasks/\(refused.type)/refused/\(refused.name).json")) { value in
            let body = try #require(value["body"])
            var issues = try prepare(type, body.rawText).issues
            if type.requiresInstruction, body["instruction"] == nil {
                let missing = TaskTypes.instructionMissing
                issues.append(ExpectedIssue(path: missing.path, message: missing.message))
            }
            #expect(Set(issues) == Set(value.expectedIssues))
            #expect(issues.count == value.expectedIssues.count)
        }
    }
}
