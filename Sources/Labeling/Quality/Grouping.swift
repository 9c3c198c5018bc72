/// Puts together what several people mean by the same thing.
///
/// Pairs are taken by their rank, the highest first, and joined unless one group would hold two things of one person or
/// its members would be too unlike on the average. For two people that is the stable matching of Gale and Shapley
/// (1962), which a common ranking makes unique, and what the usual measures of detectors do too; for more it is
/// agglomeration by average linkage. Which person comes first makes no difference.
enum Grouping {
    /// Two things of different people that may be the same.
    struct Pair {
        let a: Int
        let b: Int
        /// From 0 to 1.
        let likeness: Double
        /// By what pairs are ordered; more than the likeness where more speaks for the pair.
        let rank: Double
    }

    /// Groups of things, by number; those that stand alone are groups of one.
    ///
    /// `people` says whose each thing is. Things are numbered in an order that does not depend on the people's, since of
    /// equal pairs that with the smaller numbers comes first. `floor` is the least likeness on the average.
    static func groups(people: [Int], pairs: [Pair], floor: Double) -> [[Int]] {
        var home = Array(people.indices)
        var groups = people.indices.map { [$0] }
        var known: [Int: Double] = [:]
        for pair in pairs { known[key(pair.a, pair.b, people.count)] = pair.likeness }
        for pair in pairs.sorted(by: precedes) {
            let (into, from) = (min(home[pair.a], home[pair.b]), max(home[pair.a], home[pair.b]))
            guard into != from else { continue }
            let owners = groups[into].map { people[$0] }
            guard !groups[from].contains(where: { owners.contains(people[$0]) }) else { continue }
            var sum = 0.0
            for a in groups[into] {
                for b in groups[from] { sum += known[key(a, b, people.count)] ?? 0 }
            }
            guard sum >= floor * Double(groups[into].count * groups[from].count) else { continue }
            for thing in groups[from] { home[thing] = into }
            groups[into] += groups[from]
            groups[from] = []
        }
        return groups.filter { !$0.isEmpty }
    }

    private static func key(_ a: Int, _ b: Int, _ count: Int) -> Int { min(a, b) * count + max(a, b) }

    private static func precedes(_ one: Pair, _ other: Pair) -> Bool {
        if one.rank != other.rank { return one.rank > other.rank }
        let (low, otherLow) = (min(one.a, one.b), min(other.a, other.b))
        return low != otherLow ? low < otherLow : max(one.a, one.b) < max(other.a, other.b)
    }
}
