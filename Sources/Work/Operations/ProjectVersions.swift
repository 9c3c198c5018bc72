package import JSON
package import Labeling
package import Storage

/// A version of a project's parameters and what differs from another.
package struct VersionWithDifferences: Sendable {
    package let version: ProjectVersionRow
    /// The version it is compared with; -1 for none, which counts as empty parameters.
    package let against: Int
    package let differences: [ParamsDifference]
}

extension ProjectOperations {
    /// Creates a project whose parameters have been checked.
    ///
    /// - Throws: `Issues` with paths below `params` for what is wrong with them.
    package func createChecked(_ request: NewProjectRequest, by actor: Actor) async throws -> ProjectSummary {
        if let params = request.params { try Self.require(params, of: request.type) }
        let project = try await create(request, by: actor)
        return try await summary(project.row.name, by: actor)
    }

    /// Says what parameters of a type are worth; stores nothing.
    package static func check(_ params: RawJSON, of type: any TaskType) throws -> ParamsCheck {
        try JSONDocument.read(params.text) { try ParamsCheck($0, of: type) }
    }

    private static func require(_ params: RawJSON, of type: any TaskType) throws {
        let issues = try check(params, of: type).issues
        guard issues.isEmpty else {
            throw Issues(
                issues.map { issue in
                    let path = issue.path.isEmpty ? "params" : "params.\(issue.path)"
                    return Issue(
                        path: path,
                        message: issue.message.replacing("`\(issue.path)`", with: "`\(path)`", maxReplacements: 1))
                })
        }
    }

    /// All versions of a project's parameters, newest first, with how much each differs from the one before.
    package func versions(
        _ name: String, by actor: Actor
    ) async throws -> [(version: ProjectVersionRow, changes: Int)] {
        let realm = actor.realm.id
        let all = try await environment.database.read { db in
            let row = try db.existingProject(realm: realm, named: name)
            return try db.projectVersions(project: row.id)
        }
        let befores = [nil] + all.dropLast().map { Optional($0.params) }
        return try zip(all, befores).reversed().map { version, before in
            (version, try Self.differences(before ?? "{}", version.params).count)
        }
    }

    /// One version, compared with another; by default with the one before it.
    package func version(
        _ number: Int, of name: String, against other: Int?, by actor: Actor
    ) async throws -> VersionWithDifferences {
        let realm = actor.realm.id
        let against = other ?? number - 1
        let (version, before) = try await environment.database.read { db in
            let row = try db.existingProject(realm: realm, named: name)
            guard let version = try db.projectVersion(project: row.id, version: number) else {
                throw Refusal(.notFound, "This project has no version \(number) of its parameters.")
            }
            let before = against < 0 ? nil : try db.projectVersion(project: row.id, version: against)
            if against >= 0, before == nil {
                throw Refusal(.notFound, "This project has no version \(against) of its parameters.")
            }
            return (version, before)
        }
        return VersionWithDifferences(
            version: version, against: against,
            differences: try Self.differences(before?.params ?? "{}", version.params))
    }

    /// Adds a version of the parameters, checked and only if it follows the version its author has seen.
    package func save(
        _ params: RawJSON, of name: String, following base: Int, by actor: Actor
    ) async throws -> VersionWithDifferences {
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.write { db in
            let row = try db.existingProject(realm: realm, named: name)
            try Self.require(params, of: try Self.type(of: row))
            // The version is stored first: that keeps other writers away, so the number tells who was earlier.
            let old = try db.projectVersion(project: row.id)
            let number = try db.addProjectVersion(project: row.id, params: params.text, at: now, by: actor.name)
            guard number == base + 1 else {
                let latest = try db.projectVersion(project: row.id, version: number - 1)
                throw Refusal(
                    .conflict,
                    "Version \(base) is not the latest any more: \(latest?.createdBy ?? "somebody") saved version "
                        + "\(number - 1). Look at what changed, then save again with `base_version` \(number - 1).")
            }
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "project", objectID: row.id,
                    action: "project.params_set", before: old?.params, after: params.text))
            let version = ProjectVersionRow(
                projectID: row.id, version: number, params: params.text, createdAt: now, createdBy: actor.name)
            return VersionWithDifferences(
                version: version, against: base,
                differences: try Self.differences(old?.params ?? "{}", params.text))
        }
    }

    static func type(of row: ProjectRow) throws -> any TaskType {
        guard let type = TaskTypes.named(row.type) else {
            throw Refusal(.invalid, "The task type \(row.type) is not known here.")
        }
        return type
    }

    static func differences(_ before: String, _ after: String) throws -> [ParamsDifference] {
        try JSONDocument.read(before) { before in
            try JSONDocument.read(after) { ParamsDifferences.between(before, $0) }
        }
    }
}

extension ParamsDifference {
    /// Writes the difference with both values as JSON.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("path", path)
            writer.field("kind", kind.rawValue)
            if let before { writer.field("before", raw: before) }
            if let after { writer.field("after", raw: after) }
        }
    }
}

extension ParamsCheck {
    /// Writes what is wrong and what is left to tasks, as members of an object.
    package func writeMembers(to writer: inout JSONWriter) {
        writer.array("issues") { writer in
            for issue in issues {
                writer.object { writer in
                    writer.field("path", issue.path)
                    writer.field("message", issue.message)
                }
            }
        }
        writer.array("left_to_tasks") { writer in leftToTasks.forEach { writer.value($0) } }
    }
}
