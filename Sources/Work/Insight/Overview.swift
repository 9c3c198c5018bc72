package import JSON
import Labeling
package import Storage

/// How a project, or an account, is doing.
package struct Overview: Sendable {
    struct Project: Sendable {
        let row: ProjectRow
        let counts: StatusCounts
        let completed: Int
        let lastDay: Int64?
    }

    let now: Timestamp
    let isComplete: Bool
    let counts: StatusCounts
    let days: ClosedRange<Int64>
    let figures: [FigureRow]
    let pendingDays: [(day: Int64, n: Int)]
    let oldest: Timestamp?
    /// The account's projects; nil where one was asked for.
    let projects: [Project]?

    private static let ages: [Int?] = [1, 3, 7, 30, nil]

    private func sum(_ name: String) -> Int { figures.reduce(0) { $0 + ($1.name == name ? $1.n : 0) } }

    /// Sums by what follows a prefix of names.
    private func sums(_ prefix: String) -> [(name: String, n: Int)] {
        var sums: [String: Int] = [:]
        for figure in figures where figure.name.hasPrefix(prefix) {
            sums[String(figure.name.dropFirst(prefix.count)), default: 0] += figure.n
        }
        return sums.map { ($0.key, $0.value) }.sorted { ($1.n, $0.name) < ($0.n, $1.name) }
    }

    private static func seconds(_ figures: some Sequence<FigureRow>) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for figure in figures where figure.name.hasPrefix(EventCount.Name.seconds) {
            guard let bucket = Int(figure.name.dropFirst(EventCount.Name.seconds.count)) else { continue }
            counts[bucket, default: 0] += figure.n
        }
        return counts
    }

    /// Writes the overview.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("as_of", time: now.microseconds)
            writer.field("complete", isComplete)
            writer.object("counts") { counts.writeMembers(to: &$0) }
            writer.array("days") { writeDays(to: &$0) }
            writer.object("time_per_task") { writeSeconds(to: &$0) }
            writer.object("queue") { writeQueue(to: &$0) }
            Self.write(sums(EventCount.Name.cause), "errors", "cause", to: &writer)
            writer.object("audits") { writer in
                for verdict in ["accepted", "rejected", "fixed", "commented"] {
                    writer.key(verdict)
                    writer.value(sum(EventCount.Name.audit + verdict))
                }
            }
            Self.write(sums(EventCount.Name.review), "reviews", "result", to: &writer)
            Self.write(sums(EventCount.Name.report), "reports", "kind", to: &writer)
            if let projects { writer.array("projects") { writer in projects.forEach { $0.write(to: &writer) } } }
        }
    }

    private static func write(
        _ sums: [(name: String, n: Int)], _ list: StaticString, _ member: StaticString, to writer: inout JSONWriter
    ) {
        writer.array(list) { writer in
            for sum in sums.prefix(20) {
                writer.object { writer in
                    writer.field(member, sum.name)
                    writer.field("n", sum.n)
                }
            }
        }
    }

    private func writeDays(to writer: inout JSONWriter) {
        let byDay = Dictionary(grouping: figures, by: \.day)
        for day in days {
            let figures = byDay[day] ?? []
            func n(_ name: String) -> Int { figures.first { $0.name == name }?.n ?? 0 }
            let seconds = Self.seconds(figures)
            writer.object { writer in
                writer.field("day", Self.text(day))
                writer.field("created", n(EventCount.Name.created))
                writer.field("completed", n(EventCount.Name.completed))
                writer.field("canceled", n(EventCount.Name.canceled))
                writer.field("error", n(EventCount.Name.error))
                writer.field("reopened", n(EventCount.Name.reopened))
                writer.field("n_seconds", seconds.values.reduce(0, +))
                if let median = Buckets.quantile(0.5, of: seconds) { writer.field("median_seconds", median) }
            }
        }
    }

    private func writeSeconds(to writer: inout JSONWriter) {
        let seconds = Self.seconds(figures)
        writer.field("n", seconds.values.reduce(0, +))
        if let median = Buckets.quantile(0.5, of: seconds) { writer.field("median_seconds", median) }
        if let most = Buckets.quantile(0.9, of: seconds) { writer.field("p90_seconds", most) }
        writer.array("buckets") { writer in
            for (bucket, n) in seconds.sorted(by: { $0.key < $1.key }) {
                writer.object { writer in
                    writer.field("from", Buckets.start(of: bucket))
                    writer.field("to", Buckets.start(of: bucket + 1))
                    writer.field("n", n)
                }
            }
        }
    }

    private func writeQueue(to writer: inout JSONWriter) {
        writer.field("pending", counts.pending)
        if let oldest { writer.field("oldest_at", time: oldest.microseconds) }
        var rest = pendingDays
        writer.array("ages") { writer in
            for age in Self.ages {
                let young = age.map { age in rest.filter { now.day - $0.day < age } } ?? rest
                rest = age.map { age in rest.filter { now.day - $0.day >= age } } ?? []
                writer.object { writer in
                    writer.key("up_to_days")
                    if let age { writer.value(age) } else { writer.null() }
                    writer.field("n", young.reduce(0) { $0 + $1.n })
                }
            }
        }
    }

    /// A day as `2024-01-31`.
    static func text(_ day: Int64) -> String { String(Timestamp(day: day).iso8601.prefix(10)) }
}

extension Overview.Project {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", row.id)
            writer.field("name", row.name)
            writer.object("counts") { counts.writeMembers(to: &$0) }
            writer.field("completed_7_days", completed)
            if let lastDay { writer.field("last_completed_day", Overview.text(lastDay)) }
        }
    }
}

extension StatusCounts {
    func writeMembers(to writer: inout JSONWriter) {
        writer.field("pending", pending)
        writer.field("completed", completed)
        writer.field("canceled", canceled)
        writer.field("error", error)
        writer.field("total", total)
    }
}

/// Figures, the ledger and the log, for those who run projects.
package struct InsightOperations: Sendable {
    let environment: WorkEnvironment

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    /// The most projects that an overview of an account lists.
    private static let mostProjects = 100

    /// How the account, or a project of the name, did over so many days up to today.
    package func overview(project name: String?, days: Int, by actor: Actor) async throws -> Overview {
        let realm = actor.realm
        let now = environment.now()
        let range = (now.day - Int64(days) + 1)...now.day
        return try await environment.database.read { db in
            let project = try name.map { try db.existingProject(realm: realm.id, named: $0) }
            let scope = project?.id ?? ""
            return Overview(
                now: now, isComplete: try db.isCounted(account: realm.account),
                counts: try db.statusCounts(realm: realm.id, scopes: [scope])[scope] ?? StatusCounts(), days: range,
                figures: try db.figures(realm: realm.id, scope: scope, days: range),
                pendingDays: try db.pendingDays(realm: realm.id, scope: scope),
                oldest: try db.oldestPending(realm: realm.id, project: project?.id),
                projects: project == nil ? try Self.projects(realm: realm.id, now: now, in: db) : nil)
        }
    }

    private static func projects(realm: Int64, now: Timestamp, in db: any Connection) throws -> [Overview.Project] {
        let rows = try db.newestProjects(realm: realm, limit: mostProjects)
        let ids = rows.map(\.id)
        let counts = try db.statusCounts(realm: realm, scopes: ids)
        let recent = try db.figureSums(realm: realm, scopes: ids, name: EventCount.Name.completed, from: now.day - 6)
        return rows.map { row in
            Overview.Project(
                row: row, counts: counts[row.id] ?? StatusCounts(), completed: recent[row.id]?.n ?? 0,
                lastDay: recent[row.id]?.last)
        }
    }

    /// What happened in the account, newest first, before the last event already seen.
    package func activity(
        _ filter: EventFilter, before cursor: String?, limit: Int, by actor: Actor
    ) async throws -> [EventEntry] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            try EventEntry.all(
                try db.events(realm: realm, filter: filter, before: cursor, limit: limit), realm: realm, in: db)
        }
    }
}
