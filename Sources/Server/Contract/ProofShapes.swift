import JSON

/// The forms of what proves what happened, as the contract shows them.
enum ProofShapes {
    private static let hash = Shape.string(length: 64...64, format: nil)

    static let head = Wire.answer(
        "LogHead",
        [
            .always("account", Wire.text, "Whose log it is."),
            .always("position", Wire.count, "How many entries it has."),
            .always("hash", hash, "The hash of the last of them."),
            .maybe("at", Wire.time, "When that was so."),
        ])

    private static let entry = Wire.answer(
        "ProofEntry",
        [
            .always("realm", Wire.count, "The account's world, by its number."),
            .always("id", Wire.text, "The entry's id."),
            .always("at", Wire.count, "When it happened, in microseconds since 1970."),
            .always("actor", Wire.text, "Who did it."),
            .always("object_kind", Wire.text, "What it is about; `evidence` says what rows contained."),
            .always("object_id", Wire.text, "The task."),
            .always("action", Wire.text, "What happened."),
            .maybe("before_sha256", hash, "The hash of how things were before."),
            .maybe("after_sha256", hash, "The hash of how things were afterwards."),
            .maybe("after", Wire.text, "What rows contained, by their hashes."),
        ])

    static let proof = Wire.answer(
        "TaskProof",
        [
            .always("format", Wire.text, "`vernier task proof 1`."),
            .always("task", Wire.identifier, "The task."),
            .always("head", head, "The end of the log that the path leads from."),
            .always(
                "path",
                Wire.list(
                    of: Wire.answer(
                        "ProofLink",
                        [
                            .always("position", Wire.count, "The place in the log."),
                            .always("previous", hash, "The hash of the entry before."),
                            .always("skipped", hash, "The hash of the entry further back that it covers."),
                            .maybe("content", hash, "The hash of what the entry says, if it is about something else."),
                            .maybe("entry", entry, "What the entry says, if it is about the task."),
                        ])), "From the end of the log to the first entry about the task."),
            .maybe("changed_since", Wire.strings, "Rows that were written again after that end of the log."),
            .always("rows", Wire.object, "What the sealed rows contain, by their names."),
        ])
}
