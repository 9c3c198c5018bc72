/// A file a new task refers to.
package struct NewAttachment: Sendable, Equatable {
    /// Where it stands in the parameters, as `attachments[0].attachment`.
    package var path: String
    package var url: String

    /// What it is for, a word of the task type's.
    package var role: String

    package init(path: String, url: String, role: String) {
        self.path = path
        self.url = url
        self.role = role
    }
}

/// What is known of a file once it has been copied.
package struct StoredCopy: Sendable, Equatable {
    /// SHA-256 of the bytes, in hex: the copy's name in the object store.
    package var hash: String
    package var mime: String

    /// Pixels, after orientation; nil for what is no picture.
    package var width: Int?
    package var height: Int?

    /// Bytes.
    package var size: Int64
    package var thumbnailHash: String?

    /// What browsers show where they cannot show the original.
    package var displayHash: String?

    /// The HTTP status it came with; nil for what was uploaded.
    package var statusCode: Int?

    /// The type that the source stated.
    package var declaredType: String?

    /// Where redirects led; nil where there were none.
    package var finalURL: String?

    /// What was found in the file, in JSON.
    package var facts: String?

    /// What was made of the file, and with what, in JSON.
    package var conversions: String?

    package init(
        hash: String, mime: String, width: Int? = nil, height: Int? = nil, size: Int64, thumbnailHash: String? = nil,
        displayHash: String? = nil, statusCode: Int? = nil, declaredType: String? = nil, finalURL: String? = nil,
        facts: String? = nil, conversions: String? = nil
    ) {
        self.hash = hash
        self.mime = mime
        self.width = width
        self.height = height
        self.size = size
        self.thumbnailHash = thumbnailHash
        self.displayHash = displayHash
        self.statusCode = statusCode
        self.declaredType = declaredType
        self.finalURL = finalURL
        self.facts = facts
        self.conversions = conversions
    }

    /// What is set of an attachment's row.
    fileprivate var assignments: SQL {
        """
        hash = \(hash), mime = \(mime), width = \(width), height = \(height), size = \(size), \
        thumbnail_hash = \(thumbnailHash), display_hash = \(displayHash), status_code = \(statusCode), \
        declared_type = \(declaredType), final_url = \(finalURL), facts = \(facts), conversions = \(conversions)
        """
    }
}

/// A file a task refers to, and our copy of it.
package struct AttachmentRow: Sendable, Equatable {
    /// Whether there is a copy.
    package enum State: String, SQLConvertible {
        case waiting, ready, failed
    }

    package var taskID: String
    package var realm: Int64

    /// The place among the task's attachments, from 0.
    package var position: Int
    package var path: String
    package var url: String
    package var role: String
    package var state: State
    package var hash: String?
    package var mime: String?
    package var width: Int?
    package var height: Int?
    package var size: Int64?
    package var thumbnailHash: String?

    /// The HTTP status of the fetch; nil before it, for uploaded files, and where no answer came.
    package var statusCode: Int?
    package var error: String?
    package var fetchedAt: Timestamp?

    /// As in ``StoredCopy``.
    package var displayHash: String?
    package var declaredType: String?
    package var finalURL: String?
    package var facts: String?
    package var conversions: String?

    /// The copy, as far as it is there.
    package var copy: StoredCopy? {
        guard let hash, let mime, let size else { return nil }
        return StoredCopy(
            hash: hash, mime: mime, width: width, height: height, size: size, thumbnailHash: thumbnailHash,
            displayHash: displayHash, statusCode: statusCode, declaredType: declaredType, finalURL: finalURL,
            facts: facts, conversions: conversions)
    }
}

extension AttachmentRow: RowDecodable {
    static let columns: SQL = """
        task_id, realm, position, path, url, role, state, hash, mime, width, height, size, thumbnail_hash, status_code, \
        error, fetched_at, display_hash, declared_type, final_url, facts, conversions
        """

    package init(_ reader: inout RowReader) throws {
        taskID = try reader.text()
        realm = try reader.int64()
        position = try reader.int()
        path = try reader.text()
        url = try reader.text()
        role = try reader.text()
        state = try reader.word()
        hash = try reader.optionalText()
        mime = try reader.optionalText()
        width = try reader.optionalInt()
        height = try reader.optionalInt()
        size = try reader.optionalInt64()
        thumbnailHash = try reader.optionalText()
        statusCode = try reader.optionalInt()
        error = try reader.optionalText()
        fetchedAt = try reader.optionalTime()
        displayHash = try reader.optionalText()
        declaredType = try reader.optionalText()
        finalURL = try reader.optionalText()
        facts = try reader.optionalText()
        conversions = try reader.optionalText()
    }
}

extension Connection {
    /// A task's attachments, in order.
    package func attachments(realm: Int64, task: String) throws -> [AttachmentRow] {
        try attachments(realm: realm, tasks: [task])
    }

    /// The attachments of some tasks, by task and in order.
    package func attachments(realm: Int64, tasks: [String]) throws -> [AttachmentRow] {
        try all(
            """
            SELECT \(AttachmentRow.columns) FROM attachments WHERE task_id IN \(list: tasks) AND realm = \(realm)
            ORDER BY task_id, position
            """)
    }

    /// One attachment of a task.
    package func attachment(realm: Int64, task: String, position: Int) throws -> AttachmentRow? {
        try first(
            """
            SELECT \(AttachmentRow.columns) FROM attachments
            WHERE task_id = \(task) AND position = \(position) AND realm = \(realm)
            """)
    }

    /// Notes an attachment's copy, for which it still waits while something is made of it; false if it does not wait.
    package func attachmentCopied(realm: Int64, task: String, position: Int, _ copy: StoredCopy) throws -> Bool {
        try keep(objects: [copy.hash, copy.thumbnailHash, copy.displayHash])
        return try execute(
            """
            UPDATE attachments SET \(copy.assignments)
            WHERE task_id = \(task) AND position = \(position) AND realm = \(realm) AND state = 'waiting'
            """) > 0
    }

    /// Notes that an attachment's copy is there.
    ///
    /// - Returns: How many attachments of the task still wait; nil if this one did not.
    package func attachmentReady(
        realm: Int64, task: String, position: Int, _ copy: StoredCopy, at: Timestamp
    ) throws -> Int? {
        // The task first: every transition takes its locks in this order.
        guard let head = try lockTask(realm: realm, id: task) else { return nil }
        try keep(objects: [copy.hash, copy.thumbnailHash, copy.displayHash])
        let changed = try execute(
            """
            UPDATE attachments SET state = 'ready', \(copy.assignments), fetched_at = \(at)
            WHERE task_id = \(task) AND position = \(position) AND realm = \(realm) AND state = 'waiting'
            """)
        guard changed > 0 else { return nil }
        try cover([.attachment(task: task, position: position)], realm: realm, subject: task, at: at)
        try execute("UPDATE tasks SET attachments_waiting = attachments_waiting - 1 WHERE id = \(task)")
        return head.attachmentsWaiting - 1
    }

    /// Notes that an attachment cannot be had.
    @discardableResult
    package func attachmentFailed(
        realm: Int64, task: String, position: Int, statusCode: Int?, error: String, at: Timestamp
    ) throws -> Bool {
        let changed = try execute(
            """
            UPDATE attachments SET state = 'failed', status_code = \(statusCode), error = \(error), fetched_at = \(at)
            WHERE task_id = \(task) AND position = \(position) AND realm = \(realm) AND state = 'waiting'
            """)
        guard changed > 0 else { return false }
        try cover([.attachment(task: task, position: position)], realm: realm, subject: task, at: at)
        return true
    }

    /// Notes the small picture of an attachment that had none yet; false if it has one, or is gone.
    package func attachmentShrunk(
        realm: Int64, task: String, position: Int, thumbnailHash: String, conversions: String?, at: Timestamp
    ) throws -> Bool {
        try keep(objects: [thumbnailHash])
        let changed = try execute(
            """
            UPDATE attachments SET thumbnail_hash = \(thumbnailHash), conversions = \(conversions)
            WHERE task_id = \(task) AND position = \(position) AND realm = \(realm) AND state = 'ready'
                AND thumbnail_hash IS NULL
            """)
        guard changed > 0 else { return false }
        try cover([.attachment(task: task, position: position)], realm: realm, subject: task, at: at)
        return true
    }

    /// Notes that an attachment whose copy is there turned out to be damaged; false if that is known, or it is gone.
    ///
    /// `state`: `failed` where its task ends by that, else `ready`, since the copy is what people see.
    package func attachmentSpoilt(
        realm: Int64, task: String, position: Int, state: AttachmentRow.State, error: String, at: Timestamp
    ) throws -> Bool {
        let changed = try execute(
            """
            UPDATE attachments SET state = \(state), error = \(error)
            WHERE task_id = \(task) AND position = \(position) AND realm = \(realm) AND state = 'ready'
                AND error IS NULL
            """)
        guard changed > 0 else { return false }
        try cover([.attachment(task: task, position: position)], realm: realm, subject: task, at: at)
        return true
    }
}
