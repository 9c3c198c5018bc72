package import JSON
import Labeling
import Storage

/// Comments that belong together.
package struct CommentThread: Sendable {
    let comments: [CommentRow]
    let people: Colleagues

    static func load(
        _ id: String, of all: [CommentRow], viewer: String?, in db: any Connection
    ) throws -> CommentThread {
        let comments = all.filter { $0.threadID == id }
        guard !comments.isEmpty else { throw Comments.noSuchThread }
        let people = try Colleagues(comments.flatMap { [$0.userID, $0.resolvedBy] }, viewer: viewer, in: db)
        return CommentThread(comments: comments, people: people)
    }

    /// Writes the thread with all its comments, oldest first.
    package func write(to writer: inout JSONWriter) {
        guard let first = comments.first(where: { $0.id == $0.threadID }) ?? comments.first else { return }
        writer.object { writer in
            writer.field("id", first.threadID)
            writer.key("object")
            if let object = first.objectKey { writer.value(object) } else { writer.null() }
            writer.key("at")
            if let x = first.x, let y = first.y {
                writer.object { writer in
                    writer.field("x", x)
                    writer.field("y", y)
                }
            } else {
                writer.null()
            }
            writer.key("resolved")
            if let at = first.resolvedAt {
                writer.object { writer in
                    writer.field("at", time: at.microseconds)
                    people.write(first.resolvedBy, as: "by", to: &writer)
                }
            } else {
                writer.null()
            }
            writer.array("comments") { writer in
                for comment in comments {
                    writer.object { writer in
                        writer.field("id", comment.id)
                        people.write(comment.userID, named: comment.author, as: "by", to: &writer)
                        writer.field("at", time: comment.createdAt.microseconds)
                        writer.field("text", comment.text)
                    }
                }
            }
        }
    }
}

/// The names of the people who have to do with a task.
struct Colleagues: Sendable {
    private let names: [String: String]
    private let viewer: String?

    /// Looks the names of people up.
    init(_ people: [String?], viewer: String?, in db: any Connection) throws {
        self.viewer = viewer
        names = try Set(people.compactMap { $0 }).reduce(into: [:]) { names, id in
            names[id] = try db.user(id)?.shownName
        }
    }

    /// Writes a person as a member; null where it was nobody.
    func write(
        _ person: String?, named name: String? = nil, as member: StaticString, to writer: inout JSONWriter
    ) {
        writer.key(member)
        guard let shown = person.flatMap({ names[$0] }) ?? name ?? person else { return writer.null() }
        writer.object { writer in
            writer.key("id")
            if let person { writer.value(person) } else { writer.null() }
            writer.field("name", shown)
            writer.field("own", person != nil && person == viewer)
        }
    }
}

/// What happened to a task between its first answer and its last.
package struct ReviewRecord: Sendable {
    let levels: Int
    let versions: [SubmissionRow]
    let reviews: [ReviewRow]
    let comments: [CommentRow]
    let people: Colleagues

    static func load(_ head: TaskHead, viewer: String?, in db: any Connection) throws -> ReviewRecord {
        let versions = try db.submissions(realm: head.realm, task: head.id)
        let reviews = try db.reviews(realm: head.realm, task: head.id)
        let comments = try db.comments(realm: head.realm, task: head.id)
        let people = try Colleagues(
            versions.map(\.userID) + reviews.flatMap { [$0.reviewer, $0.labeler] }
                + comments.flatMap { [$0.userID, $0.resolvedBy] }, viewer: viewer, in: db)
        return ReviewRecord(
            levels: try db.reviewLevels(realm: head.realm, project: head.projectID, batch: head.batchID),
            versions: versions, reviews: reviews, comments: comments, people: people)
    }

    /// The version that a work item became.
    func version(of item: String) -> Int? { versions.first { $0.workItemID == item }?.version }

    /// Writes the record.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in writeMembers(to: &writer) }
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.field("levels", levels)
        writer.array("versions") { writer in versions.forEach { write($0, to: &writer) } }
        writer.array("reviews") { writer in reviews.forEach { write($0, to: &writer) } }
        writer.array("threads") { writer in
            for first in comments where first.id == first.threadID {
                CommentThread(comments: comments.filter { $0.threadID == first.id }, people: people).write(to: &writer)
            }
        }
    }

    private func write(_ row: SubmissionRow, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("version", row.version)
            writer.field("work", row.workItemID)
            writer.field("kind", row.kind.rawValue)
            writer.field("level", row.level)
            people.write(row.userID, as: "by", to: &writer)
            writer.field("at", time: row.createdAt.microseconds)
            writer.field("objects", row.objects)
            if let seconds = row.seconds { writer.field("seconds", seconds) }
            writer.field("final", row.finalAt != nil)
        }
    }

    private func write(_ row: ReviewRow, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("work", row.id)
            writer.field("version", ifPresent: version(of: row.id))
            writer.field("reviewed", ifPresent: version(of: row.reviewed))
            writer.field("level", row.level)
            writer.field("verdict", row.verdict.rawValue)
            people.write(row.reviewer, as: "by", to: &writer)
            people.write(row.labeler, as: "labeler", to: &writer)
            writer.field("at", time: row.createdAt.microseconds)
            writer.field("seconds", row.seconds)
            writer.array("accepted") { writer in row.acceptedObjects.forEach { writer.value($0) } }
            writer.array("rejected") { writer in row.rejectedObjects.forEach { writer.value($0) } }
            writer.field("comments", row.comments)
        }
    }
}

/// The same as somebody sees it who holds a work item of the task.
package struct HeldReview: Sendable {
    let item: WorkItemRow
    let record: ReviewRecord

    /// The version that the person, or whoever sent the work back, knows: what changed since is what is to be looked at.
    ///
    /// A reviewer knows what the same level saw before, or else the answer that came; a labeler the answer that came back.
    private var compare: Int {
        switch item.kind {
        case .review:
            record.reviews.last { $0.level == item.level }.flatMap { record.version(of: $0.id) }
                ?? item.basedOn.flatMap { record.version(of: $0) } ?? 0
        case .redo: record.versions.last { $0.kind != .review && $0.kind != .audit }?.version ?? 0
        case .label, .audit, .merge: 0
        }
    }

    /// Writes the record with what the work item adds.
    package func write(to writer: inout JSONWriter) {
        let last = record.reviews.last
        writer.object { writer in
            writer.field("kind", item.kind.rawValue)
            writer.field("level", item.level)
            writer.field("attempt", item.attempt)
            writer.field("compare", compare)
            // The same level has seen it before, so only what changed is new.
            writer.field("again", item.kind == .review && record.reviews.contains { $0.level == item.level })
            writer.object("before") { writer in
                for key in last?.acceptedObjects ?? [] {
                    writer.key(key)
                    writer.value("accepted")
                }
                for key in last?.rejectedObjects ?? [] {
                    writer.key(key)
                    writer.value("rejected")
                }
            }
            record.writeMembers(to: &writer)
        }
    }
}
