import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// The versions of a project's parameters.
struct VersionRoutes {
    let projects: ProjectOperations

    var endpoints: [Endpoint] { [list, show, save, trial] }

    static let difference = Wire.answer(
        "ParamsDifference",
        [
            .always(
                "path", Wire.text,
                "Where, such as `geometries.box.objects_to_annotate[car]`; elements of lists go by their names."),
            .always("kind", .enumeration(ParamsDifference.Kind.allCases.map(\.rawValue)), "What happened there."),
            .maybe("before", .any, "What stood there."), .maybe("after", .any, "What stands there now."),
        ])

    private static let members: [Member] = [
        .always("version", Wire.count, "Its number, from 0."), .always("created_at", Wire.time, "When."),
        .maybe("created_by", Wire.text, "By whom."),
    ]

    private var list: Endpoint {
        let version = Wire.answer(
            "ParamsVersionSummary",
            Self.members + [.always("changes", Wire.count, "How many differences there are to the one before.")])
        return .json(
            .get, "/api/projects/{project}/versions", "projects", .permitted(.projectsRead),
            "Lists the versions of a project's parameters, newest first.",
            answers: Wire.answer("ParamsVersions", [.always("versions", Wire.list(of: version), "Newest first.")])
        ) { call in
            let versions = try await projects.versions(call.parameter("project"), by: call.actor)
            return .object { writer in
                writer.array("versions") { writer in
                    for (version, changes) in versions {
                        writer.object { writer in
                            Self.write(version, to: &writer)
                            writer.field("changes", changes)
                        }
                    }
                }
            }
        }
    }

    private static let whole = Wire.answer(
        "ParamsVersion",
        members + [
            .always("params", Wire.object, "The parameters."),
            .always("against", .integer(-1...Int.max), "The version it is compared with; -1 for none."),
            .always("differences", Wire.list(of: difference), "What differs from that one; the first thousand."),
        ])

    private var show: Endpoint {
        let against = QueryField<Int>.integer(
            "against", -1...1_000_000, "The version to compare with; by default the one before.")
        return .json(
            .get, "/api/projects/{project}/versions/{version}", "projects", .permitted(.projectsRead),
            "Returns a version of a project's parameters and what differs from another.", query: [against],
            answers: Self.whole
        ) { call in
            guard let number = Int(call.parameter("version")), number >= 0 else { throw ReplyError.noSuchPath }
            return Self.reply(
                try await projects.version(
                    number, of: call.parameter("project"), against: try call(against), by: call.actor))
        }
    }

    private static let params = RequiredField("params", .anyObject(), "The whole new parameters.")
    private static let base = RequiredField(
        "base_version", .integer(-1...1_000_000), "The latest version its author has seen; -1 for none.")
    private static let body = Schema<(RawJSON, Int)>.object("NewParamsVersion", [params, base]) { object in
        let params = object(Self.params)
        let base = object(Self.base)
        return params.flatMap { params in base.map { (params, $0) } }
    }

    private var save: Endpoint {
        .json(
            .post, "/api/projects/{project}/versions", "projects", .permitted(.projectsWrite),
            "Adds a version of the parameters, checked, and only if nobody else did since `base_version`.",
            body: Self.body, empty: nil, answers: Self.whole
        ) { call, body in
            Self.reply(
                try await projects.save(body.0, of: call.parameter("project"), following: body.1, by: call.actor))
        }
    }

    // MARK: Trial

    private static let cursor = OptionalField(
        "cursor", .string(length: 1...1000), "Where to go on: the last answer's `next`.")
    private static let limit = Field(
        "limit", .integer(1...2000), default: 500, shownAs: "500", "The most tasks to try in this call.")
    private static let trialBody = Schema<(RawJSON, TaskCursor?, Int)>.object("ParamsToTry", [params, cursor, limit]) {
        object in
        let params = object(Self.params)
        let token = object(cursor)
        let limit = object(Self.limit)
        let position = token.flatMap { TaskCursor(token: $0) }
        if token != nil, position == nil {
            object.reader.report(path: "cursor", "is not one of ours; take it from the `next` of an answer")
        }
        return params.map { ($0, position, limit) }
    }

    private static let problem = Wire.answer(
        "TrialProblem",
        [
            .always(
                "on", .enumeration(TrialProblem.Place.allCases.map(\.rawValue)),
                "`task`: a task with the same data would be refused; `answer`: a completed answer would not be "
                    + "accepted."),
            .always("path", Wire.text, "Where, without the numbers of elements."),
            .always("message", Wire.text, "What is wrong there."),
            .always("count", Wire.count, "How many of the tasks tried have it."),
            .always("examples", Wire.strings, "The ids of some of them."),
        ])

    private var trial: Endpoint {
        let broken = Wire.answer(
            "WouldBreak",
            [
                .always("tasks", Wire.count, "Tasks that could not be made any more."),
                .always("answers", Wire.count, "Answers that would not be accepted."),
            ])
        let shape = Wire.answer(
            "ParamsTrial",
            ProjectSetupRoutes.checkMembers + [
                .always("against", .integer(-1...Int.max), "The latest version; -1 for none."),
                .always("differences", Wire.list(of: Self.difference), "What differs from it."),
                .always("total", Wire.count, "Tasks of the project that are pending or completed."),
                .always("tried", Wire.count, "Those tried by this call."),
                .always("would_break", broken, "How many of these would break."),
                .always("problems", Wire.list(of: Self.problem), "What would go wrong, the most frequent first."),
                .maybe("next", Wire.text, "The cursor to go on with; add up what the calls count."),
            ])
        return .json(
            .post, "/api/projects/{project}/try", "projects", .permitted(.projectsWrite),
            "Tries parameters on existing tasks and answers, some at a time; stores nothing.", body: Self.trialBody,
            empty: nil, answers: shape
        ) { call, body in
            let trial = try await projects.tryParams(
                body.0, on: call.parameter("project"), after: body.1, limit: body.2, by: call.actor)
            var writer = JSONWriter(capacity: 4096)
            trial.write(to: &writer)
            return .json(writer)
        }
    }

    private static func write(_ version: ProjectVersionRow, to writer: inout JSONWriter) {
        writer.field("version", version.version)
        writer.field("created_at", time: version.createdAt.microseconds)
        writer.field("created_by", ifPresent: version.createdBy)
    }

    private static func reply(_ result: VersionWithDifferences) -> Reply {
        .object { writer in
            write(result.version, to: &writer)
            writer.field("params", raw: result.version.params)
            writer.field("against", result.against)
            writer.array("differences") { writer in result.differences.forEach { $0.write(to: &writer) } }
        }
    }
}
