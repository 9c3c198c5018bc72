package import JSON

/// Several files compared, with a choice between given answers.
package struct Comparison: TaskType {
    package struct Params: Sendable {
        let attachments: [String]
        let attachmentType: String?
        let choices: LabelSet
        let fields: FieldTexts
    }

    package let name = "comparison"
    package let summary = "Two or more files compared, with a choice between given answers."
    package let editor = Editor.form
    package let requiresInstruction = true

    package init() {}

    package var schema: Schema<Params> { Self.params }

    private enum Fields {
        static let attachments = RequiredField(
            "attachments", .array(of: .string(length: 1...1_000_000), count: 2...100),
            "What to compare: URLs, or the texts themselves.", missing: SharedFields.attachmentMissing)
        static let type = OptionalField(
            "attachment_type", .oneOf(["text", "image", "video", "audio", "website", "pdf"]),
            "What the attachments are.")
        static let choices = RequiredField("choices", LabelSet.nonEmptySchema, "What may be chosen.")
        static let fields = Field(
            "fields", FieldTexts.schema, default: FieldTexts.none, shownAs: "{}", "Texts to fill in besides, by name.")
    }

    private static let params = Schema<Params>.object(
        "ComparisonParams", [Fields.attachments, Fields.type, Fields.choices, Fields.fields], unknown: .ignore
    ) { object in
        let attachments = object(Fields.attachments)
        let type = object(Fields.type)
        let choices = object(Fields.choices)
        let fields = object(Fields.fields)
        guard let attachments, let choices else { return nil }
        return Params(attachments: attachments, attachmentType: type, choices: choices, fields: fields)
    }

    package func attachments(of params: Params) -> [AttachmentRequest] {
        params.attachments.enumerated().flatMap { index, attachment in
            InlineAttachment.requests(attachment, type: params.attachmentType, path: "attachments[\(index)]")
        }
    }

    package func response(from document: OpenDocument, for params: Params, facts: [AttachmentFacts]) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            if let choice = document.answer("answers", "choice") { writer.field("choice", raw: choice.rawText) }
            if !params.fields.isEmpty {
                writer.object("fields") { writer in
                    params.fields.write(document.collection("fields"), to: &writer, unwrap: OpenDocument.unwrap)
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
        if let choice = response["choice"], !choice.isUnanswered {
            if !(choice.string.map(params.choices.contains) ?? false) {
                reader.report(choice, "must be one of \(Wording.list(params.choices.choices))")
            }
        } else if strictness == .submit {
            reader.report(response, member: "choice", "is required")
        }
        params.fields.check(response, member: "fields", strictness: strictness, reader: reader)
    }

    package func cannedResponse(for params: Params, makeID: () -> String) -> String? {
        guard let choice = params.choices.choices.first else { return nil }
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("choice", choice)
            if !params.fields.isEmpty { writer.object("fields") { params.fields.writeCanned(to: &$0) } }
        }
        return writer.text
    }
}
