import JSON
import Labeling
import Logging
import Storage

/// How an attachment's way ends: with a copy or without, and with what that means for its task.
struct AttachmentEnd {
    let environment: WorkEnvironment

    /// The copy is there.
    func ready(_ job: JobRow, _ attachment: AttachmentRow, _ copy: StoredCopy) async throws {
        try await settle(job, attachment) { db, now in
            _ = try db.attachmentReady(
                realm: attachment.realm, task: attachment.taskID, position: attachment.position, copy, at: now)
        }
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
