import Testing

@testable import Storage

@Suite struct SQLTests {
    @Test func `interpolated values are bound and never become text`() {
        let name = "'; DROP TABLE tasks; --"
        let statement: SQL = "SELECT 1 WHERE a = \(name) AND b = \(7) AND c = \(nil as String?)"
        #expect(statement.text == "SELECT 1 WHERE a = ? AND b = ? AND c = ?")
        #expect(statement.values == [.text(name), .integer(7), .null])
    }

    @Test func `lists are filled up to a power of two`() {
        let statement: SQL = "x IN \(list: ["a", "b", "c"])"
        #expect(statement.text == "x IN (?, ?, ?, ?)")
        #expect(statement.values == [.text("a"), .text("b"), .text("c"), .text("c")])
        let empty: SQL = "x IN \(list: [] as [String])"
        #expect(empty.text == "x IN (NULL)")
    }

    @Test func `a part for one engine is read by that engine alone`() {
        let statement: SQL = "SELECT \(1)\(only: .postgres, " FOR UPDATE")\(only: .sqlite, " -- lite") END"
        #expect(statement.text(for: .postgres) == "SELECT ? FOR UPDATE END")
        #expect(statement.text(for: .sqlite) == "SELECT ? -- lite END")
    }

    @Test func `spliced parts keep their values in order`() {
        let inner: SQL = "b = \(2)"
        let statement: SQL = "a = \(1) AND \(inner) AND c = \(3)"
        #expect(statement.text == "a = ? AND b = ? AND c = ?")
        #expect(statement.values == [.integer(1), .integer(2), .integer(3)])
    }

    @Test(arguments: [[], ["a"], ["a", ""], ["", ""], ["line\nfeed", "back\\slash", "\\n", "é👍"]])
    func `short lists survive their column`(entries: [String]) {
        #expect(TextList.split(TextList.join(entries)) == entries)
    }
}
