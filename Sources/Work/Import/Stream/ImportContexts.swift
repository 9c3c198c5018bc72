import JSON
import Labeling
import Storage
import Synchronization

/// What lines of a stream name: where their tasks belong.
struct ImportPlace: Hashable, Sendable {
    var project: String?
    var batch: String?
    var version: Int?
}

/// The projects and batches that lines have named so far, so that each is looked up once.
///
/// What is remembered may be old; it is checked in the transaction that relies on it. A class, since lines are prepared
/// while others are written.
final class ImportContexts: Sendable {
    private typealias Found = Result<TaskOperations.Context, ImportLineFault>

    /// As many are remembered; a stream that names more looks some of them up again.
    private static let most = 1000
    private let known = Mutex<[ImportPlace: Found]>([:])

    /// What a place is.
    ///
    /// - Throws: `ImportLineFault` for a place that is none, `UnknownPlace` for one that has not been looked up yet.
    func context(of place: ImportPlace) throws -> TaskOperations.Context {
        guard let found = known.withLock({ $0[place] }) else { throw UnknownPlace(place: place) }
        return try found.get()
    }

    /// Looks a place up.
    func find(_ place: ImportPlace, in tasks: TaskOperations, by actor: Actor) async throws {
        let found: Found
        do {
            found = .success(
                try await tasks.context(project: place.project, batch: place.batch, version: place.version, by: actor))
        } catch let refusal as Refusal {
            found = .failure(ImportLineFault(message: refusal.message))
        } catch let issues as Issues {
            found = .failure(ImportLineFault(message: issues.all.map(\.message).joined(separator: " ")))
        }
        known.withLock { known in
            if known.count >= Self.most { known.removeAll() }
            known[place] = found
        }
    }

    /// Forgets everything, or only what was not found, which somebody may make at any time.
    func forget(onlyMissing: Bool) {
        known.withLock { known in
            known = onlyMissing ? known.filter { if case .success = $0.value { true } else { false } } : [:]
        }
    }

    /// Whether contexts are still what they were, as far as new tasks go.
    static func areCurrent(_ contexts: [ImportPlace: TaskOperations.Context], in db: any Connection) throws -> Bool {
        try contexts.allSatisfy { place, context in
            if let batch = context.batch {
                guard try db.batch(realm: batch.realm, id: batch.id)?.status == batch.status else { return false }
            }
            guard let project = context.project, place.version == nil else { return true }
            return try db.latestVersionNumber(project: project.id) == context.version?.version ?? -1
        }
    }
}

/// A place that has to be looked up first.
struct UnknownPlace: Error {
    let place: ImportPlace
}
