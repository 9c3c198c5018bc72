import Media
import TestSupport
import Testing

@Suite struct SafeTextTests {
    private static let frame = "<!doctype html><meta charset=\"utf-8\"><title>Document</title>"

    private func html(_ text: String) throws -> String {
        let safe = try SafeText.html(Array(text.utf8))
        #expect(safe.hasPrefix(Self.frame))
        return String(safe.dropFirst(Self.frame.count))
    }

    @Test(arguments: [
        ("<p>Hello <b>you</b></p>", "<p>Hello <b>you</b></p>"),
        ("<!doctype html><html><head><title>T</title></head><body onload=x()><h1>A</h1></body></html>", "<h1>A</h1>"),
        ("<script>alert(1)</script>after", "after"), ("<SCRIPT src=x></ScRiPt >after", "after"),
        ("<script>never ends", ""), ("<style>p{}</style><p style='a'>b</p>", "<p>b</p>"),
        ("<img src=x onerror=alert(1)>", ""), ("<svg><script>x</script></svg>y", "y"),
        ("<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">", ""),
        ("<a href=\"javascript:alert(1)\" title='say \"hi\"'>go</a>", "<a title=\"say &quot;hi&quot;\">go</a>"),
        ("<a href=https://example.com>away</a>", "<a>away</a>"), ("<iframe src=x>in</iframe>out", "out"),
        ("<form action=x><input name=a>words</form>", "words"), ("<!-- <b>no</b> -->yes", "yes"),
        ("<!--><script>x</script>-->z", "--&gt;z"), ("<![CDATA[<b>x</b>]]>", "x]]&gt;"),
        ("1 < 2 && 3 > 2 &amp; &#60; &lt; &nonsense", "1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp; &#60; &lt; &amp;nonsense"),
        ("<p><b>open", "<p><b>open</b></p>"), ("</p></div>closed", "closed"),
        ("<ul><li>a<li>b</ul>c", "<ul><li>a<li>b</li></li></ul>c"),
        ("<table><tr><td colspan=2 onclick=x>a</td></tr></table>", "<table><tr><td colspan=\"2\">a</td></tr></table>"),
        ("<p title=\"a\"title=b x=`<script>`>t</p>", "<p title=\"a\">`&gt;t</p>"), ("<b/onclick=x>a</b>", "<b>a</b>"),
        ("<br><hr/>", "<br><hr>"), ("a\u{202E}b\u{0}c\u{FEFF}", "abc"), ("<", "&lt;"), ("<3", "&lt;3"), ("", ""),
        ("<template><p>t</p></template><noscript><p>n</p></noscript>e", "e"), ("<\u{212A}bd>k", "&lt;\u{212A}bd&gt;k"),
    ])
    func `of a page only structure and words are left`(page: String, wanted: String) throws {
        #expect(try html(page) == wanted)
    }

    @Test(arguments: 0..<40)
    func `what was made safe stays as it is, and nothing in it can run`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "<", ">", "</", "<!--", "-->", "script", "<script>", "</script>", "<p ", "title=", "\"", "'", "onload=x",
            " ", "/", "&", "&lt;", "<b>", "</b>", "<svg ", "href=javascript:x", "=", "\n", "a", "<style>", "</style",
        ]
        let page = (0..<60).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
        let safe = try html(page)
        #expect(try html(safe) == safe, "\(page)")
        for word in ["<script", "<svg", "<style", "<!--", "<img", "<iframe"] {
            #expect(!safe.contains(word), "\(page)")
        }
        for tag in safe.split(separator: "<").dropFirst() {
            let inside = tag.prefix { $0 != ">" }.replacing(/"[^"]*"/, with: "")
            #expect(!inside.contains("onload") && !inside.contains("href"), "\(page)")
        }
    }

    @Test func `a text loses what steers, and keeps its lines`() throws {
        let text = "\u{FEFF}one\r\ntwo\rthree\n\u{1B}[31mred\u{202E} \t\u{7}end"
        #expect(try SafeText.plain(Array(text.utf8)) == "one\ntwo\nthree\n[31mred \tend")
    }

    @Test func `what is not in UTF-8 is refused`() {
        let error = #expect(throws: PictureError.self) { try SafeText.plain([0x61, 0xE9, 0x61]) }
        #expect(error?.code == .unsupported)
        #expect(throws: PictureError.self) { try SafeText.html([0x3C, 0x70, 0x3E, 0xFF]) }
    }

    @Test func `elements cannot be nested without end`() throws {
        let safe = try html(String(repeating: "<div>", count: 10_000) + "deep")
        #expect(safe.contains("deep") && safe.count < 4000)
    }
}
