/// A place on a picture.
///
/// Pixels from the left and top *border* of the picture, x to the right, y down: the middle of the first pixel is
/// (0.5, 0.5). Values are real numbers and may lie outside the picture where it is padded.
package struct Point: Sendable, Hashable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    package static func + (a: Point, b: Point) -> Point { Point(x: a.x + b.x, y: a.y + b.y) }
    package static func - (a: Point, b: Point) -> Point { Point(x: a.x - b.x, y: a.y - b.y) }
    package static func * (a: Point, factor: Double) -> Point { Point(x: a.x * factor, y: a.y * factor) }

    /// The distance from the origin.
    package var length: Double { (x * x + y * y).squareRoot() }

    /// The scalar product with another vector.
    package func dot(_ other: Point) -> Double { x * other.x + y * other.y }

    /// The z component of the vector product: positive when `other` lies clockwise of this vector on screen.
    package func cross(_ other: Point) -> Double { x * other.y - y * other.x }

    /// Turned about the origin by an angle in radians, clockwise on screen.
    package func rotated(by angle: Double) -> Point {
        let (c, s) = (cosine(angle), sine(angle))
        return Point(x: x * c - y * s, y: x * s + y * c)
    }
}
