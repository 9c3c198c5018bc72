import Labeling
import Logging
import Storage

/// Makes a change of many tasks, a portion a transaction, so that nobody else waits for long.
///
/// Ids are looked up some way ahead, but a task is judged when its turn comes: one that no longer matches by then is left
/// alone, and none is touched that was created after the change was asked for. Where the work stands is written with each portion, so it goes on there if the
/// process dies.
struct ChangeTasks {
    let environment: WorkEnvironment

    /// Tasks of one transaction, and ids that are looked up at once.
    private static let portion = 250
    private static let block = 2000
    private static let mostAttempts = 8

    /// The changes of a realm are made one after the other, in the order in which they were asked for.
    static func job(_ row: BulkChangeRow, at now: Timestamp) -> NewJob {
        NewJob(
            id: Identifier.make(now), kind: JobKind.changeTasks.rawValue, realm: row.realm, subject: row.id,
            orderKey: "bulk:\(row.realm)", runAt: now)
    }

    func run(_ job: JobRow) async throws {
        do {
            try await work(job)
        } catch let lost as JobLost {
            throw lost
        } catch {
            guard job.attempts >= Self.mostAttempts, !(error is CancellationError) else { throw error }
            environment.logger.error(
                "a bulk change failed", metadata: ["job.id": "\(job.id)", "error": "\(String(reflecting: error))"])
            try await end(job, as: .failed, error: "It could not be finished because of a fault of the server.")
        }
    }

    private func work(_ job: JobRow) async throws {
        guard let realm = job.realm,
            let row = try await environment.database.read({ db in try db.bulkChange(realm: realm, id: job.subject) })
        else { return try await environment.database.write { db in try job.finish(in: db) } }
        let step = BulkStep(
            request: try BulkRequest(action: row.action, detail: row.detail), actor: try await actor(of: row))
        let selection = try TaskSelection(stored: row.selection)
        var place = TaskSelection.Place(row.progress)
        var block: [Turn] = []
        while true {
            if block.isEmpty { block = try await next(row, selection, behind: place) }
            let portion = Array(block.prefix(Self.portion))
            block.removeFirst(portion.count)
            let after = try await environment.database.write { [place] db in
                try Self.change(portion, step, selection, from: place, job, in: db, now: environment.now())
            }
            environment.jobs.raise(.deliverCallback, .closeBatch, .launchBatch)
            guard let after else { return }
            place = after
        }
    }

    /// A task whose turn comes, with what became of it in the change that is taken back.
    private struct Turn: Sendable {
        let id: String
        var result: BulkResultRow?
    }

    private func next(
        _ row: BulkChangeRow, _ selection: TaskSelection, behind place: TaskSelection.Place
    ) async throws -> [Turn] {
        try await environment.database.read { db in
            if let undone = row.undoes {
                var position = -1
                if case .index(let index) = place { position = index }
                return try db.bulkResults(undone, outcome: .changed, after: position, limit: Self.block)
                    .map { Turn(id: $0.taskID, result: $0) }
            }
            return try selection.ids(
                realm: row.realm, behind: place, until: row.createdAt, limit: Self.block, in: db
            ).map { Turn(id: $0) }
        }
    }

    /// Changes some tasks; answers where the work goes on, or nil if it is at its end.
    private static func change(
        _ portion: [Turn], _ step: BulkStep, _ selection: TaskSelection, from place: TaskSelection.Place, _ job: JobRow,
        in db: any Connection, now: Timestamp
    ) throws -> TaskSelection.Place? {
        guard let realm = job.realm, var row = try db.lockBulkChange(realm: realm, id: job.subject), row.state.isOpen
        else {
            try job.finish(in: db)
            return nil
        }
        guard !portion.isEmpty else {
            try finish(&row, as: .done, job, in: db, now: now)
            return nil
        }
        let until = now.adding(seconds: JobKind.leaseSeconds)
        guard try db.renewJob(job.id, token: job.leaseToken ?? "", until: until) else { throw JobLost() }
        let heads = try db.lockTasks(realm: realm, ids: portion.map(\.id))
        let matching = row.undoes == nil ? try selection.matching(portion.map(\.id), realm: realm, in: db) : nil
        let turns = portion.filter { matching?.contains($0.id) ?? true }
        row.total -= portion.count - turns.count
        var results: [BulkResultRow] = []
        for (turn, outcome) in zip(turns, try outcomes(of: turns, heads, step, in: db, now: now)) {
            switch outcome.outcome {
            case .changed: row.changed += 1
            case .unchanged: row.unchanged += 1
            case .refused: row.refused += 1
            }
            results.append(
                BulkResultRow(
                    position: row.done - 1, taskID: turn.id, outcome: outcome.outcome, reason: outcome.reason,
                    before: outcome.before))
        }
        try step.finish(realm: realm, in: db, now: now)
        try db.insertBulkResults(results, of: row.id)
        let next: TaskSelection.Place =
            if let position = portion.last?.result?.position {
                .index(position)
            } else {
                selection.place(after: portion.last { heads[$0.id] != nil }.flatMap { heads[$0.id] }, done: row.done)
            }
        row.state = .running
        row.progress = next.text
        // Tasks may have come to match since they were counted.
        row.total = max(row.total, row.done)
        try db.updateBulkChange(row)
        return next
    }

    /// What becomes of tasks, all of them at once; one that is gone is refused.
    private static func outcomes(
        of turns: [Turn], _ heads: [String: TaskHead], _ step: BulkStep, in db: any Connection, now: Timestamp
    ) throws -> [BulkStep.Outcome] {
        let there = turns.filter { heads[$0.id] != nil }
        let undone = there.compactMap { turn in turn.result.flatMap { result in heads[turn.id].map { (result, $0) } } }
        var made =
            undone.isEmpty
            ? try step.apply(to: there.compactMap { heads[$0.id] }, in: db, now: now)[...]
            : try step.undo(undone, in: db, now: now)[...]
        return turns.map { heads[$0.id] == nil ? .refused(BulkStep.missing) : made.removeFirst() }
    }

    private static func finish(
        _ row: inout BulkChangeRow, as state: BulkChangeRow.State, error: String? = nil, _ job: JobRow,
        in db: any Connection, now: Timestamp
    ) throws {
        try job.finish(in: db)
        row.state = state
        row.error = error
        row.finishedAt = now
        try db.updateBulkChange(row)
        try db.append(
            NewEvent(
                realm: row.realm, at: now, actor: "program", objectKind: "bulk_change", objectID: row.id,
                action: "bulk_change.finished", after: row.text))
    }

    private func end(_ job: JobRow, as state: BulkChangeRow.State, error: String) async throws {
        guard let realm = job.realm else { return }
        let now = environment.now()
        try await environment.database.write { db in
            guard var row = try db.lockBulkChange(realm: realm, id: job.subject), row.state.isOpen else {
                return try job.finish(in: db)
            }
            try Self.finish(&row, as: state, error: error, job, in: db, now: now)
        }
    }

    /// Whoever asked for a change is who makes it.
    private func actor(of row: BulkChangeRow) async throws -> Actor {
        let realm = try await environment.database.read { db in try db.realm(row.realm) }
        guard let realm else { throw Refusal(.notFound, "The account is gone.") }
        let parts = row.actor.split(separator: ":", maxSplits: 1).map(String.init)
        let kind: Actor.Kind =
            switch (parts.first, parts.last) {
            case ("key", let id?): .key(id: id)
            case ("user", let id?): .person(id: id)
            default: .program
            }
        return Actor(kind: kind, realm: RealmContext(realm), role: .manager, name: row.actorName)
    }
}
