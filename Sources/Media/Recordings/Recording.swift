import Foundation

/// What a video or a sound file is, as its head tells.
package struct Recording: Sendable, Equatable {
    /// In seconds; nil where the file does not tell.
    package let duration: Double?
    /// Pixels as shown, turned where the file says so; nil without a picture track.
    package let width: Int?
    package let height: Int?
    /// Pictures a second, on average.
    package let frameRate: Double?
    /// How pictures are packed, such as `h264`.
    package let videoCodec: String?
    /// How sound is packed, such as `aac`.
    package let audioCodec: String?
    /// Samples of sound a second.
    package let sampleRate: Int?
    package let channels: Int?
    /// Bits a second of all together.
    package let bitRate: Int?

    /// The longest that is taken, in seconds.
    package static let longest = 24.0 * 3600
    /// The largest side of a video in pixels.
    package static let largestSide = 8192
}

extension Pictures {
    /// Reads the head of a video or a sound file, with the program that did it.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - mime: What its first bytes say that it is; read as nothing else.
    /// - Returns: What is known of it, and the program with its version.
    /// - Throws: ``PictureError``.
    package func probeRecording(_ path: String, mime: String) async throws -> (recording: Recording, tool: String) {
        try await run {
            guard let form = Self.forms[mime] else { throw Self.noRecording }
            let outcome = try BoundedTool(name: "ffprobe").run([
                "-v", "quiet", "-protocol_whitelist", "file", "-f", form, "-print_format", "json", "-show_entries",
                "program_version=version:format=duration,bit_rate:stream=codec_type,codec_name,width,height,"
                    + "avg_frame_rate,sample_rate,channels,duration:stream_side_data=rotation:"
                    + "stream_disposition=attached_pic",
                "-show_program_version", "-i", "file:" + path,
            ])
            guard outcome.status == 0 else {
                throw outcome.tookTooLong
                    ? PictureError(.tookTooLong, "The file takes too long to read.") : Self.noRecording
            }
            let report: Report
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            do { report = try decoder.decode(Report.self, from: outcome.output) } catch { throw Self.noRecording }
            let recording = try Self.recording(report)
            try Self.check(recording)
            return (recording, "ffprobe \(report.programVersion?.version ?? "of unknown version")")
        }
    }

    private static let noRecording = PictureError(
        .damaged, "The file is not a video or sound that can be read, or it is damaged.")

    /// The names that the program gives to the forms of files.
    ///
    /// Only the form that was recognised is tried: some others are lists of further files.
    private static let forms = [
        "video/mp4": "mov", "video/quicktime": "mov", "audio/mp4": "mov", "video/webm": "matroska",
        "video/x-matroska": "matroska", "video/x-msvideo": "avi", "audio/wav": "wav", "audio/mpeg": "mp3",
        "audio/flac": "flac", "audio/ogg": "ogg",
    ]

    private static func recording(_ report: Report) throws -> Recording {
        let streams = report.streams ?? []
        let video = streams.first { $0.codecType == "video" && $0.disposition?.attachedPic != 1 }
        let audio = streams.first { $0.codecType == "audio" }
        guard video != nil || audio != nil else { throw noRecording }
        let turn = abs(video?.sideDataList?.compactMap(\.rotation).first ?? 0)
        let isTurned = turn == 90 || turn == 270
        let durations = [report.format?.duration, video?.duration, audio?.duration]
        return Recording(
            duration: durations.compactMap { $0.flatMap(Double.init) }.first,
            width: isTurned ? video?.height : video?.width, height: isTurned ? video?.width : video?.height,
            frameRate: video?.avgFrameRate.flatMap(quotient), videoCodec: video?.codecName,
            audioCodec: audio?.codecName, sampleRate: audio?.sampleRate.flatMap { Int($0) },
            channels: audio?.channels, bitRate: report.format?.bitRate.flatMap { Int($0) })
    }

    private static func check(_ recording: Recording) throws {
        if let duration = recording.duration, !(duration <= Recording.longest) {
            throw PictureError(
                .tooLarge, "The file is longer than the limit of \(Int(Recording.longest / 3600)) hours.")
        }
        if let width = recording.width, let height = recording.height, max(width, height) > Recording.largestSide {
            throw PictureError(
                .tooLarge,
                "The video of \(width) × \(height) pixels is larger than the limit of \(Recording.largestSide) a side.")
        }
    }

    /// Reads a rate such as `30000/1001`; nil if it is none.
    private static func quotient(_ text: String) -> Double? {
        let parts = text.split(separator: "/").compactMap { Double($0) }
        guard parts.count == 2, parts[1] > 0, parts[0] > 0 else { return nil }
        return (parts[0] / parts[1] * 1000).rounded() / 1000
    }
}

/// What the program reports, by its own names.
private struct Report: Decodable {
    struct Version: Decodable {
        let version: String
    }

    struct Format: Decodable {
        let duration: String?
        let bitRate: String?
    }

    struct SideData: Decodable {
        let rotation: Double?
    }

    struct Disposition: Decodable {
        let attachedPic: Int?
    }

    struct Stream: Decodable {
        let codecType: String?
        let codecName: String?
        let width: Int?
        let height: Int?
        let avgFrameRate: String?
        let sampleRate: String?
        let channels: Int?
        let duration: String?
        let sideDataList: [SideData]?
        let disposition: Disposition?
    }

    let programVersion: Version?
    let format: Format?
    let streams: [Stream]?
}
