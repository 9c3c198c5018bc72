package import JSON

/// Marked and labelled spans of a text, and relations between them.
///
/// Offsets count UTF-16 code units, as clients in JavaScript do; `end` is exclusive. The text is never normalised.
package struct NamedEntityRecognition: TaskType {
    package struct Params: Sendable {
        let text: String
        let labels: [EntityLabel]
        let relations: EntityRelations
        let global: AttributeSet
        let hypothesis: RawJSON?

        /// A label by its name, wherever in the trees it stands.
        func label(_ name: String) -> EntityLabel? { labels.lazy.compactMap { $0.find(name) }.first }
    }

    package let name = "namedentityrecognition"
    package let summary = "Spans of a text marked and labelled, and relations between them."
    package let editor = Editor.text
    package let supportsQualityTasks = true

    package init() {}

    package var schema: Schema<Params> { Self.params }

    private enum Fields {
        static let text = RequiredField(
            "text", .string(length: 1...1_000_000), "The text.",
            missing: "`text` is required and must be a non-empty string.")
        static let labels = RequiredField(
            "labels", .array(of: EntityLabel.schema, count: 1...10_000), "What may be marked.",
            missing: "`labels` is required and must contain at least one label.")
        static let relationships = Field(
            "relationships", EntityRelations.schema, default: EntityRelations.none, shownAs: "[]",
            "How spans may be related: all named or all unnamed.")
        static let globals = Field(
            "global_attributes", Attributes.schema, default: [], shownAs: "{}", "What is asked about the whole text.")
    }

    /// Attributes that make sense for texts.
    static let attributeTypes: [AttributeType] = [.category, .text, .number]

    private static let params = Schema<Params>.object(
        "NamedEntityRecognitionParams",
        [Fields.text, Fields.labels, Fields.relationships, Fields.globals, SharedFields.hypothesis], unknown: .ignore
    ) { object in
        let text = object(Fields.text)
        let labels = object(Fields.labels)
        let relations = object(Fields.relationships)
        let globals = object(Fields.globals)
        let hypothesis = object(SharedFields.hypothesis)
        guard let text, let labels else { return nil }
        EntityLabel.reportDuplicates(labels, in: object.object["labels"], object.reader)
        let attributes = Attributes.checked(
            globals, in: SharedFields.member("global_attributes", of: object),
            rules: Attributes.Rules(types: attributeTypes, hasBoxes: false, allGlobal: true), reader: object.reader)
        let params = Params(
            text: text, labels: labels, relations: relations, global: attributes.global, hypothesis: hypothesis)
        relations.checkLabels(in: SharedFields.member("relationships", of: object), params, object.reader)
        if let hypothesis = SharedFields.member("hypothesis", of: object) {
            EntityCheck(params: params, strictness: .draft, reader: object.reader).run(hypothesis)
        }
        return params
    }

    package func attachments(of params: Params) -> [AttachmentRequest] { [] }

    package func initialDocument(of params: Params, makeID: () -> String) throws -> Document {
        guard let hypothesis = params.hypothesis else { return Document() }
        return try JSONDocument.read(hypothesis.text) { EntityWriter.document(of: $0, makeID: makeID) }
    }

    package func response(from document: OpenDocument, for params: Params, facts: [AttachmentFacts]) -> String {
        EntityWriter(params: params).response(from: document)
    }

    package func check(
        _ response: JSONValue, for params: Params, facts: [AttachmentFacts], strictness: Strictness, reader: JSONReader
    ) {
        EntityCheck(params: params, strictness: strictness, reader: reader).run(response)
    }

    package func cannedResponse(for params: Params, makeID: () -> String) throws -> String? {
        guard let label = params.labels.first else { return nil }
        var document = Document()
        let word = params.text.prefix { !$0.isWhitespace }
        document.set("annotations", makeID()) { writer in
            writer.field("start", 0)
            writer.field("end", max(1, word.utf16.count))
            writer.field("label", label.name)
            writer.object("attributes") { label.attributes.writeCanned(label: label.name, to: &$0) }
        }
        for entry in params.global.entries where entry.attribute.conditions.groups.isEmpty {
            guard let answer = entry.attribute.canned else { continue }
            document.set("attributes", entry.key) { $0.field("value", raw: answer) }
        }
        return try JSONDocument.read(document.json) {
            EntityWriter(params: params).response(from: OpenDocument($0, secondsSpent: nil))
        }
    }
}

/// A label for spans, with labels below that may be chosen just as well.
package struct EntityLabel: Sendable, Equatable {
    package let name: String
    package let children: [EntityLabel]
    package let attributes: AttributeSet

    /// This label or one below it.
    func find(_ name: String) -> EntityLabel? {
        self.name == name ? self : children.lazy.compactMap { $0.find(name) }.first
    }

    /// The names of this label and of all below it.
    var names: [String] { [name] + children.flatMap(\.names) }
}

extension EntityLabel {
    private enum Fields {
        static let name = RequiredField("name", .string(length: 1...1000), "The value that appears in answers.")
        static let note = OptionalField("description", .string(length: 0...10_000), "What it means.")
        static let display = OptionalField("display_name", .string(length: 0...1000), "What people see instead.")
        static let children: Field<[EntityLabel]> = Field(
            "children", .array(of: .recursive("EntityLabel") { EntityLabel.schema }), default: [], shownAs: "[]",
            "Labels below this one.")
        static let attributes = Field(
            "attributes", Attributes.schema, default: [], shownAs: "{}", "What is asked about each span.")
    }

    static let schema: Schema<EntityLabel> = .object(
        "EntityLabel", [Fields.name, Fields.note, Fields.display, Fields.children, Fields.attributes]
    ) { object in
        let name = object(Fields.name)
        _ = (object(Fields.note), object(Fields.display))
        let children = object(Fields.children)
        let declared = object(Fields.attributes)
        guard let name else { return nil }
        let attributes = Attributes.checked(
            declared, in: SharedFields.member("attributes", of: object),
            rules: Attributes.Rules(types: NamedEntityRecognition.attributeTypes, hasBoxes: false),
            reader: object.reader)
        return EntityLabel(name: name, children: children, attributes: attributes.local)
    }

    /// Reports names that stand more than once in all trees together.
    static func reportDuplicates(_ labels: [EntityLabel], in value: JSONValue?, _ reader: JSONReader) {
        guard let value, labels.count == value.count else { return }
        var seen: Set<String> = []
        for (label, element) in zip(labels, value.elements) {
            for name in label.names where !seen.insert(name).inserted {
                reader.report(element, "duplicates the label \(JSONWriter.quoted(name))")
            }
        }
    }
}
