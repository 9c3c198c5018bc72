import CSimdjson
import Foundation
import JSON

/// Reading and writing of JSON beside Foundation's coders and beside simdjson, which reads without making values.
enum JSONBenchmarks {
    static func run(_ report: inout Report) throws {
        report.table(
            "Reading JSON into typed values, MB/s",
            ["text", "bytes", "ours", "Foundation", "simdjson", "ours : Foundation"])
        try read("create task, short", shortBody, CreateTask.schema, &report)
        try read("create task, geometries", longBody, CreateTask.schema, &report)
        try read("response, 20 boxes", response(boxes: 20), Response.schema, &report)
        report.table("Writing JSON, MB/s", ["text", "bytes", "ours", "Foundation", "ours : Foundation"])
        try write(&report)
    }

    // MARK: Reading

    private static func read<Value: Decodable & Equatable & Sendable>(
        _ name: String, _ text: String, _ schema: Schema<Value>, _ report: inout Report
    ) throws {
        let bytes = Array(text.utf8)
        let data = Data(bytes)
        let decoder = JSONDecoder()
        func ours() throws -> Value? {
            try JSONDocument.read(bytes) { root in
                let reader = JSONReader()
                let value = schema(root, reader)
                try reader.finish()
                return value
            }
        }
        guard try ours() == decoder.decode(Value.self, from: data) else { throw Unequal(what: name) }
        guard let parser = json_parser_create() else { throw Unequal(what: "parser") }
        defer { json_parser_free(parser) }
        let seconds = try Measure.medians([
            { _ = try ours() },
            { _ = try decoder.decode(Value.self, from: data) },
            {
                var tape = json_tape()
                guard json_parser_parse(parser, bytes, bytes.count, 64, &tape) == json_ok else {
                    throw Unequal(what: name)
                }
            },
        ])
        let rates = seconds.map { Double(bytes.count) / $0 / 1e6 }
        report.row(name, ["\(bytes.count)"] + rates.map { shown($0) } + [shown(rates[0] / rates[1])])
    }

    private static let shortBody = """
        {"project": "street_scenes", "callback_url": "https://example.com/hooks/labels", "instruction": \
        "Draw a box around each **car** and each person.", "attachment": "https://example.com/frames/000123.jpg", \
        "geometries": {"box": {"objects_to_annotate": ["car", "person"], "min_height": 10, "min_width": 10}}, \
        "unique_id": "frame-000123", "priority": 10}
        """

    private static let longBody: String = {
        let labels = [
            "car", "van", "truck", "bus", "trailer", "motorcycle", "bicycle", "scooter", "person", "child", "animal",
            "traffic light", "traffic sign", "construction vehicle", "emergency vehicle", "stroller", "wheelchair",
            "tram",
        ].map { JSONWriter.quoted($0) }.joined(separator: ", ")
        let surfaces = ["road", "sidewalk", "parking place", "grass", "building", "fence", "water", "crosswalk", "sky"]
            .map { JSONWriter.quoted($0) }.joined(separator: ", ")
        let attributes = (1...7).map { number in
            """
            "attribute_\(number)": {"type": "category", "description": "How much of the object is hidden, part \(number)?", \
            "choices": ["not at all", "up to a quarter", "up to a half", "more than half"], "allow_multiple": \(number == 3), \
            "conditions": {"label_condition": {"label": ["car", "van", "truck", "bus"]}}}
            """
        }.joined(separator: ", ")
        let paragraph =
            #"Draw a tight box around **each** vehicle, mirrors included.\n\nDo not label what is behind "#
            + #"glass or on posters; the label \"trailer\" is for what has no engine of its own. "#
        return """
            {"project": "street_scenes", "callback_url": "https://example.com/hooks/labels?realm=street", "instruction": \
            "\(String(repeating: paragraph, count: 5))", "attachment": "https://example.com/frames/2024/000123.jpg", \
            "geometries": {"box": {"objects_to_annotate": [\(labels)], "min_height": 10, "min_width": 10.5, "can_rotate": true}, \
            "polygon": {"objects_to_annotate": [\(surfaces)], "min_vertices": 3, "max_vertices": 200}, \
            "line": {"objects_to_annotate": ["lane", "curb", "stop line"], "min_vertices": 2}}, \
            "annotation_attributes": {\(attributes)}, "tags": ["north", "rain", "night"], \
            "unique_id": "frame-000123", "priority": 10}
            """
    }()

    private static func response(boxes: Int) -> String {
        let labels = ["car", "person", "traffic light", "construction vehicle"]
        let annotations = (0..<boxes).map { number in
            """
            {"uuid": "3b1f0a52-6c1e-4d0b-9a51-\(100_000_000_000 + number * 7919)", "type": "box", "label": \
            "\(labels[number % 4])", "left": \(Double(number) * 37.25 + 0.125), "top": \(Double(number) * 11.5 + 3), \
            "width": \(120 + number), "height": \(Double(number) + 64.0625), \
            "attributes": {"occluded": "\(number % 2 == 0 ? "no" : "partly")", "lane": \(number % 4), "parked": \(number % 3 == 0)}}
            """
        }
        return "{\"annotations\": [\(annotations.joined(separator: ", "))]}"
    }

    // MARK: Writing

    private static func write(_ report: inout Report) throws {
        let decoder = JSONDecoder()
        let params = shortBody
        let answer = response(boxes: 4)
        let row = TaskRow(
            id: "68a1f00d0000a1b2c3d4e5f6", created: 1_719_990_001_234_567, updated: 1_719_990_101_234_567,
            completed: 1_719_990_201_234_567, type: "imageannotation", status: "completed",
            instruction: "Draw a box around each **car** and each person.", params: params, response: answer,
            callbackURL: "https://example.com/hooks/labels", uniqueID: "frame-000123", project: "street_scenes",
            isTest: false, priority: 10, tags: ["north", "rain"])
        let rows = [TaskRow](repeating: row, count: 100)
        // Foundation cannot splice: it gets the same content as values, with its times ready as text.
        let reply = TaskReply(
            id: row.id, created: "2024-07-03T07:00:01.234Z", updated: "2024-07-03T07:01:41.234Z",
            completed: "2024-07-03T07:03:21.234Z", type: row.type, status: row.status, instruction: row.instruction,
            params: try decoder.decode(CreateTask.self, from: Data(params.utf8)),
            response: try decoder.decode(Response.self, from: Data(answer.utf8)), callbackURL: row.callbackURL,
            uniqueID: row.uniqueID, project: row.project, isTest: row.isTest, priority: row.priority, tags: row.tags)
        let page = PageReply(docs: [TaskReply](repeating: reply, count: 100), total: 12_345, limit: 100, hasMore: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard try decoder.decode(PageReply.self, from: Data(ours(rows))) == page else { throw Unequal(what: "page") }
        let ourBytes = ours(rows).count
        let theirBytes = try encoder.encode(page).count
        let seconds = try Measure.medians([{ _ = ours(rows) }, { _ = try encoder.encode(page) }])
        let rates = [Double(ourBytes) / seconds[0] / 1e6, Double(theirBytes) / seconds[1] / 1e6]
        report.row("page of 100 tasks", ["\(ourBytes)"] + rates.map { shown($0) } + [shown(rates[0] / rates[1])])
    }

    private static func ours(_ rows: [TaskRow]) -> [UInt8] {
        var writer = JSONWriter(capacity: 4096)
        writer.object { writer in
            writer.array("docs") { writer in
                for row in rows { row.write(to: &writer) }
            }
            writer.field("total", 12_345)
            writer.field("limit", 100)
            writer.field("has_more", true)
        }
        return writer.bytes
    }

    private static func shown(_ number: Double) -> String {
        number < 100 ? String(format: "%.1f", number) : String(format: "%.0f", number)
    }
}

/// The two sides of a comparison do not make the same value, or a side fails.
struct Unequal: Error {
    var what: String
}

/// A task as the database hands it out: its JSON members as stored text.
private struct TaskRow {
    var id: String
    var created, updated, completed: Int64
    var type, status, instruction, params, response, callbackURL, uniqueID, project: String
    var isTest: Bool
    var priority: Int
    var tags: [String]

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("task_id", id)
            writer.field("created_at", time: created)
            writer.field("updated_at", time: updated)
            writer.field("completed_at", time: completed)
            writer.field("type", type)
            writer.field("status", status)
            writer.field("instruction", instruction)
            writer.field("params", raw: params)
            writer.field("response", raw: response)
            writer.field("callback_url", callbackURL)
            writer.field("unique_id", uniqueID)
            writer.field("project", project)
            writer.field("is_test", isTest)
            writer.field("priority", priority)
            writer.array("tags") { writer in
                for tag in tags { writer.value(tag) }
            }
        }
    }
}

private struct TaskReply: Codable, Equatable {
    var id, created, updated, completed, type, status, instruction: String
    var params: CreateTask
    var response: Response
    var callbackURL, uniqueID, project: String
    var isTest: Bool
    var priority: Int
    var tags: [String]

    enum CodingKeys: String, CodingKey {
        case type, status, instruction, params, response, project, priority, tags
        case id = "task_id"
        case created = "created_at"
        case updated = "updated_at"
        case completed = "completed_at"
        case callbackURL = "callback_url"
        case uniqueID = "unique_id"
        case isTest = "is_test"
    }
}

private struct PageReply: Codable, Equatable {
    var docs: [TaskReply]
    var total, limit: Int
    var hasMore: Bool

    enum CodingKeys: String, CodingKey {
        case docs, total, limit
        case hasMore = "has_more"
    }
}
