import Geometry
import JSON

/// What several people mean by one link.
struct ImageLink {
    let label: String
    /// Keys of things.
    let from: String
    let to: String
    /// By person.
    let values: [JSONValue?]

    var given: [(person: Int, value: JSONValue)] {
        values.enumerated().compactMap { person, value in value.map { (person, $0) } }
    }

    var isProposed: Bool { given.count * 2 > values.count }

    /// All links of some responses, those that join the same things under the same label together.
    ///
    /// `names`: for each person, the keys of things by the uuids of annotations.
    static func all(_ responses: [JSONValue], names: [[String: String]]) -> [ImageLink] {
        struct Place: Hashable {
            let label, from, to: String
        }
        var order: [Place] = []
        var found: [Place: [JSONValue?]] = [:]
        for (person, response) in responses.enumerated() {
            for link in response["links"].allElements {
                guard let label = link["label"]?.string, let from = link["from"]?.string.flatMap({ names[person][$0] }),
                    let to = link["to"]?.string.flatMap({ names[person][$0] })
                else { continue }
                // Which end of one that goes both ways came first means nothing.
                let isSwapped = link["is_bidirectional"]?.bool == true && to < from
                let place = Place(label: label, from: isSwapped ? to : from, to: isSwapped ? from : to)
                if found[place] == nil {
                    order.append(place)
                    found[place] = [JSONValue?](repeating: nil, count: responses.count)
                }
                found[place]?[person] = link
            }
        }
        return order.map { place in
            ImageLink(label: place.label, from: place.from, to: place.to, values: found[place] ?? [])
        }
    }

    /// The link as a thing, with a key of its own unless all have the same.
    func thing(makeID: () -> String) -> ImageThing {
        let keys = Set(given.map { $0.value["uuid"]?.string ?? "" })
        let kept = given.count > 1 && keys.count == 1 ? keys.first : nil
        let marks = values.enumerated().map { person, value in
            value.map {
                ImageMark(
                    person: person, uuid: "", label: label, figure: .line([]),
                    bounds: Box(left: 0, top: 0, width: 0, height: 0), value: $0, place: 0)
            }
        }
        return ImageThing(key: kept.flatMap { $0.isEmpty ? nil : $0 } ?? makeID(), marks: marks)
    }
}

extension ImageSheet {
    private func votes(of link: ImageLink) -> [(key: String, ballot: Ballot)] {
        guard params.attributes.local.asksLinks(link.label) else { return [] }
        let given = link.given
        return params.attributes.local.entries.map { entry in
            let answers = given.map { Self.answer($0.value, entry.key) }
            return (entry.key, entry.attribute.vote(answers) { names[given[$0].person][$1] })
        }
    }

    /// The link as it stands in a document.
    func object(of link: ImageLink, order: String) -> RawJSON {
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            writer.field("label", link.label)
            writer.field("from", link.from)
            writer.field("to", link.to)
            write(votes(of: link), to: &writer)
            writer.field("order", order)
        }
        return RawJSON(writer.text)
    }

    /// In what people differ about a link.
    func aspects(of link: ImageLink) -> [Difference.Aspect] {
        var aspects: [Difference.Aspect] = []
        if link.given.count < link.values.count {
            aspects.append(Difference.Aspect(.presence, isTied: link.given.count * 2 == link.values.count))
        }
        for vote in votes(of: link) where !vote.ballot.isUnanimous {
            aspects.append(Difference.Aspect(.attribute, name: vote.key, isTied: vote.ballot.isTied))
        }
        return aspects
    }

    /// The share of pairs of people who both have it or agree that there is none.
    func agreement(about link: ImageLink) -> Double {
        let (with, all) = (link.given.count, link.values.count)
        let pairs = all * (all - 1) / 2
        return pairs > 0 ? Double(with * (with - 1) / 2) / Double(pairs) : 1
    }
}
