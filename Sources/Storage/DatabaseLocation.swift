import Foundation
package import Logging

/// Where the data stands.
package enum DatabaseLocation: Sendable {
    /// A file, beside which SQLite keeps two more.
    case sqlite(path: String)

    /// A server, as a connection URI of libpq's (`postgres://…`).
    case postgres(url: String)

    /// Opens the database and brings its schema up to date.
    ///
    /// - Parameters:
    ///   - readers: How many transactions may read at once.
    ///   - schema: A schema of PostgreSQL's to use instead of the default one; created if need be.
    ///   - logger: Told of migrations.
    /// - Returns: The database, ready to be used.
    /// - Throws: `StorageError.unavailable`, `.damaged`, or `.schema` if a newer program wrote the data.
    package func open(readers: Int = 4, schema: String? = nil, logger: Logger) async throws -> any Database {
        switch self {
        case .sqlite(let path):
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            let database = try await onThread {
                do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
                    throw StorageError.unavailable("\(folder.path): \(error.localizedDescription)")
                }
                return try SQLiteDatabase(path: path, readers: readers)
            }
            return try await migrated(database, logger)
        case .postgres(let url):
            if let schema {
                try await onThread {
                    let quoted = PostgresConnection.quoted(schema)
                    do {
                        try PostgresConnection(url: url, schema: nil).send("CREATE SCHEMA IF NOT EXISTS \(quoted)")
                    } catch StorageError.constraint(.unique, _) {
                        // Another node made it between the server's looking and making.
                    }
                }
            }
            let database = PostgresDatabase(url: url, schema: schema, readers: readers, writers: max(readers, 8))
            return try await migrated(database, logger)
        }
    }

    private func migrated(_ database: some Database, _ logger: Logger) async throws -> any Database {
        do {
            let applied = try await database.write { try Migrations.run(on: $0, now: .now()) }
            if !applied.isEmpty { logger.info("schema brought up to date", metadata: ["versions": "\(applied)"]) }
            return database
        } catch {
            await database.close()
            throw error
        }
    }

    /// Removes a schema of PostgreSQL's with all that is in it; elsewhere there is none to remove.
    package func drop(schema: String) async throws {
        guard case .postgres(let url) = self else { return }
        try await onThread {
            let quoted = PostgresConnection.quoted(schema)
            try PostgresConnection(url: url, schema: nil).send("DROP SCHEMA IF EXISTS \(quoted) CASCADE")
        }
    }

    /// Puts a backup in the place of a database that is not there yet.
    ///
    /// - Throws: `StorageError.unavailable` if there is one already, `.damaged` if the backup is not whole, `.tool` if
    ///   PostgreSQL's programs are missing or fail.
    package func restore(from path: String) async throws {
        switch self {
        case .sqlite(let target): try await onThread { try SQLiteFile.restore(from: path, to: target) }
        case .postgres(let url): try await onThread { try PostgresTool.restore(url: url, from: path) }
        }
    }
}
