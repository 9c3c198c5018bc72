/// What has been made on a work item so far: a snapshot, and the steps since.
package struct DraftRow: Sendable, Equatable, RowDecodable {
    static let columns: SQL = "work_item_id, revision, snapshot, snapshot_revision, created_at, updated_at"

    package var workItemID: String

    /// How many steps there have been.
    package var revision: Int

    /// The document at `snapshotRevision`, JSON.
    package var snapshot: String
    package var snapshotRevision: Int
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(_ reader: inout RowReader) throws {
        workItemID = try reader.text()
        revision = try reader.int()
        snapshot = try reader.text()
        snapshotRevision = try reader.int()
        createdAt = try reader.time()
        updatedAt = try reader.time()
    }
}

/// One undoable step of a draft.
package struct DraftStepRow: Sendable, Equatable, RowDecodable {
    /// What a step is to the person's own history.
    package enum Mark: String, SQLConvertible, CaseIterable {
        case edit, undo, redo
    }

    static let columns: SQL = "work_item_id, revision, id, writer, sequence, operations, user_id, created_at, mark"

    package var workItemID: String

    /// The draft's revision after the step.
    package var revision: Int
    package var id: String

    /// The browser that made it.
    package var writer: String

    /// The browser's own count of its steps.
    package var sequence: Int

    /// A JSON array.
    package var operations: String
    package var user: String
    package var at: Timestamp
    package var mark: Mark

    package init(_ reader: inout RowReader) throws {
        workItemID = try reader.text()
        revision = try reader.int()
        id = try reader.text()
        writer = try reader.text()
        sequence = try reader.int()
        operations = try reader.text()
        user = try reader.text()
        at = try reader.time()
        mark = try reader.word()
    }
}

/// What became of a step.
package enum StepAppend: Sendable, Equatable {
    /// It is the draft's newest.
    case appended(revision: Int)

    /// The draft had it already, as the given revision.
    case known(revision: Int)

    /// Another step of the same writer has its sequence, as the given revision.
    case sequenceTaken(revision: Int)

    /// There is no such draft.
    case missing
}

extension Connection {
    /// Begins a draft; false if there is one.
    @discardableResult
    package func createDraft(workItem: String, snapshot: String, at: Timestamp) throws -> Bool {
        try execute(
            """
            INSERT INTO drafts (work_item_id, revision, snapshot, snapshot_revision, created_at, updated_at)
            VALUES (\(workItem), 0, \(snapshot), 0, \(at), \(at)) ON CONFLICT (work_item_id) DO NOTHING
            """) > 0
    }

    /// A work item's draft.
    package func draft(workItem: String) throws -> DraftRow? {
        try first("SELECT \(DraftRow.columns) FROM drafts WHERE work_item_id = \(workItem)")
    }

    /// A work item's draft, kept from other writers until the transaction ends.
    package func lockDraft(workItem: String) throws -> DraftRow? {
        try first(
            """
            SELECT \(DraftRow.columns) FROM drafts WHERE work_item_id = \(workItem) \(only: .postgres, "FOR UPDATE")
            """)
    }

    /// A draft's steps after a revision, in order.
    package func draftSteps(workItem: String, after revision: Int, limit: Int? = nil) throws -> [DraftStepRow] {
        try all(
            """
            SELECT \(DraftStepRow.columns) FROM draft_steps
            WHERE work_item_id = \(workItem) AND revision > \(revision) ORDER BY revision LIMIT \(limit ?? .max)
            """)
    }

    /// A draft's last steps, in order.
    package func lastDraftSteps(workItem: String, limit: Int) throws -> [DraftStepRow] {
        let newestFirst: [DraftStepRow] = try all(
            """
            SELECT \(DraftStepRow.columns) FROM draft_steps WHERE work_item_id = \(workItem)
            ORDER BY revision DESC LIMIT \(limit)
            """)
        return newestFirst.reversed()
    }

    /// A draft's last step up to a time.
    package func lastDraftStep(workItem: String, through time: Timestamp) throws -> DraftStepRow? {
        try first(
            """
            SELECT \(DraftStepRow.columns) FROM draft_steps
            WHERE work_item_id = \(workItem) AND created_at <= \(time) ORDER BY revision DESC LIMIT 1
            """)
    }

    /// Adds a step to a draft; adding it again changes nothing.
    package func appendDraftStep(
        workItem: String, id: String, writer: String, sequence: Int, operations: String,
        mark: DraftStepRow.Mark = .edit, user: String, at: Timestamp
    ) throws -> StepAppend {
        guard let draft = try lockDraft(workItem: workItem) else { return .missing }
        let known = try integer("SELECT revision FROM draft_steps WHERE work_item_id = \(workItem) AND id = \(id)")
        if known > 0 { return .known(revision: known) }
        let taken = try integer(
            """
            SELECT revision FROM draft_steps
            WHERE work_item_id = \(workItem) AND writer = \(writer) AND sequence = \(sequence)
            """)
        if taken > 0 { return .sequenceTaken(revision: taken) }
        let revision = draft.revision + 1
        try execute(
            """
            INSERT INTO draft_steps (work_item_id, revision, id, writer, sequence, operations, user_id, created_at,
                mark)
            VALUES (\(workItem), \(revision), \(id), \(writer), \(sequence), \(operations), \(user), \(at),
                \(mark))
            """)
        try execute("UPDATE drafts SET revision = \(revision), updated_at = \(at) WHERE work_item_id = \(workItem)")
        return .appended(revision: revision)
    }

    /// Keeps the document as it is at a revision, so that loading needs only the steps after; false if a newer one is
    /// kept.
    @discardableResult
    package func saveDraftSnapshot(workItem: String, snapshot: String, revision: Int, at: Timestamp) throws -> Bool {
        try execute(
            """
            UPDATE drafts SET snapshot = \(snapshot), snapshot_revision = \(revision), updated_at = \(at)
            WHERE work_item_id = \(workItem) AND snapshot_revision < \(revision) AND revision >= \(revision)
            """) > 0
    }
}
