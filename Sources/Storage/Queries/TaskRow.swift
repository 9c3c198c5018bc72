/// A task as its narrow row tells it, without texts.
package struct TaskHead: Sendable, Equatable {
    /// Where a task stands for its owner.
    package enum Status: String, SQLConvertible, CaseIterable {
        case pending, completed, canceled, error
    }

    /// Where a pending task stands inside; `done` once it is no longer pending.
    package enum Stage: String, SQLConvertible, CaseIterable {
        case ingesting, staged, queued, working, reviewing, validating, done
    }

    /// Whether the last callback arrived.
    package enum CallbackState: String, SQLConvertible {
        case succeeded, failed
    }

    /// The owner's verdict.
    package enum ReviewStatus: String, SQLConvertible, CaseIterable {
        case accepted, fixed, commented, rejected, pending
    }

    package var id: String
    package var realm: Int64
    package var type: String
    package var status: Status
    package var stage: Stage
    package var projectID: String?
    package var batchID: String?
    package var paramVersion: Int?
    package var priority: Int?
    package var uniqueID: String?
    package var clearUniqueIDOnError: Bool
    package var callbackURL: String?
    package var callbackState: CallbackState?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var startedAt: Timestamp?
    package var completedAt: Timestamp?
    package var reviewStatus: ReviewStatus?
    package var auditedAt: Timestamp?
    package var auditedBy: String?
    package var attachmentsWaiting: Int
}

extension TaskHead: RowDecodable {
    static let columns: SQL = """
        t.id, t.realm, t.type, t.status, t.stage, t.project_id, t.batch_id, t.param_version, t.priority, t.unique_id, \
        t.clear_unique_id_on_error, t.callback_url, t.callback_state, t.created_at, t.updated_at, t.started_at, \
        t.completed_at, t.review_status, t.audited_at, t.audited_by, t.attachments_waiting
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        type = try reader.text()
        status = try reader.word()
        stage = try reader.word()
        projectID = try reader.optionalText()
        batchID = try reader.optionalText()
        paramVersion = try reader.optionalInt()
        priority = try reader.optionalInt()
        uniqueID = try reader.optionalText()
        clearUniqueIDOnError = try reader.bool()
        callbackURL = try reader.optionalText()
        callbackState = try reader.optionalWord()
        createdAt = try reader.time()
        updatedAt = try reader.time()
        startedAt = try reader.optionalTime()
        completedAt = try reader.optionalTime()
        reviewStatus = try reader.optionalWord()
        auditedAt = try reader.optionalTime()
        auditedBy = try reader.optionalText()
        attachmentsWaiting = try reader.int()
    }
}

/// A whole task: its narrow row, its texts, and the names of its project and batch.
@dynamicMemberLookup
package struct TaskRow: Sendable, Equatable {
    package typealias Status = TaskHead.Status
    package typealias Stage = TaskHead.Stage
    package typealias CallbackState = TaskHead.CallbackState
    package typealias ReviewStatus = TaskHead.ReviewStatus

    /// The narrow row, whose members can also be read directly.
    package var head: TaskHead

    /// The project's name.
    package var project: String?

    /// The batch's name.
    package var batch: String?

    package var instruction: String?

    /// The parameters, a JSON object.
    package var params: String

    /// The owner's metadata, a JSON object.
    package var metadata: String

    package var tags: [String]

    /// The response, a JSON object.
    package var response: String?

    /// Rare members, a JSON object that belongs to the rules.
    package var extra: String?

    /// A member of the narrow row.
    package subscript<T>(dynamicMember path: KeyPath<TaskHead, T>) -> T { head[keyPath: path] }
}

extension TaskRow: RowDecodable {
    static let columns: SQL = """
        \(TaskHead.columns), pr.name, ba.name, p.instruction, p.params, p.metadata, p.tags, p.response, p.extra
        """

    static let tables: SQL = """
        tasks t JOIN task_payloads p ON p.task_id = t.id LEFT JOIN projects pr ON pr.id = t.project_id \
        LEFT JOIN batches ba ON ba.id = t.batch_id
        """

    package init(_ reader: inout RowReader) throws {
        head = try TaskHead(&reader)
        project = try reader.optionalText()
        batch = try reader.optionalText()
        instruction = try reader.optionalText()
        params = try reader.text()
        metadata = try reader.text()
        tags = TextList.split(try reader.text())
        response = try reader.optionalText()
        extra = try reader.optionalText()
    }
}

/// Short lists kept in one column: each entry ends with a line feed.
///
/// Line feeds and backslashes inside an entry are written with a backslash before, so any text survives.
enum TextList {
    static func join(_ entries: [String]) -> String {
        entries.map { entry in
            guard entry.utf8.contains(where: { $0 == 0x0A || $0 == 0x5C }) else { return entry + "\n" }
            return entry.unicodeScalars.reduce(into: "") { text, scalar in
                switch scalar {
                case "\n": text += "\\n"
                case "\\": text += "\\\\"
                default: text.unicodeScalars.append(scalar)
                }
            } + "\n"
        }.joined()
    }

    static func split(_ text: String) -> [String] {
        var entries: [String] = []
        var entry = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                entry.unicodeScalars.append(scalar == "n" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "\n" {
                entries.append(entry)
                entry = ""
            } else {
                entry.unicodeScalars.append(scalar)
            }
        }
        return entries
    }
}

/// A task to be stored.
package struct NewTask: Sendable {
    package var id: String
    package var realm: Int64
    package var type: String
    package var status: TaskRow.Status
    package var stage: TaskRow.Stage
    package var projectID: String?
    package var batchID: String?
    package var paramVersion: Int?
    package var priority: Int?
    package var uniqueID: String?
    package var clearUniqueIDOnError: Bool
    package var callbackURL: String?
    package var instruction: String?
    package var params: String
    package var metadata: String
    package var tags: [String]
    package var response: String?
    package var extra: String?
    package var createdAt: Timestamp
    package var completedAt: Timestamp?
    package var attachments: [NewAttachment]

    package init(
        id: String, realm: Int64, type: String, status: TaskRow.Status = .pending, stage: TaskRow.Stage,
        projectID: String? = nil, batchID: String? = nil, paramVersion: Int? = nil, priority: Int? = nil,
        uniqueID: String? = nil, clearUniqueIDOnError: Bool = false, callbackURL: String? = nil,
        instruction: String? = nil, params: String, metadata: String = "{}", tags: [String] = [],
        response: String? = nil, extra: String? = nil, createdAt: Timestamp, completedAt: Timestamp? = nil,
        attachments: [NewAttachment] = []
    ) {
        self.id = id
        self.realm = realm
        self.type = type
        self.status = status
        self.stage = stage
        self.projectID = projectID
        self.batchID = batchID
        self.paramVersion = paramVersion
        self.priority = priority
        self.uniqueID = uniqueID
        self.clearUniqueIDOnError = clearUniqueIDOnError
        self.callbackURL = callbackURL
        self.instruction = instruction
        self.params = params
        self.metadata = metadata
        self.tags = tags
        self.response = response
        self.extra = extra
        self.createdAt = createdAt
        self.completedAt = completedAt
        self.attachments = attachments
    }
}

/// What became of storing a task.
package enum TaskInsertion: Sendable, Equatable {
    /// The task is stored.
    case inserted

    /// Nothing was stored, because another task has the unique id.
    case uniqueIDTaken(by: String)
}

/// What became of giving a task a unique id.
package enum UniqueIDChange: Sendable, Equatable {
    /// The task has it.
    case set

    /// Another task has it.
    case takenBy(String)

    /// There is no such task.
    case missing
}
