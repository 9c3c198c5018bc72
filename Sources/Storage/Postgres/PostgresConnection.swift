import CPostgres
import Foundation

/// One connection to PostgreSQL with its prepared statements; belongs to the thread that opened it.
final class PostgresConnection: Connection {
    private let handle: OpaquePointer
    private var prepared: [String: String] = [:]

    /// What is kept of the server's prepared statements before all are dropped.
    private static let mostPrepared = 600

    /// Connects.
    ///
    /// - Parameters:
    ///   - url: A connection URI of libpq's.
    ///   - schema: The schema whose tables are used; nil for the server's default.
    /// - Throws: `StorageError.unavailable` if there is no connection.
    init(url: String, schema: String?) throws {
        guard let handle = PQconnectdb(url) else { throw StorageError.unavailable("No memory for a connection.") }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(handle))
            throw StorageError.unavailable(message.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        // Notices would otherwise be written to standard error.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        try send("SET client_encoding TO 'UTF8'")
        try send("SET jit TO off")
        if let schema { try send("SET search_path TO \(Self.quoted(schema))") }
    }

    /// A name as SQL reads it literally.
    static func quoted(_ name: String) -> String {
        "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }

    deinit {
        PQfinish(handle)
    }

    var dialect: Dialect { .postgres }

    /// Whether the server can still be spoken to.
    var isAlive: Bool { PQstatus(handle) == CONNECTION_OK }

    func query(_ statement: SQL) throws -> [Row] {
        let result = try run(statement)
        defer { PQclear(result) }
        return try Self.rows(result)
    }

    @discardableResult
    func execute(_ statement: SQL) throws -> Int {
        let result = try run(statement)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    /// Sends a text without values, such as `BEGIN` or a migration.
    func send(_ text: String) throws {
        let result = PQexec(handle, text)
        defer { PQclear(result) }
        try check(result)
    }

    private func run(_ statement: SQL) throws -> OpaquePointer {
        let name = try name(for: statement)
        return try Self.withCStrings(statement.values) { pointers in
            let result = PQexecPrepared(handle, name, Int32(pointers.count), pointers, nil, nil, 0)
            do { try check(result) } catch {
                PQclear(result)
                throw error
            }
            guard let result else { throw StorageError.unavailable("No answer.") }
            return result
        }
    }

    private func name(for statement: SQL) throws -> String {
        if let name = prepared[statement.text] { return name }
        if prepared.count >= Self.mostPrepared {
            try send("DEALLOCATE ALL")
            prepared = [:]
        }
        let name = "s\(prepared.count)"
        let result = PQprepare(handle, name, Self.numbered(statement.text(for: .postgres)), 0, nil)
        defer { PQclear(result) }
        try check(result)
        prepared[statement.text] = name
        return name
    }

    /// The text with `$1`, `$2`, … for the question marks.
    private static func numbered(_ text: String) -> String {
        var number = 0
        var result = ""
        result.reserveCapacity(text.utf8.count + 32)
        for character in text {
            if character == "?" {
                number += 1
                result += "$\(number)"
            } else {
                result.append(character)
            }
        }
        return result
    }

    /// Lends the values as zero-ended texts, or null pointers for NULL.
    private static func withCStrings<T>(
        _ values: [Value], _ body: ([UnsafePointer<CChar>?]) throws -> T
    ) throws -> T {
        var bytes: [CChar] = []
        var starts: [Int?] = []
        starts.reserveCapacity(values.count)
        func append(_ text: String) {
            starts.append(bytes.count)
            bytes.append(contentsOf: text.utf8.lazy.map(CChar.init(bitPattern:)))
            bytes.append(0)
        }
        for value in values {
            switch value {
            case .null: starts.append(nil)
            case .integer(let integer): append(String(integer))
            case .double(let number): append(String(number))
            case .text(let text):
                guard !text.utf8.contains(0) else { throw StorageError.invalidText }
                append(text)
            }
        }
        return try bytes.withUnsafeBufferPointer { buffer in
            try body(starts.map { start in start.flatMap { start in buffer.baseAddress.map { $0 + start } } })
        }
    }

    private static func rows(_ result: OpaquePointer) throws -> [Row] {
        let columns = PQnfields(result)
        let types = (0..<columns).map { PQftype(result, $0) }
        return try (0..<PQntuples(result)).map { row in
            Row(values: try (0..<columns).map { try value(result, row, $0, types[Int($0)]) })
        }
    }

    private static func value(_ result: OpaquePointer, _ row: Int32, _ column: Int32, _ type: Oid) throws -> Value {
        guard PQgetisnull(result, row, column) == 0, let start = PQgetvalue(result, row, column) else { return .null }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column)))
        let text = String(decoding: bytes, as: UTF8.self)
        // The server's numbers of its types: int8, int2, int4; float4, float8; numeric, which sums of int8 are.
        switch type {
        case 20, 21, 23, 1700:
            guard let integer = Int64(text) else { throw StorageError.unexpectedColumn("\(text) is no integer") }
            return .integer(integer)
        case 700, 701:
            guard let number = Double(text) else { throw StorageError.unexpectedColumn("\(text) is no number") }
            return .double(number)
        default: return .text(text)
        }
    }

    private func check(_ result: OpaquePointer?) throws {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: return
        default: break
        }
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
        let message = String(cString: result == nil ? PQerrorMessage(handle) : PQresultErrorMessage(result))
            .trimmingCharacters(in: .whitespacesAndNewlines)
        throw isAlive ? StorageError(postgres: state, message: message) : StorageError.unavailable(message)
    }
}

extension StorageError {
    /// The meaning of an SQLSTATE.
    fileprivate init(postgres state: String, message: String) {
        switch state {
        case "23505": self = .constraint(.unique, message)
        case "23503": self = .constraint(.foreignKey, message)
        case "23514": self = .constraint(.check, message)
        case "23502": self = .constraint(.notNull, message)
        case "40001", "40P01", "55P03": self = .conflict(message)
        case "57P01", "57P02", "57P03", "53300", "53200": self = .unavailable(message)
        case "53100": self = .full(message)
        case "22021": self = .invalidText
        case "XX001", "XX002": self = .damaged(message)
        default: self = state.hasPrefix("23") ? .constraint(.other, message) : .statement(message)
        }
    }
}
