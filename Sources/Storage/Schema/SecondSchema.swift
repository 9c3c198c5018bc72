/// What version 2 adds: work that was passed on, reports about tasks, jobs by lane, pictures cut into tiles.
enum SecondSchema {
    static let statements: [SQL] = work + jobs + pictures

    private static let work: [SQL] = [
        // Who does not want an item; the queue leaves it out for that person.
        """
        CREATE TABLE work_skips (
            work_item_id TEXT NOT NULL, user_id TEXT NOT NULL, reason TEXT NOT NULL, created_at BIGINT NOT NULL,
            PRIMARY KEY (work_item_id, user_id)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        """
        CREATE TABLE reports (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL, task_id TEXT NOT NULL, project_id TEXT,
            work_item_id TEXT NOT NULL, user_id TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('unreadable', 'wrong_data', 'instruction', 'other')),
            message TEXT NOT NULL, created_at BIGINT NOT NULL) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // reports(realm:), newest first: ids begin with the time
        "CREATE INDEX reports_by_age ON reports (realm, id)",
        // the same, of a project
        "CREATE INDEX reports_by_project ON reports (realm, project_id, id) WHERE project_id IS NOT NULL",
        // the same, of a task
        "CREATE INDEX reports_by_task ON reports (task_id, id)",
    ]

    private static let jobs: [SQL] = [
        // Without a lane is a lane too, so that one walk over the index finds them all.
        "UPDATE jobs SET lane = '' WHERE lane IS NULL",
        "DROP INDEX jobs_ready",
        // jobLanes: the next lane and its first job; claimJobs: a lane's jobs in order
        "CREATE INDEX jobs_ready ON jobs (kind, lane, run_at, id) WHERE state = 'ready'",
    ]

    private static let pictures: [SQL] = [
        // By the hash of the picture, so that one in many tasks is cut once. `pack` is the object with all its tiles.
        """
        CREATE TABLE tilings (
            hash TEXT PRIMARY KEY, pack TEXT NOT NULL, width BIGINT NOT NULL, height BIGINT NOT NULL,
            created_at BIGINT NOT NULL) \(only: .sqlite, "WITHOUT ROWID")
        """
    ]
}
