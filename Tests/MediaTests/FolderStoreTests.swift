import Glibc
import Media
import NIOCore
import Testing

@Suite struct FolderStoreTests {
    @Test func `many who put the same bytes at once make one file`() async throws {
        try await withFolder { folder in
            let store = try FolderStore(root: folder)
            let contents = (0..<4).map { [UInt8](repeating: UInt8($0), count: 100_000) }
            let objects = try await withThrowingTaskGroup(of: StoredObject.self) { group in
                for index in 0..<64 { group.addTask { try await store.put(contents[index % 4]) } }
                return try await group.reduce(into: Set<ContentHash>()) { $0.insert($1.hash) }
            }
            #expect(objects == Set(contents.map { ContentHash.of($0) }))
            #expect(try Set(files(below: folder)) == Set(objects.map { store.path(of: $0) }))
            try await store.shutdown()
        }
    }

    @Test func `the path is made of the hash alone`() async throws {
        try await withFolder { folder in
            let store = try FolderStore(root: folder + "/deep/er")
            let object = try await store.put(Array("abc".utf8))
            let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            #expect(object.hash.description == hex)
            #expect(store.path(of: object.hash) == "\(folder)/deep/er/ba/78/\(hex)")
            #expect(object.mimeType == "text/plain")
            try await store.shutdown()
        }
    }

    @Test(arguments: [
        "", "..", "../../etc/passwd", "/etc/passwd", String(repeating: "a", count: 63),
        String(repeating: "a", count: 65),
        String(repeating: "A", count: 64), String(repeating: "../", count: 21) + "x", String(repeating: "g", count: 64),
        String(repeating: "a", count: 63) + "/", String(repeating: "a", count: 63) + "\0",
        String(repeating: "é", count: 32),
    ])
    func `nothing but 64 lower-case digits is a hash`(text: String) {
        #expect(ContentHash(text) == nil)
    }

    @Test func `a deleted object is gone, but who reads it reads on`() async throws {
        try await withFolder { folder in
            let store = try FolderStore(root: folder)
            let bytes = [UInt8](repeating: 7, count: 500_000)
            let hash = try await store.put(bytes).hash
            #expect(try await store.size(of: hash) == bytes.count)
            let content = try await store.open(hash, range: nil)
            try await store.delete(hash)
            #expect(try await store.size(of: hash) == nil)
            var read: [UInt8] = []
            for try await piece in content { read += piece.readableBytesView }
            #expect(read == bytes)
            try await store.shutdown()
        }
    }

    @Test func `a stream that is too long or breaks off leaves nothing`() async throws {
        struct Broken: Error {}
        try await withFolder { folder in
            let store = try FolderStore(root: folder)
            let piece = ByteBuffer(repeating: 1, count: 300_000)
            let error = await #expect(throws: ObjectStoreError.self) {
                try await store.put(stream([piece, piece]), limit: 599_999)
            }
            #expect(error?.code == .tooLarge)
            await #expect(throws: Broken.self) {
                try await store.put(stream([piece], then: Broken()), limit: 1_000_000)
            }
            #expect(try files(below: folder).isEmpty)
            try await store.shutdown()
        }
    }

    @Test func `what a crash left behind is removed at the next start, what is being written is not`() async throws {
        try await withFolder { folder in
            let first = try FolderStore(root: folder)
            let writer = try await first.makeWriter()
            try await writer.write(ByteBuffer(repeating: 1, count: 400_000))
            let abandoned = folder + "/tmp/1-abandoned"
            try write("x", to: abandoned)
            var times = [timeval(tv_sec: 1_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000, tv_usec: 0)]
            try #require(utimes(abandoned, &times) == 0)
            let second = try FolderStore(root: folder)
            #expect(try files(below: folder).count == 1)
            let object = try await writer.finish()
            #expect(try await second.size(of: object.hash) == 400_000)
            try await first.shutdown()
            try await second.shutdown()
        }
    }

    @Test func `a folder that cannot be written is told at once`() async throws {
        try await withFolder { folder in
            try write("a file", to: folder + "/file")
            let error = #expect(throws: ObjectStoreError.self) { try FolderStore(root: folder + "/file") }
            #expect(error?.code == .failed)
        }
    }

    private func stream(_ pieces: [ByteBuffer], then error: (any Error)? = nil) -> AsyncThrowingStream<
        ByteBuffer, any Error
    > {
        AsyncThrowingStream { continuation in
            for piece in pieces { continuation.yield(piece) }
            continuation.finish(throwing: error)
        }
    }
}
