/// What a look at all bytes of an object found.
package enum ObjectState: Sendable, Equatable {
    /// The bytes are those that the name stands for.
    case whole(size: Int)
    case missing
    /// There are bytes under the name, but not its own.
    case changed
}

extension ObjectStore {
    /// Reads an object to its end and compares its bytes with its name, in constant memory.
    ///
    /// - Throws: ``ObjectStoreError`` if it cannot be read.
    package func state(of hash: ContentHash) async throws -> ObjectState {
        do {
            var digest = RunningDigest()
            for try await piece in try await open(hash, range: nil) { digest.update(piece) }
            let object = digest.object()
            return object.hash == hash ? .whole(size: object.size) : .changed
        } catch let error as ObjectStoreError where error.code == .notFound {
            return .missing
        } catch let error as ObjectStoreError where error.code == .damaged {
            return .changed
        }
    }

    /// Copies an object from another store, in constant memory.
    ///
    /// - Returns: The number of its bytes.
    /// - Throws: ``ObjectStoreError``, with `notFound` if it is not there, and `damaged` if it cannot be read or its bytes
    ///   are not what its name says; any other is one of this store. Nothing is stored then.
    @discardableResult
    package func copy(_ hash: ContentHash, from source: any ObjectStore) async throws -> Int {
        var pieces = try await Self.reading { try await source.open(hash, range: nil) }.makeAsyncIterator()
        let writer = try await makeWriter()
        do {
            while let piece = try await Self.reading({ try await pieces.next() }) { try await writer.write(piece) }
        } catch {
            await writer.discard()
            throw error
        }
        return try await writer.finish { object in
            guard object.hash == hash else { throw ObjectStoreError.damaged }
        }.size
    }

    /// Tells faults of the store that is read from those of the one that is written.
    private static func reading<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as ObjectStoreError where error.code == .failed {
            throw ObjectStoreError(.damaged, error.description)
        }
    }
}
