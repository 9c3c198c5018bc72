import JSON
import Storage

/// The forms of what the pages about tasks, people's doings and deliveries are answered.
enum InsightShapes {
    static let actor = Wire.answer(
        "Actor",
        [
            .always("kind", .enumeration(["person", "key", "program"]), "What kind of actor."),
            .maybe("id", Wire.text, "The person's or the key's id."),
            .always("name", Wire.text, "For people."),
        ])

    static let person = Wire.answer(
        "PersonName",
        [
            .always("id", Wire.identifier, "Ours."), .always("name", Wire.text, "For people."),
            .always("email", Wire.text, "The e-mail address."),
        ])

    static let next = Member.maybe("next", Wire.text, "Where the next page starts: the cursor of the next call.")

    /// A page of a list by cursor.
    static func page(_ name: String, of shape: Shape, _ note: String) -> Shape {
        Wire.answer(name, [.always("docs", Wire.list(of: shape), note), next])
    }

    // MARK: Tasks

    static let attachment = Wire.answer(
        "TaskAttachment",
        [
            .always("position", Wire.count, "The place among the task's files, from 0."),
            .always("path", Wire.text, "Where it stands in the parameters."),
            .always("role", Wire.text, "What it is for."), .always("source_url", Wire.text, "Where it came from."),
            .always("state", .enumeration(["waiting", "ready", "failed"]), "Whether there is a copy."),
            .maybe("status_code", Wire.count, "What the address answered with."),
            .maybe("error", Wire.text, "Why it failed."), .maybe("fetched_at", Wire.time, "When it was fetched."),
            .maybe("final_url", Wire.text, "Where redirects led."),
            .maybe("declared_type", Wire.text, "What the address said that the file is."),
            .maybe("sha256", Wire.text, "The hash of the bytes that came."),
            .maybe("facts", Wire.object, "What was found in the file."),
            .maybe("conversions", Wire.list(of: Wire.object), "What was made of the file, and with what."),
            .maybe("original_url", Wire.text, "A signed, expiring path to what came, where another copy is shown."),
            .maybe("url", Wire.text, "A signed, expiring path to the copy that is shown."),
            .maybe("thumbnail", .either([Wire.text, .null]), "The same for a small picture."),
            .maybe("mime_type", Wire.text, "What the bytes are."), .maybe("width", Wire.count, "Pixels."),
            .maybe("height", Wire.count, "Pixels."), .maybe("size", Wire.count, "Bytes."),
            .maybe("tiles", .either([Wire.object, .null]), "How a large picture is cut."),
            .maybe("pages", Wire.list(of: Wire.object), "The pages of a document as pictures, each with its path."),
        ])

    static let workItem = Wire.answer(
        "TaskWork",
        [
            .always("id", Wire.identifier, "Ours."),
            .always("kind", .enumeration(["label", "review", "redo", "audit", "merge"]), "What is to be done."),
            .always("level", Wire.count, "The review level, 0 for labelling."),
            .always("attempt", Wire.count, "Which try, or which of several answers, from 1."),
            .always("state", .enumeration(["waiting", "leased", "submitted", "closed"]), "How far it is."),
            .always("created_at", Wire.time, "Since when it waits."),
            .always("updated_at", Wire.time, "When it last changed."),
            .maybe("submitted_at", Wire.time, "When it was handed in."),
            .maybe("submitted_by", person, "By whom."), .maybe("holder", person, "Who has it now."),
            .maybe("lease_expires_at", Wire.time, "Until when."), .maybe("assignee", person, "For whom alone it is."),
            .maybe("preferred", person, "Who gets it first."),
            .always("revision", Wire.count, "How many steps its draft has."),
            .maybe("seconds", .number(.nonNegative), "Seconds of work, without pauses of over five minutes."),
        ])

    static let document = Wire.answer(
        "TaskDocument",
        [
            .always("source", .enumeration(["response", "draft", "hypothesis"]), "Where it comes from."),
            .maybe("work", Wire.identifier, "The work item whose draft it is."),
            .maybe("revision", Wire.count, "The draft's revision."),
            .always("collections", Wire.object, "Objects by collection and key, as editors have them."),
        ])

    static let taskPage = Wire.answer(
        "TaskPageData",
        [
            .always("task", Wire.task, "The task, as /v1/task has it."),
            .always("params_text", Wire.text, "The parameters as they are stored."),
            .maybe("response_text", Wire.text, "The response as it is stored."),
            .always("stage", Wire.text, "Where a pending task stands; done for others."),
            .maybe("editor", Wire.text, "The editor of its type."),
            .maybe("params", Wire.object, "The parameters as editors get them."),
            .maybe("editor_params", Wire.object, "What stands in for them in some editors."),
            .always("attachments", Wire.list(of: attachment), "Its files."),
            .always("document", .either([document, .null]), "What is drawn at present."),
            .always("work", Wire.list(of: workItem), "The steps of work on it, oldest first."),
            .always(
                "audits",
                Wire.list(
                    of: Wire.answer(
                        "TaskAudit",
                        [
                            .always("id", Wire.identifier, "Ours."), .always("result", Wire.text, "The verdict."),
                            .maybe("comments", Wire.text, "What was said."), .maybe("by", Wire.text, "Who."),
                            .always("source", Wire.text, "On whose behalf."), .always("at", Wire.time, "When."),
                            .maybe("seconds", .number(.nonNegative), "How long it took."),
                        ])), "Verdicts, newest first."),
            .always(
                "reports",
                Wire.list(
                    of: Wire.answer(
                        "ReportOnTask",
                        [
                            .always("id", Wire.identifier, "Ours."), .always("kind", Wire.text, "What is wrong."),
                            .always("message", Wire.text, "More about it."),
                            .maybe("reported_by", Wire.text, "Who."), .always("created_at", Wire.time, "When."),
                        ])), "What labelers found wrong, newest first."),
        ])

    static let step = Wire.answer(
        "DraftStepEntry",
        [
            .always("revision", Wire.count, "The draft's revision after it."), .always("at", Wire.time, "When."),
            .always("actor", actor, "Who."),
            .always("mark", .enumeration(["edit", "undo", "redo"]), "Whether it takes others back."),
            .always("words", Wire.text, "What it did."), .always("objects", Wire.count, "How many objects it touched."),
        ])

    static let state = Wire.answer(
        "PastState",
        [
            .maybe("at", Wire.time, "The point in time."), .maybe("task", Wire.object, "The task as it stood then."),
            .maybe("work", Wire.identifier, "The work item that was touched last by then."),
            .maybe("revision", Wire.count, "The revision of its draft."),
            .maybe("collections", Wire.object, "What was drawn then; left out before anybody began."),
        ])

    // MARK: Events

    private static let entryMembers: [Member] = [
        .always("id", Wire.identifier, "Ours; ids sort by time."), .always("at", Wire.time, "When."),
        .always("actor", actor, "Who."), .always("action", Wire.text, "What, as a word such as task.submitted."),
        .always("words", Wire.text, "What, as a sentence without its subject."),
        .always("detail", Wire.strings, "What changed."),
        .maybe("status", Wire.text, "The task's status after it."),
    ]

    static let historyEntry = Wire.answer("HistoryEntry", entryMembers)

    static let activityEntry = Wire.answer(
        "ActivityEntry",
        entryMembers + [
            .always("object_kind", Wire.text, "What kind of thing it happened to."),
            .always("object_id", Wire.text, "Its id."), .maybe("object", Wire.text, "Its name."),
        ])

    // MARK: Deliveries

    private static let deliveryMembers: [Member] = [
        .always("id", Wire.identifier, "Ours; the receiver gets it in a header."),
        .maybe("task_id", Wire.identifier, "The task it is about."),
        .maybe("batch_id", Wire.identifier, "The batch it is about."), .maybe("batch", Wire.text, "The batch's name."),
        .always("target", Wire.text, "A URL or an e-mail address."),
        .always("kind", .enumeration(["http", "email"]), "How it travels."),
        .always("state", .enumeration(["pending", "succeeded", "failed"]), "Whether it has arrived."),
        .always("created_at", Wire.time, "Since when it is to be sent."),
        .maybe("finished_at", Wire.time, "When it arrived or was given up."),
        .maybe("next_attempt_at", Wire.time, "When it is tried next."),
        .maybe("resend_of", Wire.identifier, "The delivery whose message it sends again."),
        .maybe("resent_as", Wire.identifier, "The delivery that sends its message again."),
        .always(
            "attempts",
            Wire.list(
                of: Wire.answer(
                    "DeliveryAttempt",
                    [
                        .always("number", Wire.count, "From 1."), .always("at", Wire.time, "When."),
                        .maybe("status_code", Wire.count, "What the receiver answered."),
                        .maybe("error", Wire.text, "Why it did not arrive."),
                        .always("seconds", .number(.nonNegative), "How long it took."),
                    ])), "Every try, in order."),
    ]

    static let delivery = Wire.answer("Delivery", deliveryMembers)
    static let wholeDelivery = Wire.answer(
        "DeliveryWithBody", deliveryMembers + [.always("body_text", Wire.text, "What is sent.")])

    static let deliverySummary = Wire.answer(
        "DeliverySummary",
        [
            .always("failed", Wire.count, "Deliveries of the last 30 days that were given up and not sent again."),
            .always("pending", Wire.count, "Deliveries that are still being tried."),
            .always(
                "receivers",
                Wire.list(
                    of: Wire.answer(
                        "FailingReceiver",
                        [
                            .always("target", Wire.text, "A URL or an e-mail address."),
                            .always("failed", Wire.count, "Given up."), .always("pending", Wire.count, "Being tried."),
                            .maybe("last_error", Wire.text, "Why the last try failed."),
                            .maybe("last_status_code", Wire.count, "What it was answered."),
                            .maybe("last_at", Wire.time, "When it was."),
                        ])), "Those that fail most, at most 20."),
        ])
}
