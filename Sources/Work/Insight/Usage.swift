package import JSON
import Labeling
package import NIOCore
package import Storage

/// What was done in a range of days, and what of it is billed.
package struct UsageSummary: Sendable {
    struct Share: Sendable {
        let project: String?
        let type: String
        var billable = 0
        var free = 0
    }

    let days: ClosedRange<Int64>
    let figures: [FigureRow]
    let shares: [Share]

    /// Writes the summary.
    package func write(to writer: inout JSONWriter) {
        let names = EventCount.Name.self
        func n(_ name: String) -> Int { figures.reduce(0) { $0 + ($1.name == name ? $1.n : 0) } }
        let byDay = Dictionary(grouping: figures, by: \.day)
        writer.object { writer in
            writer.field("from", Overview.text(days.lowerBound))
            writer.field("to", Overview.text(days.upperBound))
            writer.field("billable", n(names.billable))
            writer.field("lines", n(names.billable) + n(names.free))
            writer.array("by_project") { writer in
                for share in shares {
                    writer.object { writer in
                        writer.key("project")
                        if let project = share.project { writer.value(project) } else { writer.null() }
                        writer.field("type", share.type)
                        writer.field("billable", share.billable)
                        writer.field("not_billable", share.free)
                    }
                }
            }
            writer.array("by_day") { writer in
                for day in days {
                    func n(_ name: String) -> Int { byDay[day]?.first { $0.name == name }?.n ?? 0 }
                    writer.object { writer in
                        writer.field("day", Overview.text(day))
                        writer.field("billable", n(names.billable))
                        writer.field("not_billable", n(names.free))
                    }
                }
            }
        }
    }
}

extension NamedUsageLine {
    /// Writes a line of the ledger.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", line.id)
            writer.field("at", time: line.at.microseconds)
            writer.field("task_id", line.taskID)
            writer.field("unique_id", ifPresent: uniqueID)
            writer.field("project", ifPresent: project)
            writer.field("batch", ifPresent: batch)
            writer.field("type", line.type)
            writer.field("what", line.what.rawValue)
            writer.field("billable", line.isBillable)
            writer.field("annotations", line.annotations)
        }
    }

    /// The first line of a file of the ledger (RFC 4180).
    package static let csvHead = "at,task_id,unique_id,project,batch,type,what,billable,annotations\r\n"

    /// Writes the line in a file of the ledger.
    package func writeLine(to buffer: inout ByteBuffer) {
        buffer.writeCommaSeparated(
            [
                line.at.iso8601, line.taskID, uniqueID, project, batch, line.type, line.what.rawValue,
                line.isBillable ? "yes" : "no", String(line.annotations),
            ].map { $0.map(Self.tame) })
    }

    /// A value that a spreadsheet would run as a formula, kept from it by an apostrophe.
    private static func tame(_ text: String) -> String {
        switch text.utf8.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "\t"): "'" + text
        default: text
        }
    }
}

extension InsightOperations {
    /// What was done from one day through another, in the account or in a project of the name.
    package func usage(
        project name: String?, days: ClosedRange<Int64>, by actor: Actor
    ) async throws -> UsageSummary {
        let realm = actor.realm.id
        let names = TaskTypes.all.flatMap {
            [EventCount.Name.billableType + $0.name, EventCount.Name.freeType + $0.name]
        }
        return try await environment.database.read { db in
            let project = try name.map { try db.existingProject(realm: realm, named: $0) }
            let projects = try project.map { [$0] } ?? db.projects(realm: realm)
            let scopes = project == nil ? [""] + projects.map(\.id) : projects.map(\.id)
            let totals = try db.figureTotals(realm: realm, scopes: scopes, names: names, days: days)
            let names = Dictionary(projects.map { ($0.id, $0.name) }) { first, _ in first }
            return UsageSummary(
                days: days, figures: try db.figures(realm: realm, scope: project?.id ?? "", days: days),
                shares: Self.shares(totals, names))
        }
    }

    /// Totals by project and type; what belongs to no project is what the projects leave of the whole.
    private static func shares(
        _ totals: [(scope: String, name: String, n: Int)], _ names: [String: String]
    ) -> [UsageSummary.Share] {
        var sums: [String: [String: UsageSummary.Share]] = [:]
        func add(_ scope: String, _ name: String, _ n: Int) {
            let isBillable = name.hasPrefix(EventCount.Name.billableType)
            let prefix = isBillable ? EventCount.Name.billableType : EventCount.Name.freeType
            let type = String(name.dropFirst(prefix.count))
            var share = sums[scope]?[type] ?? UsageSummary.Share(project: names[scope], type: type)
            if isBillable { share.billable += n } else { share.free += n }
            sums[scope, default: [:]][type] = share
        }
        let isWhole = totals.contains { $0.scope.isEmpty }
        for total in totals {
            add(total.scope, total.name, total.n)
            if isWhole, !total.scope.isEmpty { add("", total.name, -total.n) }
        }
        return sums.values.flatMap(\.values).filter { $0.billable != 0 || $0.free != 0 }
            .sorted { ($0.project ?? "\u{10FFFF}", $0.type) < ($1.project ?? "\u{10FFFF}", $1.type) }
    }

    /// Lines of the ledger beyond the last one already seen; `project` by its name.
    package func usageLines(
        project name: String?, _ filter: UsageFilter, beyond cursor: String?, newestFirst: Bool, limit: Int,
        by actor: Actor
    ) async throws -> [NamedUsageLine] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            var filter = filter
            filter.projectID = try name.map { try db.existingProject(realm: realm, named: $0).id }
            return try db.usageLines(
                realm: realm, filter: filter, beyond: cursor, newestFirst: newestFirst, limit: limit)
        }
    }
}
