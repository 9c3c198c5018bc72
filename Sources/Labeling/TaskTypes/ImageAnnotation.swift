package import JSON

/// Shapes on one picture.
package struct ImageAnnotation: TaskType {
    package let name = "imageannotation"
    package let summary = "Boxes, polygons, lines, points, cuboids and ellipses on one picture."
    package let editor = Editor.image
    package let supportsQualityTasks = true
    package let defaults: [(name: String, json: String)] = [("attachment_type", #""image""#)]

    package init() {}

    package var schema: Schema<ImageParams> { Self.params }

    // MARK: Parameters

    private enum Fields {
        static let geometries = RequiredField(
            "geometries", Geometries.schema, "The shapes that may be drawn, with their labels.",
            missing: "`geometries` is required and must define at least one geometry.")
        static let links = Field(
            "links", LinkRules.schema, default: LinkRules.none, shownAs: "{}",
            "Which annotations may be linked under which labels.")
        static let padding = Field(
            "padding", .integer(0...2000), default: 0, shownAs: "0", "Pixels around the picture that may be drawn on.")
        static let paddingX = OptionalField(
            "paddingX", .integer(0...2000), "The same for left and right, in place of `padding`.")
        static let paddingY = OptionalField(
            "paddingY", .integer(0...2000), "The same for top and bottom, in place of `padding`.")
        static let metadata = OptionalField(
            "image_metadata", .anyObject(bytes: 10_240), "Facts about the picture: date_time, resolution, location.")
        static let baseAnnotations = OptionalField(
            "base_annotations", .anyObject(), "Annotations handed in, which may be locked.")
    }

    private static let canAdd = permission("can_add_base_annotations", "Whether others may be added to them.")
    private static let canEdit = permission("can_edit_base_annotations", "Whether they may be changed.")
    private static let canEditLabels = permission(
        "can_edit_base_annotation_labels", "Whether their labels may be changed.")
    private static let canDelete = permission("can_delete_base_annotations", "Whether they may be deleted.")
    private static let permissions = [canAdd, canEdit, canEditLabels, canDelete]

    private static func permission(_ name: FieldName, _ note: String) -> OptionalField<Bool> {
        OptionalField(name, .bool, note + " By default yes.")
    }

    private static let params = Schema<ImageParams>.object(
        "ImageAnnotationParams",
        [
            SharedFields.picture, SharedFields.attachmentIsImage, SharedFields.contextAttachments, Fields.geometries,
            SharedFields.attributes, Fields.links, SharedFields.hypothesis, Layers.field, Fields.baseAnnotations,
            canAdd, canEdit,
            canEditLabels, canDelete, Fields.metadata, Fields.padding, Fields.paddingX, Fields.paddingY,
            SharedFields.labelColors,
        ], unknown: .ignore
    ) { object in
        let attachment = object(SharedFields.picture)
        _ = object(SharedFields.attachmentIsImage)
        let context = object(SharedFields.contextAttachments)
        let geometries = object(Fields.geometries)
        let declared = object(SharedFields.attributes)
        let links = object(Fields.links)
        let hypothesis = object(SharedFields.hypothesis)
        _ = (object(Layers.field), object(Fields.metadata), object(Fields.baseAnnotations))
        _ = object(SharedFields.labelColors)
        let padding = object(Fields.padding)
        let (paddingX, paddingY) = (object(Fields.paddingX), object(Fields.paddingY))
        let flags = permissions.map { object($0) }
        guard let attachment, let geometries else { return nil }

        let rules = Attributes.Rules(
            labels: geometries.labels, hasBoxes: geometries[.box] != nil || geometries[.cuboid] != nil, canTurn: true,
            linkLabels: links.labels)
        var params = ImageParams(attachment: attachment, geometries: geometries)
        params.contextAttachments = context
        params.attributes = Attributes.checked(
            declared, in: SharedFields.member("annotation_attributes", of: object), rules: rules,
            reader: object.reader)
        params.links = links
        params.paddingX = paddingX ?? padding
        params.paddingY = paddingY ?? padding
        params.hypothesis = hypothesis
        links.checkLabels(
            in: SharedFields.member("links", of: object), known: geometries.labels, reader: object.reader)
        checkContext(context, attachment, object)
        readPrelabels(&params, flags, object)
        return params
    }

    private static func checkContext(_ context: [String], _ attachment: String, _ object: ObjectReader) {
        for element in SharedFields.member("context_attachments", of: object).allElements
        where element["attachment"]?.string == attachment {
            object.reader.report(element, member: "attachment", "must differ from the task attachment")
        }
    }

    /// Checks what is handed in against the rest of the parameters.
    private static func readPrelabels(_ params: inout ImageParams, _ flags: [Bool?], _ object: ObjectReader) {
        let check = ImageCheck(params: params, facts: [], strictness: .draft, reader: object.reader)
        let hypothesis = SharedFields.member("hypothesis", of: object)
        if let hypothesis { check.run(hypothesis) }
        guard let base = SharedFields.member("base_annotations", of: object) else {
            for (permission, flag) in zip(permissions, flags) where flag != nil {
                object.reader.report(object.object, member: permission.name.text, "needs `base_annotations`")
            }
            return
        }
        if hypothesis != nil {
            object.reader.report(base, "must not be given together with `hypothesis`")
        }
        check.run(base)
        params.base = BaseAnnotations(
            base, canAdd: flags[0] ?? true, canEdit: flags[1] ?? true, canEditLabels: flags[2] ?? true,
            canDelete: flags[3] ?? true)
    }

    /// Gives base annotations that lack a uuid one, since permissions are enforced by uuid.
    package func complete(_ merged: JSONValue, reader: JSONReader, makeID: () -> String) {
        for annotation in (merged["base_annotations"]?["annotations"]).allElements {
            if let uuid = annotation["uuid"] {
                if uuid.isNull { reader.replace(uuid, with: JSONWriter.quoted(makeID())) }
            } else {
                reader.insert("\"uuid\":\(JSONWriter.quoted(makeID()))", into: annotation)
            }
        }
    }

    // MARK: Answers

    package func attachments(of params: ImageParams) -> [AttachmentRequest] { params.requests }

    package func initialDocument(of params: ImageParams, makeID: () -> String) throws -> Document {
        guard let start = params.hypothesis ?? params.base?.response else { return Document() }
        return try JSONDocument.read(start.text) { ImageWriter.document(of: $0, makeID: makeID) }
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

    package func warnings(about response: JSONValue, for params: ImageParams) -> [SubmissionIssue] {
        params.uncorrectedCuboids(in: response)
    }

    package func cannedResponse(for params: ImageParams, makeID: () -> String) throws -> String? {
        try ImageWriter(params: params).canned(makeID: makeID)
    }
}
