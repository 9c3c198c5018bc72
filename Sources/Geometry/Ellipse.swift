/// An ellipse on a picture, possibly turned.
package struct Ellipse: Sendable, Hashable {
    package var center: Point
    /// Half the length of the axis that points right before turning, in pixels.
    package var a: Double
    /// Half the length of the axis that points up before turning, in pixels.
    package var b: Double
    /// Radians, clockwise on screen.
    package var rotation: Double

    package init(center: Point, a: Double, b: Double, rotation: Double = 0) {
        self.center = center
        self.a = a
        self.b = b
        self.rotation = rotation
    }

    /// Why four points are not the ends of an ellipse's axes.
    package enum Fault: Error, Equatable {
        /// There are not four of them.
        case count
        /// The middles of the two axes lie apart.
        case centersDiffer
        /// The axes do not stand at right angles.
        case axesNotPerpendicular
        /// An axis has no length.
        case flat
    }

    /// Reads an ellipse from the ends of its axes, in the order of ``vertices``.
    ///
    /// Drawn and rounded numbers are never exact: |v0 + v2 − v1 − v3| may be up to 1 pixel, and the scalar product of
    /// the axes up to 1 % of the product of their lengths.
    package init(vertices: [Point]) throws(Fault) {
        guard vertices.count == 4 else { throw .count }
        let vertical = vertices[0] - vertices[2]
        let horizontal = vertices[1] - vertices[3]
        guard vertical.length > 0, horizontal.length > 0 else { throw .flat }
        guard (vertices[0] + vertices[2] - vertices[1] - vertices[3]).length <= 1 else { throw .centersDiffer }
        guard abs(vertical.dot(horizontal)) <= 0.01 * vertical.length * horizontal.length else {
            throw .axesNotPerpendicular
        }
        center = (vertices[0] + vertices[1] + vertices[2] + vertices[3]) * 0.25
        a = horizontal.length / 2
        b = vertical.length / 2
        rotation = Box.normalized(angle(of: horizontal))
    }

    /// The ends of the axes: top, right, bottom and left before turning.
    package var vertices: [Point] {
        let up = Point(x: 0, y: -b).rotated(by: rotation)
        let right = Point(x: a, y: 0).rotated(by: rotation)
        return [center + up, center + right, center - up, center - right]
    }
}

extension Ellipse {
    /// A polygon with its corners on the ellipse, clockwise on screen.
    package func outline(corners: Int) -> [Point] {
        (0..<corners).map { number in
            let angle = 2 * .pi * Double(number) / Double(corners)
            return center + Point(x: a * cosine(angle), y: b * sine(angle)).rotated(by: rotation)
        }
    }
}
