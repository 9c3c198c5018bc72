import Foundation
import Media
import Storage
import TestSupport
import Testing

@testable import Work

/// Objects that are copied elsewhere, looked at, and found again.
struct StoredObjectTests {
    /// Files of a workshop: their contents by number, and what nobody names.
    private func fill(_ shop: Workshop) async throws -> (files: [(id: String, hash: ContentHash)], unused: ContentHash)
    {
        var files: [(id: String, hash: ContentHash)] = []
        for number in 0..<5 {
            let object = try await shop.store.put([UInt8](repeating: UInt8(number), count: 1000 * number))
            let file = try await shop.files.add(object, name: "f", details: FileDetails(), by: shop.key)
            files.append((file.id, object.hash))
        }
        return (files, try await shop.store.put(Array("unused".utf8)).hash)
    }

    private func damage(_ hash: ContentHash, _ shop: Workshop) throws {
        try Data("other".utf8).write(to: URL(filePath: shop.folderStore.path(of: hash)), options: .atomic)
    }

    @Test(arguments: Backend.available)
    func `what is not there yet is copied, and only what is whole`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let (files, unused) = try await fill(shop)
            let other = try FolderStore(root: shop.folder + "/copies", threads: 2)
            let transfer = ObjectTransfer(database: shop.database, from: shop.store, to: other)
            func run() async throws -> [Int] {
                let outcome = try await transfer.run()
                return [outcome.objects, outcome.copied, outcome.bytes, outcome.faults.told.count]
            }
            #expect(try await run() == [6, 6, 10_006, 0])
            #expect(try await run() == [6, 0, 0, 0])
            // Of what lies there already, one is lost and one cut off.
            try await other.delete(files[3].hash)
            try Data("cut".utf8).write(to: URL(filePath: other.path(of: files[2].hash)), options: .atomic)
            #expect(try await run() == [6, 2, 5000, 0])
            // What nobody names may have gone; what is damaged is not passed on, and does not hold up the others.
            try await shop.folderStore.delete(unused)
            try damage(files[1].hash, shop)
            for hash in [unused, files[1].hash, files[4].hash] { try await other.delete(hash) }
            let outcome = try await transfer.run()
            #expect(outcome.objects == 5 && outcome.copied == 1 && outcome.bytes == 4000)
            #expect(
                outcome.faults.told == [
                    "The object \(files[1].hash) could not be copied: An object in the storage is not what it was."
                ])
            #expect(try await other.state(of: files[4].hash) == .whole(size: 4000))
            #expect(try await other.state(of: files[1].hash) == .missing)
            try await other.shutdown()
        }
    }

    @Test(arguments: Backend.available)
    func `a look at all objects names those that are not what they were, and whose they are`(
        _ backend: Backend
    ) async throws {
        let picture = try await Workshop.picture(64, 48)
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await backend.withWorkshop { shop in
                let (files, unused) = try await fill(shop)
                let task = try await shop.create("imageannotation", Sample.boxes(server.url("/a.png")))
                try await shop.run(.fetchAttachment)
                func look() async throws -> LogReport {
                    var report = LogReport()
                    try await ObjectCheck(database: shop.database, objects: shop.store).run(&report)
                    return report
                }
                let sound = try await look()
                #expect(sound.isIntact && sound.objects?.count ?? 0 >= 6)
                try await shop.folderStore.delete(unused)
                try await shop.folderStore.delete(files[2].hash)
                let hash = ContentHash.of(picture)
                try damage(hash, shop)
                let missing = files[3].hash.description
                try await shop.database.write { db in try db.forget(missing) }
                let report = try await look()
                let told = Set(report.faults.told)
                #expect(told.contains("The object \(files[2].hash) is missing: the bytes of file \(files[2].id)."))
                #expect(
                    told.contains {
                        $0.hasPrefix("The object \(hash) is not what it was: the attachment of task \(task.id)")
                    })
                #expect(
                    told.contains(
                        "The object \(missing) is not known to the register, though files.hash names it: "
                            + "the bytes of file \(files[3].id)."))
                #expect(told.count == 3)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `objects from before the register are entered once, and collected after the time of grace`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            let (files, _) = try await fill(shop)
            let old = try await shop.folderStore.put(Array("from long ago".utf8))
            func collect() async throws -> Bool {
                try await CollectObjects(environment: shop.environment).attend()
                _ = try await shop.run(.sweepObjects)
                _ = try await shop.run(.collectObjects)
                return try await shop.store.size(of: old.hash) != nil
            }
            // Data that was never without a register is not swept.
            #expect(try await collect())
            shop.clock.advance(2 * 86_400)
            #expect(try await collect())
            try await shop.database.write { db in try db.pretendAge() }
            shop.clock.advance(2 * 86_400)
            #expect(try await collect(), "it is entered now, and has its time of grace")
            let sizes = try await shop.database.read { db in
                try db.registeredObjects(after: "", limit: 10).map(\.size).sorted()
            }
            #expect(sizes == [0, 13, 1000, 2000, 3000, 4000])
            shop.clock.advance(2 * 86_400)
            #expect(try await !collect())
            for file in files { #expect(try await shop.store.size(of: file.hash) != nil) }
        }
    }
}

extension Connection {
    /// Takes an object out of the register behind the program's back.
    fileprivate func forget(_ hash: String) throws { try execute("DELETE FROM objects WHERE hash = \(hash)") }

    /// Lets the data seem older than the register, and one size unknown.
    fileprivate func pretendAge() throws {
        try execute("UPDATE schema_migrations SET applied_at = applied_at - 1 WHERE version = 1")
        try execute("DELETE FROM settings WHERE name = 'objects.swept'")
        try execute("UPDATE objects SET size = 0 WHERE size = 3000")
    }
}
