/// Appends JSON to a byte buffer, member by member, without an intermediate tree.
///
/// Commas are its business, brackets are the closures'. Stored JSON is spliced in with ``raw(_:)-(String)``.
@usableFromInline
package struct JSONWriter: Sendable {
    /// The text so far.
    package private(set) var bytes: [UInt8]
    private var needsComma = false

    package init(capacity: Int = 512) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// The text so far as a string.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Lends the text and begins anew.
    package mutating func drain(_ body: (UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { body($0) }
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    // MARK: Containers

    /// Writes an object whose members `body` writes.
    @inlinable @inline(__always)
    package mutating func object<Failure>(_ body: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
        open(UInt8(ascii: "{"))
        try body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array whose elements `body` writes.
    @inlinable @inline(__always)
    package mutating func array<Failure>(_ body: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
        open(UInt8(ascii: "["))
        try body(&self)
        close(UInt8(ascii: "]"))
    }

    @usableFromInline
    mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    @usableFromInline
    mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    @inline(__always)
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    // MARK: Members

    /// Writes a member's name; a value must follow.
    ///
    /// The literal must not need escaping.
    @inline(__always)
    @usableFromInline
    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a member's name; a value must follow.
    package mutating func key(_ name: String) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a member that is a string.
    @inline(__always) package mutating func field(_ name: StaticString, _ text: String) {
        key(name)
        value(text)
    }
    /// Writes a member that is an integer.
    @inline(__always) package mutating func field(_ name: StaticString, _ number: Int) {
        key(name)
        value(number)
    }
    /// Writes a member that is a number, `null` unless it is finite.
    @inline(__always) package mutating func field(_ name: StaticString, _ number: Double) {
        key(name)
        value(number)
    }
    /// Writes a member that is `true` or `false`.
    @inline(__always) package mutating func field(_ name: StaticString, _ truth: Bool) {
        key(name)
        value(truth)
    }
    /// Writes a member whose value is already JSON.
    @inline(__always) package mutating func field(_ name: StaticString, raw json: String) {
        key(name)
        raw(json)
    }
    /// Writes a member, or nothing when there is no value.
    @inline(__always) package mutating func field(_ name: StaticString, ifPresent text: String?) {
        if let text { field(name, text) }
    }
    /// Writes a member, or nothing when there is no value.
    @inline(__always) package mutating func field(_ name: StaticString, ifPresent number: Int?) {
        if let number { field(name, number) }
    }
    /// Writes an object member.
    @inlinable @inline(__always)
    package mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }
    /// Writes an array member.
    @inlinable @inline(__always)
    package mutating func array(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        key(name)
        array(body)
    }

    // MARK: Values

    /// Writes `true` or `false`.
    package mutating func value(_ truth: Bool) {
        separate()
        append(truth ? "true" : "false")
    }

    /// Writes `null`.
    package mutating func null() {
        separate()
        append("null")
    }

    /// Writes an integer in full.
    package mutating func value(_ number: Int) {
        separate()
        digits(number)
    }

    /// Writes a finite number in the shortest form that reads back to the same double; others become `null`.
    package mutating func value(_ number: Double) {
        guard number.isFinite else { return null() }
        separate()
        if number == number.rounded(), abs(number) < 9_007_199_254_740_992 {
            // Minus zero is written as 0: no client tells them apart.
            digits(Int(number))
        } else {
            var text = number.description
            text.withUTF8 { bytes.append(contentsOf: $0) }
        }
    }

    /// Writes a string, escaping only what JSON requires.
    package mutating func value(_ text: String) {
        separate()
        var text = text
        text.withUTF8 { quote($0) }
    }

    /// Writes a string given as UTF-8 bytes.
    package mutating func value(utf8 text: UnsafeBufferPointer<UInt8>) {
        separate()
        quote(text)
    }

    /// Splices JSON text in as it is.
    package mutating func raw(_ json: String) {
        separate()
        var json = json
        json.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// Splices JSON text in as it is.
    package mutating func raw(_ json: UnsafeRawBufferPointer) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// Writes a point in time as `2019-03-10T08:55:26.624Z`.
    ///
    /// - Parameter microseconds: Microseconds since 1970 in UTC; what is below a millisecond is cut off.
    package mutating func time(_ microseconds: Int64) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        Self.appendTime(microseconds, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a member that is a point in time.
    package mutating func field(_ name: StaticString, time microseconds: Int64) {
        key(name)
        time(microseconds)
    }

    /// Appends the wire form of a time; see ``time(_:)``.
    ///
    /// Years outside 1 to 9999 have no wire form: such times are shown as the first or last that has one.
    package static func appendTime(_ microseconds: Int64, to bytes: inout [UInt8]) {
        let microseconds = min(max(Int(microseconds), -62_135_596_800_000_000), 253_402_300_799_999_999)
        let milliseconds = floor(microseconds, 1000)
        let days = floor(milliseconds, 86_400_000)
        let ofDay = milliseconds - days * 86_400_000
        // Civil date from days: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let shifted = days + 719_468
        let era = floor(shifted, 146_097)
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * ofYear + 2) / 153
        let day = ofYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { text in
            var at = 0
            func put(_ number: Int, _ width: Int, then mark: UInt8) {
                var rest = number
                for place in (at..<at + width).reversed() {
                    text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                text[at + width] = mark
                at += width + 1
            }
            put(year, 4, then: UInt8(ascii: "-"))
            put(month, 2, then: UInt8(ascii: "-"))
            put(day, 2, then: UInt8(ascii: "T"))
            put(ofDay / 3_600_000, 2, then: UInt8(ascii: ":"))
            put(ofDay / 60_000 % 60, 2, then: UInt8(ascii: ":"))
            put(ofDay / 1000 % 60, 2, then: UInt8(ascii: "."))
            put(ofDay % 1000, 3, then: UInt8(ascii: "Z"))
            bytes.append(contentsOf: text)
        }
    }

    /// The quotient rounded down, for times before 1970.
    private static func floor(_ number: Int, _ divisor: Int) -> Int {
        number >= 0 ? number / divisor : (number + 1) / divisor - 1
    }

    /// A string as a JSON string, quotes included.
    package static func quoted(_ text: String) -> String {
        var writer = JSONWriter(capacity: text.utf8.count + 2)
        writer.value(text)
        return writer.text
    }

    // MARK: Bytes

    @inline(__always)
    private mutating func append(_ literal: StaticString) {
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func digits(_ number: Int) {
        if number >= 0, number < 10 { return bytes.append(UInt8(ascii: "0") + UInt8(number)) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { scratch in
            var rest = number.magnitude
            var at = 20
            repeat {
                at -= 1
                scratch[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                at -= 1
                scratch[at] = UInt8(ascii: "-")
            }
            bytes.append(contentsOf: scratch[at...])
        }
    }

    private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for at in 0..<text.count {
            let byte = text[at]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: text[start..<at])
            start = at + 1
            escape(byte)
        }
        bytes.append(contentsOf: text[start..<text.count])
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            append("u00")
            for half in [byte >> 4, byte & 15] {
                bytes.append(half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "a") + half - 10)
            }
        }
    }
}
