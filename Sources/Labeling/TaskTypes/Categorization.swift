package import JSON

/// A file or text put into one or several categories.
///
/// Two forms: a list of categories with one question, and `taxonomies` with a question each.
package struct Categorization: TaskType {
    package struct Params: Sendable {
        let attachment: String
        let attachmentType: String?
        /// The question of each answer: one named `category`, or one a taxonomy.
        let questions: AttributeSet
        let isTaxonomies: Bool
    }

    package let name = "categorization"
    package let aliases = ["categorize"]
    package let summary = "A file or text put into one or several of the given categories."
    package let editor = Editor.form
    package let requiresInstruction = true

    package init() {}

    package var schema: Schema<Params> { Self.params }

    private enum Fields {
        static let attachment = RequiredField(
            "attachment", .string(length: 1...1_000_000), "What to categorize: a URL, or the text itself.",
            missing: SharedFields.attachmentMissing)
        static let type = OptionalField(
            "attachment_type", .oneOf(["text", "image", "video", "audio", "website", "pdf"]), "What the attachment is.")
        static let categories = OptionalField("categories", LabelSet.nonEmptySchema, "What may be chosen.")
        static let ids = OptionalField(
            "category_ids",
            Schema<[(key: String, value: String)]>.dictionary(of: .string(length: 1...1000)).map { $0.map(\.value) },
            "Names for categories, for reference.")
        static let allowMultiple = Field(
            "allow_multiple", .bool, default: false, shownAs: "false", "Whether several may be chosen.")
        static let taxonomies = OptionalField(
            "taxonomies", Attributes.schema, "Questions by name, in place of `categories`.")
    }

    private static let params = Schema<Params>.object(
        "CategorizationParams",
        [
            Fields.attachment, Fields.type, Fields.categories, Fields.ids, Fields.allowMultiple, Fields.taxonomies,
            Layers.field,
        ], unknown: .ignore
    ) { object in
        let attachment = object(Fields.attachment)
        let type = object(Fields.type)
        let categories = object(Fields.categories)
        _ = (object(Fields.ids), object(Layers.field))
        let allowMultiple = object(Fields.allowMultiple)
        let taxonomies = object(Fields.taxonomies)
        let hasCategories = SharedFields.member("categories", of: object) != nil
        if let value = SharedFields.member("taxonomies", of: object) {
            if hasCategories {
                object.reader.report(value, "must not be given together with `categories`")
            }
            guard let taxonomies, let attachment else { return nil }
            if taxonomies.isEmpty, value.count == 0 { object.reader.report(value, "must not be empty") }
            let questions = Attributes.checked(
                taxonomies, in: value,
                rules: Attributes.Rules(labels: [], types: [.category], hasBoxes: false, allGlobal: true),
                reader: object.reader)
            return Params(
                attachment: attachment, attachmentType: type, questions: questions.global, isTaxonomies: true)
        }
        if !hasCategories { object.reader.report(object.object, member: "categories", "is required") }
        guard let attachment, let categories else { return nil }
        let question = Attribute(.category(categories, allowMultiple: allowMultiple))
        return Params(
            attachment: attachment, attachmentType: type,
            questions: AttributeSet([AttributeSet.Entry(key: "category", attribute: question)]), isTaxonomies: false)
    }

    package let defaults: [(name: String, json: String)] = []

    package func attachments(of params: Params) -> [AttachmentRequest] {
        InlineAttachment.requests(params.attachment, type: params.attachmentType)
    }

    package func response(from document: OpenDocument, for params: Params, facts: [AttachmentFacts]) -> String {
        var writer = JSONWriter()
        let answers = document.collection("answers")
        writer.object { writer in
            if params.isTaxonomies {
                writer.object("taxonomies") { writer in
                    params.questions.write(answers, label: nil, to: &writer, unwrap: OpenDocument.unwrap)
                }
            } else {
                params.questions.write(answers, label: nil, to: &writer, unwrap: OpenDocument.unwrap)
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
        if params.isTaxonomies {
            params.questions.check(
                response, member: "taxonomies", label: nil, judge: Judge(strictness, reader))
            return
        }
        guard let question = params.questions["category"] else { return }
        if let answer = response["category"], !answer.isUnanswered {
            question.check(answer, judge: Judge(strictness, reader))
        } else if strictness == .submit {
            reader.report(response, member: "category", "is required")
        }
    }

    package func cannedResponse(for params: Params, makeID: () -> String) -> String? {
        var writer = JSONWriter()
        writer.object { writer in
            if params.isTaxonomies {
                writer.object("taxonomies") { params.questions.writeCanned(label: nil, to: &$0) }
            } else {
                params.questions.writeCanned(label: nil, to: &writer)
            }
        }
        return writer.text
    }
}

/// Attachments of the older types, which may be an address or the thing itself.
enum InlineAttachment {
    /// What to fetch: nothing for a text or for a website, which people open themselves.
    static func requests(_ attachment: String, type: String?, path: String = "attachment") -> [AttachmentRequest] {
        guard SharedFields.hasScheme(attachment), type != "website" else { return [] }
        if type == "text", !attachment.hasPrefix("http") { return [] }
        let kind: AttachmentRequest.Kind =
            switch type {
            case "image": .picture
            case "pdf": .document
            case "video": .video
            case "audio": .audio
            default: .any
            }
        return [AttachmentRequest(path: path, url: attachment, kind: kind)]
    }
}
