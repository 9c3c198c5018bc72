import JSON

/// Which keys of a bucket are meant, in the way of file names: `**/*.jpg`, `day-?/[a-f]*.{png,webp}`.
///
/// `*` stands for any characters but slashes, `**` for any at all, `?` for one that is no slash, brackets for one of some
/// characters, braces for one of some texts. Matching takes steps in proportion to pattern times key, whatever they are.
struct KeyPattern: Sendable {
    private enum Step: Sendable {
        case one(Unicode.Scalar)
        case any
        case some([ClosedRange<Unicode.Scalar>], isNot: Bool)
        case many(overSlashes: Bool)
    }

    /// Braces make several patterns of one.
    private let alternatives: [[Step]]

    /// The most texts that braces may make.
    private static let most = 100

    /// Reads a pattern.
    ///
    /// - Throws: `Issues` naming what is wrong.
    init(_ text: String) throws {
        alternatives = try Self.expanded(text[...]).map { try Self.steps(of: Array($0.unicodeScalars)) }
    }

    /// Whether a key is meant.
    func matches(_ key: String) -> Bool {
        let scalars = Array(key.unicodeScalars)
        return alternatives.contains { Self.matches($0, scalars) }
    }

    // MARK: Reading

    private static func wrong(_ message: String) -> Issues { Issues("pattern", "`pattern` \(message)") }

    /// The texts that a pattern with braces stands for.
    private static func expanded(_ text: Substring) throws -> [String] {
        guard let open = text.firstIndex(of: "{") else { return [String(text)] }
        guard let close = text[open...].firstIndex(of: "}") else { throw wrong("opens a brace that nothing closes.") }
        let (head, inner) = (text[..<open], text[text.index(after: open)..<close])
        guard !inner.contains("{") else { throw wrong("has braces within braces.") }
        let tails = try expanded(text[text.index(after: close)...])
        let parts = inner.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count * tails.count <= most else { throw wrong("stands for more than \(most) patterns.") }
        return parts.flatMap { part in tails.map { head + part + $0 } }
    }

    private static func steps(of text: [Unicode.Scalar]) throws -> [Step] {
        var steps: [Step] = []
        var rest = text[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*":
                let isDouble = rest.first == "*"
                if isDouble { rest.removeFirst() }
                // `**/` also stands for nothing, so that `**/*.jpg` means files at the top as well.
                if isDouble, rest.first == "/" { rest.removeFirst() }
                steps.append(.many(overSlashes: isDouble))
            case "?": steps.append(.any)
            case "[":
                // A bracket right behind the first one belongs to the set.
                guard let end = rest.dropFirst().firstIndex(of: "]") else {
                    throw wrong("opens a bracket that nothing closes.")
                }
                steps.append(try set(rest[..<end]))
                rest = rest[(end + 1)...]
            case "\\": steps.append(.one(rest.popFirst() ?? scalar))
            default: steps.append(.one(scalar))
            }
        }
        return steps
    }

    private static func set(_ text: ArraySlice<Unicode.Scalar>) throws -> Step {
        var rest = text
        let isNot = rest.first == "!" || rest.first == "^"
        if isNot { rest.removeFirst() }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while let first = rest.popFirst() {
            guard rest.first == "-", rest.count > 1 else {
                ranges.append(first...first)
                continue
            }
            rest.removeFirst()
            let last = rest.removeFirst()
            guard first <= last else { throw wrong("has a range that runs backwards.") }
            ranges.append(first...last)
        }
        return .some(ranges, isNot: isNot)
    }

    // MARK: Matching

    /// Goes through the key once, with all places of the pattern that may be next.
    private static func matches(_ steps: [Step], _ key: [Unicode.Scalar]) -> Bool {
        var places = open([0], steps)
        for scalar in key {
            var next: Set<Int> = []
            for place in places where place < steps.count {
                if let follower = follower(of: place, steps[place], by: scalar) { next.insert(follower) }
            }
            if next.isEmpty { return false }
            places = open(next, steps)
        }
        return places.contains(steps.count)
    }

    /// The place that a character leads to from another; nil if it does not fit there.
    private static func follower(of place: Int, _ step: Step, by scalar: Unicode.Scalar) -> Int? {
        switch step {
        case .one(let wanted): scalar == wanted ? place + 1 : nil
        case .any: scalar == "/" ? nil : place + 1
        case .some(let ranges, let isNot):
            scalar != "/" && ranges.contains(where: { $0.contains(scalar) }) != isNot ? place + 1 : nil
        case .many(let overSlashes): overSlashes || scalar != "/" ? place : nil
        }
    }

    /// The places with those that are reached without a character.
    private static func open(_ places: Set<Int>, _ steps: [Step]) -> Set<Int> {
        var all = places
        for place in places {
            var at = place
            while at < steps.count, case .many = steps[at] {
                at += 1
                all.insert(at)
            }
        }
        return all
    }
}
