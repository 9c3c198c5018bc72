package import JSON
import Labeling
import Media
import Storage

/// What is to be imported, and where to.
package struct ImportRequest: Sendable {
    package var project: String
    package var batch: String?
    package var source: ImportSource
    package var defaults: ImportDefaults
    /// Only tells what would happen.
    package var isDry: Bool

    package init(
        project: String, batch: String?, source: ImportSource, defaults: ImportDefaults, isDry: Bool
    ) {
        self.project = project
        self.batch = batch
        self.source = source
        self.defaults = defaults
        self.isDry = isDry
    }
}

/// What became of one line.
package struct ImportedLine: Sendable, Equatable {
    package enum Outcome: String, Sendable, CaseIterable {
        case created, exists, refused
        /// Would be created; only in dry runs.
        case ready
    }

    package let number: Int
    package let outcome: Outcome
    package var taskID: String?
    package var uniqueID: String?
    /// A sentence for people.
    package let message: String

    package init(
        number: Int, outcome: Outcome, taskID: String? = nil, uniqueID: String? = nil, message: String
    ) {
        self.number = number
        self.outcome = outcome
        self.taskID = taskID
        self.uniqueID = uniqueID
        self.message = message
    }
}

/// What became of all lines.
package struct ImportReport: Sendable {
    /// The most lines of one call.
    package static let mostLines = 2000

    package let isDry: Bool
    package let columns: [ImportColumn]?
    package let lines: [ImportedLine]

    package func count(_ outcome: ImportedLine.Outcome) -> Int { lines.count(where: { $0.outcome == outcome }) }
}

extension TaskOperations {
    /// Lines written in one transaction.
    static let portion = 256

    /// Creates tasks from the lines of a source, each of which is judged alone.
    ///
    /// A line whose unique id or whose data is there already changes nothing, so an import can be repeated.
    package func importTasks(_ request: ImportRequest, by actor: Actor) async throws -> ImportReport {
        let context = try await context(project: request.project, batch: request.batch, version: nil, by: actor)
        guard let project = context.project else { throw Refusal.noSuchProject(request.project) }
        let type = try ProjectOperations.type(of: project)
        try Self.requirePlace(context)
        var reader = try ImportReader(data: DataMember(type), defaults: request.defaults)
        let lines = try reader.lines(of: request.source)
        guard lines.count <= ImportReport.mostLines else {
            throw Issues(
                "", "There are \(lines.count) lines; send at most \(ImportReport.mostLines) at a time.")
        }
        var prepared = try await prepare(lines, type, context, by: actor)
        var seen = SeenLines()
        seen.mark(&prepared)
        let outcomes: [ImportedLine]
        if request.isDry {
            outcomes = try await environment.database.read { [prepared] db in
                try Self.judge(prepared, by: actor, in: db)
            }
        } else {
            outcomes = try await store(prepared, by: actor)
        }
        return ImportReport(isDry: request.isDry, columns: reader.columns, lines: outcomes)
    }

    /// Refuses a whole import where no single line could succeed.
    static func requirePlace(_ context: Context) throws {
        guard let project = context.project, project.product != .standard else { return }
        if let batch = context.batch, batch.status != .staging {
            throw Issues(
                "batch",
                "The batch \(JSONWriter.quoted(batch.name)) is launched, so it takes no more tasks; make another one.")
        }
        if project.product == .rapid, context.batch == nil {
            throw Issues("batch", "`batch` is required in Rapid projects.")
        }
    }

    // MARK: Composition

    private func prepare(
        _ lines: [ImportLine], _ type: any TaskType, _ context: Context, by actor: Actor
    ) async throws -> [PreparedLine] {
        var prepared: [PreparedLine] = []
        for (index, line) in lines.enumerated() {
            prepared.append(try compose(line, type, context, by: actor))
            if index % 50 == 49 { await Task.yield() }
        }
        try await settle(&prepared, names: lines.map(\.names), by: actor)
        return prepared
    }

    /// Makes a task of a line, or says why it is none.
    func compose(
        _ line: ImportLine, _ type: any TaskType, _ context: Context, by actor: Actor
    ) throws -> PreparedLine {
        var result = PreparedLine(number: line.number)
        do {
            let body = try line.body.get()
            let now = environment.now()
            (result.task, result.own) = try JSONDocument.read(body) { root in
                (
                    try prepare(type, root, context, id: Identifier.make(now), now: now, by: actor),
                    ParameterMerge.merge(request: root, project: nil) + (root["instruction"]?.string ?? "")
                )
            }
        } catch let fault as ImportLineFault {
            result.complaint = fault.message
        } catch let issues as Issues {
            result.complaint = issues.all.map { line.words(for: $0.path, $0.message) }.joined(separator: " ")
        } catch let fault as JSONFault {
            result.complaint = fault.message
        }
        return result
    }

    // MARK: Storing

    private func store(_ lines: [PreparedLine], by actor: Actor) async throws -> [ImportedLine] {
        var outcomes: [ImportedLine] = []
        for start in stride(from: 0, to: lines.count, by: Self.portion) {
            let portion = Array(lines[start..<min(start + Self.portion, lines.count)])
            let now = environment.now()
            outcomes += try await environment.database.write { db in
                try Self.store(portion, by: actor, in: db, now: now)
            }
        }
        environment.jobs.raise(.fetchAttachment, .deliverCallback, .closeBatch, .launchBatch)
        return outcomes
    }
}

extension ImportLine {
    /// An issue in the words of whoever made the line: with the column in place of the path.
    fileprivate func words(for path: String, _ message: String) -> String {
        let top = String(path.prefix { $0 != "." && $0 != "[" })
        guard let name = names[path] ?? names[top] else { return message }
        let quoted = "`\(path)`"
        guard message.hasPrefix(quoted) else { return "\(name): \(message)" }
        let rest = message.dropFirst(quoted.count)
        return names[path] != nil ? name + rest : "\(name), \(quoted)" + rest
    }
}

extension ImportReport {
    /// Writes the report.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("dry_run", isDry)
            if let columns {
                writer.array("columns") { writer in
                    for column in columns {
                        writer.object { writer in
                            writer.field("name", column.name)
                            writer.field("target", column.target.name)
                            writer.field("example", column.example)
                        }
                    }
                }
            }
            writer.field("created", count(.created))
            writer.field("exists", count(.exists))
            writer.field("refused", count(.refused))
            writer.field("ready", count(.ready))
            writer.array("lines") { writer in lines.forEach { $0.write(to: &writer) } }
        }
    }
}
