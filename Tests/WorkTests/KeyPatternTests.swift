import JSON
import TestSupport
import Testing

@testable import Work

struct KeyPatternTests {
    /// A pattern, keys that fit it, and keys that do not.
    struct Case: Sendable, CustomTestStringConvertible {
        let pattern: String
        let fits: [String]
        let fails: [String]

        init(_ pattern: String, _ fits: [String], not fails: [String]) {
            self.pattern = pattern
            self.fits = fits
            self.fails = fails
        }

        var testDescription: String { pattern }
    }

    @Test(arguments: [
        Case("*.jpg", ["a.jpg", ".jpg", "ä ö.jpg"], not: ["a/b.jpg", "a.jpg.bak", "a.JPG", ""]),
        Case("**/*.jpg", ["a.jpg", "a/b.jpg", "a/b/c.jpg"], not: ["a.png", "a.jpg/b"]),
        Case("**/a.jpg", ["a.jpg", "x/a.jpg", "x/y/a.jpg"], not: ["ba.jpg", "x/ba.jpg"]),
        Case("day/**", ["day/a", "day/a/b", "day/"], not: ["day", "days/a"]),
        Case("a**z", ["az", "a/b/z"], not: ["a/b", "bz"]),
        Case("?.png", ["a.png", "€.png", "😀.png"], not: [".png", "ab.png", "/.png"]),
        Case("[a-cx]1", ["a1", "c1", "x1"], not: ["d1", "-1", "1"]),
        Case("[!a-c]1", ["d1", "ß1"], not: ["a1", "/1", "1"]),
        Case("[]]", ["]"], not: ["[", ""]), Case("[a-]", ["a", "-"], not: ["b"]),
        Case("[+-9]", [".", "0", "5"], not: ["/"]), Case("[!]-]", ["a"], not: ["]", "-"]),
        Case("*.{jpg,png}", ["a.jpg", "a.png"], not: ["a.gif", "a.jpgpng"]),
        Case("{a,b{c,d/**},}x", ["ax", "bcx", "bd/ex", "x"], not: ["bx", "bdx"]),
        Case(#"\*\{a\}"#, ["*{a}"], not: ["x{a}", "*"]), Case("a,b}", ["a,b}"], not: ["a", "b"]),
        Case("", [""], not: ["a"]),
    ])
    func `patterns in the way of file names mean these keys`(_ one: Case) throws {
        let pattern = try KeyPattern(one.pattern)
        for key in one.fits { #expect(pattern.matches(key), "\(key)") }
        for key in one.fails { #expect(!pattern.matches(key), "\(key)") }
    }

    @Test(arguments: [
        Case(#"\.jpe?g$"#, ["a.jpg", "x/a.jpeg"], not: ["a.jpg.bak", "ajpg", "a.JPG"]),
        Case(#"(?i)\.JPE?G$"#, ["a.jpg", "a.Jpeg"], not: ["a.png"]),
        Case("(?i)[à-å]x[^y]", ["ÀXa", "Åxz"], not: ["axa", "Àxy", "ÀxY"]),
        Case("^day-[0-9]{2,3}/", ["day-01/a", "day-123/b"], not: ["day-1/a", "xday-01/a", "day-1234/a"]),
        Case("^a{0}b{2}c{1,}$", ["bbc", "bbccc"], not: ["abbc", "bc", "bb"]),
        Case("cam(1|2|x+)?_", ["cam_", "cam1_", "camxxx_"], not: ["cam3_", "ca_"]),
        Case("^(?:a|b|)*c$", ["c", "abac"], not: ["abd", "ac "]), Case("^((a*)*)*$", ["", "aaa"], not: ["b"]),
        Case("^.$", ["a", "😀", "/"], not: ["", "ab"]), Case(#"^\w+\s\d\S\D\W$"#, ["a_1 2bc-"], not: ["a-1 2bc-"]),
        Case(#"^[\d.-]+$"#, ["1.2-3"], not: ["a"]), Case(#"^[^\s\]]$"#, ["a"], not: [" ", "]"]),
        Case("a.*?b+?", ["axxb"], not: ["ba"]), Case("$^", [""], not: ["a"]), Case("a$b", [], not: ["a", "ab", "b"]),
        Case("", ["", "anything"], not: []), Case("x|^y", ["ax", "ya"], not: ["ay"]),
    ])
    func `regular expressions mean these keys`(_ one: Case) throws {
        let pattern = try KeyPattern(expression: one.pattern)
        for key in one.fits { #expect(pattern.matches(key), "\(key)") }
        for key in one.fails { #expect(!pattern.matches(key), "\(key)") }
    }

    @Test(arguments: ["[a", "{a,b", "[z-a]", "{{{{{{{{{{{a}}}}}}}}}}}", "[!"])
    func `wrong patterns are refused`(_ text: String) {
        let issues = #expect(throws: Issues.self) { try KeyPattern(text) }
        #expect(issues?.all.first?.path == "pattern")
    }

    @Test(arguments: [
        "(a", "a)", "*a", "a**", "a{2", "a{,2}", "a{3,2}", "a{1001}", "(?=a)", "(?P<n>a)", #"\1"#, #"\b"#, #"\"#,
        "[b-a]",
        #"[\D]"#, "[a", "(((a{100}){100}){100})", "((((((){1000}){1000}){1000}){1000}){1000})", "(?i",
        "(.?){990}", "[\(String(repeating: "ab", count: 450))]{5}",
        String(repeating: "(", count: 30) + String(repeating: ")", count: 30),
    ])
    func `wrong and outsized expressions are refused`(_ text: String) {
        let issues = #expect(throws: Issues.self) { try KeyPattern(expression: text) }
        #expect(issues?.all.first?.path == "regex")
    }

    /// Expressions that take the lifetime of the universe where one goes back.
    @Test(arguments: ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(.*a){20}$", "^(a?){100}a{100}$", "(.?){240}x"])
    func `no expression takes long`(_ text: String) throws {
        let pattern = try KeyPattern(expression: text)
        #expect(!pattern.matches(String(repeating: "a", count: 1000) + "!"))
        #expect(!pattern.matches(String(repeating: "a", count: 1025)), "longer than any key")
    }

    /// Small random expressions beside what matching by trying everything says.
    @Test func `the machine agrees with the meaning of what it was made of`() throws {
        var random = SeededGenerator(seed: 20_261_122)
        func tree(_ depth: Int) -> PatternTree {
            switch Int.random(in: 0..<(depth == 0 ? 4 : 8), using: &random) {
            case 0, 1: .one(CharacterRanges(ranges: ["a"..."a"]))
            case 2: .one(CharacterRanges(ranges: ["a"..."a"], isNot: true))
            case 3: Bool.random(using: &random) ? .beginning : .end
            case 4, 5: .sequence((0..<Int.random(in: 0...3, using: &random)).map { _ in tree(depth - 1) })
            case 6: .either((0..<Int.random(in: 1...3, using: &random)).map { _ in tree(depth - 1) })
            default:
                .repeated(
                    tree(depth - 1), least: Int.random(in: 0...2, using: &random),
                    most: [nil, 2, 3].randomElement(using: &random) ?? nil)
            }
        }
        for _ in 0..<400 {
            let tree = tree(3)
            let (machine, searching) = (
                try PatternMachine(tree, isWhole: true), try PatternMachine(tree, isWhole: false)
            )
            for _ in 0..<6 {
                let string = String(
                    (0..<Int.random(in: 0...5, using: &random)).map { _ in "ab".randomElement(using: &random) ?? "a" })
                let text = Array(string.unicodeScalars)
                let ends = Self.ends(of: tree, from: [0], in: text)
                #expect(machine.matches(string.unicodeScalars) == ends.contains(text.count), "\(tree) \(text)")
                let isThere = !Self.ends(of: tree, from: Set(0...text.count), in: text).isEmpty
                #expect(searching.matches(string.unicodeScalars) == isThere, "\(tree) \(text)")
            }
        }
    }

    /// Where a match may end that begins at some of these places.
    private static func ends(of tree: PatternTree, from places: Set<Int>, in text: [Unicode.Scalar]) -> Set<Int> {
        switch tree {
        case .one(let some):
            Set(
                places.filter { $0 < text.count && some.contains(CasedCharacter(text[$0], ignoringCase: false)) }.map {
                    $0 + 1
                })
        case .beginning: places.intersection([0])
        case .end: places.intersection([text.count])
        case .sequence(let parts): parts.reduce(places) { ends(of: $1, from: $0, in: text) }
        case .either(let parts): parts.reduce(into: []) { $0.formUnion(ends(of: $1, from: places, in: text)) }
        case .repeated(let part, let least, let most):
            // Beyond as many times as there are characters only empty matches follow, which change nothing.
            (0...(most ?? least + text.count + 1)).reduce(into: (at: places, all: Set<Int>())) { found, times in
                if times >= least { found.all.formUnion(found.at) }
                found.at = ends(of: part, from: found.at, in: text)
            }.all
        }
    }
}
