import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// The projects of the annotation API.
struct ProjectRoutes {
    let projects: ProjectOperations

    var endpoints: [Endpoint] { [create, list, show, setParams, setOntology, template] }

    private enum Body {
        static let type = RequiredField(
            "type",
            Schema<String>.string(length: 1...100).checked { value, json, reader in
                if TaskTypes.named(value) == nil {
                    reader.report(
                        json, "must be one of \(TaskTypes.all.map(\.name).joined(separator: ", "))")
                }
            }, "The task type of all its tasks.")
        static let name = RequiredField("name", .string(length: 1...1000), "Unique in the account.")
        static let params = OptionalField("params", .anyObject(), "What its tasks inherit; becomes version 0.")
        static let rapid = Field(
            "rapid", .bool, default: false, shownAs: "false", "A project whose batches are launched.")
        static let studio = Field("studio", .bool, default: false, shownAs: "false", "A project of one's own team.")
        static let pipeline = OptionalField(
            "pipeline", .oneOf(["standard_task", "consensus_task"]), "How answers come about.")
        static let attempts = OptionalField("consensus_attempts", .integer(1...100), "Answers merged into one.")
        static let dataset = OptionalField("datasetId", .string(length: 1...1000), "The dataset it feeds.")

        static let new = Schema<NewProjectRequest>.object(
            "NewProject", [type, name, params, rapid, studio, pipeline, attempts, dataset], unknown: .ignore
        ) { object in
            let type = object(Self.type).flatMap { TaskTypes.named($0) }
            let name = object(Self.name)
            let isRapid = object(rapid)
            let isStudio = object(studio)
            let request = type.flatMap { type in
                name.map { name in
                    NewProjectRequest(
                        type: type, name: name, params: object(params),
                        product: isStudio ? .studio : isRapid ? .rapid : .standard, pipeline: object(pipeline),
                        consensusAttempts: object(attempts), datasetID: object(dataset))
                }
            }
            return request
        }

        static let title = OptionalField("name", .string(length: 1...1000), "The ontology's name.")
        static let ontology = RequiredField("ontology", OntologyShape.schema, "Labels, nested; each choice once.")
        static let setOntology = Schema<(RawJSON, String?)>.object(
            "SetOntology", [ontology, title], unknown: .ignore
        ) { object in
            let title = object(Self.title)
            return object(ontology).map { ($0, title) }
        }
    }

    private var create: Endpoint {
        .json(
            .post, "/v1/projects", "projects", .permitted(.projectsWrite), "Creates a project.", body: Body.new,
            answers: Wire.project
        ) { call, request in
            Self.reply(try await projects.create(request, by: call.actor))
        }
    }

    private var list: Endpoint {
        let archived = QueryField<Bool>.flag("archived", "Only those put away, or only the others.")
        return .json(
            .get, "/v1/projects", "projects", .permitted(.projectsRead), "Lists all projects.", query: [archived],
            answers: Wire.list(of: Wire.project)
        ) { call in
            let all = try await projects.list(archived: try call(archived), by: call.actor)
            var writer = JSONWriter(capacity: 4096)
            writer.array { writer in all.forEach { $0.write(to: &writer) } }
            return .json(writer)
        }
    }

    private var show: Endpoint {
        .json(
            .get, "/v1/projects/{project}", "projects", .permitted(.projectsRead), "Returns a project.",
            answers: Wire.project
        ) { call in
            Self.reply(try await projects.project(call.parameter("project"), by: call.actor))
        }
    }

    private var setParams: Endpoint {
        .json(
            .post, "/v1/projects/{project}/setParams", "projects", .permitted(.projectsWrite),
            "Adds a version of the project's parameters.", body: ParamsBody.schema, answers: Wire.project
        ) { call, body in
            Self.reply(
                try await projects.setParams(
                    call.parameter("project"), body.params, patch: body.patch, by: call.actor))
        }
    }

    private var setOntology: Endpoint {
        .json(
            .post, "/v1/projects/{project}/setOntology", "projects", .permitted(.projectsWrite),
            "Adds a version of the project's ontology.", body: Body.setOntology, answers: Wire.project
        ) { call, body in
            Self.reply(
                try await projects.setOntology(call.parameter("project"), body.0, title: body.1, by: call.actor))
        }
    }

    private var template: Endpoint {
        .json(
            .get, "/v1/projects/{project}/taskTemplates", "projects", .permitted(.projectsRead),
            "Returns the template of a text collection project's tasks.", answers: Wire.template
        ) { call in
            let project = try await projects.template(call.parameter("project"), by: call.actor)
            var writer = JSONWriter()
            project.writeTemplate(to: &writer)
            return .json(writer)
        }
    }

    private static func reply(_ project: ProjectWithHistory) -> Reply {
        var writer = JSONWriter(capacity: 2048)
        project.write(to: &writer)
        return .json(writer)
    }
}

/// The body of setParams: any members, and `patch`, which is not stored.
private struct ParamsBody: Sendable {
    let params: RawJSON
    let patch: Bool

    private static let patchField = Field(
        "patch", .bool, default: false, shownAs: "false",
        "Whether the members are put into the latest version; otherwise they are the whole new one.")

    static let schema = Schema<ParamsBody>.object("SetParams", [patchField], unknown: .ignore) { object in
        let patch = object(patchField)
        var writer = JSONWriter()
        writer.object { writer in
            for member in object.object.members where member.name != "patch" {
                writer.key(member.name)
                writer.raw(member.value.raw)
            }
        }
        return ParamsBody(params: RawJSON(writer.text), patch: patch)
    }
}

/// An ontology: labels, each choice of which stands once in the whole tree.
private enum OntologyShape {
    static let schema = Schema<RawJSON>(.array(of: .any, count: 0...100_000)) { value, reader in
        guard value.isArray else {
            reader.report(value, "must be an array")
            return nil
        }
        var seen: Set<String> = []
        check(value, depth: 1, &seen, reader)
        return RawJSON(value.rawText)
    }

    private static func check(_ list: JSONValue, depth: Int, _ seen: inout Set<String>, _ reader: JSONReader) {
        guard depth <= 8 else { return reader.report(list, "must not be nested deeper than 8 levels") }
        for item in list.elements {
            guard let choice = item.string ?? item["choice"]?.string, !choice.isEmpty else {
                reader.report(item, "must be a string or an object with a choice")
                continue
            }
            if !seen.insert(choice).inserted { reader.report(item, "repeats the choice \(JSONWriter.quoted(choice))") }
            guard let children = item["subchoices"], !children.isNull else { continue }
            guard children.isArray else {
                reader.report(children, "must be an array")
                continue
            }
            check(children, depth: depth + 1, &seen, reader)
        }
    }
}
