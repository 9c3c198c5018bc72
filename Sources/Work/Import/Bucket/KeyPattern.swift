import JSON

/// Which keys of a bucket are meant: in the way of file names, or by a regular expression.
struct KeyPattern: Sendable {
    private let machine: PatternMachine

    /// Reads a pattern in the way of file names, such as `**/*.jpg` or `day-?/[a-f]*.{png,webp}`.
    ///
    /// `*` stands for any characters but slashes, `**` for any at all, `**/` for any folders or none, `?` for one character
    /// that is no slash, brackets for one of some, braces for one of some patterns.
    ///
    /// - Throws: `Issues` naming what is wrong.
    init(_ text: String) throws {
        try self.init("pattern", isWhole: true) { try FileNamePattern.read(text) }
    }

    /// Reads a regular expression, which keys need to fit somewhere.
    ///
    /// - Throws: `Issues` naming what is wrong.
    init(expression text: String) throws {
        try self.init("regex", isWhole: false) { try RegularExpression.read(text) }
    }

    private init(_ member: String, isWhole: Bool, _ read: () throws -> PatternTree) throws {
        do {
            machine = try PatternMachine(try read(), isWhole: isWhole)
        } catch let fault as PatternFault {
            throw Issues(member, "`\(member)` \(fault.message)")
        } catch is PatternTooLarge {
            throw Issues(member, "`\(member)` stands for too much: write fewer alternatives and smaller numbers.")
        }
    }

    /// Characters of the longest key that is meant: no provider has longer ones, but a list that somebody makes up may.
    private static let longestKey = 1024

    /// Whether a key is meant; may take milliseconds.
    func matches(_ key: String) -> Bool {
        key.unicodeScalars.count <= Self.longestKey && machine.matches(key.unicodeScalars)
    }
}

/// What is wrong with a pattern, in words that follow its name.
struct PatternFault: Error {
    let message: String

    init(_ message: String) { self.message = message }
}

/// The characters of a pattern that are still to be read.
struct PatternText {
    private var rest: ArraySlice<Unicode.Scalar>

    init(_ text: String) { rest = Array(text.unicodeScalars)[...] }

    var first: Unicode.Scalar? { rest.first }

    mutating func next() -> Unicode.Scalar? { rest.popFirst() }

    /// Passes over a text if it comes next.
    mutating func skip(_ text: String) -> Bool {
        guard rest.starts(with: text.unicodeScalars) else { return false }
        rest = rest.dropFirst(text.unicodeScalars.count)
        return true
    }

    /// Reads the characters of a set behind its opening bracket; `escape` reads what a backslash begins.
    mutating func set(
        negatedBy signs: [Unicode.Scalar], escape: (inout PatternText) throws -> CharacterRanges
    ) throws -> CharacterRanges {
        var set = CharacterRanges(ranges: [])
        if let first, signs.contains(first) {
            set.isNot = true
            rest.removeFirst()
        }
        var isFirst = true
        while let scalar = next() {
            // A closing bracket right behind the opening one belongs to the set.
            if scalar == "]", !isFirst { return set }
            isFirst = false
            guard let low = try one(scalar, &set, escape) else { continue }
            guard first == "-", let high = rest.dropFirst().first, high != "]" else {
                set.ranges.append(low...low)
                continue
            }
            rest.removeFirst(2)
            guard let high = try one(high, &set, escape) else { throw PatternFault("has a range without an end.") }
            guard low <= high else { throw PatternFault("has a range that runs backwards.") }
            set.ranges.append(low...high)
        }
        throw PatternFault("opens a bracket that nothing closes.")
    }

    /// A single character of a set; nil if what a backslash begins stands for several, which are then in the set.
    private mutating func one(
        _ scalar: Unicode.Scalar, _ set: inout CharacterRanges, _ escape: (inout PatternText) throws -> CharacterRanges
    ) throws -> Unicode.Scalar? {
        guard scalar == "\\" else { return scalar }
        let some = try escape(&self)
        if !some.isNot, some.ranges.count == 1, let range = some.ranges.first, range.lowerBound == range.upperBound {
            return range.lowerBound
        }
        guard !some.isNot else { throw PatternFault("has \\D, \\S or \\W within brackets; write [^…] instead.") }
        set.ranges += some.ranges
        return nil
    }
}
