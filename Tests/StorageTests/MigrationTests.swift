import TestSupport
import Testing

@testable import Storage

@Suite struct MigrationTests {
    @Test(arguments: Backend.available)
    func `every earlier schema is brought up to date`(backend: Backend) async throws {
        for version in 0...Migrations.all.count {
            try await backend.withPlace { place in
                try await place.withBareDatabase { database in
                    let earlier = Array(Migrations.all.prefix(version))
                    _ = try await database.write { try Migrations.run(earlier, on: $0, now: Seed.start) }
                }
                let database = try await place.open()
                let versions = try await database.read {
                    try $0.integer("SELECT COUNT(*) FROM schema_migrations")
                }
                #expect(versions == Migrations.all.count)
                _ = try await Seed.account(in: database)
                await database.close()
            }
        }
    }

    @Test(arguments: Backend.available)
    func `nodes that start together run each step once`(backend: Backend) async throws {
        try await backend.withPlace { place in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let database = try await place.open()
                        await database.close()
                    }
                }
                try await group.waitForAll()
            }
            let database = try await place.open()
            let versions = try await database.read { try $0.integer("SELECT COUNT(*) FROM schema_migrations") }
            #expect(versions == Migrations.all.count)
            await database.close()
        }
    }

    @Test(arguments: Backend.available)
    func `a newer schema is refused`(backend: Backend) async throws {
        try await backend.withPlace { place in
            let database = try await place.open()
            try await database.write {
                _ = try $0.execute(
                    "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (999, 'later', '', 0)")
            }
            await database.close()
            await #expect(throws: StorageError.self) { _ = try await place.open() }
        }
    }

    @Test(arguments: Backend.available)
    func `a step that was changed afterwards is refused, and a failing one leaves nothing`(backend: Backend)
        async throws
    {
        try await backend.withPlace { place in
            try await place.withBareDatabase { database in
                let first = Migration(version: 1, name: "one", statements: ["CREATE TABLE one (a BIGINT)"])
                let changed = Migration(version: 1, name: "one", statements: ["CREATE TABLE one (b BIGINT)"])
                let failing = Migration(
                    version: 2, name: "two", statements: ["CREATE TABLE two (a BIGINT)", "CREATE NONSENSE"])
                _ = try await database.write { try Migrations.run([first], on: $0, now: Seed.start) }
                await #expect(throws: StorageError.self) {
                    try await database.write { try Migrations.run([changed], on: $0, now: Seed.start) }
                }
                await #expect(throws: StorageError.self) {
                    try await database.write { try Migrations.run([first, failing], on: $0, now: Seed.start) }
                }
                let applied = try await database.write {
                    try Migrations.run(
                        [first, Migration(version: 2, name: "two", statements: ["CREATE TABLE two (a BIGINT)"])],
                        on: $0, now: Seed.start)
                }
                #expect(applied == [2])
            }
        }
    }
}

extension DatabasePlace {
    /// A database without this program's schema.
    func withBareDatabase(_ body: (any Database) async throws -> Void) async throws {
        let database: any Database
        switch location {
        case .sqlite(let path):
            database = try SQLiteDatabase(path: path, readers: 1)
        case .postgres(let url):
            let name = PostgresConnection.quoted(schema ?? "")
            try PostgresConnection(url: url, schema: nil).send("CREATE SCHEMA IF NOT EXISTS \(name)")
            database = PostgresDatabase(url: url, schema: schema, readers: 1, writers: 1)
        }
        do {
            try await body(database)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}
