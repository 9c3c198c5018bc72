import JSON
import Testing

@Suite struct MalformedTests {
    /// Texts, and what the fault says of them.
    private static let texts: [(text: String, says: String)] = [
        ("", "is empty"), ("  \n", "is empty"), ("\u{FEFF}{}", "byte order mark"),
        ("{", "lacks a quoted member name at line 1, column 2"), ("[", "ends too early"),
        ("\"", "ends inside a string"),
        ("\"abc", "ends inside a string"), ("\"abc\\", "ends inside a string"), ("\"abc\\\"", "ends inside a string"),
        ("{\"a", "ends inside a string"), ("{\"a\"", "lacks a colon"), ("{\"a\":", "ends too early"),
        ("{\"a\":1", "lacks a comma or a closing brace"),
        ("{\"a\":1,", "lacks a quoted member name"), ("[1", "lacks a comma or a closing bracket"),
        ("[1,", "ends too early"),
        ("[1,]", "unexpected character at line 1, column 4 in `[1]`"), ("{\"a\":1,}", "lacks a quoted member name"),
        ("[,1]", "unexpected character"),
        ("[1 2]", "lacks a comma or a closing bracket"), ("{\"a\" 1}", "lacks a colon"),
        ("{\"a\":1 \"b\":2}", "lacks a comma or a closing brace"),
        ("{a:1}", "lacks a quoted member name"), ("{'a':1}", "lacks a quoted member name"),
        ("{1:1}", "lacks a quoted member name"),
        ("{\"a\":1}}", "text after the end"), ("1 2", "text after the end"), ("[]]", "text after the end"),
        ("{}x", "text after the end"),
        ("[1}", "lacks a comma or a closing bracket"), ("{\"a\":1]", "lacks a comma or a closing brace"),
        ("]", "unexpected character"), ("}", "unexpected character"),
        (",", "unexpected character"), (":", "unexpected character"),
        ("tru", "unknown word"), ("True", "unexpected character"), ("truefalse", "text after the end"),
        ("nul", "unknown word"), ("undefined", "unexpected character"),
        ("NaN", "unexpected character"), ("nan", "unknown word"), ("Infinity", "unexpected character"),
        ("-Infinity", "malformed number"), ("[fals]", "unknown word"),
        ("01", "malformed number"), ("-", "malformed number"), ("+1", "malformed number"), (".5", "malformed number"),
        ("1.", "malformed number"),
        ("1.e3", "malformed number"), ("1e", "malformed number"), ("1e+", "malformed number"),
        ("-01", "malformed number"), ("--1", "malformed number"),
        ("0x10", "text after the end"), ("1_000", "text after the end"), ("[1.2.3]", "malformed number"),
        ("1e5.5", "malformed number"), ("00", "malformed number"),
        (#""\x""#, "unknown escape"), (#""\'""#, "unknown escape"), (#""\u12""#, "four hexadecimal digits"),
        (#""\u12g4""#, "four hexadecimal digits"),
        (#""\U0041""#, "unknown escape"), (#""\u"#, "four hexadecimal digits"),
        (#""\ud800""#, "half of a surrogate pair"), (#""\udc00""#, "half of a surrogate pair"),
        (#""\ud800\u0041""#, "half of a surrogate pair"), (#""\ud800\ud800""#, "half of a surrogate pair"),
        (#""\ud800x""#, "half of a surrogate pair"),
        (#"{"\ud800":1}"#, "half of a surrogate pair"), (#""\ud800\u12""#, "four hexadecimal digits"),
        ("\"a\nb\"", "control character"), ("\"a\tb\"", "control character"), ("\"a\u{0}b\"", "control character"),
        ("\"\u{1F}\"", "control character"),
        ("\u{0}", "unexpected character"), ("[1]\u{0}", "text after the end"), ("[1\u{B}]", "lacks a comma"),
        ("[1,\u{C}2]", "unexpected character"), ("[\u{A0}1]", "unexpected character"),
        ("// note\n1", "unexpected character"), ("[1/* */]", "lacks a comma"), ("[1] // note", "text after the end"),
    ]

    @Test(arguments: texts)
    func `malformed texts are refused with a sentence`(_ text: String, _ says: String) throws {
        let found = try #require(fault(of: text), "was accepted")
        #expect(found.message.contains(says))
        #expect(found.message.hasPrefix("The body ") && found.message.hasSuffix("."))
        #expect(!StrictJudge.accepts(Array(text.utf8)))
    }

    /// Bytes that are not UTF-8: lone continuation, overlong, cut off, surrogate, beyond the last scalar, never used.
    private static let notUTF8: [[UInt8]] = [
        [0x80], [0xC0, 0xAF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xFE],
        [0xF0, 0x80, 0x80, 0x80], [0xE0, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
    ]

    @Test(arguments: notUTF8)
    func `bytes that are not UTF-8 are refused inside strings, names and outside`(_ bytes: [UInt8]) throws {
        let quote = UInt8(ascii: "\"")
        let string = [UInt8(ascii: "["), quote] + bytes + [quote, UInt8(ascii: "]")]
        #expect(fault(of: string)?.message.contains("bytes that are not UTF-8") == true)
        #expect(fault(of: string)?.path == "[0]")
        let name = [UInt8(ascii: "{"), quote] + bytes + Array("\":1}".utf8)
        #expect(fault(of: name)?.message.contains("bytes that are not UTF-8") == true)
        #expect(fault(of: bytes)?.message.contains("unexpected character") == true)
        #expect(fault(of: Array("[1]".utf8) + bytes)?.message.contains("text after the end") == true)
    }

    @Test func `every beginning of a text is refused`() {
        let text = Array(#"{"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",true,false,null,{"b":{}}],"c":""}"#.utf8)
        #expect(fault(of: text) == nil)
        for count in 0..<text.count {
            let found = fault(of: Array(text.prefix(count)))
            #expect(found != nil && found?.message != "The body is not valid JSON.", "\(count) bytes")
        }
    }

    @Test func `the place is given by line, column and path`() {
        #expect(
            fault(of: "{\n  \"a\": [\n    1,\n    tru\n  ]\n}")
                == JSONFault(
                    path: "a[1]",
                    message: "The body is not valid JSON: it has an unknown word at line 4, column 5 in `a[1]`."))
    }
}
