import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// Evaluation and training tasks: stored with their known answers.
struct QualityRoutes {
    let quality: QualityOperations

    private static let kinds: [QualityTaskRow.Kind] = [.evaluation, .training]

    var endpoints: [Endpoint] { Self.kinds.flatMap(create) + [list, labelers] }

    private func create(_ kind: QualityTaskRow.Kind) -> [Endpoint] {
        TaskTypes.all.filter(\.supportsQualityTasks).map { type in
            Endpoint(
                method: .post, path: "/v1/\(kind.rawValue)_tasks/\(type.name)", group: "quality",
                summary: "Stores a task of type \(type.name) with its known answer.",
                access: .permitted(.qualityWrite), query: [],
                body: .init(
                    mediaType: "application/json",
                    shape: TaskShape.request(type, name: "quality_\(type.name)", extra: QualityOperations.fields),
                    isRequired: true, limit: Call.bodyLimit),
                answer: .init(
                    status: .ok, mediaType: "application/json", shape: Wire.qualityTask, note: "The new task.")
            ) { call in
                let (row, project) = try await quality.create(kind, type, body: try await call.bytes(), by: call.actor)
                var writer = JSONWriter()
                row.write(to: &writer, project: project)
                return .json(writer)
            }
        } + [unsupported(kind).unlisted]
    }

    private func unsupported(_ kind: QualityTaskRow.Kind) -> Endpoint {
        .json(
            .post, "/v1/\(kind.rawValue)_tasks/{type}", "quality", .permitted(.qualityWrite),
            "Refuses a task type that has no \(kind.rawValue) tasks.", answers: Wire.qualityTask
        ) { call in
            let names = TaskTypes.all.filter(\.supportsQualityTasks).map(\.name).joined(separator: ", ")
            throw Refusal(
                .invalid,
                "\(JSONWriter.quoted(call.parameter("type"))) has no \(kind.rawValue) tasks. Use one of \(names).")
        }
    }

    private var list: Endpoint {
        let kind = QueryField<String>.oneOf("kind", Self.kinds.map(\.rawValue), "One kind only.")
        let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 100 by default.")
        let offset = QueryField<Int>.integer("offset", 0...1_000_000_000, "How many to pass over.")
        return .json(
            .get, "/api/quality-tasks", "quality", .permitted(.qualityRead), "Lists tasks with known answers.",
            query: [kind, limit, offset], answers: Wire.qualityPage
        ) { call in
            let size = try call(limit) ?? 100
            let (rows, projects) = try await quality.list(
                try call(kind).flatMap { QualityTaskRow.Kind(rawValue: $0) }, limit: size + 1,
                offset: try call(offset) ?? 0, by: call.actor)
            return .object { writer in
                writer.array("docs") { writer in
                    for row in rows.prefix(size) {
                        row.write(to: &writer, project: row.projectID.flatMap { projects[$0] })
                    }
                }
                writer.field("has_more", rows.count > size)
            }
        }
    }

    /// How labelers did on training tasks; none are served to people yet, so there are no attempts.
    private var labelers: Endpoint {
        let tasks = QueryField<[String]>.list("quality_task_ids", "Tasks with known answers.")
        let emails = QueryField<[String]>.list("labeler_emails", "People.")
        let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 100 by default.")
        let token = QueryField<String>.text("next_token", "Where the page starts.")
        return .json(
            .get, "/v1/quality/labelers", "quality", .permitted(.qualityRead),
            "Lists attempts at training tasks; tasks with known answers are not yet given to people.",
            query: [tasks, emails, limit, token], answers: Wire.qualityPage
        ) { call in
            guard try call(tasks) != nil || call(emails) != nil else {
                throw Issues(
                    "quality_task_ids", "`quality_task_ids` or `labeler_emails` is required; give at least one of them."
                )
            }
            return .object { writer in
                writer.array("docs") { _ in }
                writer.field("has_more", false)
            }
        }
    }
}
