import JSON
import Storage

/// Compares the pages that people see of documents with what the rows of attachments, which the log covers, say of them.
struct PageCheck {
    let database: any Database

    private static let portion = 200

    /// Checks all documents, a portion after the other, while the server may go on.
    func run(_ report: inout LogReport) async throws {
        var place: DrawnAttachment?
        while true {
            let (rows, wrong) = try await database.read { [place] db in
                let rows = try db.drawnAttachments(after: place, limit: Self.portion)
                return (rows, try rows.filter { try !Self.isAsDrawn($0, in: db) })
            }
            for row in wrong {
                report.faults.note(
                    "The pages of attachment \(row.position) of task \(row.taskID) are not those that its row names.")
            }
            guard let last = rows.last else { return }
            place = last
        }
    }

    private static func isAsDrawn(_ row: DrawnAttachment, in db: any Connection) throws -> Bool {
        guard let said = try said(by: row) else { return true }
        let pages = try db.conversions(of: row.hash).filter { $0.kind == .page }
        // Drawn anew by a later version of the program, they are others; the row tells of those that were seen then.
        guard pages.allSatisfy({ $0.recipe == said.recipe }) else {
            return pages.allSatisfy { $0.recipe > said.recipe }
        }
        return pages.count == said.count && ConversionRow.digest(ofPages: pages) == said.hash
    }

    /// What the row says of its pages; nil if it has none.
    private static func said(by row: DrawnAttachment) throws -> (hash: String, count: Int, recipe: Int)? {
        try JSONDocument.read(row.conversions) { root in
            for made in root.elements where made["kind"]?.string == "page" {
                return (made["sha256"]?.string ?? "", made["count"]?.int ?? 0, made["recipe"]?.int ?? 0)
            }
            return nil
        }
    }
}
