import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Local copies of objects that are kept elsewhere, of which the least used go when there are too many.
///
/// The files are of one process: its folder is named after it, and those of processes that are gone are removed.
package final class FileCache: Sendable {
    /// Takes new files in; what is in it and not known here is just being written.
    package let files: FolderStore
    private let root: String
    private let threads = NIOThreadPool(numberOfThreads: 2)
    private let limit: Int
    private let state = Mutex(State())

    private struct Entry {
        var size: Int
        var users: Int
        var lastUse: ContinuousClock.Instant
    }

    private struct State {
        var entries: [ContentHash: Entry] = [:]
        var size = 0
    }

    /// Makes a cache below a folder.
    ///
    /// - Parameters:
    ///   - root: The folder, which several processes may share.
    ///   - limit: About the most bytes of files that nobody uses.
    /// - Throws: ``ObjectStoreError``.
    package init(root: String, limit: Int) throws {
        try makeFolders(root)
        let host = Self.hostName()
        try Self.removeAbandoned(in: root, host: host)
        self.root = "\(root)/\(host).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        self.limit = limit
        files = try FolderStore(root: self.root, isDurable: false)
        threads.start()
    }

    /// Ends what runs and removes the files.
    package func shutdown() async throws {
        try await files.shutdown()
        try await threads.shutdownGracefully()
        Self.removeTree(root)
    }

    /// Lends an object's file, which `fetching` puts into ``files`` if it is not there, answering its size.
    package func withFile<Result: Sendable>(
        _ hash: ContentHash, fetching: @Sendable () async throws -> Int,
        _ work: @Sendable (_ path: String) async throws -> Result
    ) async throws -> Result {
        let path = files.path(of: hash)
        while !state.withLock({ Self.take(hash, path, in: &$0) }) {
            let size = try await fetching()
            // In use from the beginning, or it might go as surplus before it is. Somebody else's copy may have gone so at this
            // moment, and this one with it; then it is fetched again.
            let isTaken = state.withLock { state in
                guard access(path, F_OK) == 0, state.entries[hash] == nil else { return false }
                state.entries[hash] = Entry(size: size, users: 1, lastUse: .now)
                state.size += size
                return true
            }
            if isTaken { break }
        }
        defer {
            state.withLock { state in
                state.entries[hash]?.users -= 1
                removeSurplus(&state)
            }
        }
        return try await work(path)
    }

    /// Begins to use a file; false if it is not there.
    private static func take(_ hash: ContentHash, _ path: String, in state: inout State) -> Bool {
        guard state.entries[hash] != nil, access(path, F_OK) == 0 else { return false }
        state.entries[hash]?.users += 1
        state.entries[hash]?.lastUse = .now
        return true
    }

    /// Whether an object's file is there at the moment.
    package func has(_ hash: ContentHash) -> Bool { access(files.path(of: hash), F_OK) == 0 }

    /// Forgets an object that was removed.
    func forget(_ hash: ContentHash) {
        state.withLock { state in
            guard let entry = state.entries[hash], entry.users == 0 else { return }
            remove(hash, entry, &state)
        }
    }

    /// Removes the least used files until the rest has room.
    private func removeSurplus(_ state: inout State) {
        guard state.size > limit else { return }
        // Down to nine tenths, so that the sorting is not done for every new file.
        for (hash, entry) in state.entries.sorted(by: { $0.value.lastUse < $1.value.lastUse })
        where entry.users == 0 && state.size > limit / 10 * 9 {
            remove(hash, entry, &state)
        }
    }

    /// Within the lock, so that nobody takes a file that is about to go.
    private func remove(_ hash: ContentHash, _ entry: Entry, _ state: inout State) {
        state.entries[hash] = nil
        state.size -= entry.size
        unlink(files.path(of: hash))
    }

    /// Reads a part of a file into memory.
    func read(_ file: File, at offset: Int, count: Int) async throws -> ByteBuffer {
        try await threads.run {
            var all = ByteBufferAllocator().buffer(capacity: count)
            while all.readableBytes < count {
                var piece = try file.read(at: offset + all.readableBytes, count: count - all.readableBytes)
                guard piece.readableBytes > 0 else {
                    throw ObjectStoreError(.failed, "A local copy of an object is too short.")
                }
                all.writeBuffer(&piece)
            }
            return all
        }
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "host" }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }

    /// Removes the folders of processes of this machine that are gone.
    private static func removeAbandoned(in root: String, host: String) throws {
        for name in try folderEntries(root) where name.hasPrefix(host + ".") {
            let parts = name.dropFirst(host.count + 1).split(separator: ".")
            guard let process = parts.first.flatMap({ pid_t($0) }), kill(process, 0) != 0, errno == ESRCH else {
                continue
            }
            removeTree(root + "/" + name)
        }
    }

    /// Best effort: what cannot be removed now is removed at a later start.
    private static func removeTree(_ path: String) {
        if unlink(path) == 0 { return }
        guard let names = try? folderEntries(path) else { return }
        for name in names { removeTree(path + "/" + name) }
        rmdir(path)
    }
}

/// Lets few of many do something at a time, the others wait in order.
actor Places {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) {
        free = count
    }

    func withPlace<Result: Sendable>(_ work: @Sendable () async throws -> Result) async throws -> Result {
        if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
        defer { if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() } }
        return try await work()
    }
}
