import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// Batches as the pages that steer them show them.
struct BatchSetupRoutes {
    let batches: BatchOperations

    var endpoints: [Endpoint] { [list, create, show, change, launch, calibration] }

    // MARK: Shapes

    private static let kinds = ["production", "calibration", "self_label"]
    private static let statuses = ["staging", "in_progress", "completed"]
    private static let share = Shape.number(NumberRange(least: 0, most: 1))

    private static let progress = Wire.answer(
        "CalibrationProgress",
        [
            .always("state", .enumeration(CalibrationTally.State.allCases.map(\.rawValue)), "How far it is."),
            .always("of", Wire.count, "Tasks that count."), .always("audited", Wire.count, "Those with a verdict."),
            .maybe("score", share, "The share of audited tasks that were right."),
        ])
    private static let batch = Wire.answer(
        "BatchSummary",
        [
            .always("id", Wire.identifier, "Ours."), .always("name", Wire.text, "Unique in the account."),
            .always("project", Wire.text, "The project's name."),
            .always("kind", .enumeration(kinds), "What it is for."),
            .always("meaning", Wire.text, "Who works on it, in a sentence."),
            .always("status", .enumeration(statuses), "Where it stands."),
            .always("paused", .bool, "Whether nobody is given new work of it."),
            .maybe("priority", .integer(10...30), "Higher first."),
            .maybe("callback", Wire.text, "Where its end is told."), .always("metadata", Wire.object, "Yours."),
            .always("created_at", Wire.time, "When."), .always("updated_at", Wire.time, "When it last changed."),
            .maybe("completed_at", Wire.time, "When its last task was done."),
            .always("archived", .bool, "Put away."),
            .maybe("studio_position", Wire.count, "Its place in the order of batches."),
            .always("takes_tasks", .bool, "Whether tasks can be added."),
            .always("counts", ProjectSetupRoutes.counts, "Its tasks by status."),
            .maybe("calibration", progress, "How far the calibration is, of batches to calibrate with."),
        ])

    // MARK: Lists

    private var list: Endpoint {
        let project = QueryField<String>.text("project", "A project's name.")
        let status = QueryField<String>.oneOf("status", Self.statuses, "Where the batches stand.")
        let archived = QueryField<Bool>.flag("archived", "Only those put away; only the others by default.")
        let page = PageQuery(most: 100, usual: 50)
        return .json(
            .get, "/api/batches", "batches", .permitted(.batchesRead),
            "Lists batches with their progress, newest first.",
            query: [project, status, archived] + page.fields,
            answers: Wire.answer(
                "BatchSummaries",
                [
                    .always("batches", Wire.list(of: Self.batch), "Newest first."),
                    .maybe("next", Wire.text, "The cursor of the next page."),
                ])
        ) { call in
            var filter = BatchFilter(status: try call(status).flatMap { BatchRow.Status(rawValue: $0) })
            let isArchived = try call(archived) ?? false
            (filter.onlyArchived, filter.excludeArchived) = (isArchived, !isArchived)
            let (rows, next) = try await batches.summaries(
                filter, project: try call(project), after: try page.cursor(of: call), limit: try page.limit(of: call),
                by: call.actor)
            return .object { writer in
                writer.array("batches") { writer in rows.forEach { $0.write(to: &writer) } }
                writer.field("next", ifPresent: next?.token)
            }
        }
    }

    private var show: Endpoint {
        .json(
            .get, "/api/batches/{batch}", "batches", .permitted(.batchesRead), "Returns a batch with its progress.",
            answers: Self.batch
        ) { call in
            Self.reply(try await batches.summary(call.parameter("batch"), by: call.actor))
        }
    }

    // MARK: Changes

    private enum Body {
        static let project = RequiredField("project", .string(length: 1...1000), "An existing project's name.")
        static let name = RequiredField("name", .string(length: 1...1000), "Unique in the account.")
        static let kind = Schema<BatchRow.Kind>(.enumeration(BatchSetupRoutes.kinds)) { value, reader in
            guard let kind = value.string.flatMap({ BatchRow.Kind(rawValue: $0) }) else {
                reader.report(value, "must be one of \(BatchSetupRoutes.kinds.joined(separator: ", "))")
                return nil
            }
            return kind
        }
        static let newKind = Field(
            "kind", kind, default: .production, shownAs: #""production""#,
            "self_label goes to the team itself; calibration is audited as a whole; production asks for a calibrated "
                + "project.")
        /// An empty text stands for none.
        static let callback = OptionalField(
            "callback",
            Schema<String>.string(length: 0...4000).checked { value, json, reader in
                if !value.isEmpty { _ = TaskCommon.callbackAddress(json, reader) }
            }, "Where the end of the batch is told: an http(s) URL or an e-mail address; empty for nowhere.")
        static let priority = OptionalField(
            "priority",
            Schema<Int>.integer(10...30).checked { value, json, reader in
                if value % 10 != 0 { reader.report(json, "must be 10, 20 or 30") }
            }, "10, 20 or 30; higher first.")
        static let metadata = OptionalField("metadata", .anyObject(bytes: 10 * 1024), "Yours; at most 10 KB.")

        static let new = Schema<(NewBatchRequest, Int?)>.object(
            "NewBatchSetup", [project, name, newKind, callback, priority, metadata]
        ) { object in
            let project = object(Self.project)
            let name = object(Self.name)
            let kind = object(newKind)
            let callback = object(Self.callback)
            let priority = object(Self.priority)
            let metadata = object(Self.metadata)
            guard let project, let name else { return nil }
            let request = NewBatchRequest(
                project: project, name: name, callback: callback?.isEmpty == true ? nil : callback, kind: kind,
                metadata: metadata ?? RawJSON("{}"))
            return (request, priority)
        }

        static let paused = OptionalField(
            "paused", .bool, "Whether nobody is given new work of it; what somebody has begun can be finished.")
        static let archived = OptionalField("archived", .bool, "Put away, or not.")
        static let otherKind = OptionalField("kind", kind, "What it is for; only before it is launched.")
        static let change = Schema<BatchChange>.object(
            "BatchChange", [paused, priority, callback, metadata, archived, otherKind]
        ) { object in
            var change = BatchChange()
            change.isHeld = object(paused)
            change.priority = object(priority)
            change.callback = object(callback)
            change.metadata = object(metadata)
            change.isArchived = object(archived)
            change.kind = object(otherKind)
            return change
        }

        static let confirm = Field(
            "confirm_uncalibrated", .bool, default: false, shownAs: "false",
            "Launches production although the project is not calibrated.")
        static let launch = Schema<Bool>.object("BatchLaunch", [confirm]) { $0(confirm) }
    }

    private var create: Endpoint {
        .json(
            .post, "/api/batches", "batches", .permitted(.batchesWrite),
            "Creates a batch, which waits for its launch.", body: Body.new, empty: nil, answers: Self.batch
        ) { call, body in
            Self.reply(try await batches.stage(body.0, priority: body.1, by: call.actor))
        }
    }

    private var change: Endpoint {
        .json(
            .patch, "/api/batches/{batch}", "batches", .permitted(.batchesWrite),
            "Pauses a batch or lets it go on, and changes its settings.", body: Body.change, answers: Self.batch
        ) { call, change in
            Self.reply(try await batches.change(call.parameter("batch"), change, by: call.actor))
        }
    }

    private var launch: Endpoint {
        .json(
            .post, "/api/batches/{batch}/launch", "batches", .permitted(.batchesWrite),
            "Launches a staging batch: its tasks go to work. Production asks for a calibrated project.",
            body: Body.launch, answers: Self.batch
        ) { call, confirm in
            Self.reply(
                try await batches.launch(call.parameter("batch"), confirmUncalibrated: confirm, by: call.actor))
        }
    }

    private var calibration: Endpoint {
        let feedback = Wire.answer(
            "CalibrationFeedback",
            [
                .always("source", .enumeration(CalibrationFeedback.Source.allCases.map(\.rawValue)), "Who says it."),
                .always("task_id", Wire.identifier, "About which task."),
                .always("kind", Wire.text, "The verdict, or what a report is about."),
                .always("message", Wire.text, "What was said."), .maybe("by", Wire.text, "By whom."),
                .always("at", Wire.time, "When."),
            ])
        let shape = Wire.answer(
            "CalibrationReport",
            [
                .always("batch", Wire.text, "The batch's name."),
                .always("goal", Self.share, "The share of tasks that has to be right."),
                .always("state", .enumeration(CalibrationTally.State.allCases.map(\.rawValue)), "How far it is."),
                .always("tasks", Wire.count, "Tasks that count."), .always("completed", Wire.count, "Labelled."),
                .always("audited", Wire.count, "With a verdict."), .always("accepted", Wire.count, "Right."),
                .always("commented", Wire.count, "Right, with a remark."), .always("fixed", Wire.count, "Corrected."),
                .always("rejected", Wire.count, "Wrong."),
                .maybe("score", Self.share, "The share of audited tasks that were right."),
                .always(
                    "feedback", Wire.list(of: feedback), "What auditors and labelers said, newest first; at most 200."),
            ])
        return .json(
            .get, "/api/batches/{batch}/calibration", "batches", .permitted(.batchesRead),
            "Tells how a calibration goes, and what was said about the instruction.", answers: shape
        ) { call in
            let report = try await batches.calibration(call.parameter("batch"), by: call.actor)
            var writer = JSONWriter(capacity: 2048)
            report.write(to: &writer)
            return .json(writer)
        }
    }

    private static func reply(_ batch: BatchSummary) -> Reply {
        var writer = JSONWriter()
        batch.write(to: &writer)
        return .json(writer)
    }
}
