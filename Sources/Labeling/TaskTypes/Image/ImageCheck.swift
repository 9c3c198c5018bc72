import Geometry
import JSON

/// Checks a response about a picture.
struct ImageCheck {
    let params: ImageParams
    let facts: [AttachmentFacts]
    let strictness: Strictness
    let reader: JSONReader

    /// How far floating point may carry a corner over the border, in pixels.
    private static let tolerance = 1e-6

    func run(_ response: JSONValue) {
        guard response.isObject else {
            reader.report(response, "must be an object")
            return
        }
        guard let annotations = response["annotations"], !annotations.isNull else {
            reader.report(response, member: "annotations", "is required")
            return
        }
        guard annotations.isArray else {
            reader.report(annotations, "must be an array")
            return
        }
        let labels = labelsByUUID(annotations)
        let bounds = params.size(facts).map { size in
            Box(
                left: -Double(params.paddingX), top: -Double(params.paddingY),
                width: Double(size.width + 2 * params.paddingX), height: Double(size.height + 2 * params.paddingY))
        }
        var uuids: Set<String> = []
        for annotation in annotations.elements {
            guard annotation.isObject else {
                reader.report(annotation, "must be an object")
                continue
            }
            UUIDCheck.check(annotation, member: "uuid", seen: &uuids, strictness: strictness, reader: reader)
            check(annotation, bounds: bounds, labels: labels)
        }
        checkCount(annotations)
        params.attributes.global.check(
            response, member: "global_attributes", label: nil, strictness: strictness, reader: reader,
            labelOf: { labels[$0] })
        params.links.check(response, labels: labels, strictness: strictness, reader: reader)
        if strictness == .submit, let base = params.base {
            do {
                try base.check(annotations, writer: ImageWriter(params: params), reader: reader)
            } catch {
                reader.report(annotations, "cannot be compared with the base annotations")
            }
        }
    }

    private func labelsByUUID(_ annotations: JSONValue) -> [String: String?] {
        var labels: [String: String?] = [:]
        for annotation in annotations.elements {
            if let uuid = annotation["uuid"]?.string { labels[uuid] = .some(annotation["label"]?.string) }
        }
        return labels
    }

    private func checkCount(_ annotations: JSONValue) {
        guard strictness == .submit else { return }
        let count = annotations.count
        if count < params.minAnnotations {
            reader.report(annotations, "must have at least \(params.minAnnotations) annotations")
        }
        if let most = params.maxAnnotations, count > most {
            reader.report(annotations, "must have at most \(most) annotations")
        }
    }

    private func check(_ annotation: JSONValue, bounds: Box?, labels: [String: String?]) {
        let label = checkLabel(annotation)
        if let geometry = geometry(annotation), let rules = params.geometries[geometry] {
            if let label, !rules.labels.contains(label) {
                let complaint =
                    params.geometries.labels.contains(label)
                    ? "is not a label of \(geometry.rawValue) annotations" : "is not a label of this task"
                reader.report(annotation, member: "label", "\(JSONWriter.quoted(label)) \(complaint)")
            }
            if let figure = Figure.read(geometry, annotation, reader) {
                checkLimits(figure, rules, annotation)
                checkBounds(figure, annotation, bounds)
            }
        }
        guard params.attributes.areDeclared else {
            if let attributes = annotation["attributes"], attributes.isObject {
                for given in attributes.members { reader.report(given.value, "is not an attribute of this task") }
            }
            return
        }
        params.attributes.local.check(
            annotation, member: "attributes", label: label, strictness: strictness, reader: reader,
            labelOf: { labels[$0] })
    }

    private func checkLabel(_ annotation: JSONValue) -> String? {
        guard let value = annotation["label"], !value.isNull else {
            if params.withLabels { reader.report(annotation, member: "label", "is required") }
            return nil
        }
        guard let label = value.string else {
            reader.report(value, "must be a string")
            return nil
        }
        return label
    }

    private func geometry(_ annotation: JSONValue) -> Geometry? {
        let allowed = params.geometries.allowed
        // Answers of the older types name no shape, as there is only one.
        if params.isLegacy, annotation["type"].map(\.isNull) ?? true { return allowed.first }
        guard let value = annotation["type"], !value.isNull else {
            reader.report(annotation, member: "type", "is required")
            return nil
        }
        guard let geometry = value.string.flatMap(Geometry.init(rawValue:)), allowed.contains(geometry) else {
            let complaint =
                allowed.count == 1
                ? "must be \(allowed[0].rawValue)"
                : "must be one of \(allowed.map(\.rawValue).joined(separator: ", "))"
            reader.report(value, complaint)
            return nil
        }
        return geometry
    }

    // MARK: Shapes

    private func checkLimits(_ figure: Figure, _ rules: Geometries.Rules, _ annotation: JSONValue) {
        switch figure {
        case .box(let box): checkBox(box, rules, annotation)
        case .polygon(let vertices), .line(let vertices):
            guard strictness == .submit else { return }
            if vertices.count < rules.minVertices {
                reader.report(annotation, member: "vertices", "must have at least \(rules.minVertices) vertices")
            }
            if let most = rules.maxVertices, vertices.count > most {
                reader.report(annotation, member: "vertices", "must have at most \(most) vertices")
            }
        case .cuboid(let cuboid):
            guard cuboid.isFaceUpright(tolerance: 1) else {
                reader.report(annotation, member: "vertices", "must have a face whose edges run along the picture's")
                return
            }
            guard strictness == .submit else { return }
            for (name, side, least) in [
                ("wide", cuboid.face.width, rules.minWidth), ("high", cuboid.face.height, rules.minHeight),
            ] where side < least || side <= 0 {
                let size = least > 0 ? "at least \(Wording.number(least)) pixels" : "more than 0 pixels"
                reader.report(annotation, member: "vertices", "must have a face that is \(size) \(name)")
            }
        case .point, .ellipse: break
        }
    }

    private func checkBox(_ box: Box, _ rules: Geometries.Rules, _ annotation: JSONValue) {
        if !rules.canRotate, Box.normalized(box.rotation) != 0 {
            reader.report(annotation, member: "rotation", "must be 0: boxes of this task cannot be turned")
        }
        if rules.canRotate, let corners = annotation["vertices"], !corners.isNull {
            checkCorners(box, annotation)
        }
        guard strictness == .submit else { return }
        for (name, side, least) in [("width", box.width, rules.minWidth), ("height", box.height, rules.minHeight)]
        where side < least || side <= 0 {
            reader.report(
                annotation, member: name,
                least > 0 ? "must be at least \(Wording.number(least))" : "must be a positive number")
        }
        guard rules.integerPixels, Box.normalized(box.rotation) == 0 else { return }
        for (name, number) in [("left", box.left), ("top", box.top), ("width", box.width), ("height", box.height)]
        where number != number.rounded() {
            reader.report(annotation, member: name, "must be a whole number of pixels")
        }
    }

    /// Corners are derived, so those sent must agree with the box.
    private func checkCorners(_ box: Box, _ annotation: JSONValue) {
        guard let points = Figure.vertices(annotation, reader) else { return }
        guard points.count == 4, zip(points, box.corners).allSatisfy({ ($0 - $1).length <= 1 }) else {
            reader.report(annotation, member: "vertices", "must be the four corners of the turned box")
            return
        }
    }

    private func checkBounds(_ figure: Figure, _ annotation: JSONValue, _ bounds: Box?) {
        guard let bounds else { return }
        guard !figure.extent.allSatisfy({ bounds.contains($0, tolerance: Self.tolerance) }) else { return }
        let complaint =
            params.paddingX > 0 || params.paddingY > 0
            ? "must lie inside the picture and its padding" : "must lie inside the picture"
        switch figure {
        case .polygon(let vertices), .line(let vertices):
            let index = vertices.firstIndex { !bounds.contains($0, tolerance: Self.tolerance) } ?? 0
            var path = JSONPath(annotation.path)
            path.append(key: "vertices")
            path.append(index: index)
            reader.report(path: path.text, complaint)
        case .cuboid, .ellipse: reader.report(annotation, member: "vertices", complaint)
        case .box, .point: reader.report(annotation, complaint)
        }
    }
}
