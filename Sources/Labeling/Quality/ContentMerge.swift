import Geometry
import JSON

/// Puts together documents of any kind by what stands in them, where nothing is known of shapes.
///
/// Objects with the same key are the same thing, as answers to fields are; others where they say the same beside label
/// and attributes, or where their boxes overlap by half. Each member goes by most voices.
struct ContentMerge {
    private(set) var merge: Merge
    private let people: Int
    /// For each person, the key of the merged object by the person's own key.
    private var names: [[String: String]]
    /// What each pair of people has in common and what both have, as in ``ImageSheet/agreement``.
    private var common: [Int: Double] = [:]
    private var all: [Int: Double] = [:]

    /// `documents` must be open.
    init(_ documents: [JSONValue], makeID: () -> String) {
        people = documents.count
        names = [[String: String]](repeating: [:], count: documents.count)
        merge = Merge(document: Document(), agreement: 1, agreed: 0, differences: [])
        var collections: [String] = []
        for document in documents {
            for member in document.members where !collections.contains(member.name) { collections.append(member.name) }
        }
        // Other collections refer to annotations by key, so these come first.
        for collection in collections.sorted(by: {
            ($0 != "annotations" ? 1 : 0, $0) < ($1 != "annotations" ? 1 : 0, $1)
        }) {
            add(collection, documents, makeID: makeID)
        }
        let scores = all.map { pair, both in both > 0 ? 2 * (common[pair] ?? 0) / both : 1 }
        merge.agreement = scores.isEmpty ? 1 : scores.reduce(0, +) / Double(scores.count)
    }

    private mutating func add(_ collection: String, _ documents: [JSONValue], makeID: () -> String) {
        let pieces = documents.enumerated().flatMap { person, document in
            document[collection].allMembers.map { Piece($0.name, $0.value, person: person, names: names[person]) }
        }.sorted { $0.precedes($1) }
        var place = 0
        for members in Self.groups(pieces) {
            let key = Self.key(of: members) ?? makeID()
            for member in members { names[member.person][member.key] = key }
            count(members)
            let vote = ContentVote(members, people: people, order: OrderKey.at(place))
            if vote.isProposed {
                merge.document.collections[collection, default: [:]][key] = RawJSON(vote.object)
                place += 1
            }
            guard !vote.aspects.isEmpty else {
                merge.agreed += 1
                continue
            }
            var answers = [RawJSON?](repeating: nil, count: people)
            for member in members { answers[member.person] = RawJSON(member.value.rawText) }
            merge.differences.append(
                Difference(
                    collection: collection, key: key, isProposed: vote.isProposed, object: RawJSON(vote.object),
                    votes: members.count, agreement: vote.agreement, aspects: vote.aspects, answers: answers))
        }
    }

    /// What is the same thing, in the order in which people put it.
    private static func groups(_ pieces: [Piece]) -> [[Piece]] {
        let groups = Grouping.groups(people: pieces.map(\.person), pairs: pairs(pieces), floor: Likeness.floor)
        return groups.map { $0.map { pieces[$0] } }.enumerated().sorted { a, b in
            let (first, second) = (place(of: a.element), place(of: b.element))
            if first != second { return first < second }
            return a.element.count != b.element.count ? a.element.count > b.element.count : a.offset < b.offset
        }.map(\.element)
    }

    /// The middle of the places, or the key where there are none.
    private static func place(of members: [Piece]) -> String {
        let orders = members.compactMap { $0.value["order"]?.string }.sorted()
        return orders.isEmpty ? members[0].key : orders[(orders.count - 1) / 2]
    }

    /// The key that all have, unless only one made it up.
    private static func key(of members: [Piece]) -> String? {
        let keys = Set(members.map(\.key))
        return keys.count == 1 && (members.count > 1 || isAnswer(members[0].value)) ? keys.first : nil
    }

    private static func isAnswer(_ value: JSONValue) -> Bool { value["value"] != nil }

    private static func pairs(_ pieces: [Piece]) -> [Grouping.Pair] {
        pieces.indices.flatMap { a in
            pieces.indices.dropFirst(a + 1).compactMap { b -> Grouping.Pair? in
                guard pieces[a].person != pieces[b].person else { return nil }
                if pieces[a].key == pieces[b].key { return Grouping.Pair(a: a, b: b, likeness: 1, rank: 2) }
                guard !isAnswer(pieces[a].value), !isAnswer(pieces[b].value) else { return nil }
                let value = pieces[a].likeness(to: pieces[b])
                return value >= Likeness.floor ? Grouping.Pair(a: a, b: b, likeness: value, rank: value) : nil
            }
        }
    }

    private mutating func count(_ members: [Piece]) {
        for a in 0..<people {
            for b in (a + 1)..<max(a + 1, people) {
                let first = members.first { $0.person == a }
                let second = members.first { $0.person == b }
                let pair = a * people + b
                all[pair, default: 0] += (first == nil ? 0 : 1) + (second == nil ? 0 : 1)
                if let first, let second { common[pair, default: 0] += first.share(with: second) }
            }
        }
    }
}

/// One object of one person's document.
struct Piece {
    let key: String
    let value: JSONValue
    let person: Int
    /// What it says, member by member; keys of other objects stand there as all know them.
    let members: [String: String]
    private let identity: String
    private let box: Box?

    init(_ key: String, _ value: JSONValue, person: Int, names: [String: String]) {
        self.key = key
        self.value = value
        self.person = person
        var members: [String: String] = [:]
        for member in value.members where member.name != "order" && !member.value.isNull {
            members[member.name] = Self.plain(member.value, names)
        }
        self.members = members
        identity = members.filter { !["label", "attributes"].contains($0.key) }.sorted { $0.key < $1.key }
            .map { "\($0.key):\($0.value)" }.joined(separator: ",")
        let place = value["location"] ?? value
        box = Figure.box(place, Judge(.draft, JSONReader())).flatMap { $0.width > 0 && $0.height > 0 ? $0 : nil }
    }

    func precedes(_ other: Piece) -> Bool {
        if identity != other.identity { return identity < other.identity }
        let (label, otherLabel) = (members["label"] ?? "", other.members["label"] ?? "")
        return label != otherLabel ? label < otherLabel : (key, person) < (other.key, other.person)
    }

    func likeness(to other: Piece) -> Double {
        if identity == other.identity { return 1 }
        guard let box, let second = other.box, members["page"] == other.members["page"] else { return 0 }
        return Overlap(box.corners, second.corners).ratio
    }

    /// The share of members that are the same.
    func share(with other: Piece) -> Double {
        let names = Set(members.keys).union(other.members.keys)
        guard !names.isEmpty else { return 1 }
        return Double(names.filter { members[$0] == other.members[$0] }.count) / Double(names.count)
    }

    /// A value in one spelling: members in the order of the alphabet, numbers as doubles.
    static func plain(_ value: JSONValue, _ names: [String: String]) -> String {
        switch value.kind {
        case .object:
            let members = value.members.map { (name: $0.name, text: plain($0.value, names)) }.sorted {
                $0.name < $1.name
            }
            return "{\(members.map { "\(JSONWriter.quoted($0.name)):\($0.text)" }.joined(separator: ","))}"
        case .array: return "[\(value.elements.map { plain($0, names) }.joined(separator: ","))]"
        case .string:
            let text = value.string ?? ""
            return JSONWriter.quoted(names[text] ?? text)
        case .integer, .number: return value.double.map { Wording.number($0) } ?? value.rawText
        case .bool, .null: return value.rawText
        }
    }
}

/// A vote on the members of one object.
struct ContentVote {
    let isProposed: Bool
    /// In JSON; `null` where nothing is proposed of an answer.
    let object: String
    let aspects: [Difference.Aspect]
    /// The mean share of equal members over all pairs of people.
    let agreement: Double

    init(_ pieces: [Piece], people: Int, order: String) {
        let names = Set(pieces.flatMap(\.members.keys)).sorted()
        let isAnswer = names.contains("value")
        let sums = pieces.map { piece in pieces.reduce(0) { $0 + piece.share(with: $1) } }
        let model = pieces[pieces.indices.max { sums[$0] < sums[$1] } ?? 0]
        var written: [(String, String)] = []
        var aspects: [Difference.Aspect] = []
        if pieces.count < people {
            aspects.append(Difference.Aspect(.presence, isTied: pieces.count * 2 == people))
        }
        for name in names {
            let ballot = Self.vote(pieces.map { $0.members[name] })
            let winner = ballot.winner ?? (isAnswer ? nil : model.members[name])
            if let winner { written.append((name, winner)) }
            guard !ballot.isUnanimous else { continue }
            let kind: Difference.Aspect.Kind =
                switch name {
                case "value": .answer
                case "label": .label
                case "attributes": .attribute
                default: .shape
                }
            aspects.append(Difference.Aspect(kind, name: kind == .attribute ? name : nil, isTied: ballot.isTied))
        }
        let isSaid = !isAnswer || written.contains { $0.0 == "value" }
        isProposed = pieces.count * 2 > people && isSaid
        if isSaid {
            if model.value["order"] != nil { written.append(("order", JSONWriter.quoted(order))) }
            object = "{\(written.map { "\(JSONWriter.quoted($0.0)):\($0.1)" }.joined(separator: ","))}"
        } else {
            object = "null"
        }
        self.aspects = aspects
        let pairs = people * (people - 1) / 2
        var sum = 0.0
        for (place, piece) in pieces.enumerated() {
            sum = pieces[(place + 1)...].reduce(sum) { $0 + piece.share(with: $1) }
        }
        agreement = pairs > 0 ? sum / Double(pairs) : 1
    }

    private static func vote(_ answers: [String?]) -> Ballot {
        let numbers = answers.compactMap { $0 }.compactMap(Double.init)
        return numbers.count == answers.count ? Ballot.numbers(numbers) : Ballot(answers)
    }
}
