/// Several answers to one task, samples for audits, and what verdicts turn tasks into.
enum AgreementSchema {
    static let statements: [SQL] = consensus + audits + uses

    private static let consensus: [SQL] = [
        // Whether answers that agree complete a task without anybody looking, and from which agreement on.
        "ALTER TABLE projects ADD COLUMN consensus_auto BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE projects ADD COLUMN consensus_threshold DOUBLE PRECISION NOT NULL DEFAULT 0.9",
        // One row a merge. `answers` and `differences` are JSON as merging people get them.
        """
        CREATE TABLE task_agreements (
            work_item_id TEXT PRIMARY KEY, task_id TEXT NOT NULL, realm BIGINT NOT NULL, project_id TEXT, batch_id TEXT,
            agreement DOUBLE PRECISION NOT NULL, threshold DOUBLE PRECISION NOT NULL, attempts BIGINT NOT NULL,
            agreed BIGINT NOT NULL, difference_count BIGINT NOT NULL, is_undecided BIGINT NOT NULL,
            by_itself BIGINT NOT NULL, answers TEXT NOT NULL, differences TEXT NOT NULL, created_at BIGINT NOT NULL)
        """,
        // agreements(realm:task:)
        "CREATE INDEX task_agreements_by_task ON task_agreements (task_id, created_at)",
        // agreementFigures(realm:project:)
        """
        CREATE INDEX task_agreements_by_project ON task_agreements (realm, project_id, created_at, agreement)
        WHERE project_id IS NOT NULL
        """,
    ]

    private static let audits: [SQL] = [
        """
        CREATE TABLE audit_samples (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL, name TEXT NOT NULL, project_id TEXT, batch_id TEXT,
            sequence TEXT NOT NULL CHECK (sequence IN ('random', 'newest', 'oldest')), seed BIGINT,
            total BIGINT NOT NULL, created_by TEXT NOT NULL, created_at BIGINT NOT NULL)
        """,
        // auditSamples(realm:), newest first: ids begin with the time
        "CREATE INDEX audit_samples_by_age ON audit_samples (realm, id)",
        // the same, of a project
        "CREATE INDEX audit_samples_by_project ON audit_samples (realm, project_id, id) WHERE project_id IS NOT NULL",
        """
        CREATE TABLE audit_sample_tasks (
            sample_id TEXT NOT NULL, position BIGINT NOT NULL, task_id TEXT NOT NULL, result TEXT, audited_by TEXT,
            audited_at BIGINT, PRIMARY KEY (sample_id, position)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // noteVerdict: the samples a task is in
        "CREATE INDEX audit_sample_tasks_by_task ON audit_sample_tasks (task_id, sample_id)",
        // nextOfSample: what has no verdict yet
        "CREATE INDEX audit_sample_tasks_open ON audit_sample_tasks (sample_id, position) WHERE result IS NULL",
    ]

    private static let uses: [SQL] = [
        // The task whose verdict made it an evaluation or training task.
        "ALTER TABLE quality_tasks ADD COLUMN source_task TEXT",
        // qualityTask(realm:source:kind:)
        "CREATE UNIQUE INDEX quality_tasks_by_source ON quality_tasks (source_task, kind) WHERE source_task IS NOT NULL",
        // Tasks shown as examples beside a project's instruction.
        """
        CREATE TABLE project_examples (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL, project_id TEXT NOT NULL, task_id TEXT NOT NULL,
            note TEXT NOT NULL, response TEXT NOT NULL, created_by TEXT NOT NULL, created_at BIGINT NOT NULL)
        """,
        // examples(realm:project:); one example a task
        "CREATE UNIQUE INDEX project_examples_by_task ON project_examples (project_id, task_id)",
    ]
}
