/// Distances between open lines, and the outline around points.
package enum Paths {
    /// How many places of a line are looked at, evenly along its length.
    private static let samples = 64

    /// How far two lines run apart, in pixels: the mean distance of the places of each to the other, both ways.
    ///
    /// The mean in place of the maximum is that of the modified Hausdorff distance of Dubuisson and Jain (1994), so one
    /// stray corner does not outweigh a whole line. The direction in which a line was drawn does not count.
    package static func distance(_ a: [Point], _ b: [Point]) -> Double {
        guard !a.isEmpty, !b.isEmpty else { return .infinity }
        return (mean(from: a, to: b) + mean(from: b, to: a)) / 2
    }

    private static func mean(from line: [Point], to other: [Point]) -> Double {
        let places = places(on: line)
        return places.reduce(0) { $0 + distance(of: $1, to: other) } / Double(places.count)
    }

    /// Places from the first to the last point of a line, the same length of line between each two.
    private static func places(on line: [Point]) -> [Point] {
        let lengths = zip(line, line.dropFirst()).map { ($1 - $0).length }
        let total = lengths.reduce(0, +)
        guard total > 0, let last = line.last else { return [line[0]] }
        var places: [Point] = []
        var (segment, before) = (0, 0.0)
        for number in 0..<samples {
            let at = total * Double(number) / Double(samples - 1)
            while segment < lengths.count - 1, before + lengths[segment] < at {
                before += lengths[segment]
                segment += 1
            }
            let share = lengths[segment] > 0 ? min(1, (at - before) / lengths[segment]) : 0
            places.append(line[segment] + (line[segment + 1] - line[segment]) * share)
        }
        places[samples - 1] = last
        return places
    }

    /// The distance from a place to the nearest point of a line.
    package static func distance(of place: Point, to line: [Point]) -> Double {
        guard line.count > 1 else { return line.first.map { (place - $0).length } ?? .infinity }
        return zip(line, line.dropFirst()).map { start, end in
            let along = end - start
            let squared = along.dot(along)
            let share = squared > 0 ? min(1, max(0, (place - start).dot(along) / squared)) : 0
            return (place - (start + along * share)).length
        }.min() ?? .infinity
    }

    /// The smallest convex outline around some points, by Andrew's monotone chain (1979).
    package static func hull(_ points: [Point]) -> [Point] {
        let sorted = points.sorted { $0.x != $1.x ? $0.x < $1.x : $0.y < $1.y }
        guard sorted.count > 2 else { return sorted }
        return half(sorted) + half(sorted.reversed())
    }

    /// One side of the hull without its last point.
    private static func half(_ points: [Point]) -> [Point] {
        var chain: [Point] = []
        for point in points {
            while chain.count > 1,
                (chain[chain.count - 1] - chain[chain.count - 2]).cross(point - chain[chain.count - 1]) <= 0
            {
                chain.removeLast()
            }
            chain.append(point)
        }
        return Array(chain.dropLast())
    }
}
