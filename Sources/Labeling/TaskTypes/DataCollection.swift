package import JSON

/// Texts found out somewhere, mostly on the web.
package struct DataCollection: TaskType {
    package struct Params: Sendable {
        let attachment: String?
        let attachmentType: String?
        let fields: FieldTexts
    }

    package let name = "datacollection"
    package let summary = "Texts found out about something, field by field."
    package let editor = Editor.form
    package let requiresInstruction = true

    package init() {}

    package var schema: Schema<Params> { Self.params }

    private enum Fields {
        static let attachment = OptionalField(
            "attachment", .string(length: 1...1_000_000), "Where to begin: a URL, or a text.")
        static let type = OptionalField(
            "attachment_type", .oneOf(["text", "image", "video", "audio", "website", "pdf"]), "What the attachment is.")
        static let fields = RequiredField("fields", FieldTexts.schema, "What to find out, by name.")
    }

    private static let params = Schema<Params>.object(
        "DataCollectionParams", [Fields.attachment, Fields.type, Fields.fields], unknown: .ignore
    ) { object in
        let attachment = object(Fields.attachment)
        let type = object(Fields.type)
        guard let fields = object(Fields.fields) else { return nil }
        if fields.isEmpty, let value = object.object["fields"], value.count == 0 {
            object.reader.report(value, "must not be empty")
        }
        return Params(attachment: attachment, attachmentType: type, fields: fields)
    }

    package func attachments(of params: Params) -> [AttachmentRequest] {
        params.attachment.map { InlineAttachment.requests($0, type: params.attachmentType) } ?? []
    }

    package func response(from document: OpenDocument, for params: Params, facts: [AttachmentFacts]) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.object("fields") { writer in
                params.fields.write(document.collection("answers"), to: &writer, unwrap: OpenDocument.unwrap)
            }
            writer.field("time_spent_in_seconds", ifPresent: document.secondsSpent)
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
        if let seconds = response["time_spent_in_seconds"], !seconds.isNull, !((seconds.double ?? -1) >= 0) {
            reader.report(seconds, "must be a non-negative number")
        }
    }

    package func cannedResponse(for params: Params, makeID: () -> String) -> String? {
        var writer = JSONWriter()
        writer.object { writer in
            writer.object("fields") { params.fields.writeCanned(to: &$0) }
            writer.field("time_spent_in_seconds", 15)
        }
        return writer.text
    }
}
