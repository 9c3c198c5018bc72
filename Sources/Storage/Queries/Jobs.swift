/// Something to be done after an answer has been given.
package struct NewJob: Sendable {
    package var id: String
    package var kind: String
    package var realm: Int64?

    /// What it is about, usually an id.
    package var subject: String

    /// Jobs with the same key run one at a time, in the order they were enqueued.
    package var orderKey: String?

    /// What it will keep busy, such as a receiver's host.
    package var lane: String?

    /// JSON.
    package var payload: String
    package var runAt: Timestamp

    package init(
        id: String, kind: String, realm: Int64? = nil, subject: String, orderKey: String? = nil, lane: String? = nil,
        payload: String = "{}", runAt: Timestamp
    ) {
        self.id = id
        self.kind = kind
        self.realm = realm
        self.subject = subject
        self.orderKey = orderKey
        self.lane = lane
        self.payload = payload
        self.runAt = runAt
    }
}

/// A job as it stands in the queue; done ones are not kept.
package struct JobRow: Sendable, Equatable {
    /// Whether it waits, runs, or has been given up.
    package enum State: String, SQLConvertible {
        case ready, running, dead
    }

    package var id: String
    package var kind: String
    package var realm: Int64?
    package var subject: String
    package var orderKey: String?
    package var lane: String?
    package var payload: String
    package var runAt: Timestamp

    /// How often it was begun, the present time included.
    package var attempts: Int
    package var leaseToken: String?
    package var leasedUntil: Timestamp?
    package var state: State
    package var lastError: String?
    package var createdAt: Timestamp
}

extension JobRow: RowDecodable {
    static let columns: SQL = """
        id, kind, realm, subject, order_key, lane, payload, run_at, attempts, lease_token, leased_until, state, \
        last_error, created_at
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        kind = try reader.text()
        let number = try reader.int64()
        realm = number == 0 ? nil : number
        subject = try reader.text()
        orderKey = try reader.optionalText()
        let name = try reader.optionalText()
        lane = name == "" ? nil : name
        payload = try reader.text()
        runAt = try reader.time()
        attempts = try reader.int()
        leaseToken = try reader.optionalText()
        leasedUntil = try reader.optionalTime()
        state = try reader.word()
        lastError = try reader.optionalText()
        createdAt = try reader.time()
    }
}

/// A lane in which jobs wait.
package struct JobLane: Sendable, Equatable, RowDecodable {
    /// Empty for jobs without a lane.
    package var name: String

    /// When the first of them is due.
    package var due: Timestamp

    /// The place among the lanes that were walked over, from 1.
    package var place: Int

    package init(_ reader: inout RowReader) throws {
        name = try reader.text()
        due = try reader.time()
        place = try reader.int()
    }
}

/// How many jobs of a kind are in a state.
package struct JobCount: Sendable, Equatable, RowDecodable {
    package var kind: String
    package var state: JobRow.State
    package var n: Int

    package init(_ reader: inout RowReader) throws {
        kind = try reader.text()
        state = try reader.word()
        n = try reader.int()
    }
}

extension NewJob {
    /// Jobs that wait for no other as rows.
    static func rows(_ jobs: [NewJob], at: Timestamp) -> RowInsert {
        var rows = RowInsert(
            "jobs (id, kind, realm, subject, position, lane, payload, run_at, attempts, state, created_at)")
        for job in jobs {
            rows.add([
                job.id.sqlValue, job.kind.sqlValue, (job.realm ?? 0).sqlValue, job.subject.sqlValue, 0.sqlValue,
                (job.lane ?? "").sqlValue, job.payload.sqlValue, job.runAt.sqlValue, 0.sqlValue,
                JobRow.State.ready.sqlValue, at.sqlValue,
            ])
        }
        return rows
    }
}

extension Connection {
    /// Queues jobs.
    package func enqueue(_ jobs: [NewJob], at: Timestamp) throws {
        for job in jobs {
            guard let key = job.orderKey else { continue }
            do { try enqueue(job, key: key, at: at) } catch StorageError.constraint(.unique, let message) {
                // Another transaction took the place in the row; seen again, the next one is free.
                throw StorageError.conflict(message)
            }
        }
        try NewJob.rows(jobs.filter { $0.orderKey == nil }, at: at).run(in: self)
    }

    private func enqueue(_ job: NewJob, key: String, at: Timestamp) throws {
        // What waits for an earlier job wakes no earlier than that one, so it is not looked at in vain meanwhile.
        var reader = try query(
            """
            SELECT COALESCE(MAX(position), 0), MAX(CASE WHEN state = 'ready' THEN run_at END) FROM jobs
            WHERE order_key = \(key)
            """)[0].reader
        let position = try reader.int() + 1
        let runAt = max(job.runAt, try reader.optionalTime() ?? job.runAt)
        try execute(
            """
            INSERT INTO jobs (id, kind, realm, subject, order_key, position, lane, payload, run_at, attempts, state,
                created_at)
            VALUES (\(job.id), \(job.kind), \(job.realm ?? 0), \(job.subject), \(key), \(position), \(job.lane ?? ""),
                \(job.payload), \(runAt), 0, 'ready', \(at))
            """)
    }

    /// The realms of which jobs of a kind wait; 0 for those of none.
    ///
    /// Each costs a look into an index.
    package func jobRealms(kind: String) throws -> [Int64] {
        try query(
            """
            WITH RECURSIVE realms (realm) AS (
                SELECT MIN(realm) FROM jobs WHERE kind = \(kind) AND state = 'ready'
                UNION ALL
                SELECT (SELECT MIN(j.realm) FROM jobs j
                    WHERE j.kind = \(kind) AND j.state = 'ready' AND j.realm > realms.realm)
                FROM realms WHERE realms.realm IS NOT NULL)
            SELECT realm FROM realms WHERE realm IS NOT NULL
            """
        ).map { row in
            var reader = row.reader
            return try reader.int64()
        }
    }

    /// The lanes in which jobs of a kind and a realm wait, that with the job due first in front.
    ///
    /// Each lane costs two looks into an index, however many jobs wait in it; of the lanes left out none is looked at
    /// twice.
    ///
    /// - Parameters:
    ///   - kind: The kind of all of them.
    ///   - realm: Whose jobs; nil for those of none.
    ///   - after: The lane behind which the walk begins; nil for the first.
    ///   - lanes: Those to be left out.
    ///   - limit: The most lanes that are looked at.
    /// - Returns: The lanes.
    /// - Throws: `StorageError`.
    package func jobLanes(
        kind: String, realm: Int64? = nil, after: String? = nil, excluding lanes: [String] = [], limit: Int = 1000
    ) throws -> [JobLane] {
        let realm = realm ?? 0
        let first: SQL = after.map { "AND lane > \($0)" } ?? ""
        let wanted: SQL = lanes.isEmpty ? "" : "AND lane NOT IN \(list: lanes)"
        return try all(
            """
            WITH RECURSIVE lanes (lane, place) AS (
                SELECT MIN(lane), 1 FROM jobs WHERE kind = \(kind) AND realm = \(realm) AND state = 'ready' \(first)
                UNION ALL
                SELECT (SELECT MIN(j.lane) FROM jobs j
                    WHERE j.kind = \(kind) AND j.realm = \(realm) AND j.state = 'ready' AND j.lane > lanes.lane),
                    lanes.place + 1
                FROM lanes WHERE lanes.lane IS NOT NULL AND lanes.place < \(SQL(number: limit)))
            SELECT lane, (SELECT MIN(j.run_at) FROM jobs j
                WHERE j.kind = \(kind) AND j.realm = \(realm) AND j.state = 'ready' AND j.lane = lanes.lane) AS due, place
            FROM lanes WHERE lane IS NOT NULL \(wanted) ORDER BY due, lane
            """)
    }

    /// Takes jobs of a kind whose time has come: of the lanes in the order given, in each the oldest first.
    ///
    /// - Parameters:
    ///   - kind: The kind of all of them.
    ///   - realm: Whose jobs; nil for those of none.
    ///   - lanes: Where to look, with the most to be taken there.
    ///   - limit: The most to be taken in all.
    ///   - token: The token of the leases.
    ///   - until: How long the leases last.
    ///   - now: The time.
    /// - Returns: The jobs by lane; none of a lane whose jobs all wait for earlier ones.
    /// - Throws: `StorageError`.
    package func claimJobs(
        kind: String, realm: Int64? = nil, lanes: [(name: String, room: Int)], limit: Int, token: String,
        until: Timestamp, now: Timestamp
    ) throws -> [JobRow] {
        var claimed: [JobRow] = []
        for lane in lanes where claimed.count < limit {
            let ids = try texts(
                """
                SELECT j.id FROM jobs j
                WHERE j.kind = \(kind) AND j.realm = \(realm ?? 0) AND j.state = 'ready' AND j.lane = \(lane.name)
                    AND j.run_at <= \(now)
                    AND (j.order_key IS NULL OR NOT EXISTS (
                        SELECT 1 FROM jobs e
                        WHERE e.order_key = j.order_key AND e.position < j.position AND e.state <> 'dead'))
                ORDER BY j.run_at, j.id LIMIT \(SQL(number: min(lane.room, limit - claimed.count)))
                \(only: .postgres, "FOR UPDATE OF j SKIP LOCKED")
                """)
            guard !ids.isEmpty else { continue }
            // Apart from the search, or PostgreSQL would walk the table for rows whose number it cannot guess.
            let jobs: [JobRow] = try all(
                """
                UPDATE jobs
                SET state = 'running', attempts = attempts + 1, lease_token = \(token), leased_until = \(until)
                WHERE id IN \(list: ids) RETURNING \(JobRow.columns)
                """)
            claimed += jobs.sorted { ($0.runAt, $0.id) < ($1.runAt, $1.id) }
        }
        return claimed
    }

    /// Lets a lease last longer, and may note how far the job has come; false if it is lost.
    ///
    /// `hasProgressed`: the hiccups before this are no longer counted, so that a long job does not end of many small ones.
    @discardableResult
    package func renewJob(
        _ id: String, token: String, until: Timestamp, payload: String? = nil, hasProgressed: Bool = false
    ) throws -> Bool {
        let place: SQL = payload.map { ", payload = \($0)" } ?? ""
        let count: SQL = hasProgressed || payload != nil ? ", attempts = 1" : ""
        return try execute(
            """
            UPDATE jobs SET leased_until = \(until)\(place)\(count)
            WHERE id = \(id) AND state = 'running' AND lease_token = \(token)
            """) > 0
    }

    /// Removes a job that is done; false if the lease is lost.
    @discardableResult
    package func finishJob(_ id: String, token: String) throws -> Bool {
        try execute("DELETE FROM jobs WHERE id = \(id) AND state = 'running' AND lease_token = \(token)") > 0
    }

    /// Puts a job back to be tried later, and what waits for it with it; false if the lease is lost.
    @discardableResult
    package func retryJob(_ id: String, token: String, at runAt: Timestamp, error: String) throws -> Bool {
        let job: JobRow? = try first(
            """
            UPDATE jobs
            SET state = 'ready', run_at = \(runAt), last_error = \(error), lease_token = NULL, leased_until = NULL
            WHERE id = \(id) AND state = 'running' AND lease_token = \(token) RETURNING \(JobRow.columns)
            """)
        if let key = job?.orderKey {
            try execute(
                "UPDATE jobs SET run_at = \(runAt) WHERE order_key = \(key) AND state = 'ready' AND run_at < \(runAt)")
        }
        return job != nil
    }

    /// Puts a job back that was not tried to its end, as if it had not been begun; false if the lease is lost.
    @discardableResult
    package func releaseJob(_ id: String, token: String, at runAt: Timestamp) throws -> Bool {
        try execute(
            """
            UPDATE jobs
            SET state = 'ready', run_at = \(runAt), attempts = attempts - 1, lease_token = NULL, leased_until = NULL
            WHERE id = \(id) AND state = 'running' AND lease_token = \(token)
            """) > 0
    }

    /// Gives a job up, keeping it to be looked at; false if the lease is lost.
    @discardableResult
    package func buryJob(_ id: String, token: String, error: String) throws -> Bool {
        try execute(
            """
            UPDATE jobs SET state = 'dead', last_error = \(error), lease_token = NULL, leased_until = NULL
            WHERE id = \(id) AND state = 'running' AND lease_token = \(token)
            """) > 0
    }

    /// Makes jobs ready again whose leases have run out; returns how many.
    @discardableResult
    package func recoverJobs(now: Timestamp) throws -> Int {
        try execute(
            """
            UPDATE jobs SET state = 'ready', run_at = \(now), lease_token = NULL, leased_until = NULL
            WHERE state = 'running' AND leased_until <= \(now)
            """)
    }

    /// Jobs that were given up, newest first.
    package func deadJobs(limit: Int) throws -> [JobRow] {
        try all("SELECT \(JobRow.columns) FROM jobs WHERE state = 'dead' ORDER BY id DESC LIMIT \(limit)")
    }

    /// Lets a job that was given up be tried anew.
    @discardableResult
    package func reviveJob(_ id: String, at: Timestamp) throws -> Bool {
        try execute(
            "UPDATE jobs SET state = 'ready', run_at = \(at), attempts = 0 WHERE id = \(id) AND state = 'dead'") > 0
    }

    /// How many jobs there are, by kind and state.
    package func jobCounts() throws -> [JobCount] {
        try all("SELECT kind, state, COUNT(*) FROM jobs GROUP BY kind, state ORDER BY kind, state")
    }
}
