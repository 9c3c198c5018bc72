/// How much two closed outlines have in common.
///
/// Inside is what the even-odd rule says, so outlines may be concave and may cross themselves. The plane is cut into
/// bands at every corner and every crossing; in a band no two edges cross, so what the outlines share grows evenly from
/// its top to its bottom, and its middle line times its height is the exact area. This is the slab decomposition of
/// Shamos and Hoey, "Geometric intersection problems" (1976).
package struct Overlap: Sendable, Hashable {
    /// Square pixels inside the first outline.
    package private(set) var first = 0.0
    /// Square pixels inside the second outline.
    package private(set) var second = 0.0
    /// Square pixels inside both.
    package private(set) var shared = 0.0

    /// Square pixels inside at least one.
    package var union: Double { first + second - shared }

    /// Intersection over union, from 0 to 1; 0 where neither has an area.
    package var ratio: Double { union > 0 ? min(1, max(0, shared / union)) : 0 }

    /// Measures two outlines through their corners in drawing order.
    package init(_ a: [Point], _ b: [Point]) {
        let edges = Self.edges(a, isFirst: true) + Self.edges(b, isFirst: false)
        let sorted = edges.sorted { $0.top.y < $1.top.y }
        let levels = Self.levels(sorted)
        var next = 0
        var active: [Edge] = []
        for (top, bottom) in zip(levels, levels.dropFirst()) {
            let middle = (top + bottom) / 2
            active.removeAll { $0.bottom.y <= middle }
            while next < sorted.count, sorted[next].top.y <= top {
                if sorted[next].bottom.y > middle { active.append(sorted[next]) }
                next += 1
            }
            add(active, at: middle, height: bottom - top)
        }
    }

    private struct Edge {
        let top: Point
        let bottom: Point
        let isFirst: Bool

        func x(at y: Double) -> Double {
            top.x + (bottom.x - top.x) * ((y - top.y) / (bottom.y - top.y))
        }
    }

    /// The edges that are not level, each from its upper end to its lower; level ones bound no band.
    private static func edges(_ outline: [Point], isFirst: Bool) -> [Edge] {
        guard outline.count > 2, var previous = outline.last else { return [] }
        var edges: [Edge] = []
        for point in outline {
            if previous.y < point.y {
                edges.append(Edge(top: previous, bottom: point, isFirst: isFirst))
            } else if previous.y > point.y {
                edges.append(Edge(top: point, bottom: previous, isFirst: isFirst))
            }
            previous = point
        }
        return edges
    }

    /// The heights at which something begins, ends or crosses, in order and each once.
    private static func levels(_ sorted: [Edge]) -> [Double] {
        var levels: [Double] = []
        var open: [Edge] = []
        for edge in sorted {
            levels.append(edge.top.y)
            levels.append(edge.bottom.y)
            open.removeAll { $0.bottom.y <= edge.top.y }
            for other in open {
                if let y = crossing(edge, other) { levels.append(y) }
            }
            open.append(edge)
        }
        levels.sort()
        var unique: [Double] = []
        for level in levels where unique.last != level { unique.append(level) }
        return unique
    }

    /// The height at which two edges cross, strictly between their ends.
    private static func crossing(_ a: Edge, _ b: Edge) -> Double? {
        let (u, v) = (a.bottom - a.top, b.bottom - b.top)
        let turn = u.cross(v)
        guard turn != 0 else { return nil }
        let (s, t) = ((b.top - a.top).cross(v) / turn, (b.top - a.top).cross(u) / turn)
        guard s > 0, s < 1, t > 0, t < 1 else { return nil }
        return a.top.y + s * u.y
    }

    /// Adds the band of a height whose middle line runs at `y`.
    private mutating func add(_ edges: [Edge], at y: Double, height: Double) {
        let crossings = edges.map { (x: $0.x(at: y), isFirst: $0.isFirst) }.sorted { $0.x < $1.x }
        var (inFirst, inSecond) = (false, false)
        var from = 0.0
        for crossing in crossings {
            let area = (crossing.x - from) * height
            if inFirst { first += area }
            if inSecond { second += area }
            if inFirst, inSecond { shared += area }
            if crossing.isFirst { inFirst.toggle() } else { inSecond.toggle() }
            from = crossing.x
        }
    }
}
