import Foundation
import Media
import Storage

/// What stands at an attachment's address, in our store.
struct BroughtFile: Sendable, Equatable {
    /// SHA-256 of the bytes, in hex.
    let hash: String
    let mime: String
    /// Bytes.
    let size: Int64
    /// What the source answered with; nil for uploaded files.
    var statusCode: Int?
    /// The type that the source stated.
    var declaredType: String?
    /// Where redirects led; nil where there were none.
    var finalURL: String?
}

/// Makes bytes of an attachment's address.
///
/// Tasks that name the same address share one copy: all of those that were there when its fetch began, and later ones
/// as long as the source says that its file is still the same.
struct AttachmentSource {
    let environment: WorkEnvironment

    /// The most bytes of one attachment.
    static let sizeLimit = 1 << 30

    /// Brings the file of an attachment.
    ///
    /// - Throws: `FetchError`, or ``UnsuitableAttachment``.
    func bring(_ attachment: AttachmentRow, of task: TaskRow) async throws -> BroughtFile {
        guard UploadedFile.isReference(attachment.url) else { return try await fetch(attachment, of: task) }
        let id = UploadedFile.identifier(in: attachment.url) ?? ""
        let file = try await environment.database.read { db in try db.file(realm: attachment.realm, id: id) }
        guard let file, let hash = file.hash else { throw UnsuitableAttachment(message: "The uploaded file is gone.") }
        return BroughtFile(hash: hash, mime: file.mime, size: file.size)
    }

    private func fetch(_ attachment: AttachmentRow, of task: TaskRow) async throws -> BroughtFile {
        let (realm, url) = (attachment.realm, attachment.url)
        let name = ContentHash.of(url.utf8).description
        let since = task.createdAt
        let now = environment.now()
        let row = try await environment.fetches.share(
            "\(realm) \(name)", from: since.microseconds, now: now.microseconds
        ) {
            [self] in try await copy(url, named: name, realm: realm, since: since)
        }
        return BroughtFile(
            hash: row.hash, mime: row.mime, size: row.size, statusCode: row.statusCode, declaredType: row.declaredType,
            finalURL: row.finalURL == url ? nil : row.finalURL)
    }

    private func copy(_ url: String, named name: String, realm: Int64, since: Timestamp) async throws -> FetchedRow {
        let last = try await environment.database.read { db in try db.fetched(realm: realm, urlHash: name) }
        // A copy begun after the task was made is as good as one of its own, and its row keeps the object in the store.
        if let last, last.begunAt >= since { return last }
        let begun = environment.now()
        let earlier = try await isStored(last) ? last : nil
        let known = earlier.flatMap { row in
            row.etag == nil && row.lastModified == nil
                ? nil : FetchValidators(finalURL: row.finalURL, etag: row.etag, lastModified: row.lastModified)
        }
        let request = try await CloudSources(environment: environment).request(for: url, realm: realm)
        var row: FetchedRow
        switch try await environment.fetcher.fetch(
            request, known: known, into: environment.objects, limit: Self.sizeLimit)
        {
        case .unchanged:
            guard let earlier else { throw UnsuitableAttachment(message: "The source sent no file.") }
            row = earlier
            row.begunAt = begun
        case .stored(let object):
            row = FetchedRow(
                realm: realm, urlHash: name, finalURL: object.finalURL, hash: object.hash.description,
                mime: object.mimeType, size: Int64(object.size), declaredType: object.declaredType,
                statusCode: object.statusCode, etag: object.validators?.etag,
                lastModified: object.validators?.lastModified, begunAt: begun)
        }
        let fetched = row
        try await environment.database.write { db in try db.storeFetched(fetched) }
        return row
    }

    /// Whether a copy is there indeed: the source, which is asked now, may say that nothing has to be sent again.
    private func isStored(_ row: FetchedRow?) async throws -> Bool {
        guard let hash = row.flatMap({ ContentHash($0.hash) }) else { return false }
        return try await environment.objects.size(of: hash) != nil
    }
}

/// A file that has come but cannot be used, and why, in a sentence for those who sent it.
struct UnsuitableAttachment: Error {
    let message: String
}
