import Media
package import Storage

/// What a list of tasks is asked for.
package struct TaskListing: Sendable {
    /// Project and batch by name.
    package var project: String?
    package var batch: String?
    package var filter = TaskFilter()
    package var after: TaskCursor?
    package var offset = 0
    package var limit = 100

    package init() {}
}

/// A task and what its wire form needs beside the row.
package struct TaskWithExtras: Sendable {
    package let row: TaskRow
    package let extras: TaskExtras

    package init(row: TaskRow, extras: TaskExtras) {
        self.row = row
        self.extras = extras
    }
}

/// One page of a list of tasks.
package struct TaskListPage: Sendable {
    package let tasks: [TaskWithExtras]
    package let total: Int
    package let next: TaskCursor?
}

extension TaskOperations {
    /// One task.
    package func task(_ id: String, by actor: Actor) async throws -> TaskWithExtras {
        guard Identifier.isValid(id) else { throw Refusal.noSuchTask }
        let realm = actor.realm.id
        let found = try await environment.database.read { db -> (TaskRow, [AuditRow], [AttachmentRow])? in
            guard let row = try db.task(realm: realm, id: id) else { return nil }
            return (row, try Self.audits(of: [row], in: db), try Self.pages(of: [row], in: db))
        }
        guard let (row, audits, attachments) = found else { throw Refusal.noSuchTask }
        return TaskWithExtras(
            row: row, extras: TaskExtras(isTest: actor.realm.isTest, audits: audits, attachments: attachments))
    }

    /// The extras of a task that an operation just answered.
    package func withExtras(_ row: TaskRow, by actor: Actor) async throws -> TaskWithExtras {
        guard row.reviewStatus != nil || row.showsPages else {
            return TaskWithExtras(row: row, extras: TaskExtras(isTest: actor.realm.isTest))
        }
        return try await task(row.id, by: actor)
    }

    /// A page of tasks, newest first, with the number of all that match.
    ///
    /// A project or batch that is not there matches nothing.
    package func list(_ listing: TaskListing, links: Bool, by actor: Actor) async throws -> TaskListPage {
        let realm = actor.realm.id
        let now = environment.now()
        let found = try await environment.database.read { db in
            try Self.found(listing, realm: realm, links: links, in: db)
        }
        guard let found else { return TaskListPage(tasks: [], total: 0, next: nil) }
        let link = links ? link(realm: realm, now: now) : nil
        let tasks = found.page.rows.map { row in
            TaskWithExtras(
                row: row,
                extras: TaskExtras(
                    isTest: actor.realm.isTest, audits: found.audits[row.id] ?? [],
                    attachments: found.attachments[row.id] ?? [], links: link))
        }
        return TaskListPage(tasks: tasks, total: found.total, next: found.page.hasMore ? found.page.next : nil)
    }

    /// Makes the links to our copies of attachments.
    private func link(realm: Int64, now: Timestamp) -> @Sendable (AttachmentRow) -> String? {
        let links = environment.links
        return { row in
            guard let hash = row.hash else { return nil }
            return links.address(.attachment, realm: realm, hash: hash, now: now)
        }
    }

    /// What one read brings for a page.
    private struct Found: Sendable {
        let page: TaskPage
        let total: Int
        let audits: [String: [AuditRow]]
        let attachments: [String: [AttachmentRow]]
    }

    private static func found(
        _ listing: TaskListing, realm: Int64, links: Bool, in db: any Connection
    ) throws -> Found? {
        guard let filter = try listing.resolved(realm: realm, in: db) else { return nil }
        let page = try db.tasks(
            realm: realm, filter: filter, after: listing.after, offset: listing.offset, limit: listing.limit)
        let attachments =
            links ? try db.attachments(realm: realm, tasks: page.rows.map(\.id)) : try pages(of: page.rows, in: db)
        return Found(
            page: page, total: try db.taskTotal(realm: realm, filter: filter),
            audits: Dictionary(grouping: try audits(of: page.rows, in: db), by: \.taskID),
            attachments: Dictionary(grouping: attachments, by: \.taskID))
    }

    /// A finished task's response, as a file.
    package func response(of id: String, by actor: Actor) async throws -> String {
        guard let response = try await task(id, by: actor).row.response else {
            throw Refusal(.notFound, "This task has no response yet.")
        }
        return response
    }

    /// Tasks with what their wire form needs beside the row; with all their files if these are asked for.
    static func withExtras(
        _ rows: [TaskRow], isTest: Bool, allFiles: Bool = false, in db: any Connection
    ) throws -> [TaskWithExtras] {
        let audits = Dictionary(grouping: try audits(of: rows, in: db), by: \.taskID)
        let files =
            if allFiles, let realm = rows.first?.realm {
                try db.attachments(realm: realm, tasks: rows.map(\.id))
            } else {
                try pages(of: rows, in: db)
            }
        let attachments = Dictionary(grouping: files, by: \.taskID)
        return rows.map { row in
            TaskWithExtras(
                row: row,
                extras: TaskExtras(
                    isTest: isTest, audits: audits[row.id] ?? [], attachments: attachments[row.id] ?? []))
        }
    }

    private static func audits(of rows: [TaskRow], in db: any Connection) throws -> [AuditRow] {
        let reviewed = rows.filter { $0.reviewStatus != nil }
        guard let realm = reviewed.first?.realm else { return [] }
        return try db.audits(realm: realm, tasks: reviewed.map(\.id))
    }

    /// The files of tasks whose wire form shows the sizes of their pages.
    private static func pages(of rows: [TaskRow], in db: any Connection) throws -> [AttachmentRow] {
        let documents = rows.filter(\.showsPages)
        guard let realm = documents.first?.realm else { return [] }
        return try db.attachments(realm: realm, tasks: documents.map(\.id))
    }
}
