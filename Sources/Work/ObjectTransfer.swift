package import Media
package import Storage

/// Copies the objects that a database knows from one store to another, those that are not there yet.
package struct ObjectTransfer: Sendable {
    /// What came of it.
    package struct Outcome: Sendable {
        /// Objects that the database knows.
        package var objects = 0
        /// Those that were copied, and their bytes.
        package var copied = 0
        package var bytes = 0
        /// Objects that rows refer to and that could not be copied.
        package var faults = FaultList()
    }

    private let database: any Database
    private let source: any ObjectStore
    private let target: any ObjectStore

    private static let portion = 1000
    private static let atOnce = 8

    package init(database: any Database, from source: any ObjectStore, to target: any ObjectStore) {
        self.database = database
        self.source = source
        self.target = target
    }

    /// Copies what is missing; may be done again after it was broken off.
    ///
    /// Register and target are walked side by side in the order of hashes, so that neither is held in memory.
    ///
    /// - Throws: `StorageError`, or `ObjectStoreError` if the target fails.
    package func run() async throws -> Outcome {
        var outcome = Outcome()
        var listing = Listing(store: target)
        var place = ""
        while true {
            let portion = try await database.read { [place] db in
                try db.registeredObjects(after: place, limit: Self.portion)
            }
            guard let last = portion.last else { return outcome }
            place = last.hash
            outcome.objects += portion.count
            var missing: [ContentHash] = []
            for object in portion {
                guard let hash = ContentHash(object.hash) else { continue }
                let found = try await listing.size(of: hash)
                // One of another size is not what its name says.
                if found == nil || (object.size > 0 && found != Int(object.size)) { missing.append(hash) }
            }
            for (hash, result) in try await missing.map(atOnce: Self.atOnce, copy) {
                switch result {
                case .copied(let size): (outcome.copied, outcome.bytes) = (outcome.copied + 1, outcome.bytes + size)
                case .nobodys: outcome.objects -= 1
                case .broken(let reason): outcome.faults.note("The object \(hash) could not be copied: \(reason)")
                }
            }
        }
    }

    private enum Copied: Sendable {
        case copied(size: Int)
        /// It is not there, and no row says that it has to be.
        case nobodys
        case broken(String)
    }

    private func copy(_ hash: ContentHash) async throws -> Copied {
        do {
            return .copied(size: try await target.copy(hash, from: source))
        } catch let error as ObjectStoreError where error.code == .notFound {
            let isNamed = try await database.read { db in try db.isNamed(object: hash.description) }
            return isNamed ? .broken(error.description) : .nobodys
        } catch let error as ObjectStoreError where error.code == .damaged {
            return .broken(error.description)
        }
    }
}

/// A store's objects in the order of their hashes, a page in memory.
private struct Listing {
    let store: any ObjectStore
    private var page: ArraySlice<ListedObject> = []
    private var last: ContentHash?
    private var isOver = false

    init(store: any ObjectStore) {
        self.store = store
    }

    /// The size of an object, nil if it is not there; hashes have to be asked for in their order.
    mutating func size(of hash: ContentHash) async throws -> Int? {
        while true {
            while let first = page.first {
                if first.hash == hash { return first.size }
                if first.hash.description > hash.description { return nil }
                page = page.dropFirst()
            }
            guard !isOver else { return nil }
            page = try await store.list(after: last, limit: 1000)[...]
            last = page.last?.hash ?? last
            isOver = page.isEmpty
        }
    }
}

extension Array where Element: Sendable {
    /// Does something for each element, for at most so many at a time, and answers what came of each, in any order.
    func map<Result: Sendable>(
        atOnce most: Int, _ work: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [(Element, Result)] {
        try await withThrowingTaskGroup(of: (Element, Result).self) { group in
            var (results, running): ([(Element, Result)], Int) = ([], 0)
            for element in self {
                if running == most, let one = try await group.next() {
                    results.append(one)
                    running -= 1
                }
                group.addTask { (element, try await work(element)) }
                running += 1
            }
            for try await one in group { results.append(one) }
            return results
        }
    }
}
