/// Settings of projects and batches, and what imported tasks were made of.
enum SetupSchema {
    static let statements: [SQL] = [
        // The share of a calibration batch that has to be right before production begins.
        "ALTER TABLE projects ADD COLUMN calibration_goal DOUBLE PRECISION NOT NULL DEFAULT 0.8",
        // What a task was imported from, as a hash, so that importing the same again changes nothing.
        """
        CREATE TABLE task_contents (
            realm BIGINT NOT NULL, hash TEXT NOT NULL, task_id TEXT NOT NULL, created_at BIGINT NOT NULL,
            PRIMARY KEY (realm, hash)) \(only: .sqlite, "WITHOUT ROWID")
        """,
    ]
}
