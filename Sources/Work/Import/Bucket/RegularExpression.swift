/// Reads regular expressions, without what would need to go back in a text.
///
/// There are characters, `.`, sets, `\d \w \s \D \W \S`, groups, `|`, `* + ? {2} {2,} {2,5}`, `^` and `$`, and `(?i)` in
/// front of all. Greed makes no difference where only fitting counts, so `*?` and the like mean the same as without.
enum RegularExpression {
    /// The most groups within each other, and the largest number of times.
    private static let deepest = 20
    private static let mostTimes = 1000

    /// What an expression means.
    ///
    /// - Throws: ``PatternFault``.
    static func read(_ text: String) throws -> PatternTree {
        var reader = Reader(rest: PatternText(text))
        reader.ignoresCase = reader.rest.skip("(?i)")
        let tree = try reader.either(depth: 0)
        guard reader.rest.first == nil else { throw PatternFault("closes a parenthesis that nothing opens.") }
        return tree
    }

    private struct Reader {
        var rest: PatternText
        var ignoresCase = false

        /// Reads up to a closing parenthesis, which is left standing, or to the end of all.
        mutating func either(depth: Int) throws -> PatternTree {
            var parts = [try sequence(depth: depth)]
            while rest.skip("|") { parts.append(try sequence(depth: depth)) }
            return .either(parts)
        }

        private mutating func sequence(depth: Int) throws -> PatternTree {
            var parts: [PatternTree] = []
            while let scalar = rest.first, scalar != "|", scalar != ")" {
                _ = rest.next()
                parts.append(try times(try part(scalar, depth: depth)))
            }
            return .sequence(parts)
        }

        private mutating func part(_ scalar: Unicode.Scalar, depth: Int) throws -> PatternTree {
            switch scalar {
            case ".": return .one(CharacterRanges(ranges: [], isNot: true))
            case "^": return .beginning
            case "$": return .end
            case "[":
                var set = try rest.set(negatedBy: ["^"]) { rest in try RegularExpression.escaped(&rest) }
                set.ignoresCase = ignoresCase
                return .one(set)
            case "(": return try group(depth: depth + 1)
            case "\\":
                var some = try RegularExpression.escaped(&rest)
                some.ignoresCase = ignoresCase
                return .one(some)
            case "*", "+", "?", "{": throw PatternFault("has \(scalar) where nothing stands before it.")
            default: return .one(CharacterRanges(ranges: [scalar...scalar], ignoresCase: ignoresCase))
            }
        }

        private mutating func group(depth: Int) throws -> PatternTree {
            guard depth <= deepest else { throw PatternFault("has more than \(deepest) groups within each other.") }
            if rest.first == "?", !rest.skip("?:") {
                throw PatternFault(
                    "has a group that begins with (?, of which only (?: is understood, and (?i) in front.")
            }
            let tree = try either(depth: depth)
            guard rest.skip(")") else { throw PatternFault("opens a parenthesis that nothing closes.") }
            return tree
        }

        /// How often a part may come, if that is said behind it.
        private mutating func times(_ tree: PatternTree) throws -> PatternTree {
            let (least, most): (Int, Int?)
            if rest.skip("*") {
                (least, most) = (0, nil)
            } else if rest.skip("+") {
                (least, most) = (1, nil)
            } else if rest.skip("?") {
                (least, most) = (0, 1)
            } else if rest.skip("{") {
                (least, most) = try numbers()
            } else {
                return tree
            }
            _ = rest.skip("?")
            return .repeated(tree, least: least, most: most)
        }

        /// Reads what stands within braces behind a part.
        private mutating func numbers() throws -> (Int, Int?) {
            let least = try number()
            if rest.skip("}") { return (least, least) }
            guard rest.skip(",") else { throw Self.noNumbers }
            if rest.skip("}") { return (least, nil) }
            let most = try number()
            guard rest.skip("}"), least <= most else { throw Self.noNumbers }
            return (least, most)
        }

        private mutating func number() throws -> Int {
            var digits = ""
            while let scalar = rest.first, ("0"..."9").contains(scalar) {
                digits.unicodeScalars.append(scalar)
                _ = rest.next()
            }
            guard let number = Int(digits), number <= mostTimes else { throw Self.noNumbers }
            return number
        }

        private static let noNumbers = PatternFault(
            "has braces that are not like {2}, {2,} or {2,5} with numbers up to \(mostTimes); write \\{ for a brace.")
    }

    /// The characters that a backslash begins to name.
    private static func escaped(_ rest: inout PatternText) throws -> CharacterRanges {
        guard let scalar = rest.next() else { throw PatternFault("ends with a backslash.") }
        switch scalar {
        case "d": return CharacterRanges(ranges: ["0"..."9"])
        case "D": return CharacterRanges(ranges: ["0"..."9"], isNot: true)
        case "w": return CharacterRanges(ranges: word)
        case "W": return CharacterRanges(ranges: word, isNot: true)
        case "s": return CharacterRanges(ranges: blank)
        case "S": return CharacterRanges(ranges: blank, isNot: true)
        case "t": return CharacterRanges(ranges: ["\t"..."\t"])
        case "0"..."9", "a"..."z", "A"..."Z":
            throw PatternFault("has \\\(scalar), which is not understood.")
        default: return CharacterRanges(ranges: [scalar...scalar])
        }
    }

    private static let word: [ClosedRange<Unicode.Scalar>] = ["a"..."z", "A"..."Z", "0"..."9", "_"..."_"]
    private static let blank: [ClosedRange<Unicode.Scalar>] = [" "..." ", "\t"..."\r"]
}
