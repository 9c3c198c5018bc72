import JSON
import Storage

/// What an event says to people: a sentence without its subject, and what changed.
struct EventWords: Sendable, Equatable {
    var words: String
    var detail: [String] = []
    /// How the task stands after it, where the event tells.
    var status: String?

    init(_ event: EventRow) {
        words = Self.sentence(event)
        guard event.before != nil || event.after != nil else { return }
        do {
            try Self.read(event.before) { before in
                try Self.read(event.after) { after in
                    // Metadata are the customer's own and may look like anything.
                    let isState = event.objectKind == "task" && event.action != "task.metadata_set"
                    status = isState ? after["status"]?.string : nil
                    words += Self.addition(event.action, after)
                    detail = Self.changes(event, before, after)
                }
            }
        } catch {
            // An event of a form that is not known keeps its plain sentence.
        }
    }

    /// Reads a side of an event; nothing counts as an empty object.
    private static func read(_ text: String?, _ body: (JSONValue) throws -> Void) throws {
        try JSONDocument.read(text ?? "{}", limits: JSONLimits(bytes: 64 << 20, depth: 256)) { try body($0) }
    }

    // MARK: Sentences

    /// What follows the name of whoever did it, by action.
    static let sentences: [String: String] = [
        "task.created": "created the task", "task.ready": "fetched the task's files",
        "task.thumbnail_made": "made the small picture of a file",
        "task.file_damaged": "found a file of the task damaged",
        "task.failed": "gave the task up", "task.launched": "opened the task for work",
        "task.answered": "answered the task", "task.started": "began the work", "task.submitted": "handed in the work",
        "task.reviewed": "reviewed the work", "task.review_accepted": "accepted the work in review",
        "task.review_rejected": "rejected the work in review", "task.recalled": "sent the task back to work",
        "task.commented": "commented", "task.comment_resolved": "resolved a comment",
        "task.validated": "checked the answer at the customer's", "task.canceled": "canceled the task",
        "task.audited": "audited the answer", "task.callback_resent": "sent the callback again",
        "task.skipped": "passed the work on", "task.reported": "reported a problem",
        "task.warned": "handed in the work with warnings", "task.unique_id_set": "set the unique id",
        "task.unique_id_cleared": "cleared the unique id", "task.metadata_set": "changed the metadata",
        "task.tags_set": "changed the tags", "task.priority_set": "changed the priority",
        "task.moved": "moved the task to another batch", "task.merged": "put the answers together",
        "project.created": "created the project", "project.params_set": "changed the project's parameters",
        "project.ontology_set": "set the project's ontology", "project.assigned": "assigned people to the project",
        "project.unassigned": "took people off the project", "project.workflow_set": "changed the project's workflow",
        "project.changed": "changed the project", "project.example_added": "made an example of a task",
        "project.example_removed": "removed an example",
        "batch.created": "created the batch", "batch.finalized": "launched the batch",
        "batch.completed": "completed the batch", "batch.metadata_set": "changed the batch's metadata",
        "batch.prioritized": "changed the batch's priority", "batch.groups_set": "set the groups of the batch",
        "batch.changed": "changed the batch", "batch.paused": "paused the batch", "batch.resumed": "resumed the batch",
        "batch.archived": "put the batch away", "batch.restored": "brought the batch back",
        "batches.ordered": "put the batches in order",
        "bulk_change.asked": "asked for a change of many tasks",
        "bulk_change.finished": "finished a change of many tasks",
        "bulk_change.canceled": "stopped a change of many tasks",
        "export.asked": "asked for an export", "export.finished": "finished an export",
        "export.canceled": "stopped an export", "export.deleted": "removed an export",
        "audit_sample.created": "drew a sample for an audit", "audit_sample.removed": "removed a sample",
        "integration.created": "added the integration", "integration.changed": "changed the integration",
        "integration.deleted": "removed the integration", "integration.tested": "tried the integration",
        "key.created": "made the key", "key.revoked": "revoked the key",
        "key.changed": "changed where the key may be used",
        "member.added": "added the person", "member.invited": "invited the person",
        "member.role_set": "changed the person's role", "member.changed": "changed what the person may do",
        "member.joined": "joined", "member.mail_failed": "could not mail the invitation",
        "member.second_factor_reset": "reset the person's second factor",
        "user.signed_in": "signed in", "user.renamed": "changed their name",
        "user.password_changed": "changed their password", "user.session_ended": "ended a session",
        "user.second_factor_set": "set up a second factor", "user.second_factor_removed": "removed their second factor",
        "user.recovery_code_used": "signed in with a recovery code",
        "group.created": "created the group", "group.updated": "changed the group",
        "group.renamed": "gave the group another name", "group.removed": "dissolved the group",
        "file.added": "added the file", "file.expired": "removed the unused file",
        "upload.begun": "began an upload", "upload.canceled": "called an upload off",
        "upload.expired": "forgot an upload that was not finished", "upload.failed": "could not finish an upload",
        "links.revoked": "ended all links to files",
        "quality_task.created": "stored a task with a known answer",
        "settings.callback_changed": "changed where callbacks go",
        "settings.secret_rotated": "replaced a secret of callbacks",
        "settings.delivery_tested": "sent a test callback", "delivery.resent": "sent a callback again",
        "deliveries.resent": "had all failed callbacks sent again",
        "import.asked": "asked for an import of a bucket", "import.finished": "imported tasks",
        "import.canceled": "stopped an import",
    ]

    private static func sentence(_ event: EventRow) -> String {
        if let known = sentences[event.action] { return known }
        let verb = event.action.split(separator: ".", maxSplits: 1).last.map(String.init) ?? event.action
        return verb.replacing("_", with: " ")
    }

    /// What the sentence says beyond the kind of the event.
    private static func addition(_ action: String, _ after: JSONValue) -> String {
        switch action {
        case "task.audited": after["customer_review_status"]?.string.map { ": \($0)" } ?? ""
        case "task.file_damaged": after["error"]?.string.map { ": \($0)" } ?? ""
        case "task.failed": after["response"]?["error"]?.string.map { ": \($0)" } ?? ""
        case "task.skipped": after["reason"]?.string.map { ": \($0)" } ?? ""
        case "task.reported":
            [after["kind"]?.string.map { $0.replacing("_", with: " ") }, after["message"]?.string]
                .compactMap { $0?.isEmpty == false ? $0 : nil }.map { ": \($0)" }.joined()
        default: ""
        }
    }

    // MARK: Changes

    private static let mostChanges = 12

    private static func changes(_ event: EventRow, _ before: JSONValue, _ after: JSONValue) -> [String] {
        if event.action == "task.warned" {
            return after["warnings"]?.elements.compactMap { $0["message"]?.string } ?? []
        }
        // What is whole on both sides, or new, would repeat the task; of those only the status is told.
        if event.objectKind == "task", event.action != "task.metadata_set", after["task_id"] != nil {
            let (old, new) = (before["status"]?.string, after["status"]?.string)
            return old == new || old == nil ? [] : ["status: \(old ?? "") → \(new ?? "")"]
        }
        if before.isArray || after.isArray {
            let old = event.before == nil ? "" : list(before) + " → "
            return [old + list(after)]
        }
        guard event.before != nil, before.isObject, after.isObject else { return [] }
        var changes: [String] = []
        for member in after.members {
            let old = before[member.name]
            if let old, old.isEqual(to: member.value) { continue }
            changes.append("\(plain(member.name)): \(old.map { short($0) + " → " } ?? "")\(short(member.value))")
        }
        for member in before.members where after[member.name] == nil {
            changes.append("\(plain(member.name)): \(short(member.value)) → nothing")
        }
        return Array(changes.prefix(mostChanges)) + (changes.count > mostChanges ? ["…"] : [])
    }

    private static func list(_ value: JSONValue) -> String {
        let words = value.elements.map(short)
        return words.isEmpty ? "nothing" : words.prefix(20).joined(separator: ", ")
    }

    private static func plain(_ name: String) -> String { name.replacing("_", with: " ") }

    private static func short(_ value: JSONValue) -> String {
        let text = value.isNull ? "nothing" : value.string ?? value.rawText
        return text.count > 80 ? text.prefix(79) + "…" : text
    }
}
