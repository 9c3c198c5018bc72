import JSON
import Labeling
import TestSupport
import Testing

/// Bodies and documents with parts replaced at random: they may be refused, but nothing may trap.
struct HostileTests {
    private static let junk = [
        "null", "true", "-1", "1e308", "9223372036854775807", "0.1", "\"\"", "\"x\"", "\"1\"", "[]", "{}", "[null]",
        "[[]]", #"{"x":{}}"#, #"{"label":null}"#, "[1,\"a\",{}]", "\"\\ud83c\\udf88\"",
    ]

    /// The texts of a document with one value after the other replaced.
    private static func mutations(of text: String, seed: Int, count: Int) throws -> [String] {
        var random = SeededGenerator(seed: UInt64(seed))
        return try JSONDocument.read(text) { root in
            let places = all(root)
            return (0..<count).map { _ in
                let reader = JSONReader()
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    guard let place = places.randomElement(using: &random),
                        let junk = junk.randomElement(using: &random)
                    else { continue }
                    reader.replace(place, with: junk)
                }
                return reader.normalized(root)
            }
        }
    }

    /// All values below one.
    private static func all(_ value: JSONValue) -> [JSONValue] {
        value.members.flatMap { [$0.value] + all($0.value) } + value.elements.flatMap { [$0] + all($0) }
    }

    @Test(arguments: TaskTypeTests.names) func `no parameters trap`(name: String) throws {
        let type = try #require(TaskTypes.named(name))
        let create = try Fixtures.text("tasks/\(name)/create.json")
        let document = try JSONDocument.read(Fixtures.text("tasks/\(name)/document.json")) {
            Document(try #require($0["collections"]))
        }
        for body in try Self.mutations(of: create, seed: name.count, count: 400) {
            let (task, issues) = try prepare(type, body)
            #expect(issues.isEmpty == (task != nil), "\(body)")
            for issue in issues { #expect(issue.message.hasSuffix("."), "\(body)") }
            guard let task else { continue }
            _ = try type.submission(of: document, stored: task.params, facts: [])
            _ = try type.cannedResponse(stored: task.params, makeID: { "made" })
            _ = try type.initialDocument(stored: task.params, makeID: { "made" })
            _ = try type.labelerParams(stored: task.params)
            _ = try type.editorParams(stored: task.params)
        }
    }

    @Test(arguments: TaskTypeTests.names) func `no document traps`(name: String) throws {
        let type = try #require(TaskTypes.named(name))
        let task = try type.prepare(Fixtures.text("tasks/\(name)/create.json"), makeID: { "unused" })
        let text = try Fixtures.text("tasks/\(name)/document.json")
        for mutated in try Self.mutations(of: text, seed: name.count, count: 400) {
            try JSONDocument.read(mutated) { value in
                guard let collections = value["collections"] else { return }
                let facts = value["attachments"]?.facts ?? []
                let submission = try type.submission(of: Document(collections), stored: task.params, facts: facts)
                for issue in submission.issues { #expect(issue.message.hasSuffix(".")) }
            }
        }
    }

    @Test(arguments: TaskTypeTests.names) func `no response traps`(name: String) throws {
        let type = try #require(TaskTypes.named(name))
        let task = try type.prepare(Fixtures.text("tasks/\(name)/create.json"), makeID: { "unused" })
        let text = try Fixtures.text("tasks/\(name)/response.json")
        for mutated in try Self.mutations(of: text, seed: name.count, count: 400) {
            try JSONDocument.read(mutated) { response in
                for strictness in [Strictness.draft, .submit] {
                    try type.check(
                        response, stored: task.params, strictness: strictness, reader: JSONReader())
                }
            }
        }
    }

    @Test func `a hundred thousand wrong elements are refused quickly`() throws {
        let wrong = String(repeating: "7,", count: 100_000) + "7"
        let body =
            #"{"attachment":"https://a.example/x.png","geometries":{"box":{"objects_to_annotate":["a"]}},"hypothesis":{"annotations":[\#(wrong)]}}"#
        let start = ContinuousClock.now
        #expect(try prepare(ImageAnnotation(), body).issues.count == 100)
        #expect(start.duration(to: .now) < .seconds(5))
    }
}
