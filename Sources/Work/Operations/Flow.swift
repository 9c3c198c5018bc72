import JSON
import Labeling
import Storage

/// A piece of work as its holder hands it in.
struct HandedIn {
    let item: WorkItemRow
    let head: TaskHead
    /// The draft as the person saw it.
    let document: Document
    /// What the task type made of it.
    let response: String
    /// When the work was opened first.
    let openedAt: Timestamp
    /// Nil for what the program made itself.
    let person: String?
}

/// What follows when a piece of work is handed in: the one place that knows how answers become final.
enum Flow {
    /// How long work that goes back to somebody waits for that person alone, in seconds.
    static let reservation = 86_400.0

    /// Records an answer and passes the task on to review, or completes it.
    static func answer(
        _ work: HandedIn, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> TaskRow {
        let siblings = try Consensus.siblings(of: work.item, in: db)
        guard siblings.isEmpty else {
            return try Consensus.collect(work, besides: siblings, by: actor, in: db, now: now)
        }
        let level = try nextLevel(after: work.item, of: work.head, in: db)
        try record(work, response: work.response, isFinal: level == nil, in: db, now: now)
        let review = try level.map { try Self.review(of: work, level: $0, by: actor, in: db, now: now) }
        return try TaskTransitions.apply(
            .submitted(next: review == nil ? .complete : .review), to: work.head, response: work.response,
            follow: review, by: actor.label, isTest: actor.realm.isTest, in: db, now: now)
    }

    /// Records a reviewer's verdict and passes the task on, back, or to its end.
    static func verdict(
        accepted: Bool, _ work: HandedIn, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> TaskRow {
        let base = try work.item.basedOn.flatMap { try db.submission(realm: work.head.realm, workItem: $0) }
        let before = try work.item.basedOn.flatMap { try Documents.last(of: $0, in: db) } ?? Document()
        let isSame = try Documents.isSame(before, Documents.answer(work.document))
        let notes = try Documents.verdicts(in: work.document)
        let comments = try db.comments(realm: work.head.realm, task: work.head.id)
            .filter { $0.workItemID == work.item.id }
        guard accepted || !notes.rejected.isEmpty || !comments.isEmpty else {
            throw Refusal(.invalid, "Say what is wrong before you send it back: reject an object or write a comment.")
        }
        let rejected = notes.rejected.filter { isThere($0, in: work.document) }
        guard !accepted || rejected.isEmpty else {
            throw Refusal(
                .invalid,
                "Rejected objects cannot be accepted (\(rejected.count)): send the work back, or take the verdicts back."
            )
        }
        let level = accepted ? try nextLevel(after: work.item, of: work.head, in: db) : nil
        // What nobody touched stays the labeler's answer to the letter.
        let response = isSame ? base?.response ?? work.response : work.response
        try record(
            work, response: accepted ? response : nil, isFinal: accepted && level == nil, in: db, now: now)
        let labeler = try lastLabeler(of: work.head, in: db)
        try db.insertReview(
            ReviewRow(
                id: work.item.id, realm: work.head.realm, taskID: work.head.id, projectID: work.head.projectID,
                batchID: work.head.batchID, level: work.item.level,
                verdict: accepted ? (isSame ? .accepted : .fixed) : .rejected, reviewer: work.person ?? actor.label,
                labeler: labeler,
                reviewed: work.item.basedOn ?? work.item.id, acceptedObjects: notes.accepted,
                rejectedObjects: notes.rejected, comments: comments.count, seconds: now - work.openedAt,
                createdAt: now))
        let follow: NewWorkItem? =
            if let level {
                try review(of: work, level: level, by: actor, in: db, now: now)
            } else if !accepted {
                try redo(after: work.item, of: work.head, for: labeler, by: actor, in: db, now: now)
            } else {
                nil
            }
        return try TaskTransitions.apply(
            .reviewed(accepted: accepted, next: level == nil ? .complete : .review), to: work.head,
            response: response, follow: follow, by: actor.label, isTest: actor.realm.isTest, in: db, now: now)
    }

    /// Who handed in the last answer to a task.
    static func lastLabeler(of head: TaskHead, in db: any Connection) throws -> String? {
        try db.submissions(realm: head.realm, task: head.id).last { $0.kind != .review && $0.kind != .audit }?.userID
    }

    /// The work of putting an answer right, which waits for `person` first.
    static func redo(
        after item: WorkItemRow?, of head: TaskHead, for person: String?, by actor: Actor, in db: any Connection,
        now: Timestamp
    ) throws -> NewWorkItem {
        var redo = NewWorkItem(for: head.workSubject, at: now)
        redo.kind = .redo
        redo.level = item?.kind == .review ? item?.level ?? 0 : 0
        redo.attempt = (item?.attempt ?? 0) + 1
        redo.basedOn = item?.id
        // Its place in the queue is that of the task, so that what is begun is finished first.
        redo.createdAt = head.createdAt
        try reserve(&redo, for: person, by: actor, in: db, now: now)
        return redo
    }

    // MARK: Parts

    /// Whether an object that has a verdict is still part of the answer.
    private static func isThere(_ key: String, in document: Document) -> Bool {
        document.collections.contains { $0.key != Documents.verdicts && $0.value[key] != nil }
    }

    /// The work of reviewing an answer.
    ///
    /// Nobody reviews what they had a hand in; whoever sent it back from this level sees it again first.
    private static func review(
        of work: HandedIn, level: Int, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> NewWorkItem {
        let versions = try db.submissions(realm: work.head.realm, task: work.head.id)
        let reviewer = versions.last { $0.kind == .review && $0.level == level }?.userID
        let hands = Set(versions.filter { $0.kind != .review || $0.level != level }.compactMap(\.userID))
        var review = NewWorkItem(for: work.head.workSubject, at: now)
        review.kind = .review
        review.audience = .review
        review.level = level
        review.attempt = work.item.attempt
        review.basedOn = work.item.id
        review.excluded = hands.sorted()
        review.createdAt = work.head.createdAt
        try reserve(
            &review, for: reviewer.flatMap { hands.contains($0) ? nil : $0 }, by: actor, in: db, now: now)
        return review
    }

    private static func reserve(
        _ item: inout NewWorkItem, for person: String?, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws {
        guard let person, try db.member(account: actor.realm.account, user: person)?.state == .active else { return }
        item.assignee = person
        item.reservedUntil = now.adding(seconds: reservation)
    }

    private static func nextLevel(
        after item: WorkItemRow, of head: TaskHead, in db: any Connection
    ) throws -> Int? {
        guard let kind = WorkItemKind(rawValue: item.kind.rawValue) else { return nil }
        return ReviewLevels.next(
            after: kind, level: item.level,
            levels: try db.reviewLevels(realm: head.realm, project: head.projectID, batch: head.batchID))
    }

    /// Keeps what was handed in as a version of the task's answer.
    static func record(
        _ work: HandedIn, response: String?, isFinal: Bool, in db: any Connection, now: Timestamp
    ) throws {
        try db.insertSubmission(
            SubmissionRow(
                of: work.item, userID: work.person, response: response,
                objects: work.document.collections["annotations"]?.count ?? 0, seconds: now - work.openedAt,
                createdAt: now, finalAt: isFinal ? now : nil))
    }
}
