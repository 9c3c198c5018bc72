package import JSON

/// Texts and regions of documents: what they say, where they stand and how they belong together.
package struct DocumentTranscription: TaskType {
    package struct Params: Sendable {
        /// Addresses with the paths at which they stand.
        let attachments: [(path: String, url: String)]
        /// What to find, by label; groups are resolved into their parts.
        let features: [DocumentFeature]
        let isPolygon: Bool
        /// Pairs of labels that may be linked; nil for any.
        let linkablePairs: [[String]]?
        let hypothesis: RawJSON?

        func feature(_ label: String) -> DocumentFeature? { features.first { $0.label == label } }

        /// Whether annotations with these labels may be linked.
        func mayLink(_ a: String, _ b: String) -> Bool {
            linkablePairs?.contains { $0 == [a, b] || $0 == [b, a] } ?? true
        }
    }

    package let name = "documenttranscription"
    package let summary = "Texts and regions of documents, with their places and links."
    package let editor = Editor.document
    package let supportsQualityTasks = true
    package let showsPages = true
    package let defaults: [(name: String, json: String)] = [("geometry", #""box""#), ("lang", #""en-US""#)]

    package init() {}

    package var schema: Schema<Params> { Self.params }

    private enum Fields {
        static let attachment = OptionalField("attachment", SharedFields.url, "The document.")
        static let attachments = OptionalField(
            "attachments", .array(of: SharedFields.url, count: 1...1000), "The documents, page after page.")
        static let features = RequiredField(
            "features", .array(of: DocumentFeature.schema, count: 1...1000), "What to find.",
            missing: "`features` is required and must be a non-empty array.")
        static let geometry = Field(
            "geometry",
            Schema<String>(.string(oneOf: ["box", "polygon"])) { value, reader in
                guard let text = value.string, ["box", "polygon"].contains(text) else {
                    reader.report(value, "must be box or polygon")
                    return nil
                }
                return text
            }, default: "box", shownAs: #""box""#, "The form of places; polygons are turned rectangles.")
        static let lang = Field(
            "lang", .string(length: 2...100), default: "en-US", shownAs: #""en-US""#, "The language, such as en-US.")
        static let pairs = OptionalField(
            "labels", .array(of: .array(of: .string(length: 1...1000), count: 2...2), count: 0...10_000),
            "Pairs of labels that may be linked.")
        static let linkingRules = OptionalField(
            "linking_rules",
            Schema<[[String]]>.object("LinkingRules", [pairs]) { object in object(pairs) ?? [] },
            "What may be linked; anything, without rules.")
    }

    private static let params = Schema<Params>.object(
        "DocumentTranscriptionParams",
        [
            Fields.attachment, Fields.attachments, Fields.features, Fields.geometry, Fields.lang, Fields.linkingRules,
            SharedFields.hypothesis,
        ], unknown: .ignore
    ) { object in
        let attachment = object(Fields.attachment)
        let several = object(Fields.attachments)
        let features = object(Fields.features)
        let geometry = object(Fields.geometry)
        _ = object(Fields.lang)
        let pairs = object(Fields.linkingRules)
        let hypothesis = object(SharedFields.hypothesis)
        let isGiven = ["attachment", "attachments"].contains { SharedFields.member($0, of: object) != nil }
        if !isGiven { object.reader.add(Issue(path: "attachment", message: SharedFields.attachmentMissing)) }
        guard let features else { return nil }
        let parts = features.flatMap(\.parts)
        let single = attachment.map { [(path: "attachment", url: $0)] } ?? []
        let listed = (several ?? []).enumerated().map { (path: "attachments[\($0.offset)]", url: $0.element) }
        let params = Params(
            attachments: single + listed, features: parts, isPolygon: geometry == "polygon", linkablePairs: pairs,
            hypothesis: hypothesis)
        DocumentFeature.reportDuplicates(features, in: object.object["features"], object.reader)
        checkPairs(SharedFields.member("linking_rules", of: object)?["labels"], params, object.reader)
        if let hypothesis = SharedFields.member("hypothesis", of: object) {
            DocumentCheck(params: params, facts: [], strictness: .draft, reader: object.reader).run(hypothesis)
        }
        return params
    }

    private static func checkPairs(_ value: JSONValue?, _ params: Params, _ reader: JSONReader) {
        for pair in value.allElements {
            for element in pair.elements {
                guard let label = element.string, params.feature(label) == nil else { continue }
                reader.report(element, "refers to the unknown label \(JSONWriter.quoted(label))")
            }
        }
    }

    package func attachments(of params: Params) -> [AttachmentRequest] {
        params.attachments.map { AttachmentRequest(path: $0.path, url: $0.url, kind: .document) }
    }

    package func initialDocument(of params: Params, makeID: () -> String) throws -> Document {
        guard let hypothesis = params.hypothesis else { return Document() }
        return try JSONDocument.read(hypothesis.text) { DocumentWriter.document(of: $0, makeID: makeID) }
    }

    package func response(from document: OpenDocument, for params: Params, facts: [AttachmentFacts]) -> String {
        DocumentWriter(params: params).response(from: document)
    }

    package func check(
        _ response: JSONValue, for params: Params, facts: [AttachmentFacts], strictness: Strictness, reader: JSONReader
    ) {
        DocumentCheck(params: params, facts: facts, strictness: strictness, reader: reader).run(response)
    }

    package func cannedResponse(for params: Params, makeID: () -> String) throws -> String? {
        guard let feature = params.features.first else { return nil }
        var document = Document()
        document.set("annotations", makeID()) { writer in
            writer.field("page", 0)
            writer.field("label", feature.label)
            if feature.isText {
                let text = feature.isMoney ? "1.00" : feature.isDate ? "2020-01-01" : "test response"
                writer.field("text", text)
            }
            writer.object("location") { writer in
                writer.field("type", params.isPolygon ? "polygon" : "box")
                if params.isPolygon {
                    writer.array("vertices") { writer in
                        for (x, y) in [(0, 0), (100, 0), (100, 100), (0, 100)] {
                            writer.object { writer in
                                writer.field("x", x)
                                writer.field("y", y)
                            }
                        }
                    }
                } else {
                    for name in ["left", "top"] as [StaticString] { writer.field(name, 0) }
                    for name in ["width", "height"] as [StaticString] { writer.field(name, 100) }
                }
            }
        }
        return try JSONDocument.read(document.json) {
            DocumentWriter(params: params).response(from: OpenDocument($0, secondsSpent: nil))
        }
    }
}
