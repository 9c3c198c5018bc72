import Media
import TestSupport
import Testing

@Suite struct PictureTests {
    private static let pictures = Pictures(decoder: .built, threads: 2)

    /// A colourful picture that does not compress to nothing.
    private static func pixels(_ width: Int, _ height: Int, bands: Int) -> [UInt8] {
        var random = SeededGenerator(seed: 1)
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * bands)
        for y in 0..<height {
            for x in 0..<width {
                let noise = Int(truncatingIfNeeded: random.next() & 15)
                pixels.append(UInt8(x * 240 / width + noise))
                pixels.append(UInt8(y * 240 / height + noise))
                pixels.append(UInt8(clamping: 128 + noise))
                if bands == 4 { pixels.append(UInt8(x * 255 / width)) }
            }
        }
        return pixels
    }

    private func encoded(
        _ width: Int, _ height: Int, bands: Int = 3, as format: PictureFormat = .jpeg
    ) async throws -> [UInt8] {
        try await Self.pictures.encode(
            Self.pixels(width, height, bands: bands), width: width, height: height, as: format
        ).bytes
    }

    private func withFile<Result>(_ bytes: [UInt8], _ test: (String) async throws -> Result) async throws -> Result {
        try await withFolder { folder in
            try write(bytes, to: folder + "/picture")
            return try await test(folder + "/picture")
        }
    }

    @Test(arguments: PictureFormat.allCases, [3, 4])
    func `a picture that was drawn is read back`(format: PictureFormat, bands: Int) async throws {
        let bytes = try await encoded(640, 400, bands: bands, as: format)
        #expect(ContentType.sniff(bytes) == format.mimeType)
        try await withFile(bytes) { path in
            let info = try await Self.pictures.probe(path)
            #expect((info.width, info.height) == (640, 400))
            #expect(info.format == format.mimeType)
            #expect(info.orientation == 1 && info.pages == 1)
            #expect(info.bands == (format == .jpeg ? 3 : bands))
            let small = try await Self.pictures.thumbnail(path, longestSide: 320)
            #expect((small.width, small.height) == (320, 200))
            #expect(small.mimeType == (bands == 4 && format != .jpeg ? "image/webp" : "image/jpeg"))
            #expect(ContentType.sniff(small.bytes) == small.mimeType)
        }
    }

    @Test func `a small picture is not enlarged`() async throws {
        try await withFile(try await encoded(100, 40, as: .png)) { path in
            let small = try await Self.pictures.thumbnail(path)
            #expect((small.width, small.height) == (100, 40))
        }
    }

    @Test(arguments: 1...8)
    func `width and height are those of the upright picture`(orientation: Int) async throws {
        try await withFile(turned(try await encoded(60, 40), UInt8(orientation))) { path in
            let info = try await Self.pictures.probe(path)
            #expect(info.orientation == orientation)
            let upright = orientation < 5 ? (60, 40) : (40, 60)
            #expect((info.width, info.height) == upright)
            let small = try await Self.pictures.thumbnail(path, longestSide: 30)
            #expect((small.width, small.height) == (orientation < 5 ? (30, 20) : (20, 30)))
        }
    }

    @Test(arguments: [PictureFormat.jpeg, .png, .webp], [0.3, 0.6, 0.95])
    func `a picture that ends early is damaged`(format: PictureFormat, part: Double) async throws {
        let bytes = try await encoded(500, 300, as: format)
        try await withFile(Array(bytes.prefix(Int(Double(bytes.count) * part)))) { path in
            let error = await #expect(throws: PictureError.self) { try await Self.pictures.thumbnail(path) }
            #expect(error?.code == .damaged)
        }
    }

    @Test(arguments: [
        [], Array("just text".utf8), Array("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>".utf8),
        Array("%PDF-1.4".utf8), Array("P6 1 1 255 abc".utf8), Array("BM".utf8) + [UInt8](repeating: 0, count: 60),
    ])
    func `what is no picture of a known format is unsupported`(bytes: [UInt8]) async throws {
        try await withFile(bytes) { path in
            let error = await #expect(throws: PictureError.self) { try await Self.pictures.probe(path) }
            #expect(error?.code == .unsupported)
        }
    }

    @Test(arguments: [
        [0xFF, 0xD8, 0xFF, 0xE0] as [UInt8], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13],
        Array("GIF89a".utf8), Array("RIFF....WEBPVP8 ".utf8), [0x49, 0x49, 0x2A, 0x00, 8, 0, 0, 0],
    ])
    func `a header that breaks off is an error`(bytes: [UInt8]) async throws {
        try await withFile(bytes) { path in
            let error = await #expect(throws: PictureError.self) { try await Self.pictures.probe(path) }
            #expect(error?.code == .damaged || error?.code == .unsupported)
        }
    }

    @Test(arguments: [(100_000, 100_000), (500_001, 1000), (1_000_000, 501)])
    func `a picture that claims too many pixels is refused before it is decoded`(width: Int, height: Int) async throws {
        try await withFile(emptyPNG(width: width, height: height)) { path in
            let probed = await #expect(throws: PictureError.self) { try await Self.pictures.probe(path) }
            let shrunk = await #expect(throws: PictureError.self) { try await Self.pictures.thumbnail(path) }
            #expect(probed?.code == .tooLarge || probed?.code == .damaged)
            #expect(shrunk?.code == probed?.code)
        }
        try await withFile(emptyPNG(width: 100_000, height: 100_000)) { path in
            let error = await #expect(throws: PictureError.self) { try await Self.pictures.probe(path) }
            #expect(error?.code == .tooLarge)
        }
    }

    @Test func `each limit holds`() async throws {
        try await withFile(try await encoded(1000, 800)) { path in
            let expected: [(PictureLimits, PictureError.Code)] = [
                (PictureLimits(pixels: 799_999), .tooLarge), (PictureLimits(fileSize: 1000), .tooLarge),
                (PictureLimits(seconds: 0), .tookTooLong),
            ]
            for (limits, code) in expected {
                let pictures = Pictures(decoder: .built, threads: 1, limits: limits)
                let error = await #expect(throws: PictureError.self) { try await pictures.thumbnail(path) }
                #expect(error?.code == code)
                try await pictures.shutdown()
            }
            let exact = Pictures(decoder: .built, threads: 1, limits: PictureLimits(pixels: 800_000))
            #expect(try await exact.probe(path).width == 1000)
            try await exact.shutdown()
        }
    }

    @Test func `a missing file is not found`() async throws {
        let error = await #expect(throws: ObjectStoreError.self) { try await Self.pictures.probe("/nowhere/at/all") }
        #expect(error?.code == .notFound)
    }

    @Test(arguments: [(0, 0, 0), (2, 2, 11), (2, 2, 8), (-1, 4, 12), (3, 1, 10)])
    func `pixels that do not fit are refused`(width: Int, height: Int, count: Int) async throws {
        let error = await #expect(throws: PictureError.self) {
            try await Self.pictures.encode(
                [UInt8](repeating: 0, count: count), width: width, height: height, as: .png)
        }
        #expect(error?.code == .unsupported)
    }

    @Test func `many pictures at once come out as they would alone`() async throws {
        try await withFile(try await encoded(800, 600)) { path in
            let alone = try await Self.pictures.thumbnail(path)
            try await withThrowingTaskGroup(of: EncodedPicture.self) { group in
                for _ in 0..<16 { group.addTask { try await Self.pictures.thumbnail(path) } }
                for try await small in group { #expect(small == alone) }
            }
        }
    }

    @Test(arguments: 0..<60)
    func `damage anywhere is survived`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        var bytes = try await encoded(64, 48, as: PictureFormat.allCases[Int(seed) % 3])
        for _ in 0..<8 {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        try await withFile(bytes) { path in
            do {
                let small = try await Self.pictures.thumbnail(path)
                #expect(!small.bytes.isEmpty)
            } catch {
                #expect(error is PictureError)
            }
        }
    }

    /// Puts an EXIF block with an orientation behind the first marker of a JPEG.
    private func turned(_ jpeg: [UInt8], _ orientation: UInt8) -> [UInt8] {
        let tiff: [UInt8] =
            Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1] + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0] + [
                0, 0, 0, 0,
            ]
        let block = Array("Exif\0\0".utf8) + tiff
        return Array(jpeg[..<2]) + [0xFF, 0xE1, 0, UInt8(block.count + 2)] + block + Array(jpeg[2...])
    }

    /// A PNG whose header states a size and which holds next to nothing.
    private func emptyPNG(width: Int, height: Int) -> [UInt8] {
        func number(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
        func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
            let content = Array(kind.utf8) + data
            return number(UInt32(data.count)) + content + number(checksum(content))
        }
        let header = number(UInt32(width)) + number(UInt32(height)) + [8, 2, 0, 0, 0]
        let nothing: [UInt8] = [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunk("IDAT", nothing)
            + chunk("IEND", [])
    }

    /// CRC-32 as PNG uses it.
    private func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { remainder, byte in
            (0..<8).reduce(remainder ^ UInt32(byte)) { value, _ in
                value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
            }
        }
    }
}
