import Foundation
import GRDB
import GRDBSQLite

/// Runs statements on a connection that GRDB opened and guards.
///
/// Statements come prepared from GRDB's cache and are stepped through SQLite's own interface: rows become our values
/// directly, without a second representation between.
final class SQLiteConnection: Connection {
    private let database: GRDB.Database
    private var schemaChanges = 0

    init(_ database: GRDB.Database) {
        self.database = database
    }

    var dialect: Dialect { .sqlite }

    /// Grows with every changed row and every change of the schema, which SQLite itself does not count.
    var totalChanges: Int { database.totalChangesCount + schemaChanges }

    /// Whether a transaction is open: some errors, such as that of a full disk, end it by themselves.
    var isInTransaction: Bool { database.sqliteConnection.map { sqlite3_get_autocommit($0) == 0 } ?? false }

    func query(_ statement: SQL) throws -> [Row] {
        try run(statement) { prepared in
            var rows: [Row] = []
            let columns = sqlite3_column_count(prepared)
            while true {
                switch sqlite3_step(prepared) {
                case SQLITE_ROW: rows.append(Self.row(prepared, columns: columns))
                case SQLITE_DONE: return rows
                default: throw failure()
                }
            }
        }
    }

    @discardableResult
    func execute(_ statement: SQL) throws -> Int {
        try run(statement) { prepared in
            while true {
                switch sqlite3_step(prepared) {
                case SQLITE_ROW: continue
                case SQLITE_DONE: return database.changesCount
                default: throw failure()
                }
            }
        }
    }

    private func run<T>(_ statement: SQL, _ body: (OpaquePointer) throws -> T) throws -> T {
        let prepared: OpaquePointer
        do {
            prepared = try database.cachedStatement(sql: statement.text(for: .sqlite)).sqliteStatement
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
        if Self.changesSchema(statement.text) { schemaChanges += 1 }
        // All texts one after the other, from where SQLite reads them while the statement runs: to let it copy each by
        // itself takes longer than to write the row.
        var texts: [UInt8] = []
        for case .text(let text) in statement.values { texts.append(contentsOf: text.utf8) }
        return try texts.withUnsafeBufferPointer { texts in
            // PostgreSQL cannot keep a zero character; refusing it here too keeps the engines alike.
            if let start = texts.baseAddress, memchr(start, 0, texts.count) != nil { throw StorageError.invalidText }
            defer {
                sqlite3_reset(prepared)
                sqlite3_clear_bindings(prepared)
            }
            var place = texts.baseAddress
            for (index, value) in statement.values.enumerated() {
                guard Self.bind(value, &place, at: Int32(index + 1), to: prepared) == SQLITE_OK else { throw failure() }
            }
            return try body(prepared)
        }
    }

    private static func changesSchema(_ text: String) -> Bool {
        // Nearly every statement ends here: SELECT, INSERT, UPDATE.
        guard let first = text.utf8.first, first <= UInt8(ascii: "D") else { return false }
        return text.hasPrefix("CREATE") || text.hasPrefix("ALTER") || text.hasPrefix("DROP")
    }

    /// Tells SQLite to copy a bound text before the call returns.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Binds a value; a text stands at `place`, and the next one behind it.
    private static func bind(
        _ value: Value, _ place: inout UnsafePointer<UInt8>?, at index: Int32, to prepared: OpaquePointer
    ) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(prepared, index)
        case .integer(let integer): return sqlite3_bind_int64(prepared, index, integer)
        case .double(let number): return sqlite3_bind_double(prepared, index, number)
        case .text(let text):
            let count = text.utf8.count
            guard count > 0, let start = place else { return sqlite3_bind_text(prepared, index, "", 0, transient) }
            place = start + count
            return start.withMemoryRebound(to: CChar.self, capacity: count) {
                sqlite3_bind_text(prepared, index, $0, Int32(count), nil)
            }
        }
    }

    private static func row(_ prepared: OpaquePointer, columns: Int32) -> Row {
        let values = [Value](unsafeUninitializedCapacity: Int(columns)) { buffer, count in
            for index in 0..<columns {
                (buffer.baseAddress! + Int(index)).initialize(to: value(prepared, index))
            }
            count = Int(columns)
        }
        return Row(values: values)
    }

    private static func value(_ prepared: OpaquePointer, _ index: Int32) -> Value {
        switch sqlite3_column_type(prepared, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(prepared, index))
        case SQLITE_FLOAT: return .double(sqlite3_column_double(prepared, index))
        case SQLITE_NULL: return .null
        default:
            guard let bytes = sqlite3_column_text(prepared, index) else { return .null }
            let count = Int(sqlite3_column_bytes(prepared, index))
            return .text(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
        }
    }

    private func failure() -> StorageError {
        guard let handle = database.sqliteConnection else { return .closed }
        return StorageError(sqlite: sqlite3_extended_errcode(handle), message: String(cString: sqlite3_errmsg(handle)))
    }
}

extension StorageError {
    /// The meaning of an error of SQLite's.
    init(sqlite code: Int32, message: String) {
        switch code {
        case Broken.unique, Broken.primaryKey, Broken.rowID:
            self = .constraint(.unique, message)
        case Broken.foreignKey: self = .constraint(.foreignKey, message)
        case Broken.check: self = .constraint(.check, message)
        case Broken.notNull: self = .constraint(.notNull, message)
        case NoRoom.write, NoRoom.truncate, NoRoom.shared: self = .full(message)
        default:
            switch code & 0xFF {
            case SQLITE_CONSTRAINT: self = .constraint(.other, message)
            case SQLITE_BUSY, SQLITE_LOCKED: self = .conflict(message)
            case SQLITE_FULL: self = .full(message)
            case SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_READONLY: self = .unavailable(message)
            case SQLITE_CORRUPT, SQLITE_NOTADB: self = .damaged(message)
            default: self = .statement(message)
            }
        }
    }

    /// The meaning of an error that GRDB reports.
    init(_ error: DatabaseError) {
        self.init(sqlite: error.extendedResultCode.rawValue, message: error.message ?? "\(error)")
    }
}

/// SQLite's numbers for writes that failed, which a limit on the size of files causes as a full disk does.
private enum NoRoom {
    static let write = SQLITE_IOERR | (3 << 8)
    static let truncate = SQLITE_IOERR | (6 << 8)
    static let shared = SQLITE_IOERR | (19 << 8)
}

/// SQLite's numbers for broken constraints: macros made of other macros, which Swift does not see.
private enum Broken {
    static let check = SQLITE_CONSTRAINT | (1 << 8)
    static let foreignKey = SQLITE_CONSTRAINT | (3 << 8)
    static let notNull = SQLITE_CONSTRAINT | (5 << 8)
    static let primaryKey = SQLITE_CONSTRAINT | (6 << 8)
    static let unique = SQLITE_CONSTRAINT | (8 << 8)
    static let rowID = SQLITE_CONSTRAINT | (10 << 8)
}
