package import Storage

/// A part of a table of tasks.
package struct TaskTablePage: Sendable {
    package let tasks: [TableTask]

    /// How many match in all; nil where it was not asked for.
    package let total: TaskTotal?
    package let next: TaskPosition?
}

/// Whether a table counts all that match: not at all, as far as a page waits for, or to the end.
package enum TaskCounting: Sendable {
    case not, quick, exact

    /// The total of a filter of which a page is known; nil where none is asked for.
    func total(realm: Int64, filter: TaskFilter, whole page: [String]?, in db: any Connection) throws -> TaskTotal? {
        guard self != .not else { return nil }
        // What was looked through for a page with nothing before or behind it need not be looked through again.
        if let page { return TaskTotal(count: page.count, isExact: true) }
        return try db.taskTotal(realm: realm, filter: filter, self == .exact ? .exact : .quick)
    }
}

extension TaskOperations {
    /// A part of the table of the tasks a listing is about, in an order, beginning behind a position.
    ///
    /// A project or batch that is not there matches nothing. Sorted by completion, the table has completed tasks only; sorted by
    /// unique id, only tasks that have one.
    package func table(
        _ listing: TaskListing, order: TaskOrder, after position: TaskPosition?, _ counting: TaskCounting,
        by actor: Actor
    ) async throws -> TaskTablePage {
        let (realm, isTest) = (actor.realm.id, actor.realm.isTest)
        return try await environment.database.read { db in
            let none = TaskTablePage(
                tasks: [], total: counting == .not ? nil : TaskTotal(count: 0, isExact: true), next: nil)
            guard var filter = try listing.resolved(realm: realm, in: db) else { return none }
            if order.key == .completedAt {
                guard filter.statuses.isEmpty || filter.statuses.contains(.completed) else { return none }
                filter.statuses = [.completed]
            }
            filter.hasUniqueID = order.key == .uniqueID
            let page = try db.taskIDs(
                realm: realm, filter: filter, order: order, after: position, limit: listing.limit)
            let rows = try db.listedTasks(realm: realm, ids: page.ids)
            let files = Dictionary(grouping: try db.attachments(realm: realm, tasks: page.ids), by: \.taskID)
            let tasks = rows.map { row in
                let attachments = files[row.head.id] ?? []
                return TableTask(
                    row: row, isTest: isTest, attachments: attachments.count,
                    picture: attachments.first { $0.thumbnailHash != nil })
            }
            let isAll = position == nil && page.next == nil
            let total = try counting.total(
                realm: realm, filter: filter, whole: isAll ? page.ids : nil, in: db)
            return TaskTablePage(tasks: tasks, total: total, next: page.next)
        }
    }

    /// Tags that begin with a text, for people to choose from.
    package func tags(startingWith start: String, limit: Int, by actor: Actor) async throws -> [String] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            try db.tags(realm: realm, startingWith: start, limit: limit)
        }
    }
}

extension TaskListing {
    /// The filter with the ids of project and batch; nil if there are no such.
    func resolved(realm: Int64, in db: any Connection) throws -> TaskFilter? {
        var filter = filter
        if let name = project {
            guard let project = try db.project(realm: realm, named: name) else { return nil }
            filter.projectID = project.id
        }
        if let name = batch {
            guard let batch = try db.batch(realm: realm, named: name) else { return nil }
            filter.batchID = batch.id
        }
        return filter
    }
}
