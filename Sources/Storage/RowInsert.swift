/// Rows for one table, written many by a statement: for short rows, running a statement costs more than the row.
struct RowInsert {
    /// The table and its columns, as `task_texts (task_id, words)`.
    private let table: String

    /// What follows the rows, as `ON CONFLICT DO NOTHING`.
    private let conflict: String

    private var values: [Value] = []
    private var width = 1

    /// The most rows of a statement; smaller numbers are powers of two, so that few different texts are prepared.
    private static let most = 64

    init(_ table: String, conflict: String = "") {
        self.table = table
        self.conflict = conflict
    }

    /// Adds a row, which has a value for every column.
    mutating func add(_ row: [Value]) {
        width = row.count
        values += row
    }

    /// Writes the rows; answers how many there are now that were not before.
    @discardableResult
    func run(in db: any Connection) throws -> Int {
        try statements.reduce(0) { try $0 + db.execute($1) }
    }

    /// The statements that write the rows.
    var statements: [SQL] {
        var statements: [SQL] = []
        var start = 0
        var left = values.count / width
        var size = Self.most
        while left > 0 {
            while size > left { size /= 2 }
            statements.append(SQL(text: text(rows: size), values: Array(values[start..<start + size * width])))
            start += size * width
            left -= size
        }
        return statements
    }

    private func text(rows: Int) -> String {
        let row = "(" + String(repeating: "?, ", count: width - 1) + "?)"
        return "INSERT INTO \(table) VALUES " + String(repeating: row + ", ", count: rows - 1) + row + " " + conflict
    }
}

extension Optional where Wrapped: SQLConvertible {
    /// The value as the database keeps it, NULL for none.
    var sqlValue: Value { self?.sqlValue ?? .null }
}
