import HTTPTypes
import Hummingbird
import JSON
import Labeling
import Storage
import Work

/// The tasks of the annotation API.
struct TaskRoutes {
    let tasks: TaskOperations

    var endpoints: [Endpoint] {
        TaskTypes.all.flatMap(create) + [
            unknownType.unlisted, list, show, cancel, audit, setUniqueID, clearUniqueID, setMetadata,
        ]
            + tags + resend + [responseFile]
    }

    // MARK: Creation

    static let idempotencyKey = HTTPField.Name("Idempotency-Key")

    /// One endpoint a name of a type, so that the contract shows each with its own parameters.
    private func create(_ type: any TaskType) -> [Endpoint] {
        ([type.name] + type.aliases).map { name in
            Endpoint(
                method: .post, path: "/v1/task/\(name)", group: "tasks", summary: type.summary,
                access: .permitted(.tasksWrite), query: [],
                body: .init(
                    mediaType: "application/json", shape: TaskShape.request(type, name: name), isRequired: true,
                    limit: Call.bodyLimit),
                answer: .init(status: .ok, mediaType: "application/json", shape: Wire.task, note: "The new task.")
            ) { call in
                let body = try await call.bytes()
                let key = Self.idempotencyKey.flatMap { call.request.headers[$0] }
                if let key, !(1...255).contains(key.utf8.count) {
                    throw Issues("Idempotency-Key", "`Idempotency-Key` must have 1 to 255 characters.")
                }
                let row = try await tasks.create(type, body: body, idempotencyKey: key, by: call.actor)
                return try reply(TaskWithExtras(row: row, extras: TaskExtras(isTest: call.actor.realm.isTest)))
            }
        }
    }

    private var unknownType: Endpoint {
        .json(
            .post, "/v1/task/{task}", "tasks", .permitted(.tasksWrite), "Refuses a task type that does not exist.",
            answers: Wire.task
        ) { call in
            let names = TaskTypes.all.map(\.name).joined(separator: ", ")
            throw Refusal(
                .invalid,
                "\(JSONWriter.quoted(call.parameter("task"))) is not an enabled task type. Use one of \(names).")
        }
    }

    // MARK: Reading

    private var show: Endpoint {
        .json(.get, "/v1/task/{task}", "tasks", .permitted(.tasksRead), "Returns a task.", answers: Wire.task) { call in
            try reply(try await tasks.task(call.parameter("task"), by: call.actor))
        }
    }

    private enum Filter {
        static let project = QueryField<String>.text("project", "A project's name.")
        static let batch = QueryField<String>.text("batch", "A batch's name.")
        static let type = QueryField<String>.text("type", "A task type.")
        static let status = QueryField<String>.oneOf(
            "status", ["pending", "completed", "canceled", "error"], "Where the tasks stand.")
        static let startTime = QueryField<TimeBound>.time("start_time", "The earliest time of creation.")
        static let endTime = QueryField<TimeBound>.time("end_time", "The latest time of creation.")
        static let completedAfter = QueryField<TimeBound>.time("completed_after", "The earliest time of completion.")
        static let completedBefore = QueryField<TimeBound>.time("completed_before", "The latest time of completion.")
        static let updatedAfter = QueryField<TimeBound>.time("updated_after", "The earliest time of the last change.")
        static let updatedBefore = QueryField<TimeBound>.time("updated_before", "The latest time of the last change.")
        static let review = QueryField<[String]>.words(
            "customer_review_status", ["accepted", "fixed", "commented", "rejected", "pending"],
            "Verdicts, separated by commas.")
        static let uniqueID = QueryField<[String]>.list("unique_id", "Any of these unique ids.")
        static let tags = QueryField<[String]>.list("tags", "Any of these tags.")
        static let links = QueryField<Bool>.flag(
            "include_attachment_url", "Adds expiring links to our copies of the attachments.")
        static let limited = QueryField<Bool>.flag("limited_response", "Answers the few members that lists need.")
        static let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 100 by default.")
        static let offset = QueryField<Int>.integer("offset", 0...1_000_000_000, "Deprecated; use next_token.")
        static let token = QueryField<String>.text("next_token", "Where the page starts: the last answer's next_token.")

        static let all: [any QueryDeclaration] = [
            project, batch, type, status, startTime, endTime, completedAfter, completedBefore, updatedAfter,
            updatedBefore, review, uniqueID, tags, links, limited, limit, offset, token,
        ]
    }

    private var list: Endpoint {
        .json(
            .get, "/v1/tasks", "tasks", .permitted(.tasksRead), "Lists tasks, newest first.", query: Filter.all,
            answers: Wire.taskPage
        ) { call in
            let listing = try listing(call)
            let page = try await tasks.list(listing, links: try call(Filter.links) ?? false, by: call.actor)
            let isLimited = try call(Filter.limited) ?? false
            var writer = JSONWriter(capacity: 4096 * max(1, page.tasks.count))
            writer.object { writer in
                writer.array("docs") { writer in
                    for task in page.tasks {
                        if isLimited {
                            task.row.writeLimited(to: &writer)
                        } else {
                            task.row.write(to: &writer, task.extras)
                        }
                    }
                }
                writer.field("total", page.total)
                writer.field("limit", listing.limit)
                writer.field("offset", listing.offset)
                writer.field("has_more", page.next != nil)
                writer.field("next_token", ifPresent: page.next?.token)
            }
            return .json(writer)
        }
    }

    private func listing(_ call: Call) throws -> TaskListing {
        var listing = TaskListing()
        listing.project = try call(Filter.project)
        listing.batch = try call(Filter.batch)
        listing.filter.type = try call(Filter.type)
        listing.filter.status = try call(Filter.status).flatMap { TaskRow.Status(rawValue: $0) }
        listing.filter.created = .between(try call(Filter.startTime), try call(Filter.endTime))
        listing.filter.completed = .between(try call(Filter.completedAfter), try call(Filter.completedBefore))
        listing.filter.updated = .between(try call(Filter.updatedAfter), try call(Filter.updatedBefore))
        listing.filter.reviews = (try call(Filter.review) ?? []).compactMap { TaskRow.ReviewStatus(rawValue: $0) }
        listing.filter.uniqueIDs = try call(Filter.uniqueID) ?? []
        listing.filter.tags = try call(Filter.tags) ?? []
        listing.limit = try call(Filter.limit) ?? 100
        listing.offset = try call(Filter.offset) ?? 0
        if let token = try call(Filter.token) {
            guard let cursor = TaskCursor(token: token) else {
                throw Issues("next_token", "`next_token` is not a token of ours; repeat the one of the last answer.")
            }
            listing.after = cursor
        }
        return listing
    }

    // MARK: Changes

    private func change(
        _ method: HTTPRequest.Method, _ path: String, _ permission: Permission, _ summary: String,
        query: [any QueryDeclaration] = [], _ run: @escaping @Sendable (Call) async throws -> TaskRow
    ) -> Endpoint {
        .json(method, path, "tasks", .permitted(permission), summary, query: query, answers: Wire.task) { call in
            try reply(try await tasks.withExtras(try await run(call), by: call.actor))
        }
    }

    private func change<Body: Sendable>(
        _ method: HTTPRequest.Method, _ path: String, _ permission: Permission, _ summary: String,
        body: Schema<Body>, empty: String?, _ run: @escaping @Sendable (Call, Body) async throws -> TaskRow
    ) -> Endpoint {
        .json(
            method, path, "tasks", .permitted(permission), summary, body: body, empty: empty, answers: Wire.task
        ) { call, body in
            try reply(try await tasks.withExtras(try await run(call, body), by: call.actor))
        }
    }

    private var cancel: Endpoint {
        let clear = QueryField<Bool>.flag("clear_unique_id", "Gives the unique_id back as well.")
        return change(
            .post, "/v1/task/{task}/cancel", .tasksWrite, "Calls a task off that nobody has started.", query: [clear]
        ) { call in
            try await tasks.cancel(call.parameter("task"), clearUniqueID: try call(clear) ?? false, by: call.actor)
        }
    }

    private static let accepted = RequiredField("accepted", .bool, "Whether the response is right.")
    private static let comments = OptionalField("comments", .string(length: 0...10_000), "Why.")
    private static let verdict = Schema<Verdict>.object("Verdict", [accepted, comments], unknown: .ignore) { object in
        guard let accepted = object(Self.accepted) else { return nil }
        return Verdict(accepted: accepted, comments: object(Self.comments))
    }

    private var audit: Endpoint {
        change(
            .post, "/v1/task/{task}/audit", .tasksAudit, "Accepts or rejects a completed task.", body: Self.verdict,
            empty: "{}"
        ) { call, verdict in
            try await tasks.audit(call.parameter("task"), verdict, by: call.actor)
        }
    }

    private static let uniqueID = RequiredField("unique_id", .string(length: 1...1000), "The new one.")
    private static let uniqueIDBody = Schema<String>.object("UniqueID", [uniqueID], unknown: .ignore) {
        $0(Self.uniqueID)
    }

    private var setUniqueID: Endpoint {
        change(
            .post, "/v1/task/{task}/unique_id", .tasksWrite, "Gives a task a unique_id.", body: Self.uniqueIDBody,
            empty: "{}"
        ) { call, uniqueID in
            try await tasks.setUniqueID(call.parameter("task"), uniqueID, by: call.actor)
        }
    }

    private var clearUniqueID: Endpoint {
        change(.delete, "/v1/task/{task}/unique_id", .tasksWrite, "Takes a task's unique_id away.") { call in
            try await tasks.clearUniqueID(call.parameter("task"), by: call.actor)
        }
    }

    private var setMetadata: Endpoint {
        change(
            .post, "/v1/task/{task}/setMetadata", .tasksWrite, "Replaces a task's metadata.",
            body: .anyObject(bytes: 10 * 1024), empty: "{}"
        ) { call, metadata in
            try await tasks.setMetadata(call.parameter("task"), metadata, by: call.actor)
        }
    }

    private var tags: [Endpoint] {
        let changes: [(HTTPRequest.Method, TaskOperations.TagChange, String)] = [
            (.post, .replace, "Replaces a task's tags."), (.put, .add, "Adds tags to a task."),
            (.delete, .remove, "Removes tags from a task."),
        ]
        return changes.map { method, kind, summary in
            change(
                method, "/v1/task/{task}/tags", .tasksWrite, summary, body: TaskCommon.tagList, empty: "[]"
            ) { call, tags in
                try await tasks.changeTags(call.parameter("task"), kind, tags, by: call.actor)
            }
        }
    }

    /// Two spellings are known of it; the contract shows one.
    private var resend: [Endpoint] {
        ["send_callback", "send-callback"].map { name in
            let endpoint = change(
                .post, "/v1/task/{task}/\(name)", .deliveriesResend, "Sends the callback of a finished task again."
            ) { call in
                try await tasks.resend(call.parameter("task"), by: call.actor)
            }
            return name == "send_callback" ? endpoint : endpoint.unlisted
        }
    }

    private var responseFile: Endpoint {
        .json(
            .get, "/v1/task/{task}/response_url/{file}", "tasks", .permitted(.tasksRead),
            "Returns a finished task's response as a file.", answers: Wire.object
        ) { call in
            let response = try await tasks.response(of: call.parameter("task"), by: call.actor)
            return .text(response, type: "application/json")
        }
    }

    private func reply(_ task: TaskWithExtras) throws -> Reply {
        var writer = JSONWriter(capacity: 2048 + task.row.params.utf8.count)
        task.row.write(to: &writer, task.extras)
        return .json(writer)
    }
}

/// The form of a create request: the members of every task and those of the type.
enum TaskShape {
    static func request(_ type: any TaskType, name: String, extra: [any FieldDeclaration] = []) -> Shape {
        guard case .object(_, let fields, let open) = type.shape else { return .any }
        let own = fields.map { Inheritable(field: $0) as any FieldDeclaration }
        return .object("Create_\(name)", fields: own + extra + TaskCommon.fields, open: open ?? .any)
    }

    /// A member that a request may lack, since the project may give it.
    private struct Inheritable: FieldDeclaration {
        let field: any FieldDeclaration
        var name: FieldName { field.name }
        var shape: Shape { field.shape }
        var note: String { field.note }
        var isRequired: Bool { false }
        var defaultText: String? { field.defaultText }
    }
}

extension TaskType {
    /// The form of the type's parameters.
    fileprivate var shape: Shape { schema.shape }
}
