import JSON
import Media
import Storage

/// Looks at a file that has come in, and makes of it what people need to see it.
///
/// What is found belongs to the bytes: in a thousand tasks they are looked at once.
struct FileInspection {
    /// What was found, and what was made.
    struct Finding: Sendable {
        let row: InspectionRow
        let conversions: [ConversionRow]

        /// The first conversion of a kind.
        func made(_ kind: ConversionRow.Kind) -> ConversionRow? { conversions.first { $0.kind == kind } }

        /// Whether the small picture, which every picture has, is yet to be made.
        var lacksThumbnail: Bool { row.mime.hasPrefix("image/") && made(.thumbnail) == nil }
    }

    let environment: WorkEnvironment

    /// The number of the way of looking: raised when what is found or made changes, so that files are looked at anew.
    private static let recipe = 1

    /// Looks at a file, or remembers what an earlier look said.
    ///
    /// A plain JPEG is not decoded for that: ``shrink(_:)`` makes its small picture.
    ///
    /// - Throws: `PictureError` and ``UnsuitableAttachment`` if the file cannot be used.
    func look(at file: BroughtFile) async throws -> Finding {
        try await environment.inspections.share(file.hash) { [self] in
            if let known = try await remembered(file.hash) { return known }
            guard let hash = ContentHash(file.hash) else { throw UnsuitableAttachment(message: "The file is gone.") }
            let found = try await inspect(hash, mime: file.mime)
            // A plain JPEG is looked at again until its small picture is there: that is quicker than remembering.
            guard !found.lacksThumbnail else { return found }
            try await environment.database.write { db in try db.storeInspection(found.row, found.conversions) }
            return found
        }
    }

    /// Makes the small picture of a file that was looked at without it.
    ///
    /// - Throws: `PictureError` and ``UnsuitableAttachment`` if the file cannot be used after all.
    func shrink(_ file: BroughtFile) async throws -> Finding {
        let found = try await look(at: file)
        guard found.lacksThumbnail, let hash = ContentHash(file.hash) else { return found }
        return try await environment.inspections.share("small " + file.hash) { [self] in
            // Whoever came first may have made it since.
            if let known = try await remembered(file.hash), !known.lacksThumbnail { return known }
            let pictures = environment.pictures
            let small = try await environment.objects.withLocalFile(hash) { try await pictures.thumbnail($0) }
            let whole = Finding(row: found.row, conversions: [try await stored(small, .thumbnail, of: hash)])
            try await environment.database.write { db in try db.storeInspection(whole.row, whole.conversions) }
            return whole
        }
    }

    private func remembered(_ hash: String) async throws -> Finding? {
        try await environment.database.read { db in
            guard let row = try db.inspection(of: hash), row.recipe == Self.recipe else { return nil }
            return Finding(row: row, conversions: try db.conversions(of: hash))
        }
    }

    private func inspect(_ hash: ContentHash, mime: String) async throws -> Finding {
        switch mime {
        case "application/pdf": return try await document(hash, mime: mime)
        case "text/plain", "text/html": return try await text(hash, mime: mime)
        case _ where mime.hasPrefix("image/"): return try await picture(hash, mime: mime)
        case _ where mime.hasPrefix("video/") || mime.hasPrefix("audio/"): return try await recording(hash, mime: mime)
        default: return Finding(row: row(hash, mime: mime, facts: JSONWriter()), conversions: [])
        }
    }

    // MARK: Pictures

    private func picture(_ hash: ContentHash, mime: String) async throws -> Finding {
        let pictures = environment.pictures
        let (info, shown, small) = try await environment.objects.withLocalFile(hash) { path in
            if mime == "image/jpeg", let info = try await pictures.readPlain(path),
                !TileLayout.isNeeded(width: info.width, height: info.height)
            {
                return (info, nil as EncodedPicture?, nil as EncodedPicture?)
            }
            let info = try await pictures.probe(path)
            // Large ones are shown by tiles, which are cut from the original; but BMP is read here alone.
            let isLarge = TileLayout.isNeeded(width: info.width, height: info.height) && info.format != "image/bmp"
            let shown = info.isShownAsItIs || isLarge ? nil : try await pictures.display(path)
            return (info, shown, shown == nil ? try await pictures.thumbnail(path) : nil)
        }
        var made: [ConversionRow] = []
        if let shown { made.append(try await stored(shown, .display, of: hash)) }
        if let small {
            made.append(try await stored(small, .thumbnail, of: hash))
        } else if let display = made.first.flatMap({ ContentHash($0.hash) }) {
            // Of what was decoded already: that is quicker, and some formats can be shrunk in no other way.
            let small = try await environment.objects.withLocalFile(display) { try await pictures.thumbnail($0) }
            made.append(try await stored(small, .thumbnail, of: hash))
        }
        var facts = JSONWriter(capacity: 128)
        facts.object { writer in
            writer.field("orientation", info.orientation)
            writer.field("channels", info.bands)
            writer.field("bits", info.bits)
            writer.field("frames", info.pages)
            writer.field("is_srgb", !info.hasOwnColours)
        }
        return Finding(
            row: row(hash, mime: mime, width: info.width, height: info.height, facts: facts), conversions: made)
    }

    private func stored(
        _ picture: EncodedPicture, _ kind: ConversionRow.Kind, of source: ContentHash
    ) async throws -> ConversionRow {
        let object = try await environment.objects.put(picture.bytes)
        return ConversionRow(
            source: source.description, kind: kind, hash: object.hash.description, mime: picture.mimeType,
            width: picture.width, height: picture.height, size: Int64(object.size), tool: Pictures.tool,
            recipe: Self.recipe, createdAt: environment.now())
    }

    // MARK: Documents

    private func document(_ hash: ContentHash, mime: String) async throws -> Finding {
        let (pictures, store) = (environment.pictures, environment.objects)
        let drawn = try await store.withLocalFile(hash) { path in
            try await pictures.drawPages(path, name: WorkEnvironment.makeUUID(), into: store)
        }
        let now = environment.now()
        var made = drawn.pages.enumerated().map { position, page in
            ConversionRow(
                source: hash.description, kind: .page, position: position, hash: page.object.hash.description,
                mime: page.object.mimeType, width: page.width, height: page.height, size: Int64(page.object.size),
                tool: drawn.tool, recipe: Self.recipe, createdAt: now)
        }
        if let first = drawn.pages.first {
            let small = try await store.withLocalFile(first.object.hash) { try await pictures.thumbnail($0) }
            made.append(try await stored(small, .thumbnail, of: hash))
        }
        var facts = JSONWriter(capacity: 32)
        facts.object { writer in
            writer.field("pages", drawn.pages.count)
            writer.array("page_sizes") { writer in
                for page in drawn.pages {
                    writer.array { writer in
                        writer.value(page.width)
                        writer.value(page.height)
                    }
                }
            }
        }
        return Finding(row: row(hash, mime: mime, facts: facts), conversions: made)
    }

    /// A text that is shown as it came needs no copy.
    private func text(_ hash: ContentHash, mime: String) async throws -> Finding {
        let bytes: [UInt8]
        do {
            bytes = try await environment.objects.bytes(of: hash, limit: SafeText.sizeLimit)
        } catch let error as ObjectStoreError where error.code == .tooLarge {
            throw UnsuitableAttachment(message: "The text is larger than the limit of \(SafeText.sizeLimit) bytes.")
        }
        let isHTML = mime == "text/html"
        let safe = Array(try (isHTML ? SafeText.html(bytes) : SafeText.plain(bytes)).utf8)
        var facts = JSONWriter(capacity: 32)
        facts.object { $0.field("is_changed", safe != bytes) }
        guard safe != bytes else { return Finding(row: row(hash, mime: mime, facts: facts), conversions: []) }
        let object = try await environment.objects.put(safe)
        let made = ConversionRow(
            source: hash.description, kind: .display, hash: object.hash.description, mime: mime,
            size: Int64(object.size), tool: "vernier", recipe: Self.recipe, createdAt: environment.now())
        return Finding(row: row(hash, mime: mime, facts: facts), conversions: [made])
    }

    // MARK: Recordings

    private func recording(_ hash: ContentHash, mime: String) async throws -> Finding {
        let pictures = environment.pictures
        let (recording, tool) = try await environment.objects.withLocalFile(hash) { path in
            try await pictures.probeRecording(path, mime: mime)
        }
        var facts = JSONWriter(capacity: 256)
        facts.object { writer in
            if let duration = recording.duration { writer.field("duration", duration) }
            if let rate = recording.frameRate { writer.field("frame_rate", rate) }
            writer.field("video_codec", ifPresent: recording.videoCodec)
            writer.field("audio_codec", ifPresent: recording.audioCodec)
            writer.field("sample_rate", ifPresent: recording.sampleRate)
            writer.field("channels", ifPresent: recording.channels)
            writer.field("bit_rate", ifPresent: recording.bitRate)
            writer.field("read_by", tool)
        }
        return Finding(
            row: row(hash, mime: mime, width: recording.width, height: recording.height, facts: facts), conversions: [])
    }

    private func row(
        _ hash: ContentHash, mime: String, width: Int? = nil, height: Int? = nil, facts: JSONWriter
    ) -> InspectionRow {
        InspectionRow(
            hash: hash.description, recipe: Self.recipe, mime: mime, width: width, height: height,
            facts: facts.text.isEmpty ? "{}" : facts.text, inspectedAt: environment.now())
    }
}

extension StoredCopy {
    /// Whether it is a picture whose small one is yet to be made.
    var lacksThumbnail: Bool { mime.hasPrefix("image/") && thumbnailHash == nil }

    /// What an attachment's row says of a file that has come and was looked at.
    init(_ file: BroughtFile, _ finding: FileInspection.Finding) {
        self.init(
            hash: file.hash, mime: finding.row.mime, width: finding.row.width, height: finding.row.height,
            size: file.size, thumbnailHash: finding.made(.thumbnail)?.hash,
            displayHash: finding.made(.display)?.hash, statusCode: file.statusCode, declaredType: file.declaredType,
            finalURL: file.finalURL, facts: finding.row.facts, conversions: Self.record(finding.conversions))
    }

    /// What was made of a file, and with what, in JSON; all pages of a document as one entry.
    private static func record(_ conversions: [ConversionRow]) -> String {
        var writer = JSONWriter(capacity: 512)
        let pages = conversions.filter { $0.kind == .page }
        writer.array { writer in
            for row in conversions where row.kind != .page {
                writer.object { writer in
                    writer.field("kind", row.kind.rawValue)
                    writer.field("sha256", row.hash)
                    writer.field("mime_type", row.mime)
                    writer.field("width", ifPresent: row.width)
                    writer.field("height", ifPresent: row.height)
                    writer.field("size", Int(row.size))
                    writer.field("tool", row.tool)
                    writer.field("recipe", row.recipe)
                }
            }
            guard let first = pages.first else { return }
            writer.object { writer in
                writer.field("kind", first.kind.rawValue)
                writer.field("count", pages.count)
                writer.field("sha256", ConversionRow.digest(ofPages: pages))
                writer.field("mime_type", first.mime)
                writer.field("tool", first.tool)
                writer.field("recipe", first.recipe)
            }
        }
        return writer.text
    }
}

extension PictureError {
    /// How often a picture is tried that takes too long.
    private static let tries = 4

    /// Whether the picture is to blame, rather than a machine that is busy or has no room.
    func isFinal(after attempts: Int) -> Bool {
        switch code {
        case .unavailable: false
        case .tookTooLong: attempts >= Self.tries
        default: true
        }
    }
}

extension ConversionRow {
    /// SHA-256 of the pages' own hashes, each on a line.
    static func digest(ofPages pages: [ConversionRow]) -> String {
        ContentHash.of(pages.map { $0.hash + "\n" }.joined().utf8).description
    }
}
