import NIOCore

/// A picture in the BMP format, which libvips leaves to a library that reads far more than is wanted from strangers.
///
/// Read are all forms that browsers show: 1, 4, 8, 16, 24 and 32 bits a pixel, palettes, masks and run lengths.
struct Bitmap {
    let width: Int
    let height: Int
    private let isTopDown: Bool
    private let bits: Int
    private let compression: Int
    private let start: Int
    private let palette: [(UInt8, UInt8, UInt8)]
    private let masks: [Mask]

    /// Whether pixels have a transparency.
    var hasAlpha: Bool { masks.count == 4 && masks[3].width > 0 }

    /// What a decoder would tell of it.
    var header: PictureHeader { PictureHeader(width: width, height: height, bands: hasAlpha ? 4 : 3) }

    /// Reads the headers.
    ///
    /// - Throws: ``PictureError``.
    init(_ bytes: inout FileBytes) throws {
        func number(_ place: Int, _ length: Int) throws -> Int {
            guard let value = try bytes.number(at: place, length: length, isLittle: true) else {
                throw PictureError.damaged
            }
            return value
        }
        func signed(_ place: Int) throws -> Int { Int(Int32(truncatingIfNeeded: try number(place, 4))) }
        start = try number(10, 4)
        let header = try number(14, 4)
        let isOld = header == 12
        guard isOld || (40...124).contains(header) else { throw PictureError.unsupported }
        width = isOld ? try number(18, 2) : try signed(18)
        let rows = isOld ? try number(20, 2) : try signed(22)
        (height, isTopDown) = (abs(rows), rows < 0)
        bits = try number(isOld ? 24 : 28, 2)
        compression = isOld ? 0 : try number(30, 4)
        let isKnown =
            switch compression {
            case 0: [1, 4, 8, 16, 24, 32].contains(bits)
            case 1: bits == 8
            case 2: bits == 4
            case 3, 6: bits == 16 || bits == 32
            default: false
            }
        guard isKnown else { throw PictureError.unsupported }
        guard width > 0, height > 0 else { throw PictureError.damaged }
        masks = try Self.masks(bits: bits, compression: compression, header: header) { try number(54 + 4 * $0, 4) }
        var colours: [(UInt8, UInt8, UInt8)] = []
        if bits <= 8 {
            let stated = isOld ? 0 : try number(46, 4)
            let count = stated == 0 || stated > 1 << bits ? 1 << bits : stated
            let (first, length) = (14 + header + (header == 40 && compression == 3 ? 12 : 0), isOld ? 3 : 4)
            for index in 0..<count {
                let place = first + index * length
                colours.append(
                    (
                        UInt8(try number(place + 2, 1)), UInt8(try number(place + 1, 1)), UInt8(try number(place, 1))
                    ))
            }
        }
        palette = colours
    }

    private static func masks(
        bits: Int, compression: Int, header: Int, _ read: (Int) throws -> Int
    ) throws -> [Mask] {
        guard bits == 16 || bits == 32 else { return [] }
        guard compression != 0 else {
            return (bits == 16 ? [0x7C00, 0x3E0, 0x1F] : [0xFF0000, 0xFF00, 0xFF]).map { Mask($0) }
        }
        let count = header >= 56 || compression == 6 ? 4 : 3
        return try (0..<count).map { Mask(try read($0)) }
    }

    /// The pixels from the upper left, three bytes (RGB) or four (RGBA) each.
    ///
    /// - Throws: ``PictureError`` with `damaged` if the file ends early.
    func pixels(_ bytes: inout FileBytes) throws -> [UInt8] {
        let bands = hasAlpha ? 4 : 3
        var pixels = [UInt8](repeating: 0, count: width * height * bands)
        if compression == 1 || compression == 2 {
            try unpack(&bytes, into: &pixels)
            return pixels
        }
        let stride = (width * bits + 31) / 32 * 4
        for row in 0..<height {
            var line = try bytes.file.read(at: start + row * stride, count: stride)
            guard line.readableBytes == stride, let stored = line.readBytes(length: stride) else {
                throw PictureError.damaged
            }
            let first = (isTopDown ? row : height - 1 - row) * width * bands
            for column in 0..<width {
                write(pixel(stored, column), to: &pixels, at: first + column * bands)
            }
        }
        return hasAlpha ? Self.opaqueIfEmpty(pixels) : pixels
    }

    private typealias Pixel = (red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8)

    private func pixel(_ line: [UInt8], _ column: Int) -> Pixel {
        switch bits {
        case 24: return (line[column * 3 + 2], line[column * 3 + 1], line[column * 3], 255)
        case 16, 32:
            let length = bits / 8
            let value = (0..<length).reduce(0) { $0 | Int(line[column * length + $1]) << (8 * $1) }
            return (
                masks[0].value(of: value), masks[1].value(of: value), masks[2].value(of: value),
                hasAlpha ? masks[3].value(of: value) : 255
            )
        default:
            let place = column * bits
            let index = Int(line[place / 8]) >> (8 - bits - place % 8) & (1 << bits - 1)
            return colour(index)
        }
    }

    private func colour(_ index: Int) -> Pixel {
        guard palette.indices.contains(index) else { return (0, 0, 0, 255) }
        return (palette[index].0, palette[index].1, palette[index].2, 255)
    }

    private func write(_ pixel: Pixel, to pixels: inout [UInt8], at place: Int) {
        pixels[place] = pixel.red
        pixels[place + 1] = pixel.green
        pixels[place + 2] = pixel.blue
        if hasAlpha { pixels[place + 3] = pixel.alpha }
    }

    /// Some programs write a transparency and leave it empty; browsers then show the picture.
    private static func opaqueIfEmpty(_ pixels: [UInt8]) -> [UInt8] {
        let alphas = stride(from: 3, to: pixels.count, by: 4)
        guard alphas.allSatisfy({ pixels[$0] == 0 }) else { return pixels }
        var pixels = pixels
        for place in alphas { pixels[place] = 255 }
        return pixels
    }

    /// Runs of one colour, with marks for the end of a row, of the picture, and for places that are passed over.
    private func unpack(_ bytes: inout FileBytes, into pixels: inout [UInt8]) throws {
        var place = start
        var (column, row) = (0, 0)
        func next() throws -> Int {
            guard let byte = try bytes.byte(at: place) else { throw PictureError.damaged }
            place += 1
            return Int(byte)
        }
        func put(_ index: Int) {
            if column < width, row < height {
                write(colour(index), to: &pixels, at: ((isTopDown ? row : height - 1 - row) * width + column) * 3)
            }
            column += 1
        }
        let isNarrow = bits == 4
        while row < height {
            let (count, value) = (try next(), try next())
            if count > 0 {
                for step in 0..<count { put(isNarrow ? (step % 2 == 0 ? value >> 4 : value & 15) : value) }
                continue
            }
            switch value {
            case 0: (column, row) = (0, row + 1)
            case 1: return
            case 2: (column, row) = (column + (try next()), row + (try next()))
            default:
                var byte = 0
                for step in 0..<value {
                    if !isNarrow || step % 2 == 0 { byte = try next() }
                    put(isNarrow ? (step % 2 == 0 ? byte >> 4 : byte & 15) : byte)
                }
                // Pieces begin at even places.
                if (isNarrow ? (value + 1) / 2 : value) % 2 == 1 { place += 1 }
            }
        }
    }

    /// The bits of one colour in a pixel.
    private struct Mask {
        let shift: Int
        let width: Int

        init(_ bits: Int) {
            let bits = UInt32(truncatingIfNeeded: bits)
            shift = bits == 0 ? 0 : bits.trailingZeroBitCount
            // Of a mask with gaps the lower part counts.
            width = bits == 0 ? 0 : (~(bits >> UInt32(shift))).trailingZeroBitCount
        }

        /// The colour's part of a pixel, stretched to eight bits.
        func value(of pixel: Int) -> UInt8 {
            guard width > 0 else { return 0 }
            let most = 1 << width - 1
            return UInt8((pixel >> shift & most) * 255 / most)
        }
    }
}
