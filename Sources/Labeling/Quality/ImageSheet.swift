import Geometry
import JSON

/// All responses about one picture side by side: which annotations and links of them are the same things.
struct ImageSheet {
    /// How much less a pair counts whose labels differ, when things are put together.
    private static let otherLabel = 0.8

    let params: ImageParams
    let responses: [JSONValue]
    let likeness: Likeness
    /// In the order in which people stacked them.
    private(set) var things: [ImageThing] = []
    private(set) var links: [ImageLink] = []
    /// For each person, the key of the thing by the uuid of the annotation.
    private(set) var names: [[String: String]] = []

    init(_ responses: [JSONValue], params: ImageParams, facts: [AttachmentFacts], makeID: () -> String) {
        self.params = params
        self.responses = responses
        let marks = responses.enumerated().flatMap { person, response in
            response["annotations"].allElements.enumerated().compactMap { place, value in
                ImageMark(value, person: person, place: place, params: params)
            }
        }.sorted { $0.precedes($1) }
        let size = params.size(facts).map { Box(left: 0, top: 0, width: Double($0.width), height: Double($0.height)) }
        likeness = Likeness(extent: size ?? Box(around: marks.flatMap { $0.bounds.corners }))
        let groups = Grouping.groups(
            people: marks.map(\.person), pairs: Self.pairs(marks, likeness), floor: Likeness.floor)
        things = groups.map { Self.thing($0.map { marks[$0] }, people: responses.count, makeID: makeID) }
            .enumerated().sorted { a, b in
                let (first, second) = (Self.stacking(a.element), Self.stacking(b.element))
                return first != second ? first < second : a.offset < b.offset
            }.map(\.element)
        names = responses.indices.map { person in
            Dictionary(
                things.compactMap { thing in thing.marks[person].map { ($0.uuid, thing.key) } },
                uniquingKeysWith: { first, _ in first })
        }
        links = ImageLink.all(responses, names: names)
    }

    // MARK: Putting together

    private static func pairs(_ marks: [ImageMark], _ likeness: Likeness) -> [Grouping.Pair] {
        var pairs: [Grouping.Pair] = []
        let far = likeness.reach
        // Marks stand from left to right, so those behind one that begins right of this one's end cannot touch it.
        for (a, mark) in marks.enumerated() {
            for b in (a + 1)..<max(a + 1, marks.count) {
                let other = marks[b]
                guard other.bounds.left <= mark.bounds.right + far else { break }
                guard other.person != mark.person, other.bounds.top <= mark.bounds.bottom + far,
                    other.bounds.bottom >= mark.bounds.top - far, !isSame(mark, other)
                else { continue }
                let value = likeness(mark.figure, other.figure)
                guard value > 0 else { continue }
                pairs.append(
                    Grouping.Pair(
                        a: a, b: b, likeness: value, rank: mark.label == other.label ? value : value * otherLabel))
            }
        }
        // What was handed in with the task keeps its uuid, so it is the same thing wherever it was moved.
        var places: [String: [Int]] = [:]
        for (place, mark) in marks.enumerated() where !mark.uuid.isEmpty {
            places[mark.uuid, default: []].append(place)
        }
        for same in places.values where same.count > 1 {
            for (at, a) in same.enumerated() {
                for b in same[(at + 1)...] where isSame(marks[a], marks[b]) {
                    pairs.append(Grouping.Pair(a: a, b: b, likeness: 1, rank: 2))
                }
            }
        }
        return pairs.filter { $0.likeness >= Likeness.floor || $0.rank > 1 }
    }

    private static func isSame(_ a: ImageMark, _ b: ImageMark) -> Bool {
        !a.uuid.isEmpty && a.uuid == b.uuid && a.person != b.person
    }

    private static func thing(_ marks: [ImageMark], people: Int, makeID: () -> String) -> ImageThing {
        var seats = [ImageMark?](repeating: nil, count: people)
        for mark in marks { seats[mark.person] = mark }
        // A key that all have comes from the task itself and stays.
        let keys = Set(marks.map(\.uuid))
        let kept = marks.count > 1 && keys.count == 1 ? keys.first : nil
        return ImageThing(key: kept.flatMap { $0.isEmpty ? nil : $0 } ?? makeID(), marks: seats)
    }

    /// The middle of the places at which people have it.
    private static func stacking(_ thing: ImageThing) -> Double {
        FigureMerge.middle(thing.given.map { Double($0.place) })
    }

    // MARK: What is proposed

    /// The label with most voices; on a tie the one that the task names first.
    func label(of thing: ImageThing) -> (label: String?, ballot: Ballot) {
        let labels = thing.given.map(\.label)
        let ballot = Ballot(labels)
        guard ballot.isTied else { return (ballot.winner, ballot) }
        let counts = Dictionary(labels.compactMap { $0 }.map { ($0, 1) }, uniquingKeysWith: +)
        let most = counts.values.max()
        let order = Geometry.allCases.compactMap { params.geometries[$0] }.flatMap(\.labels.choices)
        return (order.first { counts[$0] == most } ?? labels.compactMap { $0 }.min(), ballot)
    }

    /// Votes on the attributes, by those who chose the label, as others were asked other questions.
    private func votes(of thing: ImageThing) -> [(key: String, ballot: Ballot)] {
        let label = label(of: thing).label
        let voters = thing.given.filter { $0.label == label }
        return params.attributes.local.entries.map { entry in
            let answers = voters.map { Self.answer($0.value, entry.key) }
            return (entry.key, entry.attribute.vote(answers) { names[voters[$0].person][$1] })
        }
    }

    static func answer(_ value: JSONValue, _ key: String) -> JSONValue? {
        value["attributes"]?[key].flatMap { $0.isUnanswered ? nil : $0 }
    }

    /// The object as it stands in a document.
    func object(of thing: ImageThing, order: String) -> RawJSON {
        let given = thing.given
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.copy(["type"], of: given[0].value)
            if given[0].value["type"]?.string == nil {
                writer.field("type", ifPresent: params.geometries.allowed.first?.rawValue)
            }
            writer.field("label", ifPresent: label(of: thing).label)
            FigureMerge(likeness: likeness).write(given.map(\.figure), of: given.map(\.value), to: &writer)
            write(votes(of: thing), to: &writer)
            writer.field("order", order)
        }
        return RawJSON(writer.text)
    }

    func write(_ votes: [(key: String, ballot: Ballot)], to writer: inout JSONWriter) {
        guard votes.contains(where: { $0.ballot.winner != nil }) else { return }
        writer.object("attributes") { writer in
            for vote in votes {
                guard let winner = vote.ballot.winner else { continue }
                writer.key(vote.key)
                writer.raw(winner)
            }
        }
    }

    /// In what people differ about a thing; nothing where all are of one mind.
    func aspects(of thing: ImageThing) -> [Difference.Aspect] {
        var aspects: [Difference.Aspect] = []
        if thing.votes < thing.marks.count {
            aspects.append(Difference.Aspect(.presence, isTied: thing.votes * 2 == thing.marks.count))
        }
        let figures = thing.given.map(\.figure)
        let isAlike = figures.indices.allSatisfy { a in
            figures[(a + 1)...].allSatisfy { likeness(figures[a], $0) >= Likeness.alike }
        }
        if !isAlike { aspects.append(Difference.Aspect(.shape)) }
        let label = label(of: thing).ballot
        if !label.isUnanimous { aspects.append(Difference.Aspect(.label, isTied: label.isTied)) }
        for vote in votes(of: thing) where !vote.ballot.isUnanimous {
            aspects.append(Difference.Aspect(.attribute, name: vote.key, isTied: vote.ballot.isTied))
        }
        return aspects
    }

    func globalAnswers(_ key: String) -> [JSONValue?] {
        responses.map { $0["global_attributes"]?[key].flatMap { $0.isUnanswered ? nil : $0 } }
    }
}
