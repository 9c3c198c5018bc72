import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// What was sent to the outside, whether it arrived, and sending it again.
struct DeliveryRoutes {
    let deliveries: DeliveryOperations

    var endpoints: [Endpoint] { [ofTask, list, summary, one, resend, resendFailed] }

    private var ofTask: Endpoint {
        .json(
            .get, "/api/tasks/{task}/deliveries", "deliveries", .permitted(.deliveriesRead),
            "Lists what was sent for a task, with every attempt.",
            answers: Wire.answer(
                "TaskDeliveries", [.always("docs", Wire.list(of: InsightShapes.delivery), "Oldest first.")])
        ) { call in
            let entries = try await deliveries.deliveries(ofTask: call.parameter("task"), by: call.actor)
            return .object { writer in
                writer.array("docs") { writer in entries.forEach { $0.write(to: &writer) } }
            }
        }
    }

    private var list: Endpoint {
        let state = QueryField<String>.oneOf(
            "state", ["pending", "succeeded", "failed"], "Only those that are so far.")
        let target = QueryField<String>.text("target", "Only to this URL or address.", length: 0...4000)
        let batch = QueryField<String>.text("batch", "Only about the batch of this name, not its tasks.")
        let open = QueryField<Bool>.flag("open", "Leaves out those whose message was sent again.")
        let from = QueryField<TimeBound>.time("from", "Only from then on.")
        let to = QueryField<TimeBound>.lastTime("to", "Only until then.")
        let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 50 by default.")
        let cursor = QueryField<String>.text("cursor", "Where the page starts: the last answer's next.")
        return .json(
            .get, "/api/deliveries", "deliveries", .permitted(.deliveriesRead),
            "Lists what was sent, with every attempt.", query: [state, target, batch, open, from, to, limit, cursor],
            answers: InsightShapes.page("Deliveries", of: InsightShapes.delivery, "Newest first.")
        ) { call in
            let size = try call(limit) ?? 50
            let filter = DeliveryFilter(
                state: try call(state).flatMap { DeliveryRow.State(rawValue: $0) }, target: try call(target),
                times: TimeRange(from: try call(from), through: try call(to)), isOpen: try call(open) ?? false)
            let entries = try await deliveries.deliveries(
                filter, batch: try call(batch), before: try call(cursor), limit: size + 1, by: call.actor)
            return .object { writer in
                writer.array("docs") { writer in entries.prefix(size).forEach { $0.write(to: &writer) } }
                writer.field("next", ifPresent: entries.count > size ? entries[size - 1].row.id : nil)
            }
        }
    }

    private var summary: Endpoint {
        .json(
            .get, "/api/deliveries/summary", "deliveries", .permitted(.deliveriesRead),
            "Tells which receivers do not take what is sent to them.", answers: InsightShapes.deliverySummary
        ) { call in
            let summary = try await deliveries.summary(by: call.actor)
            var writer = JSONWriter()
            summary.write(to: &writer)
            return .json(writer)
        }
    }

    private var one: Endpoint {
        .json(
            .get, "/api/deliveries/{delivery}", "deliveries", .permitted(.deliveriesRead),
            "Returns a delivery with its attempts and what is sent.", answers: InsightShapes.wholeDelivery
        ) { call in
            let entry = try await deliveries.delivery(call.parameter("delivery"), by: call.actor)
            var writer = JSONWriter(capacity: 4096)
            entry.write(to: &writer, withBody: true)
            return .json(writer)
        }
    }

    private var resend: Endpoint {
        .json(
            .post, "/api/deliveries/{delivery}/resend", "deliveries", .permitted(.deliveriesResend),
            "Sends the same message again, in a delivery of its own.", answers: InsightShapes.delivery
        ) { call in
            let entry = try await deliveries.resend(call.parameter("delivery"), by: call.actor)
            var writer = JSONWriter()
            entry.write(to: &writer)
            return .json(writer)
        }
    }

    private struct Failed: Sendable {
        let target: String?
        let from: String?
        let to: String?
    }

    private static let target = OptionalField(
        "target", Schema<String>.string(length: 1...4000), "Only to this URL or address.")
    private static let from = OptionalField("from", Schema<String>.string(length: 10...40), "Only from then on.")
    private static let to = OptionalField("to", Schema<String>.string(length: 10...40), "Only until then.")
    private static let failed = Schema<Failed>.object("ResendFailed", [target, from, to]) { object in
        Failed(target: object(Self.target), from: object(Self.from), to: object(Self.to))
    }

    private var resendFailed: Endpoint {
        .json(
            .post, "/api/deliveries/resend", "deliveries", .permitted(.deliveriesResend),
            "Has everything that failed so far sent again, by a job; what fails later is not part of it.",
            body: Self.failed,
            answers: Wire.answer("ResendStarted", [.always("job", Wire.identifier, "The job that does it.")])
        ) { call, body in
            let times = TimeRange(
                from: try TimeBound.read(body.from, "from"), through: try TimeBound.read(body.to, "to", last: true))
            let job = try await deliveries.resendFailed(target: body.target, times: times, by: call.actor)
            return .object { $0.field("job", job) }
        }
    }
}

extension TimeRange {
    /// The range between two bounds that a client gave.
    init(from: TimeBound?, through: TimeBound?) {
        self.init(
            from: from.map { Timestamp(microseconds: $0.first) },
            through: through.map { Timestamp(microseconds: $0.last) })
    }
}

extension TimeBound {
    /// A bound in a body; a day alone means all of it where it is the last.
    static func read(_ text: String?, _ path: String, last: Bool = false) throws -> TimeBound? {
        guard let text else { return nil }
        guard let bound = last ? TimeBound(lastOf: text) : TimeBound(text) else {
            throw Issues(path, "`\(path)` must be an ISO 8601 time such as 2024-01-31 or 2024-01-31T12:00:00Z.")
        }
        return bound
    }
}
