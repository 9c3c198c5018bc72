extension Connection {
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
