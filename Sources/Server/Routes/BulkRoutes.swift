import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// Changes of many tasks, which jobs make.
struct BulkRoutes {
    let bulk: BulkOperations

    var endpoints: [Endpoint] { [begin, list, show, results, cancel, undo] }

    static let states = BulkChangeRow.State.allCases.map(\.rawValue)

    private static let shape = Wire.answer(
        "BulkChange",
        [
            .always("id", Wire.identifier, "Ours."),
            .always("action", .enumeration(BulkAction.allCases.map(\.rawValue)), "What is done."),
            .always("detail", Wire.object, "With what."),
            .always("filter", .either([Wire.object, .null]), "Which tasks; null where they were named by ids."),
            .always("state", .enumeration(states), "How far it is."),
            .always("total", Wire.count, "How many tasks matched when it was asked for."),
            .always("done", Wire.count, "How many have had their turn."),
            .always("changed", Wire.count, "How many of them were changed."),
            .always("unchanged", Wire.count, "How many were so already."),
            .always("refused", Wire.count, "How many cannot be changed so; the results say why."),
            .always("undoable", .bool, "Whether it can be taken back now."),
            .always("undone_by", .either([Wire.identifier, .null]), "The change that takes it back."),
            .always("undoes", .either([Wire.identifier, .null]), "The change that it takes back."),
            .always("words", Wire.text, "All of that in a sentence."),
            .always("error", TableWire.maybeText, "Why it failed."),
            .always("created_at", Wire.time, "When it was asked for."),
            .always("finished_at", TableWire.maybeTime, "When it was finished."),
            .always("created_by", Wire.text, "Who asked for it."),
        ])

    // MARK: Asking

    private struct Asked: Sendable {
        let request: BulkRequest
        let selection: TaskSelection
    }

    private static let body = Schema<Asked>.object(
        "NewBulkChange", BulkRequest.fields + TaskSelection.fields
    ) { object in
        let request = BulkRequest.read(&object)
        let selection = TaskSelection.read(&object)
        guard let request, let selection else { return nil }
        return Asked(request: request, selection: selection)
    }

    private static let counts = Wire.answer("BulkCount", [.always("total", Wire.count, "How many tasks match now.")])
    private static let isDry = QueryField<Bool>.flag("dry_run", "Only counts the tasks.")

    private var begin: Endpoint {
        .json(
            .post, "/api/bulk", "bulk changes", .permitted(.tasksWrite),
            "Changes many tasks: a job does it, to each task that matches when its turn comes and was there before.",
            query: [Self.isDry], body: Self.body, empty: nil, answers: .either([Self.shape, Self.counts])
        ) { call, asked in
            // Work that is asked for again is a verdict on what was handed in.
            guard asked.request.action != .redo || call.caller?.isAllowed(.tasksAudit) == true else {
                throw ReplyError.forbidden
            }
            if try call(Self.isDry) ?? false {
                let total = try await bulk.count(asked.selection, by: call.actor)
                return .object { $0.field("total", total) }
            }
            return reply(try await bulk.begin(asked.request, asked.selection, by: call.actor))
        }
    }

    private var cancel: Endpoint {
        .json(
            .post, "/api/bulk/{bulk}/cancel", "bulk changes", .permitted(.tasksWrite),
            "Stops a change of many tasks; what is done stays done.", answers: Self.shape
        ) { call in
            reply(try await bulk.cancel(call.parameter("bulk"), by: call.actor))
        }
    }

    private var undo: Endpoint {
        .json(
            .post, "/api/bulk/{bulk}/undo", "bulk changes", .permitted(.tasksWrite),
            "Takes a change of many tasks back, by another one; tasks that were changed since are left alone.",
            answers: Self.shape
        ) { call in
            reply(try await bulk.undo(call.parameter("bulk"), by: call.actor))
        }
    }

    // MARK: Looking

    private var list: Endpoint {
        NewestFirst("bulk_changes", "BulkChanges", of: Self.shape, id: \.id) { $0.write(to: &$1) }
            .endpoint("/api/bulk", "bulk changes", .permitted(.tasksRead), "Lists changes of many tasks, newest first.")
        { after, limit, actor in
            try await bulk.list(after: after, limit: limit, by: actor)
        }
    }

    private var show: Endpoint {
        .json(
            .get, "/api/bulk/{bulk}", "bulk changes", .permitted(.tasksRead), "Returns a change of many tasks.",
            answers: Self.shape
        ) { call in
            reply(try await bulk.show(call.parameter("bulk"), by: call.actor))
        }
    }

    private static let outcome = QueryField<String>.oneOf(
        "outcome", BulkResultRow.Outcome.allCases.map(\.rawValue), "Only tasks of which this became.")
    private static let cursor = QueryField<String>.text("cursor", "Where the page starts: the last answer's next.")
    private static let resultLimit = QueryField<Int>.integer("limit", 1...1000, "The page size; 100 by default.")

    private var results: Endpoint {
        .json(
            .get, "/api/bulk/{bulk}/results", "bulk changes", .permitted(.tasksRead),
            "Lists what became of the tasks, in the order of the work.",
            query: [Self.outcome, Self.resultLimit, Self.cursor],
            answers: Wire.answer(
                "BulkResults",
                [
                    .always(
                        "results",
                        Wire.list(
                            of: Wire.answer(
                                "BulkResult",
                                [
                                    .always("task_id", Wire.identifier, "The task."),
                                    .always(
                                        "outcome", .enumeration(BulkResultRow.Outcome.allCases.map(\.rawValue)),
                                        "What became of it."),
                                    .always("words", Wire.text, "The same in a sentence; of refused ones, why."),
                                ])), "One a task."),
                    .always("next", TableWire.maybeText, "Where the next page starts; null at the end."),
                ])
        ) { call in
            let limit = try call(Self.resultLimit) ?? 100
            var position = -1
            if let token = try call(Self.cursor) {
                guard let number = Int(token), number >= 0 else {
                    throw Issues("cursor", "`cursor` must be the `next` of the last answer.")
                }
                position = number
            }
            let rows = try await bulk.results(
                of: call.parameter("bulk"), outcome: try call(Self.outcome).flatMap { .init(rawValue: $0) },
                after: position, limit: limit + 1, by: call.actor)
            return .object { writer in
                writer.array("results") { writer in rows.prefix(limit).forEach { $0.write(to: &writer) } }
                writer.next(rows.count > limit ? String(rows[limit - 1].position) : nil)
            }
        }
    }

    private func reply(_ row: BulkChangeRow) -> Reply {
        var writer = JSONWriter()
        row.write(to: &writer)
        return .json(writer)
    }
}
