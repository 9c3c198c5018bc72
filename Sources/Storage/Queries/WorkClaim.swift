/// The statements that find a person's next item.
///
/// The queue is a number of runs in the order of their index: for every audience the work of no steered batch (of all
/// projects, or of one), and the work of each steered batch. A person's next item is the best of the first ones of those
/// runs that the person may take from, so its cost goes with their number and not with what waits for others.
struct WorkClaim {
    let realm: Int64
    let user: String
    let scope: WorkScope
    let now: Timestamp

    /// Whether there can be anything for the person in the queue.
    var isPossible: Bool { scope.projects != [] && !scope.audiences.isEmpty }

    // MARK: What is meant for the person

    /// The item the person holds, or else the first that is meant for the person; a few looks into small indexes.
    var own: SQL {
        """
        SELECT id FROM (
            SELECT id, rank, priority, created_at FROM (
                SELECT id, 0 AS rank, priority, created_at FROM work_items \(only: .sqlite, "INDEXED BY work_held")
                WHERE lease_holder = \(user) AND realm = \(realm) AND state = 'leased'
                ORDER BY created_at, id LIMIT 1) AS held
            UNION ALL
            \(assigned(count: 1)) UNION ALL \(preferred(count: 1))) AS own
        ORDER BY rank, priority DESC, created_at, id LIMIT 1
        """
    }

    /// The first items that are meant for the person and that nobody holds, best first.
    func meant(count: Int) -> SQL {
        """
        SELECT id FROM (\(assigned(count: count)) UNION ALL \(preferred(count: count))) AS own
        ORDER BY rank, priority DESC, created_at, id LIMIT \(SQL(number: count))
        """
    }

    private func assigned(count: Int) -> SQL {
        """
        SELECT id, rank, priority, created_at FROM (
            SELECT w.id, 1 AS rank, w.priority, w.created_at
            FROM work_items w \(only: .sqlite, "INDEXED BY work_assigned")
            WHERE w.assignee = \(user) AND w.realm = \(realm) AND w.state IN ('waiting', 'leased')\(free)\(wanted)
                \(running)
            ORDER BY w.priority DESC, w.created_at, w.id LIMIT \(SQL(number: count))) AS assigned
        """
    }

    private func preferred(count: Int) -> SQL {
        """
        SELECT id, rank, priority, created_at FROM (
            SELECT w.id, 2 AS rank, w.priority, w.created_at
            FROM work_items w \(only: .sqlite, "INDEXED BY work_preferred")
            WHERE w.preferred = \(user) AND w.realm = \(realm) AND w.state IN ('waiting', 'leased')
                AND w.assignee IS NULL AND \(inScope)\(free)\(wanted)\(allowed)\(running)
            ORDER BY w.priority DESC, w.created_at, w.id LIMIT \(SQL(number: count))) AS preferred
        """
    }

    /// Whether the person may take an item that nobody holds, whichever way it was found.
    var mayTake: SQL { "(w.assignee = \(user) OR (\(inScope)\(inGroups)))\(unanswered)\(running)" }

    // MARK: The queue

    /// The runs that the person may take from and that hold something for the person, the best first, with their first
    /// items.
    var runs: SQL {
        """
        SELECT runs.audience, runs.line, runs.project, w.id FROM (
            \(SQL.joined(sources.map(firsts), by: " UNION ALL "))) AS runs
        JOIN work_items w ON w.id = runs.id
        ORDER BY w.priority DESC, runs.place, w.created_at, w.id
        """
    }

    /// The first items of a run that the person may have, best first.
    func next(in run: WorkRun, count: Int, locking: Bool) -> SQL {
        let lock: SQL = locking ? "\(only: .postgres, " FOR UPDATE OF w SKIP LOCKED")" : ""
        let project: SQL = run.project.isEmpty ? "" : " AND w.project_id = \(run.project)"
        let index: SQL = run.project.isEmpty ? Source.index : Source.projectIndex
        return """
            SELECT w.id FROM work_items w \(index)
            WHERE \(queue) AND w.audience = \(run.audience) AND w.line = \(run.line)\(project)\(free)\(takeable)
            ORDER BY w.priority DESC, w.created_at, w.id LIMIT \(SQL(number: count))\(lock)
            """
    }

    /// What is free for the person in the first items of the runs, `atMost` of each kind of run.
    func waiting(atMost: Int) -> SQL {
        let parts = sources.map { source -> SQL in
            """
            SELECT id FROM (
                SELECT w.id FROM \(source.runs) CROSS JOIN work_items w \(source.index)
                WHERE \(source.condition) AND \(queue) AND \(source.place)\(free) LIMIT \(SQL(number: atMost))) AS waiting
            """
        }
        return """
            SELECT COUNT(*) FROM (\(SQL.joined(parts, by: " UNION ALL "))) AS waiting
            JOIN work_items w ON w.id = waiting.id\(takeable)
            """
    }

    // MARK: Parts

    /// One kind of run: where they are found, and which part of an index each of them is.
    private struct Source {
        static let index: SQL = "\(only: .sqlite, "INDEXED BY work_queue")"
        static let projectIndex: SQL = "\(only: .sqlite, "INDEXED BY work_queue_by_project")"

        /// Tables.
        var runs: SQL
        var condition: SQL = "1 = 1"
        var line: SQL = "''"
        var project: SQL = "''"
        /// Which of several runs with equally urgent work comes first.
        var order: SQL = "1000001"
        var index: SQL = Self.index

        /// What makes an item part of the run.
        var place: SQL {
            let part: SQL = "w.audience = audiences.column1 AND w.line = \(line)"
            return project.text == "''" ? part : "\(part) AND w.project_id = \(project)"
        }
    }

    private var sources: [Source] {
        let words = scope.audiences.map { SQL(stringLiteral: "('\($0.rawValue)')") }
        let audiences: SQL = "(VALUES \(SQL.joined(words, by: ", "))) AS audiences"
        var usual = Source(runs: audiences)
        var steered = Source(
            runs: "batches b \(only: .sqlite, "INDEXED BY batches_steered") CROSS JOIN \(audiences)",
            condition: """
                b.realm = \(realm) AND b.steered = 1 AND b.status <> 'completed' AND b.held = 0
                AND \(open(batch: "b.id"))
                """,
            line: "b.id",
            order: "COALESCE(b.studio_position, CASE WHEN b.kind = 'calibration' THEN 1000000 ELSE 1000001 END)")
        if let projects = scope.projects {
            let chosen = SQL.joined(projects.map { "(CAST(\($0) AS TEXT))" }, by: ", ")
            usual = Source(
                runs: "(VALUES \(chosen)) AS chosen CROSS JOIN \(audiences)", project: "chosen.column1",
                index: Source.projectIndex)
            steered.condition += " AND b.project_id IN \(list: projects)"
        }
        return [usual, steered]
    }

    /// The runs of a kind, each with the id of its first item for the person.
    private func firsts(_ source: Source) -> SQL {
        """
        SELECT audiences.column1 AS audience, \(source.line) AS line, \(source.project) AS project,
            \(source.order) AS place, (
            SELECT w.id FROM work_items w \(source.index) WHERE \(queue) AND \(source.place)\(free)\(takeable)
            ORDER BY w.priority DESC, w.created_at, w.id LIMIT 1) AS id
        FROM \(source.runs) WHERE \(source.condition)
        """
    }

    private var queue: SQL {
        "w.realm = \(realm) AND w.assignee IS NULL AND w.state IN ('waiting', 'leased')"
    }

    private var free: SQL { " AND (w.state = 'waiting' OR w.lease_expires_at <= \(now))" }

    private var takeable: SQL { "\(wanted)\(allowed)\(running)" }

    /// Nobody is given again what they have passed on.
    ///
    /// Such items were put behind the others of their priority, so they are passed by late.
    private var wanted: SQL {
        """
         AND NOT EXISTS (SELECT 1 FROM work_skips s WHERE s.work_item_id = w.id AND s.user_id = \(user))
        """
    }

    /// Nobody does an item from which the person is excluded, or one of a batch that is kept for groups of others.
    private var allowed: SQL {
        """
         AND (w.has_exclusions = 0 OR NOT EXISTS (
            SELECT 1 FROM work_exclusions x WHERE x.work_item_id = w.id AND x.user_id = \(user)))\(unanswered)\(inGroups)
        """
    }

    /// Nobody gives two of several answers to the same task.
    private var unanswered: SQL {
        """
         AND (w.has_exclusions = 0 OR w.kind <> 'label' OR NOT EXISTS (
            SELECT 1 FROM work_items s \(only: .sqlite, "INDEXED BY work_by_task")
            WHERE s.task_id = w.task_id AND s.kind = 'label' AND s.id <> w.id
                AND (s.submitted_by = \(user) OR (s.state = 'leased' AND s.lease_holder = \(user)))))
        """
    }

    private var inGroups: SQL { " AND (w.batch_id IS NULL OR \(open(batch: "w.batch_id")))" }

    /// Nobody begins work of a batch that is paused.
    ///
    /// Asked of every item beside its run, because an item that was made while its batch was being paused may stand
    /// among the others.
    private var running: SQL {
        """
         AND (w.batch_id IS NULL OR NOT EXISTS (SELECT 1 FROM batches h WHERE h.id = w.batch_id AND h.held = 1))
        """
    }

    /// Whether a batch is for everybody or for a group that the person is in.
    private func open(batch: SQL) -> SQL {
        """
        (NOT EXISTS (SELECT 1 FROM batch_groups g WHERE g.batch_id = \(batch))
            OR EXISTS (SELECT 1 FROM batch_groups g JOIN group_members m ON m.group_id = g.group_id
                WHERE g.batch_id = \(batch) AND m.user_id = \(user)))
        """
    }

    private var inScope: SQL {
        let audiences: SQL = "w.audience IN \(list: scope.audiences)"
        guard let projects = scope.projects else { return audiences }
        return "\(audiences) AND w.project_id IN \(list: projects)"
    }
}

/// A part of the queue that is in order by itself.
struct WorkRun: RowDecodable {
    /// Until a realm has so many, each new batch is a run of its own from the start, so that steering it later moves nothing.
    static let usual = 100

    var audience: WorkItemRow.Audience

    /// The steered batch, or nothing.
    var line: String

    /// The project, or nothing for all of them.
    var project: String

    /// The first item in it.
    var first: String

    init(_ reader: inout RowReader) throws {
        audience = try reader.word()
        line = try reader.text()
        project = try reader.text()
        first = try reader.text()
    }
}
