import Geometry
import JSON

/// What a task demands of a shape beyond being one.
enum LimitRules {
    struct BoxSubject {
        let box: Box
        let rules: Geometries.Rules
        let annotation: JSONValue
        let judge: Judge

        var isUpright: Bool { Box.normalized(box.rotation) == 0 }

        func side(_ name: String, _ side: Double, least: Double) -> Fault? {
            guard side + tolerance < least || side <= 0 else { return nil }
            let size = least > 0 ? "must be at least \(Wording.number(least))" : "must be a positive number"
            return Fault(annotation, name, complaint: size)
        }
    }

    struct Outline {
        let count: Int
        let rules: Geometries.Rules
        let annotation: JSONValue
    }

    struct CuboidSubject {
        let cuboid: PerspectiveCuboid
        let rules: Geometries.Rules
        let annotation: JSONValue

        func side(_ word: String, _ side: Double, least: Double) -> Fault? {
            guard side + tolerance < least || side <= 0 else { return nil }
            let size = least > 0 ? "at least \(Wording.number(least)) pixels" : "more than 0 pixels"
            return Fault(annotation, "vertices", complaint: "must have a face that is \(size) \(word)")
        }
    }

    struct Placed {
        let figure: Figure
        let annotation: JSONValue
        /// The picture with its padding; nil while its size is unknown.
        let bounds: Box?
        let isPadded: Bool
    }

    /// How far floating point may carry a corner over the border or a side below the least size, in pixels.
    private static let tolerance = 1e-6
    /// How far drawn corners may lie from where they belong, in pixels.
    private static let near = 1.0

    static let box: [Rule<BoxSubject>] = [
        Rule("boxes are turned only where they may be") { subject in
            guard !subject.rules.canRotate, !subject.isUpright else { return nil }
            return Fault(
                subject.annotation, "rotation", complaint: "must be 0: boxes of this task cannot be turned")
        },
        Rule("given corners are those of the box") { subject in
            guard subject.rules.canRotate, subject.annotation.given("vertices") != nil,
                let points = Figure.vertices(subject.annotation, subject.judge)
            else { return nil }
            let fits = zip(points, subject.box.corners).allSatisfy { ($0 - $1).length <= near }
            guard points.count != 4 || !fits else { return nil }
            return Fault(
                subject.annotation, "vertices", complaint: "must be the four corners of the turned box")
        },
        Rule("a box is wide enough", onSubmit: true) {
            $0.side("width", $0.box.width, least: $0.rules.minWidth)
        },
        Rule("a box is high enough", onSubmit: true) {
            $0.side("height", $0.box.height, least: $0.rules.minHeight)
        },
        Rule("upright boxes lie on whole pixels where they must", onSubmit: true) { (subject: BoxSubject) -> [Fault] in
            guard subject.rules.integerPixels, subject.isUpright else { return [] }
            let box = subject.box
            return [("left", box.left), ("top", box.top), ("width", box.width), ("height", box.height)]
                .filter { $0.1 != $0.1.rounded() }
                .map { Fault(subject.annotation, $0.0, complaint: "must be a whole number of pixels") }
        },
    ]

    static let outline: [Rule<Outline>] = [
        Rule("an outline has enough vertices", onSubmit: true) { subject in
            let least = subject.rules.minVertices
            guard subject.count < least else { return nil }
            return Fault(subject.annotation, "vertices", complaint: "must have at least \(least) vertices")
        },
        Rule("an outline does not have too many vertices", onSubmit: true) { subject in
            guard let most = subject.rules.maxVertices, subject.count > most else { return nil }
            return Fault(subject.annotation, "vertices", complaint: "must have at most \(most) vertices")
        },
    ]

    static let cuboidFace: [Rule<CuboidSubject>] = [
        Rule("the face of a cuboid is an upright rectangle") { subject in
            guard !subject.cuboid.isFaceUpright(tolerance: near) else { return nil }
            return Fault(
                subject.annotation, "vertices", complaint: "must have a face whose edges run along the picture's")
        }
    ]

    static let cuboidSize: [Rule<CuboidSubject>] = [
        Rule("the face of a cuboid is wide enough", onSubmit: true) {
            $0.side("wide", $0.cuboid.face.width, least: $0.rules.minWidth)
        },
        Rule("the face of a cuboid is high enough", onSubmit: true) {
            $0.side("high", $0.cuboid.face.height, least: $0.rules.minHeight)
        },
    ]

    static let inside: [Rule<Placed>] = [
        Rule("a shape lies inside the picture and its padding") { subject in
            guard let bounds = subject.bounds,
                let outside = subject.figure.extent.firstIndex(where: { !bounds.contains($0, tolerance: tolerance) })
            else { return nil }
            let complaint =
                subject.isPadded ? "must lie inside the picture and its padding" : "must lie inside the picture"
            switch subject.figure {
            case .polygon, .line:
                guard
                    let vertex = subject.annotation["vertices"]?.elements.dropFirst(outside).first(where: { _ in true })
                else { return nil }
                return Fault(vertex, complaint: complaint)
            case .cuboid, .ellipse: return Fault(subject.annotation, "vertices", complaint: complaint)
            case .box, .point: return Fault(subject.annotation, complaint: complaint)
            }
        }
    ]

    static let names: [String] = [
        box.map(\.name), outline.map(\.name), cuboidFace.map(\.name), cuboidSize.map(\.name),
        inside.map(\.name),
    ].flatMap { $0 }

    /// Checks a shape against the limits of its geometry.
    static func check(_ figure: Figure, _ rules: Geometries.Rules, _ annotation: JSONValue, _ judge: Judge) {
        switch figure {
        case .box(let box):
            judge.all(Self.box, BoxSubject(box: box, rules: rules, annotation: annotation, judge: judge))
        case .polygon(let vertices), .line(let vertices):
            judge.all(outline, Outline(count: vertices.count, rules: rules, annotation: annotation))
        case .cuboid(let cuboid):
            let subject = CuboidSubject(cuboid: cuboid, rules: rules, annotation: annotation)
            if judge.inTurn(cuboidFace, subject) { judge.all(cuboidSize, subject) }
        case .point, .ellipse: break
        }
    }
}
