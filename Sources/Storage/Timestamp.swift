import Foundation

/// A point in time: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1970, UTC.
    package var microseconds: Int64

    /// The time so many microseconds after 1970.
    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The time so many milliseconds after 1970.
    package init(milliseconds: Int64) {
        microseconds = milliseconds * 1000
    }

    /// The time of this machine's clock.
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The seconds from the right time to the left.
    package static func - (left: Timestamp, right: Timestamp) -> Double {
        Double(left.microseconds - right.microseconds) / 1_000_000
    }

    /// The time so many seconds later.
    package func adding(seconds: Double) -> Timestamp {
        Timestamp(microseconds: microseconds + Int64((seconds * 1_000_000).rounded()))
    }

    /// The time so many milliseconds later.
    package func adding(milliseconds: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + milliseconds * 1000)
    }

    /// The first microsecond of this time's millisecond.
    package var startOfMillisecond: Timestamp {
        Timestamp(microseconds: microseconds - microseconds.remainder(1000))
    }

    /// The last microsecond of this time's millisecond.
    ///
    /// People see milliseconds; "until that time" therefore means all of its millisecond.
    package var endOfMillisecond: Timestamp {
        Timestamp(microseconds: startOfMillisecond.microseconds + 999)
    }

    /// Midnight, UTC, of this time's day.
    package var startOfDay: Timestamp {
        Timestamp(microseconds: microseconds - microseconds.remainder(86_400_000_000))
    }
}

extension Int64 {
    /// The remainder that is never negative, also for times before 1970.
    fileprivate func remainder(_ divisor: Int64) -> Int64 {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}

extension Timestamp {
    /// The time on the wire: UTC with milliseconds, as in `2019-03-10T08:55:26.624Z`.
    package var iso8601: String {
        let day = startOfDay
        let (year, month, dayOfMonth) = Self.civil(day: day.microseconds / 86_400_000_000)
        let milliseconds = (microseconds - day.microseconds) / 1000
        return String(unsafeUninitializedCapacity: 24) { buffer in
            func put(_ number: Int64, _ digits: Int, at start: Int, then end: UInt8) {
                var rest = number
                for index in stride(from: start + digits - 1, through: start, by: -1) {
                    buffer[index] = UInt8(0x30 + rest % 10)
                    rest /= 10
                }
                buffer[start + digits] = end
            }
            put(min(max(year, 0), 9999), 4, at: 0, then: UInt8(ascii: "-"))
            put(month, 2, at: 5, then: UInt8(ascii: "-"))
            put(dayOfMonth, 2, at: 8, then: UInt8(ascii: "T"))
            put(milliseconds / 3_600_000, 2, at: 11, then: UInt8(ascii: ":"))
            put(milliseconds / 60_000 % 60, 2, at: 14, then: UInt8(ascii: ":"))
            put(milliseconds / 1000 % 60, 2, at: 17, then: UInt8(ascii: "."))
            put(milliseconds % 1000, 3, at: 20, then: UInt8(ascii: "Z"))
            return 24
        }
    }

    /// Reads an ISO 8601 date, or a date and time.
    ///
    /// `T`, `t` or a space stands between the two; seconds and a fraction may be missing; the fraction counts to the
    /// microsecond; without `Z` or an offset the time is UTC.
    package init?(iso8601 text: some StringProtocol) {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2), (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        var total = Self.day(year: year, month: month, day: day) * 86_400_000_000
        if scanner.skip("T") || scanner.skip("t") || scanner.skip(" ") {
            guard let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2), hour < 24,
                minute < 60
            else { return nil }
            total += (hour * 3600 + minute * 60) * 1_000_000
            if scanner.skip(":") {
                guard let second = scanner.number(2), second <= 60 else { return nil }
                total += second * 1_000_000
                if scanner.skip(".") || scanner.skip(",") {
                    guard let fraction = scanner.fraction() else { return nil }
                    total += fraction
                }
            }
            guard let offset = scanner.offset() else { return nil }
            total -= offset * 1_000_000
        }
        guard scanner.isAtEnd else { return nil }
        microseconds = total
    }

    /// The days since 1970 of a date of the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level
    /// date algorithms").
    private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The date of a day counted from 1970; the inverse of the above, same source.
    private static func civil(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let calendarMonth = month < 10 ? month + 3 : month - 9
        return (
            yearOfEra + era * 400 + (calendarMonth <= 2 ? 1 : 0), calendarMonth, dayOfYear - (153 * month + 2) / 5 + 1
        )
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private struct Scanner {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index == bytes.count }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        mutating func digit() -> Int64? {
            guard index < bytes.count, (0x30...0x39).contains(bytes[index]) else { return nil }
            defer { index += 1 }
            return Int64(bytes[index] - 0x30)
        }

        mutating func number(_ digits: Int) -> Int64? {
            var number: Int64 = 0
            for _ in 0..<digits {
                guard let digit = digit() else { return nil }
                number = number * 10 + digit
            }
            return number
        }

        /// Microseconds; digits beyond the sixth are read and dropped.
        mutating func fraction() -> Int64? {
            var number: Int64 = 0
            var count = 0
            while let digit = digit() {
                if count < 6 { number = number * 10 + digit }
                count += 1
            }
            guard count > 0 else { return nil }
            for _ in min(count, 6)..<6 { number *= 10 }
            return number
        }

        /// Seconds east of Greenwich; 0 where none is given.
        mutating func offset() -> Int64? {
            if isAtEnd || skip("Z") || skip("z") { return 0 }
            let sign: Int64
            if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
            guard let hours = number(2), hours < 24 else { return nil }
            _ = skip(":")
            let minutes = isAtEnd ? 0 : number(2)
            guard let minutes, minutes < 60 else { return nil }
            return sign * (hours * 3600 + minutes * 60)
        }
    }
}
