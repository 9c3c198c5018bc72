package import Geometry
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
        /// Cuboid: the camera that took the picture, if all is known of it.
        package var camera: PinholeCamera?

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
        rules.camera = Camera.read(&object)
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
