package import JSON
package import Labeling
package import Storage

/// A project with its history, as the wire shows it.
package struct ProjectWithHistory: Sendable {
    package let row: ProjectRow
    package let versions: [ProjectVersionRow]
    package let ontologies: [OntologyRow]
}

/// What a new project is asked to be.
package struct NewProjectRequest: Sendable {
    package var type: any TaskType
    package var name: String
    package var params: RawJSON?
    package var product: ProjectRow.Product
    package var pipeline: String?
    package var consensusAttempts: Int?
    package var datasetID: String?

    package init(
        type: any TaskType, name: String, params: RawJSON?, product: ProjectRow.Product, pipeline: String?,
        consensusAttempts: Int?, datasetID: String?
    ) {
        self.type = type
        self.name = name
        self.params = params
        self.product = product
        self.pipeline = pipeline
        self.consensusAttempts = consensusAttempts
        self.datasetID = datasetID
    }
}

/// What can be done with projects.
package struct ProjectOperations: Sendable {
    let environment: WorkEnvironment

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    /// Creates a project, whose parameters become version 0.
    package func create(_ request: NewProjectRequest, by actor: Actor) async throws -> ProjectWithHistory {
        let now = environment.now()
        let row = ProjectRow(
            id: Identifier.make(now), realm: actor.realm.id, name: request.name, type: request.type.name,
            product: request.product, pipeline: request.pipeline, consensusAttempts: request.consensusAttempts,
            datasetID: request.datasetID, createdBy: actor.name, createdAt: now, archivedAt: nil)
        let params = request.params?.text
        return try await environment.database.write { db in
            guard try db.insertProject(row) else {
                throw Refusal(.duplicate, "A project named \(JSONWriter.quoted(row.name)) already exists.")
            }
            if let params { _ = try db.addProjectVersion(project: row.id, params: params, at: now, by: actor.name) }
            try Self.record("project.created", row.id, by: actor, after: params, in: db, now: now)
            return try Self.withHistory([row], in: db)[0]
        }
    }

    /// One project by name.
    package func project(_ name: String, by actor: Actor) async throws -> ProjectWithHistory {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            let row = try db.existingProject(realm: realm, named: name)
            return try Self.withHistory([row], in: db)[0]
        }
    }

    /// All projects, oldest first.
    package func list(archived: Bool?, by actor: Actor) async throws -> [ProjectWithHistory] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            try Self.withHistory(try db.projects(realm: realm, archived: archived), in: db)
        }
    }

    /// Adds a version of the parameters.
    ///
    /// `patch`: starts from the latest version and replaces the given members whole; otherwise the given members are
    /// the whole new version.
    package func setParams(
        _ name: String, _ params: RawJSON, patch: Bool, by actor: Actor
    ) async throws -> ProjectWithHistory {
        let now = environment.now()
        let realm = actor.realm.id
        return try await environment.database.write { db in
            let row = try db.existingProject(realm: realm, named: name)
            let old = try db.projectVersion(project: row.id, version: nil)?.params
            let new = patch ? try Self.patched(old ?? "{}", with: params.text) : params.text
            _ = try db.addProjectVersion(project: row.id, params: new, at: now, by: actor.name)
            try Self.record("project.params_set", row.id, by: actor, before: old, after: new, in: db, now: now)
            return try Self.withHistory([row], in: db)[0]
        }
    }

    /// Adds a version of the ontology.
    package func setOntology(
        _ name: String, _ ontology: RawJSON, title: String?, by actor: Actor
    ) async throws -> ProjectWithHistory {
        let now = environment.now()
        let realm = actor.realm.id
        return try await environment.database.write { db in
            let row = try db.existingProject(realm: realm, named: name)
            _ = try db.addOntology(project: row.id, name: title, ontology: ontology.text, at: now)
            try Self.record("project.ontology_set", row.id, by: actor, after: ontology.text, in: db, now: now)
            return try Self.withHistory([row], in: db)[0]
        }
    }

    /// The template of a project's tasks: what a task must bring along.
    ///
    /// - Throws: `Refusal` for projects whose type has none.
    package func template(_ name: String, by actor: Actor) async throws -> ProjectWithHistory {
        let project = try await project(name, by: actor)
        guard TaskTypes.named(project.row.type)?.hasTemplate == true else {
            throw Refusal(.invalid, "Only text collection projects have a task template.")
        }
        return project
    }

    private static func record(
        _ action: String, _ id: String, by actor: Actor, before: String? = nil, after: String?, in db: any Connection,
        now: Timestamp
    ) throws {
        try db.append(
            NewEvent(
                realm: actor.realm.id, at: now, actor: actor.label, objectKind: "project", objectID: id,
                action: action, before: before, after: after))
    }

    private static func withHistory(_ rows: [ProjectRow], in db: any Connection) throws -> [ProjectWithHistory] {
        let ids = rows.map(\.id)
        let versions = Dictionary(grouping: try db.projectVersions(projects: ids), by: \.projectID)
        let ontologies = Dictionary(grouping: try db.ontologies(projects: ids), by: \.projectID)
        return rows.map {
            ProjectWithHistory(row: $0, versions: versions[$0.id] ?? [], ontologies: ontologies[$0.id] ?? [])
        }
    }

    /// The members of `old` with those of `new` put in their place, arrays and objects whole.
    private static func patched(_ old: String, with new: String) throws -> String {
        try JSONDocument.read(old) { old in
            try JSONDocument.read(new) { new in
                var writer = JSONWriter()
                writer.object { writer in
                    for member in old.members where new[member.name] == nil {
                        writer.key(member.name)
                        writer.raw(member.value.raw)
                    }
                    for member in new.members {
                        writer.key(member.name)
                        writer.raw(member.value.raw)
                    }
                }
                return writer.text
            }
        }
    }
}

extension ProjectWithHistory {
    /// Writes the project as the annotation API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", row.id)
            writer.field("type", row.type)
            writer.field("name", row.name)
            writer.field("created_at", time: row.createdAt.microseconds)
            writer.array("param_history") { writer in
                for version in versions { write(version, to: &writer) }
            }
            writer.array("ontologyHistory") { writer in
                for ontology in ontologies {
                    writer.object { writer in
                        writer.field("version", ontology.version)
                        writer.field("created_at", time: ontology.createdAt.microseconds)
                        writer.field("name", ifPresent: ontology.name)
                        writer.field("ontology", raw: ontology.ontology)
                    }
                }
            }
            writer.field("projectType", row.product.rawValue)
            writer.field("pipelineName", ifPresent: row.pipeline)
            writer.field("numConsensus", ifPresent: row.consensusAttempts)
            writer.field("datasetId", ifPresent: row.datasetID)
            writer.field("archived", row.archivedAt != nil)
        }
    }

    /// A version's parameters stand beside its number, as clients read them.
    private func write(_ version: ProjectVersionRow, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("version", version.version)
            writer.field("created_at", time: version.createdAt.microseconds)
            // Stored text is ours and parses; members that would repeat ours are left out.
            let members = try? JSONDocument.read(version.params) { root in
                root.members.filter { $0.name != "version" && $0.name != "created_at" }
                    .map { ($0.name, $0.value.rawText) }
            }
            for (name, value) in members ?? [] {
                writer.key(name)
                writer.raw(value)
            }
        }
    }

    /// Writes the template of the project's tasks.
    package func writeTemplate(to writer: inout JSONWriter) {
        let latest = versions.last
        writer.object { writer in
            writer.field("id", row.id)
            writer.field("version", latest?.version ?? 0)
            writer.field("created_at", time: row.createdAt.microseconds)
            writer.field("updated_at", time: (latest?.createdAt ?? row.createdAt).microseconds)
            writer.object("template_variables") { writer in
                writer.object("attachments") { $0.field("type", "array") }
            }
        }
    }
}
