/// Reads patterns as shells know them for the names of files.
enum FileNamePattern {
    /// The most braces within each other.
    private static let deepest = 10

    /// What a pattern means.
    ///
    /// - Throws: ``PatternFault``.
    static func read(_ text: String) throws -> PatternTree {
        var rest = PatternText(text)
        return try sequence(&rest, depth: 0)
    }

    private static let slash = CharacterRanges(ranges: ["/"..."/"])
    private static let noSlash = CharacterRanges(ranges: ["/"..."/"], isNot: true)

    /// Reads up to what ends a part of braces, which is left standing, or to the end of all.
    private static func sequence(_ rest: inout PatternText, depth: Int) throws -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = rest.first {
            if depth > 0, scalar == "," || scalar == "}" { break }
            _ = rest.next()
            parts.append(try part(scalar, &rest, depth: depth))
        }
        return .sequence(parts)
    }

    private static func part(_ scalar: Unicode.Scalar, _ rest: inout PatternText, depth: Int) throws -> PatternTree {
        switch scalar {
        case "*":
            guard rest.skip("*") else { return .repeated(.one(noSlash), least: 0, most: nil) }
            // Also no folder at all, so that `**/*.jpg` means files at the top as well.
            return rest.skip("/") ? .repeated(.sequence([.anything, .one(slash)]), least: 0, most: 1) : .anything
        case "?": return .one(noSlash)
        case "[":
            let set = try rest.set(negatedBy: ["!", "^"]) { rest in
                CharacterRanges(ranges: [rest.next() ?? "\\"].map { $0...$0 })
            }
            // A slash parts folders, whatever a set says.
            let ranges = set.isNot ? set.ranges + slash.ranges : set.ranges.flatMap(withoutSlash)
            return .one(CharacterRanges(ranges: ranges, isNot: set.isNot))
        case "{": return try braces(&rest, depth: depth + 1)
        case "\\": return single(rest.next() ?? scalar)
        default: return single(scalar)
        }
    }

    private static func withoutSlash(_ range: ClosedRange<Unicode.Scalar>) -> [ClosedRange<Unicode.Scalar>] {
        guard range.contains("/") else { return [range] }
        let (before, after): (Unicode.Scalar, Unicode.Scalar) = (".", "0")
        return (range.lowerBound <= before ? [range.lowerBound...before] : [])
            + (range.upperBound >= after ? [after...range.upperBound] : [])
    }

    private static func single(_ scalar: Unicode.Scalar) -> PatternTree {
        .one(CharacterRanges(ranges: [scalar...scalar]))
    }

    private static func braces(_ rest: inout PatternText, depth: Int) throws -> PatternTree {
        guard depth <= deepest else { throw PatternFault("has more than \(deepest) braces within each other.") }
        var parts: [PatternTree] = []
        while true {
            parts.append(try sequence(&rest, depth: depth))
            switch rest.next() {
            case ",": continue
            case "}": return .either(parts)
            default: throw PatternFault("opens a brace that nothing closes.")
            }
        }
    }
}
