import JSON

/// What a covered row says, as it is hashed.
package struct CoveredContent: Sendable, Equatable {
    /// As `attachments/<task>/0`.
    package let name: String
    package let realm: Int64

    /// The thing whose history the row belongs to: a task, a batch, or the row itself.
    package let subject: String

    /// The covered columns that are not NULL, in the table's order.
    package let columns: [(name: String, value: String)]

    /// Content that was read from somewhere else, such as a proof.
    package init(name: String, realm: Int64, subject: String, columns: [(name: String, value: String)]) {
        self.name = name
        self.realm = realm
        self.subject = subject
        self.columns = columns
    }

    /// SHA-256 over name and columns, in hex.
    package var hash: String {
        CanonicalForm.hash(["vernier row 1", name] + columns.flatMap { [$0.name, $0.value] })
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.realm == right.realm && left.subject == right.subject && left.hash == right.hash
    }

    /// What the log says of the row: its hash, and a check of each column by which a change is found.
    package var seal: RowSeal {
        RowSeal(hash: hash, checks: columns.map { ($0.name, String(CanonicalForm.digest($0.value).prefix(4))) })
    }
}

/// What an entry of the log says of a row.
package struct RowSeal: Sendable {
    /// SHA-256, in hex.
    package let hash: String

    /// The first digits of the hash of each column's value.
    ///
    /// They prove nothing; they tell which column differs.
    package let checks: [(name: String, digits: String)]

    /// The columns in which a row differs from what was sealed.
    package func differences(from content: CoveredContent) -> [String] { differences(from: content.seal) }

    /// The columns in which another seal of the row differs.
    func differences(from other: RowSeal) -> [String] {
        let then = Dictionary(checks.map { ($0.name, $0.digits) }) { first, _ in first }
        let now = Dictionary(other.checks.map { ($0.name, $0.digits) }) { first, _ in first }
        return Set(then.keys).union(now.keys).filter { then[$0] != now[$0] }.sorted()
    }
}

/// An entry of the log that says what rows contained.
package enum Evidence {
    /// The kind of object that such entries are said to be about; they are not shown among what people did.
    package static let kind = "evidence"
    static let action = "evidence.taken"
    static let actor = "program"

    /// The seals by the names of the rows, as an entry has them; nil of a row that was not there.
    static func write(_ seals: [(name: String, seal: RowSeal?)]) -> String {
        var writer = JSONWriter(capacity: 512)
        writer.object { writer in
            for (name, seal) in seals {
                writer.key(name)
                guard let seal else {
                    writer.null()
                    continue
                }
                writer.object { writer in
                    writer.field("sha256", seal.hash)
                    writer.object("columns") { writer in
                        for check in seal.checks {
                            writer.key(check.name)
                            writer.value(check.digits)
                        }
                    }
                }
            }
        }
        return writer.text
    }

    /// Reads what an entry says; nil of text that no entry has.
    package static func read(_ text: String?) -> [(name: String, seal: RowSeal?)]? {
        guard let text else { return nil }
        // What is not JSON was not written by the program, which is all that matters here.
        return try? JSONDocument.read(text) { root -> [(name: String, seal: RowSeal?)]? in
            guard root.isObject else { return nil }
            return root.members.map { member in
                guard let hash = member.value["sha256"]?.string else { return (member.name, nil) }
                let checks = member.value["columns"]?.members.map { ($0.name, $0.value.string ?? "") } ?? []
                return (member.name, RowSeal(hash: hash, checks: checks))
            }
        }
    }
}
