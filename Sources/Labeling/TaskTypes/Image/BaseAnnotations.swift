package import JSON

/// Annotations handed in with a task, and what may be done with them.
package struct BaseAnnotations: Sendable, Equatable {
    /// One of them by its uuid.
    package struct Entry: Sendable, Equatable {
        package let uuid: String
        package let annotation: RawJSON
    }

    /// The response that holds them.
    package let response: RawJSON
    package let entries: [Entry]
    package let canAdd: Bool
    package let canEdit: Bool
    package let canEditLabels: Bool
    package let canDelete: Bool

    /// Makes them of a checked object with `annotations`.
    init(_ value: JSONValue, canAdd: Bool, canEdit: Bool, canEditLabels: Bool, canDelete: Bool) {
        response = RawJSON(value.rawText)
        entries =
            value["annotations"]?.elements.compactMap { annotation in
                annotation["uuid"]?.string.map { Entry(uuid: $0, annotation: RawJSON(annotation.rawText)) }
            } ?? []
        self.canAdd = canAdd
        self.canEdit = canEdit
        // Locked means locked in every respect, whatever is said of labels.
        self.canEditLabels = canEditLabels && canEdit
        self.canDelete = canDelete
    }

    /// Checks that submitted annotations respect what is locked.
    ///
    /// The writer brings base annotations into the form of a response, so that like is compared with like. Throws only
    /// if stored text is no JSON.
    func check(_ annotations: JSONValue, writer: ImageWriter, reader: JSONReader) throws {
        var submitted: [String: JSONValue] = [:]
        for annotation in annotations.elements {
            if let uuid = annotation["uuid"]?.string { submitted[uuid] = annotation }
        }
        let base = Dictionary(entries.map { ($0.uuid, $0) }, uniquingKeysWith: { first, _ in first })
        if !canAdd {
            for annotation in annotations.elements {
                guard let uuid = annotation["uuid"]?.string, base[uuid] == nil else { continue }
                reader.report(annotation, "must not be added: this task takes no further annotations")
            }
        }
        for entry in entries {
            guard let annotation = submitted[entry.uuid] else {
                if !canDelete {
                    reader.report(
                        annotations, "must still contain the base annotation \(JSONWriter.quoted(entry.uuid))")
                }
                continue
            }
            guard !canEdit || !canEditLabels else { continue }
            try JSONDocument.read(entry.annotation.text) { original in
                if !canEdit {
                    try compare(original, annotation, uuid: entry.uuid, writer: writer, reader: reader)
                } else if !JSONEquality.equal(original["label"], annotation["label"]) {
                    reader.report(
                        annotation, member: "label", "must not be changed: labels of base annotations are locked")
                }
            }
        }
    }

    private func compare(
        _ original: JSONValue, _ annotation: JSONValue, uuid: String, writer: ImageWriter, reader: JSONReader
    ) throws {
        var text = JSONWriter()
        writer.annotation(DocumentObject(key: uuid, value: original), to: &text)
        try JSONDocument.read(text.text) { answered in
            for member in answered.members {
                // Corners and edges follow from the rest.
                let isDerived = member.name == "edges" || (member.name == "vertices" && original["left"] != nil)
                guard !isDerived, !JSONEquality.equal(member.value, annotation[member.name]) else { continue }
                reader.report(annotation, member: member.name, "must not be changed: base annotations are locked")
            }
        }
    }
}

/// Compares values by what they mean.
enum JSONEquality {
    /// Whether two values are equal; numbers may differ by 10⁻⁶, and null, nothing and `{}` are the same.
    static func equal(_ a: JSONValue?, _ b: JSONValue?) -> Bool {
        if isNothing(a) || isNothing(b) { return isNothing(a) && isNothing(b) }
        guard let a, let b else { return false }
        if let first = a.double, let second = b.double { return abs(first - second) <= 1e-6 }
        guard a.kind == b.kind else { return false }
        switch a.kind {
        case .object:
            return a.members.allSatisfy { equal($0.value, b[$0.name]) }
                && b.members.allSatisfy { a[$0.name] != nil || isNothing($0.value) }
        case .array:
            return a.count == b.count && zip(a.elements, b.elements).allSatisfy { equal($0, $1) }
        case .string: return a.string == b.string
        case .bool: return a.bool == b.bool
        case .integer, .number, .null: return true
        }
    }

    private static func isNothing(_ value: JSONValue?) -> Bool {
        guard let value else { return true }
        return value.isNull || (value.isObject && value.members.first(where: { _ in true }) == nil)
    }
}
