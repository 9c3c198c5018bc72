import Glibc
package import NIOCore
import NIOPosix

/// All tiles of a picture in one object: thousands of files a picture would be a burden on any store.
///
/// A head of 32 bytes (a mark, then width, height, side, format and number of tiles as 32-bit numbers), the place of
/// every tile and of the end as 64-bit numbers, the tiles. Numbers are little-endian; tiles stand level by level as
/// ``TileLayout`` counts them.
package enum TilePack {
    private static let mark = Array("vtiles01".utf8)
    private static let headLength = 32
    /// The largest tile that is believed: an uncompressed one is 1 MiB.
    private static let largestTile = 4 << 20

    // MARK: Reading

    /// One tile of a pack.
    package struct Tile: Sendable {
        package let bytes: ByteBuffer
        /// The media type.
        package let mimeType: String
    }

    /// Reads a tile; nil if the picture has no such tile.
    ///
    /// - Throws: ``ObjectStoreError`` with `notFound` if there is no such object, `failed` if it is no pack.
    package static func tile(
        level: Int, column: Int, row: Int, of pack: ContentHash, in store: any ObjectStore
    ) async throws -> Tile? {
        var head = try await bytes(0..<headLength, of: pack, in: store)
        guard head.readBytes(length: mark.count) == mark,
            let (width, height, side, format, count) = head.readMultipleIntegers(
                endianness: .little, as: (UInt32, UInt32, UInt32, UInt32, UInt32).self)
        else { throw damaged }
        let layout = TileLayout(width: Int(width), height: Int(height))
        guard side == TileLayout.side, layout.count == Int(count) else { throw damaged }
        guard let index = layout.index(level: level, column: column, row: row) else { return nil }
        let place = headLength + 8 * index
        var places = try await bytes(place..<place + 16, of: pack, in: store)
        guard let (start, end) = places.readMultipleIntegers(endianness: .little, as: (UInt64, UInt64).self),
            start < end, end - start <= UInt64(largestTile)
        else { throw damaged }
        return Tile(
            bytes: try await bytes(Int(start)..<Int(end), of: pack, in: store),
            mimeType: format == 2 ? PictureFormat.webp.mimeType : PictureFormat.jpeg.mimeType)
    }

    private static func bytes(
        _ range: Range<Int>, of pack: ContentHash, in store: any ObjectStore
    ) async throws -> ByteBuffer {
        let content = try await store.open(pack, range: range)
        guard content.range == range else { throw damaged }
        var all = ByteBuffer()
        for try await piece in content { all.writeImmutableBuffer(piece) }
        return all
    }

    private static let damaged = ObjectStoreError(.failed, "The object is no pack of tiles.")

    // MARK: Writing

    /// Gathers the tiles that lie as files below a folder into one new object.
    ///
    /// - Parameters:
    ///   - folder: Where the levels are, as ``Pictures`` cuts them.
    ///   - width: Of the picture in pixels.
    ///   - height: Of the picture in pixels.
    ///   - format: Of all tiles.
    ///   - store: Where the object goes.
    ///   - threads: Where files are read.
    /// - Returns: The new object.
    /// - Throws: ``ObjectStoreError``, or ``PictureError`` if a tile is larger than any can be.
    static func gather(
        _ folder: String, width: Int, height: Int, format: PictureFormat, into store: any ObjectStore,
        threads: NIOThreadPool
    ) async throws -> StoredObject {
        let layout = TileLayout(width: width, height: height)
        let ending = format == .webp ? "webp" : "jpg"
        var names: [String] = []
        for (number, level) in layout.levels.enumerated() {
            for row in 0..<level.rows {
                for column in 0..<level.columns { names.append("\(folder)/\(number)/\(column)_\(row).\(ending)") }
            }
        }
        let sizes = try await threads.run { [names] in try names.map { try File($0, O_RDONLY).size() } }
        guard sizes.allSatisfy({ $0 <= largestTile }) else { throw PictureError.damaged }
        var head = ByteBuffer(bytes: mark)
        head.writeMultipleIntegers(
            UInt32(width), UInt32(height), UInt32(TileLayout.side), UInt32(format == .webp ? 2 : 1),
            UInt32(layout.count), UInt32(0), endianness: .little)
        var place = headLength + 8 * (names.count + 1)
        for size in sizes {
            head.writeInteger(UInt64(place), endianness: .little)
            place += size
        }
        head.writeInteger(UInt64(place), endianness: .little)
        let writer = try await store.makeWriter()
        do {
            try await writer.write(head)
            // Some at a time, so that neither memory nor hops between threads grow with the picture.
            for start in stride(from: 0, to: names.count, by: 64) {
                let part = start..<min(start + 64, names.count)
                let piece = try await threads.run { [names, sizes] in
                    var piece = ByteBuffer()
                    for index in part {
                        var bytes = try File(names[index], O_RDONLY).read(at: 0, count: sizes[index])
                        guard bytes.readableBytes == sizes[index] else { throw damaged }
                        piece.writeBuffer(&bytes)
                    }
                    return piece
                }
                try await writer.write(piece)
            }
        } catch {
            await writer.discard()
            throw error
        }
        return try await writer.finish()
    }
}
