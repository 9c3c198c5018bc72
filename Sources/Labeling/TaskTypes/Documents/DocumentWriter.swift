import Geometry
import JSON

/// Builds the response about documents.
struct DocumentWriter {
    let params: DocumentTranscription.Params

    func response(from document: OpenDocument) -> String {
        var writer = JSONWriter(capacity: 4096)
        writer.object { writer in
            writer.array("annotations") { writer in
                for object in document.objects("annotations") { write(object, to: &writer) }
            }
        }
        return writer.text
    }

    private func write(_ object: DocumentObject, to writer: inout JSONWriter) {
        let value = object.value
        let feature = value["label"]?.string.flatMap(params.feature)
        writer.object { writer in
            writer.field("uuid", object.key)
            copy("page", value, to: &writer)
            writer.key("label")
            value["label"].map { writer.raw($0.raw) } ?? writer.null()
            if feature?.isText ?? true { copy("text", value, to: &writer) }
            location(value["location"], to: &writer)
            writer.key("refs")
            value["refs"].map { $0.isNull ? writer.raw("[]") : writer.raw($0.raw) } ?? writer.raw("[]")
            guard let feature else { return }
            details(feature, value, to: &writer)
        }
    }

    private func location(_ value: JSONValue?, to writer: inout JSONWriter) {
        guard let value, !value.isNull else { return }
        guard value["type"]?.string == "box", let box = Figure.box(value, Judge(.draft, JSONReader())) else {
            writer.field("location", raw: value.rawText)
            return
        }
        writer.object("location") { writer in
            writer.field("type", "box")
            writer.field("left", box.left)
            writer.field("top", box.top)
            writer.field("width", box.width)
            writer.field("height", box.height)
        }
    }

    /// What follows from the text by the feature's flags.
    private func details(_ feature: DocumentFeature, _ value: JSONValue, to writer: inout JSONWriter) {
        let text = value["text"]?.string
        if feature.isMoney, let text, !text.isEmpty {
            writer.object("money") { writer in
                writer.field("amount", text)
                if let parsed = Money.parse(text) { writer.field("parsed", parsed) }
            }
        }
        if feature.isDate {
            if let date = value["date"], !date.isNull {
                writer.field("date", raw: date.rawText)
            } else if let text, let date = CalendarDate(text) {
                writer.object("date") { writer in
                    writer.field("year", date.year)
                    writer.field("month", date.month)
                    writer.field("day", date.day)
                }
            }
        }
        if feature.isCheckbox { writer.field("checked", value["checked"]?.bool ?? false) }
    }

    private func copy(_ name: StaticString, _ value: JSONValue, to writer: inout JSONWriter) {
        guard let member = value[name.description], !member.isNull else { return }
        writer.key(name)
        writer.raw(member.raw)
    }

    /// The document that a response amounts to, for pre-labels that are handed in.
    static func document(of response: JSONValue, makeID: () -> String) -> Document {
        var document = Document()
        for (index, annotation) in response["annotations"].allElements.enumerated() {
            document.set("annotations", annotation["uuid"]?.string ?? makeID()) { writer in
                for name in ["page", "label", "text", "location", "refs", "date", "checked"] {
                    guard let value = annotation[name], !value.isNull else { continue }
                    writer.key(name)
                    writer.raw(value.raw)
                }
                writer.field("order", OrderKey.at(index))
            }
        }
        return document
    }
}
