import JSON
import TestSupport
import Testing

@Suite struct ReadingTests {
    @Test func `every kind of value is read`() throws {
        let text =
            #"{"o":{"a":1},"l":[1,"x"],"s":"é\n","i":-7,"u":18446744073709551615,"d":2.5,"t":true,"f":false,"n":null}"#
        try JSONDocument.read(text) { root in
            #expect(root.kind == .object && root.isObject && root.count == 9)
            #expect(root["o"]?["a"]?.int == 1)
            #expect(root["l"]?.isArray == true && root["l"]?.count == 2)
            #expect(root["l"]?.elements.map(\.kind) == [.integer, .string])
            #expect(root["s"]?.string == "é\n" && root["s"]?.isString == true)
            #expect(root["i"]?.int == -7 && root["i"]?.double == -7 && root["i"]?.kind == .integer)
            #expect(
                root["u"]?.int == nil && root["u"]?.double == 18_446_744_073_709_551_616 && root["u"]?.kind == .integer)
            #expect(root["d"]?.double == 2.5 && root["d"]?.int == nil && root["d"]?.kind == .number)
            #expect(root["t"]?.bool == true && root["f"]?.bool == false && root["t"]?.kind == .bool)
            #expect(root["n"]?.isNull == true && root["n"]?.kind == .null)
            #expect(root["x"] == nil && root["l"]?["o"] == nil)
            #expect(
                root["s"]?.int == nil && root["s"]?.double == nil && root["s"]?.bool == nil && root["i"]?.string == nil)
            #expect(root.members.map(\.name) == ["o", "l", "s", "i", "u", "d", "t", "f", "n"])
            #expect(root["i"]?.count == 0 && root["i"]?.elements.first { _ in true } == nil)
        }
    }

    @Test(arguments: ["5", "-0", "true", "null", "\"\"", "{}", "[]", " 1.5 \n"])
    func `a text may be any value`(_ text: String) throws {
        try JSONDocument.read(text) { root in
            #expect(root.rawText == text.filter { !$0.isWhitespace })
            #expect(root.path.isEmpty)
        }
    }

    @Test(arguments: [Int.max, Int.min, 0, 1 << 53 + 1, -(1 << 53) - 1, 999_999_999_999_999_999])
    func `integers of 64 bits survive`(_ number: Int) throws {
        try JSONDocument.read("[\(number)]") { root in
            #expect(root.elements.map(\.int) == [number])
            #expect(root.elements.map(\.rawText) == ["\(number)"])
        }
    }

    @Test func `the largest unsigned integer survives as text`() throws {
        try JSONDocument.read("\(UInt64.max)") { #expect($0.rawText == "18446744073709551615") }
    }

    @Test(arguments: ["18446744073709551616", "-9223372036854775809", "100000000000000000000000000"])
    func `larger integers are refused by their path`(_ number: String) {
        #expect(
            fault(of: #"{"a":[0,{"id":\#(number)}]}"#)
                == JSONFault(path: "a[1].id", message: "`a[1].id` is an integer beyond 64 bits; send it as a string."))
        #expect(fault(of: number)?.message == "The body is an integer beyond 64 bits; send it as a string.")
    }

    @Test func `a number too large for a double is refused by its path`() {
        #expect(
            fault(of: #"{"a":1e400}"#) == JSONFault(path: "a", message: "`a` is a number too large to represent."))
        #expect(fault(of: "1e-400") == nil)
    }

    // MARK: Duplicate keys

    @Test(arguments: [2, 3, 8, 24, 25, 26, 100, 5000])
    func `a key that stands twice is named, in objects of any size`(_ count: Int) {
        let members = (0..<count - 1).map { "\"key\($0)\":\($0)" } + ["\"key0\":9"]
        #expect(
            fault(of: #"{"a":[0,{"b":{\#(members.joined(separator: ","))}}]}"#)
                == JSONFault(
                    path: "a[1].b.key0",
                    message: "`a[1].b.key0` stands twice in the same object; send each member once."))
    }

    @Test func `a key is the same in any spelling`() {
        #expect(fault(of: #"{"caf\u00e9":1,"café":2}"#)?.path == #"["café"]"#)
        #expect(fault(of: #"{"":1,"":2}"#)?.path == #"[""]"#)
    }

    @Test func `different keys are never taken for duplicates`() throws {
        var chance = SeededGenerator(seed: 1)
        for _ in 0..<300 {
            let length = Int.random(in: 1...9, using: &chance)
            let names = Set(
                (0..<Int.random(in: 2...60, using: &chance)).map { _ in
                    String(
                        (0..<Int.random(in: 0...length, using: &chance)).map { _ in
                            "ab".randomElement(using: &chance) ?? "a"
                        })
                })
            #expect(fault(of: "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}") == nil)
            guard let twice = names.randomElement(using: &chance) else { continue }
            let members = (Array(names) + [twice]).shuffled(using: &chance)
            let found = fault(of: "{" + members.map { "\"\($0)\":0" }.joined(separator: ",") + "}")
            #expect(found?.path == (twice.isEmpty ? #"[""]"# : twice))
        }
    }

    @Test func `the same key may stand in different objects`() {
        #expect(fault(of: #"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}"#) == nil)
    }

    // MARK: Limits

    @Test(arguments: [1, 2, 5, 64, 200])
    func `depth is limited to the level`(_ depth: Int) {
        let limits = JSONLimits(depth: depth)
        func nested(_ levels: Int, _ open: String, _ close: String, _ inside: String) -> String {
            String(repeating: open, count: levels) + inside + String(repeating: close, count: levels)
        }
        #expect(fault(of: nested(depth, "[", "]", "0"), limits: limits) == nil)
        #expect(fault(of: nested(depth, "{\"a\":", "}", "0"), limits: limits) == nil)
        let message = "The body is nested deeper than \(depth) levels."
        #expect(fault(of: nested(depth + 1, "[", "]", "0"), limits: limits)?.message == message)
        #expect(fault(of: nested(depth + 1, "{\"a\":", "}", "0"), limits: limits)?.message == message)
        #expect(fault(of: nested(100_000, "[", "]", "0"), limits: limits)?.message == message)
        #expect(fault(of: nested(100_000, "[", "", "0"), limits: limits)?.message == message)
        #expect(
            fault(of: nested(depth + 1, "{\"a\":", "}", "0"), limits: limits)?.path
                == (1...depth).map { _ in "a" }.joined(separator: "."))
    }

    @Test func `size is limited to the byte`() {
        let text = "[1234567]"
        #expect(fault(of: text, limits: JSONLimits(bytes: 9)) == nil)
        #expect(fault(of: text, limits: JSONLimits(bytes: 8)) == JSONFault(message: "The body is larger than 8 bytes."))
    }

    @Test func `limits of one reading do not reach the next`() {
        #expect(fault(of: "[[[1]]]", limits: JSONLimits(depth: 2)) != nil)
        #expect(fault(of: "[[[1]]]", limits: JSONLimits(depth: 3)) == nil)
        #expect(fault(of: "[[[1]]]", limits: JSONLimits(depth: 2)) != nil)
    }

    @Test func `large texts are read, and small ones after them`() throws {
        let numbers = "[" + (0..<400_000).map(String.init).joined(separator: ",") + "]"
        for _ in 0..<3 {
            try JSONDocument.read(numbers) { root in
                #expect(root.count == 400_000)
                #expect(root.elements.reduce(0) { $0 + ($1.int ?? 0) } == 400_000 * 399_999 / 2)
            }
            try JSONDocument.read("[1]") { #expect($0.rawText == "[1]") }
        }
    }

    @Test func `texts are read inside of others and on many threads`() async throws {
        try JSONDocument.read(#"{"outer":"x"}"#) { outer in
            try JSONDocument.read(#"{"inner":"y"}"#) { inner in
                #expect(outer["outer"]?.string == "x" && inner["inner"]?.string == "y")
            }
        }
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    (0..<200).allSatisfy { round in
                        let text = #"{"n":\#(number),"r":[\#(round)]}"#
                        return
                            (try? JSONDocument.read(text) { $0["n"]?.int == number && $0["r"]?.rawText == "[\(round)]" })
                            == true
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test func `what the body throws comes out`() {
        struct Mine: Error {}
        #expect(throws: Mine.self) { try JSONDocument.read("1") { _ in throw Mine() } }
    }
}
