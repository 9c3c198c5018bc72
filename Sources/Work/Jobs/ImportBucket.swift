import JSON
import Labeling
import Logging
import Media
import NIOPosix
import Storage

/// Makes tasks of the files that lie under a prefix, one page of their list after the other.
///
/// Where it stands is written with each portion of tasks, so it goes on there if the process dies; no more than a page is
/// in memory, however many files there are.
struct ImportBucket {
    let environment: WorkEnvironment
    private static let mostAttempts = 12

    static func job(_ row: ImportRow, at now: Timestamp) -> NewJob {
        NewJob(
            id: Identifier.make(now), kind: JobKind.importBucket.rawValue, realm: row.realm, subject: row.id,
            lane: "realm:\(row.realm)", runAt: now)
    }

    func run(_ claimed: JobRow) async throws {
        var job = claimed
        do {
            try await work(&job)
        } catch let lost as JobLost {
            throw lost
        } catch let refusal as Refusal {
            try await end(job, as: .failed, error: refusal.message)
        } catch let issues as Issues {
            try await end(job, as: .failed, error: issues.all.map(\.message).joined(separator: " "))
        } catch let error as FetchError {
            guard error.isTransient, job.attempts < Self.mostAttempts else {
                return try await end(job, as: .failed, error: error.message)
            }
            throw JobRetry(
                delay: error.retryAfter.map { min(Double($0.components.seconds), 600) }
                    ?? Backoff.delay(afterAttempt: job.attempts, first: 1, most: 60), reason: error.message)
        } catch {
            guard job.attempts >= Self.mostAttempts, !(error is CancellationError) else { throw error }
            environment.logger.error(
                "an import failed", metadata: ["job.id": "\(job.id)", "error": "\(String(reflecting: error))"])
            try await end(job, as: .failed, error: "It could not be finished because of a fault of the server.")
        }
    }

    /// What an import works with, found out once.
    private struct Setting: Sendable {
        let request: BucketImportRequest
        let actor: Actor
        let type: any TaskType
        let place: ImportPlace
        let context: TaskOperations.Context
        let reader: ImportReader
        let pattern: KeyPattern?
        /// How much of a key the pattern does not look at.
        let folder: Int
    }

    /// `job`: whose attempts begin anew with each portion.
    private func work(_ job: inout JobRow) async throws {
        guard let realm = job.realm, var row = try await begin(job, realm) else {
            return try await environment.database.write { [job] db in try job.finish(in: db) }
        }
        let listing = ObjectListing(environment: environment)
        var place = Place(row.place)
        while true {
            let setting = try await setting(of: row)
            let page = try await listing.page(of: setting.request.source, realm: realm, after: place.after)
            for start in stride(from: place.done, to: page.entries.count, by: TaskOperations.portion) {
                let end = min(start + TaskOperations.portion, page.entries.count)
                let next =
                    end == page.entries.count ? Place(after: page.next, done: 0) : Place(after: place.after, done: end)
                guard let after = try await store(Array(page.entries[start..<end]), setting, row, next, job) else {
                    return
                }
                row = after
                job.attempts = 1
            }
            guard let next = page.next, next != place.after else { break }
            place = Place(after: next, done: 0)
        }
        try await end(job, as: .done, error: nil)
    }

    /// Takes the import up; nil if it is over.
    private func begin(_ job: JobRow, _ realm: Int64) async throws -> ImportRow? {
        try await environment.database.write { db in
            guard var row = try db.lockImport(realm: realm, id: job.subject), row.state.isOpen else { return nil }
            row.turn += 1
            row.state = .running
            try db.updateImport(row)
            return row
        }
    }

    private func setting(of row: ImportRow) async throws -> Setting {
        let request = try BucketImportRequest(stored: row.request)
        let actor = try await Actor.stored(row.actor, name: row.actorName, realm: row.realm, in: environment.database)
        let tasks = TaskOperations(environment: environment)
        let place = ImportPlace(project: request.project, batch: request.batch)
        let context = try await tasks.context(project: place.project, batch: place.batch, version: nil, by: actor)
        guard let project = context.project else { throw Refusal.noSuchProject(request.project) }
        try TaskOperations.requirePlace(context)
        let type = try ProjectOperations.type(of: project)
        let key = CloudAddress(request.source)?.key ?? ""
        return Setting(
            request: request, actor: actor, type: type, place: place, context: context,
            reader: try ImportReader(data: DataMember(type), defaults: request.defaults),
            pattern: try request.keys(),
            folder: key.lastIndex(of: "/").map { key[...$0].utf8.count } ?? 0)
    }

    // MARK: A portion

    /// Stores the tasks of some files; nil, and the job is over, if the import was called off.
    private func store(
        _ entries: [ObjectListing.Entry], _ setting: Setting, _ row: ImportRow, _ next: Place, _ job: JobRow
    ) async throws -> ImportRow? {
        var setting = setting
        while true {
            do {
                return try await write(try await lines(entries, setting, row), entries, setting, row, next, job)
            } catch is OutdatedProject {
                setting = try await self.setting(of: row)
            }
        }
    }

    /// The files that the pattern means, as lines whose numbers are their places in the whole list.
    private func lines(
        _ entries: [ObjectListing.Entry], _ setting: Setting, _ row: ImportRow
    ) async throws -> [PreparedLine] {
        let tasks = TaskOperations(environment: environment)
        // Patterns are customers' and may take long, which is nothing for the threads that all share.
        let (pattern, folder) = (setting.pattern, setting.folder)
        let meant = try await NIOThreadPool.singleton.runIfActive {
            entries.map { Self.isMeant($0.key, pattern, folder: folder) }
        }
        var lines: [PreparedLine] = []
        for (index, entry) in entries.enumerated() where meant[index] {
            let line = setting.reader.line(number: row.lines + index + 1, address: entry.address, key: entry.key)
            lines.append(try tasks.compose(line, setting.type, setting.context, by: setting.actor))
        }
        var seen = SeenLines()
        try await tasks.settle(&lines, names: [], by: setting.actor)
        seen.mark(&lines)
        return lines
    }

    private static func isMeant(_ key: String, _ pattern: KeyPattern?, folder: Int) -> Bool {
        // What ends with a slash is how some programs mark folders.
        guard !key.hasSuffix("/") else { return false }
        guard let pattern else { return true }
        return pattern.matches(String(decoding: key.utf8.dropFirst(folder), as: UTF8.self))
    }

    private func write(
        _ lines: [PreparedLine], _ entries: [ObjectListing.Entry], _ setting: Setting, _ row: ImportRow, _ next: Place,
        _ job: JobRow
    ) async throws -> ImportRow? {
        let now = environment.now()
        let keys = Dictionary(
            uniqueKeysWithValues: lines.map { ($0.number, entries[$0.number - row.lines - 1].key) })
        let after = try await environment.database.write { db -> ImportRow? in
            guard let current = try db.lockImport(realm: row.realm, id: row.id), current.state.isOpen,
                current.turn == row.turn
            else {
                try job.finish(in: db)
                return nil
            }
            let until = now.adding(seconds: JobKind.leaseSeconds)
            guard try db.renewJob(job.id, token: job.leaseToken ?? "", until: until, hasProgressed: true) else {
                throw JobLost()
            }
            guard try ImportContexts.areCurrent([setting.place: setting.context], in: db) else {
                throw OutdatedProject()
            }
            let outcomes =
                setting.request.isDry
                ? try TaskOperations.judge(lines, by: setting.actor, in: db)
                : try TaskOperations.store(lines, by: setting.actor, in: db, now: now)
            var after = row.after(outcomes.map { $0.about(keys[$0.number] ?? "") }, at: now)
            after.lines = row.lines + entries.count
            after.counts.skipped += entries.count - lines.count
            after.place = next.text
            try db.updateImport(after)
            return after
        }
        environment.jobs.raise(.fetchAttachment, .deliverCallback, .closeBatch, .launchBatch)
        return after
    }

    private func end(_ job: JobRow, as state: ImportRow.State, error: String?) async throws {
        guard let realm = job.realm else { return }
        let now = environment.now()
        try await environment.database.write { db in
            try job.finish(in: db)
            guard var row = try db.lockImport(realm: realm, id: job.subject), row.state.isOpen else { return }
            row.state = state
            row.error = error
            row.updatedAt = now
            row.finishedAt = now
            try db.updateImport(row)
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: "program", objectKind: "import", objectID: row.id,
                    action: "import.finished", after: row.text))
        }
    }

    /// Where an import of a bucket stands: the page after which it goes on, and how many of the next one are done.
    private struct Place: Sendable {
        let after: String?
        let done: Int

        init(after: String?, done: Int) {
            self.after = after
            self.done = done
        }

        /// Reads what ``text`` wrote.
        init(_ text: String?) {
            let parts = (text ?? "").split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            done = parts.first.flatMap { Int($0) } ?? 0
            after = parts.count == 2 ? String(parts[1]) : nil
        }

        var text: String { after.map { "\(done) \($0)" } ?? "\(done)" }
    }
}
