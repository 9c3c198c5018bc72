import JSON

/// Pieces of sentences that several checks share.
enum Wording {
    /// A number without needless digits.
    static func number(_ number: Double) -> String {
        var writer = JSONWriter(capacity: 16)
        writer.value(number)
        return writer.text
    }

    /// A number within bounds, such as `a number of at least 3`.
    static func number(min: Double?, max: Double?) -> String {
        switch (min, max) {
        case (let min?, let max?): "a number between \(number(min)) and \(number(max))"
        case (let min?, nil): "a number of at least \(number(min))"
        case (nil, let max?): "a number of at most \(number(max))"
        case (nil, nil): "a number"
        }
    }

    /// Names in a row, shortened when there are many: `car, bus or truck`.
    static func list(_ names: [String]) -> String {
        let shown = names.prefix(10)
        guard names.count <= shown.count, let last = shown.last, shown.count > 1 else {
            return shown.joined(separator: ", ") + (names.count > shown.count ? " or another of \(names.count)" : "")
        }
        return shown.dropLast().joined(separator: ", ") + " or " + last
    }
}
