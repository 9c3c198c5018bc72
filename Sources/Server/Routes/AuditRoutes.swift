import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// Samples of completed tasks, and the verdicts on them.
struct AuditRoutes {
    let audits: AuditOperations

    var endpoints: [Endpoint] {
        [draw, samples, sample, sampleTasks, remove, open, beside, decide, leave, verdict, use]
    }

    private static let access = Endpoint.Access.permitted(.tasksAudit)
    private static let reading = Endpoint.Access.permitted(.tasksRead)

    // MARK: Samples

    private enum Draw {
        static let name = OptionalField("name", .string(length: 1...200), "What the sample is called.")
        static let project = OptionalField("project", .string(length: 1...200), "Only tasks of this project.")
        static let batch = OptionalField("batch", .string(length: 1...200), "Only tasks of this batch.")
        static let count = OptionalField(
            "count", .integer(1...AuditSampling.most), "How many; all of them if neither this nor `percent` is given.")
        static let percent = OptionalField("percent", .number(.positive), "How many of a hundred.")
        static let order = Field(
            "order", .cases as Schema<AuditSampleRow.Sequence>, default: .random, shownAs: #""random""#,
            "Random, or the newest or oldest by creation first.")
        static let seed = OptionalField(
            "seed", .integer(0...9_007_199_254_740_991),
            "For random order: the same seed over the same tasks draws the same ones.")
        static let tags = Field(
            "tags", .array(of: .string(length: 1...1000), count: 0...100), default: [], shownAs: "[]",
            "Any of these tags.")
        static let after = OptionalField("completed_after", .string(length: 1...64), "ISO 8601.")
        static let before = OptionalField("completed_before", .string(length: 1...64), "ISO 8601.")
        static let reviews = Field(
            "customer_review_status",
            .array(of: Schema<String>.oneOf(["accepted", "fixed", "commented", "rejected"]), count: 0...4), default: [],
            shownAs: "[]", "Any of these verdicts; then `unaudited` is false.")
        static let unaudited = OptionalField("unaudited", .bool, "Only tasks without a verdict; by default yes.")

        static let filter = OptionalField(
            "filter",
            Schema<SampleRequest>.object("SampleFilter", [tags, after, before, reviews, unaudited]) { object in
                var request = SampleRequest()
                request.tags = object(tags)
                request.completed = TimeRange(
                    from: time(object(after), "completed_after", last: false, object),
                    through: time(object(before), "completed_before", last: true, object))
                request.reviews = object(reviews).compactMap { TaskRow.ReviewStatus(rawValue: $0) }
                request.isUnaudited = object(unaudited) ?? request.reviews.isEmpty
                return request
            }, "Which completed tasks may be drawn.")

        static let schema = Schema<SampleRequest>.object(
            "SampleRequest", [name, project, batch, count, percent, order, seed, filter]
        ) { object in
            let count = object(Self.count)
            let percent = object(Self.percent)
            let (name, project, batch) = (object(Self.name), object(Self.project), object(Self.batch))
            let (order, seed) = (object(Self.order), object(Self.seed))
            var request = object(filter) ?? SampleRequest()
            if count != nil, percent != nil {
                object.reader.report(object.object, member: "percent", "must not be given together with `count`")
            }
            if let percent, percent > 100 {
                object.reader.report(object.object, member: "percent", "must be at most 100")
            }
            request.name = name
            request.project = project
            request.batch = batch
            if let count { request.size = .count(count) }
            if let percent { request.size = .percent(percent) }
            request.sequence = order
            request.seed = seed
            return request
        }

        private static func time(
            _ text: String?, _ name: String, last: Bool, _ object: ObjectReader
        ) -> Timestamp? {
            guard let text else { return nil }
            guard let bound = TimeBound(text) else {
                object.reader.report(object.object, member: name, "must be an ISO 8601 time")
                return nil
            }
            return Timestamp(microseconds: last ? bound.last : bound.first)
        }
    }

    private static let sampleShape = Wire.answer(
        "AuditSample",
        [
            .always("id", Wire.identifier, "Ours."), .always("name", Wire.text, "What it is called."),
            .maybe("project", Wire.text, "The project's name."), .maybe("batch", Wire.text, "The batch's name."),
            .always("order", .enumeration(AuditSampleRow.Sequence.allCases.map(\.rawValue)), "How it was drawn."),
            .maybe("seed", Wire.count, "What a random order follows from."),
            .always("created_at", Wire.time, "When it was drawn."), .always("created_by", Wire.text, "By whom."),
            .always("total", Wire.count, "Tasks in it."), .always("audited", Wire.count, "Those with a verdict."),
            .always("accepted", Wire.count, "Right as they were."), .always("rejected", Wire.count, "Wrong."),
            .always("fixed", Wire.count, "Put right by the auditor."),
            .always("commented", Wire.count, "Right, with a remark."),
            .maybe("score", .number(.nonNegative), "The part of the audited tasks that needed no change, 0 to 1."),
        ])

    private var draw: Endpoint {
        .json(
            .post, "/api/audits/samples", "audits", Self.access,
            "Draws completed tasks for an audit; tasks completed later are not in it.", body: Draw.schema,
            answers: Self.sampleShape
        ) { call, request in
            var writer = JSONWriter()
            try await audits.draw(request, by: call.actor).write(to: &writer)
            return .json(writer)
        }
    }

    private var samples: Endpoint {
        let project = QueryField<String>.text("project", "Only of this project.")
        let batch = QueryField<String>.text("batch", "Only of this batch.")
        let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 50 by default.")
        let cursor = QueryField<String>.text("cursor", "Where the page starts: the last answer's next.")
        let shape = Wire.answer(
            "AuditSamples",
            [
                .always("samples", Wire.list(of: Self.sampleShape), "Newest first."),
                .maybe("next", Wire.text, "Where the next page starts."),
            ])
        return .json(
            .get, "/api/audits/samples", "audits", Self.reading, "Lists samples with what has become of them.",
            query: [project, batch, limit, cursor], answers: shape
        ) { call in
            let size = try call(limit) ?? 50
            let rows = try await audits.samples(
                project: try call(project), batch: try call(batch), before: try call(cursor), limit: size + 1,
                by: call.actor)
            return .object { writer in
                writer.array("samples") { writer in rows.prefix(size).forEach { $0.write(to: &writer) } }
                writer.field("next", ifPresent: rows.count > size ? rows[size - 1].sample.id : nil)
            }
        }
    }

    private var sample: Endpoint {
        .json(
            .get, "/api/audits/samples/{sample}", "audits", Self.reading, "Shows a sample.", answers: Self.sampleShape
        ) { call in
            var writer = JSONWriter()
            try await audits.sample(call.parameter("sample"), by: call.actor).write(to: &writer)
            return .json(writer)
        }
    }

    private var sampleTasks: Endpoint {
        let limit = QueryField<Int>.integer("limit", 1...1000, "The page size; 100 by default.")
        let cursor = QueryField<Int>.integer("cursor", 0...1_000_000, "Where the page starts: the last answer's next.")
        let shape = Wire.answer(
            "AuditSampleTasks",
            [
                .always("tasks", Wire.list(of: Wire.object), "In the order of the sample, with their verdicts."),
                .maybe("next", Wire.count, "Where the next page starts."),
            ])
        return .json(
            .get, "/api/audits/samples/{sample}/tasks", "audits", Self.reading, "Lists a sample's tasks.",
            query: [limit, cursor], answers: shape
        ) { call in
            let size = try call(limit) ?? 100
            let rows = try await audits.sampleTasks(
                call.parameter("sample"), after: try call(cursor) ?? 0, limit: size + 1, by: call.actor)
            return .object { writer in
                writer.array("tasks") { writer in rows.prefix(size).forEach { $0.write(to: &writer) } }
                writer.field("next", ifPresent: rows.count > size ? rows[size - 1].position : nil)
            }
        }
    }

    private var remove: Endpoint {
        .json(
            .delete, "/api/audits/samples/{sample}", "audits", Self.access, "Forgets a sample; the verdicts stay.",
            answers: Wire.empty
        ) { call in
            try await audits.remove(call.parameter("sample"), by: call.actor)
            return .object { _ in }
        }
    }

    // MARK: In the editor

    private enum Open {
        static let sample = OptionalField("sample", .string(length: 24...24), "The next task of this sample.")
        static let task = OptionalField("task", .string(length: 24...24), "That task.")
        static let schema = Schema<(sample: String?, task: String?)>.object("OpenAudit", [sample, task]) { object in
            (object(sample), object(task))
        }
        static let shape = Wire.answer(
            "OpenedAudit",
            [
                .always(
                    "work", .either([.null, Wire.identifier]), "The work item to open; null if the sample is done."),
                .maybe("task", Wire.identifier, "Its task."),
                .maybe("position", Wire.count, "Its place in the sample."),
                .maybe("total", Wire.count, "Tasks in the sample."),
            ])
    }

    private var open: Endpoint {
        .json(
            .post, "/api/audits/open", "audits", .person(.tasksAudit),
            "Opens a completed task, or the next of a sample, in an editor of one's own.", body: Open.schema,
            answers: Open.shape
        ) { call, body in
            let opened = try await audits.open(sample: body.sample, task: body.task, by: call.actor)
            return .object { writer in
                writer.key("work")
                guard let opened else { return writer.null() }
                writer.value(opened.work)
                writer.field("task", opened.task)
                writer.field("position", ifPresent: opened.place?.position)
                writer.field("total", ifPresent: opened.total)
            }
        }
    }

    private var beside: Endpoint {
        let sample = QueryField<String>.text("sample", "The sample that is gone through.")
        let shape = Wire.answer(
            "AuditDetails",
            [
                .always("task", Wire.identifier, "The task."),
                .always("audits", Wire.list(of: Wire.audit), "Earlier verdicts, newest first."),
                .always("metadata", Wire.object, "As the task has it."),
                .maybe("unique_id", Wire.text, "As the task has it."),
                .maybe("completed_at", Wire.time, "When it was completed."),
                .always("supports", Wire.strings, "What it can be used for."),
                .always("used", Wire.strings, "What it is used for."),
                .maybe("position", Wire.count, "Its place in the sample."),
                .maybe("sample", Self.sampleShape, "The sample that is gone through."),
            ])
        return .json(
            .get, "/api/work/{work}/audit", "audits", .person(.tasksAudit),
            "Tells what stands beside a task that is open for a verdict.",
            query: [sample], answers: shape
        ) { call in
            let found = try await audits.beside(call.parameter("work"), sample: try call(sample), by: call.actor)
            return .object { writer in
                writer.field("task", found.row.id)
                writer.field("unique_id", ifPresent: found.row.uniqueID)
                if let at = found.row.completedAt { writer.field("completed_at", time: at.microseconds) }
                writer.field("metadata", raw: found.row.metadata)
                writer.array("audits") { writer in found.audits.forEach { $0.write(to: &writer) } }
                writer.array("supports") { writer in found.supports.forEach { writer.value($0.rawValue) } }
                writer.array("used") { writer in found.used.forEach { writer.value($0.rawValue) } }
                writer.field("position", ifPresent: found.place?.position)
                if let sample = found.sample {
                    writer.key("sample")
                    sample.write(to: &writer)
                }
            }
        }
    }

    // MARK: Verdicts

    private enum Verdict {
        static let result = RequiredField("result", .cases as Schema<AuditVerdict.Result>, "The verdict.")
        static let comments = OptionalField("comments", .string(length: 0...10_000), "Why; required with `commented`.")
        static let redo = Field("redo", .bool, default: false, shownAs: "false", "With `rejected`: back to work.")
        static let uses = Field(
            "use_as", .array(of: .cases as Schema<TaskUse>, count: 0...3), default: [], shownAs: "[]",
            "What the answered task becomes besides.")
        static let note = OptionalField("note", .string(length: 0...2000), "What it is an example of.")
        static let seconds = OptionalField("seconds", .number(.nonNegative), "From opening to deciding.")
        static let active = OptionalField(
            "active_seconds", .number(.nonNegative), "Those of them in which something was done.")
        static let response = OptionalField("response", .anyObject(), "With `fixed`: the whole corrected response.")
        static let lease = RequiredField("lease", .string(length: 1...200), "The token of the claim.")
        static let submission = RequiredField(
            "submission", .string(length: 36...36, format: "uuid"), "The client's id of this act.")
        static let revision = RequiredField(
            "revision", .integer(0...1_000_000_000), "The revision of the draft that the person saw.")
        static let common: [any FieldDeclaration] = [result, comments, redo, uses, note, seconds, active]

        static func read(_ object: inout ObjectReader) -> AuditVerdict? {
            let result = object(Self.result)
            let (comments, redo, uses, note) = (
                object(Self.comments), object(Self.redo), object(Self.uses), object(Self.note)
            )
            let (seconds, active) = (object(seconds), object(active))
            return result.map {
                AuditVerdict(
                    result: $0, comments: comments, redo: redo, uses: uses, note: note, seconds: seconds,
                    activeSeconds: active)
            }
        }

        struct Held: Sendable {
            let lease: String
            let submission: String
            let revision: Int
            let verdict: AuditVerdict
        }

        static let held = Schema<Held>.object("HeldVerdict", common + [lease, submission, revision]) { object in
            let (lease, submission, revision) = (object(Self.lease), object(Self.submission), object(Self.revision))
            let verdict = read(&object)
            guard let lease, let submission, let revision, let verdict else { return nil }
            return Held(lease: lease, submission: submission, revision: revision, verdict: verdict)
        }

        static let outside = Schema<(verdict: AuditVerdict, response: RawJSON?)>.object(
            "AuditVerdict", common + [response]
        ) { object in
            let response = object(Self.response)
            return read(&object).map { ($0, response) }
        }
    }

    private var decide: Endpoint {
        .json(
            .post, "/api/work/{work}/audit", "audits", .person(.tasksAudit),
            "Gives the verdict on a task that is open in one's editor; `fixed` makes the drawing the response.",
            body: Verdict.held, empty: nil,
            answers: Wire.answer("AuditDecided", [.always("status", Wire.text, "Where the task stands now.")])
        ) { call, body in
            let row = try await audits.decide(
                call.parameter("work"), lease: body.lease, submission: body.submission, revision: body.revision,
                body.verdict, by: call.actor)
            return .object { $0.field("status", row.status.rawValue) }
        }
    }

    private static let leaseBody = Schema<String>.object("AuditLease", [Verdict.lease]) { $0(Verdict.lease) }

    private var leave: Endpoint {
        .json(
            .post, "/api/work/{work}/leave", "audits", .person(.tasksAudit),
            "Puts an audit away that was only looked at.", body: Self.leaseBody, empty: nil, answers: Wire.empty
        ) { call, lease in
            try await audits.leave(call.parameter("work"), lease: lease, by: call.actor)
            return .object { _ in }
        }
    }

    private var verdict: Endpoint {
        .json(
            .post, "/api/tasks/{task}/audit", "audits", Self.access,
            "Gives a verdict on a completed task: accepted, rejected, commented, or fixed with the corrected response.",
            body: Verdict.outside, empty: nil, answers: Wire.task
        ) { call, body in
            let row = try await audits.decide(
                task: call.parameter("task"), body.verdict, response: body.response, by: call.actor)
            var writer = JSONWriter()
            row.write(
                to: &writer,
                TaskExtras(
                    isTest: try call.actor.realm.isTest, audits: try await audits.verdicts(on: row.id, by: call.actor)))
            return .json(writer)
        }
    }

    private static let usesField = RequiredField(
        "as", .array(of: .cases as Schema<TaskUse>, count: 1...3), "What it becomes besides.")
    private static let usesBody = Schema<(uses: [TaskUse], note: String?)>.object(
        "TaskUses", [usesField, Verdict.note]
    ) { object in
        let note = object(Verdict.note)
        return object(usesField).map { ($0, note) }
    }

    private var use: Endpoint {
        .json(
            .post, "/api/tasks/{task}/uses", "audits", Self.access,
            "Makes an evaluation task, a training task or an example of a completed task, each of them once.",
            body: Self.usesBody, empty: nil,
            answers: Wire.answer("TaskUsed", [.always("uses", Wire.list(of: Wire.object), "What it is used as.")])
        ) { call, body in
            let made = try await audits.use(call.parameter("task"), as: body.uses, note: body.note, by: call.actor)
            return .object { writer in
                writer.array("uses") { writer in
                    for (use, id) in made {
                        writer.object { writer in
                            writer.field("as", use.rawValue)
                            writer.field("id", id)
                        }
                    }
                }
            }
        }
    }
}

extension AuditRow {
    /// Writes the verdict with its comments.
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("audited_by", by ?? "unknown")
            writer.field("audited_at", time: at.microseconds)
            if let seconds { writer.field("audit_time_secs", seconds) }
            writer.field("audit_result", result.rawValue)
            writer.field("audit_source", source)
            writer.field("comments", ifPresent: comments)
        }
    }
}
