import JSON
import NIOCore
import Testing

@testable import Server

struct MultipartTests {
    /// A part as it came out: name, file name and text.
    private struct Found: Equatable {
        var name: String
        var fileName: String?
        var text = ""
    }

    private static func parse(_ body: String, boundary: String = "xyz", cuts: [Int]) throws -> [Found] {
        var parser = try #require(MultipartParser(contentType: "multipart/form-data; boundary=\(boundary)"))
        let bytes = Array(body.utf8)
        var parts: [Found] = []
        var isOpen = false
        var from = 0
        for cut in cuts + [bytes.count] {
            for event in try parser.feed(ByteBuffer(bytes: bytes[from..<cut])) {
                switch event {
                case .began(let part):
                    #expect(!isOpen)
                    parts.append(Found(name: part.name, fileName: part.fileName))
                    isOpen = true
                case .bytes(let bytes):
                    #expect(isOpen && bytes.readableBytes > 0)
                    parts[parts.count - 1].text += String(buffer: bytes)
                case .ended:
                    #expect(isOpen)
                    isOpen = false
                }
            }
            from = cut
        }
        try parser.finish()
        #expect(!isOpen)
        return parts
    }

    private static func part(_ head: String, _ text: String) -> String {
        "--xyz\r\nContent-Disposition: form-data; \(head)\r\n\r\n\(text)\r\n"
    }

    /// Bodies and what they hold.
    private static let bodies: [(body: String, parts: [Found])] = [
        (
            part(#"name="project_name""#, "p") + part(#"name="file"; filename="a.png""#, "bytes")
                + part(#"name="metadata""#, "{}") + "--xyz--\r\n",
            [
                Found(name: "project_name", text: "p"), Found(name: "file", fileName: "a.png", text: "bytes"),
                Found(name: "metadata", text: "{}"),
            ]
        ),
        (part(#"name="file"; filename="""#, "") + "--xyz--", [Found(name: "file", fileName: "")]),
        (
            part(#"name="file""#, "\r\n--xy\r\n--xy z\r\n-\r\r\n--xyz-no\n--xyz".replacing("--xyz-no", with: "--xYz"))
                + "--xyz--",
            [Found(name: "file", text: "\r\n--xy\r\n--xy z\r\n-\r\r\n--xYz\n--xyz")]
        ),
        (
            "a preamble\r\n" + part("name=file; filename=b.png", "x") + "--xyz--\r\nan epilogue --xyz",
            [Found(name: "file", fileName: "b.png", text: "x")]
        ),
        (
            "--xyz\r\ncontent-type: text/plain\r\nCONTENT-DISPOSITION: form-data; name=\"a\"\r\n\r\n1\r\n--xyz--",
            [Found(name: "a", text: "1")]
        ),
        ("--xyz--\r\n", []),
        (
            part(#"name="file"; filename="a;b=c.png""#, "x") + "--xyz--",
            [Found(name: "file", fileName: "a;b=c.png", text: "x")]
        ),
    ]

    @Test(arguments: bodies.indices) func `a body is the same however it is cut`(_ index: Int) throws {
        let (body, parts) = Self.bodies[index]
        #expect(try Self.parse(body, cuts: []) == parts)
        for cut in 0...body.utf8.count { #expect(try Self.parse(body, cuts: [cut]) == parts, "cut at \(cut)") }
        #expect(try Self.parse(body, cuts: Array(1..<body.utf8.count)) == parts)
    }

    @Test func `a body that ends too early is refused, wherever that is`() throws {
        let body = Self.bodies[0].body
        let whole = body.utf8.count - "\r\n".utf8.count
        for end in 0..<whole {
            #expect(throws: Issues.self, "ends at \(end)") {
                try Self.parse(String(decoding: body.utf8.prefix(end), as: UTF8.self), cuts: [])
            }
        }
    }

    @Test(arguments: [
        "--xyz\r\nContent-Disposition: form-data\r\n\r\nx\r\n--xyz--", "--xyz\r\n\r\nx\r\n--xyz--",
        "--xyz\r\nContent-Type: text/plain\r\n\r\nx\r\n--xyz--", "--xyzContent", "no boundary at all", "",
        "--xyz\r\n" + String(repeating: "a: b\r\n", count: 2000),
    ])
    func `a body that is not well formed is refused`(_ body: String) {
        #expect(throws: Issues.self) { try Self.parse(body, cuts: []) }
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=abc", true), (#"multipart/form-data; boundary="a b c""#, true),
        ("Multipart/Form-Data; charset=utf-8; Boundary=abc", true), ("multipart/form-data", false),
        ("multipart/form-data; boundary=", false), ("multipart/mixed; boundary=abc", false), ("", false),
        ("application/json", false),
    ])
    func `the boundary is read from the content type`(_ type: String, _ isRead: Bool) {
        #expect((MultipartParser(contentType: type) != nil) == isRead)
    }

    @Test(arguments: ["a", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "'()+_,-./:=?", "\u{61}--", "--"])
    func `any boundary will do`(_ boundary: String) throws {
        let body =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--\(boundary)--\r\n"
        #expect(try Self.parse(body, boundary: boundary, cuts: [7]) == [Found(name: "a", text: "1")])
    }
}
