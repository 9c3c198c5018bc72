import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// The verdicts on completed tasks, given in the editor or from outside.
struct VerdictRoutes {
    let audits: AuditOperations

    var endpoints: [Endpoint] { [open, beside, decide, leave, verdict, use] }

    private static let access = Endpoint.Access.permitted(.tasksAudit)

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
                .maybe("sample", SampleRoutes.sampleShape, "The sample that is gone through."),
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
