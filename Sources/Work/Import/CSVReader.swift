/// One line of a table, which may span several lines of text where fields are quoted.
struct CSVRecord: Sendable, Equatable {
    /// Where it begins in the text, from 1.
    let line: Int
    let fields: [String]
    /// Whether a quote was opened that nothing closes.
    var isOpen = false
}

/// Reads tables as RFC 4180 writes them, with comma, semicolon or tab between the fields.
///
/// Lines end with a line feed, with or without a carriage return; empty ones are passed over. A byte order mark in front,
/// as spreadsheets write it, does not belong to the first name.
enum CSVReader {
    static func records(_ text: String) -> [CSVRecord] {
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        var scanner = Scanner(bytes: bytes, separator: separator(of: bytes))
        var records: [CSVRecord] = []
        while let record = scanner.next() { records.append(record) }
        return records
    }

    /// The separator that stands most often in the first line outside of quotes; a comma if none does.
    private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == UInt8(ascii: "\n") { break }
            counts[byte, default: 0] += 1
        }
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        return candidates.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) } ?? UInt8(ascii: ",")
    }
}

/// Goes through the bytes once.
private struct Scanner {
    let bytes: ArraySlice<UInt8>
    let separator: UInt8
    var at: Int
    var line = 1

    init(bytes: ArraySlice<UInt8>, separator: UInt8) {
        self.bytes = bytes
        self.separator = separator
        at = bytes.startIndex
    }

    private var byte: UInt8? { at < bytes.endIndex ? bytes[at] : nil }
    private var isAtLineEnd: Bool {
        byte == UInt8(ascii: "\n")
            || (byte == UInt8(ascii: "\r") && (at + 1 == bytes.endIndex || bytes[at + 1] == UInt8(ascii: "\n")))
    }

    private mutating func endLine() {
        if byte == UInt8(ascii: "\r") { at += 1 }
        if byte == UInt8(ascii: "\n") { at += 1 }
        line += 1
    }

    mutating func next() -> CSVRecord? {
        while byte != nil, isAtLineEnd { endLine() }
        guard byte != nil else { return nil }
        let start = line
        var fields: [String] = []
        while true {
            guard let field = byte == UInt8(ascii: "\"") ? quoted() : plain() else {
                return CSVRecord(line: start, fields: fields, isOpen: true)
            }
            fields.append(field)
            guard byte == separator else {
                if byte != nil { endLine() }
                return CSVRecord(line: start, fields: fields)
            }
            at += 1
        }
    }

    private mutating func plain() -> String? {
        let start = at
        while let byte, byte != separator, !isAtLineEnd { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    /// A field in quotes, in which two of them stand for one; nil if it does not end.
    private mutating func quoted() -> String? {
        var text: [UInt8] = []
        at += 1
        while let byte {
            if byte != UInt8(ascii: "\"") {
                if byte == UInt8(ascii: "\n") { line += 1 }
                text.append(byte)
                at += 1
            } else if at + 1 < bytes.endIndex, bytes[at + 1] == UInt8(ascii: "\"") {
                text.append(byte)
                at += 2
            } else {
                at += 1
                // What stands between the closing quote and the separator is no part of any dialect; it is kept.
                return String(decoding: text, as: UTF8.self) + (plain() ?? "")
            }
        }
        return nil
    }
}
