import JSON

/// The outcome of a vote on one answer.
struct Ballot {
    /// In JSON; nil when the question stays unanswered.
    let winner: String?
    /// Whether no answer has more voices than the others.
    let isTied: Bool
    /// Whether everybody said the same.
    let isUnanimous: Bool

    /// Most voices win.
    ///
    /// No answer is an answer too. On a tie the question stays open: nothing is made up. The answers are given in JSON;
    /// `same` says which count as one.
    init(_ answers: [String?], same: (String, String) -> Bool = { $0 == $1 }) {
        var classes: [(answer: String?, count: Int)] = []
        for answer in answers {
            let place = classes.firstIndex { known in
                guard let one = known.answer, let other = answer else { return known.answer == answer }
                return same(one, other)
            }
            if let place { classes[place].count += 1 } else { classes.append((answer, 1)) }
        }
        let most = classes.map(\.count).max() ?? 0
        let winners = classes.filter { $0.count == most }
        isTied = winners.count > 1
        isUnanimous = classes.count <= 1
        winner = isTied ? nil : winners.first?.answer
    }

    private init(winner: String?, isTied: Bool, isUnanimous: Bool) {
        self.winner = winner
        self.isTied = isTied
        self.isUnanimous = isUnanimous
    }

    /// Each choice stands for itself: those that more than half have chosen win.
    ///
    /// `order` holds all choices in the order in which they are answered.
    static func choices(_ answers: [Set<String>], order: [String]) -> Ballot {
        let counts = order.map { choice in (choice, count: answers.filter { $0.contains(choice) }.count) }
        let winners = counts.filter { $0.count * 2 > answers.count }.map { JSONWriter.quoted($0.0) }
        return Ballot(
            winner: winners.isEmpty ? nil : "[\(winners.joined(separator: ","))]",
            isTied: counts.contains { $0.count > 0 && $0.count * 2 == answers.count },
            isUnanimous: Set(answers).count <= 1)
    }

    /// The middle of the numbers; of two middle ones the smaller, since somebody has said it.
    ///
    /// Unanswered unless more than half have answered. Two middle ones that differ are a tie.
    static func numbers(_ answers: [Double?]) -> Ballot {
        let given = answers.compactMap { $0 }.sorted()
        guard given.count * 2 > answers.count else {
            let isSplit = given.count * 2 == answers.count && !given.isEmpty
            return Ballot(winner: nil, isTied: isSplit, isUnanimous: given.isEmpty)
        }
        let (low, high) = (given[(given.count - 1) / 2], given[given.count / 2])
        return Ballot(
            winner: Wording.number(low), isTied: low != high,
            isUnanimous: given.count == answers.count && given.first == given.last)
    }

    /// Of the angles in degrees that with the least way to all others.
    static func angles(_ answers: [Double?]) -> Ballot {
        let given = answers.compactMap { $0 }.sorted()
        guard given.count * 2 > answers.count else { return numbers(answers) }
        let ways = given.map { angle in given.reduce(0) { $0 + turn(angle, $1) } }
        let least = ways.min() ?? 0
        let best = zip(given, ways).filter { $0.1 == least }.map(\.0)
        return Ballot(
            winner: best.first.map { Wording.number($0) }, isTied: Set(best).count > 1,
            isUnanimous: given.count == answers.count && Set(given).count == 1)
    }

    /// The smaller turn between two directions in degrees.
    static func turn(_ a: Double, _ b: Double) -> Double {
        let rest = abs(a - b).truncatingRemainder(dividingBy: 360)
        return min(rest, 360 - rest)
    }
}

extension Attribute {
    /// Up to here angles count as the same, in degrees.
    private static let sameAngle = 5.0

    /// Votes on the answers to this question.
    ///
    /// `linked` gives the name by which all know what an answer of that person's, by place, points at.
    func vote(_ answers: [JSONValue?], linked: (Int, String) -> String?) -> Ballot {
        switch kind {
        case .category(let choices, allowMultiple: true):
            return Ballot.choices(answers.map(Self.chosen), order: choices.choices)
        case .number, .offset: return Ballot.numbers(answers.map { $0?.double })
        case .angle: return Ballot.angles(answers.map { $0?.double })
        case .linked:
            return Ballot(
                answers.enumerated().map { place, answer in
                    answer?.string.flatMap { linked(place, $0) }.map { JSONWriter.quoted($0) }
                })
        case .category, .imageRotation, .text:
            return Ballot(answers.map { $0.map { $0.double.map { Wording.number($0) } ?? $0.rawText } })
        }
    }

    /// Whether two answers to this question count as the same.
    ///
    /// `reach`: pixels within which distances do. `first` and `second` name what links point at.
    func agree(
        _ a: JSONValue?, _ b: JSONValue?, reach: Double, first: (String) -> String?, second: (String) -> String?
    ) -> Bool {
        guard let a, let b else { return a == nil && b == nil }
        switch kind {
        case .category(_, allowMultiple: true): return Self.chosen(a) == Self.chosen(b)
        case .angle: return zip(a.double, b.double).map { Ballot.turn($0, $1) <= Self.sameAngle } ?? false
        case .offset: return zip(a.double, b.double).map { abs($0 - $1) <= reach / 2 } ?? false
        case .linked: return zip(a.string, b.string).map { first($0) == second($1) } ?? false
        default: return JSONEquality.equal(a, b)
        }
    }

    private static func chosen(_ answer: JSONValue?) -> Set<String> {
        Set(answer.allElements.compactMap(\.string))
    }

    private func zip<A, B>(_ a: A?, _ b: B?) -> (A, B)? {
        guard let a, let b else { return nil }
        return (a, b)
    }
}
