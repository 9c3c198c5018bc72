/// The bounds of work on pictures.
package struct PictureLimits: Sendable {
    /// The largest number of pixels that a picture may claim to have.
    package var pixels: Int
    /// The same for pictures that their decoder keeps in memory as a whole, at up to eight bytes a pixel.
    ///
    /// These are progressive JPEG, interlaced PNG, and all of WebP, GIF, HEIF and AVIF; others are streamed.
    package var wholePixels: Int
    /// The largest number of frames of an animation, or of pages of a scan, that a file may name.
    package var frames: Int
    /// How many times as long as the shorter side the longer one may be.
    package var ratio: Int
    /// The largest file, in bytes.
    package var fileSize: Int
    /// The time after which decoding is given up, in seconds.
    package var seconds: Int

    /// Makes limits, each with a default that real photographs and scans stay far below.
    package init(
        pixels: Int = 500_000_000, wholePixels: Int = 100_000_000, frames: Int = 5000, ratio: Int = 1000,
        fileSize: Int = 2_000_000_000, seconds: Int = 60
    ) {
        self.pixels = pixels
        self.wholePixels = wholePixels
        self.frames = frames
        self.ratio = ratio
        self.fileSize = fileSize
        self.seconds = seconds
    }
}

/// What the header of a picture tells.
package struct PictureInfo: Sendable, Equatable {
    /// Pixels from left to right when shown upright, as browsers do.
    package let width: Int
    /// Pixels from top to bottom when shown upright.
    package let height: Int
    /// How the stored rows are turned (EXIF: 1 is upright, 6 is stored lying on its left side).
    package let orientation: Int
    /// Numbers a pixel: 1 grey, 3 colour, one more with transparency.
    package let bands: Int
    /// Bits of a number: 8, 16 or more.
    package let bits: Int
    /// Whether the colours are told by a profile other than sRGB, or are those of print.
    package let hasOwnColours: Bool
    /// The media type, such as `image/jpeg`.
    package let format: String
    /// Pictures in the file: frames of an animation or pages of a scan, else 1.
    package let pages: Int
    /// Whether the decoder keeps the whole picture in memory.
    package let isDecodedWhole: Bool

    /// Whether browsers show the file as it is: in a format they know, standing still, in sRGB.
    package var isShownAsItIs: Bool {
        ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"].contains(format) && pages == 1
            && !hasOwnColours
    }

    /// Whether there are levels of transparency.
    package var hasAlpha: Bool { bands == 2 || bands == 4 && !(hasOwnColours && format == "image/jpeg") }
}

/// A picture as the bytes of a file.
package struct EncodedPicture: Sendable, Equatable {
    /// The file.
    package let bytes: [UInt8]
    /// In pixels.
    package let width: Int
    /// In pixels.
    package let height: Int
    /// The media type, such as `image/jpeg`.
    package let mimeType: String
}

/// The formats pictures are written in.
package enum PictureFormat: Sendable, CaseIterable {
    /// Small, for photographs.
    case jpeg
    /// Exact.
    case png
    /// Small, with transparency.
    case webp

    /// The media type.
    package var mimeType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .webp: "image/webp"
        }
    }
}

/// Why a picture could not be used.
package struct PictureError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    package enum Code: String, Sendable {
        /// Not a picture of a known format.
        case unsupported
        /// Incomplete or not decodable.
        case damaged
        /// More pixels or bytes than allowed.
        case tooLarge = "too_large"
        /// Stopped because it took too long.
        case tookTooLong = "took_too_long"
        /// No decoder works; not the picture's fault.
        case unavailable
    }

    /// The kind of failure.
    package let code: Code
    /// One sentence that may be shown to the customer.
    package let message: String

    /// Makes an error from its parts.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}

extension PictureError {
    static let unsupported = PictureError(
        .unsupported, "The file is not a picture of a supported format (JPEG, PNG, WebP, GIF, TIFF, BMP, HEIC, AVIF).")
    static let damaged = PictureError(.damaged, "The picture is damaged or incomplete.")
    static let tookTooLong = PictureError(.tookTooLong, "The picture takes too long to decode.")
    static let unavailable = PictureError(.unavailable, "Pictures cannot be read at the moment.")
}
