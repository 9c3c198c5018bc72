import Geometry
import JSON

/// Makes one shape of several that mean the same thing.
struct FigureMerge {
    let likeness: Likeness

    /// Writes the members that make the shape.
    ///
    /// Upright boxes, points and cuboids take the middle of each measure, which one person's slip does not move.
    /// Of other shapes the one is taken that is most like all others, as the middle of outlines is none that anybody
    /// would have drawn. `values` are the annotations with these shapes.
    func write(_ figures: [Figure], of values: [JSONValue], to writer: inout JSONWriter) {
        if let boxes = uprightBoxes(figures) { return write(boxes, to: &writer) }
        if let points = points(figures) {
            writer.field("x", Self.middle(points.map(\.x)))
            writer.field("y", Self.middle(points.map(\.y)))
            return
        }
        if let corners = cuboidCorners(figures) { return write(corners, to: &writer) }
        writer.copy(
            ["left", "top", "width", "height", "rotation", "x", "y", "vertices", "edges"], of: values[best(of: figures)]
        )
    }

    /// The middle of some numbers; of two middle ones their mean.
    static func middle(_ numbers: [Double]) -> Double {
        let sorted = numbers.sorted()
        guard !sorted.isEmpty else { return 0 }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// The place of the shape that is most like all others; of equal ones that with more corners, then that which lies
    /// further left and up, so that it does not depend on whose it is.
    func best(of figures: [Figure]) -> Int {
        let sums = figures.map { figure in figures.reduce(0) { $0 + likeness(figure, $1) } }
        return figures.indices.min { a, b in
            if abs(sums[a] - sums[b]) > 1e-9 { return sums[a] > sums[b] }
            let (first, second) = (figures[a].extent, figures[b].extent)
            if first.count != second.count { return first.count > second.count }
            return first.flatMap { [$0.x, $0.y] }.lexicographicallyPrecedes(second.flatMap { [$0.x, $0.y] })
        } ?? 0
    }

    // MARK: Measures

    private func uprightBoxes(_ figures: [Figure]) -> [Box]? {
        let boxes = figures.compactMap { figure -> Box? in
            guard case .box(let box) = figure, box.rotation == 0 else { return nil }
            return box
        }
        return boxes.count == figures.count ? boxes : nil
    }

    private func write(_ boxes: [Box], to writer: inout JSONWriter) {
        let (left, top) = (Self.middle(boxes.map(\.left)), Self.middle(boxes.map(\.top)))
        writer.field("left", left)
        writer.field("top", top)
        writer.field("width", Self.middle(boxes.map(\.right)) - left)
        writer.field("height", Self.middle(boxes.map(\.bottom)) - top)
    }

    private func points(_ figures: [Figure]) -> [Point]? {
        let points = figures.compactMap { figure -> Point? in
            guard case .point(let point) = figure else { return nil }
            return point
        }
        return points.count == figures.count ? points : nil
    }

    /// The middles of the corners; nil unless all show the same side, since others have no corners in common.
    private func cuboidCorners(_ figures: [Figure]) -> [(name: PerspectiveCuboid.Vertex, point: Point)]? {
        let cuboids = figures.compactMap { figure -> PerspectiveCuboid? in
            guard case .cuboid(let cuboid) = figure else { return nil }
            return cuboid
        }
        guard cuboids.count == figures.count, Set(cuboids.map(\.side)).count == 1 else { return nil }
        return cuboids[0].vertices.map(\.name).map { name in
            let corners = cuboids.compactMap { cuboid in cuboid.vertices.first { $0.name == name }?.point }
            return (name, Point(x: Self.middle(corners.map(\.x)), y: Self.middle(corners.map(\.y))))
        }
    }

    private func write(_ corners: [(name: PerspectiveCuboid.Vertex, point: Point)], to writer: inout JSONWriter) {
        writer.array("vertices") { writer in
            for corner in corners {
                writer.object { writer in
                    writer.point(corner.point)
                    writer.field("type", "vertex")
                    writer.field("description", corner.name.rawValue)
                }
            }
        }
    }
}
