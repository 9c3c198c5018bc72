import Logging
import Media
import Storage

/// Joins the pieces of an upload to one object and makes a file of it.
struct FinishUpload {
    let environment: WorkEnvironment
    private static let mostAttempts = 5

    static func job(_ row: UploadRow, at now: Timestamp) -> NewJob {
        NewJob(
            id: Identifier.make(now), kind: JobKind.finishUpload.rawValue, realm: row.realm, subject: row.id,
            lane: "realm:\(row.realm)", runAt: now)
    }

    func run(_ job: JobRow) async throws {
        do {
            try await join(job)
        } catch let lost as JobLost {
            throw lost
        } catch let error as ObjectStoreError where error.code == .full {
            throw error
        } catch {
            guard job.attempts >= Self.mostAttempts, !(error is CancellationError) else { throw error }
            environment.logger.error(
                "an upload could not be joined", metadata: ["job.id": "\(job.id)", "error": "\(error)"])
            try await fail(job, "Its pieces could not be joined because of a fault of the server; send it again.")
        }
    }

    private func join(_ job: JobRow) async throws {
        guard let realm = job.realm,
            let (row, hashes) = try await environment.database.read({ db -> (UploadRow, [String])? in
                try db.upload(realm: realm, id: job.subject).map { ($0, try db.uploadPieces($0.id)) }
            }), row.state == .joining
        else { return try await environment.database.write { db in try job.finish(in: db) } }
        let writer = try await environment.objects.makeWriter()
        let object: StoredObject
        do {
            for hash in hashes.compactMap({ ContentHash($0) }) {
                for try await chunk in try await environment.objects.open(hash, range: nil) {
                    try await writer.write(chunk)
                }
            }
            try Task.checkCancellation()
            object = try await writer.finish()
        } catch {
            await writer.discard()
            throw error
        }
        guard Int64(object.size) == row.length else {
            throw ObjectStoreError(.failed, "An upload of \(row.length) bytes has pieces of \(object.size) bytes.")
        }
        let now = environment.now()
        let pieces = try await environment.database.write { db -> [String] in
            try job.finish(in: db)
            guard var row = try db.lockUpload(realm: realm, id: job.subject), row.state == .joining else { return [] }
            try UploadOperations.complete(&row, with: object, in: db, now: now)
            return try db.deleteUploadPieces(row.id)
        }
        _ = try await environment.objects.remove(Array(Set(pieces)), putBefore: nil)
    }

    private func fail(_ job: JobRow, _ message: String) async throws {
        guard let realm = job.realm else { return }
        let now = environment.now()
        let pieces = try await environment.database.write { db -> [String] in
            try job.finish(in: db)
            guard var row = try db.lockUpload(realm: realm, id: job.subject), row.state == .joining else { return [] }
            try UploadOperations.fail(&row, message, in: db, now: now)
            return try db.deleteUploadPieces(row.id)
        }
        _ = try await environment.objects.remove(Array(Set(pieces)), putBefore: nil)
    }
}
