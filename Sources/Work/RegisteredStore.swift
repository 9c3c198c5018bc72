package import Media
import NIOCore
package import Storage

/// An object store whose objects are known to the database, so that what nobody refers to can be removed.
///
/// An object is entered in the register before it is published, a row that refers to it is written only while it is
/// kept, and it is removed only after a transaction found that no row refers to it. From then on it can neither be
/// referred to nor put again until it is gone, so no order of these steps leaves a row without its object.
package struct RegisteredStore: ObjectStore {
    private let base: any ObjectStore
    private let database: any Database
    private let now: @Sendable () -> Timestamp

    /// How long the deletion of objects may take that were decided to leave; nothing is deleted later than that.
    private static let deletionSeconds = 60
    /// After how many seconds another process ends a removal that was not ended: long after the first has given up.
    private static let takeOverSeconds = 600.0
    /// How often, and after what pause, a put looks whether its object is gone.
    private static let looks = 100
    private static let pause = Duration.milliseconds(100)

    package init(_ base: any ObjectStore, database: any Database, now: @escaping @Sendable () -> Timestamp) {
        self.base = base
        self.database = database
        self.now = now
    }

    package func makeWriter() async throws -> any ObjectWriter {
        RegisteringWriter(base: try await base.makeWriter()) { object in try await register(object) }
    }

    package func open(_ hash: ContentHash, range: Range<Int>?) async throws -> ObjectContent {
        try await base.open(hash, range: range)
    }

    package func size(of hash: ContentHash) async throws -> Int? { try await base.size(of: hash) }

    package func list(after hash: ContentHash?, limit: Int) async throws -> [ListedObject] {
        try await base.list(after: hash, limit: limit)
    }

    /// Removes an object unless something refers to it.
    package func delete(_ hash: ContentHash) async throws { _ = try await remove([hash.description], putBefore: nil) }

    package func withLocalFile<Result: Sendable>(
        _ hash: ContentHash, _ work: @Sendable (_ path: String) async throws -> Result
    ) async throws -> Result {
        try await base.withLocalFile(hash, work)
    }

    package func shutdown() async throws { try await base.shutdown() }

    private func register(_ object: StoredObject) async throws {
        for _ in 0..<Self.looks {
            let now = now()
            let isEntered = try await database.write { db in
                try db.register(object: object.hash.description, size: object.size, at: now)
            }
            if isEntered { return }
            // Equal bytes are being removed, which is a matter of moments.
            try await Task.sleep(for: Self.pause)
        }
        throw ObjectStoreError(.failed, "An equal object is being removed; try again later.")
    }

    /// Removes those of some objects that nothing refers to.
    ///
    /// - Parameters:
    ///   - hashes: The objects.
    ///   - cutoff: Only what was put before this time; nil for all, where somebody knows that they were of use to a
    ///     row that is gone.
    /// - Returns: How many were removed.
    /// - Throws: `StorageError` or `ObjectStoreError`; what was not removed by then is removed later.
    package func remove(_ hashes: [String], putBefore cutoff: Timestamp?) async throws -> Int {
        guard !hashes.isEmpty else { return 0 }
        let begun = ContinuousClock.now
        let now = now()
        let leaving = try await database.write { db in
            try db.release(objects: hashes, putBefore: cutoff ?? now.adding(seconds: 1), at: now)
        }
        return try await delete(leaving, decided: now, begun: begun)
    }

    /// Ends removals that a process began which did not live to end them.
    package func endRemovals() async throws -> Int {
        let begun = ContinuousClock.now
        let now = now()
        let hashes = try await database.write { db in
            try db.takeOverLeaving(before: now.adding(seconds: -Self.takeOverSeconds), at: now, limit: 100)
        }
        return try await delete(hashes, decided: now, begun: begun)
    }

    /// Deletes objects that cannot be put again until this is over, and then forgets them.
    private func delete(_ hashes: [String], decided: Timestamp, begun: ContinuousClock.Instant) async throws -> Int {
        var deleted: [String] = []
        for hash in hashes {
            // Later another process may have ended this and the object may have been put again. What is not reached
            // now is left to whoever takes the removal over.
            guard ContinuousClock.now - begun < .seconds(Self.deletionSeconds) else { break }
            if let object = ContentHash(hash) { try await base.delete(object) }
            deleted.append(hash)
        }
        guard !deleted.isEmpty else { return 0 }
        try await database.write { [deleted] db in try db.forget(objects: deleted, leavingSince: decided) }
        return deleted.count
    }
}

/// Enters its object before it is published.
private struct RegisteringWriter: ObjectWriter {
    let base: any ObjectWriter
    let register: @Sendable (StoredObject) async throws -> Void

    func write(_ bytes: ByteBuffer) async throws { try await base.write(bytes) }

    func finish(_ announce: @Sendable (StoredObject) async throws -> Void) async throws -> StoredObject {
        try await base.finish { object in
            try await register(object)
            try await announce(object)
        }
    }

    func discard() async { await base.discard() }
}
