/// Some characters: those of ranges, or all others.
struct CharacterRanges: Sendable, Equatable {
    var ranges: [ClosedRange<Unicode.Scalar>]
    var isNot = false

    /// Whether upper and lower case are the same.
    var ignoresCase = false

    func contains(_ scalar: Unicode.Scalar) -> Bool { isAmong(scalar) != isNot }

    private func isAmong(_ scalar: Unicode.Scalar) -> Bool {
        if ranges.contains(where: { $0.contains(scalar) }) { return true }
        guard ignoresCase else { return false }
        let forms = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
        // Forms of several characters, as that of ß, stand for none of them.
        return forms.contains { form in
            form.unicodeScalars.count == 1
                && form.unicodeScalars.first.map { one in ranges.contains { $0.contains(one) } } ?? false
        }
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

    /// The most steps of a pattern.
    static let most = 2000

    private var steps: [Step] = []
    /// Parts that were looked at; those without a step would not end otherwise, written a million times.
    private var looks = 0

    /// Puts the steps of a pattern together, which stands for whole texts.
    ///
    /// - Throws: ``PatternTooLarge``.
    init(_ tree: PatternTree) throws {
        try add(tree)
    }

    /// Whether a whole text fits.
    func matches(_ text: some Sequence<Unicode.Scalar>) -> Bool {
        var now = Places(count: steps.count + 1)
        var next = now
        var scalars = text.makeIterator()
        var scalar = scalars.next()
        enter(0, &now, isFirst: true, isLast: scalar == nil)
        while let current = scalar {
            if now.list.isEmpty { return false }
            scalar = scalars.next()
            for place in now.list {
                if place < steps.count, case .take(let characters) = steps[place], characters.contains(current) {
                    enter(place + 1, &next, isFirst: false, isLast: scalar == nil)
                }
            }
            swap(&now, &next)
            next.removeAll()
        }
        return now.contains(steps.count)
    }

    // MARK: Going

    /// The places where a match may be, each once.
    private struct Places {
        private(set) var list: [Int] = []
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
        var open = [place]
        while let place = open.popLast() {
            guard places.insert(place), place < steps.count else { continue }
            switch steps[place] {
            case .take: break
            case .fork(let one, let other): open += [other, one]
            case .jump(let other): open.append(other)
            case .beginning: if isFirst { open.append(place + 1) }
            case .end: if isLast { open.append(place + 1) }
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
        case .one(let characters): _ = try add(.take(characters))
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
