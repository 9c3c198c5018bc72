import JSON
import Labeling
import Testing

struct ParameterTests {
    private let image = ImageAnnotation()

    @Test func `numeric strings are stored as numbers and defaults are filled in`() throws {
        let task = try image.prepare(
            #"{"attachment":"https://a.example/x.png","geometries":{"box":{"objects_to_annotate":["car"],"min_width":"30"}}}"#,
            makeID: { "x" })
        let stored = try JSONTree(task.params)
        let expected = try JSONTree(
            #"{"attachment":"https://a.example/x.png","geometries":{"box":{"objects_to_annotate":["car"],"min_width":30}},"attachment_type":"image"}"#
        )
        #expect(stored == expected)
    }

    @Test func `members that a type does not know are kept and passed over`() throws {
        let categorization = try #require(TaskTypes.named("categorize"))
        let task = try categorization.prepare(
            #"{"attachment":"https://a.example","categories":["a"],"force":true}"#, makeID: { "x" })
        #expect(task.params.contains(#""force":true"#))
    }

    @Test func `base annotations get the uuids they lack, once`() throws {
        let body = """
            {"attachment":"https://a.example/x.png","geometries":{"point":{"objects_to_annotate":["a"]}},
             "base_annotations":{"annotations":[{"type":"point","label":"a","x":1,"y":1},
              {"uuid":"mine","type":"point","label":"a","x":2,"y":2},
              {"uuid":null,"type":"point","label":"a","x":3,"y":3}]}}
            """
        let ids = CountingIDs()
        let task = try image.prepare(body, makeID: ids.next)
        let document = try image.initialDocument(stored: task.params, makeID: { "never" })
        #expect(Set(document.collections["annotations", default: [:]].keys) == ["id-1", "id-2", "mine"])
    }

    @Test func `a hypothesis of an older type need not name its shape`() throws {
        let type = try #require(TaskTypes.named("pointannotation"))
        let body = """
            {"attachment":"https://a.example/x.png","objects_to_annotate":["a"],
             "hypothesis":{"annotations":[{"label":"a","x":1,"y":2}]}}
            """
        let task = try type.prepare(body, makeID: { "never" })
        let document = try type.initialDocument(stored: task.params, makeID: { "made" })
        let submission = try type.submission(of: document, stored: task.params, facts: [])
        #expect(submission.issues.isEmpty)
        #expect(
            submission.response == #"{"annotations":[{"uuid":"made","type":"point","label":"a","x":1,"y":2}]}"#)
    }

    @Test func `a hypothesis becomes the document and the document the same response`() throws {
        let create = try Fixtures.text("tasks/imageannotation/create.json")
        let response = try Fixtures.text("tasks/imageannotation/response.json")
        let body = "{\"hypothesis\":\(response)," + create.trimmingPrefix("{")
        let task = try image.prepare(body, makeID: { "never" })
        let document = try image.initialDocument(stored: task.params, makeID: { "never" })
        let submission = try image.submission(of: document, stored: task.params, facts: [])
        #expect(submission.issues.isEmpty)
        #expect(try JSONTree(submission.response) == JSONTree(response))
    }

    @Test(arguments: ["namedentityrecognition", "documenttranscription"])
    func `a response can be handed in as a hypothesis`(name: String) throws {
        let type = try #require(TaskTypes.named(name))
        let create = try Fixtures.text("tasks/\(name)/create.json")
        let response = try Fixtures.text("tasks/\(name)/response.json")
        let task = try type.prepare(
            "{\"hypothesis\":\(response)," + create.trimmingPrefix("{"), makeID: { "never" })
        let document = try type.initialDocument(stored: task.params, makeID: { "never" })
        let submission = try type.submission(of: document, stored: task.params, facts: [])
        #expect(submission.issues.isEmpty)
        #expect(try JSONTree(submission.response) == JSONTree(response))
    }

    @Test func `a form's hypothesis fills the fields it names`() throws {
        let type = TextCollection()
        let task = try type.prepare(try Fixtures.text("tasks/textcollection/create.json"), makeID: { "x" })
        let document = try type.initialDocument(stored: task.params, makeID: { "x" })
        #expect(document.collections == ["answers": ["course": RawJSON(#"{"value":["soup"]}"#)]])
    }

    @Test func `older types show the editor an equivalent image annotation`() throws {
        let type = try #require(TaskTypes.named("annotation"))
        let task = try type.prepare(try Fixtures.text("tasks/annotation/create.json"), makeID: { "x" })
        let editor = try #require(try type.editorParams(stored: task.params))
        let expected = try JSONTree(
            """
            {"geometries":{"box":{"objects_to_annotate":["baby cow","big cow"],"min_width":30,"min_height":30}},
             "with_labels":true,
             "examples":[{"correct":true,"image":"https://example.com/ok.jpg","explanation":"Tight boxes."}]}
            """)
        #expect(try JSONTree(editor) == expected)
        #expect(try image.editorParams(stored: task.params) == nil)
    }

    @Test func `people who label see no address of an attachment`() throws {
        let task = try image.prepare(try Fixtures.text("tasks/imageannotation/create.json"), makeID: { "x" })
        let seen = try image.labelerParams(stored: task.params)
        #expect(!seen.contains("https://example.com/img"))
        #expect(seen.contains("geometries"))
    }

    @Test func `attachments are named with their paths`() throws {
        let task = try image.prepare(try Fixtures.text("tasks/imageannotation/create.json"), makeID: { "x" })
        #expect(
            task.attachments == [
                AttachmentRequest(path: "attachment", url: "https://example.com/img/0001.jpg", kind: .picture),
                AttachmentRequest(
                    path: "context_attachments[0].attachment", url: "https://example.com/img/0001-rear.jpg",
                    role: .context, kind: .picture),
            ])
    }

    @Test(arguments: [
        ("text", "just a text", 0), ("website", "https://a.example", 0), ("image", "https://a.example/x.png", 1),
        ("text", "https://a.example/x.txt", 1), ("image", "scaledata://1/2", 1),
    ])
    func `texts and websites are not fetched`(type: String, attachment: String, count: Int) throws {
        let body = #"{"attachment":"\#(attachment)","attachment_type":"\#(type)","categories":["a"]}"#
        #expect(try Categorization().prepare(body, makeID: { "x" }).attachments.count == count)
    }

    @Test func `labels nest eight levels deep and no deeper`() throws {
        func body(_ depth: Int) -> String {
            let label = (0..<depth).reduce(#""leaf""#) { inner, level in
                #"{"choice":"h\#(level)","subchoices":[\#(inner)]}"#
            }
            return #"{"attachment":"https://a.example/x.png","geometries":{"box":{"objects_to_annotate":[\#(label)]}}}"#
        }
        #expect(try prepare(image, body(7)).issues.isEmpty)
        #expect(
            try prepare(image, body(8)).issues == [
                ExpectedIssue(
                    path: "geometries.box.objects_to_annotate",
                    message: "`geometries.box.objects_to_annotate` is nested deeper than 8 levels.")
            ])
    }

    @Test func `data collection reports the time spent`() throws {
        let document = Document(["answers": ["a": RawJSON(#"{"value":"x"}"#)]], secondsSpent: 15)
        let submission = try DataCollection().submission(of: document, stored: #"{"fields":{"a":"A"}}"#, facts: [])
        #expect(submission.response == #"{"fields":{"a":"x"},"time_spent_in_seconds":15}"#)
    }

    @Test func `a document reads what it writes`() throws {
        let document = Document(["b": ["x": RawJSON("{}")], "a": ["\"q": RawJSON(#"{"n":[1,2]}"#)]])
        #expect(try JSONDocument.read(document.json) { Document($0) } == document)
    }

    @Test func `order keys rise`() {
        let keys = (0..<5000).map { OrderKey.at($0) }
        #expect(keys[0] == "a0" && keys[61] == "az" && keys[62] == "b00")
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }
}
