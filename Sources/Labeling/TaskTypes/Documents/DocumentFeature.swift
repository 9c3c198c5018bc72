import JSON

/// Something to find in a document.
package struct DocumentFeature: Sendable, Equatable {
    /// Empty for groups.
    package let label: String
    /// Whether its text is answered, and not only its place.
    package let isText: Bool
    package let flags: Set<String>
    /// Its parts, if it is a group.
    let features: [DocumentFeature]
    private let isGroup: Bool

    var isMoney: Bool { flags.contains("money") }
    var isDate: Bool { flags.contains("date") }
    var isCheckbox: Bool { flags.contains("checkbox") }

    /// What can be marked: itself, or the parts of a group.
    var parts: [DocumentFeature] { isGroup ? features.flatMap(\.parts) : [self] }
}

extension DocumentFeature {
    private enum Kind: String, CaseIterable { case text, block, group }
    private enum Flag: String, CaseIterable {
        case line, key, value, thead, tbody, date, money, checkbox, region, query, span
    }

    private enum Fields {
        static let type = RequiredField("type", Schema<Kind>.cases, "What is answered of it.")
        static let label = OptionalField("label", .string(length: 1...1000), "The value that appears in answers.")
        static let title = OptionalField("title", .string(length: 0...1000), "The name of a group.")
        static let flags = Field(
            "flags", .array(of: Schema<Flag>.cases, count: 0...11), default: [], shownAs: "[]",
            "How its content is treated.")
        static let features: Field<[DocumentFeature]> = Field(
            "features", .array(of: .recursive("DocumentFeature") { DocumentFeature.schema }, count: 0...1000),
            default: [], shownAs: "[]", "The parts of a group.")
    }

    static let schema: Schema<DocumentFeature> = .object(
        "DocumentFeature", [Fields.type, Fields.label, Fields.title, Fields.flags, Fields.features]
    ) { object in
        let type = object(Fields.type)
        let label = object(Fields.label)
        _ = object(Fields.title)
        let flags = object(Fields.flags)
        let features = object(Fields.features)
        guard let type else { return nil }
        if type != .group, SharedFields.member("label", of: object) == nil {
            object.reader.report(object.object, member: "label", "is required for features of type text and block")
        }
        return DocumentFeature(
            label: label ?? "", isText: type == .text, flags: Set(flags.map(\.rawValue)), features: features,
            isGroup: type == .group)
    }

    /// Reports labels that stand more than once, groups included.
    static func reportDuplicates(_ features: [DocumentFeature], in value: JSONValue?, _ reader: JSONReader) {
        guard let value, features.count == value.count else { return }
        var seen: Set<String> = []
        for (feature, element) in zip(features, value.elements) {
            for part in feature.parts where !part.label.isEmpty && !seen.insert(part.label).inserted {
                reader.report(element, "duplicates the label \(JSONWriter.quoted(part.label))")
            }
        }
    }
}

/// Amounts of money as they stand on documents.
enum Money {
    /// The number that a text such as `€ 1.234,50` or `$1,234.50` means; nil when it is none.
    ///
    /// Of points and commas the last is the decimal sign, unless it stands more than once or, alone of its kind,
    /// before exactly three digits; then it separates thousands.
    static func parse(_ text: String) -> Double? {
        var isNegative = false
        var digits = ""
        for character in text {
            switch character {
            case "0"..."9", ".", ",": digits.append(character)
            case "-", "−": isNegative = true
            case " ", "\u{a0}", "\u{202f}", "'", "’": continue
            // Currencies, by sign or by name.
            case _ where character.isCurrencySymbol || character.isLetter: continue
            // Bookkeepers' minus.
            case "(", ")": isNegative = true
            default: return nil
            }
        }
        guard digits.contains(where: \.isNumber) else { return nil }
        if let sign = digits.last(where: { $0 == "." || $0 == "," }) {
            let other: Character = sign == "." ? "," : "."
            let behind = digits.split(separator: sign, omittingEmptySubsequences: false).last?.count ?? 0
            let isThousands =
                digits.count(where: { $0 == sign }) > 1 || (sign == "," && behind == 3 && !digits.contains(other))
            digits.removeAll { $0 == other || (isThousands && $0 == sign) }
            digits = String(digits.map { $0 == "," ? "." : $0 })
        }
        return Double(digits).map { isNegative ? -$0 : $0 }
    }
}
