/// A cuboid drawn on a picture: one upright face and, mostly, the far vertical edge of one neighbouring side.
///
/// It is a drawing, not a projection: the face is a rectangle along the pixel axes.
package struct PerspectiveCuboid: Sendable, Hashable {
    /// The drawn corners, in the order in which they are written.
    package enum Vertex: String, Sendable, CaseIterable {
        case faceTopLeft = "face-topleft"
        case faceBottomLeft = "face-bottomleft"
        case faceTopRight = "face-topright"
        case faceBottomRight = "face-bottomright"
        case sideTop = "side-topcorner"
        case sideBottom = "side-bottomcorner"
    }

    /// The drawn edges, in the order in which they are written.
    package enum EdgeName: String, Sendable, CaseIterable {
        case faceTop = "face-top"
        case faceRight = "face-right"
        case faceBottom = "face-bottom"
        case faceLeft = "face-left"
        case sideBottom = "side-bottom"
        case sideTop = "side-top"
    }

    /// A drawn edge: along the face from left to right and from top to bottom, along the side away from the face.
    package struct Edge: Sendable, Hashable {
        package let name: EdgeName
        package let from: Point
        package let to: Point
    }

    package enum Side: Sendable, Hashable {
        case left, right
    }

    package let faceTopLeft: Point
    package let faceBottomLeft: Point
    package let faceTopRight: Point
    package let faceBottomRight: Point
    /// The far vertical edge of the visible side, from top to bottom; nil when only the face is seen.
    package let sideEdge: (top: Point, bottom: Point)?

    /// Makes a cuboid of its named corners; nil unless all four of the face and both or none of the side are there.
    package init?(_ corners: [Vertex: Point]) {
        guard let faceTopLeft = corners[.faceTopLeft], let faceBottomLeft = corners[.faceBottomLeft],
            let faceTopRight = corners[.faceTopRight], let faceBottomRight = corners[.faceBottomRight]
        else { return nil }
        self.faceTopLeft = faceTopLeft
        self.faceBottomLeft = faceBottomLeft
        self.faceTopRight = faceTopRight
        self.faceBottomRight = faceBottomRight
        switch (corners[.sideTop], corners[.sideBottom]) {
        case (let top?, let bottom?): sideEdge = (top, bottom)
        case (nil, nil): sideEdge = nil
        default: return nil
        }
    }

    /// The face as an upright box.
    package var face: Box {
        Box(
            left: faceTopLeft.x, top: faceTopLeft.y, width: faceTopRight.x - faceTopLeft.x,
            height: faceBottomLeft.y - faceTopLeft.y)
    }

    /// Whether the face's corners lie on a rectangle along the pixel axes, give or take `tolerance` pixels.
    package func isFaceUpright(tolerance: Double) -> Bool {
        abs(faceTopLeft.x - faceBottomLeft.x) <= tolerance && abs(faceTopRight.x - faceBottomRight.x) <= tolerance
            && abs(faceTopLeft.y - faceTopRight.y) <= tolerance
            && abs(faceBottomLeft.y - faceBottomRight.y) <= tolerance
    }

    /// Which side is visible; nil when only the face is seen.
    package var side: Side? {
        sideEdge.map { $0.top.x + $0.bottom.x >= faceTopLeft.x + faceTopRight.x ? .right : .left }
    }

    /// The named corners that are drawn, in the written order.
    package var vertices: [(name: Vertex, point: Point)] {
        var result: [(name: Vertex, point: Point)] = [
            (.faceTopLeft, faceTopLeft), (.faceBottomLeft, faceBottomLeft), (.faceTopRight, faceTopRight),
            (.faceBottomRight, faceBottomRight),
        ]
        if let sideEdge {
            result.append((.sideTop, sideEdge.top))
            result.append((.sideBottom, sideEdge.bottom))
        }
        return result
    }

    /// The drawn edges, in the written order.
    package var edges: [Edge] {
        var result = [
            Edge(name: .faceTop, from: faceTopLeft, to: faceTopRight),
            Edge(name: .faceRight, from: faceTopRight, to: faceBottomRight),
            Edge(name: .faceBottom, from: faceBottomLeft, to: faceBottomRight),
            Edge(name: .faceLeft, from: faceTopLeft, to: faceBottomLeft),
        ]
        if let sideEdge, let side {
            let isRight = side == .right
            result.append(
                Edge(name: .sideBottom, from: isRight ? faceBottomRight : faceBottomLeft, to: sideEdge.bottom))
            result.append(Edge(name: .sideTop, from: isRight ? faceTopRight : faceTopLeft, to: sideEdge.top))
        }
        return result
    }

    package static func == (a: PerspectiveCuboid, b: PerspectiveCuboid) -> Bool {
        a.vertices.elementsEqual(b.vertices) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        for vertex in vertices { hasher.combine(vertex.point) }
    }
}
