import JSON
import Media
import Storage

/// Makes the small picture of an attachment that was ready without it, and by decoding all of it proves it whole.
///
/// Lists show it when it is there, editors show the picture itself until then. It belongs to the picture's bytes: the
/// same picture in another task is not decoded again.
struct ShrinkPicture {
    let environment: WorkEnvironment

    static func job(for attachment: AttachmentRow, at now: Timestamp) -> NewJob {
        NewJob(
            id: Identifier.make(now), kind: JobKind.shrinkPicture.rawValue, realm: attachment.realm,
            subject: attachment.taskID, payload: String(attachment.position), runAt: now)
    }

    func run(_ job: JobRow) async throws {
        guard let realm = job.realm, let position = Int(job.payload) else { return try await drop(job) }
        let row = try await environment.database.read { db in
            try db.attachment(realm: realm, task: job.subject, position: position)
        }
        guard let attachment = row, attachment.state == .ready, attachment.thumbnailHash == nil,
            let copy = attachment.copy
        else { return try await drop(job) }
        let file = BroughtFile(hash: copy.hash, mime: copy.mime, size: copy.size)
        do {
            let found = try await FileInspection(environment: environment).shrink(file)
            try await finish(job, attachment, StoredCopy(file, found))
        } catch let error as PictureError where error.isFinal(after: job.attempts) {
            try await AttachmentEnd(environment: environment).spoilt(job, attachment, error.message)
        }
    }

    private func finish(_ job: JobRow, _ attachment: AttachmentRow, _ copy: StoredCopy) async throws {
        let now = environment.now()
        try await environment.database.write { db in
            try job.finish(in: db)
            guard let thumbnail = copy.thumbnailHash,
                try db.attachmentShrunk(
                    realm: attachment.realm, task: attachment.taskID, position: attachment.position,
                    thumbnailHash: thumbnail, conversions: copy.conversions, at: now)
            else { return }
            var after = JSONWriter(capacity: 128)
            after.object { writer in
                writer.field("path", attachment.path)
                writer.field("sha256", thumbnail)
            }
            try db.append(
                NewEvent(
                    realm: attachment.realm, at: now, actor: "program", objectKind: "task",
                    objectID: attachment.taskID, action: "task.thumbnail_made", after: after.text))
        }
    }

    private func drop(_ job: JobRow) async throws {
        try await environment.database.write { db in try job.finish(in: db) }
    }
}
