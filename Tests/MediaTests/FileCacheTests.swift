import Foundation
import Media
import Testing

@Suite struct FileCacheTests {
    @Test func `a file stays while it is used, however little room there is`() async throws {
        try await withFolder { folder in
            let cache = try FileCache(root: folder, limit: 1)
            let contents = (0..<4).map { [UInt8](repeating: UInt8($0), count: 100_000) }
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<64 {
                    let content = contents[number % 4]
                    group.addTask {
                        try await cache.withFile(ContentHash.of(content)) {
                            try await cache.files.put(content).size
                        } _: { path in
                            await Task.yield()
                            return try Data(contentsOf: URL(filePath: path)) == Data(content)
                        }
                    }
                }
                for try await isWhole in group { #expect(isWhole) }
            }
            #expect(contents.filter { cache.has(ContentHash.of($0)) } == [])
            try await cache.shutdown()
        }
    }
}
