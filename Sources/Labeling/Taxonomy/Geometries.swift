package import JSON

/// The shapes that may be drawn on a picture.
package enum Geometry: String, Sendable, CaseIterable {
    case box, polygon, line, point, cuboid, ellipse
}

/// Which shapes may be drawn on a picture, with which labels and within which limits.
package struct Geometries: Sendable, Equatable {
    /// What one shape permits; members that do not concern a shape keep their defaults.
    package struct Rules: Sendable, Equatable {
        package var labels: LabelSet
        /// Box and cuboid face: least sides in pixels, before turning.
        package var minWidth = 0.0
        package var minHeight = 0.0
        /// Box: whether it may be turned.
        package var canRotate = false
        /// Box: whether the edges of upright boxes lie on whole pixels.
        package var integerPixels = false
        /// Polygon and line: how many vertices.
        package var minVertices = 1
        package var maxVertices: Int?

        package init(labels: LabelSet) {
            self.labels = labels
        }
    }

    package private(set) var rules: [Geometry: Rules]

    package init(_ rules: [Geometry: Rules]) {
        self.rules = rules
    }

    package subscript(_ geometry: Geometry) -> Rules? { rules[geometry] }

    /// The shapes that may be drawn, in their usual order.
    package var allowed: [Geometry] { Geometry.allCases.filter { rules[$0] != nil } }

    /// The labels of all shapes.
    package var labels: Set<String> { Set(rules.values.flatMap(\.labels.choices)) }
}

extension Geometries {
    private enum Fields {
        static let labels = Field(
            "objects_to_annotate", LabelSet.schema, default: LabelSet.empty, shownAs: "[]",
            "The labels that this shape may have.")
        static let minHeight = Field(
            "min_height", .number(.nonNegative), default: 0, shownAs: "0", "Least height in pixels.")
        static let minWidth = Field(
            "min_width", .number(.nonNegative), default: 0, shownAs: "0", "Least width in pixels.")
        static let canRotate = Field(
            "can_rotate", .bool, default: false, shownAs: "false", "Whether boxes may be turned.")
        static let integerPixels = Field(
            "integer_pixels", .bool, default: false, shownAs: "false",
            "Whether edges lie on whole pixels; without effect on turned boxes.")
        static let minVertices = OptionalField(
            "min_vertices", .integer(1...100_000),
            "Least number of vertices; by default 3 for polygons and 1 for lines.")
        static let maxVertices = OptionalField(
            "max_vertices", .integer(1...100_000), "Greatest number of vertices.")
    }

    static let box = Schema<Rules>.object(
        "BoxGeometry", [Fields.labels, Fields.minHeight, Fields.minWidth, Fields.canRotate, Fields.integerPixels]
    ) { object in
        var rules = Rules(labels: object(Fields.labels))
        rules.minHeight = object(Fields.minHeight)
        rules.minWidth = object(Fields.minWidth)
        rules.canRotate = object(Fields.canRotate)
        rules.integerPixels = object(Fields.integerPixels)
        return rules
    }

    static let polygon = vertices("PolygonGeometry", least: 3)
    static let line = vertices("LineGeometry", least: 1)

    private static func vertices(_ name: String, least: Int) -> Schema<Rules> {
        .object(name, [Fields.labels, Fields.minVertices, Fields.maxVertices]) { object in
            var rules = Rules(labels: object(Fields.labels))
            rules.minVertices = object(Fields.minVertices) ?? least
            rules.maxVertices = object(Fields.maxVertices)
            if let most = rules.maxVertices, most < rules.minVertices {
                object.reader.report(object.object, member: "max_vertices", "must be at least `min_vertices`")
            }
            return rules
        }
    }

    static let ellipse = Schema<Rules>.object("EllipseGeometry", [Fields.labels]) { object in
        Rules(labels: object(Fields.labels))
    }

    private enum ConnectionFields {
        static let pair = RequiredField(
            "pair", .array(of: .string(length: 1...1000), count: 2...2), "The labels of the two points to join.")
        static let attribute = OptionalField(
            "connection_attribute", .string(length: 1...100), "A `linked` attribute that must be equal at both ends.")
    }

    private static let connections = Field(
        "connections",
        .array(
            of: Schema<[String]>.object(
                "PointConnection", [ConnectionFields.pair, ConnectionFields.attribute]
            ) { object in
                let pair = object(ConnectionFields.pair)
                _ = object(ConnectionFields.attribute)
                return pair
            }, count: 0...1000),
        default: [], shownAs: "[]", "Helper lines between points; they appear in no answer.")

    static let point = Schema<Rules>.object("PointGeometry", [Fields.labels, connections]) { object in
        let rules = Rules(labels: object(Fields.labels))
        _ = object(connections)
        return rules
    }

    static let cuboid = Schema<Rules>.object(
        "CuboidGeometry",
        [Fields.labels, Fields.minHeight, Fields.minWidth, Camera.intrinsics, Camera.rotation, Camera.height]
    ) { object in
        var rules = Rules(labels: object(Fields.labels))
        rules.minHeight = object(Fields.minHeight)
        rules.minWidth = object(Fields.minWidth)
        Camera.check(&object)
        return rules
    }

    private static let schemas: [(field: OptionalField<Rules>, geometry: Geometry)] = [
        (OptionalField("box", box, "Boxes."), .box),
        (OptionalField("polygon", polygon, "Closed outlines."), .polygon),
        (OptionalField("line", line, "Open lines through points."), .line),
        (OptionalField("point", point, "Single points."), .point),
        (OptionalField("cuboid", cuboid, "Cuboids drawn in perspective."), .cuboid),
        (OptionalField("ellipse", ellipse, "Ellipses, possibly turned."), .ellipse),
    ]

    /// Shapes by name, at least one of them and at least one label in all.
    package static let schema = Schema<Geometries>(
        .object("Geometries", fields: schemas.map(\.field), open: nil)
    ) { value, reader in
        guard value.isObject, value.count > 0 else {
            reader.report(value, "is required and must define at least one geometry")
            return nil
        }
        for member in value.members where Geometry(rawValue: member.name) == nil {
            let words = Geometry.allCases.map(\.rawValue).joined(separator: ", ")
            reader.report(value, member: member.name, "is not a supported geometry. Use one of \(words)")
        }
        var object = ObjectReader(value, reader)
        var rules: [Geometry: Rules] = [:]
        for (field, geometry) in schemas {
            if let read = object(field) { rules[geometry] = read }
        }
        let written = value.members.filter { !$0.value.isNull }.count
        if rules.count == written, rules.values.allSatisfy({ $0.labels.isEmpty }) {
            reader.report(value, "must contain at least one label in an `objects_to_annotate` array")
        }
        return Geometries(rules)
    }
}

/// The camera that took a picture, as cuboids state it.
///
/// Checked and stored; incomplete cameras are no error.
enum Camera {
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
        Schema<Bool>.object("CameraIntrinsics", [fx, fy, cx, cy, skew, scale, scaleOtherwise]) { object in
            _ = (object(fx), object(fy), object(cx), object(cy), object(skew), object(scale), object(scaleOtherwise))
            return true
        }, "The camera's focal lengths and principal point.")

    private static let w = RequiredField("w", .number(), "The real part.")
    private static let x = RequiredField("x", .number(), "The first imaginary part.")
    private static let y = RequiredField("y", .number(), "The second imaginary part.")
    private static let z = RequiredField("z", .number(), "The third imaginary part.")

    static let rotation = OptionalField(
        "camera_rotation_quaternion",
        Schema<Bool>.object("CameraRotation", [w, x, y, z]) { object in
            guard let w = object(w), let x = object(x), let y = object(y), let z = object(z) else { return nil }
            if (w * w + x * x + y * y + z * z).squareRoot() < 1e-6 {
                object.reader.report(object.object, "must not be zero")
            }
            return true
        }, "The camera's rotation against the world, as a quaternion.")

    /// Negative heights occur in practice and are taken as they are.
    static let height = OptionalField("camera_height", .number(), "The camera's height over the ground.")

    /// Reads the three members for their issues.
    static func check(_ object: inout ObjectReader) {
        _ = (object(intrinsics), object(rotation), object(height))
    }
}
