/// The tags that a task is to have, in the order given; the task is locked.
package struct NewTags: Sendable {
    package let task: TaskHead
    package let old: [String]
    package let new: [String]

    package init(_ task: TaskHead, from old: [String], to new: [String]) {
        self.task = task
        self.old = old
        self.new = new
    }
}

extension Connection {
    /// A task's tags.
    package func taskTags(_ id: String) throws -> [String] { try taskTags([id])[id] ?? [] }

    /// The tags of some tasks, by their ids.
    package func taskTags(_ ids: [String]) throws -> [String: [String]] {
        let rows = try query("SELECT task_id, tags FROM task_payloads WHERE task_id IN \(list: ids)")
        let found = try rows.map { row in
            var reader = row.reader
            return (try reader.text(), TextList.split(try reader.text()))
        }
        return Dictionary(found, uniquingKeysWith: { first, _ in first })
    }

    /// Replaces a task's tags.
    @discardableResult
    package func setTags(realm: Int64, id: String, tags: [String], at: Timestamp) throws -> Bool {
        guard let task = try lockTask(realm: realm, id: id) else { return false }
        try setTags([NewTags(task, from: try taskTags(id), to: tags)], at: at)
        return true
    }

    /// Replaces the tags of tasks of one realm, in few statements however many they are.
    package func setTags(_ changes: [NewTags], at: Timestamp) throws {
        guard let realm = changes.first?.task.realm else { return }
        try execute(
            "UPDATE tasks SET updated_at = \(at) WHERE id IN \(list: changes.map(\.task.id)) AND realm + 0 = \(realm)")
        var gone: [SQL] = []
        var rows = RowInsert(
            "task_tags (realm, tag, created_at, task_id, status, type, project_id, batch_id)",
            conflict: "ON CONFLICT DO NOTHING")
        for change in changes {
            let task = change.task
            for tag in change.old where !change.new.contains(tag) {
                gone.append(
                    "(realm = \(realm) AND tag = \(tag) AND created_at = \(task.createdAt) AND task_id = \(task.id))")
            }
            for tag in change.new where !change.old.contains(tag) {
                rows.add([
                    realm.sqlValue, tag.sqlValue, task.createdAt.sqlValue, task.id.sqlValue, task.status.sqlValue,
                    task.type.sqlValue, task.projectID.sqlValue, task.batchID.sqlValue,
                ])
            }
        }
        try delete(gone, from: "task_tags")
        try rows.run(in: self)
        let texts: [SQL] = changes.map { "(\($0.task.id), \(TextList.join($0.new)))" }
        for some in texts.inPowersOfTwo(atMost: 64) {
            try execute(
                """
                UPDATE task_payloads SET tags = changed.column2
                FROM (VALUES \(.joined(some, by: ", "))) AS changed WHERE task_id = changed.column1
                """)
        }
        try refreshWords(of: changes.map(\.task))
    }

    /// Deletes rows, of which each condition names one by all columns of its key.
    ///
    /// Alternatives that are whole by themselves are what SQLite looks up one by one; rows to be compared with, or a part
    /// of the key outside, would let it walk all that the part leaves.
    func delete(_ keys: [SQL], from table: SQL) throws {
        for some in keys.inPowersOfTwo(atMost: 64) {
            try execute("DELETE FROM \(table) WHERE \(.joined(some, by: " OR "))")
        }
    }
}

extension Array {
    /// The elements in pieces whose sizes are powers of two, so that few different statements have to be prepared.
    func inPowersOfTwo(atMost most: Int) -> [[Element]] {
        var pieces: [[Element]] = []
        var rest = self[...]
        var size = most
        while !rest.isEmpty {
            while size > rest.count { size /= 2 }
            pieces.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}
