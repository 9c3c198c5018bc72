package import JSON
package import Labeling
package import Storage

/// What parameters would do to the tasks there are, found out without changing anything.
package struct ParamsTrial: Sendable {
    /// What is wrong with the parameters themselves; nothing is tried then.
    package let check: ParamsCheck
    /// The version they were compared with; -1 for none.
    package let against: Int
    package let differences: [ParamsDifference]
    /// Tasks of the project that are pending or completed.
    package let total: Int
    /// How many of them were tried by this call.
    package var tried = 0
    /// How many of these could not be made any more, and how many of their answers would not be accepted.
    package var brokenTasks = 0
    package var brokenAnswers = 0
    package var problems: [TrialProblem] = []
    /// Where the next call goes on; nil when all tasks were tried.
    package var next: TaskCursor?
}

/// One thing that would go wrong, with how often it does.
package struct TrialProblem: Sendable, Equatable {
    package enum Place: String, Sendable, CaseIterable {
        case task, answer
    }

    package let on: Place
    /// Without numbers of elements, so that the same fault of two annotations counts as one problem.
    package let path: String
    package let message: String
    package var count = 0
    package var examples: [String] = []

    static let mostExamples = 5
}

extension ProjectOperations {
    /// The most different problems that are told apart in one call.
    private static let mostProblems = 200
    /// Seconds after which a call stops and lets the next one go on.
    private static let patience = 2.0

    /// Tries parameters on some of a project's tasks, newest first: whether tasks with the same data could be made, and
    /// whether the answers of completed ones would be accepted.
    ///
    /// Tasks keep the version they were made with, so nothing happens to them if the parameters are saved.
    package func tryParams(
        _ params: RawJSON, on name: String, after cursor: TaskCursor?, limit: Int, by actor: Actor
    ) async throws -> ParamsTrial {
        let realm = actor.realm.id
        let (project, versions, counts) = try await environment.database.read { db in
            let row = try db.existingProject(realm: realm, named: name)
            return (
                row, try db.projectVersions(project: row.id),
                try db.projectCounts(realm: realm, ids: [row.id])[row.id] ?? StatusCounts()
            )
        }
        let type = try Self.type(of: project)
        let check = try Self.check(params, of: type)
        var trial = ParamsTrial(
            check: check, against: versions.last?.version ?? -1,
            differences: try Self.differences(versions.last?.params ?? "{}", params.text),
            total: counts.pending + counts.completed)
        guard check.issues.isEmpty else { return trial }

        let page = try await environment.database.read { db -> (TaskPage, [AttachmentRow]) in
            let page = try db.tasks(
                realm: realm, filter: TaskFilter(projectID: project.id), after: cursor, limit: limit)
            return (page, try db.attachments(realm: realm, tasks: page.rows.map(\.id)))
        }
        let attachments = Dictionary(grouping: page.1, by: \.taskID)
        var given = try InheritedParams(versions, of: type)
        let start = ContinuousClock.now
        trial.next = page.0.next
        for (index, task) in page.0.rows.enumerated() {
            if task.status == .pending || task.status == .completed {
                let facts = (attachments[task.id] ?? []).compactMap { AttachmentFacts($0) }
                try trial.add(task, with: params, of: type, given: &given, facts: facts)
            }
            let isLate = ContinuousClock.now - start > .seconds(Self.patience)
            if isLate, index + 1 < page.0.rows.count {
                trial.next = TaskCursor(createdAt: task.createdAt, id: task.id)
                break
            }
            if index % 20 == 19 { await Task.yield() }
        }
        trial.problems.sort { ($0.count, $1.path) > ($1.count, $0.path) }
        trial.problems = Array(trial.problems.prefix(Self.mostProblems))
        return trial
    }
}

extension ParamsTrial {
    /// Tries the parameters on one task.
    fileprivate mutating func add(
        _ task: TaskRow, with params: RawJSON, of type: any TaskType, given: inout InheritedParams,
        facts: [AttachmentFacts]
    ) throws {
        tried += 1
        let merged = try given.replaced(in: task, by: params.text)
        let reader = JSONReader()
        let prepared = try JSONDocument.read(merged) {
            type.prepare($0, reader: reader, makeID: WorkEnvironment.makeUUID)
        }
        if !reader.issues.isEmpty {
            brokenTasks += 1
            note(reader.issues, on: .task, of: task.id)
        }
        guard task.status == .completed, let response = task.response, let prepared else { return }
        let new = try Self.issues(of: response, stored: prepared.params, type, facts)
        guard !new.isEmpty else { return }
        // What was wrong before is not the change's doing.
        let old = Set(try Self.issues(of: response, stored: task.params, type, facts).map(\.path))
        let caused = new.filter { !old.contains($0.path) }
        guard !caused.isEmpty else { return }
        brokenAnswers += 1
        note(caused, on: .answer, of: task.id)
    }

    private static func issues(
        of response: String, stored: String, _ type: any TaskType, _ facts: [AttachmentFacts]
    ) throws -> [Issue] {
        try JSONDocument.read(response, limits: JSONLimits(bytes: 256 << 20, depth: 256)) { value in
            let reader = JSONReader()
            try type.check(value, stored: stored, facts: facts, strictness: .submit, reader: reader)
            return reader.issues
        }
    }

    private mutating func note(_ issues: [Issue], on place: TrialProblem.Place, of task: String) {
        var seen: Set<String> = []
        for issue in issues {
            let path = Self.withoutNumbers(issue.path)
            let message = Self.withoutNumbers(issue.message)
            guard seen.insert(path + "\u{0}" + message).inserted else { continue }
            var at = problems.firstIndex { $0.on == place && $0.path == path && $0.message == message }
            if at == nil {
                problems.append(TrialProblem(on: place, path: path, message: message))
                at = problems.count - 1
            }
            guard let at else { continue }
            problems[at].count += 1
            if problems[at].examples.count < TrialProblem.mostExamples { problems[at].examples.append(task) }
        }
    }

    private static func withoutNumbers(_ text: String) -> String {
        text.replacing(/\[[0-9]+\]/, with: "[]")
    }
}

/// What tasks have from the versions of their project, so that it can be told from what they brought along.
private struct InheritedParams {
    private let params: [Int: String]
    private let type: any TaskType
    /// The same as tasks store it: numbers for numeric texts, ids filled in.
    private var stored: [Int: String] = [:]

    init(_ versions: [ProjectVersionRow], of type: any TaskType) throws {
        params = Dictionary(versions.map { ($0.version, $0.params) }, uniquingKeysWith: { first, _ in first })
        self.type = type
    }

    /// The parameters the task would have if it were made with others of its project.
    mutating func replaced(in task: TaskRow, by new: String) throws -> String {
        let (given, kept) = try versions(of: task)
        return try JSONDocument.read(task.params, limits: JSONLimits(bytes: 256 << 20, depth: 256)) { all in
            try JSONDocument.read(given) { given in
                try JSONDocument.read(kept) { kept in
                    var own = JSONWriter(capacity: all.raw.count)
                    own.object { writer in
                        for member in all.members {
                            let isGiven = [given, kept].contains {
                                $0[member.name]?.isEqual(to: member.value) ?? false
                            }
                            guard !isGiven else { continue }
                            writer.key(member.name)
                            writer.raw(member.value.raw)
                        }
                    }
                    return try JSONDocument.read(own.text) { own in
                        try JSONDocument.read(new) { ParameterMerge.merge(request: own, project: $0) }
                    }
                }
            }
        }
    }

    private mutating func versions(of task: TaskRow) throws -> (given: String, kept: String) {
        guard let number = task.paramVersion, let given = params[number] else { return ("{}", "{}") }
        if let known = stored[number] { return (given, known) }
        let check = try JSONDocument.read(given) { try ParamsCheck($0, of: type) }
        // Stand-ins for what tasks bring are no member of the version.
        let kept = try JSONDocument.read(check.stored ?? given) { value in
            var writer = JSONWriter()
            writer.object { writer in
                for member in value.members where !check.leftToTasks.contains(member.name) {
                    writer.key(member.name)
                    writer.raw(member.value.raw)
                }
            }
            return writer.text
        }
        stored[number] = kept
        return (given, kept)
    }
}

extension ParamsTrial {
    /// Writes the trial.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            check.writeMembers(to: &writer)
            writer.field("against", against)
            writer.array("differences") { writer in differences.forEach { $0.write(to: &writer) } }
            writer.field("total", total)
            writer.field("tried", tried)
            writer.object("would_break") { writer in
                writer.field("tasks", brokenTasks)
                writer.field("answers", brokenAnswers)
            }
            writer.array("problems") { writer in
                for problem in problems {
                    writer.object { writer in
                        writer.field("on", problem.on.rawValue)
                        writer.field("path", problem.path)
                        writer.field("message", problem.message)
                        writer.field("count", problem.count)
                        writer.array("examples") { writer in problem.examples.forEach { writer.value($0) } }
                    }
                }
            }
            writer.field("next", ifPresent: next?.token)
        }
    }
}
