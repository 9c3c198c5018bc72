/// A point in time as a client wrote it, with the microseconds it covers.
///
/// The wire shows milliseconds, so a bound taken from an answer must cover its whole millisecond.
package struct TimeBound: Sendable, Equatable {
    /// The first microsecond since 1970, UTC.
    package let first: Int64
    /// The last microsecond that the text covers.
    package let last: Int64

    /// Reads a bound that ends a range: a day alone means all of it.
    package init?(lastOf text: String) {
        guard let bound = TimeBound(text) else { return nil }
        first = bound.first
        last = text.utf8.count == 10 ? bound.first + 86_400_000_000 - 1 : bound.last
    }

    /// Reads `2021-04-25`, `2021-04-25T03:14:15-07:00`, `2021-04-25 03:14:15.123456` and the like.
    ///
    /// In a query `+` may have become a space before an offset; that is understood too.
    package init?(_ text: String) {
        var rest = text.utf8[...]
        func digits(_ count: Int) -> Int? {
            guard rest.count >= count else { return nil }
            var value = 0
            for byte in rest.prefix(count) {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            rest = rest.dropFirst(count)
            return value
        }
        func skip(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2),
            (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        var microseconds: Int64 = 0
        var precision: Int64 = 1000
        var offset = 0
        if !rest.isEmpty {
            guard skip("T") || skip("t") || skip(" "), let hour = digits(2), hour < 24, skip(":"),
                let minute = digits(2), minute < 60
            else { return nil }
            var second = 0
            if skip(":") {
                guard let value = digits(2), value < 61 else { return nil }
                second = min(value, 59)
            }
            microseconds = Int64(hour * 3600 + minute * 60 + second) * 1_000_000
            if skip(".") || skip(",") {
                var unit: Int64 = 100_000
                var count = 0
                while let digit = digits(1) {
                    microseconds += Int64(digit) * unit
                    unit /= 10
                    count += 1
                }
                guard (1...9).contains(count) else { return nil }
                if count > 3 { precision = 1 }
            }
            if skip("Z") || skip("z") {
            } else if let sign = rest.first, sign == 0x2B || sign == 0x2D || sign == 0x20 {
                rest = rest.dropFirst()
                guard let hours = digits(2), hours < 24 else { return nil }
                _ = skip(":")
                let minutes = rest.isEmpty ? 0 : digits(2) ?? 60
                guard minutes < 60 else { return nil }
                offset = (hours * 60 + minutes) * (sign == 0x2D ? -1 : 1)
            }
            guard rest.isEmpty else { return nil }
        }
        let days = Self.daysSince1970(year: year, month: month, day: day)
        let exact = Int64(days) * 86_400_000_000 + microseconds - Int64(offset) * 60_000_000
        first = precision == 1 ? exact : exact / 1000 * 1000
        last = first + precision - 1
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Counts days by the algorithm `days_from_civil` of Hinnant's "chrono-Compatible Low-Level Date Algorithms".
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let ofEra = shifted - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }
}
