import Glibc
import NIOCore

/// A picture's file that was opened, and what its first bytes and its structure tell without a decoder.
struct StoredPicture {
    let file: File
    /// The media type.
    let format: String
    /// Pictures in the file: frames or pages.
    private let count: Int

    /// Opens a file.
    ///
    /// - Throws: ``PictureError`` if it is no picture of a known format, or its structure breaks a limit;
    ///   ``ObjectStoreError`` if it cannot be read.
    init(_ path: String, limits: PictureLimits) throws {
        file = try File(path, O_RDONLY)
        let size = try file.size()
        guard size <= limits.fileSize else {
            throw PictureError(.tooLarge, "The picture's file is larger than the limit of \(limits.fileSize) bytes.")
        }
        let head = try file.read(at: 0, count: ContentType.prefixLength)
        guard let format = ContentType.sniff(head.readableBytesView), Self.readable.contains(format) else {
            throw PictureError.unsupported
        }
        self.format = format
        count = try PictureStructure.read(file, format: format, limits: limits).count
        guard format != "image/tiff" || count == 1 else {
            throw PictureError(
                .unsupported,
                "The TIFF has \(count) pages; send each page as a picture of its own, or all as one PDF.")
        }
    }

    /// The limits for a decoder, which knows of itself only whether a picture is interlaced.
    func limits(_ limits: PictureLimits) -> PictureLimits {
        guard Self.decodedWhole.contains(format) else { return limits }
        var limits = limits
        limits.pixels = min(limits.pixels, limits.wholePixels)
        return limits
    }

    /// What is told of a picture that a decoder has answered for.
    ///
    /// - Throws: ``PictureError`` if it breaks a limit, or could not be decoded.
    func info(_ answer: DecoderAnswer, limits: PictureLimits) throws -> PictureInfo {
        switch answer.status {
        case .done: return try info(answer.header, limits: limits)
        case .tooLarge:
            // The sentence is made here; a child that finds too large what is not is not right.
            _ = try info(answer.header, limits: limits)
            throw PictureError.unavailable
        // libvips knows a TIFF by its directories, which may have been cut off.
        case .unsupported: throw format == "image/tiff" ? PictureError.damaged : PictureError.unsupported
        case .damaged: throw PictureError.damaged
        case .tookTooLong: throw PictureError.tookTooLong
        case .failed: throw PictureError.unavailable
        }
    }

    /// What is told of a picture with this head.
    ///
    /// - Throws: ``PictureError`` if it breaks a limit.
    func info(_ header: PictureHeader, limits: PictureLimits) throws -> PictureInfo {
        try check(header, limits)
        let pages = ["image/gif", "image/webp", "image/tiff"].contains(format) ? count : header.pages
        // From 5 on the sides are exchanged.
        let isUpright = header.orientation < 5
        return PictureInfo(
            width: isUpright ? header.width : header.height, height: isUpright ? header.height : header.width,
            orientation: header.orientation, bands: header.bands, bits: header.bits,
            hasOwnColours: header.hasOwnColours, format: format, pages: max(1, pages),
            isDecodedWhole: header.isInterlaced || Self.decodedWhole.contains(format))
    }

    private func check(_ header: PictureHeader, _ limits: PictureLimits) throws {
        let (width, height) = (header.width, header.height)
        guard width > 0, height > 0 else { throw PictureError.damaged }
        guard width <= limits.pixels / height else {
            throw PictureError(
                .tooLarge, "The picture of \(width) × \(height) pixels is larger than the limit of \(limits.pixels).")
        }
        guard max(width, height) <= limits.ratio * min(width, height) else {
            throw PictureError(
                .tooLarge,
                "The picture of \(width) × \(height) pixels is more than \(limits.ratio) times as long as it is wide.")
        }
        guard header.isInterlaced || Self.decodedWhole.contains(format), width > limits.wholePixels / height else {
            return
        }
        let kind = header.isInterlaced ? "a progressive \(format)" : "of type \(format)"
        throw PictureError(
            .tooLarge,
            "The picture of \(width) × \(height) pixels is \(kind), which can only be decoded as a whole; the limit "
                + "for those is \(limits.wholePixels) pixels.")
    }

    private static let decodedWhole: Set = [
        "image/webp", "image/gif", "image/avif", "image/heic", "image/heif", "image/bmp",
    ]

    private static let readable: Set = [
        "image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff", "image/bmp", "image/avif", "image/heic",
        "image/heif",
    ]
}

extension DecoderAnswer {
    /// The picture that was made.
    ///
    /// - Throws: ``PictureError`` if there is none, or the bytes are no picture of the format that they should have.
    func picture() throws -> EncodedPicture {
        guard status == .done, width > 0, height > 0,
            ContentType.sniff(bytes.prefix(ContentType.prefixLength)) == format.mimeType
        else {
            throw PictureError.unavailable
        }
        return EncodedPicture(bytes: bytes, width: width, height: height, mimeType: format.mimeType)
    }
}
