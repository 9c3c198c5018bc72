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
        ])

    private static let levels = OptionalField(
        "review_levels", .integer(0...ReviewLevels.most), "How often each answer is reviewed, by another person each.")
    private static let body = Schema<WorkflowChange>.object("WorkflowChange", [levels]) { object in
        .some(WorkflowChange(reviewLevels: object(levels)))
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
