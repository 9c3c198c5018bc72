import Logging
import Media
import NIOCore
import Storage

/// Writes the file of an export, in pieces of which two are in memory at a time.
///
/// If the process dies the file is begun anew: nothing of it is visible before it is whole.
struct WriteExport {
    let environment: WorkEnvironment
    private static let mostAttempts = 5

    /// Seconds between two notes of how far it is.
    private static let noteEvery = 0.5

    static func job(_ row: ExportRow, at now: Timestamp) -> NewJob {
        NewJob(
            id: Identifier.make(now), kind: JobKind.writeExport.rawValue, realm: row.realm, subject: row.id,
            lane: "realm:\(row.realm)", runAt: now)
    }

    func run(_ job: JobRow) async throws {
        do {
            try await write(job)
        } catch let lost as JobLost {
            throw lost
        } catch let error as ObjectStoreError where error.code == .full {
            try await end(job, as: .failed, error: "There is no room for the file on the server.")
        } catch {
            guard job.attempts >= Self.mostAttempts, !(error is CancellationError) else { throw error }
            environment.logger.error(
                "an export failed", metadata: ["job.id": "\(job.id)", "error": "\(String(reflecting: error))"])
            try await end(job, as: .failed, error: "It could not be finished because of a fault of the server.")
        }
    }

    private func write(_ job: JobRow) async throws {
        guard let realm = job.realm,
            let (row, owner) = try await environment.database.read({ db -> (ExportRow, RealmRow)? in
                guard let row = try db.export(realm: realm, id: job.subject), let owner = try db.realm(realm) else {
                    return nil
                }
                return (row, owner)
            }), row.state.isOpen
        else { return try await environment.database.write { db in try job.finish(in: db) } }
        let file = TaskFile(row.format)
        let reader = TaskFileReader(
            try TaskSelection(stored: row.selection), file, until: row.createdAt, realm: RealmContext(owner),
            in: environment.database)
        let writer = try await environment.objects.makeWriter()
        do {
            try await writer.write(file.head)
            guard let done = try await copy(from: reader, to: writer, job) else { return await writer.discard() }
            try await writer.write(file.tail)
            try Task.checkCancellation()
            try await finish(job, done: done, try await writer.finish())
        } catch {
            await writer.discard()
            throw error
        }
    }

    /// Writes all pieces; answers how many tasks they hold, or nil if the export was called off meanwhile.
    private func copy(from reader: TaskFileReader, to writer: any ObjectWriter, _ job: JobRow) async throws -> Int? {
        var reader = reader
        var (done, bytes) = (0, 0)
        var noted = environment.now()
        var piece = try await reader.next()
        while let current = piece {
            // One is read while the other is written.
            let (ahead, next) = try await withThrowingTaskGroup(
                of: Void.self, returning: (TaskFileReader, TaskFileReader.Piece?).self
            ) { [reader] group in
                group.addTask { try await writer.write(current.bytes) }
                var reader = reader
                let next = try await reader.next()
                try await group.waitForAll()
                return (reader, next)
            }
            (reader, piece) = (ahead, next)
            done += current.tasks
            bytes += current.bytes.readableBytes
            let now = environment.now()
            if now - noted >= Self.noteEvery {
                guard try await note(job, done: done, bytes: bytes) else { return nil }
                noted = now
            }
        }
        return done
    }

    /// Writes how far it is; false, and the job is over, if the export was called off.
    private func note(_ job: JobRow, done: Int, bytes: Int) async throws -> Bool {
        guard let realm = job.realm else { return false }
        return try await environment.database.write { db in
            guard var row = try db.lockExport(realm: realm, id: job.subject), row.state.isOpen else {
                try job.finish(in: db)
                return false
            }
            row.state = .running
            row.done = done
            row.bytes = Int64(bytes)
            try db.updateExport(row)
            return true
        }
    }

    private func finish(_ job: JobRow, done: Int, _ object: StoredObject) async throws {
        guard let realm = job.realm else { return }
        let now = environment.now()
        let isKept = try await environment.database.write { db in
            try job.finish(in: db)
            guard var row = try db.lockExport(realm: realm, id: job.subject), row.state.isOpen else { return false }
            row.state = .done
            row.done = done
            row.total = done
            row.bytes = Int64(object.size)
            row.hash = object.hash.description
            row.finishedAt = now
            row.expiresAt = now.adding(seconds: ExportOperations.lifetime)
            try db.updateExport(row)
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: "program", objectKind: "export", objectID: row.id,
                    action: "export.finished", after: row.text))
            return true
        }
        if !isKept { try await environment.objects.delete(object.hash) }
    }

    private func end(_ job: JobRow, as state: ExportRow.State, error: String) async throws {
        guard let realm = job.realm else { return }
        let now = environment.now()
        try await environment.database.write { db in
            try job.finish(in: db)
            guard var row = try db.lockExport(realm: realm, id: job.subject), row.state.isOpen else { return }
            row.state = state
            row.error = error
            row.finishedAt = now
            try db.updateExport(row)
        }
    }
}
