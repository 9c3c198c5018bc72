import JSON

/// Builds the response about spans of a text.
struct EntityWriter {
    let params: NamedEntityRecognition.Params

    func response(from document: OpenDocument) -> String {
        var writer = JSONWriter(capacity: 4096)
        writer.object { writer in
            writer.array("annotations") { writer in
                for span in spans(document) { write(span, to: &writer) }
            }
            writer.array("relationships") { writer in
                for relation in document.objects("relationships") {
                    writer.object { writer in
                        writer.field("id", relation.key)
                        for name in ["source_ref", "target_ref", "name"] { copy(name, relation.value, to: &writer) }
                    }
                }
            }
            writer.object("global_attributes") { writer in
                params.global.write(
                    document.collection("attributes"), label: nil, to: &writer, unwrap: OpenDocument.unwrap)
            }
        }
        return writer.text
    }

    /// Spans in the order of the text; the order in which they were marked means nothing.
    private func spans(_ document: OpenDocument) -> [DocumentObject] {
        document.objects("annotations")
            .map { (place: [$0.value["start"]?.int ?? .max, $0.value["end"]?.int ?? .max], object: $0) }
            .sorted { a, b in
                a.place == b.place
                    ? a.object.key.utf8.lexicographicallyPrecedes(b.object.key.utf8)
                    : a.place.lexicographicallyPrecedes(b.place)
            }
            .map(\.object)
    }

    private func write(_ span: DocumentObject, to writer: inout JSONWriter) {
        let value = span.value
        writer.object { writer in
            writer.field("id", span.key)
            copy("start", value, to: &writer)
            copy("end", value, to: &writer)
            if let start = value["start"]?.int, let end = value["end"]?.int {
                writer.field("text", ifPresent: Self.slice(params.text, start, end))
            }
            writer.key("label")
            value["label"].map { writer.raw($0.raw) } ?? writer.null()
            guard let label = value["label"]?.string.flatMap(params.label) else { return }
            guard !label.attributes.isEmpty || value["attributes"].map({ $0.count > 0 }) == true else { return }
            writer.object("attributes") { writer in
                label.attributes.write(value["attributes"], label: label.name, to: &writer)
            }
        }
    }

    private func copy(_ name: String, _ value: JSONValue, to writer: inout JSONWriter) {
        guard let member = value[name], !member.isNull else { return }
        writer.key(name)
        writer.raw(member.raw)
    }

    /// The part of a text between two offsets in UTF-16 code units; nil outside of it or inside a character's pair.
    static func slice(_ text: String, _ start: Int, _ end: Int) -> String? {
        let units = text.utf16
        guard start >= 0, start < end, end <= units.count else { return nil }
        let from = units.index(units.startIndex, offsetBy: start)
        let to = units.index(units.startIndex, offsetBy: end)
        return String(units[from..<to])
    }

    /// The document that a response amounts to, for pre-labels that are handed in.
    static func document(of response: JSONValue, makeID: () -> String) -> Document {
        var document = Document()
        func put(_ collection: String, _ source: String, _ names: [String]) {
            for (index, element) in response[source].allElements.enumerated() {
                document.set(collection, element["id"]?.string ?? makeID()) { writer in
                    for name in names {
                        guard let value = element[name], !value.isNull else { continue }
                        writer.key(name)
                        writer.raw(value.raw)
                    }
                    writer.field("order", OrderKey.at(index))
                }
            }
        }
        put("annotations", "annotations", ["start", "end", "label", "attributes"])
        put("relationships", "relationships", ["source_ref", "target_ref", "name"])
        for answer in response["global_attributes"].allMembers {
            document.set("attributes", answer.name) { writer in
                writer.key("value")
                writer.raw(answer.value.raw)
            }
        }
        return document
    }
}
