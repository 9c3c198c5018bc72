import Glibc
import Media
import NIOCore
import TestSupport
import Testing

@Suite struct PlainJPEGTests {
    private static let pictures = Pictures(decoder: .built, threads: 1)

    /// A JPEG put together by hand, of which every part can be another.
    private struct Form {
        var precision: UInt8 = 8
        var (width, height): (UInt16, UInt16) = (64, 32)
        /// Names, sampling factors and tables.
        var components: [(UInt8, UInt8, UInt8)] = [(1, 0x22, 0), (2, 0x11, 1), (3, 0x11, 1)]
        var frame: UInt8 = 0xC0
        var quantisations: [UInt8] = [0, 1]
        var codes: [UInt8] = [0x00, 0x10, 0x01, 0x11]
        var counts: [UInt8] = [0, 2] + [UInt8](repeating: 0, count: 14)
        var interval: UInt16?
        var scan: [UInt8]?
        var range: [UInt8] = [0, 63, 0]
        var data: [UInt8] = (0..<400).map { UInt8($0 % 251) }
        var end: [UInt8] = [0xFF, 0xD9]
        var between: [UInt8] = []

        func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
            [0xFF, marker, UInt8((content.count + 2) >> 8), UInt8((content.count + 2) & 255)] + content
        }

        var bytes: [UInt8] {
            var file: [UInt8] = [0xFF, 0xD8] + segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0])
            file += between
            for table in quantisations { file += segment(0xDB, [table] + [UInt8](repeating: 1, count: 64)) }
            let sides = [height, width].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            let parts = components.flatMap { [$0.0, $0.1, $0.2] }
            file += segment(frame, [precision] + sides + [UInt8(components.count)] + parts)
            for table in codes {
                let total = counts.reduce(0) { $0 + Int($1) }
                file += segment(0xC4, [table] + counts + (0..<total).map { UInt8($0 & 15) })
            }
            if let interval { file += segment(0xDD, [UInt8(interval >> 8), UInt8(interval & 255)]) }
            let selected = scan ?? components.flatMap { [$0.0, $0.0 == 1 ? 0x00 : 0x11] }
            file += segment(0xDA, [UInt8(selected.count / 2)] + selected + range)
            return file + data + end
        }
    }

    private func plain(_ bytes: [UInt8]) async throws -> PlainJPEG? {
        try await withFolder { folder in
            try write(bytes, to: folder + "/a")
            return try PlainJPEG.read(folder + "/a")
        }
    }

    @Test func `a whole picture is plain`() async throws {
        let expected = PlainJPEG(width: 64, height: 32, components: 3, orientation: 1)
        #expect(try await plain(Form().bytes) == expected)
        // What stands behind the end belongs to others.
        #expect(try await plain(Form().bytes + [1, 2, 3]) == expected)
        var filled = Form()
        filled.end = [0xFF, 0xFF, 0xFF, 0xD9]
        #expect(try await plain(filled.bytes) == expected)
    }

    private static let odd: [(String, @Sendable (inout Form) -> Void)] = [
        ("twelve bits", { $0.precision = 12 }), ("no width", { $0.width = 0 }), ("no height", { $0.height = 0 }),
        ("progressive", { $0.frame = 0xC2 }), ("lossless", { $0.frame = 0xC3 }), ("arithmetic", { $0.frame = 0xC9 }),
        ("a table of steps missing", { $0.quantisations = [0] }),
        ("a table of codes missing", { $0.codes = [0x00, 0x10, 0x01] }),
        ("a table of no number", { $0.codes = [0x00, 0x10, 0x01, 0x14] }),
        ("codes that do not fit", { $0.counts = [3] + [UInt8](repeating: 0, count: 15) }),
        ("codes of all ones", { $0.counts = [2] + [UInt8](repeating: 0, count: 15) }),
        ("no codes", { $0.counts = [UInt8](repeating: 0, count: 16) }),
        ("a component twice", { $0.components[2].0 = 2 }), ("print", { $0.components.append((4, 0x11, 1)) }),
        ("a sampling of zero", { $0.components[0].1 = 0x20 }),
        ("fractional sampling", { ($0.components[0].1, $0.components[1].1) = (0x31, 0x21) }),
        ("a unit of too many blocks", { $0.components[0].1 = 0x44 }),
        ("one of several scans", { $0.scan = [1, 0x00] }),
        ("a scan of others", { $0.scan = [1, 0x00, 2, 0x11, 4, 0x11] }),
        ("a part of the waves", { $0.range = [0, 5, 0] }), ("a part of the bits", { $0.range = [0, 63, 0x01] }),
        ("too little data", { $0.data = [1, 2, 3] }), ("no end", { $0.end = [] }), ("half an end", { $0.end = [0xFF] }),
        ("another scan", { $0.end = [0xFF, 0xDA, 0, 2, 0xFF, 0xD9] }),
        ("a marker in the data", { $0.data[200] = 0xFF }),
        ("restarts without an interval", { $0.data.insert(contentsOf: [0xFF, 0xD0], at: 100) }),
        ("an interval without restarts", { $0.interval = 4 }),
        (
            "restarts out of order",
            {
                $0.interval = 4
                $0.data.insert(contentsOf: [0xFF, 0xD1], at: 100)
            }
        ),
        ("a second start", { $0.between = [0xFF, 0xD8] }), ("an end before the data", { $0.between = [0xFF, 0xD9] }),
        ("no marker", { $0.between = [0x12, 0x34] }), ("a length of one", { $0.between = [0xFF, 0xE5, 0, 1] }),
        ("a profile in pieces", { $0.between = $0.segment(0xE2, Array("ICC_PROFILE\0".utf8) + [1, 2, 0, 0]) }),
        ("a profile of its own", { $0.between = $0.segment(0xE2, Array("ICC_PROFILE\0".utf8) + [1, 1, 9, 9]) }),
        ("a broken EXIF", { $0.between = $0.segment(0xE1, Array("Exif\0\0II".utf8) + [42, 0, 8, 0, 0, 0, 9, 0]) }),
    ]

    @Test(arguments: odd.indices) func `what is odd is left to the decoder`(index: Int) async throws {
        var form = Form()
        Self.odd[index].1(&form)
        #expect(try await plain(form.bytes) == nil, "\(Self.odd[index].0)")
    }

    @Test func `restarts are counted`() async throws {
        var form = Form()
        // Eight units of 16 × 16 pixels, three at a time.
        form.interval = 3
        form.data.insert(contentsOf: [0xFF, 0xD1], at: 200)
        form.data.insert(contentsOf: [0xFF, 0xD0], at: 100)
        #expect(try await plain(form.bytes) != nil)
        form.data += [0xFF, 0xD2]
        #expect(try await plain(form.bytes) == nil)
    }

    @Test(arguments: 0..<6) func `every beginning of a picture is refused`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let (width, height) = (Int.random(in: 1...90, using: &random), Int.random(in: 1...90, using: &random))
        let pixels = (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
        let whole = try await Self.pictures.encode(
            pixels, width: width, height: height, as: .jpeg, quality: Int.random(in: 20...95, using: &random)
        ).bytes
        try await withFolder { folder in
            func isPlain(_ bytes: [UInt8]) throws -> Bool {
                try write(bytes, to: folder + "/a")
                return try PlainJPEG.read(folder + "/a") != nil
            }
            let isTaken = try isPlain(whole)
            #expect(isTaken)
            // Around every marker, and anywhere.
            let places =
                Array(0..<min(whole.count, 700)) + [whole.count - 1, whole.count - 2]
                + (0..<100).map { _ in Int.random(in: 0..<whole.count, using: &random) }
            for count in places {
                let isTaken = try isPlain(Array(whole.prefix(count)))
                #expect(!isTaken, "seed \(seed), \(count) bytes")
            }
        }
    }

    @Test(arguments: 1...8) func `a look tells what the decoder tells`(orientation: Int) async throws {
        let pixels = [UInt8](repeating: 120, count: 60 * 40 * 3)
        let bytes = try await Self.pictures.encode(pixels, width: 60, height: 40, as: .jpeg).bytes
        let tiff: [UInt8] =
            Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1] + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0]
            + [0, 0, 0, 0]
        let exif = Array("Exif\0\0".utf8) + tiff
        let turned = Array(bytes[..<2]) + [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif + Array(bytes[2...])
        try await withFolder { folder in
            try write(turned, to: folder + "/a")
            let seen = try await Self.pictures.readPlain(folder + "/a")
            #expect(seen != nil)
            #expect(try await Self.pictures.probe(folder + "/a") == seen)
        }
    }

    @Test func `a picture that is too large is refused by a look as well`() async throws {
        var form = Form()
        (form.width, form.height) = (60_000, 20)
        form.data = [UInt8](repeating: 0x55, count: 60_000)
        let bytes = form.bytes
        try await withFolder { folder in
            try write(bytes, to: folder + "/a")
            let error = await #expect(throws: PictureError.self) {
                try await Self.pictures.readPlain(folder + "/a")
            }
            #expect(error?.code == .tooLarge)
        }
    }

    @Test func `a file too large to be walked over is left to the decoder`() async throws {
        let bytes = Form().bytes
        try await withFolder { folder in
            try write(bytes, to: folder + "/a")
            #expect(try await Self.pictures.readPlain(folder + "/a") != nil)
            // What stands behind the end costs no time here, and takes no room on the disk.
            #expect(truncate(folder + "/a", off_t(PlainJPEG.largest + 1)) == 0)
            #expect(try await Self.pictures.readPlain(folder + "/a") == nil)
        }
    }
}
