import Foundation

/// An inclusive range of times; what is missing does not bound.
package struct TimeRange: Sendable, Equatable {
    package var from: Timestamp?

    /// The upper bound, which covers its whole millisecond.
    package var through: Timestamp?

    package init(from: Timestamp? = nil, through: Timestamp? = nil) {
        self.from = from
        self.through = through
    }

    /// Whether it bounds nothing.
    package var isUnbounded: Bool { from == nil && through == nil }

    func condition(_ column: SQL) -> SQL {
        var condition: SQL = ""
        if let from { condition += " AND \(column) >= \(from)" }
        if let through { condition += " AND \(column) <= \(through.endOfMillisecond)" }
        return condition
    }
}

/// Which tasks a list or a total is about; empty members do not filter.
package struct TaskFilter: Sendable, Equatable {
    package var projectID: String?
    package var batchID: String?
    package var type: String?

    /// Any of these.
    package var statuses: [TaskRow.Status]
    package var created: TimeRange
    package var completed: TimeRange
    package var updated: TimeRange
    package var reviews: [TaskRow.ReviewStatus]

    /// Any of these unique ids.
    package var uniqueIDs: [String]

    /// Any of these tags.
    package var tags: [String]

    /// Only those that have a unique id.
    package var hasUniqueID = false

    /// Words that a task must have.
    package var search: SearchTerms?

    /// The only status that is wanted, if there is one.
    package var status: TaskRow.Status? {
        get { statuses.count == 1 ? statuses[0] : nil }
        set { statuses = newValue.map { [$0] } ?? [] }
    }

    package init(
        projectID: String? = nil, batchID: String? = nil, type: String? = nil, status: TaskRow.Status? = nil,
        created: TimeRange = TimeRange(), completed: TimeRange = TimeRange(), updated: TimeRange = TimeRange(),
        reviews: [TaskRow.ReviewStatus] = [], uniqueIDs: [String] = [], tags: [String] = [],
        search: SearchTerms? = nil
    ) {
        self.projectID = projectID
        self.batchID = batchID
        self.type = type
        statuses = status.map { [$0] } ?? []
        self.created = created
        self.completed = completed
        self.updated = updated
        self.reviews = reviews
        self.uniqueIDs = uniqueIDs
        self.tags = tags
        self.search = search
    }
}

/// A position in a list of tasks: the last task already sent.
package struct TaskCursor: Sendable, Equatable {
    package var createdAt: Timestamp
    package var id: String

    package init(createdAt: Timestamp, id: String) {
        self.createdAt = createdAt
        self.id = id
    }

    /// The position as clients hold it: Base64 of `{"id":…,"created_at":…}`, with the microseconds beside.
    package var token: String {
        let text = #"{"id":"\#(id)","created_at":"\#(createdAt.iso8601)","at":\#(createdAt.microseconds)}"#
        return Data(text.utf8).base64EncodedString()
    }

    /// Reads a position; nil for anything that `token` did not make.
    package init?(token: String) {
        guard let data = Data(base64Encoded: token) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        guard
            let match = text.wholeMatch(
                of: /\{"id":"([0-9a-f]{24})","created_at":"[0-9T:.Z-]+","at":(-?[0-9]{1,18})\}/),
            let microseconds = Int64(match.2)
        else { return nil }
        self.init(createdAt: Timestamp(microseconds: microseconds), id: String(match.1))
    }
}

/// Some tasks of a list.
package struct TaskPage: Sendable {
    /// The tasks, newest first.
    package var rows: [TaskRow]

    /// Whether more follow.
    package var hasMore: Bool

    /// Where the rest begins; nil if nothing follows.
    package var next: TaskCursor?
}

/// How many tasks a filter is about.
package struct TaskTotal: Sendable, Equatable {
    package var count: Int

    /// Whether there are no more; counting may have stopped.
    package var isExact: Bool

    package init(count: Int, isExact: Bool) {
        self.count = count
        self.isExact = isExact
    }
}

/// How far counting goes before it says "at least": what a page waits for must not grow with the number of tasks.
package struct CountDepth: Sendable, Equatable {
    /// Entries of one index, of which a hundred thousand take about 8 ms, on PostgreSQL 30.
    var entries: Int?

    /// Tasks that are looked up one by one, of which ten thousand take 5 to 40 ms, by how far they lie apart.
    var looks: Int?

    /// To the end, however long it takes.
    package static let exact = CountDepth()

    /// As far as somebody at a page waits for.
    package static let quick = CountDepth(entries: 250_000, looks: 12_500)
}

extension Connection {
    /// A page of the tasks a filter is about, newest first.
    package func tasks(
        realm: Int64, filter: TaskFilter, after cursor: TaskCursor? = nil, offset: Int = 0, limit: Int
    ) throws -> TaskPage {
        let ids: [String]
        let wanted = limit + 1
        if filter.search == nil {
            let candidates = try candidates(TaskSearch(realm: realm, filter: filter), after: cursor, wanted + offset)
            ids = try texts("\(candidates) LIMIT \(wanted) OFFSET \(offset)")
        } else {
            let page = try taskIDs(
                realm: realm, filter: filter, after: cursor.map { TaskPosition(after: $0) }, limit: wanted + offset)
            ids = Array(page.ids.dropFirst(offset))
        }
        var rows = try tasks(realm: realm, ids: Array(ids.prefix(limit)))
        let hasMore = ids.count > limit
        // On PostgreSQL a page may be read outside a snapshot; the order of the first look counts.
        if rows.count > limit { rows.removeLast(rows.count - limit) }
        let next = hasMore ? rows.last.map { TaskCursor(createdAt: $0.createdAt, id: $0.id) } : nil
        return TaskPage(rows: rows, hasMore: hasMore, next: next)
    }

    /// Finds tasks newest first, by the way that costs least.
    func candidates(_ search: TaskSearch, after cursor: TaskCursor?, _ count: Int) throws -> SQL {
        switch search.way {
        case .uniqueIDs, .tags: return search.sorted(after: cursor, first: count)
        case .reviews, .scope: return search.merged(after: cursor, first: count)
        case .completed, .updated:
            // Few matches are sought by their times and sorted. Where many are left, the newest tasks are walked instead,
            // since a hundred matches are then never far.
            let few = try integer(search.count(after: cursor, atMost: TaskSearch.few)) < TaskSearch.few
            return few ? search.sorted(after: cursor, first: count) : search.walked(after: cursor, first: count)
        }
    }

    /// How many tasks a filter is about, exactly.
    package func taskTotal(realm: Int64, filter: TaskFilter) throws -> Int {
        try taskTotal(realm: realm, filter: filter, .exact).count
    }

    /// How many tasks a filter is about, as exactly as a depth allows.
    package func taskTotal(realm: Int64, filter: TaskFilter, _ depth: CountDepth) throws -> TaskTotal {
        if let terms = filter.search { return try searchTotal(realm: realm, filter: filter, terms, depth) }
        let search = TaskSearch(realm: realm, filter: filter)
        if filter.hasUniqueID { return try identifiedTotal(search, depth) }
        if search.isCounted { return TaskTotal(count: try counted(search), isExact: true) }
        guard search.isRangeAlone, try coversMost(search) else {
            let count = try integer(search.count(atMost: depth.entries))
            return TaskTotal(count: count, isExact: depth.entries.map { count < $0 } ?? true)
        }
        // What is outside is less to count than what is inside, and all there is stands in the counters.
        if search.way == .completed, !filter.statuses.isEmpty, !filter.statuses.contains(.completed) {
            return TaskTotal(count: 0, isExact: true)
        }
        let all = try counted(search, as: search.way == .completed ? [.completed] : filter.statuses)
        return TaskTotal(count: try all - search.outside.reduce(0) { try $0 + integer($1) }, isExact: true)
    }

    /// What the counters say of a filter's project, batch, type and status.
    func counted(_ search: TaskSearch, as statuses: [TaskRow.Status]? = nil) throws -> Int {
        let (filter, statuses) = (search.filter, Set(statuses ?? search.filter.statuses))
        func total(_ status: TaskRow.Status?) throws -> Int {
            try countedTotal(
                realm: search.realm, project: filter.projectID, batch: filter.batchID, type: filter.type,
                status: status)
        }
        return statuses.isEmpty ? try total(nil) : try statuses.reduce(0) { try $0 + total($1) }
    }

    /// Whether a range of times probably holds more than half of the tasks that have such a time.
    private func coversMost(_ search: TaskSearch) throws -> Bool {
        guard let first = try query(search.end(last: false)).first?.values.first,
            let last = try query(search.end(last: true)).first?.values.first,
            case .integer(let first) = first, case .integer(let last) = last
        else { return false }
        let range = search.range
        let from = max(range.from?.microseconds ?? first, first)
        let through = min(range.through?.microseconds ?? last, last)
        return Double(through) - Double(from) > (Double(last) - Double(first)) / 2
    }
}
