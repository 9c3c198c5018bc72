package import JSON

/// A form about texts, pictures, documents, websites, sounds or videos.
package struct TextCollection: TaskType {
    package struct Params: Sendable {
        let attachments: [FormAttachment]
        let fields: [FormField]
        let hypothesis: RawJSON?

        func field(_ id: String) -> FormField? { fields.first { $0.id == id } }
    }

    package let name = "textcollection"
    package let summary = "A form with texts, numbers, dates, choices, rankings and groups of them."
    package let editor = Editor.form
    package let supportsQualityTasks = true
    package let hasTemplate = true

    package init() {}

    package var schema: Schema<Params> { Self.params }

    private enum Fields {
        static let attachments = Field(
            "attachments", .array(of: FormAttachment.schema, count: 0...1000), default: [], shownAs: "[]",
            "What the form is about.")
        static let fields = RequiredField(
            "fields", .array(of: FormField.schema, count: 0...1000), "The questions.",
            missing: "`fields` is required and must be a non-empty array.")
        static let title = OptionalField("title", .string(length: 0...10_000), "Shown above the form.")
        static let description = OptionalField("description", .string(length: 0...100_000), "Shown below the title.")
        static let responses = Field(
            "responses_required",
            .integer(1...100).checked { value, json, reader in
                if value > 1 { reader.report(json, "must be 1; answers of several people are not merged yet") }
            }, default: 1, shownAs: "1", "How many people answer; 1, as answers are not merged yet.")
    }

    private static let params = Schema<Params>.object(
        "TextCollectionParams",
        [
            Fields.attachments, Fields.fields, Fields.title, Fields.description, Fields.responses,
            SharedFields.hypothesis,
        ],
        unknown: .ignore
    ) { object in
        let attachments = object(Fields.attachments)
        let fields = object(Fields.fields)
        _ = (object(Fields.title), object(Fields.description), object(Fields.responses))
        let hypothesis = object(SharedFields.hypothesis)
        guard let fields, let written = object.object["fields"] else { return nil }
        guard written.count > 0 else {
            object.reader.report(written, "is required and must be a non-empty array")
            return nil
        }
        var check = FormShapeCheck(reader: object.reader)
        check.run(fields, in: written, enclosing: [])
        check.forms(SharedFields.member("attachments", of: object))
        let params = Params(attachments: attachments, fields: fields, hypothesis: hypothesis)
        if let hypothesis = SharedFields.member("hypothesis", of: object) {
            checkHypothesis(hypothesis, params, object.reader)
        }
        return params
    }

    /// Each field is wrapped as `{"type", "field_id", "response": [ … ]}`, one element an answer.
    private static func checkHypothesis(_ hypothesis: JSONValue, _ params: Params, _ reader: JSONReader) {
        guard let annotations = hypothesis["annotations"], annotations.isObject else {
            reader.report(hypothesis, member: "annotations", "is required")
            return
        }
        let check = FormCheck(strictness: .draft, reader: reader)
        for member in annotations.members {
            guard let field = params.field(member.name) else {
                reader.report(member.value, "is not a field of this task")
                continue
            }
            guard let answers = member.value["response"], answers.isArray else {
                reader.report(member.value, member: "response", "must be an array of answers")
                continue
            }
            if answers.count > field.maxResponses {
                reader.report(answers, "must have at most \(field.maxResponses) answers")
            }
            for answer in answers.elements { check.one(field, answer, outer: { _ in nil }) }
        }
    }

    package func attachments(of params: Params) -> [AttachmentRequest] {
        params.attachments.enumerated().compactMap { index, attachment in
            attachment.kind.map {
                AttachmentRequest(path: "attachments[\(index)].content", url: attachment.content, kind: $0)
            }
        }
    }

    package func initialDocument(of params: Params, makeID: () -> String) throws -> Document {
        guard let hypothesis = params.hypothesis else { return Document() }
        return try JSONDocument.read(hypothesis.text) { value in
            var document = Document()
            for member in value["annotations"].allMembers {
                guard let field = params.field(member.name), let answers = member.value["response"],
                    let first = answers.elements.first(where: { _ in true })
                else { continue }
                document.set("answers", field.id) { writer in
                    writer.field("value", raw: field.takesSeveral ? answers.rawText : first.rawText)
                }
            }
            return document
        }
    }

    package func response(from document: OpenDocument, for params: Params, facts: [AttachmentFacts]) -> String {
        let level = FormLevel(
            params.fields, answers: { document.answer("answers", $0) }, outer: { _ in nil })
        var writer = JSONWriter()
        writer.object { writer in
            writer.object("annotations") { writer in
                level.write(to: &writer)
                for answer in document.objects("answers") where params.field(answer.key) == nil {
                    guard let value = OpenDocument.unwrap(answer.value) else { continue }
                    writer.key(answer.key)
                    writer.raw(value.raw)
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
        guard let annotations = response["annotations"], !annotations.isNull else {
            reader.report(response, member: "annotations", "is required")
            return
        }
        FormCheck(strictness: strictness, reader: reader).run(annotations, params.fields, outer: { _ in nil })
    }

    package func cannedResponse(for params: Params, makeID: () -> String) throws -> String? {
        var all = JSONWriter()
        all.object { FormField.writeCanned(params.fields, to: &$0) }
        return try JSONDocument.read(all.bytes, limits: JSONLimits(bytes: .max, depth: 256)) { answers in
            var writer = JSONWriter()
            writer.object { writer in
                writer.object("annotations") { writer in
                    // Which fields show depends on the answers; those that do not are left out.
                    FormLevel(params.fields, answers: { answers[$0] }, outer: { _ in nil }).write(to: &writer)
                }
            }
            return writer.text
        }
    }
}

extension FormField {
    /// Writes a fixed answer to each field, shown or not.
    static func writeCanned(_ fields: [FormField], to writer: inout JSONWriter) {
        for field in fields {
            writer.key(field.id)
            if field.takesSeveral {
                writer.array { writer in
                    for _ in 0..<field.minResponses { field.writeCanned(to: &writer) }
                }
            } else {
                field.writeCanned(to: &writer)
            }
        }
    }

    private func writeCanned(to writer: inout JSONWriter) {
        switch kind {
        case .text: writer.value("test response")
        case .boolean: writer.value(true)
        case .number(let least, let most, _): writer.value(least ?? min(0, most ?? 0))
        case .datetime(let format, let earliest, let latest): writer.value(earliest ?? latest ?? format.example)
        case .category(let choices, let least, _): Self.write(Array(choices.prefix(max(1, least))), to: &writer)
        case .timeRange:
            writer.object { writer in
                writer.field("start", 0)
                writer.field("end", 1)
            }
        case .ranking(let choices, let allowTies):
            guard allowTies else { return Self.write(choices, to: &writer) }
            writer.array { writer in
                for choice in choices { Self.write([choice], to: &writer) }
            }
        case .group(let fields): writer.object { Self.writeCanned(fields, to: &$0) }
        }
    }

    private static func write(_ choices: [ChoiceValue], to writer: inout JSONWriter) {
        writer.array { writer in
            for choice in choices { writer.raw(choice.json) }
        }
    }
}
