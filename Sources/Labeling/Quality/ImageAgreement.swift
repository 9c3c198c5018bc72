import JSON

/// How far responses about one picture agree.
///
/// Two people's agreement is the coefficient of Dice (1945) and Sørensen (1948), twice what they share over what both
/// have, where a thing is shared as far as they agree about it. That of more is the mean over all pairs. It is not
/// corrected for chance, of which shapes on a picture leave little.
extension ImageSheet {
    /// From 0 to 1; 1 where there is nothing at all.
    var agreement: Double {
        Self.mean(pairs.map { agreement(of: $0, and: $1) })
    }

    /// How far people agree about one thing; somebody who does not have it agrees with nobody.
    func agreement(about thing: ImageThing) -> Double {
        Self.mean(pairs.map { shared(thing, $0, $1) })
    }

    /// How far people agree about a question about the whole.
    func agreement(aboutAnswer entry: AttributeSet.Entry) -> Double {
        Self.mean(pairs.map { isSame(entry, $0, $1) ? 1 : 0 })
    }

    private var pairs: [(Int, Int)] {
        responses.indices.flatMap { a in responses.indices.dropFirst(a + 1).map { (a, $0) } }
    }

    private static func mean(_ numbers: [Double]) -> Double {
        numbers.isEmpty ? 1 : numbers.reduce(0, +) / Double(numbers.count)
    }

    private func agreement(of a: Int, and b: Int) -> Double {
        var (common, all) = (0.0, 0.0)
        for thing in things {
            all += (thing.marks[a] == nil ? 0 : 1) + (thing.marks[b] == nil ? 0 : 1)
            common += shared(thing, a, b)
        }
        for link in links {
            all += (link.values[a] == nil ? 0 : 1) + (link.values[b] == nil ? 0 : 1)
            common += link.values[a] != nil && link.values[b] != nil ? 1 : 0
        }
        for entry in params.attributes.global.entries {
            let answers = globalAnswers(entry.key)
            guard answers[a] != nil || answers[b] != nil else { continue }
            all += 2
            common += isSame(entry, a, b) ? 1 : 0
        }
        return all > 0 ? 2 * common / all : 1
    }

    /// 0 without a common label; else the likeness of the shapes, and where questions are answered the mean of it and the share of equal answers.
    private func shared(_ thing: ImageThing, _ a: Int, _ b: Int) -> Double {
        guard let first = thing.marks[a], let second = thing.marks[b], first.label == second.label else { return 0 }
        let shape = likeness(first.figure, second.figure)
        let asked = params.attributes.local.entries.filter { entry in
            Self.answer(first.value, entry.key) != nil || Self.answer(second.value, entry.key) != nil
        }
        guard !asked.isEmpty else { return shape }
        let equal = asked.filter { entry in
            entry.attribute.agree(
                Self.answer(first.value, entry.key), Self.answer(second.value, entry.key), reach: likeness.reach,
                first: { names[a][$0] }, second: { names[b][$0] })
        }
        return (shape + Double(equal.count) / Double(asked.count)) / 2
    }

    private func isSame(_ entry: AttributeSet.Entry, _ a: Int, _ b: Int) -> Bool {
        let answers = globalAnswers(entry.key)
        return entry.attribute.agree(
            answers[a], answers[b], reach: likeness.reach, first: { names[a][$0] }, second: { names[b][$0] })
    }
}
