import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// What several answers to a task have in common, and the examples beside instructions.
struct AgreementRoutes {
    let work: WorkOperations
    let tasks: TaskOperations
    let projects: ProjectOperations
    let links: FileLinks
    let now: @Sendable () -> Timestamp

    var endpoints: [Endpoint] { [differences, agreement, ofProject, examples, removeExample, workExamples] }

    private var differences: Endpoint {
        let answer = Wire.answer(
            "MergedAnswer",
            [
                .always("name", Wire.text, "A letter, so that nobody's name sways."),
                .always("objects", Wire.count, "Annotations in it."),
            ])
        let aspect = Wire.answer(
            "DifferenceAspect",
            [
                .always("aspect", .enumeration(["presence", "shape", "label", "attribute", "answer"]), "In what."),
                .maybe("name", Wire.text, "The attribute."),
                .maybe("tied", .bool, "No choice has more voices than the others."),
            ])
        let difference = Wire.answer(
            "AnswerDifference",
            [
                .always("collection", Wire.text, "Where it stands in the draft."),
                .always("key", Wire.text, "Its key there, also if it is left out."),
                .always("proposed", .bool, "Whether the draft began with it."),
                .always("object", .either([.null, Wire.object]), "What the proposal says."),
                .always("votes", Wire.count, "Answers that have it."),
                .always("agreement", .number(.nonNegative), "0 to 1."),
                .always("about", Wire.list(of: aspect), "In what the answers differ."),
                .always("answers", Wire.list(of: .either([.null, Wire.object])), "What each answer says."),
            ])
        let shape = Wire.answer(
            "AnswerDifferences",
            [
                .always("agreement", .number(.nonNegative), "0 to 1."),
                .always("threshold", .number(.nonNegative), "From where answers count as unanimous."),
                .always("attempts", Wire.count, "Answers there are."),
                .always("agreed", Wire.count, "Things that nobody differs in."),
                .always("answers", Wire.list(of: answer), "The answers."),
                .always("differences", Wire.list(of: difference), "In the order of the proposal."),
            ])
        return .json(
            .get, "/api/work/{work}/merge", "work", .person(.workTake),
            "Tells what the answers differ in that one is merging.", answers: shape
        ) { call in
            let row = try await work.differences(call.parameter("work"), by: call.actor)
            var writer = JSONWriter(capacity: row.differences.utf8.count + 512)
            try row.write(to: &writer)
            return .json(writer)
        }
    }

    private var agreement: Endpoint {
        .json(
            .get, "/api/tasks/{task}/agreement", "tasks", .permitted(.tasksRead),
            "Tells how several answers to a task agreed, newest first.",
            answers: Wire.answer("TaskAgreement", [.always("rounds", Wire.list(of: Wire.object), "One a merge.")])
        ) { call in
            let rounds = try await tasks.agreements(call.parameter("task"), by: call.actor)
            var writer = JSONWriter()
            try writer.object { (writer) throws in
                writer.key("rounds")
                try writer.array { (writer) throws in try rounds.forEach { try $0.write(to: &writer) } }
            }
            return .json(writer)
        }
    }

    private var ofProject: Endpoint {
        let days = QueryField<Int>.integer("days", 1...366, "How many days up to now; 30 by default.")
        let share = Shape.number(.nonNegative)
        let band = Wire.answer(
            "AgreementBand",
            [
                .always("from", share, "Where it begins, 0 to 1."), .always("to", share, "Where the next one begins."),
                .always("tasks", Wire.count, "How many tasks agreed so far."),
            ])
        let least = Wire.answer(
            "LeastAgreed",
            [
                .always("task", Wire.identifier, "The task."), .maybe("unique_id", Wire.text, "Yours."),
                .always("agreement", share, "0 to 1."), .always("differences", Wire.count, "What answers differ in."),
                .always("at", Wire.time, "When the answers were put together."),
            ])
        return .json(
            .get, "/api/projects/{project}/agreement", "projects", .permitted(.projectsRead),
            "Tells how several answers to each of a project's tasks agreed.", query: [days],
            answers: Wire.answer(
                "ProjectAgreement",
                [
                    .always("tasks", Wire.count, "Tasks that several people have answered."),
                    .always("mean", .either([.null, share]), "Their mean agreement, 0 to 1."),
                    .always("merged_by_itself", Wire.count, "Those that nobody had to merge."),
                    .always("bands", Wire.list(of: band), "Least agreement first."),
                    .always("least", Wire.list(of: least), "The twenty that agreed least, the worst first."),
                ])
        ) { call in
            let found = try await projects.agreement(
                call.parameter("project"), days: try call(days) ?? 30, by: call.actor)
            var writer = JSONWriter()
            found.write(to: &writer)
            return .json(writer)
        }
    }

    // MARK: Examples

    private static let examplesShape = Wire.answer(
        "InstructionExamples",
        [
            .always(
                "examples",
                Wire.list(
                    of: Wire.answer(
                        "InstructionExample",
                        [
                            .always("id", Wire.identifier, "Ours."),
                            .maybe("task", Wire.identifier, "The task; labelers are not told."),
                            .always("note", Wire.text, "What it is an example of."),
                            .always("picture", .either([.null, Wire.object]), "The picture, by signed links."),
                            .always("response", Wire.object, "The answer."),
                            .always("created_at", Wire.time, "When it was added."),
                        ])), "Oldest first.")
        ])

    private func reply(_ examples: [ShownExample], isForTeam: Bool) -> Reply {
        let time = now()
        return .object { writer in
            writer.array("examples") { writer in
                examples.forEach { $0.write(to: &writer, isForTeam: isForTeam, links: links, now: time) }
            }
        }
    }

    private var examples: Endpoint {
        .json(
            .get, "/api/projects/{project}/examples", "projects", .permitted(.projectsRead),
            "Lists the examples beside a project's instruction.", answers: Self.examplesShape
        ) { call in
            reply(try await projects.examples(call.parameter("project"), by: call.actor), isForTeam: true)
        }
    }

    private var removeExample: Endpoint {
        .json(
            .delete, "/api/projects/{project}/examples/{example}", "projects", .permitted(.projectsWrite),
            "Shows an example no longer.", answers: Wire.empty
        ) { call in
            try await projects.removeExample(
                call.parameter("example"), of: call.parameter("project"), by: call.actor)
            return .object { _ in }
        }
    }

    private var workExamples: Endpoint {
        .json(
            .get, "/api/work/{work}/examples", "work", .person(.workTake),
            "Lists the examples beside the instruction of a work item that one holds.", answers: Self.examplesShape
        ) { call in
            reply(try await work.examples(call.parameter("work"), by: call.actor), isForTeam: false)
        }
    }
}
