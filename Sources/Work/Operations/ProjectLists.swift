package import JSON
package import Labeling
package import Storage

/// What a list of projects is asked for.
package struct ProjectListing: Sendable {
    package var filter = ProjectFilter()
    package var after: TaskCursor?
    package var limit = 50

    package init() {}
}

/// A project with what people who look after it want to know.
package struct ProjectSummary: Sendable {
    package let row: ProjectRow
    /// The latest version of the parameters, if there is one.
    package let latest: ProjectVersionRow?
    package let instruction: String?
    package let counts: StatusCounts
    package let batches: BatchTally
    package let goal: Double
    package let calibration: Calibration
    /// What has to be done by somebody, the most pressing first.
    package let attention: [Attention]

    /// Where the next page of a list starts.
    package var cursor: TaskCursor { TaskCursor(createdAt: row.createdAt, id: row.id) }
}

/// Something about a project that somebody should look at.
package struct Attention: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case errors, reports, staging, paused, audits, uncalibrated
        case noInstruction = "no_instruction"
        case noParameters = "no_parameters"
    }

    package let kind: Kind
    package let count: Int?
    /// A sentence for people.
    package let words: String
}

extension ProjectOperations {
    /// How far back reports count as news, in seconds.
    private static let newsSeconds = 7 * 86_400.0

    /// A page of projects, newest first, and where the next one starts.
    package func summaries(
        _ listing: ProjectListing, by actor: Actor
    ) async throws -> (projects: [ProjectSummary], next: TaskCursor?) {
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.read { db in
            let rows = try db.projects(
                realm: realm, filter: listing.filter, after: listing.after, limit: listing.limit + 1)
            let summaries = try Self.summaries(of: Array(rows.prefix(listing.limit)), in: db, now: now)
            return (summaries, rows.count > listing.limit ? summaries.last?.cursor : nil)
        }
    }

    /// One project by name.
    package func summary(_ name: String, by actor: Actor) async throws -> ProjectSummary {
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.read { db in
            let row = try db.existingProject(realm: realm, named: name)
            return try Self.summary(of: row, in: db, now: now)
        }
    }

    /// Puts a project away or takes it back, and sets what its calibration has to reach; nil leaves things as they are.
    package func change(
        _ name: String, isArchived: Bool?, calibrationGoal goal: Double?, by actor: Actor
    ) async throws -> ProjectSummary {
        let realm = actor.realm.id
        let now = environment.now()
        return try await environment.database.write { db in
            let row = try db.existingProject(realm: realm, named: name)
            let before = try Self.summary(of: row, in: db, now: now)
            if let isArchived, isArchived != (row.archivedAt != nil) {
                try db.setArchived(project: row.id, realm: realm, at: isArchived ? now : nil)
            }
            if let goal { try db.setCalibrationGoal(realm: realm, project: row.id, goal) }
            let changed = try db.project(realm: realm, id: row.id) ?? row
            let after = try Self.summary(of: changed, in: db, now: now)
            if after.settings != before.settings {
                try db.append(
                    NewEvent(
                        realm: realm, at: now, actor: actor.label, objectKind: "project", objectID: row.id,
                        action: "project.changed", before: before.settings, after: after.settings))
            }
            return after
        }
    }

    static func summary(of row: ProjectRow, in db: any Connection, now: Timestamp) throws -> ProjectSummary {
        try summaries(of: [row], in: db, now: now)[0]
    }

    private static func summaries(
        of rows: [ProjectRow], in db: any Connection, now: Timestamp
    ) throws -> [ProjectSummary] {
        guard let realm = rows.first?.realm else { return [] }
        let ids = rows.map(\.id)
        let latest = try db.latestVersions(projects: ids)
        let counts = try db.projectCounts(realm: realm, ids: ids)
        let batches = try db.batchTallies(realm: realm, projects: ids)
        let goals = try db.calibrationGoals(projects: ids)
        let calibrations = try Calibration.batches(realm: realm, projects: ids, in: db)
        let reports = try db.reportCounts(
            realm: realm, projects: ids, since: Identifier.make(now.adding(seconds: -newsSeconds)))
        return try rows.map { row in
            let facts = ProjectFacts(
                row: row, version: latest[row.id], instruction: try instruction(of: latest[row.id]),
                counts: counts[row.id] ?? StatusCounts(), batches: batches[row.id] ?? BatchTally(),
                goal: goals[row.id] ?? 0, calibrations: calibrations[row.id] ?? [], reports: reports[row.id] ?? 0)
            return facts.summary
        }
    }

    private static func instruction(of version: ProjectVersionRow?) throws -> String? {
        guard let version else { return nil }
        return try JSONDocument.read(version.params) { params in
            params["instruction"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        }
    }
}

/// What is known of a project, from which its summary follows.
private struct ProjectFacts {
    let row: ProjectRow
    let version: ProjectVersionRow?
    let instruction: String?
    let counts: StatusCounts
    let batches: BatchTally
    let goal: Double
    let calibrations: [(name: String, tally: CalibrationTally)]
    let reports: Int

    var summary: ProjectSummary {
        let calibration = Calibration(batches: calibrations, goal: goal)
        return ProjectSummary(
            row: row, latest: version, instruction: instruction, counts: counts, batches: batches, goal: goal,
            calibration: calibration, attention: row.archivedAt == nil ? attention(calibration) : [])
    }

    private func attention(_ calibration: Calibration) -> [Attention] {
        var all: [Attention] = []
        func add(_ kind: Attention.Kind, _ count: Int, _ words: String) {
            if count > 0 { all.append(Attention(kind: kind, count: count, words: words)) }
        }
        add(.errors, counts.error, Self.counted(counts.error, "task", "ended in error") + ".")
        add(.reports, reports, Self.counted(reports, "problem", "reported by labelers in the last seven days") + ".")
        add(.staging, batches.staging, Self.counted(batches.staging, "batch", "waiting to be launched") + ".")
        add(.paused, batches.held, Self.counted(batches.held, "batch", "paused") + ".")
        let unaudited = calibrations.filter { $0.tally.state == .auditing }
            .reduce(0) { $0 + $1.tally.completed - $1.tally.audited }
        add(.audits, unaudited, Self.counted(unaudited, "task", "of calibration waiting for an audit") + ".")
        if calibration.state == .belowGoal, let score = calibration.score {
            all.append(
                Attention(
                    kind: .uncalibrated, count: nil,
                    words: "Calibration reached \(Self.percent(score)) of the \(Self.percent(goal)) it has to."))
        }
        if version == nil {
            all.append(
                Attention(kind: .noParameters, count: nil, words: "Nothing is set up yet: there are no parameters."))
        } else if instruction == nil {
            all.append(Attention(kind: .noInstruction, count: nil, words: "There is no instruction for labelers."))
        }
        return all
    }

    private static func counted(_ count: Int, _ noun: String, _ rest: String) -> String {
        let plural = noun.hasSuffix("ch") ? noun + "es" : noun + "s"
        return "\(count) \(count == 1 ? noun : plural) \(rest)"
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}

extension StatusCounts {
    /// Writes the counts and their sum.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("pending", pending)
            writer.field("completed", completed)
            writer.field("canceled", canceled)
            writer.field("error", error)
            writer.field("total", total)
        }
    }
}

extension ProjectSummary {
    /// How many characters of an instruction a list shows.
    private static let excerptLength = 200

    /// Writes the project as its pages show it.
    ///
    /// `whole`: with the parameters, as for one project.
    package func write(to writer: inout JSONWriter, whole: Bool) {
        writer.object { writer in
            writer.field("id", row.id)
            writer.field("name", row.name)
            writer.field("type", row.type)
            writer.field("product", row.product.rawValue)
            writer.field("pipeline", ifPresent: row.pipeline)
            writer.field("consensus_attempts", ifPresent: row.consensusAttempts)
            writer.field("created_at", time: row.createdAt.microseconds)
            writer.field("created_by", ifPresent: row.createdBy)
            writer.field("archived", row.archivedAt != nil)
            writer.field("version", latest?.version ?? -1)
            writer.field("has_instruction", instruction != nil)
            writer.field("instruction_excerpt", ifPresent: instruction.map { String($0.prefix(Self.excerptLength)) })
            writer.key("counts")
            counts.write(to: &writer)
            writer.object("batches") { writer in
                writer.field("staging", batches.staging)
                writer.field("in_progress", batches.inProgress)
                writer.field("completed", batches.completed)
                writer.field("paused", batches.held)
            }
            writer.object("calibration") { writer in
                writer.field("state", calibration.state.rawValue)
                writer.field("goal", goal)
                if let score = calibration.score { writer.field("score", score) }
                writer.field("batch", ifPresent: calibration.batch)
            }
            writer.array("attention") { writer in
                for point in attention {
                    writer.object { writer in
                        writer.field("kind", point.kind.rawValue)
                        writer.field("count", ifPresent: point.count)
                        writer.field("words", point.words)
                    }
                }
            }
            guard whole else { return }
            if let type = TaskTypes.named(row.type) { writer.field("editor", type.editor.rawValue) }
            writer.field("params", raw: latest?.params ?? "{}")
        }
    }

    /// What `change` can change, as the event log keeps it.
    fileprivate var settings: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("archived", row.archivedAt != nil)
            writer.field("calibration_goal", goal)
        }
        return writer.text
    }
}
