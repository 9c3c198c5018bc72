import Foundation
import JSON
import Labeling
import Logging
import Media
import Storage

/// Copies one attachment of a task into our store, looks at it, and lets the task go on or fail.
struct FetchAttachment {
    let environment: WorkEnvironment

    /// The most bytes of one attachment.
    private static let sizeLimit = 1 << 30
    private static let mostAttempts = 5

    /// One job an attachment; those of one host share a lane.
    static func jobs(for task: NewTask, at now: Timestamp) -> [NewJob] {
        task.attachments.enumerated().map { position, attachment in
            NewJob(
                id: Identifier.make(now), kind: JobKind.fetchAttachment.rawValue, realm: task.realm, subject: task.id,
                orderKey: nil, lane: Lane.of(attachment.url), payload: String(position), runAt: now)
        }
    }

    func run(_ job: JobRow) async throws {
        guard let realm = job.realm, let position = Int(job.payload) else { return try await drop(job) }
        let found = try await environment.database.read { db -> (AttachmentRow, TaskRow)? in
            guard let row = try db.attachment(realm: realm, task: job.subject, position: position),
                let task = try db.task(realm: realm, id: job.subject)
            else { return nil }
            return (row, task)
        }
        guard let (attachment, task) = found, attachment.state == .waiting, task.status == .pending else {
            return try await drop(job)
        }
        do {
            let copy = try await copy(attachment, of: task)
            if try await needsTiles(copy) { return try await handOn(job, attachment, copy) }
            try await AttachmentEnd(environment: environment).ready(job, attachment, copy)
        } catch let error as FetchError where error.isTransient && job.attempts < Self.mostAttempts {
            let delay =
                error.retryAfter.map { min(Double($0.components.seconds), 600) }
                ?? Backoff.delay(afterAttempt: job.attempts, first: 1, most: 60)
            throw JobRetry(delay: delay, reason: error.message)
        } catch let error as FetchError {
            try await fail(job, attachment, status: error.statusCode, error.message)
        } catch let error as PictureError where error.code != .unavailable {
            try await fail(job, attachment, status: 200, error.message)
        } catch let error as UnsuitableAttachment {
            try await fail(job, attachment, status: 200, error.message)
        }
    }

    private func drop(_ job: JobRow) async throws {
        try await environment.database.write { db in try job.finish(in: db) }
    }

    // MARK: Copying

    private struct UnsuitableAttachment: Error {
        let message: String
    }

    private func copy(_ attachment: AttachmentRow, of task: TaskRow) async throws -> StoredCopy {
        let source = try await bring(attachment)
        guard let hash = ContentHash(source.hash) else { throw UnsuitableAttachment(message: "The file is gone.") }
        let requests = try TaskTypes.named(task.type)?.attachments(stored: task.params) ?? []
        let needsPicture = requests.contains { $0.path == attachment.path && $0.kind == .picture }
        guard source.mime.hasPrefix("image/") else {
            if needsPicture {
                throw UnsuitableAttachment(message: "The file is \(source.mime), not a picture that can be shown.")
            }
            return StoredCopy(
                hash: source.hash, mime: source.mime, width: nil, height: nil, size: source.size, thumbnailHash: nil)
        }
        let pictures = environment.pictures
        let (info, thumbnail) = try await environment.objects.withLocalFile(hash) { path in
            (try await pictures.probe(path), try await pictures.thumbnail(path))
        }
        let stored = try await environment.objects.put(thumbnail.bytes)
        return StoredCopy(
            hash: source.hash, mime: source.mime, width: info.width, height: info.height, size: source.size,
            thumbnailHash: stored.hash.description)
    }

    /// The bytes of an attachment in our store: an uploaded file's, or fetched now.
    private func bring(_ attachment: AttachmentRow) async throws -> (hash: String, mime: String, size: Int64) {
        if let id = UploadedFile.isReference(attachment.url) ? UploadedFile.identifier(in: attachment.url) : nil {
            let file = try await environment.database.read { db in try db.file(realm: attachment.realm, id: id) }
            guard let file, let hash = file.hash else {
                throw UnsuitableAttachment(message: "The uploaded file is gone.")
            }
            return (hash, file.mime, file.size)
        }
        let fetched = try await environment.fetcher.fetch(
            attachment.url, into: environment.objects, limit: Self.sizeLimit)
        return (fetched.hash.description, fetched.mimeType, Int64(fetched.size))
    }

    // MARK: Large pictures

    private func needsTiles(_ copy: StoredCopy) async throws -> Bool {
        guard let width = copy.width, let height = copy.height, TileLayout.isNeeded(width: width, height: height) else {
            return false
        }
        return try await environment.database.read { db in try db.tilings(of: [copy.hash]).isEmpty }
    }

    /// Lets another job cut the picture; the attachment goes on waiting for it.
    private func handOn(_ job: JobRow, _ attachment: AttachmentRow, _ copy: StoredCopy) async throws {
        let now = environment.now()
        try await environment.database.write { db in
            try job.finish(in: db)
            guard
                try db.attachmentCopied(
                    realm: attachment.realm, task: attachment.taskID, position: attachment.position, copy)
            else { return }
            try db.enqueue([CutTiles.job(for: attachment, at: now)], at: now)
        }
        environment.jobs.raise(.cutTiles)
    }

    private func fail(_ job: JobRow, _ attachment: AttachmentRow, status: Int?, _ message: String) async throws {
        try await AttachmentEnd(environment: environment).failed(job, attachment, status: status, message)
    }
}

/// Who must not be held up by whom.
enum Lane {
    /// The host of an address, or the address itself if it has none.
    static func of(_ url: String) -> String {
        guard let scheme = url.utf8.firstRange(of: "://".utf8) else { return String(url.prefix(200)) }
        let host = Substring(url[scheme.upperBound...].utf8.prefix { !"/?#".utf8.contains($0) })
        return host.prefix(200).lowercased()
    }
}
