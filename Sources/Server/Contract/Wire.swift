import JSON

/// A member of an answer: described, never read.
struct Member: FieldDeclaration {
    let name: FieldName
    let shape: Shape
    let note: String
    let isRequired: Bool
    var defaultText: String? { nil }

    /// A member that every answer of this kind has.
    static func always(_ name: FieldName, _ shape: Shape, _ note: String) -> Member {
        Member(name: name, shape: shape, note: note, isRequired: true)
    }

    /// A member that is left out when there is nothing to say.
    static func maybe(_ name: FieldName, _ shape: Shape, _ note: String) -> Member {
        Member(name: name, shape: shape, note: note, isRequired: false)
    }
}

/// The forms of what the server answers, as the contract shows them.
enum Wire {
    static let text = Shape.string(length: 0...1_000_000, format: nil)
    static let time = Shape.string(length: 20...30, format: "date-time")
    static let identifier = Shape.string(length: 24...24, format: nil)
    static let count = Shape.integer(0...Int.max)
    static let object = Shape.object("", fields: [], open: .any)
    static let strings = Shape.array(of: text, count: 0...100_000)

    static func answer(_ name: String, _ members: [Member]) -> Shape {
        .object(name, fields: members, open: nil)
    }

    static func list(of shape: Shape) -> Shape { .array(of: shape, count: 0...100_000) }

    static let empty = answer("Done", [])

    static let error = Shape.object(
        "Error",
        fields: [
            Member.always("status_code", .integer(400...599), "The HTTP status."),
            Member.always("error", text, "One sentence: what is wrong, where, and what to do."),
            Member.maybe(
                "issues",
                list(
                    of: answer(
                        "Issue",
                        [
                            .always("path", text, "Where, such as geometries.box.min_height."),
                            .always("message", text, "What is wrong there."),
                            .maybe("key", text, "The object of a draft that it concerns."),
                        ])), "Everything that is wrong with the request."),
        ], open: nil)

    static let audit = answer(
        "Audit",
        [
            .always("audited_by", text, "Who."),
            .always("audited_at", time, "When."),
            .maybe("audit_time_secs", .number(.nonNegative), "How long it took."),
            .maybe("audit_active_time_secs", .number(.nonNegative), "How much of that something was done."),
            .maybe("comments", text, "Why, where verdicts stand by themselves."),
            .always("audit_result", .enumeration(["accepted", "rejected", "fixed", "commented"]), "The verdict."),
            .always("audit_source", .enumeration(["customer"]), "On whose behalf."),
        ])

    static let task = answer(
        "Task",
        [
            .always("task_id", identifier, "Ours, 24 hex digits."),
            .always("created_at", time, "When it was created."),
            .maybe("updated_at", time, "When it last changed."),
            .maybe("completed_at", time, "When it was completed."),
            .maybe("callback_url", text, "Where the answer is sent: a URL or an e-mail address."),
            .always("type", text, "The task type."),
            .always("status", .enumeration(["pending", "completed", "canceled", "error"]), "Where it stands."),
            .maybe("instruction", text, "What to do, in Markdown."),
            .always("params", object, "The parameters of the type, merged with those of the project."),
            .always("is_test", .bool, "Made with a test key."),
            .always("urgency", .enumeration(["standard"]), "Constant, for old clients."),
            .always("metadata", object, "Yours, never interpreted."),
            .maybe("project", text, "The project's name."),
            .maybe("projectId", identifier, "The project's id."),
            .maybe("batch", text, "The batch's name."),
            .maybe("project_param_version", .integer(-1...Int.max), "The version of the project's parameters in use."),
            .maybe("unique_id", text, "Yours, unique in the account."),
            .maybe("tags", strings, "Yours, in the order given."),
            .maybe("priority", .integer(0...30), "10, 20 or 30; 0 when unset."),
            .maybe("work_started", .bool, "Whether somebody has begun to label it."),
            .maybe("callback_succeeded", .bool, "Whether the last answer was delivered."),
            .maybe("callback_completed", .bool, "The newer name of callback_succeeded."),
            .always("processed_attachments", list(of: .any), "Always empty, for old clients."),
            .maybe("document_pages", list(of: object), "The sizes of a document's pages."),
            .maybe("attachmentS3Downloads", list(of: object), "Expiring links to our copies, when asked for."),
            .maybe("response", object, "The answer, or what went wrong."),
            .maybe("prior_responses", list(of: object), "Earlier responses, oldest first, if it was worked on again."),
            .maybe(
                "customer_review_status", .enumeration(["accepted", "fixed", "commented", "rejected", "pending"]),
                "The last verdict."),
            .maybe("customer_review_comments", strings, "One a verdict."),
            .maybe("customer_reviewed_by", text, "Who gave the last verdict."),
            .maybe("customer_audited_at", time, "When the last verdict was given."),
            .maybe("audits", list(of: audit), "All verdicts, newest first."),
        ])

    static let limitedTask = answer(
        "LimitedTask",
        [
            .always("task_id", identifier, "Ours."),
            .always("status", .enumeration(["pending", "completed", "canceled", "error"]), "Where it stands."),
            .always("metadata", object, "Yours."),
            .maybe("project", text, "The project's name."),
        ])

    static let taskPage = answer(
        "TaskPage",
        [
            .always("docs", list(of: .either([task, limitedTask])), "The tasks, newest first."),
            .always("total", count, "How many match in all."),
            .always("limit", count, "The page size in effect."),
            .always("offset", count, "How many were passed over."),
            .always("has_more", .bool, "Whether a page follows."),
            .maybe("next_token", text, "Where the next page starts."),
        ])

    static let batch = answer(
        "Batch",
        [
            .always("id", identifier, "Ours."),
            .always("project", text, "The project's name."),
            .always("name", text, "Unique in the account."),
            .always("callback", text, "Where the end of the batch is told; empty for nowhere."),
            .always("status", .enumeration(["staging", "in_progress", "completed"]), "Where it stands."),
            .always("created_at", time, "When it was created."),
            .maybe("completed_at", time, "When its last task was done."),
            .always("metadata", object, "Yours."),
            .always("calibration_batch", .bool, "A batch to calibrate the project with."),
            .always("self_label_batch", .bool, "A batch for the team itself."),
            .maybe("priority", .integer(10...30), "Higher first."),
        ])

    static let batchStatus = answer(
        "BatchStatus",
        [
            .always("status", .enumeration(["staging", "in_progress", "completed"]), "Where it stands."),
            .maybe("pending", count, "Tasks not yet done."),
            .maybe("completed", count, "Tasks done."),
            .maybe("error", count, "Tasks that failed."),
            .maybe("canceled", count, "Tasks called off."),
        ])

    static let batchPage = answer(
        "BatchPage",
        [
            .always("docs", list(of: batch), "The batches, newest first."),
            .always("totalDocs", count, "How many match in all."),
            .always("total", count, "The same, for other clients."),
            .always("limit", count, "The page size in effect."),
            .always("offset", count, "How many were passed over."),
            .always("has_more", .bool, "Whether a page follows."),
            .always("totalPages", count, "Pages in all."),
            .always("page", count, "This page, from 1."),
            .always("pagingCounter", count, "The number of the first batch of this page, from 1."),
            .always("hasPrevPage", .bool, "Whether a page comes before."),
            .always("hasNextPage", .bool, "Whether a page follows."),
            .always("prevPage", .either([count, .null]), "Its number."),
            .always("nextPage", .either([count, .null]), "Its number."),
        ])

    static let project = answer(
        "Project",
        [
            .always("id", identifier, "Ours."),
            .always("type", text, "The task type of all its tasks."),
            .always("name", text, "Unique in the account."),
            .always("created_at", time, "When it was created."),
            .always("param_history", list(of: object), "The versions of its parameters, oldest first."),
            .always("ontologyHistory", list(of: object), "The versions of its ontology, oldest first."),
            .maybe("projectType", .enumeration(["standard", "rapid", "studio"]), "The product."),
            .maybe("pipelineName", text, "How answers come about."),
            .maybe("numConsensus", count, "Answers merged into one."),
            .maybe("datasetId", text, "The dataset it feeds."),
            .always("archived", .bool, "Put away."),
        ])

    static let template = answer(
        "TaskTemplate",
        [
            .always("id", identifier, "Ours."),
            .always("version", count, "Its version."),
            .always("created_at", time, "When."),
            .always("updated_at", time, "When it last changed."),
            .always("template_variables", object, "What a task must give."),
        ])

    static let file = answer(
        "File",
        [
            .always("id", .string(length: 36...36, format: "uuid"), "Ours."),
            .always("attachment_url", text, "What a task names as its attachment."),
            .always("mime_type", text, "What the bytes are."),
            .always("size", count, "In bytes."),
            .always("project_names", strings, "The projects it was sent for."),
            .always("created_at", time, "When."),
            .always("updated_at", time, "When it last changed."),
            .maybe("display_name", text, "For people."),
            .maybe("reference_id", text, "Yours, unique in the account."),
            .maybe("metadata", object, "Yours."),
        ])

    static let filePage = answer(
        "FilePage",
        [
            .always("docs", list(of: file), "The files, newest first."),
            .always("has_more", .bool, "Whether a page follows."),
            .maybe("next_token", text, "Where the next page starts."),
        ])

    static let qualityTask = answer(
        "QualityTask",
        [
            .always("id", identifier, "Ours."),
            .always("kind", .enumeration(["evaluation", "training"]), "What it is for."),
            .always("type", text, "The task type."),
            .always("created_at", time, "When."),
            .maybe("project", text, "The project's name."),
            .always("params", object, "The parameters."),
            .always("expected_response", object, "The right answer."),
            .maybe("initial_response", object, "What a reviewer starts from."),
        ])

    static let qualityPage = answer(
        "QualityTaskPage",
        [
            .always("docs", list(of: qualityTask), "The tasks, newest first."),
            .always("has_more", .bool, "Whether a page follows."),
            .maybe("next_token", text, "Where the next page starts."),
        ])

    static let teammate = answer(
        "Teammate",
        [
            .always("email", text, "Who."),
            .always(
                "role", .enumeration(["admin", "manager", "member", "labeler", "invited", "disabled"]), "May do what."),
            .maybe("firstName", text, "The given name."),
            .maybe("lastName", text, "The family name."),
            .maybe("company", text, "The company."),
            .always("isStudioLabeler", .bool, "Labels only."),
            .always("disableRapidEmails", .bool, "Wants no mail."),
            .maybe("expiry", time, "When the invitation lapses."),
        ])

    static let assignments = Shape.object("Assignments", fields: [], open: strings)

    static let group = answer(
        "Group",
        [
            .always("id", identifier, "Ours."),
            .always("name", text, "Unique in the project."),
            .always("numWorkers", count, "How many people."),
            .always("isSingleton", .bool, "Stands for one person."),
            .always(
                "workers",
                list(of: answer("Worker", [.always("id", identifier, "Ours."), .always("email", text, "Who.")])), "Who."
            ),
        ])

    static let studioBatch = answer(
        "StudioBatch",
        [
            .always("id", identifier, "Ours."),
            .always("name", text, "The batch's name."),
            .always("projectId", identifier, "The project's id."),
            .always("projectName", text, "The project's name."),
            .always("batchType", .enumeration(["Production", "Calibration", "SelfLabel"]), "The kind."),
            .maybe("studioPriority", count, "Its place, from 1."),
            .always("total", count, "Tasks in it."),
            .always("completed", count, "Tasks done."),
            .always("groups", strings, "Who works on it."),
        ])
}
