import Foundation
import JSON
import Labeling
import Logging
import Media
import Storage

/// Copies one attachment of a task into our store, looks at it, and lets the task go on or fail.
struct FetchAttachment {
    let environment: WorkEnvironment

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
        } catch let error as FetchError where error.isTransient && job.attempts < environment.fetchPace.tries {
            let delay =
                error.retryAfter.map { min(Double($0.components.seconds), 600) }
                ?? Backoff.delay(afterAttempt: job.attempts, first: 1, most: 60)
            throw JobRetry(delay: delay, reason: error.message, holdsLane: error.retryAfter != nil)
        } catch let error as FetchError {
            try await fail(job, attachment, status: error.statusCode, error.message)
        } catch let error as PictureError where error.isFinal(after: job.attempts) {
            try await fail(job, attachment, status: 200, error.message)
        } catch let error as UnsuitableAttachment {
            try await fail(job, attachment, status: 200, error.message)
        }
    }

    private func drop(_ job: JobRow) async throws {
        try await environment.database.write { db in try job.finish(in: db) }
    }

    // MARK: Copying

    private func copy(_ attachment: AttachmentRow, of task: TaskRow) async throws -> StoredCopy {
        let file = try await AttachmentSource(environment: environment).bring(attachment, of: task)
        let requests = try TaskTypes.named(task.type)?.attachments(stored: task.params) ?? []
        let wanted = requests.first { $0.path == attachment.path }?.kind ?? .any
        guard wanted.takes(file.mime) else {
            throw UnsuitableAttachment(
                message: "The file is \(file.mime), not \(wanted.description) that can be shown.")
        }
        return StoredCopy(file, try await FileInspection(environment: environment).look(at: file))
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

extension AttachmentRequest.Kind {
    /// Whether a file of a type can be what was asked for.
    fileprivate func takes(_ mime: String) -> Bool {
        switch self {
        case .picture: mime.hasPrefix("image/")
        case .document: mime == "application/pdf" || mime.hasPrefix("image/")
        case .video: mime.hasPrefix("video/")
        // Sound may come in a file that could also hold pictures.
        case .audio: mime.hasPrefix("audio/") || mime.hasPrefix("video/")
        case .any: true
        }
    }

    /// What was asked for, in words.
    fileprivate var description: String {
        switch self {
        case .picture: "a picture"
        case .document: "a PDF or a picture"
        case .video: "a video"
        case .audio: "sound"
        case .any: "a file"
        }
    }
}

/// Who must not be held up by whom.
enum Lane {
    /// The host of an address, or the address itself if it has none.
    static func of(_ url: String) -> String {
        guard let (_, rest) = url.addressParts else { return String(url.prefix(200)) }
        return Substring(rest.utf8.prefix { !"/?#".utf8.contains($0) }).prefix(200).lowercased()
    }
}
