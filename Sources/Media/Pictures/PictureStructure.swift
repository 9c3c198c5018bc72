import Glibc
import NIOCore

/// Reads how a picture's file is built, without decoding any of it: how many pictures it holds, and how large the parts
/// are that a decoder would keep in memory.
///
/// Decoders set up something for every frame and page that a file names, which a few bytes can do millions of times; so
/// they are counted here first, and never further than the limit.
struct PictureStructure {
    /// Pictures in the file, at least one.
    let count: Int

    /// Reads a file of a format; formats with one picture are not looked into.
    ///
    /// - Throws: ``PictureError`` if the file holds more pictures than the limit, or parts that are too large.
    static func read(_ file: File, format: String, limits: PictureLimits) throws -> PictureStructure {
        var bytes = FileBytes(file: file)
        let count =
            switch format {
            case "image/gif": try gifFrames(&bytes, limit: limits.frames)
            case "image/webp": try webPFrames(&bytes, limit: limits.frames)
            case "image/tiff": try tiffPages(&bytes, limits: limits)
            default: 1
            }
        guard count <= limits.frames else {
            throw PictureError(.tooLarge, "The picture has more than \(limits.frames) frames.")
        }
        return PictureStructure(count: max(1, count))
    }

    /// GIF 89a, 17 to 27: blocks behind each other, each with its mark.
    private static func gifFrames(_ bytes: inout FileBytes, limit: Int) throws -> Int {
        guard let flags = try bytes.byte(at: 10) else { return 0 }
        var place = 13 + tableLength(flags)
        var frames = 0
        while frames <= limit, let mark = try bytes.byte(at: place) {
            switch mark {
            case 0x2C:
                guard let flags = try bytes.byte(at: place + 9) else { return frames }
                frames += 1
                place += 11 + tableLength(flags)
            case 0x21: place += 2
            default: return frames
            }
            while let length = try bytes.byte(at: place) {
                place += 1 + Int(length)
                if length == 0 { break }
            }
        }
        return frames
    }

    private static func tableLength(_ flags: UInt8) -> Int {
        flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1)
    }

    /// RFC 9649: chunks behind each other; a frame of an animation is one, a still picture has none of these.
    private static func webPFrames(_ bytes: inout FileBytes, limit: Int) throws -> Int {
        var place = 12
        var frames = 0
        while frames <= limit, let name = try bytes.number(at: place, length: 4, isLittle: false),
            let length = try bytes.number(at: place + 4, length: 4, isLittle: true)
        {
            if name == 0x414E_4D46 { frames += 1 }
            place += 8 + length + length % 2
        }
        return max(frames, 1)
    }

    // MARK: TIFF

    /// The most bytes of a tile, uncompressed.
    private static let largestPiece = 64 << 20
    private static let mostChannels = 6

    /// TIFF 6.0, 13 to 16, and its form for large files: a chain of directories, each a page or a smaller copy of one.
    private static func tiffPages(_ bytes: inout FileBytes, limits: PictureLimits) throws -> Int {
        let isLittle = try bytes.byte(at: 0) == UInt8(ascii: "I")
        let isBig = try bytes.number(at: 2, length: 2, isLittle: isLittle) == 43
        let layout = DirectoryLayout(isLittle: isLittle, isBig: isBig)
        var place = try bytes.number(at: isBig ? 8 : 4, length: layout.wide, isLittle: isLittle) ?? 0
        var seen: Set<Int> = []
        var pages = 0
        while place > 0, pages <= limits.frames {
            guard seen.insert(place).inserted, seen.count <= 4 * limits.frames else {
                throw PictureError(.damaged, "The TIFF is damaged: its directories go round in a circle.")
            }
            guard let directory = try layout.read(&bytes, at: place) else { break }
            try check(directory)
            // Bit 0 marks a smaller copy of another page, bit 2 a mask.
            if directory[254, default: 0] & 0b101 == 0 { pages += 1 }
            place = directory[DirectoryLayout.next, default: 0]
        }
        return pages
    }

    private static func check(_ directory: [Int: Int]) throws {
        let channels = directory[277, default: 1]
        guard channels <= mostChannels else {
            throw PictureError(.unsupported, "The TIFF has \(channels) channels; at most \(mostChannels) can be shown.")
        }
        guard let width = directory[322], let height = directory[323] else { return }
        // Of several channels the number of bits stands elsewhere; eight bytes are the most there are.
        let bytes = channels > 2 ? 8 : max(1, directory[258, default: 1] / 8)
        guard width > 0, height > 0, width <= largestPiece, height <= largestPiece / width / channels / bytes else {
            throw PictureError(
                .tooLarge, "The TIFF is made of tiles of \(width) × \(height) pixels, which are too large.")
        }
    }
}

/// Where the parts of a TIFF's directories stand.
private struct DirectoryLayout {
    let isLittle: Bool
    let isBig: Bool
    /// Under which the place of the next directory is returned: no tag has this number.
    static let next = -1
    private static let mostEntries = 1000

    /// Bytes of a place in the file.
    var wide: Int { isBig ? 8 : 4 }

    /// The numbers of a directory by their tags, of those that stand in it; nil if there is none at this place.
    func read(_ bytes: inout FileBytes, at place: Int) throws -> [Int: Int]? {
        guard let count = try bytes.number(at: place, length: isBig ? 8 : 2, isLittle: isLittle),
            count <= Self.mostEntries
        else { return nil }
        let start = place + (isBig ? 8 : 2)
        let length = isBig ? 20 : 12
        var values: [Int: Int] = [:]
        for entry in stride(from: start, to: start + count * length, by: length) {
            guard let tag = try bytes.number(at: entry, length: 2, isLittle: isLittle),
                let type = try bytes.number(at: entry + 2, length: 2, isLittle: isLittle)
            else { return nil }
            // 3 is a number of two bytes, 4 one of four.
            guard type == 3 || type == 4 else { continue }
            values[tag] = try bytes.number(
                at: entry + (isBig ? 12 : 8), length: type == 3 ? 2 : 4, isLittle: isLittle)
        }
        values[Self.next] = try bytes.number(at: start + count * length, length: wide, isLittle: isLittle)
        return values
    }
}

/// The bytes of a file by their places, read in pieces.
struct FileBytes {
    let file: File
    private var piece = ByteBuffer()
    private var start = 0
    private static let pieceLength = 64 * 1024

    init(file: File) {
        self.file = file
    }

    /// A byte; nil behind the end.
    mutating func byte(at place: Int) throws -> UInt8? {
        if place < start || place >= start + piece.readableBytes {
            guard place >= 0 else { return nil }
            piece = try file.read(at: place, count: Self.pieceLength)
            start = place
        }
        return piece.getInteger(at: piece.readerIndex + place - start)
    }

    /// Where a byte stands next, from a place on; nil if it does not come again.
    mutating func place(of wanted: UInt8, from place: Int) throws -> Int? {
        var place = place
        while try byte(at: place) != nil {
            let offset = place - start
            let found = piece.withUnsafeReadableBytes { space -> Int? in
                guard let base = space.baseAddress,
                    let hit = memchr(base + offset, Int32(wanted), space.count - offset)
                else { return nil }
                return UnsafeRawPointer(hit) - base
            }
            if let found { return start + found }
            place = start + piece.readableBytes
        }
        return nil
    }

    /// A number of some bytes; nil behind the end, and if it is too large for any file.
    mutating func number(at place: Int, length: Int, isLittle: Bool) throws -> Int? {
        var value: UInt64 = 0
        for index in 0..<length {
            guard let byte = try byte(at: place + (isLittle ? length - 1 - index : index)) else { return nil }
            value = value << 8 | UInt64(byte)
        }
        return value < 1 << 48 ? Int(value) : nil
    }
}
