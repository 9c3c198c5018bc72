package import JSON

/// One person's answer to a task that several have answered unseen of each other.
package struct Answer: Sendable {
    /// What was drawn.
    package let document: Document
    /// What that amounts to, in JSON.
    package let response: String

    package init(document: Document, response: String) {
        self.document = document
        self.response = response
    }
}

/// What several answers to one task amount to, and where they differ.
///
/// The rules stand in `docs/guide/consensus.md`.
package struct Merge: Sendable {
    /// The proposal, to go on from.
    package var document: Document
    /// From 0 (nothing in common) to 1 (all the same).
    package var agreement: Double
    /// How many things all answers have alike.
    package var agreed: Int
    /// In the order of the proposal.
    package var differences: [Difference]

    /// Whether somewhere no answer has more voices than the others, so that a person has to decide.
    package var isUndecided: Bool { differences.contains { $0.aspects.contains(where: \.isTied) } }
}

/// One thing that the answers do not have alike.
package struct Difference: Sendable {
    /// In what they differ.
    package struct Aspect: Sendable, Equatable {
        package enum Kind: String, Sendable {
            /// Not everybody has it.
            case presence
            case shape
            case label
            /// An attribute of it, which `name` tells.
            case attribute
            /// The answer to a question about the whole.
            case answer
        }

        package let kind: Kind
        package let name: String?
        /// Whether no choice has more voices than the others.
        package let isTied: Bool

        package init(_ kind: Kind, name: String? = nil, isTied: Bool = false) {
            self.kind = kind
            self.name = name
            self.isTied = isTied
        }
    }

    /// Where it stands in a document.
    package let collection: String
    package let key: String
    /// Whether the proposal has it.
    package let isProposed: Bool
    /// What the proposal says, or would say if it were taken in; `null` where it says nothing.
    package let object: RawJSON
    /// How many answers have it.
    package let votes: Int
    /// How far the answers agree about it, from 0 to 1.
    package let agreement: Double
    package let aspects: [Aspect]
    /// What each answer says, nil where it does not have it.
    package let answers: [RawJSON?]
}

extension TaskType {
    /// Puts answers together, given the parameters as they are stored.
    package func merge(
        _ answers: [Answer], stored: String, facts: [AttachmentFacts], makeID: () -> String
    ) throws -> Merge {
        try merge(answers, for: try params(stored: stored), facts: facts, makeID: makeID)
    }

    package func merge(
        _ answers: [Answer], for params: Params, facts: [AttachmentFacts], makeID: () -> String
    ) throws -> Merge {
        try Opened.read(answers.map(\.document.json)) { ContentMerge($0, makeID: makeID).merge }
    }
}

extension TaskType where Params == ImageParams {
    package func merge(
        _ answers: [Answer], for params: Params, facts: [AttachmentFacts], makeID: () -> String
    ) throws -> Merge {
        try Opened.read(answers.map(\.response)) { ImageMerge($0, params: params, facts: facts, makeID: makeID).merge }
    }
}

/// Several texts open at the same time.
enum Opened {
    private static let limits = JSONLimits(bytes: 256 << 20, depth: 256)

    static func read<Result>(_ texts: [String], _ body: ([JSONValue]) throws -> Result) throws -> Result {
        try read(texts[...], [], body)
    }

    private static func read<Result>(
        _ texts: ArraySlice<String>, _ open: [JSONValue], _ body: ([JSONValue]) throws -> Result
    ) throws -> Result {
        guard let text = texts.first else { return try body(open) }
        return try JSONDocument.read(text, limits: limits) { value in
            try read(texts.dropFirst(), open + [value], body)
        }
    }
}

extension Difference {
    /// Writes the difference as merging people see it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("collection", collection)
            writer.field("key", key)
            writer.field("proposed", isProposed)
            writer.field("object", raw: object.text)
            writer.field("votes", votes)
            writer.field("agreement", (agreement * 10_000).rounded() / 10_000)
            writer.array("about") { writer in
                for aspect in aspects {
                    writer.object { writer in
                        writer.field("aspect", aspect.kind.rawValue)
                        writer.field("name", ifPresent: aspect.name)
                        if aspect.isTied { writer.field("tied", true) }
                    }
                }
            }
            writer.array("answers") { writer in
                for answer in answers { answer.map { writer.raw($0.text) } ?? writer.null() }
            }
        }
    }
}
