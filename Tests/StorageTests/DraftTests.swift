import TestSupport
import Testing

@testable import Storage

@Suite struct DraftTests {
    private func append(
        _ db: any Connection, _ id: String, writer: String = "w", _ sequence: Int, workItem: String = "item"
    ) throws -> StepAppend {
        try db.appendDraftStep(
            workItem: workItem, id: id, writer: writer, sequence: sequence, operations: "[\"\(id)\"]", user: "ann",
            at: Seed.start)
    }

    @Test(arguments: Backend.available)
    func `steps are appended once, whatever is sent twice`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { db throws in
                #expect(try append(db, "s1", 1) == .missing)
                #expect(try db.createDraft(workItem: "item", snapshot: "{}", at: Seed.start))
                #expect(try !db.createDraft(workItem: "item", snapshot: "[]", at: Seed.start))
                #expect(try append(db, "s1", 1) == .appended(revision: 1))
                #expect(try append(db, "s2", 2) == .appended(revision: 2))
                #expect(try append(db, "s1", 1) == .known(revision: 1))
                #expect(try append(db, "other", 2) == .sequenceTaken(revision: 2))
                #expect(try append(db, "x1", writer: "x", 1) == .appended(revision: 3))
                #expect(try db.draftSteps(workItem: "item", after: 1).map(\.id) == ["s2", "x1"])
                #expect(try db.lastDraftSteps(workItem: "item", limit: 2).map(\.revision) == [2, 3])
                #expect(try db.draft(workItem: "item")?.revision == 3)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a snapshot is kept unless a newer one is`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { db throws in
                try db.createDraft(workItem: "item", snapshot: "0", at: Seed.start)
                for number in 1...5 { _ = try append(db, "s\(number)", number) }
                func save(_ revision: Int) throws -> Bool {
                    try db.saveDraftSnapshot(
                        workItem: "item", snapshot: "\(revision)", revision: revision, at: Seed.start)
                }
                #expect(try save(4))
                #expect(try !save(3))
                #expect(try !save(6))
                let draft = try #require(try db.draft(workItem: "item"))
                #expect(draft.snapshot == "4" && draft.snapshotRevision == 4 && draft.revision == 5)
                #expect(try db.draftSteps(workItem: "item", after: draft.snapshotRevision).map(\.id) == ["s5"])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `steps of concurrent writers all get revisions of their own`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { _ = try $0.createDraft(workItem: "item", snapshot: "{}", at: Seed.start) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for sequence in 1...10 {
                            let result = try await database.write {
                                try append($0, "\(writer)-\(sequence)", writer: "\(writer)", sequence)
                            }
                            guard case .appended = result else {
                                Issue.record("\(result)")
                                return
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let steps = try await database.read { try $0.draftSteps(workItem: "item", after: 0) }
            #expect(steps.map(\.revision) == Array(1...80))
            for writer in 0..<8 {
                #expect(steps.filter { $0.writer == "\(writer)" }.map(\.sequence) == Array(1...10))
            }
        }
    }
}
