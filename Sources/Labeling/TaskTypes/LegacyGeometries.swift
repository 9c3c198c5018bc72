package import JSON

/// The older types that draw one kind of shape each: imageannotation with one geometry and a flat request.
///
/// Their parameters are stored as sent. Annotations carry `uuid` and `type` beyond what those types promise, which
/// clients of theirs pass over.
package struct LegacyGeometry: TaskType {
    package let name: String
    package let summary: String
    package let editor = Editor.image
    package let requiresInstruction = true
    package let defaults: [(name: String, json: String)]
    package let schema: Schema<ImageParams>
    private let geometry: Geometry
    private let isAnsweredInTestMode: Bool

    /// The types there are.
    package static let all: [any TaskType] = [
        LegacyGeometry(
            "annotation", .box, "Upright boxes on one picture.", fields: [Fields.minWidth, Fields.minHeight],
            defaults: [("min_width", "0"), ("min_height", "0")]),
        LegacyGeometry("polygonannotation", .polygon, "Closed outlines on one picture."),
        LegacyGeometry(
            "lineannotation", .line, "Lines on one picture.", fields: [Fields.splines], defaults: [("splines", "false")]
        ),
        LegacyGeometry("pointannotation", .point, "Points on one picture.", isAnsweredInTestMode: false),
        LegacyGeometry(
            "cuboidannotation", .cuboid, "Cuboids in perspective on one picture.",
            fields: [
                Fields.minWidth, Fields.minHeight, Fields.minAnnotations, Fields.maxAnnotations, Camera.intrinsics,
                Camera.rotation, Camera.height,
            ], defaults: [("min_annotations", "0"), ("max_annotations", "0")]),
    ]

    /// Declares a type; `fields` are its members beyond those that all of these types have.
    private init(
        _ name: String, _ geometry: Geometry, _ summary: String, fields: [any FieldDeclaration] = [],
        defaults: [(name: String, json: String)] = [], isAnsweredInTestMode: Bool = true
    ) {
        self.name = name
        self.summary = summary
        self.geometry = geometry
        self.defaults = [("attachment_type", #""image""#), ("with_labels", "true")] + defaults
        self.isAnsweredInTestMode = isAnsweredInTestMode
        let title = name.prefix(1).uppercased() + name.dropFirst() + "Params"
        schema = .object(title, Fields.shared + fields, unknown: .ignore) { object in
            Self.read(&object, geometry, further: Set(fields.map(\.name.text)))
        }
    }

    private enum Fields {
        static let labels = RequiredField(
            "objects_to_annotate", LabelSet.nonEmptySchema, "The labels that may be used.")
        static let withLabels = Field(
            "with_labels", .bool, default: true, shownAs: "true", "Whether annotations carry labels.")
        static let minWidth = Field(
            "min_width", .number(.nonNegative), default: 0, shownAs: "0", "Least width in pixels.")
        static let minHeight = Field(
            "min_height", .number(.nonNegative), default: 0, shownAs: "0", "Least height in pixels.")
        static let splines = Field(
            "splines", .bool, default: false, shownAs: "false", "Whether lines are shown as smooth curves.")
        static let minAnnotations = Field(
            "min_annotations", .integer(0...100_000), default: 0, shownAs: "0", "Least number of annotations.")
        static let maxAnnotations = Field(
            "max_annotations", .integer(0...100_000), default: 0, shownAs: "0",
            "Greatest number of annotations; 0 for no limit.")
        static let examples = OptionalField(
            "examples", .array(of: .anyObject(), count: 0...100),
            "Right and wrong examples: correct, image, explanation.")
        static let shared: [any FieldDeclaration] = [
            SharedFields.picture, SharedFields.attachmentIsImage, labels, withLabels, examples, Layers.field,
            SharedFields.attributes, SharedFields.hypothesis, SharedFields.labelColors,
        ]
    }

    private static func read(_ object: inout ObjectReader, _ geometry: Geometry, further: Set<String>) -> ImageParams? {
        let attachment = object(SharedFields.picture)
        _ = object(SharedFields.attachmentIsImage)
        let labels = object(Fields.labels)
        let withLabels = object(Fields.withLabels)
        _ = (object(Fields.examples), object(Layers.field))
        let declared = object(SharedFields.attributes)
        let hypothesis = object(SharedFields.hypothesis)
        _ = object(SharedFields.labelColors)
        guard let labels else { return nil }
        var rules = Geometries.Rules(labels: labels)
        if geometry == .polygon { rules.minVertices = 3 }
        if further.contains("min_width") {
            rules.minWidth = object(Fields.minWidth)
            rules.minHeight = object(Fields.minHeight)
        }
        if further.contains("splines") { _ = object(Fields.splines) }
        if geometry == .cuboid { rules.camera = Camera.read(&object) }
        guard let attachment else { return nil }

        var params = ImageParams(attachment: attachment, geometries: Geometries([geometry: rules]))
        params.withLabels = withLabels
        params.isLegacy = true
        params.hypothesis = hypothesis
        params.attributes = Attributes.checked(
            declared, in: SharedFields.member("annotation_attributes", of: object),
            rules: Attributes.Rules(
                labels: params.geometries.labels, hasBoxes: geometry == .box || geometry == .cuboid, canTurn: true),
            reader: object.reader)
        if further.contains("min_annotations") {
            params.minAnnotations = object(Fields.minAnnotations)
            let most = object(Fields.maxAnnotations)
            params.maxAnnotations = most == 0 ? nil : most
            if let most = params.maxAnnotations, most < params.minAnnotations {
                object.reader.report(object.object, member: "max_annotations", "must be at least `min_annotations`")
            }
        }
        if let hypothesis = SharedFields.member("hypothesis", of: object) {
            ImageCheck(params: params, facts: [], strictness: .draft, reader: object.reader).run(hypothesis)
        }
        return params
    }

    package func attachments(of params: ImageParams) -> [AttachmentRequest] { params.requests }

    /// The members as imageannotation names them.
    package func editorParams(stored: String) throws -> String? {
        try JSONDocument.read(stored) { stored in
            var writer = JSONWriter()
            writer.object { writer in
                writer.object("geometries") { writer in
                    writer.key(geometry.rawValue)
                    writer.object { Self.copy(Self.geometryMembers, stored, to: &$0) }
                }
                Self.copy(Self.sharedMembers, stored, to: &writer)
            }
            return writer.text
        }
    }

    private static let geometryMembers = [
        "objects_to_annotate", "min_width", "min_height", "camera_intrinsics", "camera_rotation_quaternion",
        "camera_height",
    ]
    private static let sharedMembers = [
        "annotation_attributes", "layers", "with_labels", "splines", "min_annotations", "max_annotations", "examples",
    ]

    private static func copy(_ names: [String], _ source: JSONValue, to writer: inout JSONWriter) {
        for name in names {
            guard let value = source[name], !value.isNull else { continue }
            writer.key(name)
            writer.raw(value.raw)
        }
    }

    package func initialDocument(of params: ImageParams, makeID: () -> String) throws -> Document {
        guard let hypothesis = params.hypothesis else { return Document() }
        return try JSONDocument.read(hypothesis.text) {
            ImageWriter.document(of: $0, geometry: geometry, makeID: makeID)
        }
    }

    package func response(from document: OpenDocument, for params: ImageParams, facts: [AttachmentFacts]) -> String {
        ImageWriter(params: params).response(from: document)
    }

    package func check(
        _ response: JSONValue, for params: ImageParams, facts: [AttachmentFacts], strictness: Strictness,
        reader: JSONReader
    ) {
        ImageCheck(params: params, facts: facts, strictness: strictness, reader: reader).run(response)
    }

    package func cannedResponse(for params: ImageParams, makeID: () -> String) throws -> String? {
        isAnsweredInTestMode ? try ImageWriter(params: params).canned(makeID: makeID) : nil
    }
}
