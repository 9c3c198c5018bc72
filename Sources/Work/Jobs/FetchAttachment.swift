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
            try await settle(job, attachment) { db, now in
                _ = try db.attachmentReady(realm: realm, task: task.id, position: position, copy, at: now)
            }
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

    // MARK: Ends

    private func fail(_ job: JobRow, _ attachment: AttachmentRow, status: Int?, _ message: String) async throws {
        environment.logger.info(
            "an attachment failed", metadata: ["task.id": "\(attachment.taskID)", "reason": "\(message)"])
        try await settle(job, attachment) { db, now in
            _ = try db.attachmentFailed(
                realm: attachment.realm, task: attachment.taskID, position: attachment.position, statusCode: status,
                error: message, at: now)
        }
    }

    /// Writes an attachment's end and, when it was the last one that was waited for, lets the task go on or fail.
    private func settle(
        _ job: JobRow, _ attachment: AttachmentRow,
        _ body: @escaping @Sendable (any Connection, Timestamp) throws -> Void
    ) async throws {
        let now = environment.now()
        let realm = attachment.realm
        try await environment.database.write { db in
            // The lock makes attachments of one task end one after the other, so that exactly one sees itself as last.
            let head = try db.lockTask(realm: realm, id: attachment.taskID)
            try job.finish(in: db)
            try body(db, now)
            guard let head, head.status == .pending else { return }
            let all = try db.attachments(realm: realm, task: head.id)
            guard !all.contains(where: { $0.state == .waiting }) else { return }
            let isTest = try db.realm(realm)?.mode == .test
            let failed = all.filter { $0.state == .failed }
            if failed.isEmpty {
                let isStaging = try head.batchID.map { try db.batch(realm: realm, id: $0)?.status == .staging } ?? false
                try TaskTransitions.apply(
                    .attachmentsReady(launched: !isStaging), to: head, by: "program", isTest: isTest, in: db, now: now)
            } else {
                try TaskTransitions.apply(
                    .attachmentsFailed, to: head, response: Self.response(failed), by: "program", isTest: isTest,
                    in: db, now: now)
            }
        }
        environment.jobs.raise(.deliverCallback, .closeBatch)
    }

    /// The documented response of a task whose attachments failed.
    private static func response(_ failed: [AttachmentRow]) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("error", "One or more attachments could not be downloaded.")
            writer.array("attachments") { writer in
                for attachment in failed {
                    writer.object { writer in
                        writer.field("statusCode", ifPresent: attachment.statusCode)
                        writer.field("url", attachment.url)
                        writer.field("message", ifPresent: attachment.error)
                    }
                }
            }
        }
        return writer.text
    }
}

/// Who must not be held up by whom.
enum Lane {
    /// The host of an address, or the address itself if it has none.
    static func of(_ url: String) -> String {
        guard let scheme = url.range(of: "://") else { return String(url.prefix(200)) }
        return String(url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.prefix(200)).lowercased()
    }
}
