import CVips
import FoundationEssentials
import Glibc
import NIOCore
import NIOPosix

/// Reads, shrinks and writes pictures with libvips, and makes pictures of what is none.
///
/// Pictures come from strangers: only a few well-tried formats are opened, the size stated in the header is checked
/// before any pixel is decoded, and work that takes too long is stopped. All of it runs on a few threads of its own,
/// whose number also bounds how much memory pictures can take at once.
package final class Pictures: Sendable {
    private let threads: NIOThreadPool
    private let limits: PictureLimits

    /// Makes the threads; libvips itself is started with the first picture.
    package init(threads: Int = 2, limits: PictureLimits = PictureLimits()) {
        self.threads = NIOThreadPool(numberOfThreads: threads)
        self.limits = limits
        self.threads.start()
    }

    /// Starts libvips now, so that a faulty installation is found early.
    ///
    /// - Throws: ``PictureError`` with `unavailable`.
    package static func start() throws {
        guard status == CVIPS_OK else { throw PictureError.unavailable }
    }

    /// Stops the threads, after the work that was already asked for.
    package func shutdown() async throws {
        try await threads.shutdownGracefully()
    }

    /// Reads a picture's properties from its header.
    ///
    /// - Throws: ``PictureError`` if it is no picture of a known format, too large, or not readable.
    package func probe(_ path: String) async throws -> PictureInfo {
        try await run { [limits] in try Self.probe(path, limits: limits) }
    }

    /// Makes a small upright copy, no larger than the original: JPEG, or WebP if it has transparency.
    ///
    /// The whole picture is decoded, so success also says that it is whole.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - longestSide: The length of the longer side in pixels.
    /// - Returns: The small picture.
    /// - Throws: ``PictureError``, with `damaged` also for a file that ends early.
    package func thumbnail(_ path: String, longestSide: Int = 320) async throws -> EncodedPicture {
        try await run { [limits] in
            _ = try Self.probe(path, limits: limits)
            var encoded = CVipsEncoded()
            return try Self.take(
                cvips_thumbnail(path, Int32(clamping: longestSide), Int32(clamping: limits.seconds), &encoded), &encoded
            )
        }
    }

    /// Makes a copy of the full size that every browser shows alike: upright, in sRGB, of 8 bits, standing still.
    ///
    /// JPEG for photographs; PNG, which loses nothing, for grey scans, for what is transparent, and for BMP. The whole
    /// picture is decoded.
    ///
    /// - Throws: ``PictureError``.
    package func display(_ path: String) async throws -> EncodedPicture {
        try await run { [limits] in
            let info = try Self.probe(path, limits: limits)
            if info.format == "image/bmp" { return try Self.redrawn(path) }
            let isExact = info.hasAlpha || info.bands == 1
            var encoded = CVipsEncoded()
            return try Self.take(
                cvips_display(
                    path, isExact ? CVIPS_PNG : CVIPS_JPEG, info.orientation == 1 ? 0 : 1,
                    Int32(clamping: limits.seconds), &encoded), &encoded)
        }
    }

    private static func redrawn(_ path: String) throws -> EncodedPicture {
        var bytes = FileBytes(file: try File(path, O_RDONLY))
        let bitmap = try Bitmap(&bytes)
        let pixels = try bitmap.pixels(&bytes)
        var encoded = CVipsEncoded()
        let status = pixels.withUnsafeBytes { bytes in
            cvips_encode(
                bytes.baseAddress, bytes.count, Int32(clamping: bitmap.width), Int32(clamping: bitmap.height),
                bitmap.hasAlpha ? 4 : 3, CVIPS_PNG, 85, &encoded)
        }
        return try take(status, &encoded)
    }

    /// The program that reads and writes pictures, with its version.
    package static var tool: String { "libvips " + String(cString: cvips_version()) }

    /// Cuts a picture into tiles, as ``TileLayout`` says, and stores them as one object that ``TilePack`` reads.
    ///
    /// Memory is needed for a strip of the picture only, except where ``PictureInfo/isDecodedWhole`` says otherwise;
    /// on the disk the tiles lie twice for a moment.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - name: What the passing folder of the tiles is named after; what an earlier attempt of the name left is removed.
    ///   - store: Where the tiles go.
    /// - Returns: The object with the tiles, and the picture's properties.
    /// - Throws: ``PictureError`` or ``ObjectStoreError``.
    package func cutTiles(
        _ path: String, name: String, into store: any ObjectStore
    ) async throws -> (pack: StoredObject, info: PictureInfo) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "vernier-tiles-\(name)").path
        try await run {
            try Self.remove(folder)
            try makeFolders(folder)
        }
        let outcome: Result<(StoredObject, PictureInfo), any Error>
        do {
            let (info, format) = try await cut(path, into: folder)
            let pack = try await TilePack.gather(
                folder + "/t_files", width: info.width, height: info.height, format: format, into: store,
                threads: threads)
            outcome = .success((pack, info))
        } catch {
            outcome = .failure(error)
        }
        try await run { try Self.remove(folder) }
        let (pack, info) = try outcome.get()
        return (pack, info)
    }

    static func remove(_ folder: String) throws {
        guard FileManager.default.fileExists(atPath: folder) else { return }
        try FileManager.default.removeItem(atPath: folder)
    }

    private func cut(_ path: String, into folder: String) async throws -> (info: PictureInfo, format: PictureFormat) {
        try await run { [limits] in
            let info = try Self.probe(path, limits: limits)
            var format = CVIPS_JPEG
            try Self.check(
                cvips_tiles(
                    path, folder + "/t", Int32(TileLayout.side), info.orientation == 1 ? 0 : 1,
                    Int32(clamping: limits.seconds * 10), &format))
            return (info, PictureFormat(format))
        }
    }

    /// Encodes rows of pixels, from the upper left, three bytes (RGB) or four (RGBA) each.
    ///
    /// - Parameters:
    ///   - pixels: As many bytes as width × height × 3 or × 4.
    ///   - width: In pixels.
    ///   - height: In pixels.
    ///   - format: What to encode to; JPEG drops transparency.
    ///   - quality: From 1 to 100, of no effect on PNG.
    /// - Returns: The file's bytes.
    /// - Throws: ``PictureError`` with `unsupported` if the number of bytes fits neither.
    package func encode(
        _ pixels: [UInt8], width: Int, height: Int, as format: PictureFormat, quality: Int = 85
    ) async throws -> EncodedPicture {
        let bands = width > 0 && height > 0 && width <= 65_535 && height <= 65_535 ? pixels.count / (width * height) : 0
        guard bands == 3 || bands == 4, pixels.count == width * height * bands else {
            throw PictureError(.unsupported, "The pixels do not fit the stated size.")
        }
        return try await run {
            var encoded = CVipsEncoded()
            let status = pixels.withUnsafeBytes { bytes in
                cvips_encode(
                    bytes.baseAddress, bytes.count, Int32(width), Int32(height), Int32(bands), format.code,
                    Int32(min(max(quality, 1), 100)), &encoded)
            }
            return try Self.take(status, &encoded)
        }
    }

    /// One thread a picture: several pictures at once use the processors better than several threads for one.
    private static let status = cvips_start(1)

    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await threads.run {
            try Self.start()
            return try work()
        }
    }

    static func probe(_ path: String, limits: PictureLimits) throws -> PictureInfo {
        let file = try File(path, O_RDONLY)
        let size = try file.size()
        guard size <= limits.fileSize else {
            throw PictureError(.tooLarge, "The picture's file is larger than the limit of \(limits.fileSize) bytes.")
        }
        let head = try file.read(at: 0, count: ContentType.prefixLength)
        guard let format = ContentType.sniff(head.readableBytesView), readable.contains(format) else {
            throw PictureError.unsupported
        }
        let structure = try PictureStructure.read(file, format: format, limits: limits)
        let info = format == "image/bmp" ? try header(ofBitmap: file) : try header(path)
        let (width, height) = (Int(info.width), Int(info.height))
        try check(width, height, format, isInterlaced: info.interlaced != 0, limits)
        guard format != "image/tiff" || structure.count == 1 else {
            throw PictureError(
                .unsupported,
                "The TIFF has \(structure.count) pages; send each page as a picture of its own, or all as one PDF.")
        }
        let orientation = (1...8).contains(info.orientation) ? Int(info.orientation) : 1
        let pages = ["image/gif", "image/webp", "image/tiff"].contains(format) ? structure.count : Int(info.pages)
        // From 5 on the sides are exchanged.
        return PictureInfo(
            width: orientation < 5 ? width : height, height: orientation < 5 ? height : width, orientation: orientation,
            bands: Int(info.bands), bits: Int(info.bits), hasOwnColours: info.own_colours != 0, format: format,
            pages: max(1, pages), isDecodedWhole: info.interlaced != 0 || decodedWhole.contains(format))
    }

    private static func header(_ path: String) throws -> CVipsInfo {
        var info = CVipsInfo()
        try check(cvips_probe(path, &info))
        return info
    }

    private static func header(ofBitmap file: File) throws -> CVipsInfo {
        var bytes = FileBytes(file: file)
        let bitmap = try Bitmap(&bytes)
        var info = CVipsInfo()
        (info.width, info.height) = (Int32(clamping: bitmap.width), Int32(clamping: bitmap.height))
        (info.orientation, info.bands, info.bits, info.pages) = (1, bitmap.hasAlpha ? 4 : 3, 8, 1)
        return info
    }

    private static func check(
        _ width: Int, _ height: Int, _ format: String, isInterlaced: Bool, _ limits: PictureLimits
    ) throws {
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
        guard isInterlaced || decodedWhole.contains(format), width > limits.wholePixels / height else { return }
        let kind = isInterlaced ? "a progressive \(format)" : "of type \(format)"
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

    private static func take(_ status: CVipsStatus, _ encoded: inout CVipsEncoded) throws -> EncodedPicture {
        try check(status)
        guard let bytes = encoded.bytes else { throw PictureError.damaged }
        defer { cvips_release(bytes) }
        return EncodedPicture(
            bytes: Array(UnsafeRawBufferPointer(start: bytes, count: encoded.length)), width: Int(encoded.width),
            height: Int(encoded.height), mimeType: PictureFormat(encoded.format).mimeType)
    }

    private static func check(_ status: CVipsStatus) throws {
        switch status {
        case CVIPS_OK: break
        case CVIPS_UNSUPPORTED: throw PictureError.unsupported
        case CVIPS_DAMAGED: throw PictureError.damaged
        case CVIPS_TIMEOUT: throw PictureError(.tookTooLong, "The picture takes too long to decode.")
        default: throw PictureError.unavailable
        }
    }
}

extension PictureFormat {
    fileprivate var code: CVipsFormat {
        switch self {
        case .jpeg: CVIPS_JPEG
        case .png: CVIPS_PNG
        case .webp: CVIPS_WEBP
        }
    }

    fileprivate init(_ code: CVipsFormat) {
        switch code {
        case CVIPS_PNG: self = .png
        case CVIPS_WEBP: self = .webp
        default: self = .jpeg
        }
    }
}
