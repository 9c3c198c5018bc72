import JSON
import Media
import NIOCore
import Storage
import TestSupport
import Testing

@testable import Work

struct UploadTests {
    private struct Broken: Error {}

    private static func stream(
        _ bytes: ArraySlice<UInt8>, then error: (any Error)? = nil
    ) -> AsyncThrowingStream<ByteBuffer, any Error> {
        AsyncThrowingStream { continuation in
            var rest = bytes
            while !rest.isEmpty {
                continuation.yield(ByteBuffer(bytes: rest.prefix(100_000)))
                rest = rest.dropFirst(100_000)
            }
            continuation.finish(throwing: error)
        }
    }

    /// Bytes no two runs of which are alike.
    private static func bytes(_ count: Int) -> [UInt8] {
        var state: UInt32 = 7
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
    }

    @Test(arguments: Backend.available)
    func `an upload goes on where the line broke and becomes one file`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p")
            let uploads = UploadOperations(environment: shop.environment)
            let all = Self.bytes(20_000_000)
            let details = FileDetails(displayName: "Large", project: "p", referenceID: "r", metadata: RawJSON("{}"))
            let begun = try await uploads.begin(length: 20_000_000, name: "large.bin", details: details, by: shop.key)
            await #expect(throws: Broken.self) {
                try await uploads.append(
                    Self.stream(all[..<9_000_000], then: Broken()), to: begun.id, at: 0, by: shop.key)
            }
            let kept = try await uploads.show(begun.id, by: shop.key).row.received
            #expect(kept == 9_000_000, "also the bytes since the last whole piece")
            for offset in [0, kept - 1, kept + 1] {
                let refusal = await #expect(throws: Refusal.self) {
                    try await uploads.append(Self.stream([1]), to: begun.id, at: offset, by: shop.key)
                }
                #expect(refusal?.code == .conflict)
            }
            let whole = try await uploads.append(
                Self.stream(all[Int(kept)...]), to: begun.id, at: kept, by: shop.key)
            #expect(whole.state == .joining && whole.received == 20_000_000)
            let pieces = try await shop.database.read { db in try db.uploadPieces(begun.id) }
            #expect(try await shop.run(.finishUpload) == [.done])
            let (done, file) = try await uploads.show(begun.id, by: shop.key)
            #expect(done.state == .done && done.error == nil)
            #expect(file?.hash == ContentHash.of(all).description && file?.size == 20_000_000)
            #expect(file?.name == "Large" && file?.referenceID == "r" && file?.projects == ["p"])
            let hash = try #require(file?.hash.flatMap { ContentHash($0) })
            #expect(try await shop.store.size(of: hash) == 20_000_000)
            for piece in pieces.compactMap({ ContentHash($0) }) {
                #expect(try await shop.store.size(of: piece) == nil, "the pieces are gone")
            }
            #expect(try await shop.history(file?.id ?? "") == ["file.added"])
        }
    }

    @Test(arguments: [0, 1, 5_000_000])
    func `what comes in one piece is a file at once`(_ size: Int) async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let uploads = UploadOperations(environment: shop.environment)
            let all = Self.bytes(size)
            let begun = try await uploads.begin(
                length: Int64(size), name: "a.bin", details: FileDetails(), by: shop.key)
            if size > 0 {
                let row = try await uploads.append(Self.stream(all[...]), to: begun.id, at: 0, by: shop.key)
                #expect(row.state == .done)
            }
            let (row, file) = try await uploads.show(begun.id, by: shop.key)
            #expect(row.state == .done && file?.hash == ContentHash.of(all).description && file?.name == "a.bin")
        }
    }

    @Test func `uploads end by being called off, by time, by too many bytes and by a name that is taken`() async throws
    {
        try await Backend.sqlite.withWorkshop { shop in
            let uploads = UploadOperations(environment: shop.environment)
            func begin(_ length: Int64, _ reference: String? = nil) async throws -> UploadRow {
                try await uploads.begin(
                    length: length, name: "a", details: FileDetails(referenceID: reference), by: shop.key)
            }
            let tooLarge = await #expect(throws: Refusal.self) { try await begin(uploads.limit + 1) }
            #expect(tooLarge?.code == .tooLarge)
            let (first, second) = (try await begin(3, "r"), try await begin(3, "r"))
            let tooMuch = await #expect(throws: Refusal.self) {
                try await uploads.append(Self.stream([1, 2, 3, 4]), to: first.id, at: 0, by: shop.key)
            }
            #expect(tooMuch?.code == .tooLarge)
            #expect(try await uploads.append(Self.stream([1, 2, 3]), to: first.id, at: 0, by: shop.key).state == .done)
            let late = try await uploads.append(Self.stream([4, 5, 6]), to: second.id, at: 0, by: shop.key)
            #expect(late.state == .failed && late.error?.contains("already used") == true)
            let taken = await #expect(throws: Refusal.self) { try await begin(3, "r") }
            #expect(taken?.code == .duplicate)

            let third = try await begin(30)
            _ = try await uploads.append(Self.stream([7, 8]), to: third.id, at: 0, by: shop.key)
            let piece = ContentHash.of([7, 8])
            #expect(try await shop.store.size(of: piece) == 2)
            try await uploads.cancel(third.id, by: shop.key)
            #expect(try await shop.store.size(of: piece) == nil)
            let gone = await #expect(throws: Refusal.self) { try await uploads.show(third.id, by: shop.key) }
            #expect(gone?.code == .notFound)

            let fourth = try await begin(30)
            _ = try await uploads.append(Self.stream([7, 8]), to: fourth.id, at: 0, by: shop.key)
            shop.clock.advance(8 * 86_400)
            try await uploads.dropExpired()
            #expect(try await shop.store.size(of: piece) == nil)
            await #expect(throws: Refusal.self) { try await uploads.show(fourth.id, by: shop.key) }
            for (upload, end) in [(second, "failed"), (third, "canceled"), (fourth, "expired")] {
                #expect(try await shop.history(upload.id) == ["upload.begun", "upload.\(end)"])
            }
            #expect(try await shop.history(first.id) == ["upload.begun"], "its file has an entry of its own")
            await #expect(throws: Refusal.self, "another world's") {
                try await uploads.show(first.id, by: shop.testKey)
            }
        }
    }
}
