import Geometry
import JSON

/// The camera that took a picture, as cuboids state it.
///
/// Incomplete cameras are no error; cuboids are answered as drawn then, and no more.
enum Camera {
    /// Stated in full.
    struct Intrinsics: Sendable {
        let fx: Double
        let fy: Double
        let cx: Double
        let cy: Double
        let skew: Double
        let scale: Double
    }

    private static let fx = OptionalField("fx", .number(.nonZero), "Focal length in pixels, along x.")
    private static let fy = OptionalField("fy", .number(.nonZero), "Focal length in pixels, along y.")
    private static let cx = OptionalField("cx", .number(), "Principal point in pixels, x.")
    private static let cy = OptionalField("cy", .number(), "Principal point in pixels, y.")
    private static let skew = Field("skew", .number(), default: 0, shownAs: "0", "Skew coefficient.")
    private static let scale = Field(
        "scalefactor", .number(.positive), default: 1, shownAs: "1",
        "How many times larger the original was than the attachment.")
    private static let scaleOtherwise = Field(
        "scale_factor", .number(.positive), default: 1, "Another spelling of `scalefactor`.")

    static let intrinsics = OptionalField(
        "camera_intrinsics",
        Schema<Intrinsics?>.object("CameraIntrinsics", [fx, fy, cx, cy, skew, scale, scaleOtherwise]) { object in
            let (fx, fy, cx, cy) = (object(fx), object(fy), object(cx), object(cy))
            let (skew, scale, otherwise) = (object(skew), object(scale), object(scaleOtherwise))
            guard let fx, let fy, let cx, let cy else { return .some(nil) }
            return Intrinsics(fx: fx, fy: fy, cx: cx, cy: cy, skew: skew, scale: scale == 1 ? otherwise : scale)
        }, "The camera's focal lengths and principal point.")

    private static let w = RequiredField("w", .number(), "The real part.")
    private static let x = RequiredField("x", .number(), "The first imaginary part.")
    private static let y = RequiredField("y", .number(), "The second imaginary part.")
    private static let z = RequiredField("z", .number(), "The third imaginary part.")

    static let rotation = OptionalField(
        "camera_rotation_quaternion",
        Schema<PinholeCamera.Rotation>.object("CameraRotation", [w, x, y, z]) { object in
            guard let w = object(w), let x = object(x), let y = object(y), let z = object(z) else { return nil }
            if (w * w + x * x + y * y + z * z).squareRoot() < 1e-6 {
                object.reader.report(object.object, "must not be zero")
            }
            return PinholeCamera.Rotation(w: w, x: x, y: y, z: z)
        }, "The camera's rotation against the world, as a quaternion.")

    /// Negative heights occur in practice and are taken as they are.
    static let height = OptionalField("camera_height", .number(), "The camera's height over the ground.")

    /// Reads the three members; nil unless all are there.
    static func read(_ object: inout ObjectReader) -> PinholeCamera? {
        let (numbers, rotation, height) = (object(intrinsics), object(rotation), object(height))
        guard let numbers = numbers ?? nil, let rotation, let height else { return nil }
        return PinholeCamera(
            fx: numbers.fx, fy: numbers.fy, cx: numbers.cx, cy: numbers.cy, skew: numbers.skew, scale: numbers.scale,
            rotation: rotation, height: height)
    }
}
