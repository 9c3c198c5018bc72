import Foundation
import Media
import NIOPosix
import Testing

/// A store that the tests of stores run on: a folder, and a bucket of each server that `VERNIER_TEST_S3` names.
struct TestStore: Sendable, CustomTestStringConvertible {
    /// `s3://bucket/?endpoint=…&region=…&key=…&secret=…`; nil for a folder.
    private let address: String?

    static let available: [TestStore] =
        [TestStore(address: nil)]
        + (ProcessInfo.processInfo.environment["VERNIER_TEST_S3"] ?? "").split(separator: " ")
        .map { TestStore(address: String($0)) }

    /// The stores of a bucket alone.
    static let buckets = available.filter { $0.address != nil }

    var testDescription: String {
        address.flatMap { URLComponents(string: $0)?.queryItems?.first { $0.name == "server" }?.value } ?? "folder"
    }

    /// Lets a test have a store of its own, of which nothing stays.
    func run(_ test: (any ObjectStore) async throws -> Void) async throws {
        try await withFolder { folder in
            let store = try open(folder, prefix: "test-\(UUID().uuidString)")
            do {
                try await test(store)
            } catch {
                try await store.shutdown()
                throw error
            }
            try await store.shutdown()
        }
    }

    /// Opens the store, of a bucket the part under a prefix.
    func open(_ folder: String, prefix: String, cacheSize: Int = 64 << 20) throws -> any ObjectStore {
        guard let address, let parts = URLComponents(string: address) else {
            return try FolderStore(root: folder + "/" + prefix, threads: 2)
        }
        func value(_ name: String) -> String { parts.queryItems?.first { $0.name == name }?.value ?? "" }
        let location = try S3Location(
            "s3://\(parts.host ?? "")/\(prefix)", endpoint: value("endpoint"), region: value("region"),
            isPathStyle: true,
            credentials: AWSCredentials(accessKey: value("key"), secretKey: value("secret")))
        return try S3Store(
            location, cache: folder + "/cache-" + prefix, cacheSize: cacheSize,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
    }
}
