import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// Verdicts, comments and versions: what happens between a task's first answer and its last.
struct ReviewRoutes {
    let work: WorkOperations
    let tasks: TaskOperations

    var endpoints: [Endpoint] {
        [held, heldVersion, heldComment, resolve, verdict, record, version, comment, redo]
    }

    private static let access = Endpoint.Access.person(.workTake)

    // MARK: Forms

    private static let person = Wire.answer(
        "Colleague",
        [
            .always("id", .either([.null, Wire.text]), "The person's id; null for a program."),
            .always("name", Wire.text, "What the person is called."),
            .always("own", .bool, "Whether it is whoever asks."),
        ])
    private static let thread = Wire.answer(
        "CommentThread",
        [
            .always("id", Wire.text, "That of its first comment."),
            .always("object", .either([.null, Wire.text]), "The object that it is about."),
            .always("at", .either([.null, Wire.object]), "The place that it is about, in picture pixels: x and y."),
            .always("resolved", .either([.null, Wire.object]), "When and by whom it was settled."),
            .always("comments", Wire.list(of: Wire.object), "Each with id, by, at and text; oldest first."),
        ])
    private static let threadAnswer = Wire.answer("Commented", [.always("thread", thread, "The thread as it is now.")])
    private static let recordMembers: [Member] = [
        .always("levels", Wire.count, "How often answers are reviewed."),
        .always("versions", Wire.list(of: Wire.object), "What was handed in, oldest first."),
        .always("reviews", Wire.list(of: Wire.object), "The verdicts, oldest first."),
        .always("threads", Wire.list(of: thread), "The comments, by thread."),
    ]
    private static let versionMembers: [Member] = [
        .always("version", Wire.count, "From 1; 0 is what work began from."),
        .always("collections", Wire.object, "The document: objects by collection and key."),
    ]

    private enum Body {
        static let lease = RequiredField("lease", .string(length: 1...200), "The token of the claim.")
        static let uuid = Schema<String>.string(length: 36...36, format: "uuid")
        static let id = RequiredField("id", uuid, "The writer's own id of the comment.")
        static let ownID = OptionalField("id", uuid, "The writer's own id; the same again changes nothing.")
        static let thread = OptionalField("thread", uuid, "The thread that it answers.")
        static let text = RequiredField("text", .string(length: 1...4000), "What is said.")
        static let object = OptionalField("object", .string(length: 1...200), "The object that a new thread is about.")
        static let x = OptionalField("x", .number(), "The place that a new thread is about, in picture pixels.")
        static let y = OptionalField("y", .number(), "The same, downwards.")

        private static func comment(_ object: inout ObjectReader, id: String?) -> NewComment? {
            let thread = object(Self.thread)
            let text = object(Self.text)
            let about = object(Self.object)
            let x = object(Self.x)
            let y = object(Self.y)
            if (x == nil) != (y == nil) {
                object.reader.report(object.object, member: x == nil ? "x" : "y", "is required beside the other")
            }
            guard let text, let id else { return nil }
            let place = x.flatMap { x in y.map { NewComment.Place(x: x, y: $0) } }
            return NewComment(id: id, thread: thread, text: text, object: about, place: place)
        }

        static let held = Schema<(String, NewComment)>.object(
            "HeldComment", [lease, id, thread, text, object, x, y]
        ) { object in
            let lease = object(Self.lease)
            let id = object(Self.id)
            let comment = comment(&object, id: id)
            guard let lease, let comment else { return nil }
            return (lease, comment)
        }
        static let free = Schema<NewComment>.object(
            "NewComment", [ownID, thread, text, object, x, y]
        ) { object in
            let id = object(ownID) ?? WorkEnvironment.makeUUID()
            return comment(&object, id: id)
        }

        static let resolved = RequiredField("resolved", .bool, "Whether it is settled.")
        static let resolve = Schema<(String, Bool)>.object("ResolveThread", [lease, resolved]) { object in
            let lease = object(Self.lease)
            let resolved = object(Self.resolved)
            guard let lease, let resolved else { return nil }
            return (lease, resolved)
        }

        static let submission = RequiredField("submission", uuid, "The client's id of this act.")
        static let revision = RequiredField(
            "revision", .integer(0...1_000_000_000), "The revision of the draft that the person saw.")
        static let verdict = RequiredField(
            "verdict", .oneOf(["accepted", "rejected"]), "Pass it on, or send it back to its labeler.")
        static let decide = Schema<Decision>.object("Verdict", [lease, submission, revision, verdict]) { object in
            let lease = object(Self.lease)
            let submission = object(Self.submission)
            let revision = object(Self.revision)
            let verdict = object(Self.verdict)
            guard let lease, let submission, let revision, let verdict else { return nil }
            return Decision(
                lease: lease, submission: submission, revision: revision, isAccepted: verdict == "accepted")
        }

        static let message = OptionalField(
            "message", .string(length: 0...2000), "What is to be done differently, for whoever does it.")
        static let who = Field(
            "person", .cases as Schema<RecallRequest.Person>, default: .same, shownAs: #""same""#,
            "Whether it waits for its last labeler for a day, or is anybody's.")
        static let redo = Schema<RecallRequest>.object("Redo", [message, who]) { object in
            let message = object(Self.message)
            return RecallRequest(message: message, person: object(who))
        }
    }

    private struct Decision: Sendable {
        let lease: String
        let submission: String
        let revision: Int
        let isAccepted: Bool
    }

    // MARK: While the work is held

    private var held: Endpoint {
        let shape = Wire.answer(
            "HeldReview",
            [
                .always("kind", Wire.text, "What the work is: label, review, redo or merge."),
                .always("level", Wire.count, "The level of review; 0 for none."),
                .always("attempt", Wire.count, "Which try it is."),
                .always("compare", Wire.count, "The version that is known; what changed since is what is new."),
                .always("again", .bool, "Whether this level has seen the task before."),
                .always("before", Wire.object, "The last verdicts on single objects, by id."),
            ] + Self.recordMembers)
        return .json(
            .get, "/api/work/{work}/review", "review", Self.access,
            "Tells what happened to the task of the work that one holds: versions, verdicts and comments.",
            answers: shape
        ) { call in
            let review = try await work.review(of: call.parameter("work"), by: call.actor)
            var writer = JSONWriter(capacity: 4096)
            review.write(to: &writer)
            return .json(writer)
        }
    }

    private var heldVersion: Endpoint {
        .json(
            .get, "/api/work/{work}/versions/{version}", "review", Self.access,
            "Returns a version of the answer to the task of the work that one holds.",
            answers: Wire.answer("HeldVersion", Self.versionMembers)
        ) { call in
            Self.reply(
                try await work.version(try Self.number(call), of: call.parameter("work"), by: call.actor),
                withResponse: false)
        }
    }

    private var heldComment: Endpoint {
        .json(
            .post, "/api/work/{work}/comments", "review", Self.access,
            "Writes a comment while holding the work; the same id again changes nothing.", body: Body.held, empty: nil,
            answers: Self.threadAnswer
        ) { call, body in
            Self.reply(
                try await work.comment(body.1, on: call.parameter("work"), lease: body.0, by: call.actor))
        }
    }

    private var resolve: Endpoint {
        .json(
            .post, "/api/work/{work}/threads/{thread}", "review", Self.access,
            "Settles a thread of comments, or opens it again, while holding the work.", body: Body.resolve, empty: nil,
            answers: Self.threadAnswer
        ) { call, body in
            Self.reply(
                try await work.resolve(
                    call.parameter("thread"), body.1, on: call.parameter("work"), lease: body.0, by: call.actor))
        }
    }

    private var verdict: Endpoint {
        .json(
            .post, "/api/work/{work}/verdict", "review", Self.access,
            "Decides a review: passes the answer on as the draft has it, or sends it back with the reasons.",
            body: Body.decide, empty: nil,
            answers: Wire.answer("Decided", [.always("status", Wire.text, "Where the task stands now.")])
        ) { call, body in
            let task = try await work.submit(
                call.parameter("work"), lease: body.lease, submission: body.submission, revision: body.revision,
                accepted: body.isAccepted, by: call.actor)
            return .object { $0.field("status", task.status.rawValue) }
        }
    }

    // MARK: Of any task

    private var record: Endpoint {
        .json(
            .get, "/api/tasks/{task}/reviews", "review", .permitted(.tasksRead),
            "Tells what happened to a task in review: versions, verdicts and comments.",
            answers: Wire.answer("TaskReviews", Self.recordMembers)
        ) { call in
            let record = try await tasks.reviews(of: call.parameter("task"), by: call.actor)
            var writer = JSONWriter(capacity: 4096)
            record.write(to: &writer)
            return .json(writer)
        }
    }

    private var version: Endpoint {
        let response = Member.always(
            "response", .either([.null, Wire.object]), "The response; null for what is no answer.")
        return .json(
            .get, "/api/tasks/{task}/versions/{version}", "review", .permitted(.tasksRead),
            "Returns a version of a task's answer.",
            answers: Wire.answer("TaskVersion", Self.versionMembers + [response])
        ) { call in
            Self.reply(
                try await tasks.version(try Self.number(call), of: call.parameter("task"), by: call.actor),
                withResponse: true)
        }
    }

    private var comment: Endpoint {
        .json(
            .post, "/api/tasks/{task}/comments", "review", .permitted(.tasksAudit), "Writes a comment on a task.",
            body: Body.free, empty: nil, answers: Self.threadAnswer
        ) { call, body in
            Self.reply(try await tasks.comment(body, on: call.parameter("task"), by: call.actor))
        }
    }

    private var redo: Endpoint {
        .json(
            .post, "/api/tasks/{task}/redo", "review", .permitted(.tasksAudit),
            "Sends a completed task back to work: it is pending again, and its answer an earlier one.", body: Body.redo,
            answers: Wire.answer("Redone", [.always("task", Wire.task, "The task as it is now.")])
        ) { call, body in
            let actor = try call.actor
            let row = try await tasks.redo(call.parameter("task"), body, by: actor)
            return .object { writer in
                writer.key("task")
                row.write(to: &writer, TaskExtras(isTest: actor.realm.isTest))
            }
        }
    }

    // MARK: Parts

    private static func number(_ call: Call) throws -> Int {
        guard let number = Int(call.parameter("version")), number >= 0 else {
            throw Refusal(.notFound, "Versions are numbered from 0.")
        }
        return number
    }

    private static func reply(_ version: AnswerVersion, withResponse: Bool) -> Reply {
        var writer = JSONWriter(capacity: 8192)
        version.write(to: &writer, withResponse: withResponse)
        return .json(writer)
    }

    private static func reply(_ thread: CommentThread) -> Reply {
        .object { writer in
            writer.key("thread")
            thread.write(to: &writer)
        }
    }
}
