import JSON
import Media
import Storage

/// A file of a task as an editor gets it: our copy behind signed links, never its source.
struct ShownAttachment: Sendable {
    let row: AttachmentRow
    /// The picture's tiles, where it is cut into some.
    let tiling: TilingRow?
    /// The document's pages as pictures, where it is one.
    var pages: [ConversionRow] = []

    /// The files of a task, in order.
    static func all(of task: TaskRow, in db: any Connection) throws -> [ShownAttachment] {
        let rows = try db.attachments(realm: task.realm, task: task.id)
        let large = rows.filter { $0.isLargePicture }.compactMap(\.hash)
        let tilings = large.isEmpty ? [:] : try db.tilings(of: large)
        let documents = rows.filter { $0.mime == "application/pdf" }.compactMap(\.hash)
        let pages = documents.isEmpty ? [:] : try db.documentPages(of: documents)
        return rows.map { row in
            ShownAttachment(
                row: row, tiling: row.hash.flatMap { tilings[$0] }, pages: row.hash.flatMap { pages[$0] } ?? [])
        }
    }

    /// Writes links to the copy, its thumbnail and its tiles, with what is known of the file; nothing without a copy.
    func write(to writer: inout JSONWriter, links: FileLinks, now: Timestamp) {
        guard let hash = row.hash else { return }
        writer.object { writer in
            writer.field("path", row.path)
            writeCopy(hash, to: &writer, links: links, now: now)
        }
    }

    /// Writes all that is known of the file to those who sent it: its source, what came of it, and the copy if there is
    /// one.
    func writeWhole(to writer: inout JSONWriter, links: FileLinks, now: Timestamp) {
        writer.object { writer in
            writer.field("position", row.position)
            writer.field("path", row.path)
            writer.field("role", row.role)
            writer.field("source_url", row.url)
            writer.field("state", row.state.rawValue)
            writer.field("status_code", ifPresent: row.statusCode)
            writer.field("error", ifPresent: row.error)
            writer.field("final_url", ifPresent: row.finalURL)
            writer.field("declared_type", ifPresent: row.declaredType)
            writer.field("sha256", ifPresent: row.hash)
            if let facts = row.facts { writer.field("facts", raw: facts) }
            if let conversions = row.conversions { writer.field("conversions", raw: conversions) }
            if let hash = row.hash, row.displayHash != nil {
                writer.field("original_url", links.path(.attachment, realm: row.realm, hash: hash, now: now))
            }
            if let at = row.fetchedAt { writer.field("fetched_at", time: at.microseconds) }
            if let hash = row.hash { writeCopy(hash, to: &writer, links: links, now: now) }
        }
    }

    private func writeCopy(_ hash: String, to writer: inout JSONWriter, links: FileLinks, now: Timestamp) {
        // Where browsers cannot show the original, the copy that they can.
        writer.field("url", links.path(.attachment, realm: row.realm, hash: row.displayHash ?? hash, now: now))
        writer.key("thumbnail")
        if let thumbnail = row.thumbnailHash {
            writer.value(links.path(.thumbnail, realm: row.realm, hash: thumbnail, now: now))
        } else {
            writer.null()
        }
        writer.field("mime_type", row.mime ?? "application/octet-stream")
        writer.field("width", ifPresent: row.width)
        writer.field("height", ifPresent: row.height)
        writer.field("size", Int(row.size ?? 0))
        writer.key("tiles")
        if let tiling { write(tiling, to: &writer, links: links, now: now) } else { writer.null() }
        guard !pages.isEmpty else { return }
        writer.array("pages") { writer in
            for page in pages {
                writer.object { writer in
                    writer.field("url", links.path(.attachment, realm: row.realm, hash: page.hash, now: now))
                    writer.field("width", page.width ?? 0)
                    writer.field("height", page.height ?? 0)
                }
            }
        }
    }

    private func write(_ tiling: TilingRow, to writer: inout JSONWriter, links: FileLinks, now: Timestamp) {
        let layout = TileLayout(width: tiling.width, height: tiling.height)
        let base = links.path(.tiles, realm: row.realm, hash: tiling.pack, now: now)
        writer.object { writer in
            writer.field("url", base + "/{level}/{column}_{row}")
            writer.field("tile", TileLayout.side)
            writer.field("overlap", 0)
            writer.array("levels") { writer in
                for level in layout.levels {
                    writer.object { writer in
                        writer.field("width", level.width)
                        writer.field("height", level.height)
                        writer.field("columns", level.columns)
                        writer.field("rows", level.rows)
                    }
                }
            }
        }
    }
}

extension AttachmentRow {
    /// The sizes of the pages that the copy has: its own, or those of a document's pages as they were drawn.
    var pageSizes: [(width: Int, height: Int)] {
        if let width, let height { return [(width, height)] }
        guard mime == "application/pdf", let facts else { return [] }
        do {
            let sizes = try JSONDocument.read(facts) { facts in
                facts["page_sizes"].map { sizes in sizes.elements.map { size in size.elements.compactMap(\.int) } }
            }
            return (sizes ?? []).compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
        } catch {
            // Written by ourselves; a text that cannot be read says nothing of pages.
            return []
        }
    }

    /// Whether the copy is a picture that is shown by tiles.
    var isLargePicture: Bool {
        guard let width, let height else { return false }
        return TileLayout.isNeeded(width: width, height: height)
    }
}
