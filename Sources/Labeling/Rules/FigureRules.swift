import Geometry
import JSON

/// What is demanded of the members that make a shape.
enum FigureRules {
    struct Measure {
        let object: JSONValue
        let name: String
    }

    struct Ends {
        let object: JSONValue
        let points: [Point]

        func fault(_ wanted: Ellipse.Fault, _ complaint: String) -> Fault? {
            do {
                _ = try Ellipse(vertices: points)
                return nil
            } catch {
                return error == wanted ? Fault(object, "vertices", complaint: complaint) : nil
            }
        }
    }

    struct Corner {
        let element: JSONValue
        let corners: [PerspectiveCuboid.Vertex: Point]

        var vertex: PerspectiveCuboid.Vertex? {
            element["description"]?.string.flatMap(PerspectiveCuboid.Vertex.init(rawValue:))
        }
    }

    struct Corners {
        let object: JSONValue
        let corners: [PerspectiveCuboid.Vertex: Point]
    }

    static let measure: [Rule<Measure>] = [
        Rule("a position is given") {
            $0.object.given($0.name) == nil ? Fault($0.object, $0.name, complaint: "is required") : nil
        },
        Rule("a position is a number") { measure in
            guard let value = measure.object.given(measure.name), value.double == nil else { return nil }
            return Fault(value, complaint: "must be a number")
        },
    ]

    static let box: [Rule<JSONValue>] = [
        Rule("a rotation is a number") { object in
            guard let rotation = object.given("rotation"), rotation.double == nil else { return nil }
            return Fault(rotation, complaint: "must be an angle in radians")
        },
        Rule("no side is negative") { (object: JSONValue) -> [Fault] in
            ["width", "height"].compactMap { name in
                guard let side = object[name]?.double, side < 0 else { return nil }
                return Fault(object, name, complaint: "must be a non-negative number")
            }
        },
    ]

    static let vertexList: [Rule<JSONValue>] = [
        Rule("vertices are given") {
            $0.given("vertices") == nil ? Fault($0, "vertices", complaint: "is required") : nil
        },
        Rule("vertices are a list") { object in
            guard let list = object.given("vertices"), !list.isArray else { return nil }
            return Fault(list, complaint: "must be an array")
        },
        Rule("there are vertices") { object in
            guard let list = object.given("vertices"), list.isArray, list.count == 0 else { return nil }
            return Fault(list, complaint: "must not be empty")
        },
    ]

    static let vertex: [Rule<JSONValue>] = [
        Rule("a vertex is an object") { $0.isObject ? nil : Fault($0, complaint: "must be an object with x and y") }
    ]

    static let ellipse: [Rule<Ends>] = [
        Rule("an ellipse has four ends") {
            $0.fault(.count, "must be exactly 4 points: the ends of the ellipse's axes")
        },
        Rule("an ellipse is not flat") {
            $0.fault(.flat, "must not coincide: an axis of the ellipse has no length")
        },
        Rule("the axes of an ellipse share their middle") {
            $0.fault(.centersDiffer, "must be the ends of two axes with the same centre")
        },
        Rule("the axes of an ellipse stand at right angles") {
            $0.fault(.axesNotPerpendicular, "must be the ends of two axes at right angles")
        },
    ]

    static let corner: [Rule<Corner>] = [
        Rule("a corner of a cuboid has a name of one") { corner in
            guard corner.vertex == nil else { return nil }
            let words = PerspectiveCuboid.Vertex.allCases.map(\.rawValue).joined(separator: ", ")
            return Fault(corner.element, "description", complaint: "must be one of \(words)")
        },
        Rule("a corner of a cuboid stands once") { corner in
            guard let vertex = corner.vertex, corner.corners[vertex] != nil else { return nil }
            return Fault(corner.element, "description", complaint: "repeats \(vertex.rawValue)")
        },
    ]

    static let cuboid: [Rule<Corners>] = [
        Rule("a cuboid has its face and both corners of the side or none") { subject in
            PerspectiveCuboid(subject.corners) != nil
                ? nil
                : Fault(
                    subject.object, "vertices",
                    complaint: "must name the four corners of the face and both or none of the side")
        }
    ]

    static let names: [String] = [
        measure.map(\.name), box.map(\.name), vertexList.map(\.name), vertex.map(\.name), ellipse.map(\.name),
        corner.map(\.name), cuboid.map(\.name),
    ].flatMap { $0 }
}
