package import JSON
import Labeling
package import Storage

/// What the wire form of a task shows beside its row.
package struct TaskExtras: Sendable {
    package var isTest: Bool
    /// Verdicts, newest first.
    package var audits: [AuditRow]
    /// The task's files, when links to them were asked for or its pages are shown.
    package var attachments: [AttachmentRow]
    /// Makes the links to our copies; nil leaves them out.
    package var links: (@Sendable (AttachmentRow) -> String?)?

    package init(
        isTest: Bool, audits: [AuditRow] = [], attachments: [AttachmentRow] = [],
        links: (@Sendable (AttachmentRow) -> String?)? = nil
    ) {
        self.isTest = isTest
        self.audits = audits
        self.attachments = attachments
        self.links = links
    }
}

extension TaskRow {
    /// Writes the task as the annotation API shows it; stored JSON is spliced in as it is.
    package func write(to writer: inout JSONWriter, _ extras: TaskExtras) {
        writer.object { writer in
            writer.field("task_id", head.id)
            writer.field("created_at", time: head.createdAt.microseconds)
            writer.field("updated_at", time: head.updatedAt.microseconds)
            if let completedAt = head.completedAt { writer.field("completed_at", time: completedAt.microseconds) }
            writer.field("callback_url", ifPresent: head.callbackURL)
            writer.field("type", head.type)
            writer.field("status", head.status.rawValue)
            writer.field("instruction", ifPresent: instruction)
            writer.field("params", raw: params)
            writer.field("is_test", extras.isTest)
            writer.field("urgency", "standard")
            writer.field("metadata", raw: metadata)
            writer.field("project", ifPresent: project)
            writer.field("projectId", ifPresent: head.projectID)
            writer.field("batch", ifPresent: batch)
            writer.field("project_param_version", ifPresent: head.paramVersion)
            writer.field("unique_id", ifPresent: head.uniqueID)
            if !tags.isEmpty { writer.array("tags") { writer in tags.forEach { writer.value($0) } } }
            writer.field("priority", head.priority ?? 0)
            writer.field("work_started", head.startedAt != nil)
            if let callbackState = head.callbackState {
                writer.field("callback_succeeded", callbackState == .succeeded)
                writer.field("callback_completed", callbackState == .succeeded)
            }
            writer.array("processed_attachments") { _ in }
            if showsPages { writePages(extras.attachments, to: &writer) }
            if let links = extras.links { writeDownloads(extras.attachments, links, to: &writer) }
            if let response { writer.field("response", raw: response) }
            if let prior = extra.flatMap(PriorResponses.read) { writer.field("prior_responses", raw: prior) }
            writeReview(extras.audits, to: &writer)
        }
    }

    /// Whether the wire form has the sizes of the task's pages.
    var showsPages: Bool { TaskTypes.named(head.type)?.showsPages ?? false }

    /// Writes the five members of a limited answer, of which we know four.
    package func writeLimited(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("task_id", head.id)
            writer.field("status", head.status.rawValue)
            writer.field("metadata", raw: metadata)
            writer.field("project", ifPresent: project)
        }
    }

    private func writePages(_ attachments: [AttachmentRow], to writer: inout JSONWriter) {
        writer.array("document_pages") { writer in
            for (width, height) in attachments.flatMap(\.pageSizes) {
                writer.object { writer in
                    writer.field("width", width)
                    writer.field("height", height)
                }
            }
        }
    }

    private func writeDownloads(
        _ attachments: [AttachmentRow], _ link: (AttachmentRow) -> String?, to writer: inout JSONWriter
    ) {
        writer.array("attachmentS3Downloads") { writer in
            for attachment in attachments {
                guard let url = link(attachment) else { continue }
                writer.object { writer in
                    writer.field("s3URL", url)
                    writer.field("isConvertedImage", false)
                }
            }
        }
    }

    private func writeReview(_ audits: [AuditRow], to writer: inout JSONWriter) {
        guard let reviewStatus = head.reviewStatus else { return }
        writer.field("customer_review_status", reviewStatus.rawValue)
        let comments: [String] = audits.reversed().compactMap(\.comments)
        if !comments.isEmpty {
            writer.array("customer_review_comments") { writer in comments.forEach { writer.value($0) } }
        }
        writer.field("customer_reviewed_by", ifPresent: head.auditedBy)
        if let auditedAt = head.auditedAt { writer.field("customer_audited_at", time: auditedAt.microseconds) }
        if let seconds = audits.first?.seconds { writer.field("customer_audit_time_secs", seconds) }
        if let seconds = audits.first?.activeSeconds { writer.field("customer_audit_active_time_secs", seconds) }
        writer.array("audits") { writer in
            for audit in audits {
                writer.object { writer in
                    writer.field("audited_by", audit.by ?? "unknown")
                    writer.field("audited_at", time: audit.at.microseconds)
                    if let seconds = audit.seconds { writer.field("audit_time_secs", seconds) }
                    if let seconds = audit.activeSeconds { writer.field("audit_active_time_secs", seconds) }
                    writer.field("audit_result", audit.result.rawValue)
                    writer.field("audit_source", audit.source)
                }
            }
        }
    }
}
