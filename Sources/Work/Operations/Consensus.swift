import JSON
import Labeling
import Storage

/// Several answers to one task: given unseen of each other, and put together when all of them are in.
enum Consensus {
    /// The label items of a task: as many as its project wants answers.
    static func items(for subject: WorkSubject, in db: any Connection, now: Timestamp) throws -> [NewWorkItem] {
        try items(for: [subject], in: db, now: now)
    }

    /// The label items of tasks, by task.
    static func items(for subjects: [WorkSubject], in db: any Connection, now: Timestamp) throws -> [NewWorkItem] {
        var counts: [[String?]: Int] = [:]
        return try subjects.flatMap { subject in
            let place = [subject.projectID, subject.batchID]
            let count =
                try counts[place] ?? db.consensus(project: subject.projectID, batch: subject.batchID).attempts
            counts[place] = count
            return (1...max(1, count)).map { attempt in
                var item = NewWorkItem(for: subject, at: now)
                item.attempt = attempt
                item.isShared = count > 1
                return item
            }
        }
    }

    /// The other answers that are given to the task of an item; none for work that is done once.
    static func siblings(of item: WorkItemRow, in db: any Connection) throws -> [WorkItemRow] {
        guard item.kind == .label else { return [] }
        return try db.workItems(realm: item.realm, task: item.taskID).filter {
            $0.kind == .label && $0.id != item.id && $0.state != .closed
        }
    }

    /// Keeps one of several answers, and has them put together if it is the last.
    static func collect(
        _ work: HandedIn, besides siblings: [WorkItemRow], by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> TaskRow {
        try Flow.record(work, response: work.response, isFinal: false, in: db, now: now)
        if siblings.allSatisfy({ $0.state == .submitted }) {
            try db.enqueue([MergeAnswers.job(realm: work.head.realm, task: work.head.id, at: now)], at: now)
        }
        return try TaskTransitions.apply(
            .submitted(next: .collect), to: work.head, by: actor.label, isTest: actor.realm.isTest, in: db, now: now)
    }

    /// What people call the answer at a place, so that nobody's name sways the one who merges.
    static func name(_ place: Int) -> String { place < 26 ? String(UnicodeScalar(UInt8(65 + place))) : "\(place + 1)" }
}

/// All answers to a task, ready to be put together.
struct AnswerRound {
    let task: TaskRow
    let type: any TaskType
    let items: [WorkItemRow]
    let answers: [Answer]
    let facts: [AttachmentFacts]
    let settings: ConsensusSettings

    /// Reads the answers; nil if the task is not there to be merged any more.
    init?(realm: Int64, task id: String, in db: any Connection) throws {
        guard let task = try db.task(realm: realm, id: id), task.status == .pending, task.stage == .working,
            let type = TaskTypes.named(task.type)
        else { return nil }
        let all = try db.workItems(realm: realm, task: id)
        guard !all.contains(where: { $0.kind == .merge }) else { return nil }
        let items = all.filter { $0.kind == .label && $0.state == .submitted }.sorted { $0.attempt < $1.attempt }
        guard items.count > 1 else { return nil }
        self.task = task
        self.type = type
        self.items = items
        answers = try items.map { item in
            Answer(
                document: try Documents.last(of: item.id, in: db) ?? Document(),
                response: try db.submission(realm: realm, workItem: item.id)?.response ?? "{}")
        }
        facts = try ShownAttachment.all(of: task, in: db).compactMap { AttachmentFacts($0.row) }
        settings = try db.consensus(project: task.projectID, batch: task.batchID)
    }

    /// The merge with the response that it would make.
    func merged() throws -> MergedRound {
        let merge = try type.merge(answers, stored: task.params, facts: facts, makeID: WorkEnvironment.makeUUID)
        let submission = try type.submission(of: merge.document, stored: task.params, facts: facts)
        let isUnanimous = settings.isAuto && merge.agreement >= settings.threshold && !merge.isUndecided
        return MergedRound(
            round: self, merge: merge, response: submission.response,
            isByItself: isUnanimous && submission.issues.isEmpty)
    }
}

/// What a round of answers has become.
struct MergedRound {
    let round: AnswerRound
    let merge: Merge
    let response: String
    /// Whether it needs nobody to look at it.
    let isByItself: Bool

    /// Gives the merge to somebody, or takes it for the answer.
    ///
    /// The task's row must be locked.
    func store(_ head: TaskHead, isTest: Bool, by actor: Actor, in db: any Connection, now: Timestamp) throws {
        let people = round.items.compactMap(\.submittedBy)
        var item = NewWorkItem(for: head.workSubject, at: now)
        item.kind = .merge
        item.audience = .review
        item.excluded = Array(Set(people)).sorted()
        // Its place in the queue is that of the task, so that what is begun is finished first.
        item.createdAt = head.createdAt
        try db.insertWorkItem(item)
        _ = try db.createDraft(workItem: item.id, snapshot: merge.document.json, at: now)
        _ = try db.insertAgreement(
            AgreementRow(
                workItemID: item.id, taskID: head.id, realm: head.realm, projectID: head.projectID,
                batchID: head.batchID, agreement: merge.agreement, threshold: round.settings.threshold,
                attempts: round.items.count, agreed: merge.agreed, differenceCount: merge.differences.count,
                isUndecided: merge.isUndecided, isByItself: isByItself, answers: answersText,
                differences: differencesText,
                createdAt: now))
        try db.append(
            NewEvent(
                realm: head.realm, at: now, actor: actor.label, objectKind: "task", objectID: head.id,
                action: "task.merged", after: noteText))
        guard isByItself else { return }
        try db.submitForProgram(realm: head.realm, workItem: item.id, now: now)
        guard let row = try db.workItem(realm: head.realm, id: item.id) else { throw Refusal.noSuchTask }
        _ = try Flow.answer(
            HandedIn(
                item: row, head: head, document: merge.document, response: response, openedAt: now, person: nil),
            by: actor, in: db, now: now)
    }

    private var answersText: String {
        var writer = JSONWriter(capacity: 256)
        writer.array { writer in
            for (place, item) in round.items.enumerated() {
                writer.object { writer in
                    writer.field("name", Consensus.name(place))
                    writer.field("objects", round.answers[place].document.collections["annotations"]?.count ?? 0)
                    writer.field("work", item.id)
                }
            }
        }
        return writer.text
    }

    private var differencesText: String {
        var writer = JSONWriter(capacity: 4096)
        writer.array { writer in merge.differences.forEach { $0.write(to: &writer) } }
        return writer.text
    }

    private var noteText: String {
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            writer.field("agreement", merge.agreement)
            writer.field("attempts", round.items.count)
            writer.field("differences", merge.differences.count)
            writer.field("by_itself", isByItself)
        }
        return writer.text
    }
}
