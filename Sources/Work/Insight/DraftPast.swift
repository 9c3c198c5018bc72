package import JSON
import Labeling
import Storage

/// A draft as it was at an earlier revision.
enum DraftPast {
    private static let limits = JSONLimits(bytes: 1 << 30, depth: 256)
    /// How many steps are read at a time.
    private static let portion = 200

    /// The document of a work item at a revision, or as it is now; nil if nobody has opened it.
    ///
    /// Forward from the snapshot, or backward from it where the revision lies before: every step knows what it replaced.
    static func document(
        of item: String, at revision: Int? = nil, in db: any Connection
    ) throws -> (document: Document, revision: Int)? {
        guard let draft = try db.draft(workItem: item) else { return nil }
        let target = min(max(revision ?? draft.revision, 0), draft.revision)
        var document = try JSONDocument.read(draft.snapshot, limits: limits) { Document($0) }
        var at = draft.snapshotRevision
        while at < target {
            let steps = try db.draftSteps(workItem: item, after: at, limit: min(portion, target - at))
            guard let last = steps.last else { break }
            for step in steps { try apply(step, to: &document, forward: true) }
            at = last.revision
        }
        while at > target {
            let from = max(target, at - portion)
            let steps = try db.draftSteps(workItem: item, after: from, limit: at - from)
            for step in steps.reversed() { try apply(step, to: &document, forward: false) }
            at = from
        }
        return (document, target)
    }

    private static func apply(_ step: DraftStepRow, to document: inout Document, forward: Bool) throws {
        try JSONDocument.read(step.operations, limits: limits) { operations in
            let all = Array(operations.elements)
            // A step may change an object twice; going back, the first change counts last.
            for operation in forward ? all : all.reversed() {
                guard let collection = operation["collection"]?.string, let key = operation["key"]?.string else {
                    continue
                }
                let object = operation[forward ? "after" : "before"]
                document.collections[collection, default: [:]][key] = object.flatMap {
                    $0.isNull ? nil : RawJSON($0.rawText)
                }
            }
        }
    }
}

/// A step of a draft as a history shows it.
package struct StepEntry: Sendable {
    let step: DraftStepRow
    /// The draft's revision after it, where the next page begins.
    package var revision: Int { step.revision }
    let actor: NamedActor

    /// Writes the step: what was added, changed and removed, in words.
    package func write(to writer: inout JSONWriter) throws {
        let (words, objects) = try Self.summary(step)
        writer.object { writer in
            writer.field("revision", step.revision)
            writer.field("at", time: step.at.microseconds)
            writer.key("actor")
            actor.write(to: &writer)
            writer.field("mark", step.mark.rawValue)
            writer.field("words", words)
            writer.field("objects", objects)
        }
    }

    private static func summary(_ step: DraftStepRow) throws -> (words: String, objects: Int) {
        try JSONDocument.read(step.operations, limits: JSONLimits(bytes: 1 << 30, depth: 256)) { operations in
            var (names, total) = ([String: [String]](), 0)
            for operation in operations.elements {
                let (before, after) = (present(operation["before"]), present(operation["after"]))
                guard before != nil || after != nil else { continue }
                total += 1
                let verb = before == nil ? "added" : after == nil ? "removed" : "changed"
                names[verb, default: []].append(name(operation, after ?? before))
            }
            let parts = ["added", "changed", "removed"].compactMap { verb -> String? in
                guard let things = names[verb] else { return nil }
                return "\(verb) \(things.count == 1 ? things[0] : "\(things.count) objects")"
            }
            return (parts.isEmpty ? "changed nothing" : parts.joined(separator: ", "), total)
        }
    }

    private static func present(_ value: JSONValue?) -> JSONValue? { value.flatMap { $0.isNull ? nil : $0 } }

    /// What people call an object of a draft: its label, or what it is an answer to.
    private static func name(_ operation: JSONValue, _ object: JSONValue?) -> String {
        if let label = object?["label"]?.string, !label.isEmpty { return label }
        let collection = operation["collection"]?.string ?? "objects"
        return collection == "annotations" ? "an object" : "\(operation["key"]?.string ?? "something") in \(collection)"
    }
}
