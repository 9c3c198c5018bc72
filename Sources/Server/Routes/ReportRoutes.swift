import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// What people do with work they cannot finish, and what they are shown of the work to come.
struct ReportRoutes {
    let work: WorkOperations
    let links: FileLinks
    let now: @Sendable () -> Timestamp

    var endpoints: [Endpoint] { [upcoming, skip, report, list] }

    private static let lease = RequiredField("lease", .string(length: 1...200), "The token of the claim.")

    // MARK: Passing on

    private struct Skip: Sendable {
        let lease: String
        let reason: String
    }

    private static let reason = RequiredField("reason", .string(length: 1...500), "Why, for the team.")
    private static let skipBody = Schema<Skip>.object("Skip", [lease, reason]) { object in
        let lease = object(Self.lease)
        let reason = object(Self.reason)
        guard let lease, let reason else { return nil }
        return Skip(lease: lease, reason: reason)
    }

    private var skip: Endpoint {
        .json(
            .post, "/api/work/{work}/skip", "work", .person(.workTake),
            "Gives a work item back for good: the queue hands it to others.", body: Self.skipBody, empty: nil,
            answers: Wire.empty
        ) { call, body in
            try await work.skip(call.parameter("work"), lease: body.lease, reason: body.reason, by: call.actor)
            return .object { _ in }
        }
    }

    // MARK: Reporting

    private struct Report: Sendable {
        let lease: String
        let kind: ReportRow.Kind
        let message: String
    }

    private static let kind = RequiredField("kind", .cases as Schema<ReportRow.Kind>, "What is wrong.")
    private static let message = RequiredField(
        "message", .string(length: 0...2000), "More about it; required for other.")
    private static let reportBody = Schema<Report>.object("Report", [lease, kind, message]) { object in
        let lease = object(Self.lease)
        let kind = object(Self.kind)
        let message = object(Self.message)
        guard let lease, let kind, let message else { return nil }
        return Report(lease: lease, kind: kind, message: message)
    }

    private var report: Endpoint {
        .json(
            .post, "/api/work/{work}/report", "work", .person(.workTake),
            "Tells what is wrong with a task; the claim goes on.", body: Self.reportBody, empty: nil,
            answers: Wire.answer("Reported", [.always("id", Wire.identifier, "The report's id.")])
        ) { call, body in
            let id = try await work.report(
                call.parameter("work"), lease: body.lease, kind: body.kind, message: body.message, by: call.actor)
            return .object { $0.field("id", id) }
        }
    }

    private static let reportShape = Wire.answer(
        "TaskReport",
        [
            .always("id", Wire.identifier, "Ours."),
            .always("task_id", Wire.identifier, "The task it is about."),
            .always("work", Wire.identifier, "The work item during which it was found."),
            .maybe("project", Wire.text, "The project's name."),
            .always("kind", .enumeration(ReportRow.Kind.allCases.map(\.rawValue)), "What is wrong."),
            .always("message", Wire.text, "More about it."),
            .maybe("reported_by", Wire.text, "The e-mail address of the person."),
            .always("created_at", Wire.time, "When."),
        ])
    private static let pageShape = Wire.answer(
        "TaskReports",
        [
            .always("docs", Wire.list(of: reportShape), "The reports, newest first."),
            .always("has_more", .bool, "Whether a page follows."),
            .maybe("next_cursor", Wire.text, "Where the next page starts."),
        ])

    private var list: Endpoint {
        let project = QueryField<String>.text("project", "Only on tasks of this project.")
        let task = QueryField<String>.text("task", "Only on this task.")
        let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 100 by default.")
        let cursor = QueryField<String>.text("cursor", "Where the page starts: the last answer's next_cursor.")
        return .json(
            .get, "/api/reports", "work", .permitted(.reportsRead), "Lists what labelers found wrong with tasks.",
            query: [project, task, limit, cursor], answers: Self.pageShape
        ) { call in
            let size = try call(limit) ?? 100
            let rows = try await work.reports(
                project: try call(project), task: try call(task), after: try call(cursor), limit: size + 1,
                by: call.actor)
            return .object { writer in
                writer.array("docs") { writer in rows.prefix(size).forEach { $0.write(to: &writer) } }
                writer.field("has_more", rows.count > size)
                writer.field("next_cursor", ifPresent: rows.count > size ? rows[size - 1].id : nil)
            }
        }
    }

    // MARK: Looking ahead

    private var upcoming: Endpoint {
        let count = QueryField<Int>.integer("count", 1...5, "How many; 2 by default.")
        let shape = Wire.answer(
            "UpcomingWork",
            [.always("work", Wire.list(of: Wire.object), "Tasks with their files, the likeliest first.")])
        return .json(
            .get, "/api/work/upcoming", "work", .person(.workTake),
            "Tells what one would most likely be given next, so that its files can be loaded ahead.", query: [count],
            answers: shape
        ) { call in
            let found = try await work.upcoming(count: try call(count) ?? 2, by: call.actor)
            let time = now()
            return .object { writer in
                writer.array("work") { writer in
                    found.forEach { $0.write(to: &writer, links: links, now: time) }
                }
            }
        }
    }
}
