/// One step somebody has to do on a task.
package struct WorkItemRow: Sendable, Equatable {
    /// What is to be done.
    package enum Kind: String, SQLConvertible {
        case label, review, redo, audit, merge
    }

    /// Who may do it, unless it is somebody's alone.
    package enum Audience: String, SQLConvertible, CaseIterable {
        /// Labelers who draw, and the team.
        case label

        /// Labelers who review, and the team.
        case review

        /// Members, managers and admins only.
        case team
    }

    /// How far it is.
    package enum State: String, SQLConvertible {
        case waiting, leased, submitted, closed
    }

    package var id: String
    package var taskID: String
    package var realm: Int64
    package var projectID: String?
    package var batchID: String?
    package var kind: Kind

    /// The review level, 0 for labelling.
    package var level: Int

    /// Which try at the same step, or which of several answers asked for, from 1.
    package var attempt: Int
    package var state: State

    /// The one person who may do it.
    package var assignee: String?

    /// The person who gets it first, if that person asks.
    package var preferred: String?

    /// What the queue goes by; larger is sooner.
    package var priority: Int
    package var leaseToken: String?
    package var leaseHolder: String?
    package var leaseExpiresAt: Timestamp?

    /// The submitter's own id of the submission, by which a repeated one is known.
    package var submissionID: String?
    package var submittedBy: String?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var submittedAt: Timestamp?
    package var audience: Audience

    /// The work item whose last document the draft starts from.
    package var basedOn: String?

    /// Until when the assignee is only the first to be asked.
    package var reservedUntil: Timestamp?
}

extension WorkItemRow: RowDecodable {
    static let columns: SQL = """
        id, task_id, realm, project_id, batch_id, kind, level, attempt, state, assignee, preferred, priority, \
        lease_token, lease_holder, lease_expires_at, submission_id, submitted_by, created_at, updated_at, submitted_at, \
        audience, based_on, reserved_until
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        taskID = try reader.text()
        realm = try reader.int64()
        projectID = try reader.optionalText()
        batchID = try reader.optionalText()
        kind = try reader.word()
        level = try reader.int()
        attempt = try reader.int()
        state = try reader.word()
        assignee = try reader.optionalText()
        preferred = try reader.optionalText()
        priority = try reader.int()
        leaseToken = try reader.optionalText()
        leaseHolder = try reader.optionalText()
        leaseExpiresAt = try reader.optionalTime()
        submissionID = try reader.optionalText()
        submittedBy = try reader.optionalText()
        createdAt = try reader.time()
        updatedAt = try reader.time()
        submittedAt = try reader.optionalTime()
        audience = try reader.word()
        basedOn = try reader.optionalText()
        reservedUntil = try reader.optionalTime()
    }
}

/// A step to be done.
package struct NewWorkItem: Sendable {
    /// The priority of work that has none of its own.
    package static let usualPriority = 10

    package var id: String
    package var taskID: String
    package var realm: Int64
    package var projectID: String?
    package var batchID: String?
    package var kind: WorkItemRow.Kind
    package var level: Int
    package var attempt: Int
    package var assignee: String?

    /// Until when the assignee is only the first to be asked; nil for an assignment for good.
    package var reservedUntil: Timestamp?
    package var preferred: String?

    /// The work item whose last document the draft starts from.
    package var basedOn: String?

    /// People who may not do it.
    package var excluded: [String]

    /// Whether it is one of several answers to the same task, of which nobody gives two.
    package var isShared = false

    /// Nil counts as `usualPriority`.
    package var priority: Int?

    /// Work of self-label batches is for the team whatever is said here.
    package var audience: WorkItemRow.Audience
    package var createdAt: Timestamp

    package init(
        id: String, taskID: String, realm: Int64, projectID: String? = nil, batchID: String? = nil,
        kind: WorkItemRow.Kind = .label, audience: WorkItemRow.Audience = .label, level: Int = 0, attempt: Int = 1,
        assignee: String? = nil, reservedUntil: Timestamp? = nil, preferred: String? = nil, basedOn: String? = nil,
        excluded: [String] = [], priority: Int? = nil, createdAt: Timestamp
    ) {
        self.id = id
        self.taskID = taskID
        self.realm = realm
        self.projectID = projectID
        self.batchID = batchID
        self.kind = kind
        self.audience = audience
        self.level = level
        self.attempt = attempt
        self.assignee = assignee
        self.reservedUntil = reservedUntil
        self.preferred = preferred
        self.basedOn = basedOn
        self.excluded = excluded
        self.priority = priority
        self.createdAt = createdAt
    }
}

/// Whose work a person may do.
package struct WorkScope: Sendable, Equatable {
    /// The ids of the projects, or nil for every project's work and what has none.
    package var projects: [String]?

    package var audiences: [WorkItemRow.Audience]

    package init(projects: [String]? = nil, audiences: [WorkItemRow.Audience] = WorkItemRow.Audience.allCases) {
        self.projects = projects
        self.audiences = audiences
    }

    /// All there is.
    package static let everything = WorkScope()

    /// All of some projects.
    package static func projects(_ ids: [String]) -> WorkScope { WorkScope(projects: ids) }
}

/// What became of a submission.
package enum Submission: Sendable, Equatable {
    /// It is accepted.
    case accepted(WorkItemRow)

    /// The same submission had been accepted before.
    case repeated(WorkItemRow)

    /// The lease is not, or no longer, the submitter's.
    case leaseLost

    /// There is no such item.
    case missing
}

/// A person's work at a glance.
package struct WorkSummary: Sendable, Equatable {
    /// What the person holds.
    package var mine: WorkItemRow?

    /// What the person would get next, if nobody is quicker.
    package var next: WorkItemRow?

    /// How many items the person has submitted since the given time.
    package var submitted: Int

    /// How many items wait, counted up to a bound.
    package var waiting: Int
}
