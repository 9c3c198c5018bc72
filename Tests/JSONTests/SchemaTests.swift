import JSON
import Testing

/// A declaration with a field of each sort.
private struct Person: Equatable, Sendable {
    var name: String
    var age: Int
    var height: Double?
    var tags: [String]
    var pet: Pet?

    enum Pet: String, CaseIterable, Sendable {
        case cat, dog, goldfish
    }

    static let name = RequiredField("name", .string(length: 1...10), "What one is called.")
    static let age = Field("age", .integer(0...150), default: 18, shownAs: "18", "In years.")
    static let height = OptionalField("height", .number(.positive), "In metres.")
    static let tags = Field("tags", .array(of: .string(), count: 0...3), default: [], "Free words.")
    static let pet = OptionalField("pet", Schema<Pet>.cases, "At most one.")
    static let schema = Schema<Person>.object("Person", [name, age, height, tags, pet]) { read in
        let name = read(name)
        let age = read(age)
        let height = read(height)
        let tags = read(tags)
        let pet = read(pet)
        guard let name else { return nil }
        return Person(name: name, age: age, height: height, tags: tags, pet: pet)
    }
}

/// A declaration that contains itself.
private struct Tree: Equatable, Sendable {
    var name: String
    var branches: [Tree]

    static let name = RequiredField("name", .string(), "Its name.")
    static let branches: Field<[Tree]> = Field(
        "branches", .array(of: .recursive("Tree") { Tree.schema }), default: [], "What grows out of it.")
    static let schema: Schema<Tree> = .object("Tree", [name, branches]) { read in
        let name = read(name)
        let branches = read(branches)
        return name.map { Tree(name: $0, branches: branches) }
    }
}

@Suite struct SchemaTests {
    private static let anna = Person(name: "Anna", age: 41, height: 1.7, tags: ["a", "b"], pet: .dog)

    @Test func `members may stand in any order`() throws {
        let members = [#""name":"Anna""#, #""age":41"#, #""height":1.7"#, #""tags":["a","b"]"#, #""pet":"dog""#]
        func permutations(_ rest: [String]) -> [[String]] {
            guard rest.count > 1 else { return [rest] }
            return rest.indices.flatMap { at in
                var others = rest
                let first = others.remove(at: at)
                return permutations(others).map { [first] + $0 }
            }
        }
        let all = permutations(members)
        #expect(all.count == 120)
        for order in all {
            let (value, issues) = try read("{" + order.joined(separator: ",") + "}", Person.schema)
            #expect(value == Self.anna && issues.isEmpty)
        }
    }

    @Test func `absent members and null mean the same`() throws {
        let expected = Person(name: "Bo", age: 18, height: nil, tags: [], pet: nil)
        #expect(try read(#"{"name":"Bo"}"#, Person.schema) == (expected, []))
        #expect(
            try read(#"{"pet":null,"tags":null,"height":null,"age":null,"name":"Bo"}"#, Person.schema) == (expected, [])
        )
        let (value, issues) = try read(#"{"name":null}"#, Person.schema)
        #expect(value == nil && issues == [JSON.Issue(path: "name", message: "`name` is required.")])
    }

    @Test func `all issues are reported at once, with their paths`() throws {
        let text = #"{"age":151,"height":0,"tags":["a",1,"c",{},"e"],"pet":"cow","nickname":1}"#
        let (value, issues) = try read(text, Person.schema)
        #expect(value == nil)
        #expect(
            issues == [
                JSON.Issue(path: "name", message: "`name` is required."),
                JSON.Issue(path: "age", message: "`age` must be between 0 and 150."),
                JSON.Issue(path: "height", message: "`height` must be a positive number."),
                JSON.Issue(path: "tags[1]", message: "`tags[1]` must be a string."),
                JSON.Issue(path: "tags", message: "`tags` must have at most 3 elements."),
                JSON.Issue(path: "pet", message: "`pet` must be one of cat, dog, goldfish."),
                JSON.Issue(path: "nickname", message: #"The body has the unknown key "nickname"."#),
            ])
        #expect(throws: Issues(issues)) {
            try JSONDocument.read(text) { root in
                let reader = JSONReader()
                _ = Person.schema(root, reader)
                try reader.finish()
            }
        }
    }

    @Test func `unknown keys are refused by the place of their object`() throws {
        let (_, issues) = try read(
            #"[{"name":"x"},{"name":"y","bad_key":1,"odd key":2}]"#, .array(of: Person.schema), prefix: "labels")
        #expect(
            issues == [
                JSON.Issue(path: "labels[1].bad_key", message: #"`labels[1]` has the unknown key "bad_key"."#),
                JSON.Issue(path: #"labels[1]["odd key"]"#, message: #"`labels[1]` has the unknown key "odd key"."#),
            ])
    }

    @Test func `asking twice for a member does not hide an unknown one`() throws {
        let schema = Schema<Int>.object("", [Person.age]) { read in
            _ = read(Person.age)
            return read(Person.age)
        }
        let (value, issues) = try read(#"{"age":3,"other":4}"#, schema)
        #expect(value == 3 && issues.map(\.path) == ["other"])
    }

    @Test func `unknown keys may be ignored, also among very many`() throws {
        let schema = Schema<Int>.object("", [Person.age], unknown: .ignore) { $0(Person.age) }
        let others = (0..<200).map { "\"key\($0)\":0" }.joined(separator: ",")
        #expect(try read("{\(others),\"age\":5}", schema) == (5, []))
        let strict = Schema<Int>.object("", [Person.age]) { $0(Person.age) }
        #expect(try read("{\(others),\"age\":5}", strict).issues.count == 100)
    }

    @Test func `complaints end at a hundred`() throws {
        let text = "[" + [String](repeating: "1", count: 50_000).joined(separator: ",") + "]"
        #expect(try read(text, .array(of: .string())).issues.count == 100)
    }

    @Test func `paths stand below the prefix`() throws {
        #expect(try read("[1]", .array(of: .string()), prefix: "tags").issues.map(\.path) == ["tags[0]"])
        #expect(try read("{}", Person.schema, prefix: "params").issues.map(\.message) == ["`params.name` is required."])
        #expect(try read("1", Person.schema, prefix: "params").issues.map(\.message) == ["`params` must be an object."])
        #expect(try read("1", Person.schema).issues == [JSON.Issue(path: "", message: "The body must be an object.")])
    }

    @Test func `a required member may have a message of its own`() throws {
        let field = RequiredField("attachment", .string(), "", missing: "Please provide an attachment.")
        let schema = Schema<String>.object("", [field]) { $0(field) }
        #expect(
            try read("{}", schema).issues == [JSON.Issue(path: "attachment", message: "Please provide an attachment.")])
    }

    @Test func `schemas may contain themselves`() throws {
        let text = #"{"name":"a","branches":[{"name":"b","branches":[{"name":"c"}]},{"name":"d"}]}"#
        let tree = Tree(
            name: "a",
            branches: [Tree(name: "b", branches: [Tree(name: "c", branches: [])]), Tree(name: "d", branches: [])])
        #expect(try read(text, Tree.schema) == (tree, []))
        #expect(
            try read(#"{"name":"a","branches":[{"branches":[{}]}]}"#, Tree.schema).issues.map(\.path) == [
                "branches[0].name", "branches[0].branches[0].name",
            ])
    }

    // MARK: Scalars

    @Test(arguments: [
        ("\"\"", 1...5, "must not be empty"), ("\"abcdef\"", 1...5, "must have at most 5 characters"),
        ("\"ab\"", 3...5, "must have at least 3 characters"), ("\"éééééé\"", 0...5, "must have at most 5 characters"),
        ("5", 0...5, "must be a string"), ("[]", 0...5, "must be a string"),
    ])
    func `strings are measured in scalars`(_ text: String, _ length: ClosedRange<Int>, _ complaint: String) throws {
        #expect(try read(text, .string(length: length)).issues.map(\.message) == ["The body \(complaint)."])
    }

    @Test(arguments: [("\"ééééé\"", "ééééé"), ("\"abc\"", "abc"), (#""\ud83d\ude00😀""#, "😀😀")])
    func `strings within their measure are read`(_ text: String, _ expected: String) throws {
        #expect(try read(text, .string(length: 2...5)) == (expected, []))
    }

    @Test func `words are compared whole`() throws {
        let schema = Schema<String>.oneOf(["image", "video", "images"])
        for word in ["image", "video", "images"] { #expect(try read("\"\(word)\"", schema) == (word, [])) }
        for text in ["\"imag\"", "\"\"", "\"Image\"", "1", "null"] {
            #expect(try read(text, schema).issues.map(\.message) == ["The body must be one of image, video, images."])
        }
        #expect(try read("\"goldfish\"", Schema<Person.Pet>.cases).value == .goldfish)
    }

    @Test(arguments: [
        ("1.5", NumberRange.any, 1.5), ("-3", .any, -3), ("18446744073709551615", .any, 18_446_744_073_709_551_616),
        ("0", .nonNegative, 0), ("1e-9", .positive, 1e-9), ("-1", .nonZero, -1),
        ("5", NumberRange(least: 1, most: 5), 5),
        ("\"2.50\"", .any, 2.5), ("\"-1e3\"", .any, -1000),
    ])
    func `numbers are read`(_ text: String, _ range: NumberRange, _ expected: Double) throws {
        #expect(try read(text, .number(range)) == (expected, []))
    }

    @Test(arguments: [
        ("true", NumberRange.any, "a number"), ("\"x\"", .any, "a number"), ("\"\"", .any, "a number"),
        ("\"1e999\"", .any, "a number"),
        ("\"nan\"", .any, "a number"), ("\"0x10\"", .any, "a number"), ("-1", .nonNegative, "a non-negative number"),
        ("0", .positive, "a positive number"), ("0", .nonZero, "a non-zero number"),
        ("6", NumberRange(least: 1, most: 5), "a number between 1.0 and 5.0"),
        ("0", NumberRange(least: 1), "a number of at least 1.0"),
        ("6", NumberRange(most: 5), "a number of at most 5.0"),
    ])
    func `other numbers are refused`(_ text: String, _ range: NumberRange, _ noun: String) throws {
        #expect(try read(text, .number(range)).issues.map(\.message) == ["The body must be \(noun)."])
    }

    @Test(arguments: [
        ("5", 5), ("-9223372036854775808", Int.min), ("9223372036854775807", Int.max), ("5.0", 5), ("1e3", 1000),
        ("\"12\"", 12),
    ])
    func `integers are read`(_ text: String, _ expected: Int) throws {
        #expect(try read(text, .integer()) == (expected, []))
    }

    @Test(arguments: [
        ("1.5", Int.min...Int.max, "must be an integer"), ("\"a\"", Int.min...Int.max, "must be an integer"),
        ("1e300", Int.min...Int.max, "must be an integer"),
        ("-1", 0...Int.max, "must be an integer of at least 0"), ("7", Int.min...6, "must be an integer of at most 6"),
        ("7", 1...6, "must be between 1 and 6"),
        ("9223372036854775808", Int.min...Int.max, "must be between -9223372036854775808 and 9223372036854775807"),
    ])
    func `other integers are refused`(_ text: String, _ range: ClosedRange<Int>, _ complaint: String) throws {
        #expect(try read(text, .integer(range)).issues.map(\.message) == ["The body \(complaint)."])
    }

    @Test func `truth is only true and false`() throws {
        #expect(try read("true", .bool) == (true, []) && read("false", .bool) == (false, []))
        for text in ["0", "\"true\"", "[]"] {
            #expect(try read(text, .bool).issues.map(\.message) == ["The body must be true or false."])
        }
    }

    // MARK: Containers and text

    @Test func `arrays and dictionaries are counted`() throws {
        #expect(
            try read("[]", .array(of: .integer(), count: 1...2)).issues.map(\.message) == [
                "The body must not be empty."
            ])
        #expect(
            try read("[1]", .array(of: .integer(), count: 2...2)).issues.map(\.message) == [
                "The body must have at least 2 elements."
            ])
        #expect(try read("[1,2]", .array(of: .integer(), count: 1...2)) == ([1, 2], []))
        let dictionary = Schema<[(key: String, value: Int)]>.dictionary(of: .integer(), count: 1...2)
        let (value, issues) = try read(#"{"b":1,"a":2}"#, dictionary)
        #expect(value?.map(\.key) == ["b", "a"] && value?.map(\.value) == [1, 2] && issues.isEmpty)
        #expect(try read("{}", dictionary).issues.map(\.message) == ["The body must have between 1 and 2 members."])
        #expect(try read(#"{"a":"x"}"#, dictionary).issues.map(\.path) == ["a"])
    }

    @Test func `any value is kept as its text`() throws {
        #expect(try read(#" { "a" : [1, 2.50] } "#, .any).value == RawJSON(#"{ "a" : [1, 2.50] }"#))
        #expect(try read(#"{"a":1}"#, .anyObject()).value == RawJSON(#"{"a":1}"#))
        #expect(try read("[]", .anyObject()).issues.map(\.message) == ["The body must be an object."])
        #expect(
            try read(#"{"a":1}"#, .anyObject(bytes: 6)).issues.map(\.message) == [
                "The body must not be larger than 6 bytes."
            ])
    }

    @Test func `results are changed and checked further`() throws {
        let even = Schema<Int>.integer().checked { number, value, reader in
            if number % 2 != 0 { reader.report(value, "must be even") }
        }
        #expect(try read("4", even.map { $0 * 10 }) == (40, []))
        #expect(try read("3", even).issues.map(\.message) == ["The body must be even."])
    }

    @Test func `numeric strings are stored as numbers`() throws {
        let text = #" {"name":"5", "age" : "041" ,"height":"1.50","tags":["1"]}  "#
        try JSONDocument.read(text) { root in
            let reader = JSONReader()
            let person = Person.schema(root, reader)
            #expect(person == Person(name: "5", age: 41, height: 1.5, tags: ["1"], pet: nil))
            #expect(reader.normalized(root) == #"{"name":"5", "age" : 41 ,"height":1.5,"tags":["1"]}"#)
            // Reading again replaces nothing twice; a member is normalised by itself.
            _ = Person.schema(root, reader)
            #expect(reader.normalized(root) == #"{"name":"5", "age" : 41 ,"height":1.5,"tags":["1"]}"#)
            #expect(root["age"].map { reader.normalized($0) } == "41")
            #expect(root["tags"].map { reader.normalized($0) } == #"["1"]"#)
        }
        try JSONDocument.read(" [1] ") { #expect(JSONReader().normalized($0) == "[1]") }
    }

    // MARK: The contract

    @Test func `a declaration prints valid JSON Schema`() throws {
        var printer = ShapePrinter()
        #expect(printer.print(Person.schema.shape) == ##"{"$ref":"#/components/schemas/Person"}"##)
        let text = try #require(printer.components["Person"])
        try JSONDocument.read(text) { root in
            #expect(root["type"]?.string == "object" && root["additionalProperties"]?.bool == false)
            #expect(root["required"]?.rawText == #"["name"]"#)
            let properties = try #require(root["properties"])
            #expect(properties.members.map(\.name) == ["name", "age", "height", "tags", "pet"])
            #expect(
                properties["name"]?.rawText
                    == #"{"allOf":[{"type":"string","minLength":1,"maxLength":10}],"description":"What one is called."}"#
            )
            #expect(properties["age"]?["default"]?.int == 18)
            #expect(
                properties["height"]?["anyOf"]?.rawText == #"[{"type":"number","exclusiveMinimum":0},{"type":"null"}]"#)
            #expect(
                properties["pet"]?["anyOf"]?.elements.first { _ in true }?["enum"]?.rawText
                    == #"["cat","dog","goldfish"]"#)
        }
    }

    @Test func `a recursive declaration prints once and refers to itself`() throws {
        var printer = ShapePrinter()
        _ = printer.print(Tree.schema.shape)
        #expect(printer.components.keys.sorted() == ["Tree"])
        let text = try #require(printer.components["Tree"])
        #expect(fault(of: text) == nil)
        #expect(text.contains(##""items":{"$ref":"#/components/schemas/Tree"}"##))
    }

    @Test func `every shape prints valid JSON`() throws {
        let shapes: [Shape] = [
            .any, .bool, .null, .string(length: 1...5, format: "uri"), .enumeration(["a\"b", "c"]), .number(.any),
            .number(NumberRange(least: -1.5, most: 2, nonZero: true)),
            .number(.positive), .integer(Int.min...Int.max), .integer(1...5), .array(of: .any, count: 1...3),
            .object("", fields: [], open: .any),
            .object("", fields: [Person.name], open: .number(.any)), .either([.bool, .null]),
            .text(#"{"type":"string"}"#), .reference("Tree") { Tree.schema.shape },
        ]
        var printer = ShapePrinter()
        for shape in shapes {
            let text = printer.print(shape)
            try JSONDocument.read(text) { #expect($0.isObject) }
        }
        for text in printer.components.values { #expect(fault(of: text) == nil) }
    }
}

private func == <Value: Equatable>(_ a: (value: Value?, issues: [JSON.Issue]), _ b: (Value?, [JSON.Issue])) -> Bool {
    a.value == b.0 && a.issues == b.1
}
