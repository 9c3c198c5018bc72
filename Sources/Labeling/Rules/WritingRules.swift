import Geometry
import JSON

/// Some members of what is written about a subject, by name, so that each can be tried without.
struct Part<Subject>: Sendable {
    let name: String
    let write: @Sendable (Subject, inout JSONWriter) -> Void
}

/// A change to a box on its way into the response.
struct BoxFinish: Sendable {
    let name: String
    let apply: @Sendable (Box, Geometries.Rules?) -> Box
}

/// How a response about a picture is put together.
enum WritingRules {
    struct BoxSubject {
        let box: Box
        let rules: Geometries.Rules?

        var canRotate: Bool { rules?.canRotate == true }
    }

    struct CuboidSubject {
        let cuboid: PerspectiveCuboid
        let params: ImageParams
    }

    struct AnnotationSubject {
        let object: DocumentObject
        let params: ImageParams
    }

    struct LinkSubject {
        let object: DocumentObject
        /// The labels of the annotations by key.
        let labels: [String: String]
        let params: ImageParams
    }

    struct ResponseSubject {
        let document: OpenDocument
        let params: ImageParams
    }

    static let boxFinish: [BoxFinish] = [
        BoxFinish(name: "a rotation lies within one turn") { box, _ in box.normalized },
        BoxFinish(name: "edges are rounded to whole pixels where they must be") { box, rules in
            rules?.integerPixels == true ? box.roundedToPixels : box
        },
    ]

    static let box: [Part<BoxSubject>] = [
        Part(name: "a box has its four measures") { subject, writer in
            writer.field("left", subject.box.left)
            writer.field("top", subject.box.top)
            writer.field("width", subject.box.width)
            writer.field("height", subject.box.height)
        },
        Part(name: "a box that may turn carries its rotation") { subject, writer in
            // A turned box where none may be turned is left to the check.
            guard subject.canRotate || subject.box.rotation != 0 else { return }
            writer.field("rotation", subject.box.rotation)
        },
        Part(name: "a box that may turn carries its corners") { subject, writer in
            guard subject.canRotate else { return }
            writer.vertices(subject.box.corners)
        },
    ]

    static let cuboid: [Part<CuboidSubject>] = [
        Part(name: "the corners of a cuboid are written in a fixed order") { subject, writer in
            writer.array("vertices") { writer in
                for vertex in subject.cuboid.vertices {
                    writer.object { writer in
                        writer.point(vertex.point)
                        writer.field("type", "vertex")
                        writer.field("description", vertex.name.rawValue)
                    }
                }
            }
        },
        Part(name: "the edges of a cuboid follow from its corners") { subject, writer in
            writer.array("edges") { writer in
                for edge in subject.cuboid.edges {
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
        },
        Part(name: "a cuboid before a known camera carries its corrected corners") { subject, writer in
            guard case .success(let corrected)? = subject.params.corrected(subject.cuboid) else { return }
            corrected.write(to: &writer)
        },
    ]

    static let annotation: [Part<AnnotationSubject>] = [
        Part(name: "an annotation carries its key as uuid") { subject, writer in
            writer.field("uuid", subject.object.key)
        },
        Part(name: "an annotation carries its geometry's name") { subject, writer in
            writer.copy(["type"], of: subject.object.value)
        },
        Part(name: "an annotation carries its label where there are labels") { subject, writer in
            guard subject.params.withLabels else { return }
            writer.key("label")
            subject.object.value["label"].map { writer.raw($0.raw) } ?? writer.null()
        },
        Part(name: "an annotation carries its shape") { subject, writer in
            ImageWriter(params: subject.params).shape(subject.object.value, to: &writer)
        },
        Part(name: "an annotation carries attributes where the task declares some") { subject, writer in
            guard subject.params.attributes.areDeclared else { return }
            let value = subject.object.value
            writer.object("attributes") { writer in
                subject.params.attributes.local.write(
                    value["attributes"], label: value["label"]?.string, to: &writer, book: subject.params.rules)
            }
        },
    ]

    static let link: [Part<LinkSubject>] = [
        Part(name: "a link carries its key as uuid") { subject, writer in writer.field("uuid", subject.object.key) },
        Part(name: "a link carries its label and ends") { subject, writer in
            writer.copy(["label", "from", "to"], of: subject.object.value)
        },
        Part(name: "a link says whether it goes both ways") { subject, writer in
            let value = subject.object.value
            guard let label = value["label"]?.string,
                let from = value["from"]?.string.flatMap({ subject.labels[$0] }),
                let to = value["to"]?.string.flatMap({ subject.labels[$0] })
            else { return }
            let rule = subject.params.links.rule(label, from: from, to: to)
            writer.field("is_bidirectional", rule?.isBidirectional ?? false)
        },
        Part(name: "a link carries attributes where some name its label") { subject, writer in
            let (value, attributes) = (subject.object.value, subject.params.attributes.local)
            let label = value["label"]?.string
            guard attributes.asksLinks(label) else { return }
            writer.object("attributes") { writer in
                attributes.write(
                    value["attributes"], label: label, scope: .link, to: &writer, book: subject.params.rules)
            }
        },
    ]

    static let response: [Part<ResponseSubject>] = [
        Part(name: "a response carries the annotations") { subject, writer in
            let image = ImageWriter(params: subject.params)
            writer.array("annotations") { writer in
                for object in subject.document.objects("annotations", book: subject.params.rules) {
                    image.annotation(object, to: &writer)
                }
            }
        },
        Part(name: "a response carries global attributes, of older types only where there are some") {
            subject, writer in
            let (params, global) = (subject.params, subject.params.attributes.global)
            guard !params.isLegacy || !global.isEmpty else { return }
            writer.object("global_attributes") { writer in
                global.write(
                    subject.document.collection("attributes"), label: nil, to: &writer, book: params.rules
                ) { $0["value"] }
            }
        },
        Part(name: "a response carries links, but not of older types") { subject, writer in
            guard !subject.params.isLegacy else { return }
            let image = ImageWriter(params: subject.params)
            let labels = subject.document.labels
            writer.array("links") { writer in
                for object in subject.document.objects("links", book: subject.params.rules) {
                    image.link(object, labels: labels, to: &writer)
                }
            }
        },
    ]

    static let names: [String] = [
        boxFinish.map(\.name), box.map(\.name), cuboid.map(\.name), annotation.map(\.name), link.map(\.name),
        response.map(\.name),
    ].flatMap { $0 }
}

extension JSONWriter {
    mutating func point(_ point: Point) {
        field("x", point.x)
        field("y", point.y)
    }

    mutating func vertices(_ vertices: [Point]) {
        array("vertices") { writer in
            for vertex in vertices {
                writer.object { $0.point(vertex) }
            }
        }
    }

    /// Copies the members of a value that say something.
    mutating func copy(_ names: [String], of value: JSONValue) {
        for name in names {
            guard let member = value.given(name) else { continue }
            key(name)
            raw(member.raw)
        }
    }
}

extension OpenDocument {
    /// The labels of annotations by key, of those that have one.
    fileprivate var labels: [String: String] {
        Dictionary(
            collection("annotations").allMembers.compactMap { member in
                member.value["label"]?.string.map { (member.name, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }
}
