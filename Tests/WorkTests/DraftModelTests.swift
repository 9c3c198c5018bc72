import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

/// What the server must do with steps, said as simply as possible.
private struct DraftModel {
    var document: [String: String] = [:]
    var log: [String] = []
    private var known: Set<String> = []

    struct Step {
        let id: String
        let sequence: Int
        let changes: [Change]
    }

    struct Receipt: Equatable {
        var revision: Int
        var acknowledged: [String] = []
        var missed: [String] = []
        var conflict: String?
    }

    mutating func append(_ steps: [Step], after: Int) -> Receipt {
        var receipt = Receipt(revision: 0)
        for step in steps.sorted(by: { $0.sequence < $1.sequence }) {
            if !known.contains(step.id) {
                if step.changes.contains(where: { document[$0.key] != $0.before }) {
                    receipt.conflict = step.id
                    break
                }
                for change in step.changes { document[change.key] = change.after }
                known.insert(step.id)
                log.append(step.id)
            }
            receipt.acknowledged.append(step.id)
        }
        receipt.revision = log.count
        receipt.missed = log.dropFirst(after).filter { id in !steps.contains { $0.id == id } }
        return receipt
    }
}

/// An open editor: what it believes, what it has not sent yet, and what it may send again.
private struct Editor {
    let name: String
    var document: [String: String] = [:]
    var revision = 0
    var sequence = 0
    var unsent: [DraftModel.Step] = []

    mutating func draw(_ random: inout SeededGenerator) {
        sequence += 1
        let keys = Set((0...Int.random(in: 0...1, using: &random)).map { _ in Int.random(in: 0...7, using: &random) })
        let changes = keys.sorted().map { number in
            let key = "k\(number)"
            let after = Int.random(in: 0...3, using: &random) == 0 ? nil : #"{"value":\#(sequence),"by":"\#(name)"}"#
            return Change(key: key, before: document[key], after: after)
        }
        for change in changes { document[change.key] = change.after }
        unsent.append(DraftModel.Step(id: "\(name)\(sequence)", sequence: sequence, changes: changes))
    }
}

struct DraftModelTests {
    @Test(arguments: Backend.available, [1, 2, 3] as [UInt64])
    func `two writers at random leave what the model says`(_ backend: Backend, seed: UInt64) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            _ = try await shop.create()
            let work = try await ada.take()
            var random = SeededGenerator(seed: seed)
            var model = DraftModel()
            var editors = [Editor(name: "a"), Editor(name: "b")]
            for round in 1...250 {
                let at = Int.random(in: 0...1, using: &random)
                if Int.random(in: 0...2, using: &random) > 0 {
                    editors[at].draw(&random)
                    continue
                }
                // Answers get lost, so the same steps may be sent again; and nobody promises an order in the list.
                let steps = editors[at].unsent.shuffled(using: &random)
                let after = editors[at].revision
                let times = Int.random(in: 1...2, using: &random)
                var receipt = DraftReceipt()
                for _ in 1...times {
                    let expected = model.append(steps, after: after)
                    receipt = try await ada.send(
                        steps.map { DraftStep($0.id, $0.sequence, $0.changes) }, to: work, after: after,
                        writer: editors[at].name)
                    let answer = DraftModel.Receipt(
                        revision: receipt.revision, acknowledged: receipt.acknowledged,
                        missed: receipt.missed.map(\.id), conflict: receipt.conflict?.step)
                    #expect(answer == expected, "seed \(seed), round \(round)")
                }
                // Whoever meets a conflict gives up what it refused and looks again, which the model can tell too.
                editors[at].unsent = []
                editors[at].document = model.document
                editors[at].revision = receipt.revision
            }
            let open = try await shop.work.work(work.item.id, by: ada.actor)
            let all = try await shop.database.read { [id = work.item.id] db in try db.draftSteps(workItem: id, after: 0)
            }
            #expect(all.map(\.id) == model.log)
            #expect(all.map(\.revision) == Array(1...max(1, model.log.count)))
            let left = try open.document().collections["answers"]?.compactMapValues { try AnyJSON($0.text) } ?? [:]
            #expect(left == (try model.document.mapValues { try AnyJSON($0) }))
        }
    }
}
