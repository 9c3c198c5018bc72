import JSON
package import NIOCore
package import Storage

/// Writes tasks one after the other as a file of some format; what is written does not depend on where it goes.
package struct TaskFile: Sendable {
    package let format: ExportRow.Format
    private var isFirst = true

    package init(_ format: ExportRow.Format) {
        self.format = format
    }

    /// What stands before the first task.
    package var head: ByteBuffer {
        switch format {
        case .jsonl: ByteBuffer()
        case .json: ByteBuffer(string: "[")
        case .csv: ByteBuffer(string: Self.columns.joined(separator: ",") + "\r\n")
        }
    }

    /// What stands behind the last.
    package var tail: ByteBuffer {
        format == .json ? ByteBuffer(string: "\n]\n") : ByteBuffer()
    }

    /// The bytes of some tasks.
    mutating func bytes(of tasks: [TaskWithExtras]) -> ByteBuffer {
        var writer = JSONWriter(capacity: 1024)
        var buffer = ByteBuffer()
        for task in tasks {
            switch format {
            case .jsonl:
                task.row.write(to: &writer, task.extras)
                writer.drain { buffer.writeBytes($0) }
                buffer.writeInteger(UInt8(ascii: "\n"))
            case .json:
                buffer.writeString(isFirst ? "\n" : ",\n")
                task.row.write(to: &writer, task.extras)
                writer.drain { buffer.writeBytes($0) }
            case .csv: Self.write(task, to: &buffer)
            }
            isFirst = false
        }
        return buffer
    }

    // MARK: Comma-separated values

    private static let columns = [
        "task_id", "unique_id", "project", "batch", "type", "status", "priority", "tags", "created_at", "updated_at",
        "completed_at", "customer_review_status", "attachments", "instruction", "metadata", "params", "response",
    ]

    private static func write(_ task: TaskWithExtras, to buffer: inout ByteBuffer) {
        let row = task.row
        let values: [String?] = [
            row.id, row.uniqueID, row.project, row.batch, row.type, row.status.rawValue,
            row.priority.map { String($0) }, row.tags.joined(separator: ";"), row.createdAt.iso8601,
            row.updatedAt.iso8601, row.completedAt?.iso8601, row.reviewStatus?.rawValue,
            task.extras.attachments.map(\.url).joined(separator: " "), row.instruction, row.metadata, row.params,
            row.response,
        ]
        buffer.writeCommaSeparated(values)
    }
}

/// Brings the tasks of a selection as pieces of a file, the next being read while the last is written.
package struct TaskFileReader: Sendable {
    private let database: any Database
    private let selection: TaskSelection
    private let realm: Int64
    private let isTest: Bool
    private let until: Timestamp
    private var file: TaskFile
    private var ids: ArraySlice<String> = []
    private var place = TaskSelection.Place.start
    private var read = 0
    private var isOver = false

    /// Tasks of one piece, so that a piece has about a megabyte.
    private var portion = 50
    private static let pieceSize = 1 << 20
    private static let block = 5000

    /// One piece of the file, and how many tasks are in it.
    package struct Piece: Sendable {
        package let bytes: ByteBuffer
        package let tasks: Int
    }

    package init(
        _ selection: TaskSelection, _ file: TaskFile, until: Timestamp, realm: RealmContext, in database: any Database
    ) {
        self.selection = selection
        self.file = file
        self.until = until
        self.realm = realm.id
        isTest = realm.isTest
        self.database = database
    }

    /// The next piece; nil at the end.
    package mutating func next() async throws -> Piece? {
        if ids.isEmpty {
            guard !isOver else { return nil }
            try await look()
            guard !ids.isEmpty else { return nil }
        }
        let wanted = Array(ids.prefix(portion))
        ids.removeFirst(wanted.count)
        let piece = try await database.read { [file, realm, isTest] db in
            var file = file
            let rows = try db.tasks(realm: realm, ids: wanted)
            let tasks = try TaskOperations.withExtras(
                rows, isTest: isTest, allFiles: file.format == .csv, in: db)
            let byID = Dictionary(tasks.map { ($0.row.id, $0) }, uniquingKeysWith: { first, _ in first })
            let bytes = file.bytes(of: wanted.compactMap { byID[$0] })
            return (Piece(bytes: bytes, tasks: rows.count), file)
        }
        file = piece.1
        let size = max(1, piece.0.bytes.readableBytes / max(1, wanted.count))
        portion = min(max(Self.pieceSize / size, 1), 500)
        return piece.0
    }

    /// Looks up the ids of the next tasks.
    private mutating func look() async throws {
        let found = try await database.read { [selection, realm, place, until] db in
            let ids = try selection.ids(realm: realm, behind: place, until: until, limit: Self.block, in: db)
            return (ids, try ids.last.flatMap { try db.taskHead(realm: realm, id: $0) })
        }
        ids = found.0[...]
        read += found.0.count
        place = selection.place(after: found.1, done: read)
        isOver = found.0.count < Self.block
    }
}
