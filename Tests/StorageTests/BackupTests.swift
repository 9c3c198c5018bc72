import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite struct BackupTests {
    @Test func `a backup taken while others write is whole, and restores`() async throws {
        try await Backend.sqlite.withPlace { place in
            let database = try await place.open()
            let seed = try await Seed.account(in: database)
            let copy = place.folder + "/copy.backup"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for number in 0..<100 {
                            try await database.write { db throws in
                                _ = try db.insertTask(seed.task(uniqueID: "\(writer)-\(number)"))
                            }
                        }
                    }
                }
                group.addTask { try await database.backup(to: copy) }
                try await group.waitForAll()
            }
            await database.close()

            let target = DatabaseLocation.sqlite(path: place.folder + "/new/data.sqlite")
            try await target.restore(from: copy)
            let restored = try await target.open(logger: quietLogger)
            let counts = try await restored.read { db in
                (
                    try db.integer("SELECT COUNT(*) FROM tasks"), try db.integer("SELECT COUNT(*) FROM task_payloads"),
                    try db.taskTotal(realm: seed.live, filter: TaskFilter())
                )
            }
            #expect(counts.0 == counts.1 && counts.1 == counts.2)
            await restored.close()
            // A place that is taken is left alone.
            await #expect(throws: StorageError.self) { try await target.restore(from: copy) }
        }
    }

    @Test func `a damaged backup is refused and leaves nothing behind`() async throws {
        try await Backend.sqlite.withPlace { place in
            let database = try await place.open()
            let copy = place.folder + "/copy.backup"
            try await database.backup(to: copy)
            await database.close()
            var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
            for index in 8192..<12288 { bytes[index] = 0x5A }
            try bytes.write(to: URL(fileURLWithPath: copy))
            let target = place.folder + "/new/data.sqlite"
            await #expect(throws: StorageError.self) {
                try await DatabaseLocation.sqlite(path: target).restore(from: copy)
            }
            try Data("no database".utf8).write(to: URL(fileURLWithPath: copy))
            await #expect(throws: StorageError.self) {
                try await DatabaseLocation.sqlite(path: target).restore(from: copy)
            }
            #expect(!FileManager.default.fileExists(atPath: target))
        }
    }

    @Test(arguments: Backend.available.filter { $0 == .postgres })
    func `PostgreSQL is dumped and loaded by its own programs`(backend: Backend) async throws {
        try await backend.withPlace { place in
            let database = try await place.open()
            try await database.write { try $0.putSetting("kept", "yes") }
            let copy = place.folder + "/copy.dump"
            try await database.backup(to: copy)
            // What is loaded is the dumped schema, so the original has to be out of the way.
            let schema = place.schema ?? ""
            try await database.write { _ = try $0.execute(SQL(stringLiteral: "DROP SCHEMA \(schema) CASCADE")) }
            await database.close()
            try await place.location.restore(from: copy)
            let restored = try await place.open()
            #expect(try await restored.read { try $0.setting("kept") } == "yes")
            await restored.close()
            await #expect(throws: StorageError.self) { try await place.location.restore(from: place.folder + "/none") }
        }
    }
}
