package import JSON
package import Labeling
package import Storage

/// A batch with what people who steer it want to know.
package struct BatchSummary: Sendable {
    package let row: BatchRow
    package let counts: StatusCounts
    /// Whether tasks can be added to it.
    package let takesTasks: Bool
    /// How far a calibration batch has come; nil for other kinds.
    package let calibration: CalibrationTally?

    /// Where the next page of a list starts.
    package var cursor: TaskCursor { TaskCursor(createdAt: row.createdAt, id: row.id) }
}

/// What of a batch is to be changed; nil leaves things as they are.
package struct BatchChange: Sendable {
    package var isHeld: Bool?
    package var priority: Int?
    /// An empty text for none.
    package var callback: String?
    package var metadata: RawJSON?
    package var isArchived: Bool?
    package var kind: BatchRow.Kind?

    package init() {}

    /// How the event log calls it, by what is most telling.
    fileprivate var action: String {
        if let isHeld { return isHeld ? "batch.paused" : "batch.resumed" }
        if let isArchived { return isArchived ? "batch.archived" : "batch.restored" }
        return "batch.changed"
    }
}

/// How the calibration with a batch went, and what people said about it.
package struct CalibrationReport: Sendable {
    package let batch: BatchRow
    package let tally: CalibrationTally
    package let goal: Double
    package let feedback: [CalibrationFeedback]
}

/// Something an auditor or a labeler said, from which the instruction can be made better.
package struct CalibrationFeedback: Sendable {
    package enum Source: String, Sendable, CaseIterable {
        case audit, report
    }

    package let source: Source
    package let taskID: String
    /// The verdict, or the kind of a report.
    package let kind: String
    package let message: String
    package let by: String?
    package let at: Timestamp
}

extension BatchOperations {
    /// Creates a batch that waits for its launch, whatever the product of its project is.
    package func stage(_ request: NewBatchRequest, priority: Int?, by actor: Actor) async throws -> BatchSummary {
        let now = environment.now()
        let realm = actor.realm.id
        return try await environment.database.write { db in
            let project = try db.existingProject(realm: realm, named: request.project)
            let row = BatchRow(
                id: Identifier.make(now), realm: realm, name: request.name, projectID: project.id,
                project: project.name, kind: request.kind, status: .staging, callback: request.callback,
                metadata: request.metadata.text, priority: priority, createdAt: now)
            guard try db.insertBatch(row) else {
                throw Refusal(.duplicate, "A batch named \(JSONWriter.quoted(row.name)) already exists.")
            }
            try Self.record("batch.created", row, before: nil, by: actor, in: db, now: now)
            return try Self.summaries(of: [row], in: db)[0]
        }
    }

    /// A page of batches, newest first, and where the next one starts.
    package func summaries(
        _ filter: BatchFilter, project name: String?, after: TaskCursor?, limit: Int, by actor: Actor
    ) async throws -> (batches: [BatchSummary], next: TaskCursor?) {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            var filter = filter
            if let name {
                let project = try db.existingProject(realm: realm, named: name)
                filter.project = project.id
            }
            let rows = try db.batches(realm: realm, filter: filter, after: after, limit: limit + 1)
            let summaries = try Self.summaries(of: Array(rows.prefix(limit)), in: db)
            return (summaries, rows.count > limit ? summaries.last?.cursor : nil)
        }
    }

    /// One batch by name.
    package func summary(_ name: String, by actor: Actor) async throws -> BatchSummary {
        let realm = actor.realm.id
        return try await environment.database.read { db in
            guard let row = try db.batch(realm: realm, named: name) else { throw Refusal.noSuchBatch(name) }
            return try Self.summaries(of: [row], in: db)[0]
        }
    }

    /// Changes what is given.
    package func change(_ name: String, _ change: BatchChange, by actor: Actor) async throws -> BatchSummary {
        let row = try await self.change(name, change.action, by: actor) { db, row, now in
            if let kind = change.kind, kind != row.kind {
                guard try db.setBatchKind(realm: row.realm, id: row.id, kind: kind, at: now) else {
                    throw Refusal(.conflict, "The kind of a batch can only be changed before it is launched.")
                }
            }
            if let isHeld = change.isHeld, isHeld != row.isHeld {
                guard row.status != .completed || !isHeld else {
                    throw Refusal(.conflict, "The batch is completed; there is nothing to pause.")
                }
                _ = try db.setBatchHeld(realm: row.realm, id: row.id, held: isHeld, at: now)
            }
            if let priority = change.priority, priority != row.priority {
                try db.setBatchPriority(realm: row.realm, id: row.id, priority: priority, at: now)
            }
            if let callback = change.callback {
                try db.setBatchCallback(
                    realm: row.realm, id: row.id, callback: callback.isEmpty ? nil : callback, at: now)
            }
            if let metadata = change.metadata {
                try db.setBatchMetadata(realm: row.realm, id: row.id, metadata: metadata.text, at: now)
            }
            if let isArchived = change.isArchived, isArchived != (row.archivedAt != nil) {
                try db.setBatchArchived(realm: row.realm, id: row.id, at: isArchived ? now : nil)
            }
        }
        return try await summary(row.name, by: actor)
    }

    /// Launches a batch: its tasks go to work.
    ///
    /// Production asks for a calibrated project, unless whoever launches it says to know that it is not.
    package func launch(_ name: String, confirmUncalibrated: Bool, by actor: Actor) async throws -> BatchSummary {
        let row = try await change(name, "batch.finalized", by: actor) { db, row, now in
            guard row.status == .staging else { throw BatchLifecycleError.alreadyFinalized }
            guard try db.batchCounts(realm: row.realm, ids: [row.id])[row.id]?.total ?? 0 > 0 else {
                throw Refusal(.invalid, "The batch has no tasks yet; add some before you launch it.")
            }
            if row.kind == .production, !confirmUncalibrated { try Self.requireCalibration(of: row, in: db) }
            try db.setBatchStatus(realm: row.realm, id: row.id, from: .staging, to: .inProgress, at: now)
            try db.enqueue([LaunchBatch.job(realm: row.realm, batch: row.id, at: now)], at: now)
        }
        environment.jobs.raise(.launchBatch)
        return try await summary(row.name, by: actor)
    }

    private static func requireCalibration(of row: BatchRow, in db: any Connection) throws {
        let goal = try db.calibrationGoals(projects: [row.projectID])[row.projectID] ?? 0
        let batches = try Calibration.batches(realm: row.realm, projects: [row.projectID], in: db)
        let calibration = Calibration(batches: batches[row.projectID] ?? [], goal: goal)
        let reason: String
        switch calibration.state {
        case .calibrated: return
        case .none: reason = "it has no calibration batch yet"
        case .running: reason = "its calibration is not labelled and audited as a whole yet"
        case .belowGoal:
            let score = Int(((calibration.score ?? 0) * 100).rounded())
            reason = "its calibration reached \(score) % of the \(Int((goal * 100).rounded())) % it has to"
        }
        throw Refusal(
            .conflict,
            "The project \(JSONWriter.quoted(row.project)) is not calibrated: \(reason). Calibrate it first, or launch "
                + "with `confirm_uncalibrated` if you know that the instruction is understood.")
    }

    /// How the calibration with a batch goes, with what auditors and labelers said.
    package func calibration(_ name: String, by actor: Actor) async throws -> CalibrationReport {
        let realm = actor.realm.id
        let most = 200
        return try await environment.database.read { db in
            guard let row = try db.batch(realm: realm, named: name) else { throw Refusal.noSuchBatch(name) }
            guard row.kind == .calibration else {
                throw Refusal(.invalid, "The batch \(JSONWriter.quoted(name)) is not one to calibrate with.")
            }
            let audits = try db.auditComments(realm: realm, batch: row.id, limit: most).map { audit in
                CalibrationFeedback(
                    source: .audit, taskID: audit.taskID, kind: audit.result.rawValue, message: audit.comments ?? "",
                    by: audit.by, at: audit.at)
            }
            let reports = try db.reports(realm: realm, batch: row.id, limit: most)
            let people = try db.emails(of: reports.map(\.userID))
            let feedback = reports.map { report in
                CalibrationFeedback(
                    source: .report, taskID: report.taskID, kind: report.kind.rawValue, message: report.message,
                    by: people[report.userID], at: report.createdAt)
            }
            return CalibrationReport(
                batch: row,
                tally: CalibrationTally(try db.verdictCounts(realm: realm, batches: [row.id])[row.id]),
                goal: try db.calibrationGoals(projects: [row.projectID])[row.projectID] ?? 0,
                feedback: Array((audits + feedback).sorted { $0.at > $1.at }.prefix(most)))
        }
    }

    private static func summaries(of rows: [BatchRow], in db: any Connection) throws -> [BatchSummary] {
        guard let realm = rows.first?.realm else { return [] }
        let counts = try db.batchCounts(realm: realm, ids: rows.map(\.id))
        let calibrating = rows.filter { $0.kind == .calibration }.map(\.id)
        let tallies = calibrating.isEmpty ? [:] : try db.verdictCounts(realm: realm, batches: calibrating)
        var staged: [String: Bool] = [:]
        return try rows.map { row in
            if staged[row.projectID] == nil {
                staged[row.projectID] = try db.project(realm: realm, id: row.projectID)?.product != .standard
            }
            return BatchSummary(
                row: row, counts: counts[row.id] ?? StatusCounts(),
                takesTasks: row.status == .staging || staged[row.projectID] == false,
                calibration: row.kind == .calibration ? CalibrationTally(tallies[row.id]) : nil)
        }
    }
}

extension CalibrationTally {
    fileprivate init(_ counts: VerdictCounts?) {
        let verdicts = counts?.verdicts ?? [:]
        self.init(
            pending: counts?.pending ?? 0, completed: counts?.completed ?? 0, accepted: verdicts[.accepted] ?? 0,
            commented: verdicts[.commented] ?? 0, fixed: verdicts[.fixed] ?? 0, rejected: verdicts[.rejected] ?? 0)
    }
}

extension Calibration {
    /// The calibration batches of some projects, with how far each has come.
    static func batches(
        realm: Int64, projects: [String], in db: any Connection
    ) throws -> [String: [(name: String, tally: CalibrationTally)]] {
        let rows = try db.calibrationBatches(realm: realm, projects: projects)
        let counts = rows.isEmpty ? [:] : try db.verdictCounts(realm: realm, batches: rows.map(\.id))
        return Dictionary(grouping: rows, by: \.projectID).mapValues { rows in
            rows.map { (name: $0.name, tally: CalibrationTally(counts[$0.id])) }
        }
    }
}

extension BatchRow.Kind {
    /// Who works on batches of this kind, and what follows, for people.
    fileprivate var meaning: String {
        switch self {
        case .selfLabel: "Labelled by the team itself: members, managers and admins."
        case .calibration: "Labelled by labelers; every task is audited, which yields the score of the calibration."
        case .production: "Labelled by labelers."
        }
    }
}

extension BatchSummary {
    /// Writes the batch as its pages show it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", row.id)
            writer.field("name", row.name)
            writer.field("project", row.project)
            writer.field("kind", row.kind.rawValue)
            writer.field("meaning", row.kind.meaning)
            writer.field("status", row.status.rawValue)
            writer.field("paused", row.isHeld)
            writer.field("priority", ifPresent: row.priority)
            writer.field("callback", ifPresent: row.callback)
            writer.field("metadata", raw: row.metadata)
            writer.field("created_at", time: row.createdAt.microseconds)
            writer.field("updated_at", time: row.updatedAt.microseconds)
            if let completedAt = row.completedAt { writer.field("completed_at", time: completedAt.microseconds) }
            writer.field("archived", row.archivedAt != nil)
            writer.field("studio_position", ifPresent: row.studioPosition)
            writer.field("takes_tasks", takesTasks)
            writer.key("counts")
            counts.write(to: &writer)
            guard let calibration else { return }
            writer.object("calibration") { writer in
                writer.field("state", calibration.state.rawValue)
                writer.field("of", calibration.pending + calibration.completed)
                writer.field("audited", calibration.audited)
                if let score = calibration.score { writer.field("score", score) }
            }
        }
    }
}

extension CalibrationReport {
    /// Writes the report.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("batch", batch.name)
            writer.field("goal", goal)
            writer.field("state", tally.state.rawValue)
            writer.field("tasks", tally.pending + tally.completed)
            writer.field("completed", tally.completed)
            writer.field("audited", tally.audited)
            writer.field("accepted", tally.accepted)
            writer.field("commented", tally.commented)
            writer.field("fixed", tally.fixed)
            writer.field("rejected", tally.rejected)
            if let score = tally.score { writer.field("score", score) }
            writer.array("feedback") { writer in
                for line in feedback {
                    writer.object { writer in
                        writer.field("source", line.source.rawValue)
                        writer.field("task_id", line.taskID)
                        writer.field("kind", line.kind)
                        writer.field("message", line.message)
                        writer.field("by", ifPresent: line.by)
                        writer.field("at", time: line.at.microseconds)
                    }
                }
            }
        }
    }
}
