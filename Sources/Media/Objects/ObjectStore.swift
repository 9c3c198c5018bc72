package import NIOCore

/// Keeps immutable objects under the hash of their bytes.
///
/// Equal bytes are one object, however often and by whomever they are put. Who may see an object is not known here: the
/// database says who refers to it, and deleting one that a row still refers to is the caller's mistake.
package protocol ObjectStore: Sendable {
    /// Begins a new object.
    func makeWriter() async throws -> any ObjectWriter

    /// Opens an object for reading, all of it or the part of the range that exists.
    ///
    /// - Throws: ``ObjectStoreError`` with `notFound`, or `invalidRange` if the range begins at or behind the end.
    func open(_ hash: ContentHash, range: Range<Int>?) async throws -> ObjectContent

    /// The number of bytes of an object, `nil` if there is none.
    func size(of hash: ContentHash) async throws -> Int?

    /// Objects in the order of their hashes, after one or from the first on, as many as asked for while there are more.
    ///
    /// What is put or removed meanwhile may be among them or not.
    func list(after hash: ContentHash?, limit: Int) async throws -> [ListedObject]

    /// Removes an object; nothing happens if there is none. Readings that have begun go on to their end.
    func delete(_ hash: ContentHash) async throws

    /// Lends a file with the object's bytes to work that needs a path. The file must not be changed or kept.
    ///
    /// - Throws: ``ObjectStoreError`` with `notFound`, and what the work throws.
    func withLocalFile<Result: Sendable>(
        _ hash: ContentHash, _ work: @Sendable (_ path: String) async throws -> Result
    ) async throws -> Result

    /// Ends the store after the work that was already asked for.
    func shutdown() async throws
}

/// Takes the bytes of one new object in order; exactly one of ``finish(_:)`` and ``discard()`` ends it.
package protocol ObjectWriter: Sendable {
    /// Appends bytes.
    func write(_ bytes: ByteBuffer) async throws
    /// Makes the object durable and visible; after an error nothing is left of it.
    ///
    /// `announce` is called when all is known of the object and nothing of it can be seen yet; what it throws ends the
    /// object.
    func finish(_ announce: @Sendable (StoredObject) async throws -> Void) async throws -> StoredObject
    /// Forgets what was written.
    func discard() async
}

/// What is known of an object once it is stored.
package struct StoredObject: Sendable, Equatable {
    /// Identifies the bytes.
    package let hash: ContentHash
    /// The number of bytes.
    package let size: Int
    /// The type told by the bytes themselves, or `application/octet-stream`.
    package let mimeType: String

    /// Makes a description of a stored object.
    package init(hash: ContentHash, size: Int, mimeType: String) {
        self.hash = hash
        self.size = size
        self.mimeType = mimeType
    }
}

/// An object as a store lists it.
package struct ListedObject: Sendable, Equatable {
    /// Identifies the bytes.
    package let hash: ContentHash
    /// The number of bytes.
    package let size: Int

    /// Makes an entry of a list.
    package init(hash: ContentHash, size: Int) {
        self.hash = hash
        self.size = size
    }
}

/// Why a store did not do what was asked.
package struct ObjectStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: Sendable {
        /// There is no object with this hash.
        case notFound
        /// The bytes are more than the caller allowed.
        case tooLarge
        /// The range lies behind the end of the object.
        case invalidRange
        /// There is no room for it.
        case full
        /// The bytes are not those that the object's name stands for.
        case damaged
        /// The store itself failed.
        case failed
    }

    /// The kind of failure.
    package let code: Code
    /// One sentence; for `failed` it names what the system said and is meant for operators.
    package let description: String

    /// Makes an error from its parts.
    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension ObjectWriter {
    /// Makes the object durable and visible.
    package func finish() async throws -> StoredObject { try await finish { _ in } }
}

extension ObjectStore {
    /// Stores bytes.
    package func put(_ bytes: [UInt8]) async throws -> StoredObject {
        let writer = try await makeWriter()
        do {
            try await writer.write(ByteBuffer(bytes: bytes))
        } catch {
            await writer.discard()
            throw error
        }
        return try await writer.finish()
    }

    /// Stores bytes as they come, never holding more than a piece of them in memory.
    ///
    /// - Throws: ``ObjectStoreError`` with `tooLarge` as soon as there are more bytes than the limit, and whatever the
    ///   sequence throws; nothing is stored then.
    package func put<Chunks: AsyncSequence>(
        _ chunks: Chunks, limit: Int
    ) async throws -> StoredObject where Chunks.Element == ByteBuffer {
        let writer = try await makeWriter()
        do {
            var remaining = limit
            for try await chunk in chunks {
                remaining -= chunk.readableBytes
                guard remaining >= 0 else {
                    throw ObjectStoreError(.tooLarge, "The file is larger than the limit of \(limit) bytes.")
                }
                try await writer.write(chunk)
            }
            // A sequence may just end when its reader is cancelled.
            try Task.checkCancellation()
        } catch {
            await writer.discard()
            throw error
        }
        return try await writer.finish()
    }

    /// Reads a whole object that is known to be small.
    ///
    /// - Throws: ``ObjectStoreError`` with `tooLarge` if it is larger than the limit, or `notFound`.
    package func bytes(of hash: ContentHash, limit: Int) async throws -> [UInt8] {
        let content = try await open(hash, range: nil)
        guard content.size <= limit else {
            throw ObjectStoreError(.tooLarge, "The object is larger than the limit of \(limit) bytes.")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(content.size)
        for try await chunk in content { bytes.append(contentsOf: chunk.readableBytesView) }
        return bytes
    }
}

/// The bytes of a stored object, or a part of them, read piece by piece as they are asked for.
package struct ObjectContent: AsyncSequence, Sendable {
    /// Reads some bytes at an offset, at most as many as asked for, at least one.
    package typealias Read = @Sendable (_ offset: Int, _ count: Int) async throws -> ByteBuffer
    /// Gives the next bytes of the part in order, nil behind the last.
    package typealias Next = () async throws -> ByteBuffer?

    /// The size of the whole object in bytes.
    package let size: Int
    /// The part that this sequence gives.
    package let range: Range<Int>
    private let source: Source

    private enum Source: Sendable {
        case read(first: ByteBuffer, Read)
        case stream(@Sendable () -> Next)
    }

    /// The most bytes that are read at once.
    package static let pieceLength = 128 * 1024

    /// Makes content of an object of this size, cutting the range at its end.
    ///
    /// `first`: the beginning of the part, where it was read along with the opening; empty where it was not.
    ///
    /// - Throws: ``ObjectStoreError`` with `invalidRange`.
    package init(
        size: Int, range: Range<Int>?, first: ByteBuffer = ByteBuffer(), read: @escaping Read
    ) throws {
        try self.init(size, range, .read(first: first, read))
    }

    /// Makes content that comes as one stream, which can be read once.
    ///
    /// - Throws: ``ObjectStoreError`` with `invalidRange`.
    package init(size: Int, range: Range<Int>?, stream: @escaping @Sendable () -> Next) throws {
        try self.init(size, range, .stream(stream))
    }

    private init(_ size: Int, _ range: Range<Int>?, _ source: Source) throws {
        if let range {
            guard range.lowerBound >= 0, range.lowerBound < size, !range.isEmpty else {
                throw ObjectStoreError(.invalidRange, "The range lies outside the object of \(size) bytes.")
            }
        }
        self.size = size
        self.range = (range ?? 0..<size).clamped(to: 0..<size)
        self.source = source
    }

    /// Gives the pieces in order.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var rest: Range<Int>
        fileprivate var first = ByteBuffer()
        fileprivate let read: Read?
        fileprivate let stream: Next?

        /// Reads the next piece: at most ``ObjectContent/pieceLength`` bytes, or as much as arrives at once.
        package mutating func next() async throws -> ByteBuffer? {
            try Task.checkCancellation()
            // The end of a stream is asked for, since what it gave is judged there.
            guard !rest.isEmpty else {
                guard try await stream?() == nil else {
                    throw ObjectStoreError(.damaged, "An object goes on behind its size.")
                }
                return nil
            }
            let piece: ByteBuffer
            if first.readableBytes > 0 {
                piece = first
                first = ByteBuffer()
            } else if let read {
                piece = try await read(rest.lowerBound, Swift.min(rest.count, pieceLength))
            } else {
                piece = try await stream?() ?? ByteBuffer()
            }
            guard (1...rest.count).contains(piece.readableBytes) else {
                throw ObjectStoreError(.damaged, "An object ended before its size.")
            }
            rest = (rest.lowerBound + piece.readableBytes)..<rest.upperBound
            return piece
        }
    }

    /// Begins reading at the start of the range.
    package func makeAsyncIterator() -> AsyncIterator {
        switch source {
        case .read(let first, let read): AsyncIterator(rest: range, first: first, read: read, stream: nil)
        case .stream(let make): AsyncIterator(rest: range, read: nil, stream: make())
        }
    }
}
