import Geometry
import JSON

extension ImageWriter {
    /// A fixed answer that the task's own checks accept, for keys in test mode: one annotation of the first shape.
    func canned(makeID: () -> String) throws -> String? {
        guard let geometry = params.geometries.allowed.first(where: { params.geometries[$0]?.labels.isEmpty == false }),
            let rules = params.geometries[geometry], let label = rules.labels.choices.first
        else { return nil }
        var document = Document()
        document.set("annotations", makeID()) { writer in
            writer.field("type", geometry.rawValue)
            writer.field("label", label)
            drawn(geometry, rules, to: &writer)
            writer.object("attributes") { writer in params.attributes.local.writeCanned(label: label, to: &writer) }
            writer.field("order", OrderKey.at(0))
        }
        for entry in params.attributes.global.entries where entry.attribute.conditions.groups.isEmpty {
            guard let answer = entry.attribute.canned else { continue }
            document.set("attributes", entry.key) { $0.field("value", raw: answer) }
        }
        return try JSONDocument.read(document.json) { response(from: OpenDocument($0, secondsSpent: nil)) }
    }

    private func drawn(_ geometry: Geometry, _ rules: Geometries.Rules, to writer: inout JSONWriter) {
        switch geometry {
        case .box:
            writer.field("left", 0)
            writer.field("top", 0)
            writer.field("width", max(100, rules.minWidth.rounded(.up)))
            writer.field("height", max(100, rules.minHeight.rounded(.up)))
        case .polygon, .line: vertices(outline(rules), to: &writer)
        case .point:
            writer.field("x", 10)
            writer.field("y", 10)
        case .ellipse: vertices(Ellipse(center: Point(x: 60, y: 60), a: 50, b: 50).vertices, to: &writer)
        case .cuboid:
            let (right, bottom) = (max(100, rules.minWidth), max(100, rules.minHeight))
            let points = [
                Point(x: 0, y: 0), Point(x: 0, y: bottom), Point(x: right, y: 0), Point(x: right, y: bottom),
                Point(x: right + 50, y: 10), Point(x: right + 50, y: bottom - 10),
            ]
            writer.array("vertices") { writer in
                for (vertex, point) in zip(PerspectiveCuboid.Vertex.allCases, points) {
                    writer.object { writer in
                        writer.field("x", point.x)
                        writer.field("y", point.y)
                        writer.field("description", vertex.rawValue)
                    }
                }
            }
        }
    }

    /// A triangle with as many vertices as must be: further ones along its last edge.
    private func outline(_ rules: Geometries.Rules) -> [Point] {
        var points = [Point(x: 10, y: 10), Point(x: 110, y: 110), Point(x: 10, y: 110)]
        if let most = rules.maxVertices { points = Array(points.prefix(most)) }
        let missing = max(0, min(rules.minVertices, 1000) - points.count)
        for index in 0..<missing {
            points.append(Point(x: 10, y: 110 - 100 * Double(index + 1) / Double(missing + 1)))
        }
        return points
    }

    private func vertices(_ points: [Point], to writer: inout JSONWriter) {
        writer.array("vertices") { writer in
            for point in points {
                writer.object { writer in
                    writer.field("x", point.x)
                    writer.field("y", point.y)
                }
            }
        }
    }
}

extension AttributeSet {
    /// Writes fixed answers to the attributes that are asked whatever else is answered.
    func writeCanned(label: String?, to writer: inout JSONWriter) {
        for entry in entries where entry.attribute.conditions.hold(label: label, words: { _ in [] }) {
            guard let answer = entry.attribute.canned else { continue }
            writer.key(entry.key)
            writer.raw(answer)
        }
    }
}

extension Attribute {
    /// A fixed answer in JSON; nil where none can be made up.
    var canned: String? {
        switch kind {
        case .category(let choices, let allowMultiple):
            choices.choices.first.map { allowMultiple ? "[\(JSONWriter.quoted($0))]" : JSONWriter.quoted($0) }
        case .number(let min, let max, _): Wording.number(min ?? Swift.min(0, max ?? 0))
        case .angle, .offset, .imageRotation: "0"
        case .text: #""test response""#
        case .linked: nil
        }
    }
}
