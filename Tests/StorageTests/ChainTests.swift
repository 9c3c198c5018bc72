import TestSupport
import Testing

@testable import Storage

/// Changing the sealed log in any way shows, and where.
@Suite struct ChainTests {
    /// An account with a log of so many entries in both of its worlds.
    private func log(_ count: Int, in database: any Database) async throws -> Seed {
        let seed = try await Seed.account(in: database)
        try await database.write { db throws in
            for number in 0..<count {
                try db.append(
                    NewEvent(
                        realm: number % 3 == 0 ? seed.test : seed.live,
                        at: Seed.start.adding(milliseconds: Int64(number)), actor: "user:ann", objectKind: "task",
                        objectID: "object", action: "changed", before: number == 0 ? nil : "{\"n\":\(number - 1)}",
                        after: "{\"n\":\(number)}"))
            }
            try db.sealEvents(account: seed.account, at: Seed.start)
        }
        return seed
    }

    /// Statements that change a column of the entry at position 7 to something else, whatever its type.
    private static let changes: [(column: String, statement: String)] = [
        ("realm", "UPDATE events SET realm = 3 - realm WHERE position = 7"),
        ("id", "UPDATE events SET id = 'f' || id WHERE position = 7"),
        ("at", "UPDATE events SET at = at + 1 WHERE position = 7"),
        ("actor", "UPDATE events SET actor = 'user:bob' WHERE position = 7"),
        ("object_kind", "UPDATE events SET object_kind = 'batch' WHERE position = 7"),
        ("object_id", "UPDATE events SET object_id = 'another' WHERE position = 7"),
        ("action", "UPDATE events SET action = 'changes' WHERE position = 7"),
        ("before", "UPDATE events SET before = NULL WHERE position = 7"),
        ("after", "UPDATE events SET after = after || ' ' WHERE position = 7"),
        ("position", "UPDATE events SET position = NULL WHERE position = 7"),
        ("hash", "UPDATE events SET hash = 'ff' WHERE position = 7"),
    ]

    @Test(arguments: Backend.available, changes.map(\.statement))
    func `changing any column of an entry shows`(backend: Backend, tampering: String) async throws {
        try await backend.withDatabase { database in
            let seed = try await log(10, in: database)
            let part = try await database.write { db throws in
                try db.execute(SQL(stringLiteral: tampering))
                return try db.verifyEvents(account: seed.account)
            }
            #expect(part.fault?.position == 7)
        }
    }

    @Test(arguments: Backend.available)
    func `every column of the log is changed by one of these tests`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let columns = try await database.columns(of: "events")
            #expect(columns == Set(Self.changes.map(\.column)))
        }
    }

    @Test(
        arguments: Backend.available,
        [
            ("DELETE FROM events WHERE position = 7", 7, ChainFault.What.missing),
            ("DELETE FROM events WHERE position = 1", 1, .missing),
            ("DELETE FROM events WHERE position >= 7", 7, .missing),
            // Of different worlds, since a unique index stands against it in one.
            ("UPDATE events SET position = 106 - position WHERE position IN (49, 57)", 49, .changed),
            (
                "INSERT INTO events (realm, id, at, actor, object_kind, object_id, action, position, hash) "
                    + "SELECT 3 - realm, 'more', at, actor, object_kind, object_id, action, position, hash "
                    + "FROM events WHERE position = 6", 6, .added
            ),
            (
                "INSERT INTO events (realm, id, at, actor, object_kind, object_id, action, position, hash) "
                    + "SELECT realm, 'more', at, actor, object_kind, object_id, action, 71, hash "
                    + "FROM events WHERE position = 7", 71, .added
            ),
            ("UPDATE event_chains SET hash = 'ff'", 70, .end),
            ("UPDATE event_chains SET position = 71", 71, .missing),
            ("UPDATE event_chains SET position = 69", 69, .end),
            ("UPDATE event_chains SET first_form = 20", 1, .changed),
        ])
    func `deleting, inserting and swapping entries shows`(
        backend: Backend, tampering: (statement: String, position: Int64, what: ChainFault.What)
    ) async throws {
        try await backend.withDatabase { database in
            let seed = try await log(70, in: database)
            let part = try await database.write { db throws in
                try db.execute(SQL(stringLiteral: tampering.statement))
                return try db.verifyEvents(account: seed.account)
            }
            #expect(part.fault?.position == tampering.position && part.fault?.what == tampering.what)
        }
    }

    @Test(arguments: Backend.available)
    func `what was sealed in the first form still checks, and the log goes on in the second`(
        backend: Backend
    ) async throws {
        try await backend.withDatabase { database in
            let seed = try await log(20, in: database)
            try await database.write { db throws in
                // As the program of before sealed it.
                var previous = EventSeal.beginning
                let events: [EventRow] = try db.all("SELECT \(EventRow.columns) FROM events ORDER BY position")
                for event in events.prefix(12) {
                    let position = event.position ?? 0
                    previous = EventSeal.firstForm(event, position: position, previous: previous)
                    try db.execute("UPDATE events SET hash = \(previous) WHERE position = \(position)")
                }
                try db.execute("UPDATE events SET position = NULL, hash = NULL WHERE position > 12")
                try db.execute("UPDATE event_chains SET position = 12, first_form = 12, hash = \(previous)")
                try db.sealEvents(account: seed.account, at: Seed.start, limit: 3)
                try db.sealEvents(account: seed.account, at: Seed.start)
            }
            let part = try await database.read { try $0.verifyEvents(account: seed.account) }
            #expect(part.fault == nil && part.isComplete && part.position == 20)
            let broken = try await database.write { db throws in
                try db.execute("UPDATE events SET actor = 'user:bob' WHERE position = 4")
                return try db.verifyEvents(account: seed.account)
            }
            #expect(broken.fault?.position == 4)
        }
    }

    @Test(arguments: [1, 2, 3, 64, 1000, 1_000_003])
    func `a path to any entry is short`(top: Int) {
        var generator = SeededGenerator(seed: UInt64(top))
        for _ in 0..<200 {
            let place = Int64.random(in: 1...Int64(top), using: &generator)
            let path = EventSeal.path(from: Int64(top), to: [place])
            #expect(path.first == Int64(top) && path.last == place && path.count <= 250)
            for (node, next) in zip(path, path.dropFirst()) {
                #expect(next == node - 1 || next == EventSeal.skip(from: node))
            }
        }
    }
}

extension Database {
    /// The names of a table's columns.
    func columns(of table: String) async throws -> Set<String> {
        try await read { db in
            let sql: SQL =
                db.dialect == .sqlite
                ? "SELECT name FROM pragma_table_info(\(table))"
                : """
                SELECT column_name::text FROM information_schema.columns
                WHERE table_name = \(table) AND table_schema = current_schema()
                """
            return Set(try db.texts(sql))
        }
    }
}
