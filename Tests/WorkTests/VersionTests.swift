import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct VersionTests {
    private static func params(_ categories: String, _ more: String = "") -> RawJSON {
        RawJSON(#"{"attachment_type":"text","instruction":"Polite?","categories":[\#(categories)]\#(more)}"#)
    }

    @Test(arguments: Backend.available)
    func `a version follows the one its author has seen`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p")
            let first = try await shop.projects.save(
                Self.params(#""polite","rude""#), of: "p", following: -1, by: shop.key)
            #expect(first.version.version == 0)
            let second = try await shop.projects.save(
                Self.params(#""polite""#), of: "p", following: 0, by: shop.key)
            #expect(second.differences.map(\.path) == ["categories[rude]"])
            await #expect(throws: Refusal.self) {
                try await shop.projects.save(Self.params(#""rude""#), of: "p", following: 0, by: shop.key)
            }
            let versions = try await shop.projects.versions("p", by: shop.key)
            #expect(versions.map(\.version.version) == [1, 0])
            #expect(versions.map(\.changes) == [1, 3])
            let shown = try await shop.projects.version(0, of: "p", against: 1, by: shop.key)
            #expect(shown.differences.map(\.kind) == [.added])
        }
    }

    @Test(
        arguments: [
            (#"{"categories":["a"]}"#, [], ["attachment", "instruction"]),
            (#"{"instruction":"I","categories":"a"}"#, ["categories"], ["attachment"]),
            (
                #"{"instruction":7,"categories":["a"],"allow_multiple":"x"}"#, ["allow_multiple", "instruction"],
                ["attachment"]
            ),
        ] as [(String, [String], [String])])
    func `parameters are checked without a task`(
        _ params: String, _ issues: [String], _ left: [String]
    ) throws {
        let type = try #require(TaskTypes.named("categorization"))
        let check = try ProjectOperations.check(RawJSON(params), of: type)
        #expect(check.issues.map(\.path) == issues)
        #expect(check.leftToTasks == left)
    }

    @Test(arguments: TaskTypes.all.map(\.name))
    func `a project of any type may leave everything to its tasks`(_ name: String) throws {
        let type = try #require(TaskTypes.named(name))
        #expect(try ProjectOperations.check(RawJSON("{}"), of: type).issues.isEmpty)
    }

    @Test(arguments: Backend.available)
    func `a trial tells what a change would break, and changes nothing`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", params: Self.params(#""polite","rude""#).text)
            let ada = try await Labeler.new(shop)
            func make(_ more: String) async throws {
                _ = try await shop.create("categorization", #"{"project":"p","attachment":"Hello"\#(more)}"#)
            }
            for _ in 0..<3 { try await make("") }
            // What a task brings itself is no matter of the project's.
            try await make(#","categories":["rude"]"#)
            for answer in ["polite", "rude", "rude"] { try await ada.answer(try await ada.take(), answer) }

            let change = Self.params(#""polite","neutral""#)
            let trial = try await shop.projects.tryParams(change, on: "p", after: nil, limit: 100, by: shop.key)
            #expect(trial.total == 4 && trial.tried == 4 && trial.next == nil)
            #expect(trial.brokenTasks == 0 && trial.brokenAnswers == 2)
            #expect(trial.problems.map(\.on) == [.answer] && trial.problems.map(\.count) == [2])
            #expect(trial.differences.map(\.path) == ["categories[rude]", "categories[neutral]"])
            #expect(try await shop.projects.versions("p", by: shop.key).count == 1)

            // In portions the sum is the same.
            var (tried, broken): (Int, Int) = (0, 0)
            var cursor: TaskCursor?
            repeat {
                let part = try await shop.projects.tryParams(change, on: "p", after: cursor, limit: 1, by: shop.key)
                tried += part.tried
                broken += part.brokenAnswers
                cursor = part.next
            } while cursor != nil
            #expect(tried == 4 && broken == 2)

            let wrong = try await shop.projects.tryParams(
                RawJSON(#"{"categories":"x"}"#), on: "p", after: nil, limit: 100, by: shop.key)
            #expect(wrong.check.issues.map(\.path) == ["categories"] && wrong.tried == 0)
        }
    }

    @Test func `what was wrong before is not blamed on a change`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p", params: Self.params(#""polite""#).text)
            let ada = try await Labeler.new(shop)
            _ = try await shop.create("categorization", #"{"project":"p","attachment":"Hello"}"#)
            let row = try await ada.answer(try await ada.take())
            try await shop.database.write { db in
                _ = try db.setTaskResponse(
                    realm: row.realm, id: row.id, response: #"{"category":"unheard of"}"#, extra: nil, at: row.createdAt
                )
            }
            let trial = try await shop.projects.tryParams(
                Self.params(#""polite","rude""#), on: "p", after: nil, limit: 100, by: shop.key)
            #expect(trial.tried == 1 && trial.brokenAnswers == 0 && trial.problems.isEmpty)
        }
    }

    @Test func `a project is created with parameters that can be used`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let type = try #require(TaskTypes.named("categorization"))
            func request(_ params: String) -> NewProjectRequest {
                NewProjectRequest(
                    type: type, name: "p", params: RawJSON(params), product: .studio, pipeline: nil,
                    consensusAttempts: nil, datasetID: nil)
            }
            await #expect(
                throws: Issues("params.categories", "`params.categories` must not be empty.")
            ) { try await shop.projects.createChecked(request(#"{"categories":[]}"#), by: shop.key) }
            let made = try await shop.projects.createChecked(request(#"{"categories":["a"]}"#), by: shop.key)
            #expect(made.latest?.version == 0 && made.attention.map(\.kind) == [.noInstruction])
        }
    }
}
