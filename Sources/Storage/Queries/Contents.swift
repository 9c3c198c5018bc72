extension Connection {
    /// The task that was imported from the same data, unless it was called off or failed.
    package func content(realm: Int64, hash: String) throws -> String? {
        try optionalText(
            """
            SELECT c.task_id FROM task_contents c JOIN tasks t ON t.id = c.task_id
            WHERE c.realm = \(realm) AND c.hash = \(hash) AND t.status IN ('pending', 'completed')
            """)
    }

    /// Notes what a task was imported from; takes the place of one that was called off or failed.
    package func setContent(realm: Int64, hash: String, task: String, at: Timestamp) throws {
        try execute(
            """
            INSERT INTO task_contents (realm, hash, task_id, created_at)
            VALUES (\(realm), \(hash), \(task), \(at))
            ON CONFLICT (realm, hash) DO UPDATE SET task_id = excluded.task_id, created_at = excluded.created_at
            """)
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
