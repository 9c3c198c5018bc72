import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// Projects as the pages that set them up show them.
struct ProjectSetupRoutes {
    let projects: ProjectOperations

    var endpoints: [Endpoint] { [types, list, create, check, show, change] }

    // MARK: Shapes

    private static let words = Wire.text
    private static let share = Shape.number(NumberRange(least: 0, most: 1))

    static let counts = Wire.answer(
        "StatusCounts",
        [
            .always("pending", Wire.count, "Not yet done."), .always("completed", Wire.count, "Done."),
            .always("canceled", Wire.count, "Called off."), .always("error", Wire.count, "Failed."),
            .always("total", Wire.count, "All of them."),
        ])
    private static let batches = Wire.answer(
        "BatchTally",
        [
            .always("staging", Wire.count, "Waiting to be launched."),
            .always("in_progress", Wire.count, "At work."), .always("completed", Wire.count, "Done."),
            .always("paused", Wire.count, "Of those at work, the ones that are paused."),
        ])
    private static let calibration = Wire.answer(
        "Calibration",
        [
            .always(
                "state", .enumeration(Calibration.State.allCases.map(\.rawValue)),
                "Whether production may begin: `calibrated` once a calibration batch that is audited as a whole "
                    + "reached the goal."),
            .always("goal", share, "The share of tasks that has to be right."),
            .maybe("score", share, "The best share so far of a batch that is audited as a whole."),
            .maybe("batch", Wire.text, "That batch's name."),
        ])
    private static let attention = Wire.answer(
        "Attention",
        [
            .always("kind", .enumeration(Attention.Kind.allCases.map(\.rawValue)), "What it is about."),
            .maybe("count", Wire.count, "How many."),
            .always("words", Wire.text, "A sentence for people."),
        ])
    private static let members: [Member] = [
        .always("id", Wire.identifier, "Ours."), .always("name", Wire.text, "Unique in the account."),
        .always("type", Wire.text, "The task type of all its tasks."),
        .always(
            "product", .enumeration(["standard", "rapid", "studio"]), "In all but standard, batches are launched."),
        .maybe("pipeline", Wire.text, "How answers come about."),
        .maybe("consensus_attempts", Wire.count, "Answers merged into one."),
        .always("created_at", Wire.time, "When."), .maybe("created_by", Wire.text, "By whom."),
        .always("archived", .bool, "Put away."),
        .always("version", .integer(-1...Int.max), "The latest version of its parameters; -1 for none."),
        .always("has_instruction", .bool, "Whether labelers are told what to do."),
        .maybe("instruction_excerpt", Wire.text, "How the instruction begins."),
        .always("counts", counts, "Its tasks by status."), .always("batches", batches, "Its batches."),
        .always("calibration", calibration, "How far it is calibrated."),
        .always("attention", Wire.list(of: attention), "What somebody should look at, the most pressing first."),
    ]
    private static let summary = Wire.answer("ProjectSummary", members)
    private static let whole = Wire.answer(
        "ProjectDetails",
        members + [
            .maybe("editor", .enumeration(Editor.allCases.map(\.rawValue)), "Which editor shows its tasks."),
            .always("params", Wire.object, "The latest version of its parameters."),
        ])
    static let checkMembers: [Member] = [
        .always(
            "issues",
            Wire.list(
                of: Wire.answer(
                    "ParamsIssue",
                    [
                        .always("path", Wire.text, "Where in the parameters."),
                        .always("message", Wire.text, "What is wrong there."),
                    ])), "What is wrong with the parameters."),
        .always("left_to_tasks", Wire.strings, "Members that each task has to bring, since the parameters lack them."),
    ]

    // MARK: Task types

    private var types: Endpoint {
        let type = Wire.answer(
            "TaskTypeSummary",
            [
                .always("name", Wire.text, "The word on the wire."),
                .always("summary", Wire.text, "What people are asked."),
                .always("editor", .enumeration(Editor.allCases.map(\.rawValue)), "Which editor shows its tasks."),
                .always("requires_instruction", .bool, "Whether a task needs an instruction."),
            ])
        return .json(
            .get, "/api/task-types", "projects", .permitted(.projectsRead), "Lists the task types.",
            answers: Wire.answer("TaskTypes", [.always("types", Wire.list(of: type), "All there are.")])
        ) { _ in
            .object { writer in
                writer.array("types") { writer in
                    for type in TaskTypes.all {
                        writer.object { writer in
                            writer.field("name", type.name)
                            writer.field("summary", type.summary)
                            writer.field("editor", type.editor.rawValue)
                            writer.field("requires_instruction", type.requiresInstruction)
                        }
                    }
                }
            }
        }
    }

    // MARK: Lists

    private var list: Endpoint {
        let search = QueryField<String>.text("search", "A part of the name, whatever its letter case.")
        let archived = QueryField<Bool>.flag("archived", "Only those put away; only the others by default.")
        let page = PageQuery(most: 100, usual: 50)
        return .json(
            .get, "/api/projects", "projects", .permitted(.projectsRead),
            "Lists projects with their progress and what needs attention, newest first.",
            query: [search, archived] + page.fields,
            answers: Wire.answer(
                "ProjectSummaries",
                [
                    .always("projects", Wire.list(of: Self.summary), "Newest first."),
                    .maybe("next", Wire.text, "The cursor of the next page."),
                ])
        ) { call in
            var listing = ProjectListing()
            listing.filter = ProjectFilter(search: try call(search), archived: try call(archived) ?? false)
            listing.after = try page.cursor(of: call)
            listing.limit = try page.limit(of: call)
            let (rows, next) = try await projects.summaries(listing, by: call.actor)
            return .object { writer in
                writer.array("projects") { writer in rows.forEach { $0.write(to: &writer, whole: false) } }
                writer.field("next", ifPresent: next?.token)
            }
        }
    }

    private var show: Endpoint {
        .json(
            .get, "/api/projects/{project}", "projects", .permitted(.projectsRead),
            "Returns a project with its parameters, progress and what needs attention.", answers: Self.whole
        ) { call in
            Self.reply(try await projects.summary(call.parameter("project"), by: call.actor))
        }
    }

    // MARK: Changes

    private enum Body {
        static let type = RequiredField("type", taskType, "The task type of all its tasks.")
        static let name = RequiredField("name", .string(length: 1...1000), "Unique in the account.")
        static let params = OptionalField("params", .anyObject(), "What its tasks inherit; becomes version 0.")
        static let product = Field(
            "product", Schema<String>.oneOf(["standard", "rapid", "studio"]), default: "studio",
            shownAs: #""studio""#, "In all but standard, batches are launched.")
        static let pipeline = OptionalField(
            "pipeline", .oneOf(["standard_task", "consensus_task"]), "How answers come about.")
        static let attempts = OptionalField("consensus_attempts", .integer(1...100), "Answers merged into one.")

        static let new = Schema<NewProjectRequest>.object(
            "NewProjectSetup", [type, name, params, product, pipeline, attempts]
        ) { object in
            let type = object(Self.type)
            let name = object(Self.name)
            let params = object(Self.params)
            let product = ProjectRow.Product(rawValue: object(Self.product)) ?? .studio
            let pipeline = object(Self.pipeline)
            let attempts = object(Self.attempts)
            guard let type, let name else { return nil }
            return NewProjectRequest(
                type: type.type, name: name, params: params, product: product, pipeline: pipeline,
                consensusAttempts: attempts, datasetID: nil)
        }

        static let parameters = RequiredField("params", .anyObject(), "The parameters of a project.")
        static let check = Schema<(NamedType, RawJSON)>.object("ParamsToCheck", [type, parameters]) { object in
            let type = object(Self.type)
            let params = object(Self.parameters)
            return type.flatMap { type in params.map { (type, $0) } }
        }

        static let archived = OptionalField("archived", .bool, "Put away, or not.")
        static let goal = OptionalField(
            "calibration_goal", .number(NumberRange(least: 0, most: 1)),
            "The share of a calibration batch that has to be right before production begins.")
        static let change = Schema<(archived: Bool?, goal: Double?)>.object("ProjectChange", [archived, goal]) {
            object in (object(archived), object(goal))
        }

        /// A task type behind a name.
        struct NamedType: Sendable {
            let type: any TaskType
        }

        private static let taskType = Schema<NamedType>(.enumeration(TaskTypes.all.map(\.name))) { value, reader in
            guard let type = value.string.flatMap({ TaskTypes.named($0) }) else {
                reader.report(value, "must be one of \(TaskTypes.all.map(\.name).joined(separator: ", "))")
                return nil
            }
            return NamedType(type: type)
        }
    }

    private var create: Endpoint {
        .json(
            .post, "/api/projects", "projects", .permitted(.projectsWrite),
            "Creates a project, whose parameters are checked.", body: Body.new, empty: nil, answers: Self.whole
        ) { call, request in
            Self.reply(try await projects.createChecked(request, by: call.actor))
        }
    }

    private var check: Endpoint {
        .json(
            .post, "/api/projects/check", "projects", .permitted(.projectsWrite),
            "Says what is wrong with parameters; stores nothing.", body: Body.check, empty: nil,
            answers: Wire.answer("ParamsCheck", Self.checkMembers)
        ) { _, body in
            let check = try ProjectOperations.check(body.1, of: body.0.type)
            return .object { check.writeMembers(to: &$0) }
        }
    }

    private var change: Endpoint {
        .json(
            .patch, "/api/projects/{project}", "projects", .permitted(.projectsWrite),
            "Puts a project away or takes it back, and sets the goal of its calibration.", body: Body.change,
            answers: Self.whole
        ) { call, change in
            Self.reply(
                try await projects.change(
                    call.parameter("project"), isArchived: change.archived, calibrationGoal: change.goal,
                    by: call.actor))
        }
    }

    private static func reply(_ project: ProjectSummary) -> Reply {
        var writer = JSONWriter(capacity: 2048)
        project.write(to: &writer, whole: true)
        return .json(writer)
    }
}
