import JSON
import Labeling
import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct TaskCreationTests {
    @Test(arguments: Backend.available)
    func `a task is stored as it was sent, with defaults for the rest`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let made = try await shop.create()
            let row = try await shop.stored(made.id)
            #expect(row == made)
            #expect(row.status == .pending && row.stage == .queued)
            #expect(row.metadata == "{}" && row.tags.isEmpty && row.uniqueID == nil && row.priority == nil)
            #expect(row.callbackURL == nil && row.project == nil && row.paramVersion == nil)
            #expect(row.instruction == "Polite or not?")
            #expect(try AnyJSON(row.params)["categories"] == AnyJSON(#"["polite","rude"]"#))
            #expect(try AnyJSON(row.params)["instruction"] == nil)
            #expect(try await shop.history(row.id) == ["task.created"])
            let items = try await shop.workItems(row.id)
            #expect(items.map(\.state) == [.waiting])
            #expect(items.map(\.priority) == [10])
        }
    }

    @Test(arguments: Backend.available)
    func `a task with files waits for them and is not worked on yet`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let row = try await shop.create("imageannotation", Sample.boxes("http://127.0.0.1:2024/a.jpg"))
            #expect(row.stage == .ingesting)
            #expect(try await shop.attachments(row.id).map(\.state) == [.waiting])
            #expect(try await shop.workItems(row.id).isEmpty)
            #expect(try await shop.claim(.fetchAttachment).map(\.lane) == ["127.0.0.1:2024"])
        }
    }

    @Test(arguments: Backend.available)
    func `what a project gives is inherited, member by member`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project(
                "p", params: #"{"instruction":"Ours.","categories":["a","b"],"attachment_type":"text"}"#)
            let plain = try await shop.create("categorization", #"{"project":"p","attachment":"x","categories":null}"#)
            #expect(plain.instruction == "Ours.")
            #expect(plain.paramVersion == 0)
            #expect(try AnyJSON(plain.params)["categories"] == AnyJSON(#"["a","b"]"#))
            let own = try await shop.create(
                "categorization",
                #"{"project":"p","attachment":"x","instruction":"Mine.","categories":["c","d"]}"#)
            #expect(own.instruction == "Mine.\n\nOurs.")
            #expect(try AnyJSON(own.params)["categories"] == AnyJSON(#"["c","d"]"#))
            #expect(own.project == "p")
        }
    }

    @Test(arguments: Backend.available)
    func `a version of the project can be named, and minus one inherits nothing`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project(
                "p", params: #"{"instruction":"Old.","categories":["a","b"],"attachment_type":"text"}"#)
            _ = try await shop.projects.setParams("p", RawJSON(#"{"instruction":"New."}"#), patch: true, by: shop.key)
            func instruction(_ version: String) async throws -> [String?] {
                let row = try await shop.create(
                    "categorization", #"{"project":"p","attachment":"x"\#(version)}"#)
                return [row.instruction, row.paramVersion.map(String.init)]
            }
            #expect(try await instruction("") == ["New.", "1"])
            #expect(try await instruction(#","project_version":0"#) == ["Old.", "0"])
            #expect(try await instruction(#","project_param_version":0"#) == ["Old.", "0"])
            let free = try await shop.create("categorization", Sample.text(#""project":"p""#, #""project_version":-1"#))
            #expect(free.instruction == "Polite or not?")
            #expect(free.paramVersion == -1)
            let absent = await #expect(throws: Issues.self) {
                try await instruction(#","project_version":7"#)
            }
            #expect(absent?.all.map(\.path) == ["project_version"])
        }
    }

    @Test(arguments: Backend.available)
    func `projects and batches that do not fit are refused`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("plain")
            try await shop.project("other")
            try await shop.project("boxes", type: "imageannotation")
            try await shop.project("rapid", product: .rapid)
            try await shop.batch("of plain", of: "plain")
            try await shop.batch("launched", of: "rapid")
            _ = try await shop.batches.finalize("launched", by: shop.key)
            let refused: [(String, Refusal)] = [
                (#""project":"none""#, .noSuchProject("none")), (#""batch":"none""#, .noSuchBatch("none")),
            ]
            for (member, refusal) in refused {
                await #expect(throws: refusal) { try await shop.create("categorization", Sample.text(member)) }
            }
            let wrong: [([String], JSON.Issue)] = [
                (
                    [#""project":"boxes""#],
                    JSON.Issue(
                        path: "project",
                        message: "`project` has tasks of type imageannotation; this request creates categorization.")
                ),
                (
                    [#""project":"other""#, #""batch":"of plain""#],
                    JSON.Issue(
                        path: "batch",
                        message: #"`batch` "of plain" belongs to the project "plain", not to "other"."#)
                ),
                ([#""project":"rapid""#], JSON.Issue(path: "batch", message: "`batch` is required in Rapid projects.")),
                (
                    [#""batch":"launched""#],
                    JSON.Issue(
                        path: "batch",
                        message: "`batch` is no longer staging; tasks can only be added until it is finalized.")
                ),
            ]
            for (members, issue) in wrong {
                let body = Sample.text(members.joined(separator: ","))
                await #expect(throws: Issues([issue])) { try await shop.create("categorization", body) }
            }
            let implied = try await shop.create("categorization", Sample.text(#""batch":"of plain""#))
            #expect(implied.project == "plain" && implied.batch == "of plain")
        }
    }

    @Test(arguments: Backend.available)
    func `a unique id is given once, and the refusal names who has it`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let body = Sample.text(#""unique_id":"s3://bucket/a.png""#)
            let first = try await shop.create("categorization", body)
            let refusal = await #expect(throws: Refusal.self) { try await shop.create("categorization", body) }
            #expect(refusal?.code == .duplicate)
            #expect(
                refusal?.message
                    == #"The unique_id ("s3://bucket/a.png") is already used for a different task (\#(first.id))."#)
            _ = try await shop.create("categorization", body, by: shop.testKey)
            _ = try await shop.tasks.cancel(first.id, clearUniqueID: true, by: shop.key)
            _ = try await shop.create("categorization", body)
        }
    }

    @Test(arguments: Backend.available)
    func `an idempotency key makes one task, and none if the task is refused`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let first = try await shop.create(idempotencyKey: "once")
            await #expect(
                throws: Refusal(.duplicate, "The provided idempotency key is already in use for task (\(first.id)).")
            ) { try await shop.create(idempotencyKey: "once") }
            _ = try await shop.create("categorization", Sample.text(#""unique_id":"a""#))
            await #expect(throws: Refusal.self) {
                try await shop.create("categorization", Sample.text(#""unique_id":"a""#), idempotencyKey: "two")
            }
            _ = try await shop.create(idempotencyKey: "two")
            _ = try await shop.create(idempotencyKey: "once", by: shop.testKey)
        }
    }

    @Test(
        arguments: [
            ("", nil, 10), (#""priority":null"#, nil, 10), (#""priority":10"#, 10, 10), (#""priority":30"#, 30, 30),
        ] as [(String, Int?, Int)])
    func `a priority that is not set counts as ten and is shown as zero`(
        _ member: String, _ stored: Int?, _ effective: Int
    ) async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let row = try await shop.create(
                "categorization", member.isEmpty ? Sample.text() : Sample.text(member))
            #expect(row.priority == stored)
            #expect(try AnyJSON(row.text(isTest: false))["priority"]?.int == stored ?? 0)
            #expect(try await shop.workItems(row.id).map(\.priority) == [effective])
        }
    }

    @Test func `the account's callback is used where a task names none`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let actor = Actor(
                kind: .key(id: "k"),
                realm: RealmContext(
                    id: shop.seed.live, account: shop.seed.account, isTest: false,
                    defaultCallbackURL: "https://example.com/all"), role: .admin, name: "k")
            #expect(try await shop.create(by: actor).callbackURL == "https://example.com/all")
            let own = try await shop.create(
                "categorization", Sample.text(#""callback_url":"me@example.com""#), by: actor)
            #expect(own.callbackURL == "me@example.com")
        }
    }

    @Test(arguments: Backend.available)
    func `an uploaded file is known in its own account only`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let other = Workshop.key(of: try await Seed.account("other", in: shop.database))
            let object = try await shop.store.put(try await Workshop.picture(64, 48))
            let file = try await shop.files.add(object, name: "a.jpg", details: FileDetails(), by: other)
            let body = Sample.boxes(file.address(account: other.realm.account))
            await #expect(
                throws: Issues([JSON.Issue(path: "attachment", message: "`attachment` names no file of this account.")])
            ) { try await shop.create("imageannotation", body) }
            #expect(try await shop.create("imageannotation", body, by: other).stage == .ingesting)
            for address in ["scaledata://x", "scaledata://a/b/c", "scaledata://a/"] {
                await #expect(throws: Issues.self) {
                    try await shop.create("imageannotation", Sample.boxes(address))
                }
            }
        }
    }

    @Test func `all that is wrong is told at once`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let issues = await #expect(throws: Issues.self) {
                try await shop.create(
                    "imageannotation",
                    """
                    {"attachment":"ftp://example.com/a.jpg","priority":15,"metadata":[],"unique_id":"","tags":"a",
                    "callback_url":"nowhere","geometries":{"box":{"objects_to_annotate":["cow"]}}}
                    """)
            }
            #expect(
                Set(issues?.all.map(\.path) ?? [])
                    == ["attachment", "priority", "metadata", "unique_id", "tags", "callback_url"])
        }
    }

    @Test func `every refused body of the fixtures is refused with all its complaints`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            for type in try SharedFixtures.types() {
                for path in try SharedFixtures.refused(type) {
                    let fixture = try AnyJSON(SharedFixtures.text(path))
                    let expected = fixture["issues"]?.elements.compactMap { $0["message"]?.string } ?? []
                    let issues = await #expect(throws: Issues.self, "\(path)") {
                        try await shop.create(type, fixture["body"]?.description ?? "")
                    }
                    #expect(Set(issues?.all.map(\.message) ?? []) == Set(expected), "\(path)")
                }
            }
        }
    }
}
