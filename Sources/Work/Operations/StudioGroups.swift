package import JSON
package import Storage

extension StudioOperations {
    /// The groups of a project.
    package func groups(of project: String, by actor: Actor) async throws -> [GroupRow] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            let row = try db.existingProject(realm: realm, named: project)
            return try db.groups(project: row.id)
        }
    }

    /// Creates a group of people who are assigned to the project.
    package func createGroup(
        _ name: String, _ emails: [String], in project: String, by actor: Actor
    ) async throws -> GroupRow {
        let now = environment.now()
        let realm = actor.realm
        return try await environment.database.write { db in
            let row = try db.existingProject(realm: realm.id, named: project)
            let members = try Self.assigned(emails, path: "emails", to: row, realm, in: db)
            let group = GroupRow(
                id: Identifier.make(now), realm: realm.id, projectID: row.id, name: name, isSingleton: false,
                createdAt: now, members: [])
            guard try db.insertGroup(group) else {
                throw Self.duplicate(name)
            }
            try db.addGroupMembers(group: group.id, users: members)
            try Self.record("group.created", group.id, after: Self.list(emails), by: actor, in: db, now: now)
            return try Self.group(name, in: row, db)
        }
    }

    /// Adds people to a group and takes others out.
    package func updateGroup(
        _ name: String, in project: String, add: [String], remove: [String], by actor: Actor
    ) async throws -> GroupRow {
        let now = environment.now()
        let realm = actor.realm
        return try await environment.database.write { db in
            let row = try db.existingProject(realm: realm.id, named: project)
            let group = try Self.group(name, in: row, db)
            let added = try Self.assigned(add, path: "add_emails", to: row, realm, in: db)
            let removed = try Self.users(remove, path: "remove_emails", account: realm.account, in: db)
            try db.addGroupMembers(group: group.id, users: added)
            try db.removeGroupMembers(group: group.id, users: removed)
            let after = try Self.group(name, in: row, db)
            try Self.record(
                "group.updated", group.id, after: Self.list(after.members.map(\.email)), by: actor, in: db, now: now)
            return after
        }
    }

    /// Gives a group another name; batches that are kept for it stay so.
    package func renameGroup(
        _ name: String, to newName: String, in project: String, by actor: Actor
    ) async throws -> GroupRow {
        let now = environment.now()
        let realm = actor.realm
        return try await environment.database.write { db in
            let row = try db.existingProject(realm: realm.id, named: project)
            let group = try Self.group(name, in: row, db)
            guard newName != name else { return group }
            guard try db.group(project: row.id, named: newName) == nil else { throw Self.duplicate(newName) }
            try db.renameGroup(group.id, to: newName)
            try Self.record(
                "group.renamed", group.id, before: Self.named(name), after: Self.named(newName), by: actor, in: db,
                now: now)
            return try Self.group(newName, in: row, db)
        }
    }

    /// Dissolves a group.
    ///
    /// Refuses while a batch that is not done is kept for it alone: everybody would get that then.
    package func removeGroup(_ name: String, in project: String, by actor: Actor) async throws {
        let now = environment.now()
        let realm = actor.realm
        try await environment.database.write { db in
            let row = try db.existingProject(realm: realm.id, named: project)
            let group = try Self.group(name, in: row, db)
            let kept = try db.batchesKeptForGroupAlone(group.id)
            guard kept.isEmpty else {
                let names = kept.prefix(5).map(JSONWriter.quoted).joined(separator: ", ")
                throw Refusal(
                    .conflict,
                    "Only this group gets the batches \(names)\(kept.count > 5 ? " and others" : ""); give them to "
                        + "other groups or to everybody first.")
            }
            try db.removeGroup(group.id)
            try Self.record(
                "group.removed", group.id, before: Self.named(name), after: nil, by: actor, in: db, now: now)
        }
    }

    // MARK: Parts

    private static func duplicate(_ name: String) -> Refusal {
        Refusal(.duplicate, "A group named \(JSONWriter.quoted(name)) already exists in this project.")
    }

    private static func group(_ name: String, in project: ProjectRow, _ db: any Connection) throws -> GroupRow {
        guard let group = try db.group(project: project.id, named: name) else {
            throw Refusal(.notFound, "There is no group named \(JSONWriter.quoted(name)) in this project.")
        }
        return group
    }

    private static func named(_ name: String) -> String {
        var writer = JSONWriter()
        writer.object { $0.field("name", name) }
        return writer.text
    }
}

extension GroupRow {
    /// Writes the group as the annotation API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("name", name)
            writer.field("numWorkers", members.count)
            writer.field("isSingleton", isSingleton)
            writer.array("workers") { writer in
                for member in members {
                    writer.object { writer in
                        writer.field("id", member.userID)
                        writer.field("email", member.email)
                    }
                }
            }
        }
    }
}
