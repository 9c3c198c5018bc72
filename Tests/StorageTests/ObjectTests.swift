import TestSupport
import Testing

@testable import Storage

struct ObjectTests {
    /// Columns that look like names of objects and are none: hashes of secrets, texts and addresses, and keys of rows
    /// that go with their object.
    private static let others: Set<String> = [
        "api_keys.hash", "conversions.source", "event_chains.hash", "events.hash", "fetched.url_hash",
        "inspections.hash",
        "members.invitation_hash", "objects.hash", "recovery_codes.hash", "sessions.token_hash",
        "sign_in_challenges.token_hash", "task_contents.hash", "tilings.hash", "users.password_hash",
    ]

    @Test func `every column that names objects is known, and has an index`() async throws {
        try await Backend.sqlite.withDatabase { database in
            let (columns, indexed) = try await database.read { db in
                (
                    try db.texts(
                        """
                        SELECT m.name || '.' || p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p
                        WHERE m.type = 'table' AND (p.name IN ('hash', 'pack', 'object') OR p.name LIKE '%\\_hash' ESCAPE '\\')
                        """),
                    try db.texts(
                        """
                        SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_index_list(m.name) l
                            JOIN pragma_index_info(l.name) c
                        WHERE m.type = 'table' AND c.seqno = 0 AND c.name IS NOT NULL
                        """)
                )
            }
            let known = Set(ObjectColumn.all.map { "\($0.table).\($0.column)" })
            // Chains and contents of the log, which are no objects.
            let unknown = Set(columns).subtracting(known).subtracting(Self.others)
            #expect(unknown.filter { !$0.hasPrefix("event") && !$0.hasPrefix("proof") } == [])
            #expect(known.subtracting(columns) == [] && known.subtracting(indexed) == [])
        }
    }

    @Test(arguments: Backend.available)
    func `an object goes when nothing names it, and cannot be named from then on`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let (start, later) = (Seed.start, Seed.start.adding(seconds: 100))
            let file = FileRow(
                id: "00000000-0000-4000-8000-000000000001", realm: seed.live, hash: "a", name: "n", mime: "", size: 1,
                state: .ready, createdAt: start)
            try await database.write { db throws in
                for hash in ["a", "b", "c"] { #expect(try db.register(object: hash, size: 1, at: start)) }
                #expect(try db.register(object: "c", size: 1, at: later))
                #expect(try db.insertFile(file))
                let seen = try db.objects(after: "", putBefore: later, limit: 10)
                #expect(seen.last == "c" && seen.unused == ["b"])
                #expect(try db.objects(after: "a", putBefore: later, limit: 1).last == "b")
                #expect(try db.release(objects: ["a", "b", "c", "d"], putBefore: later, at: later) == ["b"])
                #expect(try !db.register(object: "b", size: 1, at: later))
                #expect(throws: StorageError.missingObject("b")) { try db.keep(objects: ["a", nil, "b"]) }
                #expect(throws: StorageError.missingObject("d")) { try db.keep(objects: ["d"]) }
                #expect(try db.takeOverLeaving(before: later, at: later, limit: 9) == [])
                let end = later.adding(seconds: 50)
                #expect(try db.takeOverLeaving(before: end, at: end, limit: 9) == ["b"])
                try db.forget(objects: ["b"], leavingSince: later)
                #expect(try !db.register(object: "b", size: 1, at: later), "who comes too late forgets nothing")
                try db.forget(objects: ["a", "b"], leavingSince: end)
                #expect(try db.register(object: "b", size: 1, at: end))
                #expect(try db.objectTotals() == (3, 3))
                #expect(try db.deleteUnusedFile(file.id, before: later))
                #expect(try db.release(objects: ["a"], putBefore: later, at: later) == ["a"])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a file is unused until a task or a task with a known answer names it`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let later = Seed.start.adding(seconds: 100)
            @Sendable func id(_ number: Int) -> String { "00000000-0000-4000-8000-00000000000\(number)" }
            try await database.write { db throws in
                for number in 0..<5 {
                    let at = number == 4 ? later : Seed.start.adding(seconds: Double(number))
                    let file = FileRow(
                        id: id(number), realm: seed.live, hash: nil, name: "n", mime: "", size: 1, projects: ["p"],
                        state: .ready, createdAt: at)
                    #expect(try db.insertFile(file))
                }
                _ = try db.insertTask(
                    seed.task(
                        stage: .ingesting,
                        attachments: [
                            NewAttachment(path: "a", url: "scaledata://\(seed.account)/\(id(0))", role: "image"),
                            NewAttachment(path: "b", url: "scaledata://x", role: "image"),
                            NewAttachment(path: "c", url: "https://example.com/\(id(1))", role: "image"),
                        ]))
                try db.insertQualityTask(
                    QualityTaskRow(
                        id: Identifier.make(Seed.start), realm: seed.live, kind: .evaluation, type: "comparison",
                        params: #"{"attachments":["scaledata://anybody/\#(id(2))"]}"#, expectedResponse: "{}",
                        createdAt: Seed.start))
                #expect(try db.unusedFiles(before: later, limit: 9).map(\.id) == [id(1), id(3)])
                #expect(try !db.deleteUnusedFile(id(0), before: later))
                #expect(try !db.deleteUnusedFile(id(4), before: later))
                #expect(try db.deleteUnusedFile(id(1), before: later))
                #expect(try db.unusedFiles(before: later, limit: 9).map(\.id) == [id(3)])
            }
        }
    }
}
