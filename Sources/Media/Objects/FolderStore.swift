import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Keeps objects as files of one folder: `ab/cd/abcd…`, by the first digits of the hash.
///
/// A file is written under a passing name in `tmp`, flushed to the disk, and renamed into place, so an object is either
/// there whole and for good or not there at all. All blocking calls run on threads of its own.
package final class FolderStore: ObjectStore {
    private let root: String
    private let threads: NIOThreadPool
    /// Twice as many for what is written: they wait for the disk most of the time, and readers not for them.
    private let writing: NIOThreadPool
    private let isDurable: Bool
    /// Folders whose own entries are known to be on the disk.
    private let durableFolders = Mutex<Set<String>>([])
    /// Objects that were read lately: people look at few, and at each again and again.
    private let recent = Mutex<[ContentHash: OpenObject]>([:])
    private static let mostOpen = 128

    private struct OpenObject {
        let file: File
        let size: Int

        /// A part that is read at once.
        ///
        /// Large ones are left to the threads for files: read as fast as memory allows, they would pile up before the
        /// socket, which takes more time than it spares.
        func smallPart(_ range: Range<Int>?) -> Range<Int>? {
            let part = (range ?? 0..<size).clamped(to: 0..<size)
            return part.count <= ObjectContent.pieceLength ? part : nil
        }

        /// What is read of a part along with the opening.
        func beginning(of range: Range<Int>?) -> Range<Int> {
            let part = (range ?? 0..<size).clamped(to: 0..<size)
            return part.lowerBound..<min(part.upperBound, part.lowerBound + ObjectContent.pieceLength)
        }
    }

    /// Opens the folder, making it where needed, and removes what writers left behind that never finished.
    ///
    /// - Throws: ``ObjectStoreError`` with `failed` if the folder cannot be made or written.
    package convenience init(root: String, threads: Int = 4) throws {
        try self.init(root: root, isDurable: true, threads: threads)
    }

    /// `isDurable`: false for files that may be lost with the machine, which are not waited for.
    init(root: String, isDurable: Bool, threads: Int = 4) throws {
        self.root = root
        self.isDurable = isDurable
        self.threads = NIOThreadPool(numberOfThreads: threads)
        writing = NIOThreadPool(numberOfThreads: 2 * threads)
        try makeFolders(root)
        try makeFolders(root + "/tmp")
        try Self.removeAbandoned(in: root + "/tmp")
        self.threads.start()
        writing.start()
    }

    /// Stops the threads, after the work that was already asked for.
    package func shutdown() async throws {
        try await writing.shutdownGracefully()
        try await threads.shutdownGracefully()
    }

    /// Where the object of this hash lies, if there is one.
    package func path(of hash: ContentHash) -> String {
        folder(of: hash) + "/" + hash.description
    }

    package func makeWriter() async throws -> any ObjectWriter {
        try await writing.run { [self] in
            let path = "\(root)/tmp/\(getpid())-\(hexadecimal((0..<12).map { _ in UInt8.random(in: 0...255) }))"
            let file = try File(path, O_WRONLY | O_CREAT | O_EXCL)
            return FolderWriter(file: file, path: path, isDurable: isDurable, threads: writing) { [self] hash in
                try adopt(path, as: hash)
            }
        }
    }

    package func open(_ hash: ContentHash, range: Range<Int>?) async throws -> ObjectContent {
        let known = recent.withLock { $0[hash] }.flatMap { $0.file.isInFolder ? $0 : nil }
        if let known, let part = known.smallPart(range), let all = known.file.readAtHand(part) {
            return try content(known, range, all)
        }
        // The beginning comes along: of what is small, and of small parts, that is all, in one turn on another thread.
        let (object, first) = try await threads.run { [self] in
            let object = try known ?? opened(hash)
            return (object, try object.file.read(at: object.beginning(of: range)))
        }
        return try content(object, range, first)
    }

    private func content(_ object: OpenObject, _ range: Range<Int>?, _ first: ByteBuffer) throws -> ObjectContent {
        try ObjectContent(size: object.size, range: range, first: first) { [threads] offset, count in
            try await threads.run { try object.file.read(at: offset, count: count) }
        }
    }

    private func opened(_ hash: ContentHash) throws -> OpenObject {
        let file = try File(path(of: hash), O_RDONLY)
        let object = OpenObject(file: file, size: try file.size())
        recent.withLock { recent in
            // Opened again when they are asked for again, so no order has to be kept.
            if recent.count >= Self.mostOpen { recent.removeAll(keepingCapacity: true) }
            recent[hash] = object
        }
        return object
    }

    package func size(of hash: ContentHash) async throws -> Int? {
        try await threads.run { [path = path(of: hash)] in
            var status = stat()
            if stat(path, &status) == 0 { return Int(status.st_size) }
            guard errno == ENOENT else { throw ObjectStoreError(system: "look at an object") }
            return nil
        }
    }

    package func list(after hash: ContentHash?, limit: Int) async throws -> [ListedObject] {
        try await threads.run { [root] in
            let place = hash?.description ?? ""
            var found: [ListedObject] = []
            for first in try folderEntries(root).sorted() where first.utf8.count == 2 && first >= place.prefix(2) {
                for second in try folderEntries("\(root)/\(first)").sorted() where first + second >= place.prefix(4) {
                    let folder = "\(root)/\(first)/\(second)"
                    for name in try folderEntries(folder).sorted() where name > place {
                        var status = stat()
                        // What has gone since is not there, and what is no hash is not ours.
                        guard let hash = ContentHash(name), stat("\(folder)/\(name)", &status) == 0 else { continue }
                        found.append(ListedObject(hash: hash, size: Int(status.st_size)))
                        if found.count == limit { return found }
                    }
                }
            }
            return found
        }
    }

    package func delete(_ hash: ContentHash) async throws {
        try await threads.run { [self] in
            guard unlink(path(of: hash)) == 0 || errno == ENOENT else {
                throw ObjectStoreError(system: "delete an object")
            }
        }
        // An open file keeps its place on the disk.
        recent.withLock { _ = $0.removeValue(forKey: hash) }
    }

    package func withLocalFile<Result: Sendable>(
        _ hash: ContentHash, _ work: @Sendable (_ path: String) async throws -> Result
    ) async throws -> Result {
        guard try await size(of: hash) != nil else { throw ObjectStoreError.notFound }
        return try await work(path(of: hash))
    }

    private func folder(of hash: ContentHash) -> String {
        let hex = hash.description
        return "\(root)/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))"
    }

    /// Moves a finished file to its place.
    ///
    /// It replaces an equal one rather than giving way to it: whoever deletes the old one at this moment does not harm
    /// the new one's rename.
    private func adopt(_ path: String, as hash: ContentHash) throws {
        let folder = folder(of: hash)
        if !durableFolders.withLock({ $0.contains(folder) }) {
            try makeFolders(folder)
            guard isDurable else { return try move(path, to: hash) }
            let parent = String(folder.dropLast(3))
            try flushFolder(parent)
            if !durableFolders.withLock({ $0.contains(parent) }) { try flushFolder(root) }
            durableFolders.withLock { $0.formUnion([parent, folder]) }
        }
        try move(path, to: hash)
        if isDurable { try flushFolder(folder) }
    }

    private func move(_ path: String, to hash: ContentHash) throws {
        guard rename(path, self.path(of: hash)) == 0 else { throw ObjectStoreError(system: "move an object") }
    }

    private static func removeAbandoned(in folder: String) throws {
        // A second process on the same folder may be writing, but not for a whole day.
        let oldest = time(nil) - 86_400
        for name in try folderEntries(folder) {
            var status = stat()
            guard stat("\(folder)/\(name)", &status) == 0, status.st_mtim.tv_sec < oldest else { continue }
            guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else {
                throw ObjectStoreError(system: "remove an abandoned file")
            }
        }
    }
}

/// Writes one object of a ``FolderStore``.
private actor FolderWriter: ObjectWriter {
    private let file: File
    private let path: String
    private let isDurable: Bool
    private let threads: NIOThreadPool
    private let adopt: @Sendable (ContentHash) throws -> Void
    private let digest = Mutex(RunningDigest())
    /// What came since the last writing, as it came: joining it would mean to copy all of it.
    private var pieces: [ByteBuffer] = []
    private var held = 0

    /// Enough that the turn on another thread costs little beside the writing.
    private static let mostHeld = 256 * 1024
    private static let mostPieces = 64

    init(
        file: File, path: String, isDurable: Bool, threads: NIOThreadPool,
        adopt: @escaping @Sendable (ContentHash) throws -> Void
    ) {
        self.isDurable = isDurable
        self.file = file
        self.path = path
        self.threads = threads
        self.adopt = adopt
    }

    func write(_ bytes: ByteBuffer) async throws {
        pieces.append(bytes)
        held += bytes.readableBytes
        if held >= Self.mostHeld || pieces.count >= Self.mostPieces { try await flush() }
    }

    func finish(_ announce: @Sendable (StoredObject) async throws -> Void) async throws -> StoredObject {
        do {
            try await flush()
            let object = digest.withLock { $0.object() }
            // Who is told beforehand writes to a disk too, so both are waited for at once.
            async let flushed: Void = threads.run { [file, isDurable] in if isDurable { try file.flush() } }
            try await announce(object)
            try await flushed
            try await threads.run { [self] in try adopt(object.hash) }
            return object
        } catch {
            await discard()
            throw error
        }
    }

    func discard() async {
        // Best effort: what cannot be removed now is removed at a later start.
        unlink(path)
    }

    private func flush() async throws {
        let taken = pieces
        (pieces, held) = ([], 0)
        guard !taken.isEmpty else { return }
        try await threads.run { [self] in
            for piece in taken {
                digest.withLock { $0.update(piece) }
                try file.write(piece)
            }
        }
    }
}
