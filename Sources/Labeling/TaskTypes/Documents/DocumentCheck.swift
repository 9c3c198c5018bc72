import Geometry
import JSON

/// Checks a response about documents.
struct DocumentCheck {
    let params: DocumentTranscription.Params
    let facts: [AttachmentFacts]
    let strictness: Strictness
    let reader: JSONReader

    func run(_ response: JSONValue) {
        guard response.isObject else {
            reader.report(response, "must be an object")
            return
        }
        guard let annotations = response["annotations"], !annotations.isNull else {
            reader.report(response, member: "annotations", "is required")
            return
        }
        guard annotations.isArray else {
            reader.report(annotations, "must be an array")
            return
        }
        var labels: [String: String] = [:]
        for annotation in annotations.elements {
            if let uuid = annotation["uuid"]?.string { labels[uuid] = annotation["label"]?.string ?? "" }
        }
        let uuids = Seen()
        for annotation in annotations.elements {
            guard annotation.isObject else {
                reader.report(annotation, "must be an object")
                continue
            }
            Judge(strictness, reader).inTurn(
                IdentityRules.all, IdentityRules.Subject(object: annotation, member: "uuid", seen: uuids))
            page(annotation)
            location(annotation)
            if let feature = feature(annotation) {
                content(annotation, feature)
                refs(annotation, feature, labels)
            }
        }
    }

    private func page(_ annotation: JSONValue) {
        guard let value = annotation["page"], !value.isNull else {
            reader.report(annotation, member: "page", "is required")
            return
        }
        let pages = facts.isEmpty ? nil : facts.reduce(0) { $0 + max(1, $1.pages) }
        guard let page = value.int, page >= 0, page < pages ?? .max else {
            reader.report(
                value, pages.map { "must be an integer between 0 and \($0 - 1)" } ?? "must be a non-negative integer")
            return
        }
    }

    private func feature(_ annotation: JSONValue) -> DocumentFeature? {
        guard let value = annotation["label"], !value.isNull else {
            reader.report(annotation, member: "label", "is required")
            return nil
        }
        guard let label = value.string else {
            reader.report(value, "must be a string")
            return nil
        }
        guard let feature = params.feature(label) else {
            reader.report(value, "\(JSONWriter.quoted(label)) is not a label of this task")
            return nil
        }
        return feature
    }

    // MARK: Places

    private func location(_ annotation: JSONValue) {
        guard let location = annotation["location"], !location.isNull else {
            if strictness == .submit { reader.report(annotation, member: "location", "is required") }
            return
        }
        guard location.isObject else {
            reader.report(location, "must be an object")
            return
        }
        let expected = params.isPolygon ? "polygon" : "box"
        guard location["type"]?.string == expected else {
            reader.report(location, member: "type", "must be \(expected)")
            return
        }
        var points: [Point] = []
        if params.isPolygon {
            guard let vertices = Figure.vertices(location, Judge(strictness, reader)) else { return }
            if vertices.count != 4 { reader.report(location, member: "vertices", "must be 4 points") }
            points = vertices
        } else {
            guard let box = Figure.box(location, Judge(strictness, reader)) else { return }
            if strictness == .submit {
                for (name, side) in [("width", box.width), ("height", box.height)] where side <= 0 {
                    reader.report(location, member: name, "must be a positive number")
                }
            }
            points = box.corners
        }
        if let size = pageSize(annotation["page"]?.int ?? 0),
            !points.allSatisfy({ size.contains($0, tolerance: 1e-6) })
        {
            reader.report(location, "must lie on the page")
        }
    }

    /// The size of a page in pixels, where it is known: pages of files with several are not measured.
    private func pageSize(_ page: Int) -> Box? {
        var first = 0
        for fact in facts {
            let next = first + max(1, fact.pages)
            if page < next {
                guard fact.pages <= 1, let width = fact.width, let height = fact.height else { return nil }
                return Box(left: 0, top: 0, width: Double(width), height: Double(height))
            }
            first = next
        }
        return nil
    }

    // MARK: Content

    private func content(_ annotation: JSONValue, _ feature: DocumentFeature) {
        let text = annotation["text"].flatMap { $0.isNull ? nil : $0 }
        if let text, !text.isString { reader.report(text, "must be a string") }
        if feature.isText, strictness == .submit, text.map(\.isUnanswered) ?? true {
            reader.report(annotation, member: "text", "is required")
        }
        if feature.isMoney, let text, let amount = text.string, !amount.isEmpty, Money.parse(amount) == nil {
            reader.report(text, "must be an amount of money, such as 914.29")
        }
        if feature.isDate { date(annotation, text) }
        if let checked = annotation["checked"], !checked.isNull, checked.bool == nil {
            reader.report(checked, "must be true or false")
        }
    }

    private func date(_ annotation: JSONValue, _ text: JSONValue?) {
        guard let date = annotation["date"], !date.isNull else {
            if strictness == .submit, text != nil {
                reader.report(annotation, member: "date", "is required, as the text is not a date such as 2025-11-21")
            }
            return
        }
        guard let year = date["year"]?.int, let month = date["month"]?.int, let day = date["day"]?.int,
            CalendarDate(year: year, month: month, day: day) != nil
        else {
            reader.report(date, "must be a date with year, month and day")
            return
        }
    }

    private func refs(_ annotation: JSONValue, _ feature: DocumentFeature, _ labels: [String: String]) {
        guard let refs = annotation["refs"], !refs.isNull else { return }
        guard refs.isArray else {
            reader.report(refs, "must be an array")
            return
        }
        var seen: Set<String> = []
        for ref in refs.elements {
            guard let uuid = ref.string, let label = labels[uuid] else {
                reader.report(ref, "refers to an annotation that does not exist")
                continue
            }
            if uuid == annotation["uuid"]?.string {
                reader.report(ref, "must refer to another annotation")
            } else if !seen.insert(uuid).inserted {
                reader.report(ref, "\(JSONWriter.quoted(uuid)) is used more than once")
            } else if !params.mayLink(feature.label, label) {
                reader.report(
                    ref, "must not link \(JSONWriter.quoted(feature.label)) with \(JSONWriter.quoted(label))")
            }
        }
    }
}
