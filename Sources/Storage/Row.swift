/// One row of a result: its columns in the order of the statement.
package struct Row: Sendable {
    /// The columns.
    package let values: [Value]

    /// A row of the given columns.
    package init(values: [Value]) {
        self.values = values
    }

    /// A reader that stands before the first column.
    package var reader: RowReader { RowReader(row: self) }
}

/// Takes the columns of a row one after the other, each as the type the caller expects.
///
/// Going by position keeps long lists of rows cheap; a type's column list stands beside its initialiser, so that the two
/// are read and changed together.
package struct RowReader {
    private let values: [Value]
    private var next = 0

    fileprivate init(row: Row) {
        values = row.values
    }

    private mutating func take() throws -> Value {
        guard next < values.count else { throw StorageError.unexpectedColumn("column \(next) is missing") }
        defer { next += 1 }
        return values[next]
    }

    private func mismatch(_ value: Value, _ wanted: String) -> StorageError {
        .unexpectedColumn("column \(next - 1) is \(value), not \(wanted)")
    }

    /// A text.
    package mutating func text() throws -> String {
        let value = try take()
        guard case .text(let text) = value else { throw mismatch(value, "text") }
        return text
    }

    /// A text or NULL.
    package mutating func optionalText() throws -> String? {
        let value = try take()
        if case .null = value { return nil }
        guard case .text(let text) = value else { throw mismatch(value, "text") }
        return text
    }

    /// A 64-bit integer.
    package mutating func int64() throws -> Int64 {
        let value = try take()
        guard case .integer(let integer) = value else { throw mismatch(value, "an integer") }
        return integer
    }

    /// A 64-bit integer or NULL.
    package mutating func optionalInt64() throws -> Int64? {
        let value = try take()
        if case .null = value { return nil }
        guard case .integer(let integer) = value else { throw mismatch(value, "an integer") }
        return integer
    }

    /// An integer.
    package mutating func int() throws -> Int { Int(try int64()) }

    /// An integer or NULL.
    package mutating func optionalInt() throws -> Int? { try optionalInt64().map(Int.init) }

    /// A number, or NULL; whole numbers count.
    package mutating func optionalDouble() throws -> Double? {
        let value = try take()
        switch value {
        case .null: return nil
        case .double(let number): return number
        case .integer(let integer): return Double(integer)
        case .text: throw mismatch(value, "a number")
        }
    }

    /// A number.
    package mutating func double() throws -> Double {
        guard let number = try optionalDouble() else { throw mismatch(.null, "a number") }
        return number
    }

    /// A truth value kept as 0 or 1.
    package mutating func bool() throws -> Bool { try int64() != 0 }

    /// A time.
    package mutating func time() throws -> Timestamp { Timestamp(microseconds: try int64()) }

    /// A time or NULL.
    package mutating func optionalTime() throws -> Timestamp? {
        try optionalInt64().map(Timestamp.init(microseconds:))
    }

    /// An enumeration kept as its word.
    package mutating func word<Word: RawRepresentable>(_ type: Word.Type = Word.self) throws -> Word
    where Word.RawValue == String {
        let text = try text()
        guard let word = Word(rawValue: text) else { throw mismatch(.text(text), "a \(type)") }
        return word
    }

    /// An enumeration kept as its word, or NULL.
    package mutating func optionalWord<Word: RawRepresentable>(_ type: Word.Type = Word.self) throws -> Word?
    where Word.RawValue == String {
        guard let text = try optionalText() else { return nil }
        guard let word = Word(rawValue: text) else { throw mismatch(.text(text), "a \(type)") }
        return word
    }
}

/// A type that is read from the columns of a row.
package protocol RowDecodable {
    /// Reads the type's columns, in the order of its column list.
    init(_ reader: inout RowReader) throws
}

extension Connection {
    /// All rows of a statement as values of a type.
    package func all<T: RowDecodable>(_ statement: SQL) throws -> [T] {
        try query(statement).map { row in
            var reader = row.reader
            return try T(&reader)
        }
    }

    /// The first row of a statement as a value of a type, if there is one.
    package func first<T: RowDecodable>(_ statement: SQL) throws -> T? {
        guard let row = try query(statement).first else { return nil }
        var reader = row.reader
        return try T(&reader)
    }

    /// The single integer a statement answers, such as a count; 0 if there is no row.
    package func integer(_ statement: SQL) throws -> Int {
        guard let row = try query(statement).first else { return 0 }
        var reader = row.reader
        return try reader.optionalInt() ?? 0
    }

    /// The first column of all rows as texts.
    package func texts(_ statement: SQL) throws -> [String] {
        try query(statement).map { row in
            var reader = row.reader
            return try reader.text()
        }
    }

    /// The first column of the first row as a text, if there is a row and it is not NULL.
    package func optionalText(_ statement: SQL) throws -> String? {
        guard let row = try query(statement).first else { return nil }
        var reader = row.reader
        return try reader.optionalText()
    }
}
