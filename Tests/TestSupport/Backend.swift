import Foundation
package import Logging
package import Storage

/// A logger that says nothing.
package let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A database engine that tests run on.
package enum Backend: String, CaseIterable, Sendable {
    case sqlite, postgres

    /// The address of a PostgreSQL server for tests, from `VERNIER_TEST_POSTGRES`.
    package static let postgresURL = ProcessInfo.processInfo.environment["VERNIER_TEST_POSTGRES"]

    /// The engines there are here: SQLite always, PostgreSQL where a server is named.
    package static let available: [Backend] = postgresURL == nil ? [.sqlite] : [.sqlite, .postgres]

    /// Lets a test have an empty database of its own, and removes it afterwards.
    package func withDatabase(_ body: (any Database) async throws -> Void) async throws {
        try await withPlace { place in
            let database = try await place.open()
            do {
                try await body(database)
            } catch {
                await database.close()
                throw error
            }
            await database.close()
        }
    }

    /// Lets a test have a place for a database, which it opens by itself, as often as it likes.
    package func withPlace(_ body: (DatabasePlace) async throws -> Void) async throws {
        let place = try DatabasePlace(self)
        do {
            try await body(place)
        } catch {
            try await place.remove()
            throw error
        }
        try await place.remove()
    }
}

/// Where a test's database stands.
package struct DatabasePlace: Sendable {
    /// A folder of the test's own.
    package let folder: String

    /// The database.
    package let location: DatabaseLocation

    /// The schema that keeps tests apart on a shared server.
    package let schema: String?

    init(_ backend: Backend) throws {
        let name = "test_" + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        switch backend {
        case .sqlite:
            location = .sqlite(path: folder + "/test.sqlite")
            schema = nil
        case .postgres:
            location = .postgres(url: Backend.postgresURL ?? "")
            schema = name
        }
    }

    /// Opens the database, making it the first time.
    package func open() async throws -> any Database {
        try await location.open(readers: 3, schema: schema, logger: quietLogger)
    }

    func remove() async throws {
        if let schema { try await location.drop(schema: schema) }
        try FileManager.default.removeItem(atPath: folder)
    }
}
