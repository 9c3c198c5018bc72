import CVips
import Glibc
import Logging
import Synchronization

/// The program that decodes pictures, as children of this one, and what they may take.
package struct DecoderProgram: Sendable {
    /// Where it is; it is called with the words `decode` and ``memory``.
    package let path: String
    /// The most bytes of a child's address space.
    package var memory: Int
    /// Pictures after which a child is replaced, so that nothing that one leaves behind lasts.
    package var lifetime: Int
    /// Seconds beyond the time of a picture after which a child that says nothing is killed.
    package var patience: Int

    /// Makes one from its parts.
    package init(path: String, memory: Int = 3 << 30, lifetime: Int = 500, patience: Int = 15) {
        self.path = path
        self.memory = memory
        self.lifetime = lifetime
        self.patience = patience
    }

    /// The program that runs now; even if its file has been replaced meanwhile.
    package static let running = DecoderProgram(path: "/proc/self/exe")

    /// What decodes, with its version.
    package static var tool: String { "libvips " + String(cString: cvips_version()) }

    /// Does a child's work, from requests on the standard input, until there are no more.
    ///
    /// - Returns: Whether it went well.
    package static func serve(memory: Int) -> Bool { cvips_serve(STDIN_FILENO, memory) != 0 }
}

/// The children that decode pictures: started when they are needed, one picture at a time each.
///
/// A class, because there is one set of children. Every call blocks and belongs on a thread that stays until the end:
/// children die with the thread that started them.
final class Decoders: Sendable {
    private struct State {
        var idle: [Decoder] = []
        var place: PassingFolder?
        var started = 0
    }

    /// How long a child that has closed its end may take to be gone, in milliseconds.
    private static let dyingTime: Int32 = 5000

    private let program: DecoderProgram
    private let logger: Logger
    private let state = Mutex(State())

    init(_ program: DecoderProgram, logger: Logger) {
        self.program = program
        self.logger = logger
    }

    /// The children that have nothing to do.
    var idle: [pid_t] { state.withLock { $0.idle.map(\.id) } }

    /// Where files may lie while they are made.
    func place() throws -> String {
        try state.withLock { state in
            if let place = state.place { return place.path }
            let place = try PassingFolder(prefix: "vernier-decoders-")
            state.place = place
            return place.path
        }
    }

    /// Has a picture decoded.
    ///
    /// - Parameters:
    ///   - task: What for.
    ///   - file: The picture; read from its beginning.
    ///   - limits: Of which those that need the header alone are checked by the child.
    ///   - seconds: After which it is given up.
    ///   - take: Gets the answer, and the folder in which tiles are now, which is emptied afterwards.
    /// - Returns: What `take` returns.
    /// - Throws: ``PictureError`` if no answer came, ``ObjectStoreError`` if there is no room for passing files, and what
    ///   `take` throws.
    func ask<Result>(
        _ task: PictureTask, of file: File, limits: PictureLimits, seconds: Int,
        take: (DecoderAnswer, _ folder: String) throws -> Result
    ) throws -> Result {
        let request = CVipsRequest(task, limits: limits, seconds: seconds)
        let milliseconds = Int64(seconds + program.patience) * 1000
        var signal: Int32 = 0
        for attempt in 1...2 {
            // Only a new one can tell whether it is the picture that it dies of.
            var decoder = try (attempt == 1 ? takeIdle() : nil) ?? start()
            switch decoder.ask(request, of: file, within: milliseconds) {
            case .success(let answer):
                defer { keep(decoder, isClean: task.leavesNothing || PassingFolder.empty(decoder.folder)) }
                return try take(answer, decoder.folder)
            case .failure(.late):
                end(decoder)
                logger.warning("A decoder was too slow and is replaced.", metadata: ["task": "\(task)"])
                throw PictureError.tookTooLong
            case .failure(.nonsense):
                end(decoder)
                logger.warning("A decoder talked nonsense and is replaced.", metadata: ["task": "\(task)"])
                throw PictureError.damaged
            case .failure(.gone):
                signal = end(decoder, after: Self.dyingTime)
                logger.warning(
                    "A decoder died and is replaced.", metadata: ["task": "\(task)", "signal": "\(signal)"])
                if signal == SIGXCPU { throw PictureError.tookTooLong }
            }
        }
        // By this signal end processes that others chose: of a machine that is short of memory, not of a picture.
        throw signal == SIGKILL ? PictureError.unavailable : PictureError.damaged
    }

    /// Ends all children; nothing may be asked any more.
    func close() {
        let (idle, place) = state.withLock { state in
            defer { (state.idle, state.place) = ([], nil) }
            return (state.idle, state.place)
        }
        for decoder in idle { end(decoder) }
        place?.remove()
    }

    /// Sees to it that there is a child that can be asked.
    func check() throws {
        keep(try takeIdle() ?? start())
    }

    private func takeIdle() -> Decoder? { state.withLock { $0.idle.popLast() } }

    private func start() throws -> Decoder {
        let place = try place()
        let number = state.withLock { state in
            state.started += 1
            return state.started
        }
        guard let decoder = try Decoder(program, folder: "\(place)/\(number)") else {
            logger.error("No decoder of pictures can be started.", metadata: ["program": "\(program.path)"])
            throw PictureError.unavailable
        }
        return decoder
    }

    private func keep(_ decoder: Decoder, isClean: Bool = true) {
        if isClean && decoder.answers < program.lifetime {
            state.withLock { $0.idle.append(decoder) }
        } else {
            end(decoder)
        }
    }

    @discardableResult
    private func end(_ decoder: Decoder, after milliseconds: Int32 = 0) -> Int32 {
        let signal = decoder.end(after: milliseconds)
        PassingFolder.remove(decoder.folder)
        return signal
    }
}

/// One child.
private struct Decoder {
    enum Silence: Error { case late, gone, nonsense }

    let id: pid_t
    let folder: String
    private let socket: Int32
    private(set) var answers = 0

    /// The most bytes of an answer that are believed: an uncompressed picture of the largest size that is made.
    private static let largestAnswer = 512 << 20
    /// How long a start may take on a busy machine, in milliseconds.
    private static let startTime: Int64 = 60_000

    /// Starts a child in a new folder; nil if it does not say that it is ready.
    init?(_ program: DecoderProgram, folder: String) throws {
        try makeFolders(folder)
        var socket: Int32 = -1
        id = cvips_start(program.path, String(program.memory), folder, &socket)
        guard id > 0 else { return nil }
        self.socket = socket
        self.folder = folder
        let expected = withUnsafeBytes(of: cvips_ready) { Array($0) }
        guard case .success(let word) = receive(expected.count, within: Self.startTime), word == expected else {
            _ = end()
            return nil
        }
    }

    mutating func ask(
        _ request: CVipsRequest, of file: File, within milliseconds: Int64
    ) -> Result<DecoderAnswer, Silence> {
        var (request, milliseconds) = (request, milliseconds)
        guard cvips_send(socket, file.descriptor, &request) == CVIPS_ANSWERED else { return .failure(.gone) }
        var reply = CVipsReply()
        if let silence = Silence(cvips_receive(socket, &reply, MemoryLayout<CVipsReply>.size, &milliseconds)) {
            return .failure(silence)
        }
        guard (0...Self.largestAnswer).contains(reply.length) else { return .failure(.nonsense) }
        answers += 1
        return receive(reply.length, within: milliseconds).map { DecoderAnswer(reply, bytes: $0) }
    }

    private func receive(_ count: Int, within milliseconds: Int64) -> Result<[UInt8], Silence> {
        var (milliseconds, silence) = (milliseconds, Silence?.none)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { space, filled in
            silence = Silence(cvips_receive(socket, space.baseAddress, count, &milliseconds))
            filled = silence == nil ? count : 0
        }
        return silence.map { .failure($0) } ?? .success(bytes)
    }

    /// Ends the child, and returns the signal that it died of before; 0 if it was still there after some milliseconds.
    func end(after milliseconds: Int32 = 0) -> Int32 {
        close(socket)
        return cvips_end(id, milliseconds)
    }
}

extension Decoder.Silence {
    fileprivate init?(_ answer: CVipsAnswer) {
        switch answer {
        case CVIPS_ANSWERED: return nil
        case CVIPS_LATE: self = .late
        default: self = .gone
        }
    }
}

extension File {
    /// A file in memory, without a name, that holds these bytes.
    static func holding(_ bytes: [UInt8]) throws -> File {
        let descriptor = bytes.withUnsafeBytes { cvips_file($0.baseAddress, $0.count) }
        guard descriptor >= 0 else { throw ObjectStoreError(system: "make a file in memory") }
        return File(owning: descriptor)
    }
}

// MARK: Between the languages

extension CVipsRequest {
    fileprivate init(_ task: PictureTask, limits: PictureLimits, seconds: Int) {
        self.init()
        self.seconds = Int32(clamping: seconds)
        pixels = Int64(limits.pixels)
        whole_pixels = Int64(min(limits.wholePixels, limits.pixels))
        ratio = Int32(clamping: limits.ratio)
        switch task {
        case .probe: self.task = CVIPS_PROBE
        case .thumbnail(let longestSide): (self.task, side) = (CVIPS_THUMBNAIL, Int32(clamping: longestSide))
        case .display: self.task = CVIPS_DISPLAY
        case .tiles(let length): (self.task, side) = (CVIPS_TILES, Int32(clamping: length))
        case .encode(let width, let height, let bands, let format, let quality):
            self.task = CVIPS_ENCODE
            (self.width, self.height) = (Int32(clamping: width), Int32(clamping: height))
            (self.bands, self.quality, self.format) = (Int32(bands), Int32(clamping: quality), format.code)
        }
    }
}

extension DecoderAnswer {
    fileprivate init(_ reply: CVipsReply, bytes: [UInt8]) {
        status = Status(reply.status)
        header = PictureHeader(reply.info)
        format = PictureFormat(reply.format)
        (width, height) = (Int(reply.width), Int(reply.height))
        self.bytes = bytes
    }
}

extension DecoderAnswer.Status {
    fileprivate init(_ status: CVipsStatus) {
        switch status {
        case CVIPS_OK: self = .done
        case CVIPS_UNSUPPORTED: self = .unsupported
        case CVIPS_DAMAGED: self = .damaged
        case CVIPS_TIMEOUT: self = .tookTooLong
        case CVIPS_TOO_LARGE: self = .tooLarge
        default: self = .failed
        }
    }
}

extension PictureHeader {
    fileprivate init(_ info: CVipsInfo) {
        self.init(
            width: Int(info.width), height: Int(info.height),
            orientation: (1...8).contains(info.orientation) ? Int(info.orientation) : 1, bands: Int(info.bands),
            bits: Int(info.bits), pages: Int(info.pages), hasOwnColours: info.own_colours != 0,
            isInterlaced: info.interlaced != 0)
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
