import Foundation

/// By what a list of tasks is sorted.
package struct TaskOrder: Sendable, Equatable {
    /// What is compared; of equal ones, the time of creation and the id decide.
    package enum Key: String, Sendable, CaseIterable {
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case completedAt = "completed_at"
        case uniqueID = "unique_id"
    }

    package var key: Key
    package var isAscending: Bool

    package init(_ key: Key, isAscending: Bool) {
        self.key = key
        self.isAscending = isAscending
    }

    package static let newestFirst = TaskOrder(.createdAt, isAscending: false)

    /// Every order there is, as clients write them: `created_at`, or `-created_at` for the last first.
    package static let words = Key.allCases.flatMap { ["-" + $0.rawValue, $0.rawValue] }

    /// Reads an order; nil for anything that is not among `words`.
    package init?(word: String) {
        let isAscending = !word.hasPrefix("-")
        guard let key = Key(rawValue: isAscending ? word : String(word.dropFirst())) else { return nil }
        self.init(key, isAscending: isAscending)
    }

    /// As clients write it.
    package var word: String { (isAscending ? "" : "-") + key.rawValue }

    // MARK: Statements

    /// The column that is compared first.
    var column: SQL {
        switch key {
        case .createdAt: "t.created_at"
        case .updatedAt: "t.updated_at"
        case .completedAt: "t.completed_at"
        case .uniqueID: "t.unique_id"
        }
    }

    /// The columns in the order of comparison, as their index has them.
    private var columns: [SQL] {
        switch key {
        case .createdAt: ["t.created_at", "t.id"]
        case .updatedAt, .completedAt: [column, "t.created_at", "t.id"]
        case .uniqueID: [column]
        }
    }

    var clause: SQL {
        let direction: SQL = isAscending ? "" : " DESC"
        return "ORDER BY \(.joined(columns.map { "\($0)\(direction)" }, by: ", "))"
    }

    /// What tasks need to stand in the order at all.
    var condition: SQL {
        switch key {
        case .createdAt, .updatedAt: ""
        case .completedAt, .uniqueID: " AND \(column) IS NOT NULL"
        }
    }

    /// Holds for what comes behind a position.
    func condition(after position: TaskPosition?) -> SQL {
        guard let position else { return "" }
        let comparison: SQL = isAscending ? ">" : "<"
        switch key {
        case .createdAt: return " AND (t.created_at, t.id) \(comparison) (\(position.createdAt), \(position.id))"
        case .updatedAt, .completedAt:
            let time = position.time ?? position.createdAt
            return """
                 AND (\(column), t.created_at, t.id) \(comparison) (\(time), \(position.createdAt), \(position.id))
                """
        case .uniqueID: return " AND \(column) \(comparison) \(position.text ?? "")"
        }
    }

    /// The index that has the order; SQLite, without statistics, could take another.
    var hint: SQL {
        switch key {
        case .createdAt: ""
        case .updatedAt: "\(only: .sqlite, "INDEXED BY tasks_by_change")"
        case .completedAt: "\(only: .sqlite, "INDEXED BY tasks_by_completion")"
        case .uniqueID: "\(only: .sqlite, "INDEXED BY tasks_unique_id")"
        }
    }
}

/// A place in a sorted list of tasks: that of the last task already sent.
package struct TaskPosition: Sendable, Equatable {
    package var order: TaskOrder
    package var createdAt: Timestamp
    package var id: String

    /// The time that is compared, where it is not the time of creation.
    package var time: Timestamp?

    /// The text that is compared.
    package var text: String?

    init(order: TaskOrder, createdAt: Timestamp, id: String) {
        self.order = order
        self.createdAt = createdAt
        self.id = id
    }

    init(_ row: Row, order: TaskOrder) throws {
        var reader = row.reader
        self.order = order
        id = try reader.text()
        createdAt = try reader.time()
        switch order.key {
        case .createdAt: break
        case .updatedAt, .completedAt: time = try reader.time()
        case .uniqueID: text = try reader.text()
        }
    }

    /// The position behind a task in the order of creation.
    package init(after cursor: TaskCursor) {
        self.init(order: .newestFirst, createdAt: cursor.createdAt, id: cursor.id)
    }

    /// The position as clients hold it.
    package var token: String {
        let compared = time.map { String($0.microseconds) } ?? text ?? ""
        return Data("\(order.word) \(createdAt.microseconds) \(id) \(compared)".utf8).base64EncodedString()
    }

    /// Reads a position; nil for anything that `token` did not make.
    package init?(token: String) {
        guard let data = Data(base64Encoded: token) else { return nil }
        let parts = String(decoding: data, as: UTF8.self)
            .split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let order = TaskOrder(word: String(parts[0])), let created = Int64(parts[1]),
            Identifier.isValid(parts[2])
        else { return nil }
        self.order = order
        createdAt = Timestamp(microseconds: created)
        id = String(parts[2])
        switch order.key {
        case .createdAt: break
        case .updatedAt, .completedAt:
            guard let time = Int64(parts[3]) else { return nil }
            self.time = Timestamp(microseconds: time)
        case .uniqueID: text = String(parts[3])
        }
    }
}
