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
