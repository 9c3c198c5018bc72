import JSON
import Labeling
import Storage

/// The documents of work items: what they ended with, and what they began from.
enum Documents {
    /// Where reviewers note what they think of single objects; no part of any answer.
    static let verdicts = "verdicts"

    /// What a work item's draft says now, without what a reviewer noted in it; nil if nobody has opened it yet.
    static func last(of item: String, in db: any Connection) throws -> Document? {
        try draft(of: item, in: db).map(answer)
    }

    /// What a work item began from.
    static func first(of item: WorkItemRow, in db: any Connection) throws -> Document {
        if let base = item.basedOn { return try last(of: base, in: db) ?? Document() }
        guard let draft = try draft(of: item.id, in: db) else { return Document() }
        return answer(try undone(draft, try db.draftSteps(workItem: item.id, after: 0)))
    }

    /// A document without what reviewers noted in it.
    static func answer(_ document: Document) -> Document {
        var document = document
        document.collections[verdicts] = nil
        return document
    }

    /// What a reviewer noted of single objects.
    static func verdicts(in document: Document) throws -> (accepted: [String], rejected: [String]) {
        var accepted: [String] = []
        var rejected: [String] = []
        for (key, object) in document.collections[verdicts] ?? [:] {
            switch try JSONDocument.read(object.text, { $0["verdict"]?.string }) {
            case "accepted": accepted.append(key)
            case "rejected": rejected.append(key)
            default: break
            }
        }
        return (accepted.sorted(), rejected.sorted())
    }

    /// Whether two documents hold the same objects, however these are written.
    static func isSame(_ a: Document, _ b: Document) throws -> Bool {
        let names = Set(a.collections.keys).union(b.collections.keys)
        return try names.allSatisfy { name in
            let (here, there) = (a.collections[name] ?? [:], b.collections[name] ?? [:])
            guard here.count == there.count else { return false }
            return try here.allSatisfy { key, object in try DraftState.isSame(object, there[key]) }
        }
    }

    private static func draft(of item: String, in db: any Connection) throws -> Document? {
        guard let draft = try db.draft(workItem: item) else { return nil }
        return try DraftState(draft, try db.draftSteps(workItem: item, after: draft.snapshotRevision)).document()
    }

    /// The document before any of the steps.
    private static func undone(_ document: Document, _ steps: [DraftStepRow]) throws -> Document {
        var document = document
        for step in steps.reversed() {
            try JSONDocument.read(step.operations, limits: DraftState.limits) { operations in
                for operation in operations.elements.reversed() {
                    guard let collection = operation["collection"]?.string, let key = operation["key"]?.string else {
                        continue
                    }
                    let before = operation["before"].flatMap { $0.isNull ? nil : RawJSON($0.rawText) }
                    document.collections[collection, default: [:]][key] = before
                }
            }
        }
        return document
    }
}
