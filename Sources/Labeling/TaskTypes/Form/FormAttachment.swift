import JSON

/// Something that a form is about.
package struct FormAttachment: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case pdf, image, text, video, website, audio
    }

    package let type: Kind
    /// A URL, or the Markdown of a text.
    package let content: String

    /// What to fetch it as; nil for texts, and for websites, which people open themselves.
    var kind: AttachmentRequest.Kind? {
        switch type {
        case .image: .picture
        case .pdf: .document
        case .video: .video
        case .audio: .audio
        case .text, .website: nil
        }
    }
}

extension FormAttachment {
    private enum Fields {
        static let type = RequiredField("type", Schema<Kind>.cases, "What it is.")
        static let content = RequiredField("content", .string(length: 1...1_000_000), "A URL, or Markdown for texts.")
        static let forms = OptionalField(
            "forms", .array(of: .string(length: 1...200), count: 0...1000),
            "Fields of type form while which are open it is shown; always, without this.")
    }

    static let schema = Schema<FormAttachment>.object("FormAttachment", [Fields.type, Fields.content, Fields.forms]) {
        object in
        let type = object(Fields.type)
        let content = object(Fields.content)
        _ = object(Fields.forms)
        guard let type, let content else { return nil }
        if type != .text, !SharedFields.hasScheme(content) {
            object.reader.report(object.object, member: "content", "must be a URL")
            return nil
        }
        return FormAttachment(type: type, content: content)
    }
}

/// Checks what only all fields of a form together can tell: ids, references and cycles.
struct FormShapeCheck {
    let reader: JSONReader
    private var seen: Set<String> = []
    private var formIDs: Set<String> = []

    init(reader: JSONReader) {
        self.reader = reader
    }

    /// Checks the fields that were read from the array `value`, which may also refer to the ids in `enclosing`.
    mutating func run(_ fields: [FormField], in value: JSONValue, enclosing: Set<String>) {
        let elements = Array(value.elements)
        // Elements that could not be read are missing in `fields`; ids then do not line up and are not checked.
        guard elements.count == fields.count else { return }
        let places = FormLevel.places(fields)
        for (field, element) in zip(fields, elements) {
            if !seen.insert(field.id).inserted {
                reader.report(element, member: "field_id", "\(JSONWriter.quoted(field.id)) is used more than once")
            }
            if field.type == .form { formIDs.insert(field.id) }
            for id in field.condition?.fields ?? [] where places[id] == nil && !enclosing.contains(id) {
                reader.report(
                    element, member: "conditions",
                    "refers to \(JSONWriter.quoted(id)), which is no field of the same or an enclosing level")
            }
        }
        if let cycle = DependencyOrder(fields.map(\.dependencies), places: places).cycle, let first = cycle.first {
            let chain = cycle.map { fields[$0].id }.joined(separator: " needs ")
            reader.report(elements[first], member: "conditions", "must not depend on itself (\(chain))")
        }
        for (field, element) in zip(fields, elements) {
            guard let inner = element["fields"] else { continue }
            run(field.children, in: inner, enclosing: enclosing.union(places.keys))
        }
    }

    /// Reports forms named by attachments that do not exist.
    func forms(_ attachments: JSONValue?) {
        for attachment in attachments.allElements {
            for form in attachment["forms"].allElements {
                guard let id = form.string, !formIDs.contains(id) else { continue }
                reader.report(form, "refers to \(JSONWriter.quoted(id)), which is no field of type form")
            }
        }
    }
}
