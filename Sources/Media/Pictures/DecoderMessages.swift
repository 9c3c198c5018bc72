/// What a decoder can be asked for.
enum PictureTask {
    case probe
    case thumbnail(longestSide: Int)
    case display
    case tiles(side: Int)
    case encode(width: Int, height: Int, bands: Int, format: PictureFormat, quality: Int)

    /// Whether the child's folder is as empty afterwards as it was before.
    var leavesNothing: Bool {
        if case .tiles = self { false } else { true }
    }
}

/// What the head of a picture tells, as stored, before any turning.
struct PictureHeader {
    let width: Int
    let height: Int
    var orientation = 1
    let bands: Int
    var bits = 8
    var pages = 1
    var hasOwnColours = false
    /// Whether a JPEG or PNG holds the whole picture several times, ever finer.
    var isInterlaced = false
}

/// What a decoder answers.
struct DecoderAnswer {
    enum Status { case done, unsupported, damaged, tookTooLong, tooLarge, failed }

    let status: Status
    let header: PictureHeader
    /// Of ``bytes``, or of all tiles.
    let format: PictureFormat
    let width: Int
    let height: Int
    let bytes: [UInt8]
}
