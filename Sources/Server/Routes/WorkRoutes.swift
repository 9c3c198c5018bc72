import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// What the editor calls: claim, steps, submit.
struct WorkRoutes {
    let work: WorkOperations
    let links: FileLinks
    let now: @Sendable () -> Timestamp

    var endpoints: [Endpoint] { [summary, claim, show, heartbeat, release, steps, check, submit] }

    private static let access = Endpoint.Access.person(.workTake)

    // MARK: Forms

    private static let leaseField = RequiredField("lease", .string(length: 1...200), "The token of the claim.")
    private static let leaseBody = Schema<String>.object("Lease", [leaseField]) { $0(leaseField) }
    private static let leaseShape = Wire.answer(
        "WorkLease",
        [
            .always("token", Wire.text, "What later calls repeat."),
            .always("expires_at", Wire.time, "When it runs out."),
        ])
    private static let workShape = Wire.answer(
        "WorkAnswer",
        [
            .always(
                "work", .either([.null, Wire.object]), "The work item with its data and draft; null if there is none.")
        ])
    private static let issues = Wire.list(of: Wire.object)

    private static func path(_ rest: String) -> String { "/api/work/{work}/\(rest)" }

    // MARK: Taking

    private var summary: Endpoint {
        let shape = Wire.answer(
            "WorkSummary",
            [
                .always("continue", .either([.null, Wire.object]), "What comes next and why; null if nothing does."),
                .always("today", Wire.object, "What was done today."),
                .always("queue", Wire.object, "What waits."),
            ])
        return .json(
            .get, "/api/work/summary", "work", Self.access, "Tells what comes next.", answers: shape
        ) { call in
            let home = try await work.home(by: call.actor)
            return .object { writer in
                writer.key("continue")
                if let (item, task) = home.next {
                    writer.object { writer in
                        writer.field("work", item.id)
                        writer.field("kind", item.kind.rawValue)
                        writer.key("project")
                        if let project = task.project { writer.value(project) } else { writer.null() }
                        writer.field("type", task.type)
                        writer.field("reason", Self.reason(item, isBegun: home.summary.mine != nil))
                    }
                } else {
                    writer.null()
                }
                writer.object("today") { $0.field("submitted", home.summary.submitted) }
                writer.object("queue") { $0.field("waiting", home.summary.waiting) }
            }
        }
    }

    private static func reason(_ item: WorkItemRow, isBegun: Bool) -> String {
        switch (item.kind, isBegun) {
        case (.redo, true): "sent back to you; you began to put it right"
        case (.redo, false):
            item.reservedUntil == nil ? "sent back; comments say why" : "sent back to you; comments say why"
        case (.review, true): "a review that you began"
        case (.review, false):
            item.reservedUntil == nil ? "next to be reviewed" : "back from the labeler whom you sent it to"
        case (_, true): "work you began"
        case (_, false): "next in the queue"
        }
    }

    private static let workField = OptionalField(
        "work", .string(length: 24...24), "That item, if it is free or one's own.")
    private static let claimBody = Schema<String?>.object("Claim", [workField]) { .some($0(workField)) }

    private var claim: Endpoint {
        .json(
            .post, "/api/work/claim", "work", Self.access, "Claims one's own work, or the next of the queue.",
            body: Self.claimBody, answers: Self.workShape
        ) { call, id in
            try reply(try await work.claim(id, by: call.actor))
        }
    }

    private var show: Endpoint {
        .json(
            .get, "/api/work/{work}", "work", Self.access, "Returns the work item that one holds.",
            answers: Self.workShape
        ) { call in
            try reply(try await work.work(call.parameter("work"), by: call.actor))
        }
    }

    private func reply(_ open: OpenWork?) throws -> Reply {
        var writer = JSONWriter(capacity: 8192)
        try writer.object { (writer) throws in
            writer.key("work")
            if let open { try open.write(to: &writer, links: links, now: now()) } else { writer.null() }
        }
        return .json(writer)
    }

    private var heartbeat: Endpoint {
        let shape = Wire.answer("Heartbeat", [.always("lease", Self.leaseShape, "The claim as it stands.")])
        return .json(
            .post, Self.path("heartbeat"), "work", Self.access, "Prolongs a claim.", body: Self.leaseBody,
            answers: shape
        ) { call, lease in
            let expiresAt = try await work.heartbeat(call.parameter("work"), lease: lease, by: call.actor)
            return .object { writer in
                writer.object("lease") { writer in
                    writer.field("token", lease)
                    writer.field("expires_at", time: expiresAt.microseconds)
                }
            }
        }
    }

    private var release: Endpoint {
        .json(
            .post, Self.path("release"), "work", Self.access, "Gives a work item back to the queue.",
            body: Self.leaseBody, answers: Wire.empty
        ) { call, lease in
            try await work.release(call.parameter("work"), lease: lease, by: call.actor)
            return .object { _ in }
        }
    }

    // MARK: Drawing

    private struct Steps: Sendable {
        let lease: String
        let writer: String
        let after: Int
        let steps: [DraftStep]
    }

    private enum StepBody {
        static let collection = RequiredField("collection", .string(length: 1...50), "Such as annotations.")
        static let key = RequiredField("key", .string(length: 1...200), "The object's id or name.")
        static let before = OptionalField("before", .anyObject(), "The whole object before; null if it was not there.")
        static let after = OptionalField("after", .anyObject(), "The whole object after; null if it is gone.")
        static let operation = Schema<DraftOperation>.object(
            "DraftOperation", [collection, key, before, after]
        ) { object in
            let collection = object(Self.collection)
            let key = object(Self.key)
            let before = object(Self.before)
            let after = object(Self.after)
            guard let collection, let key else { return nil }
            return DraftOperation(collection: collection, key: key, before: before, after: after)
        }

        static let id = RequiredField("id", .string(length: 36...36, format: "uuid"), "A UUIDv7 that the writer made.")
        static let sequence = RequiredField("sequence", .integer(1...1_000_000_000), "The writer's own count, from 1.")
        static let operations = RequiredField(
            "operations", .array(of: operation, count: 1...20_000), "What the step changes.")
        static let mark = Field(
            "mark", .cases as Schema<DraftStepRow.Mark>, default: .edit, shownAs: #""edit""#,
            "Whether the step takes back another one of the person's.")
        static let step = Schema<DraftStep>.object("DraftStep", [id, sequence, operations, mark]) { object in
            let id = object(Self.id)
            let sequence = object(Self.sequence)
            let operations = object(Self.operations)
            let mark = object(Self.mark)
            guard let id, let sequence, let operations, let source = object.object["operations"] else { return nil }
            return DraftStep(
                id: id, sequence: sequence, operations: operations, source: RawJSON(source.rawText), mark: mark)
        }

        static let writer = RequiredField("writer", .string(length: 36...36, format: "uuid"), "One open editor.")
        static let revision = Field(
            "after", .integer(0...1_000_000_000), default: 0, shownAs: "0", "The revision the writer knows.")
        static let steps = RequiredField("steps", .array(of: step, count: 0...1000), "In the order made.")
        static let schema = Schema<Steps>.object("DraftSteps", [leaseField, writer, revision, steps]) { object in
            let lease = object(leaseField)
            let writer = object(Self.writer)
            let after = object(revision)
            let steps = object(Self.steps)
            guard let lease, let writer, let steps else { return nil }
            return Steps(lease: lease, writer: writer, after: after, steps: steps)
        }
    }

    private var steps: Endpoint {
        let shape = Wire.answer(
            "DraftReceipt",
            [
                .always("revision", Wire.count, "The draft's revision now."),
                .always("acknowledged", Wire.strings, "Steps that are durable here."),
                .always("missed", Wire.list(of: Wire.object), "Steps of others since the revision known."),
                .always("conflict", .either([.null, Wire.object]), "The first step that found an object changed."),
            ])
        return .json(
            .post, Self.path("steps"), "work", Self.access, "Stores steps of a draft, each exactly once.",
            body: StepBody.schema, empty: nil, answers: shape
        ) { call, body in
            let receipt = try await work.append(
                body.steps, to: call.parameter("work"), lease: body.lease, writer: body.writer, after: body.after,
                by: call.actor)
            let person = try call.actor.person
            return .object { writer in
                writer.field("revision", receipt.revision)
                writer.array("acknowledged") { writer in receipt.acknowledged.forEach { writer.value($0) } }
                writer.array("missed") { writer in
                    receipt.missed.forEach { $0.write(to: &writer, isOwn: $0.user == person) }
                }
                writer.key("conflict")
                guard let conflict = receipt.conflict else { return writer.null() }
                writer.object { writer in
                    writer.field("step", conflict.step)
                    writer.field("collection", conflict.collection)
                    writer.field("key", conflict.key)
                    writer.key("current")
                    if let current = conflict.current { writer.raw(current.text) } else { writer.null() }
                }
            }
        }
    }

    // MARK: Handing in

    private struct Submission: Sendable {
        let lease: String
        let submission: String
        let revision: Int
    }

    private static let submissionField = RequiredField(
        "submission", .string(length: 36...36, format: "uuid"), "The client's id of this act.")
    private static let revisionField = RequiredField(
        "revision", .integer(0...1_000_000_000), "The revision of the draft that the person saw.")
    private static let submissionBody = Schema<Submission>.object(
        "Submission", [leaseField, submissionField, revisionField]
    ) { object in
        let lease = object(leaseField)
        let submission = object(submissionField)
        let revision = object(revisionField)
        guard let lease, let submission, let revision else { return nil }
        return Submission(lease: lease, submission: submission, revision: revision)
    }

    private var check: Endpoint {
        .json(
            .post, Self.path("check"), "work", Self.access, "Tells what keeps a draft from being submitted.",
            body: Self.leaseBody, answers: Wire.answer("WorkIssues", [.always("issues", Self.issues, "All of it.")])
        ) { call, lease in
            let issues = try await work.check(call.parameter("work"), lease: lease, by: call.actor)
            return .object { writer in
                writer.array("issues") { writer in issues.forEach { $0.write(to: &writer) } }
            }
        }
    }

    private var submit: Endpoint {
        .json(
            .post, Self.path("submit"), "work", Self.access, "Hands a draft in, if it passes the checks.",
            body: Self.submissionBody, empty: nil,
            answers: Wire.answer("WorkSubmitted", [.always("status", Wire.text, "Where the task stands now.")])
        ) { call, body in
            let task = try await work.submit(
                call.parameter("work"), lease: body.lease, submission: body.submission, revision: body.revision,
                by: call.actor)
            return .object { $0.field("status", task.status.rawValue) }
        }
    }
}
