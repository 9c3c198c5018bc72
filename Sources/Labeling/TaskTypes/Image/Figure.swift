import Geometry
import JSON

/// The shape of one annotation on a picture.
enum Figure {
    case box(Box)
    case polygon([Point])
    case line([Point])
    case point(Point)
    case cuboid(PerspectiveCuboid)
    /// The ends of the axes as they were drawn, which need not be exact.
    case ellipse([Point])

    /// Points that must all lie on the padded picture.
    var extent: [Point] {
        switch self {
        case .box(let box): box.corners
        case .polygon(let vertices), .line(let vertices), .ellipse(let vertices): vertices
        case .point(let point): [point]
        case .cuboid(let cuboid): cuboid.vertices.map(\.point)
        }
    }

    /// Reads a shape from an annotation, reporting what is wrong with it.
    static func read(_ geometry: Geometry, _ value: JSONValue, _ reader: JSONReader) -> Figure? {
        switch geometry {
        case .box: box(value, reader).map { .box($0) }
        case .polygon: vertices(value, reader).map { .polygon($0) }
        case .line: vertices(value, reader).map { .line($0) }
        case .point: point(value, reader).map { .point($0) }
        case .cuboid: cuboid(value, reader).map { .cuboid($0) }
        case .ellipse: ellipse(value, reader).map { .ellipse($0) }
        }
    }

    private static func number(_ value: JSONValue, _ member: String, _ reader: JSONReader) -> Double? {
        guard let found = value[member], !found.isNull else {
            reader.report(value, member: member, "is required")
            return nil
        }
        guard let number = found.double else {
            reader.report(found, "must be a number")
            return nil
        }
        return number
    }

    private static func point(_ value: JSONValue, _ reader: JSONReader) -> Point? {
        guard value.isObject else {
            reader.report(value, "must be an object with x and y")
            return nil
        }
        let (x, y) = (number(value, "x", reader), number(value, "y", reader))
        guard let x, let y else { return nil }
        return Point(x: x, y: y)
    }

    static func box(_ value: JSONValue, _ reader: JSONReader) -> Box? {
        let left = number(value, "left", reader)
        let top = number(value, "top", reader)
        let width = number(value, "width", reader)
        let height = number(value, "height", reader)
        var rotation = 0.0
        if let turned = value["rotation"], !turned.isNull {
            guard let angle = turned.double else {
                reader.report(turned, "must be an angle in radians")
                return nil
            }
            rotation = angle
        }
        guard let left, let top, let width, let height else { return nil }
        for (name, side) in [("width", width), ("height", height)] where side < 0 {
            reader.report(value, member: name, "must be a non-negative number")
            return nil
        }
        return Box(left: left, top: top, width: width, height: height, rotation: rotation)
    }

    /// The elements of `vertices`, if there are any.
    private static func list(_ value: JSONValue, _ reader: JSONReader) -> [JSONValue]? {
        guard let list = value["vertices"], !list.isNull else {
            reader.report(value, member: "vertices", "is required")
            return nil
        }
        guard list.isArray else {
            reader.report(list, "must be an array")
            return nil
        }
        let elements = Array(list.elements)
        guard !elements.isEmpty else {
            reader.report(list, "must not be empty")
            return nil
        }
        return elements
    }

    static func vertices(_ value: JSONValue, _ reader: JSONReader) -> [Point]? {
        guard let elements = list(value, reader) else { return nil }
        let points = elements.compactMap { point($0, reader) }
        return points.count == elements.count ? points : nil
    }

    private static func ellipse(_ value: JSONValue, _ reader: JSONReader) -> [Point]? {
        guard let points = vertices(value, reader) else { return nil }
        do {
            _ = try Ellipse(vertices: points)
            return points
        } catch {
            let complaint =
                switch error {
                case .count: "must be exactly 4 points: the ends of the ellipse's axes"
                case .flat: "must not coincide: an axis of the ellipse has no length"
                case .centersDiffer: "must be the ends of two axes with the same centre"
                case .axesNotPerpendicular: "must be the ends of two axes at right angles"
                }
            reader.report(value, member: "vertices", complaint)
            return nil
        }
    }

    private static func cuboid(_ value: JSONValue, _ reader: JSONReader) -> PerspectiveCuboid? {
        guard let elements = list(value, reader) else { return nil }
        var corners: [PerspectiveCuboid.Vertex: Point] = [:]
        for element in elements {
            guard let point = point(element, reader) else { return nil }
            guard let vertex = element["description"]?.string.flatMap(PerspectiveCuboid.Vertex.init(rawValue:)) else {
                let words = PerspectiveCuboid.Vertex.allCases.map(\.rawValue).joined(separator: ", ")
                reader.report(element, member: "description", "must be one of \(words)")
                return nil
            }
            guard corners.updateValue(point, forKey: vertex) == nil else {
                reader.report(element, member: "description", "repeats \(vertex.rawValue)")
                return nil
            }
        }
        guard let cuboid = PerspectiveCuboid(corners) else {
            reader.report(
                value, member: "vertices", "must name the four corners of the face and both or none of the side")
            return nil
        }
        return cuboid
    }
}
