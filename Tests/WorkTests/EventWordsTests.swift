import Foundation
import Testing

@testable import Work

struct EventWordsTests {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/Work")

    /// The actions that the operations and jobs write out: kind of object, dot, what happened to it.
    private static func actions() throws -> Set<String> {
        let kinds = Set(EventWords.sentences.keys.compactMap { $0.split(separator: ".").first })
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var found: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            guard file.lastPathComponent != "EventWords.swift" else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /"(?<kind>[a-z_]+)\.(?<what>[a-z_]+)"/) where kinds.contains(match.kind) {
                // Logs name objects by such words as `task.id`.
                if match.what != "id" { found.insert("\(match.kind).\(match.what)") }
            }
        }
        return found
    }

    @Test func `every kind of event has its sentence`() throws {
        let actions = try Self.actions()
        #expect(actions.count > 90)
        #expect(actions.subtracting(EventWords.sentences.keys).sorted() == [])
    }
}
