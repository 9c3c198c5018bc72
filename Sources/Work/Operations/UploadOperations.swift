package import JSON
import Logging
import Media
package import NIOCore
package import Storage

/// Files that arrive in pieces, over as many requests as it takes.
///
/// Every piece is an object and a row, so an upload can go on at any node, and what was acknowledged is kept.
package struct UploadOperations: Sendable {
    private let environment: WorkEnvironment

    /// The bytes after which what has come is made safe.
    private static let pieceSize = 8 << 20
    /// The most uploads of one realm that have begun and are not whole.
    private static let mostOpen = 1000
    /// For how long it is told what became of an upload, in seconds.
    static let shownSeconds = 86_400.0

    private static let missing = Refusal(.notFound, "There is no such upload, or no longer.")
    private static let moved = Refusal(
        .conflict, "The upload is not at this offset; ask with HEAD where it stands and go on from there.")

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    /// The most bytes of one upload.
    package var limit: Int64 { environment.uploadLimit }

    /// Begins an upload of as many bytes as are announced.
    package func begin(length: Int64, name: String, details: FileDetails, by actor: Actor) async throws -> UploadRow {
        guard length <= limit else {
            throw Refusal(.tooLarge, "The file is larger than the limit of \(limit) bytes.")
        }
        let now = environment.now()
        let row = UploadRow(
            id: Identifier.make(now), realm: actor.realm.id, name: name, displayName: details.displayName,
            project: details.project, referenceID: details.referenceID, metadata: details.metadata?.text,
            length: length, actor: actor.label, createdAt: now, expiresAt: expiry(now))
        try await environment.database.write { db in
            guard try db.openUploads(realm: row.realm) < Self.mostOpen else {
                throw Refusal(
                    .tooMany, "\(Self.mostOpen) uploads have begun and are not whole; end some of them first.")
            }
            if let project = row.project { _ = try db.existingProject(realm: row.realm, named: project) }
            if let reference = row.referenceID, try db.file(realm: row.realm, referenceID: reference) != nil {
                throw FileOperations.referenceTaken(reference)
            }
            try db.insertUpload(row)
            try Self.note("upload.begun", row, by: actor.label, in: db, at: now)
        }
        if length > 0 { return row }
        return try await add(try await environment.objects.put([]), to: row.id, at: 0, realm: row.realm)
    }

    /// How an upload stands, and the file that was made of it.
    package func show(_ id: String, by actor: Actor) async throws -> (row: UploadRow, file: FileRow?) {
        let realm = actor.realm.id
        let found = try await environment.database.read { db -> (UploadRow, FileRow?)? in
            guard let row = try db.upload(realm: realm, id: id) else { return nil }
            return (row, try row.fileID.flatMap { try db.file(realm: realm, id: $0) })
        }
        guard let found else { throw Self.missing }
        return found
    }

    /// Takes further bytes in, making them safe piece by piece; what came before an error is kept.
    ///
    /// - Throws: `Refusal` with `conflict` if the upload does not stand at the offset, be it that somebody else sends too;
    ///   with `tooLarge` if there are more bytes than announced; and what the sequence throws.
    package func append<Chunks: AsyncSequence>(
        _ chunks: Chunks, to id: String, at offset: Int64, by actor: Actor
    ) async throws -> UploadRow where Chunks.Element == ByteBuffer {
        var row = try await show(id, by: actor).row
        guard row.received == offset else { throw Self.moved }
        var piece: (writer: any ObjectWriter, size: Int)?
        do {
            for try await chunk in chunks where chunk.readableBytes > 0 {
                guard row.received + Int64((piece?.size ?? 0) + chunk.readableBytes) <= row.length else {
                    throw Refusal(.tooLarge, "The upload was announced with \(row.length) bytes; there are more.")
                }
                let (writer, size) =
                    if let piece { piece } else { (try await environment.objects.makeWriter(), 0) }
                piece = (writer, size)
                try await writer.write(chunk)
                piece = (writer, size + chunk.readableBytes)
                if size + chunk.readableBytes >= Self.pieceSize {
                    piece = nil
                    row = try await add(try await writer.finish(), to: id, at: row.received, realm: row.realm)
                }
            }
        } catch {
            if let piece { await keep(piece, of: row, unless: error) }
            throw error
        }
        if let piece {
            row = try await add(try await piece.writer.finish(), to: id, at: row.received, realm: row.realm)
        }
        return row
    }

    /// Saves the bytes that came before the connection broke, so that the sender need not send them again.
    private func keep(_ piece: (writer: any ObjectWriter, size: Int), of row: UploadRow, unless error: any Error) async
    {
        guard !(error is Refusal), !(error is ObjectStoreError), !(error is StorageError), piece.size > 0 else {
            return await piece.writer.discard()
        }
        // Apart from this task, which may have been cancelled with the connection.
        await Task {
            do {
                _ = try await add(try await piece.writer.finish(), to: row.id, at: row.received, realm: row.realm)
            } catch {
                // The sender learns from the offset that these bytes are not here.
                environment.logger.debug("the rest of a request was not kept", metadata: ["error": "\(error)"])
            }
        }.value
    }

    private func add(_ object: StoredObject, to id: String, at offset: Int64, realm: Int64) async throws -> UploadRow {
        let now = environment.now()
        let row = try await environment.database.write { db in
            guard var row = try db.lockUpload(realm: realm, id: id) else { throw Self.missing }
            guard row.state == .open, row.received == offset else { throw Self.moved }
            if Int64(object.size) == row.length {
                try Self.complete(&row, with: object, in: db, now: now)
                return row
            }
            try db.insertUploadPiece(of: row, hash: object.hash.description, size: object.size)
            row.received += Int64(object.size)
            row.expiresAt = expiry(now)
            if row.received == row.length {
                row.state = .joining
                try db.enqueue([FinishUpload.job(row, at: now)], at: now)
            }
            try db.updateUpload(row)
            return row
        }
        if row.state == .joining { environment.jobs.raise(.finishUpload) }
        return row
    }

    /// Makes the whole object a file; if that is refused by now, the upload has failed.
    static func complete(
        _ row: inout UploadRow, with object: StoredObject, in db: any Connection, now: Timestamp
    ) throws {
        row.received = row.length
        row.expiresAt = now.adding(seconds: shownSeconds)
        let file = FileRow(
            id: WorkEnvironment.makeUUID(), realm: row.realm, hash: object.hash.description,
            name: row.displayName ?? row.name, mime: object.mimeType, size: row.length, referenceID: row.referenceID,
            metadata: row.metadata, projects: row.project.map { [$0] } ?? [], state: .ready, createdAt: now)
        do {
            let account = try db.realm(row.realm)?.accountID ?? ""
            try FileOperations.store(file, account: account, by: row.actor, in: db, now: now)
            row.state = .done
            row.fileID = file.id
            try db.updateUpload(row)
        } catch let refusal as Refusal {
            try fail(&row, refusal.message, in: db, now: now)
        }
    }

    /// Ends an upload of which no file comes.
    static func fail(_ row: inout UploadRow, _ message: String, in db: any Connection, now: Timestamp) throws {
        row.state = .failed
        row.error = message
        row.expiresAt = now.adding(seconds: shownSeconds)
        try db.updateUpload(row)
        try note("upload.failed", row, by: "program", in: db, at: now)
    }

    /// Writes into the log what becomes of an upload; a file that is made of one has an entry of its own.
    private static func note(
        _ action: String, _ row: UploadRow, by actor: String, in db: any Connection, at now: Timestamp
    ) throws {
        try db.append(
            NewEvent(
                realm: row.realm, at: now, actor: actor, objectKind: "upload", objectID: row.id, action: action,
                after: row.text))
    }

    /// Calls an upload off; a file that was made of it stays.
    package func cancel(_ id: String, by actor: Actor) async throws {
        let realm = actor.realm.id
        let now = environment.now()
        let hashes = try await environment.database.write { db in
            guard let row = try db.lockUpload(realm: realm, id: id) else { throw Self.missing }
            try Self.note("upload.canceled", row, by: actor.label, in: db, at: now)
            return try db.deleteUpload(id)
        }
        _ = try await environment.objects.remove(Array(Set(hashes)), putBefore: nil)
    }

    /// Forgets uploads whose time is over.
    func dropExpired() async throws {
        while true {
            let now = environment.now()
            let (count, hashes) = try await environment.database.write { db in
                let rows = try db.expiredUploads(now: now, limit: 20)
                for row in rows where row.state == .open {
                    try Self.note("upload.expired", row, by: "program", in: db, at: now)
                }
                return (rows.count, try rows.flatMap { try db.deleteUpload($0.id) })
            }
            guard count > 0 else { return }
            _ = try await environment.objects.remove(Array(Set(hashes)), putBefore: nil)
        }
    }

    private func expiry(_ now: Timestamp) -> Timestamp {
        now.adding(seconds: Double(environment.retention.uploadHours) * 3600)
    }
}

extension UploadRow {
    /// The upload as the event log keeps it.
    fileprivate var text: String {
        var writer = JSONWriter()
        write(to: &writer, file: nil, account: "")
        return writer.text
    }

    /// Writes the upload as programs see it, with the file that was made of it.
    package func write(to writer: inout JSONWriter, file: FileRow?, account: String) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("state", state.rawValue)
            writer.field("name", name)
            writer.field("length", Int(length))
            writer.field("offset", Int(received))
            writer.nullable("error", error)
            writer.field("created_at", time: createdAt.microseconds)
            writer.field("expires_at", time: expiresAt.microseconds)
            writer.key("file")
            if let file { file.write(to: &writer, account: account) } else { writer.null() }
        }
    }
}
