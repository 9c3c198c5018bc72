package import JSON
import Storage

/// Everything that shows, without the database, what happened to one task and what its rows contain.
///
/// The path leads from an end of the account's log to each entry about the task, by the hashes that every entry covers.
package struct TaskProof: Sendable {
    static let format = "vernier task proof 1"

    /// An entry of the log on the path.
    struct Node: Sendable {
        let position: Int64
        let previous: String
        let skipped: String
        let entry: EventRow
    }

    let task: String
    let head: LogHead
    /// From the end of the log towards its beginning.
    let path: [Node]
    /// What the rows contain that the entries seal.
    let rows: [CoveredContent]
    /// The rows that were written again since, and whose content therefore is no longer what the entries seal.
    let changed: [String]

    /// Writes the file.
    ///
    /// Entries about other things stand in it by their hashes only.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("format", Self.format)
            writer.field("task", task)
            writer.key("head")
            head.write(to: &writer)
            writer.array("path") { writer in for node in path { write(node, to: &writer) } }
            if !changed.isEmpty {
                writer.array("changed_since") { writer in changed.forEach { writer.value($0) } }
            }
            writer.object("rows") { writer in
                for row in rows {
                    writer.key(row.name)
                    writer.object { writer in
                        for column in row.columns {
                            writer.key(column.name)
                            writer.value(column.value)
                        }
                    }
                }
            }
        }
    }

    private func write(_ node: Node, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("position", Int(node.position))
            writer.field("previous", node.previous)
            writer.field("skipped", node.skipped)
            guard node.entry.objectID == task else { return writer.field("content", node.entry.content) }
            writer.object("entry") { writer in
                let entry = node.entry
                writer.field("realm", Int(entry.realm))
                writer.field("id", entry.id)
                writer.field("at", Int(entry.at.microseconds))
                writer.field("actor", entry.actor)
                writer.field("object_kind", entry.objectKind)
                writer.field("object_id", entry.objectID)
                writer.field("action", entry.action)
                writer.field("before_sha256", ifPresent: entry.before.map(CanonicalForm.digest))
                writer.field("after_sha256", ifPresent: entry.after.map(CanonicalForm.digest))
                if entry.objectKind == Evidence.kind { writer.field("after", ifPresent: entry.after) }
            }
        }
    }
}

extension ProofOperations {
    /// The proof of a task, up to the end of the log or an earlier one that is kept elsewhere.
    ///
    /// - Throws: `Refusal` if there is no such task, or nothing about it has been sealed by then.
    package func proof(of task: String, at position: Int64?, by actor: Actor) async throws -> TaskProof {
        let (realm, account, now) = (actor.realm.id, actor.realm.account, now())
        return try await database.read { db in
            guard Identifier.isValid(task), try db.taskHead(realm: realm, id: task) != nil else {
                throw Refusal.noSuchTask
            }
            guard let end = try db.chainEnds().first(where: { $0.account == account }) else { throw Self.notSealed }
            let top = position ?? end.position
            guard top > end.firstForm, top <= end.position,
                let hash = try db.sealedHash(account: account, at: top)
            else {
                throw Issues(
                    "head", "`head` must be a position of the log from \(end.firstForm + 1) to \(end.position).")
            }
            let places = try db.sealedPlaces(realm: realm, object: task, after: end.firstForm, through: top)
            guard !places.isEmpty else { throw Self.notSealed }
            let path = try db.chainPath(account: account, from: top, to: places).map { link in
                TaskProof.Node(
                    position: link.entry.position ?? 0, previous: link.previous, skipped: link.skipped,
                    entry: link.entry)
            }
            let (rows, changed) = try Self.rows(sealedBy: path.map(\.entry), of: task, in: db)
            return TaskProof(
                task: task, head: LogHead(account: account, position: top, hash: hash, at: now), path: path, rows: rows,
                changed: changed)
        }
    }

    private static let notSealed = Refusal(
        .conflict, "Nothing about this task has been sealed yet; that takes a second. Ask again.")

    /// The rows as they are, and the names of those that were written again after the entries.
    private static func rows(
        sealedBy path: [EventRow], of task: String, in db: any Connection
    ) throws -> (rows: [CoveredContent], changed: [String]) {
        var seals: [String: (seal: RowSeal?, entry: EventRow)] = [:]
        for entry in path.reversed() where entry.objectID == task && entry.objectKind == Evidence.kind {
            for (name, seal) in Evidence.read(entry.after) ?? [] { seals[name] = (seal, entry) }
        }
        let contents = try db.coveredContents(seals.keys.sorted())
        var (rows, changed): ([CoveredContent], [String]) = ([], [])
        for (name, last) in seals.sorted(by: { $0.key < $1.key }) {
            let content = contents[name]
            if content?.hash != last.seal?.hash, try db.isNewer(name, of: task, than: last.entry) {
                changed.append(name)
            } else if let content {
                // As it is, be it what was sealed or not: whoever checks the file is to see it.
                rows.append(content)
            }
        }
        return (rows, changed)
    }
}

extension Connection {
    /// Whether a row was written again after an entry about it.
    fileprivate func isNewer(_ name: String, of subject: String, than entry: EventRow) throws -> Bool {
        if try isUncovered(realm: entry.realm, row: name) { return true }
        let last = try lastEvidence(realm: entry.realm, subject: subject, row: name)
        return (last?.entry.position ?? 0) > (entry.position ?? 0)
    }
}
