import Crypto
import Foundation

/// One step of the schema, never changed once it has been released.
struct Migration: Sendable {
    /// Its place in the list, from 1.
    let version: Int

    /// What it is about, in a few words.
    let name: String

    /// The statements, for both engines.
    let statements: [SQL]

    /// Tells whether the step a database went through is the step this program knows.
    var checksum: String {
        let text = statements.map { $0.text(for: .sqlite) + "\u{0}" + $0.text(for: .postgres) }.joined(
            separator: "\u{0}")
        return SHA256.hash(data: Data(text.utf8)).hex
    }
}

extension SHA256Digest {
    /// The hash as 64 lower-case hex digits.
    var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Brings a schema up to date.
enum Migrations {
    /// Every step there has ever been, in order: steps are appended and never edited.
    static let all: [Migration] = [
        Migration(version: 1, name: "the first schema", statements: FirstSchema.statements),
        Migration(version: 2, name: "skips, reports, lanes and tiles", statements: SecondSchema.statements),
        Migration(version: 3, name: "invitations and sessions", statements: AccessSchema.statements),
        Migration(version: 4, name: "marks of draft steps", statements: MarkSchema.statements),
        Migration(version: 5, name: "the workplace", statements: WorkplaceSchema.statements),
        Migration(version: 6, name: "data in", statements: DataInSchema.statements),
    ]

    /// Runs the steps a database has not seen yet, inside the transaction of the connection.
    ///
    /// - Returns: The versions of the steps that ran.
    /// - Throws: `StorageError.schema` if the database went through steps this program does not know.
    static func run(
        _ steps: [Migration] = all, on connection: any Connection, now: Timestamp
    ) throws -> [Int] {
        if connection.dialect == .postgres {
            // Several nodes may start at once; the number is arbitrary. SQLite has one writer anyway.
            _ = try connection.query("SELECT 1 FROM (SELECT pg_advisory_xact_lock(7310580214)) AS lock")
        }
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)
            """)
        var seen: [Int: String] = [:]
        for row in try connection.query("SELECT version, checksum FROM schema_migrations") {
            var reader = row.reader
            seen[try reader.int()] = try reader.text()
        }
        if let newest = seen.keys.max(), newest > (steps.last?.version ?? 0) {
            throw StorageError.schema(
                "The data was written by a newer program (schema \(newest), this one knows \(steps.last?.version ?? 0))."
            )
        }
        var applied: [Int] = []
        for step in steps {
            if let checksum = seen[step.version] {
                guard checksum == step.checksum else {
                    throw StorageError.schema("Schema step \(step.version) is not the one this program knows.")
                }
                continue
            }
            for statement in step.statements { try connection.execute(statement) }
            try connection.execute(
                """
                INSERT INTO schema_migrations (version, name, checksum, applied_at)
                VALUES (\(step.version), \(step.name), \(step.checksum), \(now))
                """)
            applied.append(step.version)
        }
        return applied
    }
}
