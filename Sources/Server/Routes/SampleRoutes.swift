import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// Samples of completed tasks, drawn for audits.
struct SampleRoutes {
    let audits: AuditOperations

    var endpoints: [Endpoint] {
        [draw, samples, sample, sampleTasks, remove]
    }

    private static let access = Endpoint.Access.permitted(.tasksAudit)
    private static let reading = Endpoint.Access.permitted(.tasksRead)

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

    static let sampleShape = Wire.answer(
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
}
