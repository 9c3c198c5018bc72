import Foundation
import JSON
import TestSupport
import Testing

@Suite struct WriterTests {
    @Test func `members and elements are separated`() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("a", 1)
            writer.object("b") { _ in }
            writer.array("c") { writer in
                writer.value(true)
                writer.null()
                writer.array { $0.value("x") }
                writer.object { $0.field("d", 2.5) }
                writer.raw("[ 1 ]")
            }
            writer.field("e", raw: #"{"x":1}"#)
            writer.field("f", ifPresent: String?.none)
            writer.field("g", ifPresent: 5)
            writer.key("odd \"name\"" as String)
            writer.value(false)
        }
        #expect(
            writer.text
                == #"{"a":1,"b":{},"c":[true,null,["x"],{"d":2.5},[ 1 ]],"e":{"x":1},"g":5,"odd \"name\"":false}"#)
    }

    @Test func `errors pass through containers`() {
        struct Mine: Error {}
        #expect(throws: Mine.self) {
            var writer = JSONWriter()
            try writer.object { _ in throw Mine() }
        }
    }

    @Test func `every scalar of a string survives`() throws {
        let all = (0...0x10FFFF).compactMap { Unicode.Scalar(UInt32($0)) }
        for start in stride(from: 0, to: all.count, by: 4096) {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: all[start..<min(start + 4096, all.count)])
            let string = String(text)
            try JSONDocument.read(JSONWriter.quoted(string)) { root in
                #expect(root.string?.utf8.elementsEqual(string.utf8) == true)
            }
        }
    }

    @Test(arguments: [
        ("", #""""#), ("a\"b\\c/d", #""a\"b\\c/d""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{1F}\u{8}", #""\u0000\u001f\u0008""#),
        ("\u{7F}é😀\u{2028}", "\"\u{7F}é😀\u{2028}\""),
    ])
    func `only what must be is escaped`(_ text: String, _ expected: String) {
        #expect(JSONWriter.quoted(text) == expected)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `random strings read back as written, here and by Foundation`(_ seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let count = Int.random(in: 0..<40, using: &chance)
            let string = String(
                String.UnicodeScalarView(
                    (0..<count).compactMap { _ in
                        Unicode.Scalar(UInt32.random(in: 0...(chance.once(in: 3) ? 0x10FFFF : 0x7F), using: &chance))
                    }))
            let text = JSONWriter.quoted(string)
            try JSONDocument.read(text) { #expect($0.string == string) }
            let theirs = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) as? String
            #expect(theirs == string)
        }
    }

    @Test(arguments: [Int.min, Int.min + 1, -1_000_000, -10, -1, 0, 1, 9, 10, 99, 100, 12_345, Int.max - 1, Int.max])
    func `integers are written in full`(_ number: Int) {
        var writer = JSONWriter()
        writer.value(number)
        #expect(writer.text == String(number))
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `doubles read back as written, in the shortest form`(_ seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let number = Double(bitPattern: chance.next())
            guard number.isFinite else { continue }
            var writer = JSONWriter()
            writer.value(number)
            #expect(Double(writer.text) == number)
            #expect(writer.bytes.count <= number.description.utf8.count)
            try JSONDocument.read(writer.bytes) { #expect($0.double == number) }
        }
    }

    @Test(arguments: [
        (0.0, "0"), (-0.0, "0"), (1, "1"), (-2, "-2"), (0.1, "0.1"), (1e21, "1e+21"), (1e-7, "1e-07"),
        (.leastNonzeroMagnitude, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"), (9_007_199_254_740_991, "9007199254740991"),
        (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
    ])
    func `doubles have their usual form`(_ number: Double, _ expected: String) {
        var writer = JSONWriter()
        writer.value(number)
        #expect(writer.text == expected)
        #expect(StrictJudge.accepts(writer.bytes))
    }

    @Test func `raw text and bytes are spliced as they are`() throws {
        var writer = JSONWriter()
        try JSONDocument.read(#"{"a": [1,  2], "s": "é\u0041"}"#) { root in
            try writer.array { writer in
                writer.raw(try #require(root["a"]).raw)
                writer.value(utf8: try #require(root["s"]).utf8)
            }
        }
        #expect(writer.text == #"[[1,  2],"éA"]"#)
    }

    // MARK: Times

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `times from 1900 to 2200 are those of Foundation`(_ seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for _ in 0..<1000 {
            let microseconds = Int64.random(in: -2_208_988_800_000_000...7_258_118_400_000_000, using: &chance)
            var writer = JSONWriter()
            writer.time(microseconds)
            let text = String(writer.text.dropFirst().dropLast())
            #expect(text.utf8.count == 24)
            let milliseconds = (try style.parse(text).timeIntervalSince1970 * 1000).rounded()
            #expect(milliseconds == (Double(microseconds) / 1000).rounded(.down), "\(microseconds): \(text)")
        }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_552_208_126_624_999, "2019-03-10T08:55:26.624Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (-1000, "1969-12-31T23:59:59.999Z"), (-1001, "1969-12-31T23:59:59.998Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
        (4_107_542_399_999_999, "2100-02-28T23:59:59.999Z"), (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"),
        (Int64.max, "9999-12-31T23:59:59.999Z"), (Int64.min, "0001-01-01T00:00:00.000Z"),
    ])
    func `times have the wire form`(_ microseconds: Int64, _ expected: String) {
        var writer = JSONWriter()
        writer.object { $0.field("at", time: microseconds) }
        #expect(writer.text == "{\"at\":\"\(expected)\"}")
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `documents copied value by value keep their meaning`(_ seed: UInt64) throws {
        var chance = SeededGenerator(seed: 500 + seed)
        for _ in 0..<20 {
            let text = Rendered.random(depth: 5, &chance).text
            try JSONDocument.read(text) { root in
                var writer = JSONWriter()
                copy(root, to: &writer)
                #expect(StrictJudge.accepts(writer.bytes))
                try JSONDocument.read(writer.bytes) { again in
                    var second = JSONWriter()
                    copy(again, to: &second)
                    #expect(second.bytes == writer.bytes)
                    #expect(same(root, again))
                }
            }
        }
    }

    private func copy(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value.kind {
        case .object:
            writer.object { writer in
                for member in value.members {
                    writer.key(member.name)
                    copy(member.value, to: &writer)
                }
            }
        case .array: writer.array { writer in for element in value.elements { copy(element, to: &writer) } }
        case .string: writer.value(value.string ?? "")
        case .integer: writer.value(value.int ?? 0)
        case .number: writer.value(value.double ?? 0)
        case .bool: writer.value(value.bool ?? false)
        case .null: writer.null()
        }
    }

    private func same(_ a: JSONValue, _ b: JSONValue) -> Bool {
        if a.isObject {
            return b.isObject && a.count == b.count
                && zip(a.members, b.members).allSatisfy { $0.name == $1.name && same($0.value, $1.value) }
        }
        if a.isArray {
            return b.isArray && a.count == b.count && zip(a.elements, b.elements).allSatisfy { same($0, $1) }
        }
        return a.string == b.string && a.double == b.double && a.bool == b.bool && a.isNull == b.isNull
    }
}
