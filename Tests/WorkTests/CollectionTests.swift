import Foundation
import Media
import NIOCore
import Storage
import TestSupport
import Testing

@testable import Work

/// What nobody refers to is removed, and nothing else, in whatever order things happen.
struct CollectionTests {
    /// Puts bytes and makes a file of them, again where they were removed between the two.
    private static func add(_ content: [UInt8], to shop: Workshop) async throws -> String {
        while true {
            let object = try await shop.store.put(content)
            do {
                return try await shop.files.add(object, name: "f", details: FileDetails(), by: shop.key).id
            } catch StorageError.missingObject {
                continue
            }
        }
    }

    private static func drop(_ file: String, from shop: Workshop) async throws {
        let end = shop.clock.now.adding(seconds: 1e6)
        #expect(try await shop.database.write { db in try db.deleteUnusedFile(file, before: end) })
    }

    private static func collect(_ shop: Workshop) async throws {
        let end = shop.clock.now.adding(seconds: 1e6)
        let seen = try await shop.database.read { db in try db.objects(after: "", putBefore: end, limit: 100) }
        _ = try await shop.store.remove(seen.unused, putBefore: nil)
    }

    @Test(arguments: Backend.available, [1, 2, 3] as [UInt64])
    func `files come and go beside collection without a time of grace, and none loses its bytes`(
        _ backend: Backend, _ seed: UInt64
    ) async throws {
        try await backend.withWorkshop { shop in
            let contents = (0..<4).map { Array("content \($0)".utf8) }
            let files = try await withThrowingTaskGroup(of: [String: [UInt8]].self) { group in
                for worker in 0..<6 {
                    group.addTask {
                        var chance = SeededGenerator(seed: seed &* 1000 &+ UInt64(worker))
                        var mine: [String: [UInt8]] = [:]
                        for _ in 0..<30 {
                            switch UInt8.random(in: 0..<10, using: &chance) {
                            case 0..<4:
                                let content = contents[Int.random(in: 0..<contents.count, using: &chance)]
                                mine[try await Self.add(content, to: shop)] = content
                            case 4..<7:
                                guard let file = mine.keys.sorted().randomElement(using: &chance) else { continue }
                                mine[file] = nil
                                try await Self.drop(file, from: shop)
                            default: try await Self.collect(shop)
                            }
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
            }
            for (file, content) in files {
                let row = try await shop.database.read { db in try db.file(realm: shop.seed.live, id: file) }
                let hash = try #require(row?.hash.flatMap { ContentHash($0) })
                #expect(try await shop.store.bytes(of: hash, limit: 100) == content, "seed \(seed)")
                try await Self.drop(file, from: shop)
            }
            try await Self.collect(shop)
            for content in contents { #expect(try await shop.store.size(of: .of(content)) == nil, "seed \(seed)") }
            #expect(try await shop.database.read { db in try db.objectTotals().count } == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `the daily walk waits for the time of grace, and lets unused files go after theirs`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            let used = try await shop.store.put(Array("used".utf8))
            let unused = try await shop.store.put(Array("unused".utf8))
            let file = try await shop.files.add(used, name: "f", details: FileDetails(), by: shop.key)
            func walk() async throws -> [Bool] {
                try await CollectObjects(environment: shop.environment).attend()
                _ = try await shop.run(.collectObjects)
                return [
                    try await shop.store.size(of: used.hash) != nil, try await shop.store.size(of: unused.hash) != nil,
                ]
            }
            #expect(try await walk() == [true, true])
            shop.clock.advance(3600)
            #expect(try await walk() == [true, true], "it is asked for once a day")
            shop.clock.advance(86_400)
            #expect(try await walk() == [true, false])
            shop.clock.advance(29 * 86_400)
            #expect(try await walk() == [false, false])
            #expect(try await shop.database.read { db in try db.file(realm: shop.seed.live, id: file.id) } == nil)
            #expect(try await shop.history(file.id) == ["file.added", "file.expired"])
        }
    }

    @Test(arguments: Backend.available)
    func `a removal that a process did not live to end is ended by another`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let object = try await shop.store.put(Array("left".utf8))
            let now = shop.clock.tick()
            let leaving = try await shop.database.write { db in
                try db.release(objects: [object.hash.description], putBefore: now, at: now)
            }
            #expect(leaving == [object.hash.description])
            #expect(try await shop.store.endRemovals() == 0, "the first one may still be at it")
            shop.clock.advance(601)
            #expect(try await shop.store.endRemovals() == 1)
            #expect(try await shop.store.size(of: object.hash) == nil)
            #expect(try await shop.store.put(Array("left".utf8)) == object)
        }
    }

    @Test func `what fails before it is entered leaves nothing to be seen`() async throws {
        struct Refused: Error {}
        try await Backend.sqlite.withWorkshop { shop in
            let writer = try await shop.store.makeWriter()
            try await writer.write(.init(string: "secret"))
            await #expect(throws: Refused.self) {
                try await writer.finish { object in
                    #expect(try await shop.store.size(of: object.hash) == nil)
                    throw Refused()
                }
            }
            #expect(try await shop.store.size(of: .of(Array("secret".utf8))) == nil)
        }
    }
}
