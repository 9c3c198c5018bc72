import Foundation
import Glibc
import NIOCore

/// A page of a document as a picture in the store.
package struct PagePicture: Sendable, Equatable {
    /// The picture.
    package let object: StoredObject
    /// In pixels.
    package let width: Int
    /// In pixels.
    package let height: Int
}

/// The pages of a document as pictures, and the program that drew them.
package struct DrawnDocument: Sendable, Equatable {
    /// In order.
    package let pages: [PagePicture]
    /// With its version.
    package let tool: String
}

extension Pictures {
    /// The most pages of a document.
    package static let mostPages = 300
    /// The longer side of a drawn page in pixels, however large the page claims to be.
    private static let pageSide = 2200
    /// Pages that are drawn by one process.
    private static let portion = 20

    /// Draws the pages of a PDF.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - name: What the passing folder of the pages is named after.
    ///   - store: Takes the pictures.
    /// - Returns: The pages.
    /// - Throws: ``PictureError`` or ``ObjectStoreError``.
    package func drawPages(_ path: String, name: String, into store: any ObjectStore) async throws -> DrawnDocument {
        let count = try await run { try Self.countPages(path) }
        let folder = try await run { [decoders] in try decoders.place() + "/pages-" + name }
        var pages: [PagePicture] = []
        do {
            for first in stride(from: 1, through: count, by: Self.portion) {
                let range = first...min(first + Self.portion - 1, count)
                let drawn = try await run { [self] in try draw(range, of: path, in: folder) }
                for (file, width, height) in drawn {
                    let bytes = try await run {
                        let file = try File(file, O_RDONLY)
                        return try file.read(at: 0, count: try file.size())
                    }
                    let object = try await store.put(Array(bytes.readableBytesView))
                    pages.append(PagePicture(object: object, width: width, height: height))
                }
            }
        } catch {
            try await run { try Self.remove(folder) }
            throw error
        }
        let tool = try await run {
            try Self.remove(folder)
            return try BoundedTool(name: "pdftoppm").run(["-v"]).text.prefix { $0 != "\n" }
        }
        return DrawnDocument(pages: pages, tool: String(tool.replacing("version ", with: "")))
    }

    private static func countPages(_ path: String) throws -> Int {
        let outcome = try BoundedTool(name: "pdfinfo").run(["--", path])
        guard outcome.status == 0 else {
            if outcome.text.contains("password") {
                throw PictureError(.unsupported, "The PDF is protected by a password; send it without one.")
            }
            throw outcome.tookTooLong ? PictureError.pdfTookTooLong : PictureError.pdfDamaged
        }
        let line = outcome.text.split(separator: "\n").first { $0.hasPrefix("Pages:") }
        guard let count = line.flatMap({ Int($0.dropFirst(6).trimmingCharacters(in: .whitespaces)) }), count > 0 else {
            throw PictureError.pdfDamaged
        }
        guard count <= mostPages else {
            throw PictureError(.tooLarge, "The PDF has \(count) pages; at most \(mostPages) can be shown.")
        }
        return count
    }

    private func draw(
        _ range: ClosedRange<Int>, of path: String, in folder: String
    ) throws -> [(file: String, width: Int, height: Int)] {
        try Self.remove(folder)
        try makeFolders(folder)
        let outcome = try BoundedTool(name: "pdftoppm").run([
            "-f", String(range.lowerBound), "-l", String(range.upperBound), "-scale-to", String(Self.pageSide), "-jpeg",
            "-jpegopt", "quality=90", "--", path, folder + "/p",
        ])
        guard outcome.status == 0 else {
            throw outcome.tookTooLong ? PictureError.pdfTookTooLong : PictureError.pdfDamaged
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        // A page that could not be drawn is left out by the program.
        guard files.count == range.count else { throw PictureError.pdfDamaged }
        return try files.map { file in
            let info = try probeNow(folder + "/" + file)
            return (folder + "/" + file, info.width, info.height)
        }
    }
}

extension PictureError {
    fileprivate static let pdfDamaged = PictureError(.damaged, "The PDF is damaged or incomplete.")
    fileprivate static let pdfTookTooLong = PictureError(.tookTooLong, "The pages of the PDF take too long to draw.")
}
