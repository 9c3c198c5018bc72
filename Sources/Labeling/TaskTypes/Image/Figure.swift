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
    static func read(_ geometry: Geometry, _ value: JSONValue, _ judge: Judge) -> Figure? {
        switch geometry {
        case .box: box(value, judge).map { .box($0) }
        case .polygon: vertices(value, judge).map { .polygon($0) }
        case .line: vertices(value, judge).map { .line($0) }
        case .point: point(value, judge).map { .point($0) }
        case .cuboid: cuboid(value, judge).map { .cuboid($0) }
        case .ellipse: ellipse(value, judge).map { .ellipse($0) }
        }
    }

    /// Reads a shape by all of the rules.
    static func read(_ geometry: Geometry, _ value: JSONValue, _ reader: JSONReader) -> Figure? {
        read(geometry, value, Judge(.submit, reader))
    }

    private static func number(_ value: JSONValue, _ member: String, _ judge: Judge) -> Double? {
        judge.inTurn(FigureRules.measure, FigureRules.Measure(object: value, name: member))
        return value[member]?.double
    }

    private static func point(_ value: JSONValue, _ judge: Judge) -> Point? {
        let (x, y) = (number(value, "x", judge), number(value, "y", judge))
        guard let x, let y else { return nil }
        return Point(x: x, y: y)
    }

    private static func vertex(_ value: JSONValue, _ judge: Judge) -> Point? {
        judge.all(FigureRules.vertex, value)
        return value.isObject ? point(value, judge) : nil
    }

    static func box(_ value: JSONValue, _ judge: Judge) -> Box? {
        let left = number(value, "left", judge)
        let top = number(value, "top", judge)
        let width = number(value, "width", judge)
        let height = number(value, "height", judge)
        judge.all(FigureRules.box, value)
        let turned = value.given("rotation")
        guard let left, let top, let width, let height, width >= 0, height >= 0,
            let rotation = turned == nil ? 0 : turned?.double
        else { return nil }
        return Box(left: left, top: top, width: width, height: height, rotation: rotation)
    }

    /// The elements of `vertices`, if there are any.
    private static func list(_ value: JSONValue, _ judge: Judge) -> [JSONValue]? {
        guard judge.inTurn(FigureRules.vertexList, value), let list = value.given("vertices"), list.isArray else {
            return nil
        }
        let elements = Array(list.elements)
        return elements.isEmpty ? nil : elements
    }

    static func vertices(_ value: JSONValue, _ judge: Judge) -> [Point]? {
        guard let elements = list(value, judge) else { return nil }
        let points = elements.compactMap { vertex($0, judge) }
        return points.count == elements.count ? points : nil
    }

    private static func ellipse(_ value: JSONValue, _ judge: Judge) -> [Point]? {
        guard let points = vertices(value, judge) else { return nil }
        return judge.inTurn(FigureRules.ellipse, FigureRules.Ends(object: value, points: points)) ? points : nil
    }

    private static func cuboid(_ value: JSONValue, _ judge: Judge) -> PerspectiveCuboid? {
        guard let elements = list(value, judge) else { return nil }
        var corners: [PerspectiveCuboid.Vertex: Point] = [:]
        for element in elements {
            guard let point = vertex(element, judge) else { return nil }
            let corner = FigureRules.Corner(element: element, corners: corners)
            guard judge.inTurn(FigureRules.corner, corner), let vertex = corner.vertex else { return nil }
            corners[vertex] = point
        }
        judge.all(FigureRules.cuboid, FigureRules.Corners(object: value, corners: corners))
        return PerspectiveCuboid(corners)
    }
}
