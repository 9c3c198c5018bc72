import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// What the page of one task shows: the task itself, and its past.
struct TaskPageRoutes {
    let tasks: TaskOperations
    let links: FileLinks
    let now: @Sendable () -> Timestamp

    var endpoints: [Endpoint] { [page, history, steps, state] }

    private var page: Endpoint {
        .json(
            .get, "/api/tasks/{task}", "tasks", .permitted(.tasksRead),
            "Returns a task with its files, the work on it, verdicts, reports, and what is drawn.",
            answers: InsightShapes.taskPage
        ) { call in
            let page = try await tasks.page(call.parameter("task"), by: call.actor)
            var writer = JSONWriter(capacity: 8192)
            try page.write(to: &writer, links: links, now: now())
            return .json(writer)
        }
    }

    private var history: Endpoint {
        let limit = QueryField<Int>.integer("limit", 1...200, "The page size; 50 by default.")
        let cursor = QueryField<String>.text("cursor", "Where the page starts: the last answer's next.")
        return .json(
            .get, "/api/tasks/{task}/history", "tasks", .permitted(.tasksRead),
            "Lists what happened to a task, in words, newest first.", query: [limit, cursor],
            answers: InsightShapes.page("TaskHistory", of: InsightShapes.historyEntry, "Newest first.")
        ) { call in
            let size = try call(limit) ?? 50
            let entries = try await tasks.history(
                of: call.parameter("task"), before: try call(cursor), limit: size + 1, by: call.actor)
            return .object { writer in
                writer.array("docs") { writer in
                    entries.prefix(size).forEach { $0.write(to: &writer, naming: false) }
                }
                writer.field("next", ifPresent: entries.count > size ? entries[size - 1].id : nil)
            }
        }
    }

    private var steps: Endpoint {
        let work = QueryField<String>.required("work", "The work item.")
        let limit = QueryField<Int>.integer("limit", 1...1000, "The page size; 200 by default.")
        let cursor = QueryField<Int>.integer("cursor", 0...Int.max, "Where the page starts: the last answer's next.")
        return .json(
            .get, "/api/tasks/{task}/steps", "tasks", .permitted(.tasksRead),
            "Lists the steps of the work on an item of a task, oldest first.", query: [work, limit, cursor],
            answers: InsightShapes.page("DraftSteps", of: InsightShapes.step, "Oldest first.")
        ) { call in
            let size = try call(limit) ?? 200
            guard let work = try call(work) else { throw Issues("work", "`work` is required: the id of a work item.") }
            let steps = try await tasks.steps(
                of: call.parameter("task"), work: work, after: try call(cursor) ?? 0, limit: size + 1, by: call.actor)
            return try .object { writer in
                writer.key("docs")
                try writer.array { writer in for step in steps.prefix(size) { try step.write(to: &writer) } }
                if steps.count > size { writer.field("next", String(steps[size - 1].revision)) }
            }
        }
    }

    private var state: Endpoint {
        let at = QueryField<String>.text("at", "An event's id or an ISO 8601 time.", length: 0...64)
        let work = QueryField<String>.text("work", "A work item, in place of `at`.", length: 0...64)
        let revision = QueryField<Int>.integer(
            "revision", 0...Int.max, "After how many steps of that work; all of them by default.")
        return .json(
            .get, "/api/tasks/{task}/state", "tasks", .permitted(.tasksRead),
            "Returns a task, and what was drawn, as it was at some point.", query: [at, work, revision],
            answers: InsightShapes.state
        ) { call in
            let point: PastPoint
            switch (try call(at), try call(work)) {
            case (let at?, nil) where Identifier.isValid(at): point = .event(at)
            case (let at?, nil):
                guard let time = TimeBound(at) else {
                    throw Issues("at", "`at` must be the id of an event or an ISO 8601 time.")
                }
                point = .time(Timestamp(microseconds: time.last))
            case (nil, let work?): point = .revision(work: work, try call(revision))
            default: throw Issues("at", "Give either `at` or `work`.")
            }
            let state = try await tasks.state(of: call.parameter("task"), at: point, by: call.actor)
            var writer = JSONWriter(capacity: 4096)
            state.write(to: &writer)
            return .json(writer)
        }
    }
}
