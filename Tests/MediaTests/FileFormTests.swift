import Media
import TestSupport
import Testing

@Suite struct FileFormTests {
    private static let pictures = Pictures(decoder: .built, threads: 2)

    private func withFile<Result>(_ bytes: [UInt8], _ test: (String) async throws -> Result) async throws -> Result {
        try await withFolder { folder in
            try write(bytes, to: folder + "/file")
            return try await test(folder + "/file")
        }
    }

    /// What is wrong with a picture, whether one only looks or decodes it.
    private func fault(of bytes: [UInt8], limits: PictureLimits = PictureLimits()) async throws -> PictureError {
        let pictures = Pictures(decoder: .built, threads: 1, limits: limits)
        let error = try await withFile(bytes) { path async throws in
            let probed = await #expect(throws: PictureError.self) { try await pictures.probe(path) }
            let shrunk = await #expect(throws: PictureError.self) { try await pictures.thumbnail(path) }
            #expect(probed == shrunk)
            return try #require(probed)
        }
        try await pictures.shutdown()
        return error
    }

    // MARK: What is shown

    @Test(arguments: [
        ("photo.heic", "image/heic", 8, false), ("photo.avif", "image/avif", 8, true),
        ("display-p3.jpg", "image/jpeg", 8, false), ("cmyk.jpg", "image/jpeg", 8, false),
    ])
    func `what browsers show in different ways gets a copy that they show alike`(
        name: String, format: String, bits: Int, isShownAsItIs: Bool
    ) async throws {
        try await withFile(try SharedFixtures.bytes("media/\(name)")) { path async throws in
            let info = try await Self.pictures.probe(path)
            #expect(info.format == format && (info.width, info.height) == (64, 43))
            #expect(info.bits == bits && info.isShownAsItIs == isShownAsItIs)
            let copy = try await Self.pictures.display(path)
            #expect(copy.mimeType == "image/jpeg" && (copy.width, copy.height) == (64, 43))
            try await withFile(copy.bytes) { copied async throws in
                #expect(try await Self.pictures.probe(copied).isShownAsItIs)
            }
        }
    }

    @Test(arguments: [8, 16])
    func `a TIFF of any depth is shown as PNG`(bits: Int) async throws {
        try await withFile(FileForms.tiff(40, 30, bits: bits)) { path async throws in
            let info = try await Self.pictures.probe(path)
            #expect(info.format == "image/tiff" && info.bits == bits && info.pages == 1 && !info.isShownAsItIs)
            let copy = try await Self.pictures.display(path)
            #expect(copy.mimeType == "image/png" && (copy.width, copy.height) == (40, 30))
            #expect(try await Self.pictures.thumbnail(path).width == 40)
        }
    }

    /// Two rows of two pixels: red and green above, blue and white below.
    private static let expected: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]
    private static let colours: [(UInt8, UInt8, UInt8)] = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]

    private static let bitmaps: [(name: String, bytes: [UInt8])] = [
        (
            "24 bits",
            FileForms.bitmap(2, 2, bits: 24, [255, 0, 0, 255, 255, 255, 0, 0, 0, 0, 255, 0, 255, 0, 0, 0])
        ),
        (
            "24 bits from above",
            FileForms.bitmap(
                2, 2, bits: 24, isTopDown: true, [0, 0, 255, 0, 255, 0, 0, 0, 255, 0, 0, 255, 255, 255, 0, 0])
        ),
        (
            "32 bits",
            FileForms.bitmap(2, 2, bits: 32, [255, 0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 0, 0, 255, 0, 0])
        ),
        ("16 bits", FileForms.bitmap(2, 2, bits: 16, [0x1F, 0x00, 0xFF, 0x7F, 0x00, 0x7C, 0xE0, 0x03])),
        (
            "16 bits with masks",
            FileForms.bitmap(
                2, 2, bits: 16, masks: [0xF800, 0x07E0, 0x001F], compression: 3,
                [0x1F, 0x00, 0xFF, 0xFF, 0x00, 0xF8, 0xE0, 0x07])
        ),
        ("8 bits", FileForms.bitmap(2, 2, bits: 8, palette: colours, [2, 3, 0, 0, 0, 1, 0, 0])),
        ("4 bits", FileForms.bitmap(2, 2, bits: 4, palette: colours, [0x23, 0, 0, 0, 0x01, 0, 0, 0])),
        (
            "runs of 8 bits",
            FileForms.bitmap(
                2, 2, bits: 8, palette: colours, compression: 1, [1, 2, 1, 3, 0, 0, 1, 0, 1, 1, 0, 1])
        ),
        (
            "runs of 4 bits",
            FileForms.bitmap(2, 2, bits: 4, palette: colours, compression: 2, [2, 0x23, 0, 0, 2, 0x01, 0, 1])
        ),
    ]

    @Test(arguments: bitmaps.indices)
    func `every form of BMP has its colours`(index: Int) async throws {
        let (name, bytes) = Self.bitmaps[index]
        #expect(ContentType.sniff(bytes) == "image/bmp")
        let wanted = try await Self.pictures.encode(Self.expected, width: 2, height: 2, as: .png)
        try await withFile(bytes) { path async throws in
            #expect(try await Self.pictures.probe(path).width == 2, "\(name)")
            #expect(try await Self.pictures.display(path).bytes == wanted.bytes, "\(name)")
        }
    }

    @Test(arguments: bitmaps.indices, [0.4, 0.8])
    func `a BMP that ends early is damaged`(index: Int, part: Double) async throws {
        let bytes = Self.bitmaps[index].bytes
        try await withFile(Array(bytes.prefix(Int(Double(bytes.count) * part)))) { path async throws in
            let error = await #expect(throws: PictureError.self) { try await Self.pictures.display(path) }
            #expect(error?.code == .damaged || error?.code == .unsupported)
        }
    }

    @Test(arguments: bitmaps.indices)
    func `a BMP can be shrunk`(index: Int) async throws {
        try await withFile(Self.bitmaps[index].bytes) { path async throws in
            let small = try await Self.pictures.thumbnail(path)
            #expect((small.width, small.height) == (2, 2))
        }
    }

    @Test func `of an animation the first frame is shown`() async throws {
        try await withFile(FileForms.gif(frames: 3)) { path async throws in
            let info = try await Self.pictures.probe(path)
            #expect(info.pages == 3 && !info.isShownAsItIs)
            let copy = try await Self.pictures.display(path)
            #expect((copy.width, copy.height) == (1, 1))
        }
        try await withFile(FileForms.gif(frames: 1)) { path async throws in
            #expect(try await Self.pictures.probe(path).isShownAsItIs)
        }
    }

    // MARK: What is refused

    @Test func `a TIFF of several pages says so, and smaller copies are no pages`() async throws {
        let error = try await fault(of: FileForms.tiff(40, 30, pages: 3))
        #expect(error.code == .unsupported && error.message.contains("3 pages"))
        try await withFile(FileForms.tiff(40, 30, pages: 3, smaller: true)) { path async throws in
            #expect(try await Self.pictures.probe(path).pages == 1)
        }
    }

    private static let bombs: [(name: String, bytes: [UInt8], code: PictureError.Code)] = [
        ("frames of a GIF", FileForms.gif(frames: 60), .tooLarge),
        ("frames of a WebP", FileForms.webP(frames: 60), .tooLarge),
        ("pages of a TIFF", FileForms.tiff(4, 4, pages: 60), .tooLarge),
        ("a TIFF that leads to itself", FileForms.tiff(4, 4, next: 24), .damaged),
        ("channels of a TIFF", FileForms.tiff(4, 4, extra: [(277, 60_000)]), .unsupported),
        ("tiles of a TIFF", FileForms.tiff(4, 4, extra: [(322, 60_000), (323, 60_000)]), .tooLarge),
        ("a TIFF of a huge size", FileForms.tiff(4, 4, extra: [(256, 900_000), (257, 900_000)]), .tooLarge),
        ("a BMP of a huge size", FileForms.bitmap(900_000, 900_000, bits: 24, []), .tooLarge),
        (
            "a BMP of too many pixels in runs",
            FileForms.bitmap(
                30_000, 30_000, bits: 8, palette: Array(repeating: (0, 0, 0), count: 256), compression: 1, []),
            .tooLarge
        ),
        ("a long and narrow BMP", FileForms.bitmap(90_000, 1, bits: 24, []), .tooLarge),
        ("a BMP of no size", FileForms.bitmap(0, 4, bits: 24, []), .damaged),
        ("a BMP with a PNG inside", FileForms.bitmap(4, 4, bits: 24, compression: 5, []), .unsupported),
        ("a BMP of 7 bits", FileForms.bitmap(4, 4, bits: 7, []), .unsupported),
    ]

    @Test(arguments: bombs.indices)
    func `what would take much memory is refused by its head alone`(index: Int) async throws {
        let (name, bytes, code) = Self.bombs[index]
        let error = try await fault(of: bytes, limits: PictureLimits(frames: 50))
        // A head that fits nothing behind it may also be taken for damage.
        #expect(error.code == code || name.contains("huge") && error.code == .damaged, "\(name): \(error)")
    }

    // MARK: Documents

    @Test func `a document is drawn page by page`() async throws {
        try await withFolder { folder in
            let store = try FolderStore(root: folder, threads: 1)
            try await withFile(EmptyDocument.pdf(pages: 23)) { path async throws in
                let drawn = try await Self.pictures.drawPages(path, name: "test-23", into: store)
                #expect(drawn.pages.count == 23 && drawn.tool.hasPrefix("pdftoppm "))
                let first = try #require(drawn.pages.first)
                #expect(first.height == 2200 && (1554...1556).contains(first.width))
                #expect(first.object.mimeType == "image/jpeg")
                #expect(try await store.size(of: first.object.hash) == first.object.size)
            }
            // However large a page claims to be, its picture has the same size.
            try await withFile(EmptyDocument.pdf(pages: 1, width: 14_400, height: 100)) { path async throws in
                let drawn = try await Self.pictures.drawPages(path, name: "test-wide", into: store)
                #expect(drawn.pages.map(\.width) == [2200])
            }
            try await store.shutdown()
        }
    }

    @Test(arguments: [
        ("too many pages", EmptyDocument.pdf(pages: 301), PictureError.Code.tooLarge),
        ("only a head", Array("%PDF-1.4\n".utf8), .damaged),
        ("cut off", Array(EmptyDocument.pdf(pages: 2).prefix(60)), .damaged),
        ("no pages", EmptyDocument.pdf(pages: 0), .damaged),
    ])
    func `a document that cannot be drawn says why`(name: String, bytes: [UInt8], code: PictureError.Code) async throws
    {
        try await withFolder { folder in
            let store = try FolderStore(root: folder, threads: 1)
            try await withFile(bytes) { path async throws in
                let error = await #expect(throws: PictureError.self) {
                    try await Self.pictures.drawPages(path, name: "test-bad", into: store)
                }
                #expect(error?.code == code, "\(name): \(String(describing: error))")
            }
            try await store.shutdown()
        }
    }

    // MARK: Recordings

    @Test func `sound and video tell what they are`() async throws {
        let clip = try SharedFixtures.bytes("media/clip.mp4")
        let (video, tool) = try await withFile(clip) { path async throws in
            try await Self.pictures.probeRecording(path, mime: ContentType.sniff(clip) ?? "")
        }
        #expect(tool.hasPrefix("ffprobe ") && (video.width, video.height) == (64, 36))
        #expect(video.videoCodec == "mpeg4" && video.audioCodec == "aac" && video.frameRate == 10)
        #expect(video.sampleRate == 8000 && (0.9...1.2).contains(video.duration ?? 0))
        let web = try SharedFixtures.bytes("media/clip.webm")
        try await withFile(web) { path async throws in
            let (video, _) = try await Self.pictures.probeRecording(path, mime: ContentType.sniff(web) ?? "")
            #expect(video.videoCodec == "vp8" && video.audioCodec == nil)
        }
        try await withFile(FileForms.wave()) { path async throws in
            let (sound, _) = try await Self.pictures.probeRecording(path, mime: "audio/wav")
            #expect(sound.duration == 1 && sound.sampleRate == 8000 && sound.channels == 1 && sound.width == nil)
        }
    }

    @Test(arguments: [
        ("video/mp4", Array("\0\0\0\u{18}ftypisom".utf8) + [UInt8](repeating: 0, count: 4000)),
        ("video/webm", [0x1A, 0x45, 0xDF, 0xA3, 0xFF, 0xFF, 0xFF, 0xFF]), ("audio/flac", Array("fLaC".utf8)),
        ("audio/wav", Array("RIFF....WAVE".utf8)), ("audio/ogg", Array("OggS".utf8)), ("video/unheard-of", [1]),
    ])
    func `what only begins like a recording is refused`(mime: String, bytes: [UInt8]) async throws {
        try await withFile(bytes) { path async throws in
            let error = await #expect(throws: PictureError.self) {
                try await Self.pictures.probeRecording(path, mime: mime)
            }
            #expect(error?.code == .damaged)
        }
    }
}
