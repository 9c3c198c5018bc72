import Storage
import Synchronization

/// Projects as they were seen last, so that creating a task need not look its project up first.
///
/// What is remembered may be old: whoever uses it checks the version inside the transaction that relies on it. A class,
/// since all requests share it.
final class ProjectMemory: Sendable {
    private struct Key: Hashable {
        let realm: Int64
        let name: String
    }

    private static let most = 1000
    private let known = Mutex<[Key: TaskOperations.Context]>([:])

    func recall(_ name: String, realm: Int64) -> TaskOperations.Context? {
        known.withLock { $0[Key(realm: realm, name: name)] }
    }

    func remember(_ context: TaskOperations.Context, _ name: String, realm: Int64) {
        known.withLock { known in
            if known.count >= Self.most { known.removeAll() }
            known[Key(realm: realm, name: name)] = context
        }
    }

    func forget(_ name: String, realm: Int64) {
        _ = known.withLock { $0.removeValue(forKey: Key(realm: realm, name: name)) }
    }
}

/// What was remembered of a project is no longer true.
struct OutdatedProject: Error {}
