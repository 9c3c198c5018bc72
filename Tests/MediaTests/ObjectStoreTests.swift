import Foundation
import Media
import NIOCore
import Synchronization
import TestSupport
import Testing

/// What every store does, whatever it keeps objects in.
struct ObjectStoreTests {
    @Test(arguments: TestStore.available, 0..<10)
    func `what is put is read back, whole and in any part`(_ kind: TestStore, _ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let sizes = [0, 1, 4095, 131_072, 262_145, 1_000_000]
        let bytes = random.bytes(seed < 6 ? sizes[Int(seed)] : Int.random(in: 0...600_000, using: &random))
        var pieces: [ByteBuffer] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...90_000, using: &random))
            pieces.append(ByteBuffer(bytes: piece))
            rest = rest.dropFirst(piece.count)
        }
        try await kind.run { store in
            let object = try await store.put(stream(pieces), limit: bytes.count)
            #expect(object.hash == ContentHash.of(bytes))
            #expect(object.size == bytes.count)
            #expect(try await store.size(of: object.hash) == bytes.count)
            #expect(try await store.bytes(of: object.hash, limit: bytes.count) == bytes)
            #expect(try await store.put(bytes) == object)
            for _ in 0..<5 where !bytes.isEmpty {
                let start = Int.random(in: 0..<bytes.count, using: &random)
                let end = Int.random(in: start + 1...bytes.count + 10, using: &random)
                let content = try await store.open(object.hash, range: start..<end)
                #expect(try await all(of: content) == Array(bytes[start..<min(end, bytes.count)]))
                #expect(content.size == bytes.count)
                #expect(content.range == start..<min(end, bytes.count))
            }
            let read = try await store.withLocalFile(object.hash) { path in
                try Array(Data(contentsOf: URL(filePath: path)))
            }
            #expect(read == bytes)
        }
    }

    @Test(arguments: TestStore.available)
    func `an object of several parts is whole, and its parts are found in it`(_ kind: TestStore) async throws {
        // Two parts of the size that a bucket takes them in, and a third.
        var random = SeededGenerator(seed: 99)
        let block = random.bytes(1 << 20)
        let pieces = (0..<17).map { ByteBuffer(bytes: block[($0 * 1000)...] + block[..<($0 * 1000)]) }
        try await kind.run { store in
            let writer = try await store.makeWriter()
            for piece in pieces { try await writer.write(piece) }
            let object = try await writer.finish()
            #expect(object.size == 17 << 20)
            #expect(try await store.size(of: object.hash) == 17 << 20)
            for start in [0, (8 << 20) - 5, (16 << 20) - 1, (17 << 20) - 9] {
                let part = try await all(of: try await store.open(object.hash, range: start..<start + 9))
                let (index, offset) = (start >> 20, start & 0xF_FFFF)
                let joined = pieces[index...].prefix(2).flatMap { $0.readableBytesView.suffix(1 << 20) }
                #expect(part == Array(joined[offset..<offset + 9]))
            }
        }
    }

    @Test(arguments: TestStore.available)
    func `many who put the same bytes at once make one object`(_ kind: TestStore) async throws {
        try await kind.run { store in
            let contents = (0..<3).map { [UInt8](repeating: UInt8($0), count: 100_000) }
            let hashes = try await withThrowingTaskGroup(of: ContentHash.self) { group in
                for index in 0..<18 { group.addTask { try await store.put(contents[index % 3]).hash } }
                return try await group.reduce(into: Set<ContentHash>()) { $0.insert($1) }
            }
            #expect(hashes == Set(contents.map { ContentHash.of($0) }))
            for content in contents {
                #expect(try await store.bytes(of: .of(content), limit: 100_000) == content)
            }
        }
    }

    @Test(arguments: TestStore.available)
    func `an unknown object is not found, and deleting it does nothing`(_ kind: TestStore) async throws {
        try await kind.run { store in
            let hash = ContentHash.of(Array("never put".utf8))
            #expect(try await store.size(of: hash) == nil)
            try await store.delete(hash)
            for range in [nil, 0..<5] {
                let error = await #expect(throws: ObjectStoreError.self) { try await store.open(hash, range: range) }
                #expect(error?.code == .notFound)
            }
            let other = await #expect(throws: ObjectStoreError.self) { try await store.withLocalFile(hash) { _ in } }
            #expect(other?.code == .notFound)
        }
    }

    @Test(arguments: TestStore.available)
    func `a deleted object is gone, and can be put again`(_ kind: TestStore) async throws {
        try await kind.run { store in
            let bytes = [UInt8](repeating: 7, count: 500_000)
            let hash = try await store.put(bytes).hash
            for _ in 0..<2 {
                #expect(try await store.size(of: hash) == bytes.count)
                try await store.delete(hash)
                #expect(try await store.size(of: hash) == nil)
                let error = await #expect(throws: ObjectStoreError.self) {
                    try await store.withLocalFile(hash) { _ in }
                }
                #expect(error?.code == .notFound)
                _ = try await store.put(bytes)
            }
            #expect(try await store.bytes(of: hash, limit: bytes.count) == bytes)
        }
    }

    @Test(arguments: TestStore.available, [3..<9, 100..<200, 2..<2])
    func `a range outside the object is an error`(_ kind: TestStore, _ range: Range<Int>) async throws {
        try await kind.run { store in
            let hash = try await store.put([1, 2, 3]).hash
            let error = await #expect(throws: ObjectStoreError.self) { try await store.open(hash, range: range) }
            #expect(error?.code == .invalidRange)
        }
    }

    @Test(arguments: TestStore.available, [1, 3, 1000])
    func `objects are listed in order, in pages of any size`(_ kind: TestStore, _ limit: Int) async throws {
        try await kind.run { store in
            #expect(try await store.list(after: nil, limit: limit).isEmpty)
            var put: [ListedObject] = []
            for number in 0..<7 {
                let object = try await store.put([UInt8](repeating: 9, count: number))
                put.append(ListedObject(hash: object.hash, size: object.size))
            }
            var listed: [ListedObject] = []
            while true {
                let page = try await store.list(after: listed.last?.hash, limit: limit)
                #expect(page.count <= limit)
                if page.isEmpty { break }
                listed += page
            }
            put.sort { $0.hash.description < $1.hash.description }
            #expect(listed == put)
        }
    }

    @Test(arguments: TestStore.available)
    func `an object is copied to another store only if it is what its name says`(_ kind: TestStore) async throws {
        try await kind.run { store in
            try await withFolder { folder in
                let other = try FolderStore(root: folder, threads: 2)
                let (whole, bytes) = (try await store.put([1, 2, 3]), [UInt8](repeating: 5, count: 700_000))
                let large = try await store.put(bytes)
                #expect(try await other.copy(large.hash, from: store) == 700_000)
                #expect(try await other.bytes(of: large.hash, limit: .max) == bytes)
                #expect(try await other.state(of: whole.hash) == .missing)
                #expect(try await other.copy(whole.hash, from: store) == 3)
                try Data([1, 2, 4]).write(to: URL(filePath: other.path(of: whole.hash)), options: .atomic)
                #expect(try await other.state(of: whole.hash) == .changed)
                try await store.delete(whole.hash)
                let error = await #expect(throws: ObjectStoreError.self) {
                    try await store.copy(whole.hash, from: other)
                }
                #expect(error?.code == .damaged)
                let left = try await store.list(after: nil, limit: 10).map(\.hash)
                #expect(left == [large.hash])
                try await other.shutdown()
            }
        }
    }

    @Test(arguments: TestStore.available)
    func `nothing is to be seen of an object before it is whole and announced`(_ kind: TestStore) async throws {
        struct Broken: Error {}
        try await kind.run { store in
            let piece = ByteBuffer(repeating: 1, count: 300_000)
            let error = await #expect(throws: ObjectStoreError.self) {
                try await store.put(stream([piece, piece]), limit: 599_999)
            }
            #expect(error?.code == .tooLarge)
            await #expect(throws: Broken.self) {
                try await store.put(stream([piece], then: Broken()), limit: 1_000_000)
            }
            let hash = ContentHash.of([UInt8](repeating: 1, count: 300_000))
            let announced = Mutex<[StoredObject]>([])
            for refused in [true, false] {
                let writer = try await store.makeWriter()
                try await writer.write(piece)
                do {
                    _ = try await writer.finish { object in
                        announced.withLock { $0.append(object) }
                        #expect(try await store.size(of: object.hash) == nil)
                        if refused { throw Broken() }
                    }
                } catch is Broken {
                    #expect(refused)
                }
                #expect(try await store.size(of: hash) == (refused ? nil : 300_000))
            }
            #expect(announced.withLock { $0.map(\.hash) } == [hash, hash])
        }
    }

    @Test(arguments: TestStore.buckets)
    func `two nodes see one bucket, and keep no more local files than they may`(_ kind: TestStore) async throws {
        try await withFolder { folder in
            let prefix = "nodes-\(UUID().uuidString)"
            let one = try kind.open(folder + "/one", prefix: prefix, cacheSize: 250_000)
            let two = try kind.open(folder + "/two", prefix: prefix, cacheSize: 250_000)
            var objects: [StoredObject] = []
            for number in 0..<8 { objects.append(try await one.put([UInt8](repeating: UInt8(number), count: 100_000))) }
            for object in objects {
                let size = try await two.withLocalFile(object.hash) { path in
                    try Data(contentsOf: URL(filePath: path)).count
                }
                #expect(size == 100_000)
            }
            for node in ["/one", "/two"] { #expect(try files(below: folder + node).count <= 3) }
            try await two.delete(objects[0].hash)
            #expect(try await one.size(of: objects[0].hash) == nil)
            try await one.shutdown()
            try await two.shutdown()
            #expect(try files(below: folder).isEmpty)
        }
    }

    private func all(of content: ObjectContent) async throws -> [UInt8] {
        var read: [UInt8] = []
        for try await piece in content { read += piece.readableBytesView }
        return read
    }

    private func stream(
        _ pieces: [ByteBuffer], then error: (any Error)? = nil
    ) -> AsyncThrowingStream<ByteBuffer, any Error> {
        AsyncThrowingStream { continuation in
            for piece in pieces { continuation.yield(piece) }
            continuation.finish(throwing: error)
        }
    }
}
