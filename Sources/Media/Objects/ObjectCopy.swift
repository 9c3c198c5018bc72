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
    /// - Throws: ``ObjectStoreError``, with `notFound` if it is not there and `damaged` if its bytes are not what its
    ///   name says; nothing is stored then.
    @discardableResult
    package func copy(_ hash: ContentHash, from source: any ObjectStore) async throws -> Int {
        let content = try await source.open(hash, range: nil)
        let writer = try await makeWriter()
        do {
            for try await piece in content { try await writer.write(piece) }
        } catch {
            await writer.discard()
            throw error
        }
        return try await writer.finish { object in
            guard object.hash == hash else { throw ObjectStoreError.damaged }
        }.size
    }
}
