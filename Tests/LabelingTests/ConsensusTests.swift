import JSON
import Labeling
import Testing

/// Answers in the fixtures whose merge was worked out by hand; each file's `why` tells how.
struct ConsensusTests {
    private static let names: [String] = (try? Fixtures.names(in: "consensus")) ?? []

    private struct Case {
        let type: any TaskType
        let params: String
        let answers: [Answer]
        let facts: [AttachmentFacts]
        let expected: JSONTree
        let agreement: Double?

        init(_ name: String) throws {
            (type, params, answers, facts, expected, agreement) = try JSONDocument.read(
                Fixtures.text("consensus/\(name).json")
            ) { value in
                let type = try #require(value["type"]?.string.flatMap(TaskTypes.named))
                let prepared = try type.prepare(value["params"]?.rawText ?? "{}", makeID: { "unused" })
                let answers =
                    value["answers"]?.elements.map { Answer(document: Document(), response: $0.rawText) }
                    ?? value["documents"]?.elements.map { Answer(document: Document($0), response: "{}") } ?? []
                return (
                    type, prepared.params, answers, value["attachments"]?.facts ?? [], JSONTree(value),
                    value["agreement"]?.double
                )
            }
        }

        func merge(_ order: [Int]) throws -> Merge {
            let ids = CountingIDs()
            return try type.merge(order.map { answers[$0] }, stored: params, facts: facts, makeID: ids.next)
        }
    }

    @Test func `there are fixtures`() { #expect(Self.names.count >= 12) }

    @Test(arguments: names) func `the merge is the one worked out by hand`(name: String) throws {
        let fixture = try Case(name)
        let merge = try fixture.merge(Array(fixture.answers.indices))
        if let agreement = fixture.agreement { #expect(abs(merge.agreement - agreement) < 1e-9) }
        #expect(JSONTree.number(Double(merge.agreed)) == fixture.expected.member("agreed"))
        for (collection, wanted) in fixture.expected.member("proposed")?.members ?? [:] {
            let found = try Self.objects(merge, collection)
            switch wanted {
            case .array(let list):
                try #require(found.count == list.count, "\(collection): \(found)")
                for (object, wish) in zip(found, list) {
                    #expect(object.agrees(with: wish), "\(object) is not \(wish)")
                }
            default:
                #expect(
                    JSONTree.object(
                        Dictionary(found.map { ($0.member("key")?.text ?? "", $0.without("key")) }) { a, _ in a })
                        == wanted)
            }
        }
        let collections = Set(merge.document.collections.filter { !$0.value.isEmpty }.keys)
        #expect(collections == Set((fixture.expected.member("proposed")?.members ?? [:]).keys))
        let wanted = fixture.expected.member("differences")?.elements ?? []
        try #require(merge.differences.count == wanted.count, "\(merge.differences)")
        for (difference, wish) in zip(merge.differences, wanted) {
            let shown = try Self.tree(difference, asks: wish)
            #expect(shown.agrees(with: wish), "\(shown) is not \(wish)")
        }
    }

    /// Nobody's answer counts more for having come first.
    @Test(arguments: names) func `the order of the answers changes nothing`(name: String) throws {
        let fixture = try Case(name)
        let count = fixture.answers.count
        let first = try fixture.merge(Array(0..<count))
        for order in [Array((0..<count).reversed()), (0..<count).map { ($0 + 1) % count }] {
            let other = try fixture.merge(order)
            #expect(abs(other.agreement - first.agreement) < 1e-12)
            #expect(other.agreed == first.agreed)
            for collection in Set(first.document.collections.keys).union(other.document.collections.keys) {
                let one = try Self.objects(first, collection).map(\.plain)
                let two = try Self.objects(other, collection).map(\.plain)
                #expect(Set(one) == Set(two), "\(one) is not \(two)")
            }
        }
    }

    @Test(arguments: names) func `a proposal about a picture can be drawn on and checked`(name: String) throws {
        let fixture = try Case(name)
        guard fixture.type.editor == .image else { return }
        let merge = try fixture.merge(Array(fixture.answers.indices))
        let submission = try fixture.type.submission(of: merge.document, stored: fixture.params, facts: fixture.facts)
        #expect(submission.issues.isEmpty, "\(submission.issues)")
    }

    // MARK: Reading

    /// The objects of a collection in their order, with their keys; ends of links by the labels of what they join.
    private static func objects(_ merge: Merge, _ collection: String) throws -> [JSONTree] {
        let annotations = merge.document.collections["annotations"] ?? [:]
        let labels = try annotations.mapValues { try JSONTree($0.text).member("label") ?? .null }
        return try (merge.document.collections[collection] ?? [:]).map { key, object -> (String, JSONTree) in
            guard case .object(var members) = try JSONTree(object.text) else { return ("", .null) }
            let order = members.removeValue(forKey: "order")?.text ?? ""
            for end in ["from", "to"] { members[end] = members[end]?.text.flatMap { labels[$0] } ?? members[end] }
            members["key"] = .string(key)
            return (order + key, .object(members))
        }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private static func tree(_ difference: Difference, asks wish: JSONTree) throws -> JSONTree {
        let about = difference.aspects.map { aspect in
            let name =
                wish.member("about")?.elements.contains { $0.text?.contains(" ") == true } == true ? aspect.name : nil
            return JSONTree.string(
                [aspect.kind.rawValue, name, aspect.isTied ? "tied" : nil].compactMap { $0 }.joined(separator: " "))
        }
        let answers = try difference.answers.enumerated().map { place, answer -> JSONTree in
            guard let answer else { return .null }
            let object = try JSONTree(answer.text)
            // Objects of documents stand under their keys, which the fixtures name.
            return object.member("uuid") ?? wish.member("answers")?.elements[place] ?? .null
        }
        return .object([
            "collection": .string(difference.collection), "key": .string(difference.key),
            "proposed": .bool(difference.isProposed), "votes": .number(Double(difference.votes)),
            "about": .array(about), "answers": .array(answers),
        ])
    }
}

extension JSONTree {
    fileprivate func member(_ name: String) -> JSONTree? { members[name] }

    fileprivate var members: [String: JSONTree] {
        if case .object(let members) = self { members } else { [:] }
    }

    fileprivate var elements: [JSONTree] {
        if case .array(let elements) = self { elements } else { [] }
    }

    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    fileprivate func without(_ name: String) -> JSONTree {
        .object(members.filter { $0.key != name })
    }

    /// Without what is made up on the way.
    fileprivate var plain: JSONTree { without("key") }

    /// Whether every member of the wish is met.
    fileprivate func agrees(with wish: JSONTree) -> Bool {
        wish.members.allSatisfy { members[$0.key] == $0.value }
    }
}
