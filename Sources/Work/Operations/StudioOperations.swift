package import JSON
package import Storage

/// A batch as the Studio endpoints show it.
package struct StudioBatch: Sendable {
    package let row: BatchRow
    package let counts: StatusCounts?
    package let groups: [GroupRow]
}

/// Who works on what: assignments, groups and the order of batches.
package struct StudioOperations: Sendable {
    let environment: WorkEnvironment

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    // MARK: Assignments

    /// Projects by name for each active person by e-mail address.
    package func assignments(by actor: Actor) async throws -> [AssignmentRow] {
        let realm = actor.realm.id
        return try await environment.database.read { db in try db.assignments(realm: realm) }
    }

    /// Assigns people to projects, or ends that.
    package func assign(
        _ emails: [String], to projects: [String], ends: Bool, by actor: Actor
    ) async throws -> [AssignmentRow] {
        let now = environment.now()
        let realm = actor.realm
        return try await environment.database.write { db in
            let users = try Self.users(emails, path: "emails", account: realm.account, in: db)
            let ids = try projects.map { name in
                let project = try db.existingProject(realm: realm.id, named: name)
                return project.id
            }
            if ends {
                try db.unassign(realm: realm.id, users: users, projects: ids)
            } else {
                try db.assign(realm: realm.id, users: users, projects: ids, at: now)
            }
            for id in ids {
                try db.append(
                    NewEvent(
                        realm: realm.id, at: now, actor: actor.label, objectKind: "project", objectID: id,
                        action: ends ? "project.unassigned" : "project.assigned", after: Self.list(emails)))
            }
            return try db.assignments(realm: realm.id)
        }
    }

    // MARK: Batches

    /// Batches that are not completed, in the order in which they are worked on.
    package func batches(by actor: Actor) async throws -> [StudioBatch] {
        let realm = actor.realm.id
        return try await environment.database.read { db in try Self.batches(realm, in: db) }
    }

    /// Sets the groups that work on a batch; a person's e-mail address may stand for a group.
    package func setGroups(_ groups: [String], of batch: String, by actor: Actor) async throws -> StudioBatch {
        let now = environment.now()
        let realm = actor.realm
        return try await environment.database.write { db in
            guard let row = try db.batch(realm: realm.id, named: batch),
                let project = try db.project(realm: realm.id, id: row.projectID)
            else { throw Refusal.noSuchBatch(batch) }
            let ids = try groups.enumerated().map { index, name in
                if let group = try db.group(project: project.id, named: name) { return group.id }
                guard name.contains("@") else {
                    throw Issues(
                        "groups[\(index)]",
                        "`groups[\(index)]` \(JSONWriter.quoted(name)) is not a group of this project.")
                }
                let members = try Self.assigned([name], path: "groups", to: project, realm, in: db)
                let single = GroupRow(
                    id: Identifier.make(now), realm: realm.id, projectID: project.id, name: name, isSingleton: true,
                    createdAt: now, members: [])
                _ = try db.insertGroup(single)
                try db.addGroupMembers(group: single.id, users: members)
                return single.id
            }
            try db.setBatchGroups(batch: row.id, groups: ids)
            try Self.record(
                "batch.groups_set", row.id, kind: "batch", after: Self.list(groups), by: actor, in: db, now: now)
            guard let after = try Self.studio([row], realm.id, in: db).first else { throw Refusal.noSuchBatch(batch) }
            return after
        }
    }

    /// Puts all batches that are not completed in a new order; nil puts them in the default one.
    package func setOrder(_ names: [String]?, by actor: Actor) async throws -> [StudioBatch] {
        let now = environment.now()
        let realm = actor.realm.id
        return try await environment.database.write { db in
            let current = try db.studioBatches(realm: realm)
            if let names {
                let ids = Dictionary(current.map { ($0.name, $0.id) }) { first, _ in first }
                let missing = Set(ids.keys).subtracting(names).sorted()
                let unknown = names.filter { ids[$0] == nil }
                guard missing.isEmpty, unknown.isEmpty, Set(names).count == names.count else {
                    throw Issues(
                        "batches",
                        "`batches` must name every pending batch once; missing: \(missing), unknown: \(unknown).")
                }
                try db.setStudioOrder(realm: realm, batches: names.compactMap { ids[$0] }, at: now)
            } else {
                try db.resetStudioOrder(realm: realm, at: now)
            }
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor.label, objectKind: "realm", objectID: actor.realm.account,
                    action: "batches.ordered", after: Self.list(names ?? [])))
            return try Self.batches(realm, in: db)
        }
    }

    // MARK: Parts

    private static func batches(_ realm: Int64, in db: any Connection) throws -> [StudioBatch] {
        try studio(try db.studioBatches(realm: realm), realm, in: db)
    }

    private static func studio(_ rows: [BatchRow], _ realm: Int64, in db: any Connection) throws -> [StudioBatch] {
        let counts = try db.batchCounts(realm: realm, ids: rows.map(\.id))
        let groups = try db.batchGroups(batches: rows.map(\.id))
        return rows.map { StudioBatch(row: $0, counts: counts[$0.id], groups: groups[$0.id] ?? []) }
    }

    /// The ids of teammates, all of whom must be there.
    static func users(
        _ emails: [String], path: String, account: String, in db: any Connection
    ) throws -> [String] {
        var issues: [Issue] = []
        let ids = try emails.enumerated().compactMap { index, email -> String? in
            if let user = try db.user(email: email), try db.member(account: account, user: user.id) != nil {
                return user.id
            }
            issues.append(
                Issue(path: "\(path)[\(index)]", message: "`\(path)[\(index)]` \(email) is not in this team."))
            return nil
        }
        guard issues.isEmpty else { throw Issues(issues) }
        return ids
    }

    /// The ids of teammates, all of whom must be assigned to the project.
    static func assigned(
        _ emails: [String], path: String, to project: ProjectRow, _ realm: RealmContext, in db: any Connection
    ) throws -> [String] {
        let ids = try users(emails, path: path, account: realm.account, in: db)
        let assigned = Set(
            try db.assignments(realm: realm.id).filter { $0.projectID == project.id }.map(\.userID))
        let issues = zip(emails, ids).enumerated().filter { !assigned.contains($0.element.1) }.map { index, pair in
            Issue(
                path: "\(path)[\(index)]",
                message: "`\(path)[\(index)]` \(pair.0) is not assigned to the project; assign them first.")
        }
        guard issues.isEmpty else { throw Issues(issues) }
        return ids
    }

    static func record(
        _ action: String, _ id: String, kind: String = "group", before: String? = nil, after: String?, by actor: Actor,
        in db: any Connection,
        now: Timestamp
    ) throws {
        try db.append(
            NewEvent(
                realm: actor.realm.id, at: now, actor: actor.label, objectKind: kind, objectID: id, action: action,
                before: before, after: after))
    }

    static func list(_ texts: [String]) -> String {
        var writer = JSONWriter()
        writer.array { writer in texts.forEach { writer.value($0) } }
        return writer.text
    }
}

extension StudioBatch {
    /// Writes the batch as the Studio endpoints show it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", row.id)
            writer.field("name", row.name)
            writer.field("projectId", row.projectID)
            writer.field("projectName", row.project)
            writer.field(
                "batchType",
                row.kind == .calibration ? "Calibration" : row.kind == .selfLabel ? "SelfLabel" : "Production")
            writer.field("studioPriority", ifPresent: row.studioPosition)
            writer.field("total", counts?.total ?? 0)
            writer.field("completed", counts?.completed ?? 0)
            writer.array("groups") { writer in groups.forEach { writer.value($0.name) } }
        }
    }
}
