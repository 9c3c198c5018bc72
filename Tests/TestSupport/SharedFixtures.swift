import Foundation

/// The folder of fixtures that several test suites read.
package enum SharedFixtures {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    /// The task types that have fixtures.
    package static func types() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "tasks").path).sorted()
    }

    /// The text of a file.
    package static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The bytes of a file.
    package static func bytes(_ path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: root.appending(path: path)))
    }

    /// The paths of a type's refused bodies.
    package static func refused(_ type: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "tasks/\(type)/refused").path)
            .sorted().map { "tasks/\(type)/refused/\($0)" }
    }
}
