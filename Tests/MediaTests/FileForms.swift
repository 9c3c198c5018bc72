/// Files of many forms, written byte by byte as small as they can be, and as wrong as a test wants them.
enum FileForms {
    // MARK: TIFF

    /// Entries of a TIFF directory: tags and numbers.
    typealias Tags = [(tag: UInt16, value: UInt32)]

    /// A TIFF of one colour with a directory for each page; `extra` tags come into each of them.
    ///
    /// `next`: where the last directory leads, 0 for nowhere.
    static func tiff(
        _ width: Int, _ height: Int, bits: Int = 8, pages: Int = 1, extra: Tags = [], smaller: Bool = false,
        next: UInt32 = 0
    ) -> [UInt8] {
        let data = [UInt8](repeating: 0x80, count: width * height * bits / 8)
        var file: [UInt8] = Array("II".utf8) + little(42, 2)
        var directories: [UInt8] = []
        let firstDirectory = 8 + data.count + data.count % 2
        for page in 0..<pages {
            let tags: Tags =
                ([
                    (256, UInt32(width)), (257, UInt32(height)), (258, UInt32(bits)), (259, 1), (262, 1), (273, 8),
                    (277, 1), (278, UInt32(height)), (279, UInt32(data.count)),
                ] + (smaller && page > 0 ? [(254, 1)] : [])).filter { tag in !extra.contains { $0.tag == tag.0 } }
                + extra
            directories += little(UInt32(tags.count), 2)
            for (tag, value) in tags.sorted(by: { $0.tag < $1.tag }) {
                directories += little(UInt32(tag), 2) + little(4, 2) + little(1, 4) + little(value, 4)
            }
            let end = firstDirectory + directories.count + 4
            directories += little(page == pages - 1 ? next : UInt32(end), 4)
        }
        file += little(UInt32(firstDirectory), 4) + data
        if data.count % 2 == 1 { file.append(0) }
        return file + directories
    }

    // MARK: BMP

    /// A BMP without compression; `rows` are stored from below, or from above if `isTopDown`.
    static func bitmap(
        _ width: Int, _ height: Int, bits: Int, palette: [(UInt8, UInt8, UInt8)] = [], masks: [UInt32] = [],
        compression: UInt32 = 0, isTopDown: Bool = false, _ pixels: [UInt8]
    ) -> [UInt8] {
        var tail: [UInt8] = masks.flatMap { little($0, 4) }
        for (red, green, blue) in palette { tail += [blue, green, red, 0] }
        let start = 14 + 40 + tail.count
        var file = Array("BM".utf8) + little(UInt32(start + pixels.count), 4) + little(0, 4)
        file += little(UInt32(start), 4) + little(40, 4) + little(UInt32(width), 4)
        file += little(UInt32(bitPattern: Int32(isTopDown ? -height : height)), 4) + little(1, 2)
        file += little(UInt32(bits), 2) + little(compression, 4) + little(UInt32(pixels.count), 4)
        file += little(2835, 4) + little(2835, 4) + little(UInt32(palette.count), 4) + little(0, 4)
        return file + tail + pixels
    }

    // MARK: Animations

    /// A GIF of one pixel with that many frames.
    static func gif(frames: Int) -> [UInt8] {
        let head = Array("GIF89a".utf8) + [1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255]
        let frame: [UInt8] = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]
        return head + Array(repeatElement(frame, count: frames).joined()) + [0x3B]
    }

    /// The head of an animated WebP with that many frames that hold nothing.
    static func webP(frames: Int) -> [UInt8] {
        let canvas = Array("VP8X".utf8) + little(10, 4) + [2, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let animation = Array("ANIM".utf8) + little(6, 4) + [0, 0, 0, 0, 0, 0]
        let frame = Array("ANMF".utf8) + little(16, 4) + [UInt8](repeating: 0, count: 16)
        let body = Array("WEBP".utf8) + canvas + animation + Array(repeatElement(frame, count: frames).joined())
        return Array("RIFF".utf8) + little(UInt32(body.count), 4) + body
    }

    // MARK: Sound

    /// A second of silence.
    static func wave(rate: UInt32 = 8000) -> [UInt8] {
        let samples = [UInt8](repeating: 128, count: Int(rate))
        let form = Array("fmt ".utf8) + little(16, 4) + little(1, 2) + little(1, 2) + little(rate, 4)
        let body =
            Array("WAVE".utf8) + form + little(rate, 4) + little(1, 2) + little(8, 2) + Array("data".utf8)
            + little(rate, 4) + samples
        return Array("RIFF".utf8) + little(UInt32(body.count), 4) + body
    }

    /// A number's bytes, the lowest first.
    static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
}
