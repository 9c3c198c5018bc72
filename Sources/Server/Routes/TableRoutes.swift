import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// The table of tasks: every filter, words, orders, pictures with what was drawn.
struct TableRoutes {
    let tasks: TaskOperations
    let links: FileLinks
    let now: @Sendable () -> Timestamp

    var endpoints: [Endpoint] { [list, tags] }

    private static let sort = QueryField<String>.oneOf(
        "sort", TaskOrder.words,
        "The order; a minus puts the last first. Newest first by default. By completed_at or unique_id, only tasks with one."
    )
    private static let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 50 by default.")
    private static let cursor = QueryField<String>.text(
        "cursor", "Where the page starts: the last answer's next, with the same filter and order.", length: 0...4000)
    private static let total = QueryField<Bool>.flag("total", "Whether to count all that match; true by default.")
    private static let exact = QueryField<Bool>.flag(
        "exact", "Whether to count to the end, however long it takes; false by default.")

    private static let shape = Wire.answer(
        "TaskTable",
        [
            .always("tasks", Wire.list(of: TableWire.task), "The tasks, in the order asked for."),
            .maybe("total", Wire.count, "How many match in all, or at least."),
            .maybe("total_exact", .bool, "Whether it is all; of very many matches counting stops before the end."),
            .always("next", .either([Wire.text, .null]), "Where the next page starts; null at the end."),
        ])

    private var list: Endpoint {
        .json(
            .get, "/api/tasks", "tables", .permitted(.tasksRead),
            "Lists tasks for a table, with pictures and what was drawn in them.",
            query: TaskFilterFields.all + [Self.sort, Self.limit, Self.cursor, Self.total, Self.exact],
            answers: Self.shape
        ) { call in
            var listing = try TaskFilterFields.listing(call)
            listing.limit = try call(Self.limit) ?? 50
            let order = try call(Self.sort).flatMap { TaskOrder(word: $0) } ?? .newestFirst
            var position: TaskPosition?
            if let token = try call(Self.cursor) {
                position = TaskPosition(token: token)
                guard position?.order == order else {
                    throw Issues("cursor", "`cursor` must be the `next` of an answer in the same order.")
                }
            }
            let counting: TaskCounting =
                if try call(Self.total) == false { .not } else if try call(Self.exact) == true { .exact } else {
                    .quick
                }
            let page = try await tasks.table(listing, order: order, after: position, counting, by: call.actor)
            let now = now()
            var writer = JSONWriter(capacity: 2048 * max(1, page.tasks.count))
            writer.object { writer in
                writer.array("tasks") { writer in
                    for task in page.tasks { task.write(to: &writer, links: links, now: now) }
                }
                if let total = page.total {
                    writer.field("total", total.count)
                    writer.field("total_exact", total.isExact)
                }
                writer.key("next")
                if let next = page.next { writer.value(next.token) } else { writer.null() }
            }
            return .json(writer)
        }
    }

    private static let prefix = QueryField<String>.text("prefix", "How the tags begin.", length: 0...100)
    private static let tagLimit = QueryField<Int>.integer("limit", 1...100, "The most tags; 20 by default.")

    private var tags: Endpoint {
        .json(
            .get, "/api/tasks/tags", "tables", .permitted(.tasksRead), "Lists tags that tasks have, to choose from.",
            query: [Self.prefix, Self.tagLimit],
            answers: Wire.answer("TaskTags", [.always("tags", Wire.strings, "In the order of the alphabet.")])
        ) { call in
            let found = try await tasks.tags(
                startingWith: try call(Self.prefix) ?? "", limit: try call(Self.tagLimit) ?? 20, by: call.actor)
            return .object { $0.array("tags") { writer in found.forEach { writer.value($0) } } }
        }
    }
}

/// The forms of what tables of tasks answer.
enum TableWire {
    static let maybeText = Shape.either([Wire.text, .null])
    static let maybeTime = Shape.either([Wire.time, .null])

    private static let thumbnail = Wire.answer(
        "TaskThumbnail",
        [
            .always("url", Wire.text, "A signed path on this server, which expires."),
            .always("width", Wire.count, "Of the picture itself, in pixels."),
            .always("height", Wire.count, "Of the picture itself, in pixels."),
        ])

    private static let drawn = Wire.answer(
        "DrawnShape",
        [
            .always("type", Wire.text, "The geometry."),
            .always("label", maybeText, "The label."),
            .always("points", Wire.list(of: .number(.any)), "Corners in pixels of the picture, x and y in turn."),
        ])

    static let task = Wire.answer(
        "TableTask",
        [
            .always("task_id", Wire.identifier, "Ours."),
            .always("unique_id", maybeText, "Yours."),
            .always("type", Wire.text, "The task type."),
            .always("status", .enumeration(TaskRow.Status.allCases.map(\.rawValue)), "Where it stands."),
            .always("stage", .enumeration(TaskRow.Stage.allCases.map(\.rawValue)), "Where it is on its way."),
            .always("project", maybeText, "The project's name."),
            .always("batch", maybeText, "The batch's name."),
            .always("priority", .integer(0...30), "10, 20 or 30; 0 when unset."),
            .always("tags", Wire.strings, "Yours, in the order given."),
            .always("metadata", Wire.object, "Yours."),
            .always("created_at", Wire.time, "When it was created."),
            .always("updated_at", Wire.time, "When it last changed."),
            .always("started_at", maybeTime, "When somebody began."),
            .always("completed_at", maybeTime, "When it was completed."),
            .always("customer_review_status", maybeText, "The last verdict."),
            .always("callback_succeeded", .either([.bool, .null]), "Whether the last answer was delivered."),
            .always("is_test", .bool, "Made with a test key."),
            .always("error", maybeText, "Why it failed."),
            .always("attachments", Wire.count, "How many files it has."),
            .always("thumbnail", .either([thumbnail, .null]), "A small picture of it."),
            .always("shapes", Wire.list(of: drawn), "What was drawn, thinned out for a small picture."),
            .always(
                "shape_count", .either([Wire.count, .null]),
                "How many shapes there are; null where too many to look at."),
        ])
}
