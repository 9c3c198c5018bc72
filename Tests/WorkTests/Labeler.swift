import Foundation
import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

/// A change of one object, written shortly.
struct Change {
    var collection = "answers"
    var key: String
    var before: String?
    var after: String?

    var operation: DraftOperation {
        DraftOperation(
            collection: collection, key: key, before: before.map { RawJSON($0) }, after: after.map { RawJSON($0) })
    }

    var json: String {
        #"{"collection":"\#(collection)","key":"\#(key)","before":\#(before ?? "null"),"after":\#(after ?? "null")}"#
    }
}

extension DraftStep {
    init(_ id: String, _ sequence: Int, _ changes: [Change]) {
        self.init(
            id: id, sequence: sequence, operations: changes.map(\.operation),
            source: RawJSON("[" + changes.map(\.json).joined(separator: ",") + "]"))
    }
}

extension OpenWork {
    var lease: String { item.leaseToken ?? "" }

    /// The draft as it stands.
    func document() throws -> Document { try DraftState(draft, steps).document() }
}

/// A person at work.
struct Labeler {
    let workshop: Workshop
    let actor: Actor
    /// The id of the open editor.
    let writer = UUID().uuidString.lowercased()

    static func new(_ workshop: Workshop, _ email: String = "ada@example.com", _ role: Role = .labeler) async throws
        -> Labeler
    {
        Labeler(workshop: workshop, actor: try await workshop.person(email, role))
    }

    func claim(_ id: String? = nil) async throws -> OpenWork? {
        try await workshop.work.claim(id, by: actor)
    }

    /// Claims and expects to get something.
    func take(_ id: String? = nil) async throws -> OpenWork {
        try #require(try await claim(id), "there is no work")
    }

    /// Sends steps.
    @discardableResult
    func send(_ steps: [DraftStep], to work: OpenWork, after: Int = 0, writer: String? = nil) async throws
        -> DraftReceipt
    {
        try await workshop.work.append(
            steps, to: work.item.id, lease: work.lease, writer: writer ?? self.writer, after: after, by: actor)
    }

    /// Makes the draft what `collections` says, in one step.
    func fill(_ work: OpenWork, _ collections: [String: [String: RawJSON]]) async throws -> DraftReceipt {
        let before = try work.document().collections
        var changes: [Change] = []
        for collection in Set(before.keys).union(collections.keys).sorted() {
            let (old, new) = (before[collection] ?? [:], collections[collection] ?? [:])
            for key in Set(old.keys).union(new.keys).sorted() where old[key] != new[key] {
                changes.append(
                    Change(collection: collection, key: key, before: old[key]?.text, after: new[key]?.text))
            }
        }
        return try await send(
            [DraftStep(UUID().uuidString.lowercased(), 1, changes)], to: work, after: work.revision)
    }

    func submit(_ work: OpenWork, revision: Int, id: String = UUID().uuidString) async throws -> TaskRow {
        try await workshop.work.submit(
            work.item.id, lease: work.lease, submission: id, revision: revision, by: actor)
    }

    /// Answers a categorization of ``Sample/text(_:)`` and hands it in.
    @discardableResult
    func answer(_ work: OpenWork, _ category: String = "polite") async throws -> TaskRow {
        let receipt = try await fill(
            work, ["answers": ["category": RawJSON(#"{"value":"\#(category)"}"#)]])
        return try await submit(work, revision: receipt.revision)
    }
}
