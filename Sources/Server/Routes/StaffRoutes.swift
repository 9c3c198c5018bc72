import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// When people work and how well, and what each of them has handed in.
struct StaffRoutes {
    let staff: StaffOperations

    var endpoints: [Endpoint] { [activity, hours, ownHours, statistics, history] }

    // MARK: Parts

    private static let from = QueryField<TimeBound>.time("from", "The first day, of UTC; 30 days ago by default.")
    private static let to = QueryField<TimeBound>.time("to", "The last day, of UTC; today by default.")
    private static let project = QueryField<String>.text("project", "Only work on this project, by its name.")
    private static let cursor = QueryField<String>.text(
        "cursor", "Where the page starts: the last answer's next.", length: 0...100)

    private func days(_ call: Call) throws -> DayRange {
        try DayRange(
            first: try call(Self.from).map { Timestamp(microseconds: $0.first) },
            last: try call(Self.to).map { Timestamp(microseconds: $0.first) }, now: staff.now)
    }

    /// Where a page starts that counts rows.
    private func offset(_ call: Call) throws -> Int {
        guard let text = try call(Self.cursor) else { return 0 }
        guard let offset = Int(text), (0...10_000_000).contains(offset) else { throw Self.badCursor }
        return offset
    }

    private static let badCursor = Issues("cursor", "`cursor` must be the `next` of an earlier answer.")

    private static func person(_ name: String, _ more: [Member] = []) -> Shape {
        Wire.answer(
            name,
            [
                .always("id", Wire.identifier, "Ours."), .always("name", Wire.text, "For people."),
                .always("email", Wire.text, "Who."),
            ] + more)
    }

    private static func page(_ name: String, _ member: FieldName, _ row: Shape, _ note: String) -> Shape {
        Wire.answer(
            name,
            [
                .always(member, Wire.list(of: row), note),
                .maybe("next", Wire.text, "Where the next page starts, if there is one."),
            ])
    }

    private static let projectName = Member.always("project", .either([.null, Wire.text]), "The project's name.")

    // MARK: Hours

    private static let beats = RequiredField(
        "beats", .array(of: .number(NumberRange(least: 0, most: 86_400)), count: 0...720),
        "Moments of any input, in seconds before now; one for every ten seconds is enough.")
    private static let beatsBody = Schema<[Double]>.object("WorkMoments", [beats]) { $0(Self.beats) }

    private var activity: Endpoint {
        .json(
            .post, "/api/work/{work}/activity", "work", .person(.workTake),
            "Tells when one was at work on an item; pauses of more than five minutes are not counted, nor any time twice.",
            body: Self.beatsBody, empty: nil,
            answers: Wire.answer(
                "ActivityCounted", [.always("counted", .number(.nonNegative), "The seconds that were new.")])
        ) { call, beats in
            let seconds = try await staff.count(beats, on: call.parameter("work"), by: call.actor)
            return .object { $0.field("counted", seconds) }
        }
    }

    private static let hoursMembers: [Member] = [
        projectName, .always("seconds", .number(.nonNegative), "Time at work."),
        .always("items", Wire.count, "How many work items it was spent on."),
    ]

    private var hours: Endpoint {
        let person = QueryField<String>.text("person", "Only of this person, by id.")
        let limit = QueryField<Int>.integer("limit", 1...1000, "The page size; 200 by default.")
        let row = Wire.answer(
            "Hours",
            [.always("day", Wire.text, "The day, of UTC."), .always("person", Self.person("HoursPerson"), "Who.")]
                + Self.hoursMembers)
        return .json(
            .get, "/api/hours", "people", .permitted(.usageRead), "Lists who worked on what for how long, by day.",
            query: [Self.from, Self.to, person, Self.project, limit, Self.cursor],
            answers: Self.page("HoursPage", "hours", row, "The latest day first.")
        ) { call in
            let size = try call(limit) ?? 200
            let start = try offset(call)
            let rows = try await staff.hours(
                try days(call), person: try call(person), project: try call(Self.project), limit: size + 1,
                offset: start, by: call.actor)
            return .object { writer in
                writer.array("hours") { writer in rows.prefix(size).forEach { $0.write(to: &writer) } }
                writer.field("next", ifPresent: rows.count > size ? String(start + size) : nil)
            }
        }
    }

    private var ownHours: Endpoint {
        let row = Wire.answer("OwnHours", [.always("day", Wire.text, "The day, of UTC.")] + Self.hoursMembers)
        return .json(
            .get, "/api/work/hours", "work", .person(.workTake), "Lists one's own hours by day and project.",
            query: [Self.from, Self.to],
            answers: Wire.answer("OwnHoursList", [.always("hours", Wire.list(of: row), "The latest day first.")])
        ) { call in
            let rows = try await staff.hours(
                try days(call), person: try call.actor.person, limit: 2000, offset: 0, by: call.actor)
            return .object { writer in
                writer.array("hours") { writer in rows.forEach { $0.write(to: &writer, isOwn: true) } }
            }
        }
    }

    // MARK: Statistics

    private var statistics: Endpoint {
        let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 100 by default.")
        func verdicts(_ name: String) -> Shape {
            Wire.answer(
                name,
                [
                    .always("sample", Wire.count, "How many reviews."), .always("accepted", Wire.count, "Unchanged."),
                    .always("fixed", Wire.count, "With changes of the reviewer."),
                    .always("rejected", Wire.count, "Sent back."),
                ])
        }
        let row = Wire.answer(
            "PersonStatistics",
            [
                .always(
                    "person", Self.person("StatisticsPerson", [.always("role", Wire.text, "What they are.")]), "Who."),
                .always("seconds", .number(.nonNegative), "Time at work."),
                .always("done", Wire.count, "Work items handed in."),
                .always(
                    "time",
                    Wire.answer(
                        "TimePerItem",
                        [
                            .always("median_seconds", .either([.null, .number(.nonNegative)]), "Half took longer."),
                            .always(
                                "sample", Wire.count, "Of how many items the time is known, the latest 1000 at most."),
                        ]), "What an item took."),
                .always("reviews", verdicts("VerdictsReceived"), "What reviewers found of the person's work."),
                .always("given", verdicts("VerdictsGiven"), "What the person found of others' work."),
            ])
        return .json(
            .get, "/api/statistics", "people", .permitted(.statisticsRead),
            "Tells how much everybody did and how well, each figure with the sample it rests on.",
            query: [Self.from, Self.to, Self.project, limit, Self.cursor],
            answers: Self.page("Statistics", "people", row, "Whoever is longest in the account first.")
        ) { call in
            let size = try call(limit) ?? 100
            let start = try offset(call)
            let rows = try await staff.statistics(
                try days(call), project: try call(Self.project), limit: size + 1, offset: start, by: call.actor)
            return .object { writer in
                writer.array("people") { writer in
                    for row in rows.prefix(size) { row.statistics.write(of: row.member, to: &writer) }
                }
                writer.field("next", ifPresent: rows.count > size ? String(start + size) : nil)
            }
        }
    }

    // MARK: History

    private var history: Endpoint {
        let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 50 by default.")
        let row = Wire.answer(
            "OwnWork",
            [
                .always("work", Wire.identifier, "The work item."), .always("kind", Wire.text, "What was done."),
                .always("type", Wire.text, "The task type."), Self.projectName,
                .always("submitted_at", Wire.time, "When it was handed in."),
                .always("seconds", .either([.null, .number(.nonNegative)]), "The time it took, if that is known."),
                .always("status", Wire.text, "Where the task stands now."),
                .always("verdict", .either([.null, Wire.text]), "What the last reviewer of it found."),
            ])
        return .json(
            .get, "/api/work/history", "work", .person(.workTake), "Lists what one has handed in.",
            query: [limit, Self.cursor], answers: Self.page("WorkHistory", "history", row, "The latest first.")
        ) { call in
            let size = try call(limit) ?? 50
            let text = try call(Self.cursor)
            let place = text.flatMap { WorkHistoryRow.place($0) }
            guard text == nil || place != nil else { throw Self.badCursor }
            let rows = try await staff.history(before: place, limit: size + 1, by: call.actor)
            return .object { writer in
                writer.array("history") { writer in rows.prefix(size).forEach { $0.write(to: &writer) } }
                writer.field("next", ifPresent: rows.count > size ? rows[size - 1].cursor : nil)
            }
        }
    }
}
