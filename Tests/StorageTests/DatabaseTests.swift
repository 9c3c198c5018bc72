import TestSupport
import Testing

@testable import Storage

@Suite struct DatabaseTests {
    @Test(arguments: Backend.available)
    func `values come back as they went in`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let texts = ["", "plain", "é👍\u{10FFFF}", "quote ' \" ? $1 \\ \n\t"]
            try await database.write { db throws in
                for (index, text) in texts.enumerated() { try db.putSetting("\(index)", text) }
            }
            for (index, text) in texts.enumerated() {
                #expect(try await database.read { try $0.setting("\(index)") } == text)
            }
            let row = try await database.read { db throws in
                try db.query(
                    "SELECT CAST(\(Int64.max) AS BIGINT), CAST(\(0.1) AS DOUBLE PRECISION), NULL, COUNT(*) FROM users")[
                        0]
            }
            #expect(row.values == [.integer(.max), .double(0.1), .null, .integer(0)])
        }
    }

    @Test(arguments: Backend.available)
    func `a zero character is refused rather than cut off`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            await #expect(throws: StorageError.invalidText) {
                try await database.write { try $0.putSetting("a", "b\u{0}c") }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `broken constraints are told apart`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let project = try await seed.project("p", in: database)
            func kind(_ statement: SQL) async throws -> ConstraintKind? {
                do {
                    try await database.write { _ = try $0.execute(statement) }
                    return nil
                } catch StorageError.constraint(let kind, _) {
                    return kind
                }
            }
            #expect(
                try await kind("INSERT INTO accounts (id, name, created_at) VALUES ('x', 'acme', 0)") == .unique)
            #expect(try await kind("INSERT INTO accounts (id, created_at) VALUES ('x', 0)") == .notNull)
            #expect(try await kind("UPDATE projects SET product = 'x' WHERE id = \(project.id)") == .check)
            #expect(try await kind("UPDATE projects SET realm = 99 WHERE id = \(project.id)") == .foreignKey)
            #expect(try await kind("UPDATE projects SET name = 'q' WHERE id = \(project.id)") == nil)
        }
    }

    @Test func `a full disk is told as such, stores nothing, and hurts nobody afterwards`() async throws {
        try await Backend.sqlite.withDatabase { database in
            let large = String(repeating: "x", count: 1 << 20)
            _ = try await database.write { db throws in
                try db.putSetting("before", "kept")
                return try db.query("PRAGMA max_page_count = 1")
            }
            for _ in 0..<3 {
                let error = await #expect(throws: StorageError.self) {
                    try await database.write { db throws in
                        try db.putSetting("half", "gone")
                        try db.putSetting("large", large)
                    }
                }
                guard case .full = error else {
                    Testing.Issue.record("\(String(describing: error))")
                    return
                }
            }
            // Several at once share a transaction, which the first of them ends.
            await withTaskGroup { group in
                for number in 0..<8 {
                    group.addTask {
                        do {
                            try await database.write { db in
                                try db.putSetting("many \(number)", number % 2 == 0 ? large : "small")
                            }
                        } catch {}
                    }
                }
            }
            _ = try await database.write { db in try db.query("PRAGMA max_page_count = 1000000") }
            try await database.write { db throws in try db.putSetting("after", large) }
            let stored = try await database.read { db throws in
                [try db.setting("before"), try db.setting("half"), try db.setting("large")]
            }
            #expect(stored == ["kept", nil, nil])
            #expect(try await database.read { db in try db.setting("after") } == large)
        }
    }

    @Test(arguments: Backend.available)
    func `a failing write undoes itself and does not hurt its neighbours`(backend: Backend) async throws {
        struct Wanted: Error {}
        try await backend.withDatabase { database in
            let failures = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        do {
                            try await database.write { db throws in
                                try db.putSetting("setting \(number)", "\(number)")
                                if number % 7 == 0 { throw Wanted() }
                                if number % 11 == 0 {
                                    // Broken by the engine, not by us: on PostgreSQL this spoils the transaction.
                                    try db.execute("INSERT INTO accounts (id, created_at) VALUES ('x', 0)")
                                }
                            }
                            return 0
                        } catch is Wanted {
                            return 1
                        } catch StorageError.constraint {
                            return 1
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            let kept = try await database.read { try $0.texts("SELECT value FROM settings ORDER BY name") }
            let expected = (0..<200).filter { $0 % 7 != 0 && $0 % 11 != 0 }.map(String.init)
            #expect(Set(kept) == Set(expected))
            #expect(failures == 200 - expected.count)
        }
    }

    @Test(arguments: Backend.available)
    func `concurrent writers of one row lose nothing`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { try $0.putSetting("n", "0") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        for _ in 0..<10 {
                            try await database.write { db throws in
                                let lock: SQL = "\(only: .postgres, "FOR UPDATE")"
                                let value = try db.optionalText("SELECT value FROM settings WHERE name = 'n' \(lock)")
                                try db.putSetting("n", String((Int(value ?? "") ?? 0) + 1))
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.read { try $0.setting("n") } == "320")
        }
    }

    @Test(arguments: Backend.available)
    func `what a write returned for is there after reopening`(backend: Backend) async throws {
        try await backend.withPlace { place in
            let first = try await place.open()
            try await first.write { try $0.putSetting("kept", "yes") }
            await first.close()
            await #expect(throws: StorageError.closed) { try await first.read { try $0.setting("kept") } }
            let second = try await place.open()
            #expect(try await second.read { try $0.setting("kept") } == "yes")
            await second.close()
        }
    }

    @Test(arguments: Backend.available)
    func `a reader sees one state while others write`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { db throws in
                try db.putSetting("a", "0")
                try db.putSetting("b", "0")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 1...100 {
                        try await database.write { db throws in
                            try db.putSetting("a", "\(number)")
                            try db.putSetting("b", "\(number)")
                        }
                    }
                }
                group.addTask {
                    for _ in 1...100 {
                        let (a, b) = try await database.read { db in (try db.setting("a"), try db.setting("b")) }
                        #expect(a == b)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `SQLite writes are flushed before they are answered`() async throws {
        try await Backend.sqlite.withDatabase { database in
            let settings = try await database.write { db throws in
                // Read on the writing connection; 2 is FULL.
                try (
                    db.integer("PRAGMA synchronous"), db.optionalText("PRAGMA journal_mode"),
                    db.integer("PRAGMA foreign_keys")
                )
            }
            #expect(settings == (2, "wal", 1))
        }
    }

    @Test(arguments: Backend.available.filter { $0 == .postgres })
    func `a lost connection is made anew`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { try $0.putSetting("a", "1") }
            let schema = try await database.read { try $0.optionalText("SELECT current_schema()") }
            #expect(schema?.hasPrefix("test_") == true)
            // Every other session of this schema ends, as when a server restarts.
            for _ in 0..<3 {
                let own = try await database.read { try $0.integer("SELECT pg_backend_pid()") }
                let other = try await Backend.postgres.terminate(own)
                #expect(other)
                #expect(try await database.read { try $0.setting("a") } == "1")
            }
        }
    }
}

extension Backend {
    /// Ends a session of the server from outside it.
    fileprivate func terminate(_ session: Int) async throws -> Bool {
        let connection = try PostgresConnection(url: Backend.postgresURL ?? "", schema: nil)
        let rows = try connection.query("SELECT CASE WHEN pg_terminate_backend(\(session)) THEN 1 ELSE 0 END")
        return rows.first?.values == [.integer(1)]
    }
}
