package import JSON
package import Storage

/// Days of UTC, from midnight to midnight.
package struct DayRange: Sendable, Equatable {
    package let from: Timestamp
    /// The midnight that ends the last day.
    package let until: Timestamp

    private static let day = 86_400.0
    private static let usual = 30.0
    private static let most = 366.0

    /// Reads the first and the last day; without them the last 30 days.
    ///
    /// - Throws: `Issues` if the days are in the wrong order, or more than 366.
    package init(first: Timestamp?, last: Timestamp?, now: Timestamp) throws {
        until = (last ?? now).startOfDay.adding(seconds: Self.day)
        from = first?.startOfDay ?? until.adding(seconds: -Self.usual * Self.day)
        guard from < until else { throw Issues("from", "`from` must not be after `to`; exchange them.") }
        guard until - from <= Self.most * Self.day else {
            throw Issues("from", "`from` and `to` may be at most 366 days apart; ask for less at a time.")
        }
    }
}

/// When people work and how well: hours, statistics, and what each of them handed in.
package struct StaffOperations: Sendable {
    private let environment: WorkEnvironment

    /// Without any input for this long, nobody is at work.
    private static let idleSeconds = 300.0
    /// How long a page may be offline before its moments come too late.
    private static let lateSeconds = 86_400.0
    /// Of how many items the time is looked at for a median.
    private static let sample = 1000

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    // MARK: Hours

    /// Counts moments of input on a work item, each told in seconds before now.
    ///
    /// Only time since the item was made, and of the last day, counts, and only of whoever holds or has handed it in. What somebody
    /// else holds meanwhile, or what is not there, counts nothing: a page may learn late that its work was given back.
    /// Returns by how many seconds the person's time grew.
    package func count(_ ages: [Double], on id: String, by actor: Actor) async throws -> Double {
        let person = try WorkOperations.person(actor)
        let (realm, now) = (actor.realm.id, environment.now())
        return try await environment.database.write { db in
            guard let item = try db.workItem(realm: realm, id: id),
                item.leaseHolder == person || item.submittedBy == person
            else { return 0 }
            let first = max(item.createdAt, now.adding(seconds: -Self.lateSeconds))
            let moments = ages.map { now.adding(seconds: -max(0, $0)) }.filter { $0 >= first }
            return try db.addWorkMoments(moments, user: person, item: item, idle: Self.idleSeconds)
        }
    }

    /// Who worked on what, by day.
    package func hours(
        _ days: DayRange, person: String? = nil, project: String? = nil, limit: Int, offset: Int, by actor: Actor
    ) async throws -> [WorkHoursRow] {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            let project = try project.map { try db.existingProject(realm: realm, named: $0).id }
            return try db.workHours(
                realm: realm, user: person, project: project, from: days.from, until: days.until, limit: limit,
                offset: offset)
        }
    }

    // MARK: Statistics

    /// What everybody in the account did.
    package func statistics(
        _ days: DayRange, project: String?, limit: Int, offset: Int, by actor: Actor
    ) async throws -> [(member: MemberRow, statistics: PersonStatistics)] {
        let realm = actor.realm
        return try await environment.database.read { db in
            let project = try project.map { try db.existingProject(realm: realm.id, named: $0).id }
            let members = try db.members(account: realm.account).filter { $0.state != .invited }
            return try members.dropFirst(offset).prefix(limit).map { member in
                let statistics = try db.personStatistics(
                    realm: realm.id, user: member.user.id, project: project, from: days.from, until: days.until,
                    sample: Self.sample)
                return (member, statistics)
            }
        }
    }

    /// What a person handed in, the latest first.
    package func history(
        before: (at: Timestamp, id: String)?, limit: Int, by actor: Actor
    ) async throws -> [WorkHistoryRow] {
        let (person, realm) = (try WorkOperations.person(actor), actor.realm.id)
        return try await environment.database.read { db in
            try db.workHistory(realm: realm, user: person, before: before, limit: limit)
        }
    }

    /// The time, to read days by.
    package var now: Timestamp { environment.now() }
}

extension WorkHoursRow {
    /// Writes the row; `isOwn` leaves out who it is about.
    package func write(to writer: inout JSONWriter, isOwn: Bool = false) {
        writer.object { writer in
            writer.field("day", String(day.iso8601.prefix(10)))
            if !isOwn {
                writer.object("person") { writer in
                    writer.field("id", userID)
                    writer.field("name", name)
                    writer.field("email", email)
                }
            }
            writer.key("project")
            if let project { writer.value(project) } else { writer.null() }
            writer.field("seconds", seconds.rounded())
            writer.field("items", items)
        }
    }
}

extension PersonStatistics {
    /// The middle of the times, or the mean of the two in the middle.
    var medianSeconds: Double? {
        guard !times.isEmpty else { return nil }
        return (times[(times.count - 1) / 2] + times[times.count / 2]) / 2
    }

    /// Writes the figures with the samples they rest on.
    package func write(of member: MemberRow, to writer: inout JSONWriter) {
        func write(_ name: StaticString, _ counts: ReviewCounts, to writer: inout JSONWriter) {
            writer.object(name) { writer in
                writer.field("sample", counts.sample)
                writer.field("accepted", counts.accepted)
                writer.field("fixed", counts.fixed)
                writer.field("rejected", counts.rejected)
            }
        }
        writer.object { writer in
            writer.object("person") { writer in
                writer.field("id", member.user.id)
                writer.field("name", member.user.name)
                writer.field("email", member.user.email)
                writer.field("role", member.role.rawValue)
            }
            writer.field("seconds", seconds.rounded())
            writer.field("done", done)
            writer.object("time") { writer in
                writer.key("median_seconds")
                if let medianSeconds { writer.value(medianSeconds) } else { writer.null() }
                writer.field("sample", times.count)
            }
            write("reviews", received, to: &writer)
            write("given", given, to: &writer)
        }
    }
}

extension WorkHistoryRow {
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("work", id)
            writer.field("kind", kind.rawValue)
            writer.field("type", type)
            writer.key("project")
            if let project { writer.value(project) } else { writer.null() }
            writer.field("submitted_at", time: submittedAt.microseconds)
            writer.key("seconds")
            if let seconds { writer.value(seconds.rounded()) } else { writer.null() }
            writer.field("status", status.rawValue)
            writer.key("verdict")
            if let verdict { writer.value(verdict) } else { writer.null() }
        }
    }

    /// Where the list goes on behind this row.
    package var cursor: String { "\(submittedAt.microseconds)-\(id)" }

    /// Reads what `cursor` gave.
    package static func place(_ cursor: String) -> (at: Timestamp, id: String)? {
        let parts = cursor.split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let at = Int64(parts[0]) else { return nil }
        return (Timestamp(microseconds: at), String(parts[1]))
    }
}
