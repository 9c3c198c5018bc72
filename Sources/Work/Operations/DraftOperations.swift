package import JSON
import Labeling
package import Storage

/// One step of a draft as the editor sends it.
package struct DraftStep: Sendable {
    /// A UUIDv7 that the writer made; sending a step twice changes nothing.
    package var id: String
    /// The writer's own count, from 1.
    package var sequence: Int
    package var operations: [DraftOperation]
    /// The operations as they came, which is how they are stored.
    package var source: RawJSON
    package var mark: DraftStepRow.Mark

    package init(
        id: String, sequence: Int, operations: [DraftOperation], source: RawJSON, mark: DraftStepRow.Mark = .edit
    ) {
        self.id = id
        self.sequence = sequence
        self.operations = operations
        self.source = source
        self.mark = mark
    }
}

/// A change of one object: whole objects or nothing, before and after.
package struct DraftOperation: Sendable {
    package var collection: String
    package var key: String
    package var before: RawJSON?
    package var after: RawJSON?

    package init(collection: String, key: String, before: RawJSON?, after: RawJSON?) {
        self.collection = collection
        self.key = key
        self.before = before
        self.after = after
    }
}

/// What became of steps that were sent.
package struct DraftReceipt: Sendable {
    /// An object that somebody else changed meanwhile.
    package struct Conflict: Sendable {
        package let step: String
        package let collection: String
        package let key: String
        package let current: RawJSON?
    }

    package var revision = 0
    package var acknowledged: [String] = []
    /// Steps of others that the writer has not seen.
    package var missed: [DraftStepRow] = []
    package var conflict: Conflict?
}

extension WorkOperations {
    /// How many steps may stand behind a snapshot before a new one is written.
    private static let snapshotDistance = 100

    /// Applies steps in the order of their sequence, each exactly once.
    ///
    /// The first step that finds an object other than it expects is not applied, nor are those after it.
    ///
    /// `writer`: who draws: one open editor.
    /// `after`: the revision the writer knows.
    package func append(
        _ steps: [DraftStep], to id: String, lease: String, writer: String, after: Int, by actor: Actor
    ) async throws -> DraftReceipt {
        let person = try Self.person(actor)
        let realm = actor.realm
        let now = environment.now()
        let ordered = steps.sorted { $0.sequence < $1.sequence }
        return try await environment.database.write { db in
            let item = try Self.held(id, lease: lease, by: actor, in: db, now: now)
            guard let draft = try db.lockDraft(workItem: id),
                let head = try db.taskHead(realm: realm.id, id: item.taskID)
            else { throw Self.leaseLost }
            try Self.checkCollections(of: steps, for: item, type: head.type)
            var state = DraftState(draft, try db.draftSteps(workItem: id, after: draft.snapshotRevision))
            var receipt = DraftReceipt()
            var hasGrown = false
            for step in ordered {
                if try state.knows(step.id, in: db) {
                    receipt.acknowledged.append(step.id)
                    continue
                }
                if let conflict = try state.conflict(with: step) {
                    receipt.conflict = conflict
                    break
                }
                let result = try db.appendDraftStep(
                    workItem: id, id: step.id, writer: writer, sequence: step.sequence, operations: step.source.text,
                    mark: step.mark, user: person, at: now)
                switch result {
                case .appended(let revision):
                    state.apply(step, revision: revision)
                    hasGrown = true
                case .known: break
                case .sequenceTaken:
                    throw Issues(
                        "steps", "`steps` repeats the sequence \(step.sequence) of this writer with another id.")
                case .missing: throw Self.leaseLost
                }
                receipt.acknowledged.append(step.id)
            }
            receipt.revision = state.revision
            let sent = Set(ordered.map(\.id))
            receipt.missed = try db.draftSteps(workItem: id, after: after).filter { !sent.contains($0.id) }
            if hasGrown {
                if state.revision - draft.snapshotRevision >= Self.snapshotDistance {
                    _ = try db.saveDraftSnapshot(
                        workItem: id, snapshot: try state.document().json, revision: state.revision, at: now)
                }
                if draft.revision == 0 { try db.keepFromSiblings(of: item, user: person) }
                if item.kind != .audit { try Self.markStarted(head, by: actor, in: db, now: now) }
            }
            return receipt
        }
    }

    /// Refuses collections that the task's editor does not have, so that a slip of a client loses no work in silence.
    private static func checkCollections(of steps: [DraftStep], for item: WorkItemRow, type: String) throws {
        let known =
            (TaskTypes.named(type)?.editor.collections ?? []) + (item.kind == .review ? [Documents.verdicts] : [])
        let issues = steps.enumerated().flatMap { index, step in
            step.operations.enumerated().filter { !known.contains($0.element.collection) }.map { place, _ in
                let path = "steps[\(index)].operations[\(place)].collection"
                return Issue(path: path, message: "`\(path)` must be one of \(known.joined(separator: ", ")).")
            }
        }
        guard issues.isEmpty else { throw Issues(Array(issues.prefix(100))) }
    }

    /// The first accepted step starts the task, which can no longer be called off then.
    private static func markStarted(
        _ head: TaskHead, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws {
        guard head.startedAt == nil, let locked = try db.lockTask(realm: head.realm, id: head.id) else { return }
        try TaskTransitions.apply(
            .stepAccepted, to: locked, by: actor.label, isTest: actor.realm.isTest, in: db, now: now)
    }
}

/// A draft as it stands: a snapshot and the steps behind it.
///
/// The snapshot is only read where something is asked of it, so that a step on a large draft stays cheap.
struct DraftState {
    private let item: String
    private let snapshot: String
    private(set) var revision: Int
    private var changed: [ObjectKey: RawJSON?] = [:]
    /// Objects of the snapshot that were asked for.
    private var found: [ObjectKey: RawJSON] = [:]
    private var ids: Set<String> = []
    private var stored: [DraftStepRow]

    private struct ObjectKey: Hashable {
        let collection: String
        let key: String
    }

    init(_ draft: DraftRow, _ steps: [DraftStepRow]) {
        item = draft.workItemID
        snapshot = draft.snapshot
        revision = draft.snapshotRevision
        stored = steps
        for step in steps {
            ids.insert(step.id)
            revision = step.revision
        }
    }

    /// Whether a step is in the log already, however long ago.
    func knows(_ id: String, in db: any Connection) throws -> Bool {
        try ids.contains(id) || db.hasDraftStep(workItem: item, id: id)
    }

    /// The first object that a step finds other than it expects.
    mutating func conflict(with step: DraftStep) throws -> DraftReceipt.Conflict? {
        try unfold()
        try look(for: step.operations.map { ObjectKey(collection: $0.collection, key: $0.key) })
        var within: [ObjectKey: RawJSON?] = [:]
        for operation in step.operations {
            let key = ObjectKey(collection: operation.collection, key: operation.key)
            let current = if let known = within[key] ?? changed[key] { known } else { found[key] }
            guard try Self.isSame(current, operation.before) else {
                return DraftReceipt.Conflict(
                    step: step.id, collection: operation.collection, key: operation.key, current: current)
            }
            within[key] = .some(operation.after)
        }
        return nil
    }

    mutating func apply(_ step: DraftStep, revision: Int) {
        for operation in step.operations {
            changed[ObjectKey(collection: operation.collection, key: operation.key)] = .some(operation.after)
        }
        ids.insert(step.id)
        self.revision = revision
    }

    /// The whole document.
    func document() throws -> Document {
        var state = self
        try state.unfold()
        var document = try JSONDocument.read(snapshot, limits: Self.limits) { Document($0) }
        for (place, object) in state.changed {
            document.collections[place.collection, default: [:]][place.key] = object
        }
        return document
    }

    static let limits = JSONLimits(bytes: 1 << 30, depth: 256)

    /// Reads the stored steps into the table of changed objects, once.
    private mutating func unfold() throws {
        let steps = stored
        stored = []
        for step in steps {
            try JSONDocument.read(step.operations, limits: Self.limits) { operations in
                for operation in operations.elements {
                    let key = ObjectKey(
                        collection: operation["collection"]?.string ?? "", key: operation["key"]?.string ?? "")
                    let after = operation["after"].flatMap { $0.isNull ? nil : RawJSON($0.rawText) }
                    changed[key] = .some(after)
                }
            }
        }
    }

    /// Finds objects in the snapshot that no step has changed: in one reading and, where they are many, in one walk.
    private mutating func look(for keys: [ObjectKey]) throws {
        let wanted = Set(keys.filter { changed[$0] == nil && found[$0] == nil })
        guard !wanted.isEmpty, snapshot.utf8.count > 2 else { return }
        try JSONDocument.read(snapshot, limits: Self.limits) { root in
            guard wanted.count > Self.fewObjects else {
                for key in wanted {
                    guard let object = root[key.collection]?[key.key] else { continue }
                    found[key] = RawJSON(object.rawText)
                }
                return
            }
            for collection in root.members {
                for object in collection.value.members {
                    let key = ObjectKey(collection: collection.name, key: object.name)
                    if wanted.contains(key) { found[key] = RawJSON(object.value.rawText) }
                }
            }
        }
    }

    /// Up to here objects are sought one by one, which makes no text of the names of all others.
    private static let fewObjects = 8

    /// Whether two objects are the same whatever the order of their members and the spelling of their numbers.
    ///
    /// Browsers know numbers as doubles only, so integers beyond those count as what a browser makes of them.
    static func isSame(_ a: RawJSON?, _ b: RawJSON?) throws -> Bool {
        guard let a, let b else { return a == nil && b == nil }
        if a == b { return true }
        return try JSONDocument.read(a.text, limits: limits) { a in
            try JSONDocument.read(b.text, limits: limits) { b in a.isEqual(to: b, asDoubles: true) }
        }
    }
}
