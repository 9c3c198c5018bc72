import JSON
package import Storage

/// What a proof of a task shows, once it has been found to be right.
package struct ProvenTask: Sendable {
    package var task: String
    package var head: LogHead
    /// What happened, oldest first.
    package var entries: [(position: Int64, at: Timestamp, actor: String, action: String)]
    package var rows: Int
    /// Rows that were written again after that end of the log, and are not in the file.
    package var changedRows: Int
    /// How many of the ends kept elsewhere the proof goes through.
    package var heads = 0
}

/// Why a file proves nothing.
package struct ProofFault: Error, Sendable, Equatable {
    package let message: String
}

/// Checks the proof of a task by itself: nothing but the file and, if there is one, an end of the log that was kept elsewhere.
package enum ProofCheck {
    private static let limits = JSONLimits(bytes: 1 << 30)

    /// - Throws: `ProofFault`; `JSONFault` if the file is no JSON.
    package static func check(_ file: String, heads: [LogHead] = []) throws -> ProvenTask {
        try JSONDocument.read(file, limits: limits) { root in
            guard root["format"]?.string == TaskProof.format, let task = root["task"]?.string,
                let head = LogHead(root["head"]), let path = root["path"], let rows = root["rows"]
            else { throw ProofFault(message: "The file is no proof of a task (\(TaskProof.format)).") }
            let (entries, known) = try walk(path, from: head, task: task)
            guard !entries.isEmpty else { throw ProofFault(message: "The proof has no entry about task \(task).") }
            let changed = Set(root["changed_since"]?.elements.compactMap(\.string) ?? [])
            let count = try check(rows, against: entries, butFor: changed)
            var proven = ProvenTask(
                task: task, head: head,
                entries: entries.map { ($0.position ?? 0, $0.at, $0.actor, $0.action) }, rows: count,
                changedRows: changed.count)
            proven.heads = try compare(heads, with: known, of: head)
            return proven
        }
    }

    /// Goes along the path from the end of the log, and answers the task's entries, oldest first, and every hash that was
    /// found to be right.
    private static func walk(
        _ path: JSONValue, from head: LogHead, task: String
    ) throws -> ([EventRow], [Int64: String]) {
        var known = [head.position: head.hash]
        var entries: [EventRow] = []
        var last = Int64.max
        for node in path.elements {
            guard let number = node["position"]?.int, let previous = node["previous"]?.string,
                let skipped = node["skipped"]?.string, number > 0, Int64(number) < last
            else { throw ProofFault(message: "The path is not a falling list of entries.") }
            let position = Int64(number)
            last = position
            guard let expected = known[position] else {
                throw ProofFault(message: "Nothing leads from the end of the log to entry \(position).")
            }
            let content: String
            if let value = node["entry"] {
                let entry = try entry(value, at: position, task: task)
                entries.append(entry.row)
                content = entry.content
            } else {
                content = node["content"]?.string ?? ""
            }
            let hash = EventSeal.link(position: position, previous: previous, skipped: skipped, content: content)
            guard hash == expected else {
                throw ProofFault(message: "Entry \(position) does not say what was sealed.")
            }
            known[position - 1] = previous
            known[EventSeal.skip(from: position)] = skipped
        }
        return (entries.reversed(), known)
    }

    private static func entry(
        _ value: JSONValue, at position: Int64, task: String
    ) throws -> (row: EventRow, content: String) {
        func text(_ name: String) throws -> String {
            guard let text = value[name]?.string else {
                throw ProofFault(message: "Entry \(position) has no \(name).")
            }
            return text
        }
        guard let realm = value["realm"]?.int, let at = value["at"]?.int else {
            throw ProofFault(message: "Entry \(position) has no realm or time.")
        }
        let after = value["after"]?.string
        var row = EventRow(
            NewEvent(
                id: try text("id"), realm: Int64(realm), at: Timestamp(microseconds: Int64(at)),
                actor: try text("actor"), objectKind: try text("object_kind"), objectID: try text("object_id"),
                action: try text("action"), after: after))
        row.position = position
        guard row.objectID == task else { throw ProofFault(message: "Entry \(position) is about something else.") }
        let digest = value["after_sha256"]?.string
        guard after == nil || after.map(CanonicalForm.digest) == digest else {
            throw ProofFault(message: "The text of entry \(position) does not fit its hash.")
        }
        let content = EventSeal.content(
            realm: row.realm, id: row.id, at: row.at, actor: row.actor, objectKind: row.objectKind,
            objectID: row.objectID, action: row.action, before: value["before_sha256"]?.string, after: digest)
        return (row, content)
    }

    /// Compares the rows in the file with what the entries say last of them; answers how many there are.
    private static func check(
        _ rows: JSONValue, against entries: [EventRow], butFor changed: Set<String>
    ) throws -> Int {
        var seals: [String: RowSeal] = [:]
        for entry in entries where entry.objectKind == Evidence.kind {
            guard let found = Evidence.read(entry.after) else {
                throw ProofFault(message: "Entry \(entry.position ?? 0) does not say what rows contained.")
            }
            for (name, seal) in found { seals[name] = seal }
        }
        var given: Set<String> = []
        for row in rows.members {
            guard let seal = seals[row.name], let first = entries.first else {
                throw ProofFault(message: "No entry knows of the row \(row.name).")
            }
            let content = CoveredContent(
                name: row.name, realm: first.realm, subject: first.objectID,
                columns: row.value.members.map { ($0.name, $0.value.string ?? "") })
            guard content.hash == seal.hash else {
                let columns = seal.differences(from: content).joined(separator: ", ")
                throw ProofFault(message: "The row \(row.name) is not as it was sealed: \(columns).")
            }
            given.insert(row.name)
        }
        if let missing = Set(seals.keys).subtracting(given).subtracting(changed).min() {
            throw ProofFault(message: "The row \(missing) is sealed, but the file does not have it.")
        }
        return given.count
    }

    private static func compare(_ heads: [LogHead], with known: [Int64: String], of head: LogHead) throws -> Int {
        let own = heads.filter { $0.account == head.account }
        guard heads.isEmpty || !own.isEmpty else {
            throw ProofFault(message: "The heads are those of other accounts.")
        }
        var count = 0
        for head in own {
            guard let hash = known[head.position] else { continue }
            guard hash == head.hash else {
                throw ProofFault(
                    message: "Entry \(head.position) is not the one that was published: the log has been written anew.")
            }
            count += 1
        }
        guard own.isEmpty || count > 0 else {
            let newest = own.map(\.position).max() ?? 0
            throw ProofFault(
                message: "The proof does not go through a published head; ask for one with head=\(newest).")
        }
        return count
    }
}
