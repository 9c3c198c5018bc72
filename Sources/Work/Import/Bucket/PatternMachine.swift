/// Some characters: those of ranges, or all others.
struct CharacterRanges: Sendable, Equatable {
    var ranges: [ClosedRange<Unicode.Scalar>]
    var isNot = false

    /// Whether upper and lower case are the same.
    var ignoresCase = false

    func contains(_ character: CasedCharacter) -> Bool {
        let isAmong =
            isWithin(character.own) || ignoresCase && (isWithin(character.lower) || isWithin(character.upper))
        return isAmong != isNot
    }

    private func isWithin(_ scalar: Unicode.Scalar) -> Bool {
        for range in ranges where range.contains(scalar) { return true }
        return false
    }
}

/// A character with its other cases, found out once however many sets ask.
struct CasedCharacter {
    let own: Unicode.Scalar
    let lower: Unicode.Scalar
    let upper: Unicode.Scalar

    /// `ignoringCase`: whether other cases matter; if not, the character stands for them.
    init(_ scalar: Unicode.Scalar, ignoringCase: Bool) {
        own = scalar
        lower = ignoringCase ? Self.single(scalar.properties.lowercaseMapping) ?? scalar : scalar
        upper = ignoringCase ? Self.single(scalar.properties.uppercaseMapping) ?? scalar : scalar
    }

    /// The one character of a text; forms of several, as that of ß, stand for none of them.
    private static func single(_ text: String) -> Unicode.Scalar? {
        text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
    }
}

/// What a pattern means, however it was written.
indirect enum PatternTree: Sendable {
    case one(CharacterRanges)
    case beginning
    case end
    case sequence([PatternTree])
    case either([PatternTree])
    /// As often as `least`, and up to `most` times; without an end if that is nil.
    case repeated(PatternTree, least: Int, most: Int?)

    /// Anything, of any length.
    static let anything = PatternTree.repeated(.one(CharacterRanges(ranges: [], isNot: true)), least: 0, most: nil)
}

/// A pattern as steps that are gone through all at once, a character at a time.
///
/// No pattern goes back in a text, so the time is bounded by steps times characters whatever is written: patterns come from
/// customers and meet a million keys.
struct PatternMachine: Sendable {
    private enum Step: Sendable {
        case take(CharacterRanges)
        /// Goes on here and there; places are counted in steps.
        case fork(Int, Int)
        case jump(Int)
        case beginning
        case end
    }

    /// The most steps of a pattern, and ranges in all its sets: what each character of a key costs at most.
    static let most = 500
    private static let mostRanges = 1000

    private var steps: [Step] = []
    private var ranges = 0
    private var ignoresCase = false
    /// Whether a whole text has to fit, rather than some part of it.
    private let isWhole: Bool
    /// Parts that were looked at; those without a step would not end otherwise, written a million times.
    private var looks = 0

    /// Puts the steps of a pattern together.
    ///
    /// - Throws: ``PatternTooLarge``.
    init(_ tree: PatternTree, isWhole: Bool) throws {
        self.isWhole = isWhole
        try add(tree)
    }

    /// Whether a text fits.
    func matches(_ text: String.UnicodeScalarView) -> Bool {
        var now = Places(count: steps.count + 1)
        var next = now
        var scalars = text.makeIterator()
        var scalar = scalars.next()
        enter(0, &now, isFirst: true, isLast: scalar == nil)
        while let current = scalar {
            if isWhole ? now.list.isEmpty : now.contains(steps.count) { return !isWhole }
            scalar = scalars.next()
            let character = CasedCharacter(current, ignoringCase: ignoresCase)
            for place in now.list {
                if place < steps.count, case .take(let characters) = steps[place], characters.contains(character) {
                    enter(place + 1, &next, isFirst: false, isLast: scalar == nil)
                }
            }
            // A part may begin anywhere.
            if !isWhole { enter(0, &next, isFirst: false, isLast: scalar == nil) }
            swap(&now, &next)
            next.removeAll()
        }
        return now.contains(steps.count)
    }

    // MARK: Going

    /// The places where a match may be, each once.
    private struct Places {
        private(set) var list: [Int] = []
        /// Places that are still to be looked at; empty but while one is entered.
        var open: [Int] = []
        private var isHere: [Bool]

        init(count: Int) { isHere = Array(repeating: false, count: count) }

        func contains(_ place: Int) -> Bool { isHere[place] }

        mutating func insert(_ place: Int) -> Bool {
            guard !isHere[place] else { return false }
            isHere[place] = true
            list.append(place)
            return true
        }

        mutating func removeAll() {
            for place in list { isHere[place] = false }
            list.removeAll(keepingCapacity: true)
        }
    }

    /// Notes a place with all that are reached from it without a character.
    private func enter(_ place: Int, _ places: inout Places, isFirst: Bool, isLast: Bool) {
        places.open.append(place)
        while let place = places.open.popLast() {
            guard places.insert(place), place < steps.count else { continue }
            switch steps[place] {
            case .take: break
            case .fork(let one, let other):
                places.open.append(other)
                places.open.append(one)
            case .jump(let other): places.open.append(other)
            case .beginning: if isFirst { places.open.append(place + 1) }
            case .end: if isLast { places.open.append(place + 1) }
            }
        }
    }

    // MARK: Making

    private mutating func add(_ step: Step) throws -> Int {
        guard steps.count < Self.most else { throw PatternTooLarge() }
        steps.append(step)
        return steps.count - 1
    }

    private mutating func add(_ tree: PatternTree) throws {
        looks += 1
        guard looks < 10 * Self.most else { throw PatternTooLarge() }
        switch tree {
        case .one(let characters):
            ranges += characters.ranges.count
            ignoresCase = ignoresCase || characters.ignoresCase
            guard ranges <= Self.mostRanges else { throw PatternTooLarge() }
            _ = try add(.take(characters))
        case .beginning: _ = try add(Step.beginning)
        case .end: _ = try add(Step.end)
        case .sequence(let parts): for part in parts { try add(part) }
        case .either(let parts): try add(either: parts)
        case .repeated(let part, let least, let most):
            for _ in 0..<least { try add(part) }
            try add(part, atMost: most.map { $0 - least })
        }
    }

    private mutating func add(either parts: [PatternTree]) throws {
        var ends: [Int] = []
        for (index, part) in parts.enumerated() {
            guard index < parts.count - 1 else {
                try add(part)
                break
            }
            let fork = try add(.jump(0))
            try add(part)
            ends.append(try add(.jump(0)))
            steps[fork] = .fork(fork + 1, steps.count)
        }
        for end in ends { steps[end] = .jump(steps.count) }
    }

    /// A part that may be left out, so many times.
    private mutating func add(_ part: PatternTree, atMost most: Int?) throws {
        var forks: [Int] = []
        for _ in 0..<(most ?? 1) {
            forks.append(try add(.jump(0)))
            try add(part)
            if most == nil { _ = try add(.jump(forks[0])) }
        }
        for fork in forks { steps[fork] = .fork(fork + 1, steps.count) }
    }
}

/// A pattern stands for too much.
struct PatternTooLarge: Error {}
