/// Levels of review, comments and verdicts.
enum ReviewSchema {
    static let statements: [SQL] = items + submissions + reviews + comments

    private static let items: [SQL] = [
        "ALTER TABLE projects ADD COLUMN review_levels BIGINT NOT NULL DEFAULT 0",
        // The work item whose last document this one's draft starts from.
        "ALTER TABLE work_items ADD COLUMN based_on TEXT",
        // Until when the assignee is only the first to be asked; without it the assignment is for good.
        "ALTER TABLE work_items ADD COLUMN reserved_until BIGINT",
        // endReservations
        "CREATE INDEX work_reserved ON work_items (reserved_until) WHERE reserved_until IS NOT NULL",
    ]

    private static let submissions: [SQL] = [
        // One for every piece of work that was handed in. Its document is the draft of the work item, which nobody can
        // change any more; `final_at` is when its response became the task's.
        """
        CREATE TABLE submissions (
            task_id TEXT NOT NULL, version BIGINT NOT NULL, realm BIGINT NOT NULL, work_item_id TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL CHECK (kind IN ('label', 'review', 'redo', 'audit', 'merge')), level BIGINT NOT NULL,
            user_id TEXT, response TEXT, objects BIGINT NOT NULL, seconds DOUBLE PRECISION, created_at BIGINT NOT NULL,
            final_at BIGINT, PRIMARY KEY (task_id, version))
        """
    ]

    private static let reviews: [SQL] = [
        // The id is that of the review's work item. Lists of objects are kept as texts.
        """
        CREATE TABLE reviews (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL, task_id TEXT NOT NULL, project_id TEXT, batch_id TEXT,
            level BIGINT NOT NULL, verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'fixed', 'rejected')),
            reviewer TEXT NOT NULL, labeler TEXT, reviewed TEXT NOT NULL, accepted_objects TEXT NOT NULL,
            rejected_objects TEXT NOT NULL, comments BIGINT NOT NULL, seconds DOUBLE PRECISION NOT NULL,
            created_at BIGINT NOT NULL)
        """,
        // reviews(realm:task:)
        "CREATE INDEX reviews_by_task ON reviews (task_id, created_at)",
        // statistics of the people whose work was reviewed
        "CREATE INDEX reviews_by_labeler ON reviews (realm, labeler, created_at) WHERE labeler IS NOT NULL",
        // statistics of the people who reviewed
        "CREATE INDEX reviews_by_reviewer ON reviews (realm, reviewer, created_at)",
        // statistics of a project
        "CREATE INDEX reviews_by_project ON reviews (realm, project_id, created_at) WHERE project_id IS NOT NULL",
    ]

    private static let comments: [SQL] = [
        // The first of a thread has the thread's id, and knows its place and whether it is settled. Ids are the
        // writers' own, so that sending one twice changes nothing.
        """
        CREATE TABLE comments (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL, task_id TEXT NOT NULL, thread_id TEXT NOT NULL,
            work_item_id TEXT, user_id TEXT, author TEXT NOT NULL, text TEXT NOT NULL, object_key TEXT,
            x DOUBLE PRECISION, y DOUBLE PRECISION, created_at BIGINT NOT NULL, resolved_at BIGINT, resolved_by TEXT)
        """,
        // comments(realm:task:)
        "CREATE INDEX comments_by_task ON comments (task_id, created_at)",
    ]
}
