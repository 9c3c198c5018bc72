package import JSON

/// Texts read from a file: fields once, repeatable fields once a row.
package struct Transcription: TaskType {
    package struct Params: Sendable {
        let attachment: String
        let attachmentType: String?
        let fields: FieldTexts
        let repeatable: FieldTexts
    }

    package let name = "transcription"
    package let summary = "Texts read from a file, field by field and row by row."
    package let editor = Editor.form
    package let requiresInstruction = true

    package init() {}

    package var schema: Schema<Params> { Self.params }

    private enum Fields {
        static let attachment = RequiredField(
            "attachment", .string(length: 1...1_000_000), "What to read: a URL, or the text itself.",
            missing: SharedFields.attachmentMissing)
        static let type = OptionalField(
            "attachment_type", .oneOf(["text", "image", "video", "audio", "website", "pdf"]), "What the attachment is.")
        static let fields = Field(
            "fields", FieldTexts.schema, default: FieldTexts.none, shownAs: "{}", "What to read once, by name.")
        static let repeatable = OptionalField(
            "repeatable_fields", FieldTexts.schema, "What to read as often as it occurs, by name.")
        static let rows = OptionalField("row_fields", FieldTexts.schema, "An older name of `repeatable_fields`.")
    }

    private static let params = Schema<Params>.object(
        "TranscriptionParams", [Fields.attachment, Fields.type, Fields.fields, Fields.repeatable, Fields.rows],
        unknown: .ignore
    ) { object in
        let attachment = object(Fields.attachment)
        let type = object(Fields.type)
        let before = object.reader.issues.count
        let fields = object(Fields.fields)
        let (repeatable, rows) = (object(Fields.repeatable), object(Fields.rows))
        let repeated = repeatable ?? rows ?? .none
        if fields.isEmpty, repeated.isEmpty, object.reader.issues.count == before {
            object.reader.report(object.object, member: "fields", "or `repeatable_fields` is required")
        }
        guard let attachment else { return nil }
        return Params(attachment: attachment, attachmentType: type, fields: fields, repeatable: repeated)
    }

    package func attachments(of params: Params) -> [AttachmentRequest] {
        InlineAttachment.requests(params.attachment, type: params.attachmentType)
    }

    package func response(from document: OpenDocument, for params: Params, facts: [AttachmentFacts]) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.object("fields") { writer in
                params.fields.write(document.collection("answers"), to: &writer, unwrap: OpenDocument.unwrap)
            }
            writer.array("repeatable_fields") { writer in
                for row in document.objects("rows") {
                    writer.object { params.repeatable.write(row.value["values"], to: &$0) }
                }
            }
        }
        return writer.text
    }

    package func check(
        _ response: JSONValue, for params: Params, facts: [AttachmentFacts], strictness: Strictness, reader: JSONReader
    ) {
        guard response.isObject else {
            reader.report(response, "must be an object")
            return
        }
        params.fields.check(response, member: "fields", strictness: strictness, reader: reader)
        guard let rows = response["repeatable_fields"], !rows.isNull else { return }
        guard rows.isArray else {
            reader.report(rows, "must be an array")
            return
        }
        for row in rows.elements { params.repeatable.check(row, strictness: strictness, reader: reader) }
    }

    package func cannedResponse(for params: Params, makeID: () -> String) -> String? {
        var writer = JSONWriter()
        writer.object { writer in
            writer.object("fields") { params.fields.writeCanned(to: &$0) }
            writer.array("repeatable_fields") { writer in
                if !params.repeatable.isEmpty { writer.object { params.repeatable.writeCanned(to: &$0) } }
            }
        }
        return writer.text
    }
}
