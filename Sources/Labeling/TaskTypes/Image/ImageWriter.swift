import Geometry
import JSON

/// Builds the response about a picture from what was drawn.
struct ImageWriter {
    let params: ImageParams

    /// The whole response, in JSON.
    func response(from document: OpenDocument) -> String {
        var writer = JSONWriter(capacity: 4096)
        write(WritingRules.response, WritingRules.ResponseSubject(document: document, params: params), to: &writer)
        return writer.text
    }

    /// One annotation; what cannot be read is written as it stands, for the check to name it.
    func annotation(_ object: DocumentObject, to writer: inout JSONWriter) {
        write(WritingRules.annotation, WritingRules.AnnotationSubject(object: object, params: params), to: &writer)
    }

    /// One link, given the labels of the annotations by key.
    func link(_ object: DocumentObject, labels: [String: String], to writer: inout JSONWriter) {
        write(
            WritingRules.link, WritingRules.LinkSubject(object: object, labels: labels, params: params), to: &writer)
    }

    /// An object with the parts that are in force.
    private func write<Subject>(_ parts: [Part<Subject>], _ subject: Subject, to writer: inout JSONWriter) {
        writer.object { members(parts, subject, to: &$0) }
    }

    private func members<Subject>(_ parts: [Part<Subject>], _ subject: Subject, to writer: inout JSONWriter) {
        for part in parts where params.rules.contains(part.name) { part.write(subject, &writer) }
    }

    /// The members that make the annotation's shape.
    func shape(_ value: JSONValue, to writer: inout JSONWriter) {
        let geometry = value["type"]?.string.flatMap(Geometry.init(rawValue:))
        guard let geometry, let figure = Figure.read(geometry, value, Judge(.submit, JSONReader(), params.rules))
        else {
            writer.copy(["left", "top", "width", "height", "rotation", "x", "y", "vertices"], of: value)
            return
        }
        switch figure {
        case .box(let box):
            let subject = WritingRules.BoxSubject(box: answered(box), rules: params.geometries[.box])
            members(WritingRules.box, subject, to: &writer)
        case .polygon(let vertices), .line(let vertices), .ellipse(let vertices): writer.vertices(vertices)
        case .point(let point): writer.point(point)
        case .cuboid(let cuboid):
            members(
                WritingRules.cuboid, WritingRules.CuboidSubject(cuboid: cuboid, params: params), to: &writer)
        }
    }

    /// The box in the form in which it is answered.
    private func answered(_ box: Box) -> Box {
        WritingRules.boxFinish.filter { params.rules.contains($0.name) }
            .reduce(box) { $1.apply($0, params.geometries[.box]) }
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
                for name in ["label", "from", "to", "attributes"] {
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
