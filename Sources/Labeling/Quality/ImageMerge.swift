import Geometry
import JSON

/// Puts together responses about one picture.
struct ImageMerge {
    private(set) var merge: Merge

    /// `responses` must be open; facts tell the size of the picture.
    init(_ responses: [JSONValue], params: ImageParams, facts: [AttachmentFacts], makeID: () -> String) {
        let sheet = ImageSheet(responses, params: params, facts: facts, makeID: makeID)
        merge = Merge(document: Document(), agreement: sheet.agreement, agreed: 0, differences: [])
        var place = 0
        for thing in sheet.things {
            let object = sheet.object(of: thing, order: OrderKey.at(place))
            if thing.isProposed {
                merge.document.collections["annotations", default: [:]][thing.key] = object
                place += 1
            }
            add(sheet.aspects(of: thing), "annotations", thing, object, sheet.agreement(about: thing))
        }
        addAnswers(sheet)
        addLinks(sheet, makeID: makeID)
    }

    private mutating func add(
        _ aspects: [Difference.Aspect], _ collection: String, _ thing: ImageThing, _ object: RawJSON,
        _ agreement: Double
    ) {
        guard !aspects.isEmpty else {
            merge.agreed += 1
            return
        }
        merge.differences.append(
            Difference(
                collection: collection, key: thing.key, isProposed: thing.isProposed, object: object,
                votes: thing.votes, agreement: agreement, aspects: aspects,
                answers: thing.marks.map { $0.map { RawJSON($0.value.rawText) } }))
    }

    private mutating func addAnswers(_ sheet: ImageSheet) {
        for entry in sheet.params.attributes.global.entries {
            let answers = sheet.globalAnswers(entry.key)
            guard answers.contains(where: { $0 != nil }) else { continue }
            let ballot = entry.attribute.vote(answers) { sheet.names[$0][$1] }
            if let winner = ballot.winner {
                merge.document.set("attributes", entry.key) { $0.field("value", raw: winner) }
            }
            if ballot.isUnanimous {
                merge.agreed += 1
                continue
            }
            let wrapped = answers.map { $0.map { RawJSON("{\"value\":\($0.rawText)}") } }
            merge.differences.append(
                Difference(
                    collection: "attributes", key: entry.key, isProposed: ballot.winner != nil,
                    object: RawJSON(ballot.winner.map { "{\"value\":\($0)}" } ?? "null"),
                    votes: answers.filter { $0 != nil }.count,
                    agreement: sheet.agreement(aboutAnswer: entry),
                    aspects: [
                        Difference.Aspect(.answer, name: entry.key, isTied: ballot.isTied)
                    ], answers: wrapped))
        }
    }

    private mutating func addLinks(_ sheet: ImageSheet, makeID: () -> String) {
        for (place, link) in sheet.links.enumerated() {
            let thing = link.thing(makeID: makeID)
            let object = sheet.object(of: link, order: OrderKey.at(place))
            if thing.isProposed { merge.document.collections["links", default: [:]][thing.key] = object }
            add(sheet.aspects(of: link), "links", thing, object, sheet.agreement(about: link))
        }
    }
}

/// One annotation of one person.
struct ImageMark {
    let person: Int
    let uuid: String
    let label: String?
    let figure: Figure
    let bounds: Box
    let value: JSONValue
    /// Where it stands in its response.
    let place: Int
}

/// What several people mean by one thing.
struct ImageThing {
    let key: String
    /// By person, nil for those who do not have it.
    let marks: [ImageMark?]

    var given: [ImageMark] { marks.compactMap { $0 } }
    var votes: Int { given.count }
    /// More than half have it.
    var isProposed: Bool { votes * 2 > marks.count }
}

extension ImageMark {
    init?(_ value: JSONValue, person: Int, place: Int, params: ImageParams) {
        let name = value["type"]?.string.flatMap(Geometry.init(rawValue:))
        guard let geometry = name ?? (params.isLegacy ? params.geometries.allowed.first : nil),
            let figure = Figure.read(geometry, value, JSONReader()), let bounds = Box(around: figure.extent)
        else { return nil }
        self.init(
            person: person, uuid: value["uuid"]?.string ?? "", label: value["label"]?.string, figure: figure,
            bounds: bounds, value: value, place: place)
    }

    /// An order that is the same whoever drew it: from left to right, then down, then by size and label.
    func precedes(_ other: ImageMark) -> Bool {
        let (mine, others) = (measures, other.measures)
        if mine != others { return mine.lexicographicallyPrecedes(others) }
        if label != other.label { return (label ?? "") < (other.label ?? "") }
        return (uuid, person) < (other.uuid, other.person)
    }

    private var measures: [Double] { [bounds.left, bounds.top, bounds.width, bounds.height] }
}
