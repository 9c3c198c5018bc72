/// One bound value of a statement, or one column of a row.
package enum Value: Hashable, Sendable {
    case null
    case integer(Int64)
    case double(Double)
    case text(String)
}

/// What can be bound to a statement.
package protocol SQLConvertible: Sendable {
    /// The value as the database keeps it.
    var sqlValue: Value { get }
}

extension String: SQLConvertible {
    package var sqlValue: Value { .text(self) }
}

extension Int: SQLConvertible {
    package var sqlValue: Value { .integer(Int64(self)) }
}

extension Int64: SQLConvertible {
    package var sqlValue: Value { .integer(self) }
}

extension Double: SQLConvertible {
    package var sqlValue: Value { .double(self) }
}

/// Booleans are kept as 0 and 1, which both engines index and compare alike.
extension Bool: SQLConvertible {
    package var sqlValue: Value { .integer(self ? 1 : 0) }
}

extension Timestamp: SQLConvertible {
    package var sqlValue: Value { .integer(microseconds) }
}

/// Enumerations with words as raw values are kept as those words.
extension SQLConvertible where Self: RawRepresentable, RawValue == String {
    package var sqlValue: Value { .text(rawValue) }
}

/// A statement: its text with a `?` for every bound value, and the values.
///
/// Built by string interpolation, which binds whatever is interpolated, so no value ever becomes part of the text:
/// `"SELECT name FROM projects WHERE realm = \(realm) AND id = \(id)"`.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// Whether there is nothing in it.
    package var isEmpty: Bool { text.isEmpty }

    /// The text, with dialect branches still marked inside.
    private(set) var text: String

    /// The values, one for every `?`.
    private(set) var values: [Value]

    /// Whether the text holds parts meant for one engine only.
    private(set) var hasBranches: Bool

    /// A statement without values.
    package init(stringLiteral text: String) {
        self.text = text
        values = []
        hasBranches = false
    }

    /// A text that is the same for both engines, with a `?` for each value.
    init(text: String, values: [Value]) {
        self.text = text
        self.values = values
        hasBranches = false
    }

    /// A number as part of the text, for limits: a plan depends on them, and a bound one is not known when it is made.
    package init(number: Int) {
        self.init(stringLiteral: String(number))
    }

    /// A statement with bound values.
    package init(stringInterpolation interpolation: StringInterpolation) {
        self = interpolation.sql
    }

    /// The text as one engine is to read it.
    func text(for dialect: Dialect) -> String {
        guard hasBranches else { return text }
        let other = dialect == .sqlite ? Self.postgresMark : Self.sqliteMark
        var isWanted = true
        return String(unsafeUninitializedCapacity: text.utf8.count) { buffer in
            var count = 0
            for byte in text.utf8 {
                switch byte {
                case Self.sqliteMark, Self.postgresMark: isWanted = byte != other
                case Self.endMark: isWanted = true
                default:
                    guard isWanted else { continue }
                    buffer[count] = byte
                    count += 1
                }
            }
            return count
        }
    }

    /// Appends a further part of the statement.
    package static func += (sql: inout SQL, part: SQL) {
        sql.text += part.text
        sql.values += part.values
        sql.hasBranches = sql.hasBranches || part.hasBranches
    }

    /// The parts one after the other, with a separator between them.
    package static func joined(_ parts: [SQL], by separator: String) -> SQL {
        var result: SQL = ""
        for (index, part) in parts.enumerated() {
            if index > 0 { result.text += separator }
            result += part
        }
        return result
    }

    private static let sqliteMark: UInt8 = 1
    private static let postgresMark: UInt8 = 2
    private static let endMark: UInt8 = 3

    /// Collects text and values of an interpolated statement.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql: SQL = ""

        /// Starts with room for the literal parts.
        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.text.reserveCapacity(literalCapacity + interpolationCount)
            sql.values.reserveCapacity(interpolationCount)
        }

        /// Appends text.
        package mutating func appendLiteral(_ literal: String) {
            sql.text += literal
        }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some SQLConvertible) {
            sql.text.append("?")
            sql.values.append(value.sqlValue)
        }

        /// Binds a value or NULL.
        package mutating func appendInterpolation(_ value: (some SQLConvertible)?) {
            sql.text.append("?")
            sql.values.append(value?.sqlValue ?? .null)
        }

        /// Splices another statement part in, with its values.
        package mutating func appendInterpolation(_ part: SQL) {
            sql += part
        }

        /// Binds the values as a list in parentheses for `IN`; an empty list matches nothing.
        ///
        /// The list is filled up to a power of two by repeating its last value, so that few different statement texts
        /// have to be prepared.
        package mutating func appendInterpolation(list values: [some SQLConvertible]) {
            guard let last = values.last else {
                sql.text += "(NULL)"
                return
            }
            var room = 1
            while room < values.count { room *= 2 }
            sql.text += "(" + String(repeating: "?, ", count: room - 1) + "?)"
            for value in values { sql.values.append(value.sqlValue) }
            for _ in values.count..<room { sql.values.append(last.sqlValue) }
        }

        /// Appends text that one engine alone reads; the rare exception to "one text for both".
        package mutating func appendInterpolation(only dialect: Dialect, _ text: StaticString) {
            sql.text.unicodeScalars.append(Unicode.Scalar(dialect == .sqlite ? SQL.sqliteMark : SQL.postgresMark))
            sql.text += text.description
            sql.text.unicodeScalars.append(Unicode.Scalar(SQL.endMark))
            sql.hasBranches = true
        }
    }
}
