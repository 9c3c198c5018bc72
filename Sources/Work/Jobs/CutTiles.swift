import Media
import Storage

/// Cuts a large picture into tiles before its task goes on, so that editors never have to load all of it.
///
/// The tiles belong to the picture's bytes: the same picture in another task is not cut again.
struct CutTiles {
    let environment: WorkEnvironment

    static func job(for attachment: AttachmentRow, at now: Timestamp) -> NewJob {
        NewJob(
            id: Identifier.make(now), kind: JobKind.cutTiles.rawValue, realm: attachment.realm,
            subject: attachment.taskID, payload: String(attachment.position), runAt: now)
    }

    func run(_ job: JobRow) async throws {
        guard let realm = job.realm, let position = Int(job.payload) else { return try await drop(job) }
        let found = try await environment.database.read { db -> (AttachmentRow, Bool)? in
            guard let row = try db.attachment(realm: realm, task: job.subject, position: position),
                let task = try db.task(realm: realm, id: job.subject), task.status == .pending
            else { return nil }
            return (row, try row.hash.map { try !db.tilings(of: [$0]).isEmpty } ?? false)
        }
        guard let (attachment, isCut) = found, attachment.state == .waiting, let copy = attachment.copy,
            let hash = ContentHash(copy.hash)
        else { return try await drop(job) }
        let end = AttachmentEnd(environment: environment)
        do {
            if !isCut { try await cut(hash, from: copy.displayHash.flatMap { ContentHash($0) } ?? hash, name: job.id) }
            try await end.ready(job, attachment, copy)
        } catch let error as PictureError where Self.isFinal(error, after: job.attempts) {
            try await end.failed(job, attachment, status: 200, error.message)
        }
    }

    /// Whether the picture is to blame.
    ///
    /// It was decoded once already, for its thumbnail, so what looks like damage now may as well be a
    /// full disk or a busy machine, which another try gets past.
    private static func isFinal(_ error: PictureError, after attempts: Int) -> Bool {
        switch error.code {
        case .unavailable: false
        case .damaged, .tookTooLong: attempts >= tries
        default: true
        }
    }

    /// How often a picture is tried before it is taken for damaged.
    private static let tries = 4

    /// Cuts what is shown of a picture; the tiles belong to the picture.
    private func cut(_ hash: ContentHash, from shown: ContentHash, name: String) async throws {
        let (pictures, store) = (environment.pictures, environment.objects)
        let (pack, info) = try await store.withLocalFile(shown) { path in
            try await pictures.cutTiles(path, name: name, into: store)
        }
        let now = environment.now()
        try await environment.database.write { db in
            try db.insertTiling(
                TilingRow(
                    hash: hash.description, pack: pack.hash.description, width: info.width, height: info.height,
                    createdAt: now))
        }
    }

    private func drop(_ job: JobRow) async throws {
        try await environment.database.write { db in try job.finish(in: db) }
    }
}
