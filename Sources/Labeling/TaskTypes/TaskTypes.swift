package import JSON

/// The task types there are.
package enum TaskTypes {
    package static let all: [any TaskType] =
        [ImageAnnotation()] + LegacyGeometry.all + [
            Categorization(), Comparison(), Transcription(), DataCollection(), TextCollection(),
            NamedEntityRecognition(), DocumentTranscription(),
        ]

    private static let byName: [String: any TaskType] = Dictionary(
        all.flatMap { type in ([type.name] + type.aliases).map { ($0, type) } }, uniquingKeysWith: { first, _ in first }
    )

    /// The type with this name or alias.
    package static func named(_ name: String) -> (any TaskType)? { byName[name] }

    /// What to answer when a type needs an instruction and neither task nor project has one.
    package static let instructionMissing = Issue(path: "instruction", message: "`instruction` is required.")
}
