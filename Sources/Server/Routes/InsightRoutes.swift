import HTTPTypes
import Hummingbird
import JSON
import Labeling
import NIOCore
import Storage
import Work

/// How an account is doing, and who did what in it.
struct InsightRoutes {
    let insight: InsightOperations
    let feed: ChangeFeed
    let now: @Sendable () -> Timestamp

    var endpoints: [Endpoint] { [overview, activity, stream] }

    private var overview: Endpoint {
        let project = QueryField<String>.text("project", "Only this project.")
        let days = QueryField<Int>.integer("days", 1...366, "How many days up to today; 30 by default.")
        return .json(
            .get, "/api/overview", "insight", .permitted(.usageRead),
            "Counts what was done day by day, how long it took, what waits and what failed.", query: [project, days],
            answers: Self.overviewShape
        ) { call in
            let overview = try await insight.overview(
                project: try call(project), days: try call(days) ?? 30, by: call.actor)
            var writer = JSONWriter(capacity: 8192)
            overview.write(to: &writer)
            return .json(writer)
        }
    }

    private var activity: Endpoint {
        let actor = QueryField<String>.text("actor", "Only by user:<id>, key:<id> or program.")
        let kind = QueryField<String>.text("kind", "Only what happened to things of this kind, such as batch.")
        let object = QueryField<String>.text("object", "Only what happened to the thing of this id.")
        let action = QueryField<String>.text("action", "Only this, such as task.submitted.")
        let from = QueryField<TimeBound>.time("from", "Only from then on.")
        let to = QueryField<TimeBound>.lastTime("to", "Only until then.")
        let limit = QueryField<Int>.integer("limit", 1...200, "The page size; 50 by default.")
        let cursor = QueryField<String>.text("cursor", "Where the page starts: the last answer's next.")
        return .json(
            .get, "/api/activity", "insight", .permitted(.eventsRead), "Lists who did what, newest first.",
            query: [actor, kind, object, action, from, to, limit, cursor],
            answers: InsightShapes.page("Activity", of: InsightShapes.activityEntry, "Newest first.")
        ) { call in
            let size = try call(limit) ?? 50
            let filter = EventFilter(
                actor: try call(actor), objectKind: try call(kind), objectID: try call(object),
                action: try call(action), times: TimeRange(from: try call(from), through: try call(to)))
            let entries = try await insight.activity(
                filter, before: try call(cursor), limit: size + 1, by: call.actor)
            return .object { writer in
                writer.array("docs") { writer in
                    entries.prefix(size).forEach { $0.write(to: &writer, naming: true) }
                }
                writer.field("next", ifPresent: entries.count > size ? entries[size - 1].id : nil)
            }
        }
    }

    // MARK: Watching

    /// How long a connection lasts; who watches comes back and shows again who they are.
    private static let lifeSeconds = 300

    private var stream: Endpoint {
        let after = QueryField<String>.text(
            "after", "The last event seen, like the header Last-Event-ID.", length: 0...64)
        let kinds = QueryField<[String]>.list("kind", "Only what happens to things of these kinds.", atMost: 10)
        let object = QueryField<String>.text("object", "Only what happens to the thing of this id.", length: 0...64)
        let seconds = QueryField<Int>.integer(
            "seconds", 0...Self.lifeSeconds,
            "How long to watch; 300 by default. With 0 it ends after what happened since `after`.")
        return Endpoint(
            method: .get, path: "/api/events/stream", group: "insight",
            summary:
                "Tells what happens as it happens: server-sent events `change`, and `many` when there are too many to "
                + "name. An event may come twice; go by its id.",
            access: .permitted(.eventsRead), query: [after, kinds, object, seconds], body: nil,
            answer: .init(
                status: .ok, mediaType: "text/event-stream", shape: Wire.text,
                note: "Events with id, at, action, object_kind, object_id and actor.")
        ) { call in
            let last = try call(after) ?? Self.lastEvent.flatMap { call.request.headers[$0] }
            let filter = FeedItem.Filter(kinds: Set(try call(kinds) ?? []), object: try call(object))
            let life = try call(seconds) ?? Self.lifeSeconds
            let watch = try await feed.watch(
                after: last.flatMap { Identifier.isValid($0) ? $0 : nil }, by: call.actor)
            if life == 0 { watch.end() }
            var headers: HTTPFields = [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"]
            // Proxies that collect answers would hold these up.
            if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
            let end = now().adding(seconds: Double(life))
            return Reply(
                headers: headers,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                    try await watch.tell(filter, until: end, now: now) { text in
                        try await writer.write(ByteBuffer(string: text))
                    }
                    try await writer.finish(nil)
                })
        }
    }

    private static let lastEvent = HTTPField.Name("Last-Event-ID")

    // MARK: Shapes

    private static let counts = Wire.answer(
        "TaskCounts",
        [
            .always("pending", Wire.count, "Not yet done."), .always("completed", Wire.count, "Done."),
            .always("canceled", Wire.count, "Called off."), .always("error", Wire.count, "Failed."),
            .always("total", Wire.count, "All."),
        ])

    private static func sums(_ name: String, _ member: FieldName) -> Shape {
        Wire.list(
            of: Wire.answer(name, [.always(member, Wire.text, "What."), .always("n", Wire.count, "How often.")]))
    }

    private static let seconds = Shape.number(.nonNegative)

    private static let overviewShape = Wire.answer(
        "Overview",
        [
            .always("as_of", Wire.time, "When it was read."),
            .always("complete", .bool, "False while some of the log is still to be counted."),
            .always("counts", counts, "Tasks by status, now."),
            .always(
                "days",
                Wire.list(
                    of: Wire.answer(
                        "OverviewDay",
                        [
                            .always("day", Wire.text, "In UTC, as 2024-01-31."),
                            .always("created", Wire.count, "Tasks made."),
                            .always("completed", Wire.count, "Tasks completed."),
                            .always("canceled", Wire.count, "Tasks called off."),
                            .always("error", Wire.count, "Tasks that failed."),
                            .always("reopened", Wire.count, "Completed tasks sent back to work."),
                            .always("n_seconds", Wire.count, "Completed tasks whose time is known."),
                            .maybe("median_seconds", seconds, "The median of their times."),
                        ])), "One for each day, oldest first."),
            .always(
                "time_per_task",
                Wire.answer(
                    "TimePerTask",
                    [
                        .always("n", Wire.count, "Completed tasks whose time is known."),
                        .maybe("median_seconds", seconds, "To within a tenth."),
                        .maybe("p90_seconds", seconds, "What nine of ten tasks stay below; to within a tenth."),
                        .always(
                            "buckets",
                            Wire.list(
                                of: Wire.answer(
                                    "TimeBucket",
                                    [
                                        .always("from", seconds, "Seconds, included."),
                                        .always("to", seconds, "Seconds, not included."),
                                        .always("n", Wire.count, "Tasks."),
                                    ])), "Spans of time that have tasks."),
                    ]), "Seconds of work on completed tasks, without pauses of over five minutes."),
            .always(
                "queue",
                Wire.answer(
                    "QueueAge",
                    [
                        .always("pending", Wire.count, "Tasks not yet done."),
                        .maybe("oldest_at", Wire.time, "When the oldest of them was made."),
                        .always(
                            "ages",
                            Wire.list(
                                of: Wire.answer(
                                    "AgeSpan",
                                    [
                                        .always("up_to_days", .either([Wire.count, .null]), "Days; null for older."),
                                        .always("n", Wire.count, "Tasks."),
                                    ])), "Spans of days, youngest first."),
                    ]), "How long tasks have waited."),
            .always("errors", sums("ErrorCause", "cause"), "Why tasks failed, the most frequent first."),
            .always(
                "audits",
                Wire.answer(
                    "AuditCounts",
                    [
                        .always("accepted", Wire.count, "Accepted."), .always("rejected", Wire.count, "Rejected."),
                        .always("fixed", Wire.count, "Put right."), .always("commented", Wire.count, "Commented on."),
                    ]), "Verdicts of customers."),
            .always("reviews", sums("ReviewResult", "result"), "Results of reviews."),
            .always("reports", sums("ReportCount", "kind"), "What labelers found wrong."),
            .maybe(
                "projects",
                Wire.list(
                    of: Wire.answer(
                        "ProjectProgress",
                        [
                            .always("id", Wire.identifier, "Ours."), .always("name", Wire.text, "The name."),
                            .always("counts", counts, "Its tasks by status."),
                            .always("completed_7_days", Wire.count, "Completed in the last seven days."),
                            .maybe("last_completed_day", Wire.text, "The last of these days with a completed task."),
                        ])), "The newest projects, at most 100; left out where one was asked for."),
        ])
}
