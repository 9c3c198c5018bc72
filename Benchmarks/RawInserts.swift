import Foundation
import GRDBSQLite
import Storage

/// The rows of one creation written through SQLite's C interface alone: the limit that storage is measured by.
///
/// Same tables and indexes, same durability and page cache, statements prepared once, one thread, no queue.
struct RawInserts {
    let path: String

    private static let statements = [
        """
        INSERT INTO tasks (id, realm, type, status, stage, project_id, batch_id, param_version, priority, unique_id,
            clear_unique_id_on_error, callback_url, created_at, updated_at, completed_at, attachments_waiting)
        VALUES (?1, 1, 'imageannotation', 'pending', 'ingesting', '0123456789abcdef01234567',
            '0123456789abcdef01234568', 0, NULL, ?2, 0, 'https://example.com/callback', ?3, ?3, NULL, 1)
        ON CONFLICT (realm, unique_id) WHERE unique_id IS NOT NULL DO NOTHING
        """,
        """
        INSERT INTO task_payloads (task_id, instruction, params, metadata, tags, response, extra)
        VALUES (?1, 'Draw a box around every object.', ?4, '{"source":"bench"}', '', NULL, NULL)
        """,
        """
        INSERT INTO attachments (task_id, position, realm, path, url, role, state)
        VALUES (?1, 0, 1, 'attachment', 'https://example.com/pictures/0123456789.jpg', 'image', 'waiting')
        """,
        """
        INSERT INTO counter_deltas (realm, project_id, batch_id, type, status, n)
        VALUES (1, '0123456789abcdef01234567', '0123456789abcdef01234568', 'imageannotation', 'pending', 1)
        """,
        """
        INSERT INTO jobs (id, kind, realm, subject, position, lane, payload, run_at, attempts, state, created_at)
        VALUES (?5, 'fetch_attachment', 1, ?1, 0, NULL, '{"position":0}', ?3, 0, 'ready', ?3)
        """,
        """
        INSERT INTO events (realm, id, at, actor, object_kind, object_id, action, before, after)
        VALUES (1, ?6, ?3, 'key:0123456789abcdef01234567', 'task', ?1, 'created', NULL,
            '{"status":"pending","type":"imageannotation"}')
        """,
    ]

    /// Tasks a second.
    func rate(rowsPerCommit: Int, seconds: Double) throws -> Double {
        var handle: OpaquePointer?
        guard sqlite3_open(path, &handle) == SQLITE_OK, let handle else { throw StorageError.unavailable(path) }
        defer { sqlite3_close_v2(handle) }
        for pragma in [
            "journal_mode = WAL", "synchronous = FULL", "cache_size = -16384", "mmap_size = 1073741824",
            "temp_store = MEMORY", "wal_autocheckpoint = 4000", "foreign_keys = ON",
        ] {
            sqlite3_exec(handle, "PRAGMA \(pragma)", nil, nil, nil)
        }
        let prepared = try Self.statements.map { text in
            var statement: OpaquePointer?
            guard sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK, let statement else {
                throw StorageError.statement(String(cString: sqlite3_errmsg(handle)))
            }
            return statement
        }
        defer { for statement in prepared { sqlite3_finalize(statement) } }
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let clock = ContinuousClock()
        let start = clock.now
        let end = start + .seconds(seconds)
        var count = 0
        while clock.now < end {
            sqlite3_exec(handle, "BEGIN IMMEDIATE", nil, nil, nil)
            for _ in 0..<rowsPerCommit {
                let now = Timestamp.now()
                let texts: [Int32: String] = [
                    1: Identifier.make(now), 2: "unique \(count)", 4: BenchmarkWorld.params, 5: Identifier.make(now),
                    6: Identifier.make(now),
                ]
                for statement in prepared {
                    let parameters = sqlite3_bind_parameter_count(statement)
                    for (index, text) in texts where index <= parameters {
                        sqlite3_bind_text(statement, index, text, -1, transient)
                    }
                    if parameters >= 3 { sqlite3_bind_int64(statement, 3, now.microseconds) }
                    guard sqlite3_step(statement) == SQLITE_DONE else {
                        throw StorageError.statement(String(cString: sqlite3_errmsg(handle)))
                    }
                    sqlite3_reset(statement)
                }
                count += 1
            }
            sqlite3_exec(handle, "COMMIT", nil, nil, nil)
        }
        let elapsed = clock.now - start
        return Double(count) / (Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
    }
}
