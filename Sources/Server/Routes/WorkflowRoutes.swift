import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// How the answers of a project become final.
struct WorkflowRoutes {
    let projects: ProjectOperations

    var endpoints: [Endpoint] { [show, change] }

    private static let path = "/api/projects/{project}/workflow"
    private static let shape = Wire.answer(
        "Workflow",
        [
            .always("project", Wire.text, "The project's name."),
            .always("review_levels", .integer(0...ReviewLevels.most), "How often each answer is reviewed."),
            .always(
                "pipeline", .enumeration(["standard_task", "consensus_task"]), "Whether several people answer a task."),
            .always("consensus_attempts", .integer(1...Self.mostAttempts), "How many people answer each task."),
            .always("consensus_auto", .bool, "Whether answers that agree become final without a merge."),
            .always("consensus_threshold", .number(.nonNegative), "From which agreement on, 0 to 1."),
        ])

    private static let levels = OptionalField(
        "review_levels", .integer(0...ReviewLevels.most), "How often each answer is reviewed, by another person each.")
    /// More people than that see the same task in no team.
    private static let mostAttempts = 10
    private static let attempts = OptionalField(
        "consensus_attempts", .integer(1...mostAttempts),
        "How many people answer each task unseen of each other, for tasks that are launched from now on; 1 for no consensus."
    )
    private static let isAuto = OptionalField(
        "consensus_auto", .bool, "Whether answers that agree become final without anybody merging them.")
    private static let threshold = OptionalField(
        "consensus_threshold", .number(.nonNegative), "From which agreement on answers count as unanimous, 0 to 1.")
    private static let body = Schema<WorkflowChange>.object(
        "WorkflowChange", [levels, attempts, isAuto, threshold]
    ) { object in
        let change = WorkflowChange(
            reviewLevels: object(levels), attempts: object(attempts), isAuto: object(isAuto),
            threshold: object(threshold))
        if let threshold = change.threshold, threshold > 1 {
            object.reader.report(object.object, member: "consensus_threshold", "must be at most 1")
        }
        return change
    }

    private var show: Endpoint {
        .json(
            .get, Self.path, "projects", .permitted(.projectsRead), "Tells how a project's answers become final.",
            answers: Self.shape
        ) { call in
            Self.reply(try await projects.workflow(call.parameter("project"), by: call.actor))
        }
    }

    private var change: Endpoint {
        .json(
            .patch, Self.path, "projects", .permitted(.projectsWrite),
            "Changes how a project's answers become final, for what is handed in from now on.", body: Self.body,
            answers: Self.shape
        ) { call, change in
            Self.reply(try await projects.setWorkflow(call.parameter("project"), change, by: call.actor))
        }
    }

    private static func reply(_ workflow: ProjectWorkflow) -> Reply {
        var writer = JSONWriter(capacity: 256)
        workflow.write(to: &writer)
        return .json(writer)
    }
}
