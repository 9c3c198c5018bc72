import FoundationEssentials
import Glibc
import Logging
import Media
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A fetcher and a store in a folder of their own, for one test.
struct FetchFixture: Sendable {
    let fetcher: GuardedFetcher
    let store: FolderStore
    let folder: String

    func fetch(_ url: String, limit: Int = 10_000_000) async throws -> FetchedObject {
        try await fetcher.copy(OutgoingRequest(url), into: store, limit: limit)
    }

    /// The code of the error that fetching a URL ends with.
    func failure(of url: String, limit: Int = 10_000_000) async -> FetchError? {
        await #expect(throws: FetchError.self) { try await fetch(url, limit: limit) }
    }

    /// Expects that the store holds no file, finished or not.
    func checkNothingKept(sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try files(below: folder).isEmpty, sourceLocation: sourceLocation)
    }
}

/// Runs a test with a fetcher that may call this machine, unless told otherwise.
func withFetcher<Result>(
    names: [String: [String]] = [:], allow: String = "127.0.0.0/8", limits: FetchLimits = FetchLimits(),
    trustRoots: String? = nil, _ test: (FetchFixture) async throws -> Result
) async throws -> Result {
    try await withFolder { folder in
        let store = try FolderStore(root: folder, threads: 2)
        let fetcher = try GuardedFetcher(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, resolver: NameTable(names),
            allow: try CIDR.list(allow), limits: limits, trustRoots: trustRoots,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let result: Result
        do {
            result = try await test(FetchFixture(fetcher: fetcher, store: store, folder: folder))
        } catch {
            try await fetcher.shutdown()
            try await store.shutdown()
            throw error
        }
        try await fetcher.shutdown()
        try await store.shutdown()
        return result
    }
}

/// Runs a test against a server, which is stopped afterwards.
func withServer<Result>(
    _ answer: @escaping LocalServer.Answer, _ test: (LocalServer) async throws -> Result
) async throws -> Result {
    let server = try await LocalServer.start(answer)
    do {
        let result = try await test(server)
        try await server.stop()
        return result
    } catch {
        try await server.stop()
        throw error
    }
}

/// Runs a test with a folder that is removed afterwards.
func withFolder<Result>(_ test: (String) async throws -> Result) async throws -> Result {
    var template = Array("/tmp/media-tests-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer {
        do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) }
    }
    return try await test(folder)
}

/// The paths of all files below a folder.
func files(below folder: String) throws -> [String] {
    let list = try #require(opendir(folder))
    defer { closedir(list) }
    var found: [String] = []
    while let entry = readdir(list) {
        let name = withUnsafePointer(to: entry.pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name == "." || name == ".." { continue }
        let path = folder + "/" + name
        if entry.pointee.d_type == UInt8(DT_DIR) { found += try files(below: path) } else { found.append(path) }
    }
    return found
}

/// Answers from a table and counts how often each name was asked for.
final class NameTable: HostResolver {
    private let names: [String: [IPAddress]]
    private let asked = Mutex<[String: Int]>([:])

    init(_ names: [String: [String]]) {
        self.names = names.mapValues { $0.compactMap { IPAddress($0) } }
    }

    func resolve(_ host: String) async throws -> [IPAddress] {
        asked.withLock { $0[host, default: 0] += 1 }
        guard let addresses = names[host] else { throw UnknownName() }
        return addresses
    }

    struct UnknownName: Error {}
}
