/// What proves afterwards what was done.
enum ProofSchema {
    static let statements: [SQL] = chains + marks

    private static let chains: [SQL] = [
        // The last position that was sealed in the first form; what is sealed from now on has the second.
        "ALTER TABLE event_chains ADD COLUMN first_form BIGINT NOT NULL DEFAULT 0",
        "UPDATE event_chains SET first_form = position",
    ]

    private static let marks: [SQL] = [
        // Rows that were written and whose content is not in the log yet. The id makes each mark one of its own: a row that
        // is written again while its mark is taken gets another.
        """
        CREATE TABLE uncovered_rows (
            realm BIGINT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL, subject TEXT NOT NULL,
            PRIMARY KEY (realm, name, id)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        """
        INSERT INTO uncovered_rows (realm, name, id, subject)
        SELECT realm, 'attachments/' || task_id || '/' || position, '', task_id FROM attachments WHERE state <> 'waiting'
        """,
        """
        INSERT INTO uncovered_rows (realm, name, id, subject)
        SELECT t.realm, 'task_payloads/' || p.task_id, '', p.task_id FROM task_payloads p JOIN tasks t ON t.id = p.task_id
        WHERE p.response IS NOT NULL OR p.extra IS NOT NULL
        """,
        """
        INSERT INTO uncovered_rows (realm, name, id, subject)
        SELECT realm, 'submissions/' || task_id || '/' || version, '', task_id FROM submissions
        """,
        """
        INSERT INTO uncovered_rows (realm, name, id, subject)
        SELECT realm, 'reviews/' || id, '', task_id FROM reviews
        """,
        """
        INSERT INTO uncovered_rows (realm, name, id, subject)
        SELECT realm, 'audits/' || id, '', task_id FROM audits
        """,
        """
        INSERT INTO uncovered_rows (realm, name, id, subject)
        SELECT realm, 'deliveries/' || id, '', COALESCE(task_id, batch_id, id) FROM deliveries
        """,
        """
        INSERT INTO uncovered_rows (realm, name, id, subject)
        SELECT d.realm, 'delivery_attempts/' || a.delivery_id || '/' || a.number, '', COALESCE(d.task_id, d.batch_id, d.id)
        FROM delivery_attempts a JOIN deliveries d ON d.id = a.delivery_id
        """,
    ]
}
