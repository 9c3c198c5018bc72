package import JSON
package import Labeling
package import NIOCore
package import Storage

/// What can be done with tasks whose answer is known: evaluation and training.
package struct QualityOperations: Sendable {
    private let tasks: TaskOperations
    private var environment: WorkEnvironment { tasks.environment }

    package init(environment: WorkEnvironment) {
        tasks = TaskOperations(environment: environment)
    }

    private static let expected = RequiredField(
        "expected_response", .anyObject(), "The right answer, in the form of the type's responses.")
    private static let initial = OptionalField(
        "initial_response", .anyObject(), "What a reviewer starts from, in the same form.")

    /// The members beside those of an ordinary create request.
    package static let fields: [any FieldDeclaration] = [expected, initial]

    /// Stores a task with its known answer.
    package func create(
        _ kind: QualityTaskRow.Kind, _ type: any TaskType, body: ByteBuffer, by actor: Actor
    ) async throws -> (row: QualityTaskRow, project: String?) {
        guard type.supportsQualityTasks else {
            throw Refusal(.invalid, "Tasks of type \(type.name) cannot be evaluation or training tasks.")
        }
        let names = try TaskOperations.withBody(body) { root in
            (project: root["project"]?.string, batch: root["batch"]?.string)
        }
        let context = try await tasks.context(project: names.project, batch: names.batch, version: nil, by: actor)
        let now = environment.now()
        let row = try TaskOperations.withBody(body) { root in
            try Self.compose(kind, type, root, context, now: now, by: actor)
        }
        try await environment.database.write { db in
            try db.insertQualityTask(row)
            try db.append(
                NewEvent(
                    realm: row.realm, at: now, actor: actor.label, objectKind: "quality_task", objectID: row.id,
                    action: "quality_task.created", after: row.text(project: context.project?.name)))
        }
        return (row, context.project?.name)
    }

    private static func compose(
        _ kind: QualityTaskRow.Kind, _ type: any TaskType, _ root: JSONValue, _ context: TaskOperations.Context,
        now: Timestamp, by actor: Actor
    ) throws -> QualityTaskRow {
        let reader = JSONReader()
        guard root.isObject else { throw Issues("", "The body must be an object.") }
        if let project = context.project, project.type != type.name {
            reader.report(path: "project", "has tasks of type \(project.type); this request is for \(type.name)")
        }
        var object = ObjectReader(root, reader)
        let expected = object(Self.expected)
        let initial = object(Self.initial)
        let merged = try mergeOwn(root, context.version)
        let prepared = try JSONDocument.read(merged) {
            type.prepare($0, reader: reader, makeID: WorkEnvironment.makeUUID)
        }
        try reader.finish()
        guard let expected, let prepared else { throw Issues("", "The request cannot be used.") }
        try check(root, "expected_response", type, prepared, strictness: .submit)
        try check(root, "initial_response", type, prepared, strictness: .draft)
        return QualityTaskRow(
            id: Identifier.make(now), realm: actor.realm.id, kind: kind, type: type.name,
            projectID: context.project?.id, params: prepared.params, expectedResponse: expected.text,
            initialResponse: initial?.text, createdAt: now)
    }

    private static func check(
        _ root: JSONValue, _ name: String, _ type: any TaskType, _ prepared: PreparedTask, strictness: Strictness
    ) throws {
        guard let answer = root[name], !answer.isNull else { return }
        let reader = JSONReader()
        try type.check(answer, stored: prepared.params, strictness: strictness, reader: reader)
        try reader.finish()
    }

    /// The merged parameters without the known answers, which are no parameters.
    private static func mergeOwn(_ root: JSONValue, _ version: ProjectVersionRow?) throws -> String {
        let merged: String
        if let version {
            merged = try JSONDocument.read(version.params) { ParameterMerge.merge(request: root, project: $0) }
        } else {
            merged = ParameterMerge.merge(request: root, project: nil)
        }
        return try JSONDocument.read(merged) { merged in
            var writer = JSONWriter()
            writer.object { writer in
                for member in merged.members where !["expected_response", "initial_response"].contains(member.name) {
                    writer.key(member.name)
                    writer.raw(member.value.raw)
                }
            }
            return writer.text
        }
    }

    /// A page of tasks with known answers, newest first, with the names of their projects by id.
    package func list(
        _ kind: QualityTaskRow.Kind?, limit: Int, offset: Int, by actor: Actor
    ) async throws -> (rows: [QualityTaskRow], projects: [String: String]) {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            let rows = try db.qualityTasks(realm: realm, kind: kind, limit: limit, offset: offset)
            let projects = try db.projects(realm: realm, archived: nil).map { ($0.id, $0.name) }
            return (rows, Dictionary(projects) { first, _ in first })
        }
    }
}

extension QualityTaskRow {
    /// Writes the task with its known answer.
    package func write(to writer: inout JSONWriter, project: String?) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("kind", kind.rawValue)
            writer.field("type", type)
            writer.field("created_at", time: createdAt.microseconds)
            writer.field("project", ifPresent: project)
            writer.field("params", raw: params)
            writer.field("expected_response", raw: expectedResponse)
            if let initialResponse { writer.field("initial_response", raw: initialResponse) }
        }
    }

    func text(project: String?) -> String {
        var writer = JSONWriter()
        write(to: &writer, project: project)
        return writer.text
    }
}
