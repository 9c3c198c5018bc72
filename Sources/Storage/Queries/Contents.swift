/// A task that a line of an import may mean.
package struct KnownTask: Sendable, Equatable {
    package var id: String
    package var status: TaskRow.Status
    package var projectID: String?

    /// The project's name.
    package var project: String?
}

extension Connection {
    /// Tasks by their unique ids; those that nobody has are missing.
    package func knownTasks(realm: Int64, uniqueIDs: [String]) throws -> [String: KnownTask] {
        guard !uniqueIDs.isEmpty else { return [:] }
        var tasks: [String: KnownTask] = [:]
        for row in try query(
            """
            SELECT t.unique_id, t.id, t.status, t.project_id, p.name FROM tasks t
            LEFT JOIN projects p ON p.id = t.project_id
            WHERE t.realm = \(realm) AND t.unique_id IN \(list: uniqueIDs)
            """)
        {
            var reader = row.reader
            let unique = try reader.text()
            tasks[unique] = KnownTask(
                id: try reader.text(), status: try reader.word(), projectID: try reader.optionalText(),
                project: try reader.optionalText())
        }
        return tasks
    }

    /// The task that was imported from the same data, unless it was called off or failed.
    package func content(realm: Int64, hash: String) throws -> String? {
        try optionalText(
            """
            SELECT c.task_id FROM task_contents c JOIN tasks t ON t.id = c.task_id
            WHERE c.realm = \(realm) AND c.hash = \(hash) AND t.status IN ('pending', 'completed')
            """)
    }

    /// Notes what a task that is about to be stored is imported from; the task that is there already, if there is one.
    ///
    /// Two imports of the same data at once wait for each other here, so that one of them finds the other's task.
    package func reserveContent(realm: Int64, hash: String, task: String, at: Timestamp) throws -> String? {
        let inserted = try execute(
            """
            INSERT INTO task_contents (realm, hash, task_id, created_at)
            VALUES (\(realm), \(hash), \(task), \(at)) ON CONFLICT (realm, hash) DO NOTHING
            """)
        if inserted > 0 { return nil }
        if let other = try content(realm: realm, hash: hash) { return other }
        // The first one was called off or failed.
        try execute(
            """
            UPDATE task_contents SET task_id = \(task), created_at = \(at) WHERE realm = \(realm) AND hash = \(hash)
            """)
        return nil
    }

    /// The tasks that were imported from the same data by its hashes, as ``content(realm:hash:)`` finds one.
    package func contents(realm: Int64, hashes: [String]) throws -> [String: String] {
        guard !hashes.isEmpty else { return [:] }
        var tasks: [String: String] = [:]
        for row in try query(
            """
            SELECT c.hash, c.task_id FROM task_contents c JOIN tasks t ON t.id = c.task_id
            WHERE c.realm = \(realm) AND c.hash IN \(list: hashes) AND t.status IN ('pending', 'completed')
            """)
        {
            var reader = row.reader
            tasks[try reader.text()] = try reader.text()
        }
        return tasks
    }

    /// Notes what tasks that are about to be stored are imported from, as ``reserveContent(realm:hash:task:at:)`` does.
    ///
    /// - Throws: `StorageError.conflict` if one was imported meanwhile; seen again, it is there.
    package func reserveContents(realm: Int64, _ contents: [(hash: String, task: String)], at: Timestamp) throws {
        guard !contents.isEmpty else { return }
        var rows = RowInsert(
            "task_contents (realm, hash, task_id, created_at)", conflict: "ON CONFLICT (realm, hash) DO NOTHING")
        for content in contents {
            rows.add([realm.sqlValue, content.hash.sqlValue, content.task.sqlValue, at.sqlValue])
        }
        if try rows.run(in: self) == contents.count { return }
        // Some stand for tasks that were called off or failed, which a new one may replace.
        let tasks = Dictionary(contents.map { ($0.hash, $0.task) }, uniquingKeysWith: { first, _ in first })
        for row in try query(
            "SELECT hash, task_id FROM task_contents WHERE realm = \(realm) AND hash IN \(list: contents.map(\.hash))")
        {
            var reader = row.reader
            let hash = try reader.text()
            guard let task = tasks[hash], try reader.text() != task else { continue }
            guard try reserveContent(realm: realm, hash: hash, task: task, at: at) == nil else {
                throw StorageError.conflict("The same data was imported while it was asked for.")
            }
        }
    }

    /// The hashes of some files by their ids, nil for those whose bytes are not here; unknown files are missing.
    package func fileHashes(realm: Int64, ids: [String]) throws -> [String: String?] {
        var hashes: [String: String?] = [:]
        for row in try query("SELECT id, hash FROM files WHERE realm = \(realm) AND id IN \(list: ids)") {
            var reader = row.reader
            hashes[try reader.text()] = try reader.optionalText()
        }
        return hashes
    }
}
