import Geometry
import JSON

/// Builds the response about a picture from what was drawn.
struct ImageWriter {
    let params: ImageParams

    /// The whole response, in JSON.
    func response(from document: OpenDocument) -> String {
        var writer = JSONWriter(capacity: 4096)
        var labels: [String: String] = [:]
        writer.object { writer in
            writer.array("annotations") { writer in
                for object in document.objects("annotations") {
                    labels[object.key] = object.value["label"]?.string
                    annotation(object, to: &writer)
                }
            }
            if !params.isLegacy || !params.attributes.global.isEmpty {
                writer.object("global_attributes") { writer in
                    params.attributes.global.write(
                        document.collection("attributes"), label: nil, to: &writer, unwrap: OpenDocument.unwrap)
                }
            }
            if !params.isLegacy {
                writer.array("links") { writer in
                    for object in document.objects("links") { link(object, labels: labels, to: &writer) }
                }
            }
        }
        return writer.text
    }

    /// One annotation; what cannot be read is written as it stands, for the check to name it.
    func annotation(_ object: DocumentObject, to writer: inout JSONWriter) {
        let value = object.value
        let geometry = value["type"]?.string.flatMap(Geometry.init(rawValue:))
        writer.object { writer in
            writer.field("uuid", object.key)
            copy("type", value, to: &writer)
            if params.withLabels {
                writer.key("label")
                value["label"].map { writer.raw($0.raw) } ?? writer.null()
            }
            if let geometry, let figure = Figure.read(geometry, value, JSONReader()) {
                write(figure, to: &writer)
            } else {
                for name in ["left", "top", "width", "height", "rotation", "x", "y", "vertices"] as [StaticString] {
                    copy(name, value, to: &writer)
                }
            }
            if params.attributes.areDeclared {
                writer.object("attributes") { writer in
                    params.attributes.local.write(value["attributes"], label: value["label"]?.string, to: &writer)
                }
            }
        }
    }

    private func copy(_ name: StaticString, _ value: JSONValue, to writer: inout JSONWriter) {
        guard let member = value[name.description], !member.isNull else { return }
        writer.key(name)
        writer.raw(member.raw)
    }

    private func write(_ figure: Figure, to writer: inout JSONWriter) {
        switch figure {
        case .box(let box): write(box, to: &writer)
        case .polygon(let vertices), .line(let vertices), .ellipse(let vertices): write(vertices, to: &writer)
        case .point(let point): write(point, to: &writer)
        case .cuboid(let cuboid): write(cuboid, to: &writer)
        }
    }

    /// The box in the form in which it is answered.
    func answered(_ box: Box) -> Box {
        let box = box.normalized
        return params.geometries[.box]?.integerPixels == true ? box.roundedToPixels : box
    }

    private func write(_ drawn: Box, to writer: inout JSONWriter) {
        let box = answered(drawn)
        writer.field("left", box.left)
        writer.field("top", box.top)
        writer.field("width", box.width)
        writer.field("height", box.height)
        let canRotate = params.geometries[.box]?.canRotate == true
        // A turned box where none may be turned is left to the check.
        if canRotate || box.rotation != 0 { writer.field("rotation", box.rotation) }
        if canRotate { write(box.corners, to: &writer) }
    }

    private func write(_ point: Point, to writer: inout JSONWriter) {
        writer.field("x", point.x)
        writer.field("y", point.y)
    }

    private func write(_ vertices: [Point], to writer: inout JSONWriter) {
        writer.array("vertices") { writer in
            for vertex in vertices {
                writer.object { write(vertex, to: &$0) }
            }
        }
    }

    private func write(_ cuboid: PerspectiveCuboid, to writer: inout JSONWriter) {
        writer.array("vertices") { writer in
            for vertex in cuboid.vertices {
                writer.object { writer in
                    write(vertex.point, to: &writer)
                    writer.field("type", "vertex")
                    writer.field("description", vertex.name.rawValue)
                }
            }
        }
        writer.array("edges") { writer in
            for edge in cuboid.edges {
                writer.object { writer in
                    writer.field("x1", edge.from.x)
                    writer.field("y1", edge.from.y)
                    writer.field("x2", edge.to.x)
                    writer.field("y2", edge.to.y)
                    writer.field("type", "edge")
                    writer.field("description", edge.name.rawValue)
                }
            }
        }
    }

    private func link(_ object: DocumentObject, labels: [String: String], to writer: inout JSONWriter) {
        let value = object.value
        writer.object { writer in
            writer.field("uuid", object.key)
            for name in ["label", "from", "to"] as [StaticString] { copy(name, value, to: &writer) }
            if let label = value["label"]?.string, let from = value["from"]?.string.flatMap({ labels[$0] }),
                let to = value["to"]?.string.flatMap({ labels[$0] })
            {
                writer.field(
                    "is_bidirectional", params.links.rule(label, from: from, to: to)?.isBidirectional ?? false)
            }
        }
    }
}

extension ImageWriter {
    /// The document that a response amounts to, for pre-labels that are handed in.
    ///
    /// `makeID` makes keys for annotations and links that were sent without a uuid; `geometry` is the shape of those
    /// that name none.
    static func document(
        of response: JSONValue, geometry: Geometry? = nil, makeID: () -> String
    ) -> Document {
        var document = Document()
        for (index, annotation) in response["annotations"].allElements.enumerated() {
            document.set("annotations", annotation["uuid"]?.string ?? makeID()) { writer in
                for member in annotation.members where drawnMembers.contains(member.name) && !member.value.isNull {
                    writer.key(member.name)
                    writer.raw(member.value.raw)
                }
                if let geometry, annotation["type"].map(\.isNull) ?? true { writer.field("type", geometry.rawValue) }
                writer.field("order", OrderKey.at(index))
            }
        }
        for answer in response["global_attributes"].allMembers {
            document.set("attributes", answer.name) { writer in
                writer.key("value")
                writer.raw(answer.value.raw)
            }
        }
        for (index, link) in response["links"].allElements.enumerated() {
            document.set("links", link["uuid"]?.string ?? makeID()) { writer in
                for name in ["label", "from", "to"] {
                    guard let value = link[name] else { continue }
                    writer.key(name)
                    writer.raw(value.raw)
                }
                writer.field("order", OrderKey.at(index))
            }
        }
        return document
    }

    /// What an annotation has in a document; the rest of a response is derived.
    private static let drawnMembers: Set<String> = [
        "type", "label", "left", "top", "width", "height", "rotation", "x", "y", "vertices", "edges", "attributes",
    ]
}
