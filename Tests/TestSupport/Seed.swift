package import Storage

/// An account with a live and a test realm, for tests to fill.
package struct Seed: Sendable {
    package let account: String
    package let live: Int64
    package let test: Int64

    /// Makes the account.
    package static func account(_ name: String = "acme", in database: any Database) async throws -> Seed {
        try await database.write { db in
            let id = Identifier.make(start)
            let realms = RealmRow.Mode.allCases.map {
                NewRealm(mode: $0, callbackSecret: "callback-\($0)-\(name)", signingSecret: "signing-\($0)-\(name)")
            }
            _ = try db.createAccount(AccountRow(id: id, name: name, createdAt: start), realms: realms)
            let made = try db.realms(account: id)
            return Seed(account: id, live: made[0].id, test: made[1].id)
        }
    }

    /// The time tests begin at: 2026-01-01T00:00:00Z.
    package static let start = Timestamp(milliseconds: 1_767_225_600_000)

    /// Makes a person who is a member.
    package func user(
        _ email: String, role: MemberRow.Role = .labeler, state: MemberRow.State = .active, in database: any Database
    ) async throws -> String {
        try await database.write { db in
            let id = Identifier.make(Seed.start)
            _ = try db.insertUser(UserRow(id: id, email: email, name: email, createdAt: Seed.start))
            try db.setMember(account: account, user: id, role: role, state: state, at: Seed.start)
            return id
        }
    }

    /// Makes a project in the live realm.
    package func project(
        _ name: String, type: String = "imageannotation", product: ProjectRow.Product = .standard,
        in database: any Database
    ) async throws -> ProjectRow {
        try await database.write { db in
            let project = ProjectRow(
                id: Identifier.make(Seed.start), realm: live, name: name, type: type, product: product,
                createdAt: Seed.start)
            _ = try db.insertProject(project)
            return project
        }
    }

    /// Makes a batch in the live realm.
    package func batch(
        _ name: String, of project: ProjectRow, status: BatchRow.Status = .inProgress,
        kind: BatchRow.Kind = .production,
        at: Timestamp = Seed.start, in database: any Database
    ) async throws -> BatchRow {
        try await database.write { db in
            let batch = BatchRow(
                id: Identifier.make(at), realm: live, name: name, projectID: project.id, project: project.name,
                kind: kind, status: status, createdAt: at)
            _ = try db.insertBatch(batch)
            return batch
        }
    }

    /// A task of the live realm, not stored yet.
    package func task(
        at: Timestamp = Seed.start, type: String = "imageannotation", project: String? = nil, batch: String? = nil,
        stage: TaskRow.Stage = .queued, uniqueID: String? = nil, tags: [String] = [],
        attachments: [NewAttachment] = []
    ) -> NewTask {
        NewTask(
            id: Identifier.make(at), realm: live, type: type, stage: stage, projectID: project, batchID: batch,
            uniqueID: uniqueID, params: #"{"attachment":"https://example.com/a.png"}"#, tags: tags, createdAt: at,
            attachments: attachments)
    }
}
