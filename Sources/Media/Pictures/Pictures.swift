import FoundationEssentials
import Glibc
package import Logging
import NIOCore
import NIOPosix

/// Reads, shrinks and writes pictures with libvips, and makes pictures of what is none.
///
/// Pictures come from strangers: only a few well-tried formats are opened, the size stated in the header is checked
/// before any pixel is decoded, work that takes too long is stopped, and decoders run in processes of their own that have
/// no rights. All of it waits on a few threads, whose number is that of the processes and so bounds how much memory
/// pictures can take at once.
package final class Pictures: Sendable {
    private let threads: NIOThreadPool
    let limits: PictureLimits
    let decoders: Decoders

    /// Makes the threads; decoders are started when they are needed.
    package init(
        decoder: DecoderProgram, threads: Int = 2, limits: PictureLimits = PictureLimits(),
        logger: Logger = Logger(label: "vernier.pictures") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.threads = NIOThreadPool(numberOfThreads: threads)
        self.limits = limits
        decoders = Decoders(decoder, logger: logger)
        self.threads.start()
    }

    /// Starts a decoder, so that a faulty installation is found early.
    ///
    /// - Throws: ``PictureError`` with `unavailable`.
    package func check() async throws {
        try await run { [decoders] in try decoders.check() }
    }

    /// Stops the threads, after the work that was already asked for, and the decoders.
    package func shutdown() async throws {
        try await threads.shutdownGracefully()
        decoders.close()
    }

    /// Reads a picture's properties from its header.
    ///
    /// - Throws: ``PictureError`` if it is no picture of a known format, too large, or not readable.
    package func probe(_ path: String) async throws -> PictureInfo {
        try await run { [self] in try probeNow(path) }
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
        try await run { [self] in
            let stored = try opened(path)
            let task = PictureTask.thumbnail(longestSide: longestSide)
            guard stored.format == "image/bmp" else { return try ask(task, of: stored).picture() }
            let copy = try redrawn(stored)
            return try ask(task, of: try .holding(copy.bytes))
        }
    }

    /// Makes a copy of the full size that every browser shows alike: upright, in sRGB, of 8 bits, standing still.
    ///
    /// JPEG for photographs; PNG, which loses nothing, for grey scans, for what is transparent, and for BMP. The whole
    /// picture is decoded.
    ///
    /// - Throws: ``PictureError``.
    package func display(_ path: String) async throws -> EncodedPicture {
        try await run { [self] in
            let stored = try opened(path)
            return stored.format == "image/bmp" ? try redrawn(stored) : try ask(.display, of: stored).picture()
        }
    }

    private func redrawn(_ stored: StoredPicture) throws -> EncodedPicture {
        var bytes = FileBytes(file: stored.file)
        let bitmap = try Bitmap(&bytes)
        _ = try stored.info(bitmap.header, limits: limits)
        return try encodeNow(
            try bitmap.pixels(&bytes), width: bitmap.width, height: bitmap.height, bands: bitmap.header.bands,
            as: .png, quality: 85)
    }

    /// The program that reads and writes pictures, with its version.
    package static var tool: String { DecoderProgram.tool }

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
        let folder = try await run { [decoders] in
            let folder = try decoders.place() + "/tiles-" + name
            try Self.remove(folder)
            return folder
        }
        let outcome: Result<(StoredObject, PictureInfo), any Error>
        do {
            let (info, format) = try await cut(path, into: folder)
            let pack = try await TilePack.gather(
                folder, width: info.width, height: info.height, format: format, into: store,
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
        try await run { [self] in
            let stored = try opened(path)
            return try decoders.ask(
                .tiles(side: TileLayout.side), of: stored.file, limits: stored.limits(limits),
                seconds: limits.seconds * 10
            ) { answer, made in
                let info = try stored.info(answer, limits: limits)
                guard rename(made + "/t_files", folder) == 0 else { throw ObjectStoreError(system: "move tiles") }
                return (info, answer.format)
            }
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
        return try await run { [self] in
            try encodeNow(
                pixels, width: width, height: height, bands: bands, as: format, quality: min(max(quality, 1), 100))
        }
    }

    private func encodeNow(
        _ pixels: [UInt8], width: Int, height: Int, bands: Int, as format: PictureFormat, quality: Int
    ) throws -> EncodedPicture {
        let task = PictureTask.encode(width: width, height: height, bands: bands, format: format, quality: quality)
        return try ask(task, of: try .holding(pixels))
    }

    /// Has a picture made of something that was made here.
    private func ask(_ task: PictureTask, of file: File) throws -> EncodedPicture {
        try decoders.ask(task, of: file, limits: limits, seconds: limits.seconds) { answer, _ in try answer.picture() }
    }

    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await threads.run(work)
    }

    /// Reads a picture's properties; for work that is on one of the threads already.
    func probeNow(_ path: String) throws -> PictureInfo {
        let stored = try opened(path)
        guard stored.format != "image/bmp" else {
            var bytes = FileBytes(file: stored.file)
            return try stored.info(try Bitmap(&bytes).header, limits: limits)
        }
        return try ask(.probe, of: stored) { try stored.info($0, limits: limits) }
    }

    private func opened(_ path: String) throws -> StoredPicture { try StoredPicture(path, limits: limits) }

    private func ask(_ task: PictureTask, of stored: StoredPicture) throws -> DecoderAnswer {
        try ask(task, of: stored) { answer in
            _ = try stored.info(answer, limits: limits)
            return answer
        }
    }

    private func ask<Result>(
        _ task: PictureTask, of stored: StoredPicture, take: (DecoderAnswer) throws -> Result
    ) throws -> Result {
        try decoders.ask(task, of: stored.file, limits: stored.limits(limits), seconds: limits.seconds) { answer, _ in
            try take(answer)
        }
    }
}
