import JSON
import TestSupport
import Testing

@Suite struct RawTextTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func `random documents keep their text, their meaning and their paths`(_ seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<25 {
            let rendered = Rendered.random(depth: 6, &chance)
            let text = Rendered.space(&chance) + rendered.text + Rendered.space(&chance)
            #expect(StrictJudge.accepts(Array(text.utf8)))
            try JSONDocument.read(text) { root in try check(root, rendered, JSONPath()) }
        }
    }

    private func check(_ value: JSONValue, _ rendered: Rendered, _ path: JSONPath) throws {
        #expect(value.rawText == rendered.text)
        #expect(value.path == path.text)
        switch rendered.meaning {
        case .object(let members):
            #expect(value.count == members.count)
            for (member, expected) in zip(value.members, members) {
                #expect(member.name == expected.key)
                #expect(value[expected.key]?.rawText == expected.value.text)
                var inner = path
                inner.append(key: expected.key)
                try check(member.value, expected.value, inner)
            }
        case .array(let elements):
            #expect(value.count == elements.count)
            for (at, (element, expected)) in zip(value.elements, elements).enumerated() {
                var inner = path
                inner.append(index: at)
                try check(element, expected, inner)
            }
        case .string(let meaning): #expect(value.string == meaning)
        case .scalar:
            switch value.kind {
            case .integer: #expect(value.int == Int(rendered.text))
            case .number: #expect(value.double == Double(rendered.text))
            case .bool: #expect(value.bool == (rendered.text == "true"))
            default: #expect(value.isNull)
            }
        }
        // The slice is a document of its own, with the same content.
        try JSONDocument.read(value.rawText) { again in
            #expect(again.kind == value.kind && again.count == value.count && again.rawText == value.rawText)
        }
    }

    @Test(arguments: [
        (#"{"a":{"b":[10,{"c":1}]}}"#, ["a", "b", "1", "c"], "a.b[1].c"), (#"[[1,2],[3]]"#, ["1", "0"], "[1][0]"),
        (#"{"a b":{"":1}}"#, ["a b", ""], #"["a b"][""]"#),
        (#"{"a.b":{"x-y_1":1}}"#, ["a.b", "x-y_1"], #"["a.b"].x-y_1"#),
    ])
    func `paths name members with dots and elements with brackets`(_ text: String, _ steps: [String], _ path: String)
        throws
    {
        try JSONDocument.read(text) { root in
            var value = root
            for step in steps {
                let elements = Array(value.elements)
                value = try #require(value.isArray ? Int(step).map { elements[$0] } : value[step])
            }
            #expect(value.path == path)
        }
    }
}
