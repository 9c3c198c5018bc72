/// A rectangle on a picture, possibly turned about its centre.
///
/// `left`, `top`, `width` and `height` describe it before turning, in pixels; `rotation` is in radians, clockwise on
/// screen.
package struct Box: Sendable, Hashable {
    package var left: Double
    package var top: Double
    package var width: Double
    package var height: Double
    package var rotation: Double

    package init(left: Double, top: Double, width: Double, height: Double, rotation: Double = 0) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
        self.rotation = rotation
    }

    /// The smallest upright box around some points; nil when there are none.
    package init?(around points: some Sequence<Point>) {
        var points = points.makeIterator()
        guard let first = points.next() else { return nil }
        var (left, top, right, bottom) = (first.x, first.y, first.x, first.y)
        while let point = points.next() {
            left = min(left, point.x)
            top = min(top, point.y)
            right = max(right, point.x)
            bottom = max(bottom, point.y)
        }
        self.init(left: left, top: top, width: right - left, height: bottom - top)
    }

    /// The right edge before turning.
    package var right: Double { left + width }

    /// The bottom edge before turning.
    package var bottom: Double { top + height }

    /// The centre, about which the box turns.
    package var center: Point { Point(x: left + width / 2, y: top + height / 2) }

    /// The corners that were top left, top right, bottom right and bottom left before turning, in this order.
    package var corners: [Point] {
        let upright = [
            Point(x: left, y: top), Point(x: right, y: top), Point(x: right, y: bottom), Point(x: left, y: bottom),
        ]
        // Without the round trip over the centre an upright box keeps its coordinates to the last bit.
        guard rotation != 0 else { return upright }
        let center = self.center
        return upright.map { center + ($0 - center).rotated(by: rotation) }
    }

    /// The same box with its rotation brought into 0 ..< 2π.
    package var normalized: Box {
        var box = self
        box.rotation = Self.normalized(rotation)
        return box
    }

    /// An angle in radians brought into 0 ..< 2π; negative zero becomes zero.
    package static func normalized(_ angle: Double) -> Double {
        guard angle < 0 || angle >= 2 * .pi else { return angle + 0 }
        let rest = angle.truncatingRemainder(dividingBy: 2 * .pi)
        let turned = rest < 0 ? rest + 2 * .pi : rest
        // A tiny negative angle plus a full turn rounds to the full turn.
        return turned >= 2 * .pi ? 0 : turned + 0
    }

    /// The box with its four edges on whole pixels.
    ///
    /// The edges are rounded, halves upwards, and the size follows from them, so boxes that touch still touch; a size
    /// that would become 0 becomes 1. A turned box is returned as it is.
    package var roundedToPixels: Box {
        guard rotation == 0 else { return self }
        let (left, right) = Self.roundedSpan(left, right)
        let (top, bottom) = Self.roundedSpan(top, bottom)
        return Box(left: left, top: top, width: right - left, height: bottom - top)
    }

    private static func roundedSpan(_ low: Double, _ high: Double) -> (Double, Double) {
        // Adding zero turns -0 into 0.
        let first = (low + 0.5).rounded(.down) + 0
        let last = (high + 0.5).rounded(.down) + 0
        return (first, max(last, first + 1))
    }

    /// Whether a point lies inside this upright box or at most `tolerance` pixels outside it.
    package func contains(_ point: Point, tolerance: Double = 0) -> Bool {
        point.x >= left - tolerance && point.x <= right + tolerance
            && point.y >= top - tolerance && point.y <= bottom + tolerance
    }
}
