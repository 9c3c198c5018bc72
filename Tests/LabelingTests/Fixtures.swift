import Foundation
import JSON
import Labeling

/// The folder of fixtures, which other test suites read too.
enum Fixtures {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The names of the JSON files in a folder, without their ending.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }
}

/// JSON compared by what it means: members in any order, numbers by value.
indirect enum JSONTree: Hashable, Sendable, CustomStringConvertible {
    case object([String: JSONTree])
    case array([JSONTree])
    case string(String)
    case number(Double)
    case bool(Bool)
    case null

    init(_ value: JSONValue) {
        switch value.kind {
        case .object:
            self = .object(
                Dictionary(value.members.map { ($0.name, JSONTree($0.value)) }, uniquingKeysWith: { _, last in last }))
        case .array: self = .array(value.elements.map { JSONTree($0) })
        case .string: self = .string(value.string ?? "")
        // The last bits of computed corners may differ between C libraries.
        case .integer, .number: self = .number(((value.double ?? 0) * 1e6).rounded() / 1e6)
        case .bool: self = .bool(value.bool ?? false)
        case .null: self = .null
        }
    }

    init(_ text: String) throws {
        self = try JSONDocument.read(text) { JSONTree($0) }
    }

    var description: String {
        switch self {
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(JSONWriter.quoted($0.key)):\($0.value)" }
                .joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.description).joined(separator: ",") + "]"
        case .string(let text): JSONWriter.quoted(text)
        case .number(let number): "\(number)"
        case .bool(let bool): "\(bool)"
        case .null: "null"
        }
    }
}

/// An issue as fixtures state it.
struct ExpectedIssue: Hashable, Sendable, CustomStringConvertible {
    let path: String
    let message: String
    /// The object it is about, where the fixture names one.
    let key: String?

    init(path: String, message: String, key: String? = nil) {
        self.path = path
        self.message = message
        self.key = key
    }

    init(_ value: JSONValue) {
        self.init(
            path: value["path"]?.string ?? "", message: value["message"]?.string ?? "", key: value["key"]?.string)
    }

    var description: String { "\(message) [\(path)\(key.map { " → \($0)" } ?? "")]" }
}

extension JSONValue {
    /// The facts of attachments in a fixture.
    var facts: [AttachmentFacts] {
        elements.map { fact in
            AttachmentFacts(
                path: fact["path"]?.string ?? "", width: fact["width"]?.int, height: fact["height"]?.int,
                mimeType: fact["mime_type"]?.string, pages: fact["pages"]?.int ?? 1)
        }
    }

    /// The issues that a fixture expects; none if it expects none.
    var expectedIssues: [ExpectedIssue] { (self["issues"]?.elements).map { $0.map { ExpectedIssue($0) } } ?? [] }
}

/// Makes the ids `id-1`, `id-2` and so on.
final class CountingIDs {
    private var count = 0

    func next() -> String {
        count += 1
        return "id-\(count)"
    }
}

/// Prepares parameters, giving back what is wrong with them instead of throwing it.
func prepare(_ type: any TaskType, _ body: String) throws -> (task: PreparedTask?, issues: [ExpectedIssue]) {
    try JSONDocument.read(body) { value in
        let reader = JSONReader()
        let ids = CountingIDs()
        let task = type.prepare(value, reader: reader, makeID: ids.next)
        return (task, reader.issues.map { ExpectedIssue(path: $0.path, message: $0.message) })
    }
}
