import JSON
import Labeling
import Logging
import Storage

/// How an attachment's way ends: with a copy or without, and with what that means for its task.
struct AttachmentEnd {
    let environment: WorkEnvironment

    /// The copy is there; if its small picture is not, that is made afterwards.
    func ready(_ job: JobRow, _ attachment: AttachmentRow, _ copy: StoredCopy) async throws {
        try await settle(job, attachment) { db, now in
            let left = try db.attachmentReady(
                realm: attachment.realm, task: attachment.taskID, position: attachment.position, copy, at: now)
            guard left != nil, copy.lacksThumbnail else { return }
            try db.enqueue([ShrinkPicture.job(for: attachment, at: now)], at: now)
        }
        if copy.lacksThumbnail { environment.jobs.raise(.shrinkPicture) }
    }

    /// There will be no copy.
    func failed(_ job: JobRow, _ attachment: AttachmentRow, status: Int?, _ message: String) async throws {
        environment.logger.info(
            "an attachment failed", metadata: ["task.id": "\(attachment.taskID)", "reason": "\(message)"])
        try await settle(job, attachment) { db, now in
            _ = try db.attachmentFailed(
                realm: attachment.realm, task: attachment.taskID, position: attachment.position, statusCode: status,
                error: message, at: now)
        }
    }

    /// The copy was there, and turned out to be damaged when all of it was decoded.
    ///
    /// A task that nobody has taken a step on ends as if the file had never come. Where somebody has, their work stays,
    /// and those who manage it are told.
    func spoilt(_ job: JobRow, _ attachment: AttachmentRow, _ message: String) async throws {
        environment.logger.info(
            "an attachment turned out to be damaged",
            metadata: ["task.id": "\(attachment.taskID)", "reason": "\(message)"])
        let now = environment.now()
        let (realm, task) = (attachment.realm, attachment.taskID)
        try await environment.database.write { db in
            let head = try db.lockTask(realm: realm, id: task)
            try job.finish(in: db)
            let isUntouched = head.map { [.ingesting, .staged, .queued].contains($0.stage) } ?? false
            guard let head,
                try db.attachmentSpoilt(
                    realm: realm, task: task, position: attachment.position, state: isUntouched ? .failed : .ready,
                    error: message, at: now)
            else { return }
            // One that still waits for other files learns it with the last of them.
            if isUntouched, head.stage != .ingesting {
                let failed = try db.attachments(realm: realm, task: task).filter { $0.state == .failed }
                let isTest = try db.realm(realm)?.mode == .test
                try TaskTransitions.apply(
                    .attachmentsFailed, to: head, response: Self.response(failed), by: "program", isTest: isTest,
                    in: db, now: now)
            } else {
                var after = JSONWriter(capacity: 128)
                after.object { writer in
                    writer.field("path", attachment.path)
                    writer.field("error", message)
                }
                try db.append(
                    NewEvent(
                        realm: realm, at: now, actor: "program", objectKind: "task", objectID: task,
                        action: "task.file_damaged", after: after.text))
            }
        }
        environment.jobs.raise(.deliverCallback, .closeBatch)
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
                if isStaging, let batch = head.batchID {
                    try db.enqueue([LaunchBatch.job(realm: realm, batch: batch, at: now)], at: now)
                }
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
