import JSON
import Testing

import Work

@testable import Server

struct QueryTests {
    @Test(
        arguments: [
            (nil, nil), ("", nil), ("a=1", "1"), ("a=1&a=2", "2"), ("b=1", nil), ("a", nil), ("a=", nil),
            ("&&a=1&", "1"),
            ("a=1=2", "1=2"), ("a=x+y", "x y"), ("a=x%20y", "x y"), ("a=x%2By", "x+y"), ("%61=1", "1"),
            ("a=%C3%A9", "é"),
            ("a=%", "%"), ("a=%4", "%4"), ("a=%zz", "%zz"), ("a=%ff", "\u{FFFD}"), ("a=100%25", "100%"), ("A=1", nil),
            ("a=%26b%3D1", "&b=1"),
        ] as [(String?, String?)])
    func `the last value of a name is decoded`(_ text: String?, _ expected: String?) {
        #expect(Query(text)["a"] == expected)
    }

    @Test func `repeated names keep their order`() {
        #expect(Query("tags=b&x=1&tags=a&tags&tags=&tags=a").all("tags") == ["b", "a", "a"])
    }

    @Test func `a query of any length is read to a bound`() {
        let query = Query(String(repeating: "a=1&", count: 100_000))
        #expect(query.all("a").count == 1000)
    }

    @Test(
        arguments: [
            ("true", true), ("True", true), ("TRUE", true), ("1", true), ("false", false), ("False", false),
            ("0", false),
            ("yes", nil), ("2", nil), ("truee", nil),
        ] as [(String, Bool?)])
    func `truth values come in any letter case`(_ text: String, _ expected: Bool?) throws {
        let field = QueryField<Bool>.flag("f", "")
        if let expected {
            #expect(try field.read(Query("f=\(text)")) == expected)
        } else {
            #expect(throws: Issues("f", "`f` must be true or false.")) { try field.read(Query("f=\(text)")) }
        }
    }

    @Test(arguments: ["f", "f=", "", "g=true"])
    func `a name without a value is as good as absent`(_ text: String) throws {
        #expect(try QueryField<Bool>.flag("f", "").read(Query(text)) == nil)
        #expect(try QueryField<Int>.integer("f", 1...9, "").read(Query(text)) == nil)
        #expect(try QueryField<String>.text("f", "").read(Query(text)) == nil)
        #expect(try QueryField<[String]>.list("f", "").read(Query(text)) == nil)
        #expect(try QueryField<TimeBound>.time("f", "").read(Query(text)) == nil)
    }

    @Test(
        arguments: [
            ("1", 1), ("100", 100), ("0", nil), ("101", nil), ("-1", nil), ("1.0", nil), ("x", nil),
            ("99999999999999999999", nil), ("0x10", nil), (" 5", nil),
        ] as [(String, Int?)])
    func `integers stay within their bounds`(_ text: String, _ expected: Int?) throws {
        let field = QueryField<Int>.integer("limit", 1...100, "")
        if let expected {
            #expect(try field.read(Query("limit=\(text)")) == expected)
        } else {
            #expect(throws: Issues("limit", "`limit` must be an integer between 1 and 100.")) {
                try field.read(Query("limit=\(text)"))
            }
        }
    }

    @Test func `words come separately or with commas, and others are refused`() throws {
        let field = QueryField<[String]>.words("s", ["one", "two"], "")
        #expect(try field.read(Query("s=one,two&s=one")) == ["one", "two", "one"])
        #expect(throws: Issues.self) { try field.read(Query("s=one,three")) }
        #expect(throws: Issues.self) { try QueryField<String>.oneOf("s", ["one"], "").read(Query("s=two")) }
        #expect(throws: Issues.self) { try QueryField<[String]>.list("s", "", atMost: 2).read(Query("s=1&s=2&s=3")) }
    }
}
