import Foundation
import Media
import NIOCore
import TestSupport
import Testing

@Suite struct TileTests {
    private static let pictures = Pictures(decoder: .built, threads: 2)

    /// A picture whose colours tell the place: red from left to right, green from top to bottom.
    private func encoded(
        _ width: Int, _ height: Int, bands: Int = 3, as format: PictureFormat = .png
    ) async throws -> [UInt8] {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * bands)
        for y in 0..<height {
            for x in 0..<width {
                pixels += [UInt8(x * 255 / width), UInt8(y * 255 / height), 90]
                if bands == 4 { pixels.append(200) }
            }
        }
        return try await Self.pictures.encode(pixels, width: width, height: height, as: format).bytes
    }

    /// Cuts a picture with a store of its own.
    private func withTiles(
        _ bytes: [UInt8], _ test: (_ pack: ContentHash, _ store: FolderStore, _ info: PictureInfo) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            try write(bytes, to: folder + "/picture")
            let store = try FolderStore(root: folder + "/objects", threads: 2)
            let name = UUID().uuidString
            let (pack, info) = try await Self.pictures.cutTiles(folder + "/picture", name: name, into: store)
            let temporary = FileManager.default.temporaryDirectory.path
            for folder in try FileManager.default.contentsOfDirectory(atPath: temporary)
            where folder.hasPrefix("vernier-decoders-") {
                #expect(!FileManager.default.fileExists(atPath: "\(temporary)/\(folder)/tiles-\(name)"))
            }
            try await test(pack.hash, store, info)
            try await store.shutdown()
        }
    }

    /// The size of a picture given as bytes.
    private func size(_ tile: TilePack.Tile) async throws -> (Int, Int) {
        try await withFolder { folder in
            try write(Array(tile.bytes.readableBytesView), to: folder + "/tile")
            let info = try await Self.pictures.probe(folder + "/tile")
            return (info.width, info.height)
        }
    }

    @Test(
        arguments: [
            (1, 1, [(1, 1)]), (512, 512, [(1, 1)]), (513, 512, [(1, 1), (2, 1)]),
            (1025, 3, [(1, 1), (2, 1), (3, 1)]), (20_000, 20_000, [1, 2, 3, 5, 10, 20, 40].map { ($0, $0) }),
        ] as [(Int, Int, [(Int, Int)])])
    func `levels halve until one tile holds all`(width: Int, height: Int, expected: [(Int, Int)]) {
        let layout = TileLayout(width: width, height: height)
        #expect(layout.levels.map(\.columns) == expected.map(\.0) && layout.levels.map(\.rows) == expected.map(\.1))
        #expect(layout.levels.last?.width == width && layout.levels.last?.height == height)
        // Every tile has a place of its own, without gaps.
        var next = 0
        for (number, level) in layout.levels.enumerated() {
            for row in 0..<level.rows {
                for column in 0..<level.columns {
                    #expect(layout.index(level: number, column: column, row: row) == next)
                    next += 1
                }
            }
        }
        #expect(layout.count == next)
        for (level, column, row) in [(-1, 0, 0), (expected.count, 0, 0), (0, 1, 0), (0, 0, 1), (0, -1, 0), (0, 0, -1)] {
            #expect(layout.index(level: level, column: column, row: row) == nil)
        }
    }

    @Test(
        arguments: [(.jpeg, 3), (.png, 3), (.png, 4), (.webp, 4)] as [(PictureFormat, Int)],
        [(1300, 700), (513, 1025), (511, 1023)])
    func `every tile of every level is there, in its size`(
        kind: (format: PictureFormat, bands: Int), sides: (Int, Int)
    ) async throws {
        let (format, bands) = kind
        try await withTiles(try await encoded(sides.0, sides.1, bands: bands, as: format)) { pack, store, info in
            #expect((info.width, info.height) == sides)
            let layout = TileLayout(width: info.width, height: info.height)
            for (number, level) in layout.levels.enumerated() {
                for row in 0..<level.rows {
                    for column in 0..<level.columns {
                        let tile = try #require(
                            try await TilePack.tile(level: number, column: column, row: row, of: pack, in: store))
                        let wanted = (
                            min(512, level.width - column * 512), min(512, level.height - row * 512)
                        )
                        #expect(try await size(tile) == wanted, "\(number) \(column) \(row)")
                        #expect(tile.mimeType == (bands == 4 && format != .jpeg ? "image/webp" : "image/jpeg"))
                    }
                }
            }
            #expect(try await TilePack.tile(level: 9, column: 0, row: 0, of: pack, in: store) == nil)
            #expect(try await TilePack.tile(level: 0, column: 1, row: 0, of: pack, in: store) == nil)
        }
    }

    @Test func `tiles show the picture upright`() async throws {
        var bytes = try await encoded(1200, 600, as: .jpeg)
        let tiff: [UInt8] =
            Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
        let block = Array("Exif\0\0".utf8) + tiff
        bytes = Array(bytes[..<2]) + [0xFF, 0xE1, 0, UInt8(block.count + 2)] + block + Array(bytes[2...])
        try await withTiles(bytes) { pack, store, info in
            #expect((info.width, info.height) == (600, 1200))
            let last = try #require(try await TilePack.tile(level: 2, column: 1, row: 2, of: pack, in: store))
            #expect(try await size(last) == (88, 176))
        }
    }

    @Test func `the same picture gives the same object`() async throws {
        let bytes = try await encoded(700, 700)
        let hashes = SharedHashes()
        for _ in 0..<2 { try await withTiles(bytes) { pack, _, _ in await hashes.add(pack) } }
        #expect(await hashes.all.count == 1)
    }

    @Test func `a picture that ends early leaves nothing`() async throws {
        let bytes = try await encoded(900, 900, as: .jpeg)
        let error = await #expect(throws: PictureError.self) {
            try await withTiles(Array(bytes.prefix(bytes.count / 2))) { _, _, _ in }
        }
        #expect(error?.code == .damaged)
    }

    @Test func `what is no pack has no tiles`() async throws {
        try await withFolder { folder in
            let store = try FolderStore(root: folder + "/objects", threads: 1)
            for bytes in [
                Array("short".utf8), [UInt8](repeating: 7, count: 500),
                Array("vtiles01".utf8) + [UInt8](repeating: 0, count: 90),
            ] {
                let object = try await store.put(bytes)
                await #expect(throws: ObjectStoreError.self) {
                    _ = try await TilePack.tile(level: 0, column: 0, row: 0, of: object.hash, in: store)
                }
            }
            await #expect(throws: ObjectStoreError.self) {
                _ = try await TilePack.tile(level: 0, column: 0, row: 0, of: ContentHash.of([]), in: store)
            }
            try await store.shutdown()
        }
    }

    @Test func `what can only be decoded as a whole has a lower limit`() async throws {
        let limited = Pictures(
            decoder: .built, threads: 1, limits: PictureLimits(pixels: 1_000_000, wholePixels: 10_000))
        for (format, isRefused) in [(PictureFormat.jpeg, false), (.png, false), (.webp, true)] {
            try await withFolder { folder in
                try write(try await encoded(200, 100, as: format), to: folder + "/picture")
                let error: PictureError?
                do {
                    _ = try await limited.probe(folder + "/picture")
                    error = nil
                } catch let failure as PictureError { error = failure }
                #expect((error?.code == .tooLarge) == isRefused, "\(format)")
            }
        }
        // An 8 × 8 progressive JPEG whose header claims 200 × 100 pixels would do; its frame marker tells it.
        try await withFolder { folder in
            var bytes = try await encoded(200, 100, as: .jpeg)
            let frame = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
            bytes[frame + 1] = 0xC2
            try write(bytes, to: folder + "/picture")
            let error = await #expect(throws: PictureError.self) { try await limited.probe(folder + "/picture") }
            #expect(error?.code == .tooLarge && error?.message.contains("progressive") == true)
        }
        try await limited.shutdown()
    }
}

/// Hashes that a test saw.
private actor SharedHashes {
    private(set) var all: Set<ContentHash> = []
    func add(_ hash: ContentHash) { all.insert(hash) }
}
