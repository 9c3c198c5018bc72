import HTTPTypes
import Hummingbird
import JSON
import Labeling
import NIOCore
import Storage
import Work

/// The usage ledger: what was done, and what of it is billed.
struct UsageRoutes {
    let insight: InsightOperations
    let now: @Sendable () -> Timestamp

    var endpoints: [Endpoint] { [summary, lines, file] }

    private static let project = QueryField<String>.text("project", "Only this project.")
    private static let from = QueryField<TimeBound>.time("from", "Only from then on.")
    private static let to = QueryField<TimeBound>.lastTime("to", "Only until then.")
    private static let billable = QueryField<Bool>.flag("billable", "Only what is billed, or only what is not.")

    private var summary: Endpoint {
        let number = Shape.integer(0...Int.max)
        return .json(
            .get, "/api/usage", "usage", .permitted(.usageRead),
            "Sums up what was done by day and project; without bounds over the last 30 days, and over 366 at most.",
            query: [Self.project, Self.from, Self.to],
            answers: Wire.answer(
                "Usage",
                [
                    .always("from", Wire.text, "The first day."), .always("to", Wire.text, "The last day."),
                    .always("billable", number, "Completed tasks, each counted once."),
                    .always("lines", number, "All lines of the ledger."),
                    .always(
                        "by_project",
                        Wire.list(
                            of: Wire.answer(
                                "UsageShare",
                                [
                                    .always("project", .either([Wire.text, .null]), "The name; null for no project."),
                                    .always("type", Wire.text, "The task type."),
                                    .always("billable", number, "Billed."),
                                    .always("not_billable", number, "Errors, canceled tasks, repeats, test tasks."),
                                ])), "By project and type."),
                    .always(
                        "by_day",
                        Wire.list(
                            of: Wire.answer(
                                "UsageDay",
                                [
                                    .always("day", Wire.text, "In UTC."), .always("billable", number, "Billed."),
                                    .always("not_billable", number, "Not billed."),
                                ])), "One for each day, oldest first."),
                ])
        ) { call in
            let last = try call(Self.to).map { Timestamp(microseconds: $0.last).day } ?? now().day
            let first = try call(Self.from).map { Timestamp(microseconds: $0.first).day } ?? last - 29
            guard first <= last, last - first < 366 else {
                throw Issues("from", "`from` must lie before `to`, and by no more than 366 days.")
            }
            let usage = try await insight.usage(project: try call(Self.project), days: first...last, by: call.actor)
            var writer = JSONWriter(capacity: 4096)
            usage.write(to: &writer)
            return .json(writer)
        }
    }

    private static func filter(_ call: Call) throws -> UsageFilter {
        UsageFilter(
            isBillable: try call(billable), times: TimeRange(from: try call(from), through: try call(to)))
    }

    private var lines: Endpoint {
        let limit = QueryField<Int>.integer("limit", 1...500, "The page size; 100 by default.")
        let cursor = QueryField<String>.text("cursor", "Where the page starts: the last answer's next.")
        return .json(
            .get, "/api/usage/lines", "usage", .permitted(.usageRead), "Lists the ledger, newest first.",
            query: [Self.project, Self.from, Self.to, Self.billable, limit, cursor],
            answers: InsightShapes.page("UsageLines", of: Self.line, "Newest first.")
        ) { call in
            let size = try call(limit) ?? 100
            let rows = try await insight.usageLines(
                project: try call(Self.project), try Self.filter(call), beyond: try call(cursor), newestFirst: true,
                limit: size + 1, by: call.actor)
            return .object { writer in
                writer.array("docs") { writer in rows.prefix(size).forEach { $0.write(to: &writer) } }
                writer.field("next", ifPresent: rows.count > size ? rows[size - 1].line.id : nil)
            }
        }
    }

    private static let line = Wire.answer(
        "UsageLine",
        [
            .always("id", Wire.identifier, "Ours."), .always("at", Wire.time, "When the task ended."),
            .always("task_id", Wire.identifier, "The task."), .maybe("unique_id", Wire.text, "Yours."),
            .maybe("project", Wire.text, "The project's name."), .maybe("batch", Wire.text, "The batch's name."),
            .always("type", Wire.text, "The task type."),
            .always("what", .enumeration(UsageLine.What.allCases.map(\.rawValue)), "How it ended."),
            .always("billable", .bool, "Whether it is billed: completed, for the first time, not a test."),
            .always("annotations", Wire.count, "How many annotations the response has."),
        ])

    /// Lines that are read at once: about half a megabyte.
    private static let pageSize = 5000

    private var file: Endpoint {
        Endpoint(
            method: .get, path: "/api/usage.csv", group: "usage",
            summary: "Returns the ledger as a file, oldest first.", access: .permitted(.usageRead),
            query: [Self.project, Self.from, Self.to, Self.billable], body: nil,
            answer: .init(status: .ok, mediaType: "text/csv", shape: Wire.text, note: "Comma-separated values.")
        ) { call in
            let (project, filter, actor) = (try call(Self.project), try Self.filter(call), try call.actor)
            // The first page is read before the answer begins, so that what is wrong is told properly.
            let first = try await insight.usageLines(
                project: project, filter, beyond: nil, newestFirst: false, limit: Self.pageSize, by: actor)
            let headers: HTTPFields = [
                .contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"usage.csv\"",
            ]
            return Reply(
                headers: headers,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: NamedUsageLine.csvHead))
                    var page = first
                    while let last = page.last {
                        var lines = ByteBuffer()
                        for line in page { line.writeLine(to: &lines) }
                        try await writer.write(lines)
                        guard page.count == Self.pageSize else { break }
                        page = try await insight.usageLines(
                            project: project, filter, beyond: last.line.id, newestFirst: false, limit: Self.pageSize,
                            by: actor)
                    }
                    try await writer.finish(nil)
                })
        }
    }
}
