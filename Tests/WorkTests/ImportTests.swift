import JSON
import Labeling
import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct ImportTests {
    private static let params = #"{"attachment_type":"text","instruction":"Polite?","categories":["polite","rude"]}"#

    private static func request(
        _ source: ImportSource, batch: String? = nil, dry: Bool = false,
        _ change: (inout ImportDefaults) -> Void = { _ in }
    ) -> ImportRequest {
        var defaults = ImportDefaults()
        change(&defaults)
        return ImportRequest(project: "p", batch: batch, source: source, defaults: defaults, isDry: dry)
    }

    private static func csv(_ text: String) -> ImportSource { .csv(text, columns: nil) }

    @Test(
        arguments: [
            ("a,b\n1,2\n", [[1: ["a", "b"]], [2: ["1", "2"]]]),
            (
                "\u{FEFF}a;b\r\n1;\"x;\"\"y\"\"\"\r\n\r\n3;4",
                [[1: ["a", "b"]], [2: ["1", "x;\"y\""]], [4: ["3", "4"]]]
            ),
            ("a\tb\n\"one\ntwo\"\t\nlast\t", [[1: ["a", "b"]], [2: ["one\ntwo", ""]], [4: ["last", ""]]]),
            ("", []), ("\n\n", []), ("a", [[1: ["a"]]]),
        ] as [(String, [[Int: [String]]])])
    func `tables are read as spreadsheets write them`(_ text: String, _ expected: [[Int: [String]]]) {
        #expect(CSVReader.records(text).map { [$0.line: $0.fields] } == expected)
    }

    @Test func `a quotation mark that nothing closes is told of its line`() {
        let records = CSVReader.records("a,b\n1,\"open\nrest")
        #expect(records.map(\.isOpen) == [false, true])
        #expect(records.map(\.line) == [1, 2])
    }

    @Test(arguments: Backend.available)
    func `a table becomes tasks once, each line judged alone`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", params: Self.params, product: .studio)
            try await shop.batch("b", of: "p")
            let table = Self.csv(
                "text,id,site,prio\nHello,u1,north,10\nGo away,u2,south,11\nBye,u1,,\nHello,,west,\n,,x,\n")
            let dry = try await shop.tasks.importTasks(Self.request(table, batch: "b", dry: true), by: shop.key)
            #expect(dry.lines.map(\.outcome) == [.ready, .refused, .exists, .ready, .refused])
            #expect(dry.columns?.map(\.target.name) == ["attachment", "unique_id", "metadata.site", "priority"])
            #expect(dry.lines[1].message == #"Column "prio" must be 10, 20 or 30."#)
            #expect(dry.lines[2].message == "The same as line 2; it is imported once.")
            #expect(try await shop.batches.summary("b", by: shop.key).counts.total == 0)

            let first = try await shop.tasks.importTasks(Self.request(table, batch: "b"), by: shop.key)
            #expect(first.lines.map(\.outcome) == [.created, .refused, .exists, .created, .refused])
            let again = try await shop.tasks.importTasks(Self.request(table, batch: "b"), by: shop.key)
            #expect(again.lines.map(\.outcome) == [.exists, .refused, .exists, .exists, .refused])
            #expect(again.lines[0].taskID == first.lines[0].taskID && again.lines[3].taskID == first.lines[3].taskID)
            #expect(try await shop.batches.summary("b", by: shop.key).counts.total == 2)

            let row = try await shop.stored(first.lines[0].taskID ?? "")
            #expect(row.stage == .staged && row.uniqueID == "u1" && row.priority == 10)
            #expect(try AnyJSON(row.metadata) == AnyJSON(#"{"site":"north"}"#))
            #expect(try await shop.history(row.id) == ["task.created"])
        }
    }

    @Test(arguments: Backend.available)
    func `the same data is another task where it goes elsewhere, or where the first one came to nothing`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", params: Self.params, product: .studio)
            try await shop.batch("b", of: "p")
            let lines = ImportSource.lines("Hello\r\n# a remark\n\nGoodbye\n")
            let first = try await shop.tasks.importTasks(Self.request(lines), by: shop.key)
            #expect(first.lines.map(\.number) == [1, 4])
            #expect(first.count(.created) == 2)
            #expect(
                try await shop.tasks.importTasks(Self.request(lines, batch: "b"), by: shop.key).count(.created) == 2)
            // A change of the project does not make the same data new.
            _ = try await shop.projects.setParams(
                "p", RawJSON(#"{"allow_multiple":true}"#), patch: true, by: shop.key)
            #expect(try await shop.tasks.importTasks(Self.request(lines), by: shop.key).count(.exists) == 2)
            _ = try await shop.tasks.cancel(first.lines[0].taskID ?? "", clearUniqueID: false, by: shop.key)
            let later = try await shop.tasks.importTasks(Self.request(lines), by: shop.key)
            #expect(later.lines.map(\.outcome) == [.created, .exists])
        }
    }

    @Test(arguments: Backend.available)
    func `an uploaded file counts by its bytes, and must be one of the account`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project(
                "p", type: "imageannotation", params: #"{"geometries":{"box":{"objects_to_annotate":["cow"]}}}"#)
            var urls: [String] = []
            for name in ["a.jpg", "b.jpg"] {
                let object = try await shop.store.put(try await Workshop.picture(20, 20))
                let file = try await shop.files.add(object, name: name, details: FileDetails(), by: shop.key)
                urls.append("scaledata://\(shop.seed.account)/\(file.id)")
            }
            let rows = (urls + ["scaledata://\(shop.seed.account)/none"]).map { RawJSON(#"{"attachment":"\#($0)"}"#) }
            let report = try await shop.tasks.importTasks(Self.request(.rows(rows)), by: shop.key)
            #expect(report.lines.map(\.outcome) == [.created, .exists, .refused])
            #expect(report.lines[2].message == "`attachment` names no file of this account.")
        }
    }

    @Test func `defaults stand in for what lines do not bring`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p", params: Self.params)
            let table = Self.csv("text,tags,metadata.site\nOne,\"a; b\",north\nTwo,,\n")
            let report = try await shop.tasks.importTasks(
                Self.request(table) {
                    $0.tags = ["usual"]
                    $0.priority = 20
                    $0.metadata = RawJSON(#"{"site":"somewhere","run":7}"#)
                }, by: shop.key)
            var rows: [TaskRow] = []
            for line in report.lines { rows.append(try await shop.stored(line.taskID ?? "")) }
            #expect(rows.map(\.tags) == [["a", "b"], ["usual"]])
            #expect(rows.map(\.priority) == [20, 20])
            #expect(try AnyJSON(rows[0].metadata) == AnyJSON(#"{"site":"north","run":7}"#))
            #expect(try AnyJSON(rows[1].metadata) == AnyJSON(#"{"site":"somewhere","run":7}"#))
        }
    }

    @Test func `a unique id of another project is not taken for the same task`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p", params: Self.params)
            try await shop.project("q")
            _ = try await shop.create("categorization", Sample.text(#""project":"q""#, #""unique_id":"u""#))
            let report = try await shop.tasks.importTasks(Self.request(Self.csv("text,id\nHello,u\n")), by: shop.key)
            #expect(report.lines.map(\.outcome) == [.refused])
            #expect(report.lines[0].message == #"The unique id "u" is already used by a task of the project "q"."#)
        }
    }

    @Test func `a launched batch refuses the whole import`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p", params: Self.params, product: .studio)
            try await shop.batch("b", of: "p")
            _ = try await shop.batches.finalize("b", by: shop.key)
            await #expect(
                throws: Issues("batch", #"The batch "b" is launched, so it takes no more tasks; make another one."#)
            ) { try await shop.tasks.importTasks(Self.request(.lines("Hello"), batch: "b"), by: shop.key) }
        }
    }
}
