/// A day of the Gregorian calendar.
package struct CalendarDate: Sendable, Hashable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Makes a day; nil if there is no such day in the years 1 to 9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.days(in: month, of: year)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Reads `2025-11-21`.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = Digits.read(parts[0], count: 4), let month = Digits.read(parts[1], count: 2),
            let day = Digits.read(parts[2], count: 2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year.isMultiple(of: 4) && !year.isMultiple(of: 100)) || year.isMultiple(of: 400) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01.
    ///
    /// After H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    var daysSince1970: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// What people enter as a date, a time or both.
package enum DateFormat: String, Sendable, CaseIterable {
    case date, datetime, time

    /// An example, for messages.
    var example: String {
        switch self {
        case .date: "2025-11-21"
        case .datetime: "2025-11-21T09:30:00Z"
        case .time: "09:30"
        }
    }

    /// A number that orders such texts in time, in seconds; nil if the text is none.
    ///
    /// Without an offset a time counts as UTC.
    func seconds(_ text: String) -> Double? {
        switch self {
        case .date: return CalendarDate(text).map { Double($0.daysSince1970 * 86_400) }
        case .time: return Self.timeOfDay(text[...])
        case .datetime:
            guard let separator = text.firstIndex(where: { $0 == "T" || $0 == " " }),
                let date = CalendarDate(String(text[..<separator]))
            else { return nil }
            var rest = text[text.index(after: separator)...]
            guard let offset = Self.takeOffset(&rest), let time = Self.timeOfDay(rest) else { return nil }
            return Double(date.daysSince1970 * 86_400) + time - offset
        }
    }

    /// Removes `Z` or `+01:00` from the end and returns it in seconds; nil if it is malformed.
    private static func takeOffset(_ text: inout Substring) -> Double? {
        if text.last == "Z" {
            text.removeLast()
            return 0
        }
        guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return 0 }
        guard let offset = timeOfDay(text[text.index(after: sign)...]) else { return nil }
        let isWest = text[sign] == "-"
        text = text[..<sign]
        return isWest ? -offset : offset
    }

    /// Reads `09:30`, `09:30:15` or `09:30:15.25`.
    private static func timeOfDay(_ text: Substring) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let hour = Digits.read(parts[0], count: 2), hour < 24,
            let minute = Digits.read(parts[1], count: 2), minute < 60
        else { return nil }
        var seconds = 0.0
        if parts.count == 3 {
            let pieces = parts[2].split(separator: ".", omittingEmptySubsequences: false)
            guard let whole = Digits.read(pieces[0], count: 2), whole < 60, pieces.count <= 2 else { return nil }
            if pieces.count == 2, Digits.read(pieces[1], count: pieces[1].count) == nil { return nil }
            seconds = Double(parts[2]) ?? Double(whole)
        }
        return Double(hour * 3600 + minute * 60) + seconds
    }
}

/// Numbers of a fixed number of digits.
enum Digits {
    static func read(_ text: Substring, count: Int) -> Int? {
        guard (1...15).contains(count), text.utf8.count == count, text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }
}
