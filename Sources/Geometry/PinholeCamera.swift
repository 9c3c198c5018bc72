/// A camera above flat ground, in pixels of the picture that was drawn on.
///
/// Its frame is x right, y down, z along the optical axis; the world's z axis points up.
package struct PinholeCamera: Sendable, Equatable {
    /// Focal lengths.
    package let fx: Double
    package let fy: Double
    /// The principal point.
    package let cx: Double
    package let cy: Double
    package let skew: Double
    /// The world's upward direction as the camera sees it, a unit vector.
    ///
    /// Only this of the rotation matters: which way the camera looks changes nothing of a cuboid.
    package let up: SIMD3<Double>
    /// Over the ground; it scales everything in space and moves nothing on the picture.
    package let height: Double

    /// A rotation as a quaternion of any length but zero, from the camera to the world.
    package struct Rotation: Sendable, Equatable {
        package var w: Double
        package var x: Double
        package var y: Double
        package var z: Double

        package init(w: Double, x: Double, y: Double, z: Double) {
            self.w = w
            self.x = x
            self.y = y
            self.z = z
        }

        fileprivate var norm: Double { (w * w + x * x + y * y + z * z).squareRoot() }
    }

    /// Makes a camera; nil for numbers that describe none.
    ///
    /// `scale`: how many times larger the original was than the picture that was drawn on.
    package init?(
        fx: Double, fy: Double, cx: Double, cy: Double, skew: Double = 0, scale: Double = 1, rotation: Rotation,
        height: Double
    ) {
        let norm = rotation.norm
        guard [fx, fy, cx, cy, skew, scale, norm, height].allSatisfy(\.isFinite), fx != 0, fy != 0, scale > 0,
            norm >= 1e-6
        else { return nil }
        (self.fx, self.fy, self.cx, self.cy, self.skew) = (fx / scale, fy / scale, cx / scale, cy / scale, skew / scale)
        let (w, x, y, z) = (rotation.w / norm, rotation.x / norm, rotation.y / norm, rotation.z / norm)
        // The third row of the rotation matrix.
        up = SIMD3(2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y))
        // Heights below zero occur in real requests; as only the scale depends on them, their size is as good.
        self.height = height == 0 ? 1 : abs(height)
    }

    /// The direction of everything that is seen at a point of the picture, with z = 1.
    func ray(_ point: Point) -> SIMD3<Double> {
        let down = (point.y - cy) / fy
        return SIMD3((point.x - cx - skew * down) / fx, down, 1)
    }

    /// The normal of the plane through the camera and a column of the picture.
    func columnPlane(_ x: Double) -> SIMD3<Double> { SIMD3(fx, skew, cx - x) }

    /// The normal of the plane through the camera and a row of the picture.
    func rowPlane(_ y: Double) -> SIMD3<Double> { SIMD3(0, fy, cy - y) }

    /// Where a place in front of the camera is seen.
    func projected(_ place: SIMD3<Double>) -> Point {
        Point(x: (fx * place.x + skew * place.y) / place.z + cx, y: fy * place.y / place.z + cy)
    }

    /// The place of the ground that is seen at a point; nil at the horizon, near it, and above.
    func foot(_ point: Point) -> SIMD3<Double>? {
        let ray = ray(point)
        let fall = -up.dot(ray)
        return fall >= Self.leastSine * ray.length ? ray * (height / fall) : nil
    }

    /// How far above a foot a row of the picture is.
    func height(over foot: SIMD3<Double>, row y: Double) -> Double {
        let row = rowPlane(y)
        return -foot.dot(row) / up.dot(row)
    }

    /// Feet must lie at least a tenth of a degree below the horizon, or their distance is anybody's guess.
    private static let leastSine = sine(0.1 * .pi / 180)
}

extension SIMD3<Double> {
    func dot(_ other: Self) -> Double { (self * other).sum() }

    func cross(_ other: Self) -> Self {
        Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }

    var length: Double { dot(self).squareRoot() }
}
