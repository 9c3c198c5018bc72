/// The schema of version 1, by aggregate.
///
/// Times are microseconds since 1970, UTC. Ids are 24 hex digits. JSON is text. Where both engines gain, a table whose
/// key is its natural order is stored in that order (`WITHOUT ROWID`; PostgreSQL has no such thing and needs none).
/// Tables that every task writes carry no foreign keys: on PostgreSQL each would lock and rewrite the parent's row.
enum FirstSchema {
    static let statements: [SQL] = people + projects + batches + tasks + attachments + work + jobs + events + quality

    private static let people: [SQL] = [
        """
        CREATE TABLE accounts (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL)
        """,
        // A realm is an account's live or test world; every owned row carries its number.
        """
        CREATE TABLE realms (
            id BIGINT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id),
            mode TEXT NOT NULL CHECK (mode IN ('live', 'test')), callback_secret TEXT NOT NULL,
            signing_secret TEXT NOT NULL, default_callback_url TEXT, UNIQUE (account_id, mode))
        """,
        // The e-mail address is kept as given and looked up in lower case.
        """
        CREATE TABLE users (
            id TEXT PRIMARY KEY, email TEXT NOT NULL, email_key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
            first_name TEXT, last_name TEXT, company TEXT, password_hash TEXT, created_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE members (
            account_id TEXT NOT NULL REFERENCES accounts (id), user_id TEXT NOT NULL REFERENCES users (id),
            role TEXT NOT NULL CHECK (role IN ('admin', 'manager', 'member', 'labeler')),
            state TEXT NOT NULL CHECK (state IN ('active', 'invited', 'disabled')),
            disable_rapid_emails BIGINT NOT NULL DEFAULT 0, expires_at BIGINT, created_at BIGINT NOT NULL,
            PRIMARY KEY (account_id, user_id))
        """,
        // memberships(user:)
        "CREATE INDEX members_by_user ON members (user_id, created_at)",
        """
        CREATE TABLE sessions (
            token_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id),
            account_id TEXT NOT NULL REFERENCES accounts (id), csrf TEXT NOT NULL, created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL)
        """,
        // deleteSessions(user:)
        "CREATE INDEX sessions_by_user ON sessions (user_id)",
        // deleteExpiredSessions(now:)
        "CREATE INDEX sessions_by_expiry ON sessions (expires_at)",
        """
        CREATE TABLE api_keys (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL REFERENCES realms (id), name TEXT NOT NULL,
            hash TEXT NOT NULL UNIQUE, hint TEXT NOT NULL, scope TEXT NOT NULL, created_at BIGINT NOT NULL,
            expires_at BIGINT, revoked_at BIGINT)
        """,
        "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    ]

    private static let projects: [SQL] = [
        """
        CREATE TABLE projects (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL REFERENCES realms (id), name TEXT NOT NULL, type TEXT NOT NULL,
            product TEXT NOT NULL CHECK (product IN ('standard', 'rapid', 'studio')), pipeline TEXT,
            consensus_attempts BIGINT, dataset_id TEXT, created_by TEXT, created_at BIGINT NOT NULL,
            archived_at BIGINT, UNIQUE (realm, name))
        """,
        // projects(realm:archived:)
        "CREATE INDEX projects_by_age ON projects (realm, created_at, id)",
        """
        CREATE TABLE project_versions (
            project_id TEXT NOT NULL REFERENCES projects (id), version BIGINT NOT NULL, params TEXT NOT NULL,
            created_at BIGINT NOT NULL, created_by TEXT, PRIMARY KEY (project_id, version))
        """,
        """
        CREATE TABLE project_ontologies (
            project_id TEXT NOT NULL REFERENCES projects (id), version BIGINT NOT NULL, name TEXT,
            ontology TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (project_id, version))
        """,
        """
        CREATE TABLE assignments (
            realm BIGINT NOT NULL REFERENCES realms (id), user_id TEXT NOT NULL REFERENCES users (id),
            project_id TEXT NOT NULL REFERENCES projects (id), created_at BIGINT NOT NULL,
            PRIMARY KEY (realm, user_id, project_id))
        """,
        """
        CREATE TABLE labeler_groups (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL REFERENCES realms (id),
            project_id TEXT NOT NULL REFERENCES projects (id), name TEXT NOT NULL,
            is_singleton BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL, UNIQUE (project_id, name))
        """,
        """
        CREATE TABLE group_members (
            group_id TEXT NOT NULL REFERENCES labeler_groups (id), user_id TEXT NOT NULL REFERENCES users (id),
            PRIMARY KEY (group_id, user_id))
        """,
    ]

    private static let batches: [SQL] = [
        """
        CREATE TABLE batches (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL REFERENCES realms (id), name TEXT NOT NULL,
            project_id TEXT NOT NULL REFERENCES projects (id),
            kind TEXT NOT NULL CHECK (kind IN ('production', 'calibration', 'self_label')),
            status TEXT NOT NULL CHECK (status IN ('staging', 'in_progress', 'completed')), callback TEXT,
            metadata TEXT NOT NULL, priority BIGINT, studio_position BIGINT, created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL, completed_at BIGINT, last_audited_at BIGINT, archived_at BIGINT,
            UNIQUE (realm, name))
        """,
        // batches(realm:filter:limit:offset:)
        "CREATE INDEX batches_by_age ON batches (realm, created_at, id)",
        // the same, of one project
        "CREATE INDEX batches_by_project ON batches (realm, project_id, created_at, id)",
        """
        CREATE TABLE batch_groups (
            batch_id TEXT NOT NULL REFERENCES batches (id), group_id TEXT NOT NULL REFERENCES labeler_groups (id),
            PRIMARY KEY (batch_id, group_id))
        """,
    ]

    private static let tasks: [SQL] = [
        // Narrow on purpose: what lists, counts and transitions read. The texts stand in task_payloads.
        """
        CREATE TABLE tasks (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL, type TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('pending', 'completed', 'canceled', 'error')),
            stage TEXT NOT NULL CHECK (stage IN
                ('ingesting', 'staged', 'queued', 'working', 'reviewing', 'validating', 'done')),
            project_id TEXT, batch_id TEXT, param_version BIGINT, priority BIGINT, unique_id TEXT,
            clear_unique_id_on_error BIGINT NOT NULL, callback_url TEXT,
            callback_state TEXT CHECK (callback_state IN ('succeeded', 'failed')),
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, started_at BIGINT, completed_at BIGINT,
            review_status TEXT CHECK (review_status IN ('accepted', 'fixed', 'commented', 'rejected', 'pending')),
            audited_at BIGINT, audited_by TEXT, attachments_waiting BIGINT NOT NULL,
            CHECK ((status = 'pending') = (stage <> 'done')),
            CHECK ((status = 'completed') = (completed_at IS NOT NULL))) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // insertTask: one unique_id a realm; taskID(realm:uniqueID:); the filter by unique ids
        "CREATE UNIQUE INDEX tasks_unique_id ON tasks (realm, unique_id) WHERE unique_id IS NOT NULL",
        // pages of a realm, merged from one run a status; with created_at bounds; totals with them
        "CREATE INDEX tasks_by_status ON tasks (realm, status, created_at, id)",
        // the same, of a type
        "CREATE INDEX tasks_by_type ON tasks (realm, type, status, created_at, id)",
        // the same, of a project
        """
        CREATE INDEX tasks_by_project ON tasks (realm, project_id, status, created_at, id)
        WHERE project_id IS NOT NULL
        """,
        // the same, of a batch; completeBatchIfDone
        "CREATE INDEX tasks_by_batch ON tasks (realm, batch_id, status, created_at, id) WHERE batch_id IS NOT NULL",
        // pages and totals by completion time; holds all that other filters ask, so that counting reads no rows
        """
        CREATE INDEX tasks_by_completion ON tasks
            (realm, completed_at, created_at, id, status, type, project_id, batch_id)
        WHERE completed_at IS NOT NULL
        """,
        // pages and totals by time of change; as above
        """
        CREATE INDEX tasks_by_change ON tasks (realm, updated_at, created_at, id, status, type, project_id, batch_id)
        """,
        // pages and totals by review status
        """
        CREATE INDEX tasks_by_review ON tasks
            (realm, review_status, created_at, id, status, type, project_id, batch_id)
        WHERE review_status IS NOT NULL
        """,
        // releaseStagedTasks
        "CREATE INDEX tasks_staged ON tasks (realm, batch_id, created_at, id) WHERE stage = 'staged'",
        """
        CREATE TABLE task_payloads (
            task_id TEXT PRIMARY KEY, tags TEXT NOT NULL, instruction TEXT, metadata TEXT NOT NULL,
            params TEXT NOT NULL, response TEXT, extra TEXT)
        """,
        // Pages and totals by tag. What filters ask besides is copied from the task; only the status ever changes.
        """
        CREATE TABLE task_tags (
            realm BIGINT NOT NULL, tag TEXT NOT NULL, created_at BIGINT NOT NULL, task_id TEXT NOT NULL,
            status TEXT NOT NULL, type TEXT NOT NULL, project_id TEXT, batch_id TEXT,
            PRIMARY KEY (realm, tag, created_at, task_id)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        """
        CREATE TABLE audits (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL, task_id TEXT NOT NULL REFERENCES tasks (id),
            result TEXT NOT NULL CHECK (result IN ('accepted', 'fixed', 'commented', 'rejected', 'pending')),
            comments TEXT, audited_by TEXT, source TEXT NOT NULL, audited_at BIGINT NOT NULL,
            seconds DOUBLE PRECISION, active_seconds DOUBLE PRECISION)
        """,
        // audits(realm:tasks:)
        "CREATE INDEX audits_by_task ON audits (task_id, id)",
        """
        CREATE TABLE idempotency_keys (
            realm BIGINT NOT NULL, name TEXT NOT NULL, task_id TEXT NOT NULL, created_at BIGINT NOT NULL,
            PRIMARY KEY (realm, name)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // deleteIdempotencyKeys(before:)
        "CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)",
        // Tasks counted by scope: '' for the realm, else the id of a project or batch. What counts says is this table
        // plus counter_deltas, to which every change appends; so no two writers ever wait for one row.
        """
        CREATE TABLE counters (
            realm BIGINT NOT NULL, scope TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, n BIGINT NOT NULL,
            PRIMARY KEY (realm, scope, type, status)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        // No index: it is read whole, and kept short by folding.
        """
        CREATE TABLE counter_deltas (
            realm BIGINT NOT NULL, project_id TEXT, batch_id TEXT, type TEXT NOT NULL, status TEXT NOT NULL,
            n BIGINT NOT NULL)
        """,
    ]

    private static let attachments: [SQL] = [
        """
        CREATE TABLE attachments (
            task_id TEXT NOT NULL, position BIGINT NOT NULL, realm BIGINT NOT NULL, path TEXT NOT NULL,
            url TEXT NOT NULL, role TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'failed')),
            hash TEXT, mime TEXT, width BIGINT, height BIGINT, size BIGINT, thumbnail_hash TEXT, status_code BIGINT,
            error TEXT, fetched_at BIGINT, PRIMARY KEY (task_id, position)) \(only: .sqlite, "WITHOUT ROWID")
        """,
        """
        CREATE TABLE files (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL REFERENCES realms (id), hash TEXT, name TEXT NOT NULL,
            mime TEXT NOT NULL, size BIGINT NOT NULL, reference_id TEXT, metadata TEXT, url TEXT,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'failed')), created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL)
        """,
        // insertFile: one reference id a realm; file(realm:referenceID:)
        "CREATE UNIQUE INDEX files_reference_id ON files (realm, reference_id) WHERE reference_id IS NOT NULL",
        // A file may be meant for several projects, which need not exist yet.
        """
        CREATE TABLE file_projects (
            realm BIGINT NOT NULL, project TEXT NOT NULL, created_at BIGINT NOT NULL, file_id TEXT NOT NULL
            REFERENCES files (id), PRIMARY KEY (realm, project, created_at, file_id))
            \(only: .sqlite, "WITHOUT ROWID")
        """,
        // the projects of a file
        "CREATE INDEX file_projects_by_file ON file_projects (file_id, project)",
    ]

    private static let work: [SQL] = [
        """
        CREATE TABLE work_items (
            id TEXT PRIMARY KEY, task_id TEXT NOT NULL, realm BIGINT NOT NULL, project_id TEXT, batch_id TEXT,
            kind TEXT NOT NULL CHECK (kind IN ('label', 'review', 'redo', 'audit', 'merge')), level BIGINT NOT NULL,
            attempt BIGINT NOT NULL, state TEXT NOT NULL CHECK (state IN ('waiting', 'leased', 'submitted', 'closed')),
            assignee TEXT, preferred TEXT, has_exclusions BIGINT NOT NULL, priority BIGINT NOT NULL, lease_token TEXT,
            lease_holder TEXT, lease_expires_at BIGINT, submission_id TEXT, submitted_by TEXT,
            created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, submitted_at BIGINT,
            CHECK ((state = 'leased') = (lease_token IS NOT NULL)),
            CHECK (lease_token IS NULL OR (lease_holder IS NOT NULL AND lease_expires_at IS NOT NULL)))
            \(only: .sqlite, "WITHOUT ROWID")
        """,
        // workItems(realm:task:), closeWork
        "CREATE INDEX work_by_task ON work_items (task_id, created_at, id)",
        // claimNextWork over everything. Leased items stay in it, so an expired lease is found in its old place; they
        // are as few as the people at work.
        """
        CREATE INDEX work_queue ON work_items (realm, priority DESC, created_at, id)
        WHERE assignee IS NULL AND state IN ('waiting', 'leased')
        """,
        // claimNextWork in a project
        """
        CREATE INDEX work_queue_by_project ON work_items (realm, project_id, priority DESC, created_at, id)
        WHERE assignee IS NULL AND state IN ('waiting', 'leased')
        """,
        // claimNextWork: what a person holds
        "CREATE INDEX work_held ON work_items (lease_holder, realm, created_at, id) WHERE state = 'leased'",
        // claimNextWork: what is meant for a person
        """
        CREATE INDEX work_assigned ON work_items (assignee, realm, priority DESC, created_at, id)
        WHERE assignee IS NOT NULL AND state IN ('waiting', 'leased')
        """,
        """
        CREATE INDEX work_preferred ON work_items (preferred, realm, priority DESC, created_at, id)
        WHERE preferred IS NOT NULL AND state IN ('waiting', 'leased')
        """,
        // setBatchPriority
        "CREATE INDEX work_by_batch ON work_items (batch_id, id) WHERE state IN ('waiting', 'leased')",
        // workLog, workSummary: what a person submitted
        "CREATE INDEX work_submitted ON work_items (submitted_by, realm, submitted_at) WHERE submitted_by IS NOT NULL",
        """
        CREATE TABLE work_exclusions (
            work_item_id TEXT NOT NULL, user_id TEXT NOT NULL, PRIMARY KEY (work_item_id, user_id))
            \(only: .sqlite, "WITHOUT ROWID")
        """,
        """
        CREATE TABLE drafts (
            work_item_id TEXT PRIMARY KEY, revision BIGINT NOT NULL, snapshot TEXT NOT NULL,
            snapshot_revision BIGINT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE draft_steps (
            work_item_id TEXT NOT NULL REFERENCES drafts (work_item_id), revision BIGINT NOT NULL, id TEXT NOT NULL,
            writer TEXT NOT NULL, sequence BIGINT NOT NULL, operations TEXT NOT NULL, user_id TEXT NOT NULL,
            created_at BIGINT NOT NULL, PRIMARY KEY (work_item_id, revision), UNIQUE (work_item_id, id),
            UNIQUE (work_item_id, writer, sequence))
        """,
    ]

    private static let jobs: [SQL] = [
        """
        CREATE TABLE jobs (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, realm BIGINT, subject TEXT NOT NULL, order_key TEXT,
            position BIGINT NOT NULL, lane TEXT, payload TEXT NOT NULL, run_at BIGINT NOT NULL,
            attempts BIGINT NOT NULL, lease_token TEXT, leased_until BIGINT,
            state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'dead')), last_error TEXT,
            created_at BIGINT NOT NULL,
            CHECK ((state = 'running') = (lease_token IS NOT NULL AND leased_until IS NOT NULL)))
            \(only: .sqlite, "WITHOUT ROWID")
        """,
        // claimJobs, nextJobTime
        "CREATE INDEX jobs_ready ON jobs (kind, run_at, id) WHERE state = 'ready'",
        // recoverJobs
        "CREATE INDEX jobs_running ON jobs (leased_until) WHERE state = 'running'",
        // claimJobs: whether an earlier job of the key is unfinished; enqueue: the key's next position
        "CREATE UNIQUE INDEX jobs_in_order ON jobs (order_key, position) WHERE order_key IS NOT NULL",
        """
        CREATE TABLE deliveries (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL, task_id TEXT, batch_id TEXT, target TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('http', 'email')), body TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed')), attempts BIGINT NOT NULL,
            created_at BIGINT NOT NULL, finished_at BIGINT)
        """,
        // deliveries(realm:task:)
        "CREATE INDEX deliveries_by_task ON deliveries (task_id, id) WHERE task_id IS NOT NULL",
        // deliveries(realm:batch:)
        "CREATE INDEX deliveries_by_batch ON deliveries (batch_id, id) WHERE batch_id IS NOT NULL",
        """
        CREATE TABLE delivery_attempts (
            delivery_id TEXT NOT NULL REFERENCES deliveries (id), number BIGINT NOT NULL, attempted_at BIGINT NOT NULL,
            status_code BIGINT, error TEXT, seconds DOUBLE PRECISION NOT NULL, PRIMARY KEY (delivery_id, number))
        """,
    ]

    private static let events: [SQL] = [
        """
        CREATE TABLE events (
            realm BIGINT NOT NULL, id TEXT NOT NULL, at BIGINT NOT NULL, actor TEXT NOT NULL,
            object_kind TEXT NOT NULL, object_id TEXT NOT NULL, action TEXT NOT NULL, before TEXT, after TEXT,
            position BIGINT, hash TEXT, PRIMARY KEY (realm, id))
        """,
        // events(realm:object:limit:)
        "CREATE INDEX events_by_object ON events (realm, object_id, id)",
        // sealEvents
        "CREATE INDEX events_unsealed ON events (realm, at, id) WHERE position IS NULL",
        // verifyEvents
        "CREATE UNIQUE INDEX events_sealed ON events (realm, position) WHERE position IS NOT NULL",
        // The end of each account's chain.
        """
        CREATE TABLE event_chains (
            account_id TEXT PRIMARY KEY REFERENCES accounts (id), position BIGINT NOT NULL, hash TEXT NOT NULL)
        """,
    ]

    private static let quality: [SQL] = [
        """
        CREATE TABLE quality_tasks (
            id TEXT PRIMARY KEY, realm BIGINT NOT NULL REFERENCES realms (id),
            kind TEXT NOT NULL CHECK (kind IN ('evaluation', 'training')), type TEXT NOT NULL,
            project_id TEXT REFERENCES projects (id), params TEXT NOT NULL, expected_response TEXT NOT NULL,
            initial_response TEXT, created_at BIGINT NOT NULL)
        """,
        // qualityTasks(realm:kind:limit:offset:)
        "CREATE INDEX quality_tasks_by_age ON quality_tasks (realm, created_at, id)",
    ]
}
