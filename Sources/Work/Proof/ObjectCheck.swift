package import Media
package import Storage

/// Reads every stored object that a row refers to, and compares its bytes with its name.
package struct ObjectCheck: Sendable {
    private let database: any Database
    private let objects: any ObjectStore

    private static let portion = 200
    private static let atOnce = 4
    /// The most owners of a broken object that are named.
    private static let mostOwners = 20

    package init(database: any Database, objects: any ObjectStore) {
        self.database = database
        self.objects = objects
    }

    /// Checks all of them, a portion after the other, while the server may go on.
    ///
    /// - Throws: `StorageError`.
    package func run(_ report: inout LogReport) async throws {
        report.objects = (0, 0)
        var place = ""
        while true {
            let portion = try await database.read { [place] db in
                try db.registeredObjects(after: place, limit: Self.portion)
            }
            guard let last = portion.last else { break }
            place = last.hash
            try await check(portion.filter(\.isNamed).map(\.hash), &report)
        }
        for column in ObjectColumn.all {
            let hashes = try await database.read { db in try db.unregisteredObjects(in: column, limit: Self.portion) }
            for hash in hashes {
                try await tell(
                    hash, "is not known to the register, though \(column.table).\(column.column) names it", &report)
            }
        }
    }

    private func check(_ hashes: [String], _ report: inout LogReport) async throws {
        for (hash, state) in try await hashes.map(atOnce: Self.atOnce, look).sorted(by: { $0.0 < $1.0 }) {
            switch state {
            case .whole(let size): report.objects = report.objects.map { ($0.count + 1, $0.bytes + size) }
            case .broken(let what):
                // It may have gone meanwhile because nothing refers to it any more.
                let isNamed = try await database.read { db in try db.isNamed(object: hash) }
                if isNamed { try await tell(hash, what, &report) }
            }
        }
    }

    private enum Finding: Sendable {
        case whole(size: Int)
        /// What is wrong, in words that go on after the object.
        case broken(String)
    }

    private func look(_ hash: String) async throws -> Finding {
        guard let object = ContentHash(hash) else { return .broken("has no name that an object can have") }
        do {
            return switch try await objects.state(of: object) {
            case .whole(let size): .whole(size: size)
            case .missing: .broken("is missing")
            case .changed: .broken("is not what it was")
            }
        } catch let error as ObjectStoreError {
            return .broken("cannot be read (\(error.description))")
        }
    }

    private func tell(_ hash: String, _ what: String, _ report: inout LogReport) async throws {
        let owners = try await database.read { db in try db.owners(ofObject: hash, limit: Self.mostOwners + 1) }
        var words = Self.words(owners.prefix(Self.mostOwners))
        if owners.count > Self.mostOwners { words += " and more" }
        report.faults.note("The object \(hash) \(what)" + (words.isEmpty ? "." : ": \(words)."))
    }

    /// As `the thumbnail of task 65a…, 65b…, the bytes of file 17c…`.
    private static func words(_ owners: some Sequence<ObjectOwner>) -> String {
        var parts: [String] = []
        var last: ObjectOwner?
        for owner in owners {
            if let last, last.role == owner.role, last.kind == owner.kind {
                parts.append(owner.id)
            } else {
                let role = owner.role == "display" ? "copy to show" : owner.role
                parts.append("the \(role) of \(owner.id.isEmpty ? "an address" : "\(owner.kind) \(owner.id)")")
            }
            last = owner
        }
        return parts.joined(separator: ", ")
    }
}
