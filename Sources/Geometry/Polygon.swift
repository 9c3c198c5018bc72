/// A closed outline through points in drawing order; the first is not repeated at the end.
package struct Polygon: Sendable, Hashable {
    package var vertices: [Point]

    package init(_ vertices: [Point]) {
        self.vertices = vertices
    }

    /// The area in square pixels, positive when the outline runs clockwise on screen.
    ///
    /// By the shoelace formula, about the first vertex, which keeps precision far from the origin.
    package var signedArea: Double {
        guard vertices.count > 2, let origin = vertices.first else { return 0 }
        var doubled = 0.0
        for at in 1..<vertices.count - 1 {
            doubled += (vertices[at] - origin).cross(vertices[at + 1] - origin)
        }
        return doubled / 2
    }

    /// The area in square pixels; parts of an outline that crosses itself may cancel.
    package var area: Double { abs(signedArea) }

    /// The smallest upright box around it; nil without vertices.
    package var bounds: Box? { Box(around: vertices) }

    /// Whether a point lies inside by the even-odd rule; points on the outline may count either way.
    package func contains(_ point: Point) -> Bool {
        guard var previous = vertices.last else { return false }
        var inside = false
        for vertex in vertices {
            if (vertex.y > point.y) != (previous.y > point.y) {
                let crossing =
                    (previous.x - vertex.x) * (point.y - vertex.y) / (previous.y - vertex.y) + vertex.x
                if point.x < crossing { inside.toggle() }
            }
            previous = vertex
        }
        return inside
    }
}
