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
    private static let portion = 100

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
        let prepared = try await prepare(lines, type, context, by: actor)
        let outcomes: [ImportedLine]
        if request.isDry {
            outcomes = try await judge(prepared)
        } else {
            outcomes = try await store(prepared, by: actor)
        }
        return ImportReport(isDry: request.isDry, columns: reader.columns, lines: outcomes)
    }

    /// Refuses a whole import where no single line could succeed.
    private static func requirePlace(_ context: Context) throws {
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

    /// A line that can become a task, or why it cannot.
    fileprivate struct PreparedLine: Sendable {
        let number: Int
        var task: Composed?
        var complaint = ""
        /// What the line itself brings, without what the project gives, which may change between two imports.
        var own = ""
        /// The hash of its data; nil where a unique id tells what is the same.
        var content: String?
    }

    private func prepare(
        _ lines: [ImportLine], _ type: any TaskType, _ context: Context, by actor: Actor
    ) async throws -> [PreparedLine] {
        var prepared: [PreparedLine] = []
        for (index, line) in lines.enumerated() {
            prepared.append(try compose(line, type, context, by: actor))
            if index % 50 == 49 { await Task.yield() }
        }
        let references = prepared.flatMap { $0.task?.attachments ?? [] }.map(\.url)
            .filter { UploadedFile.isReference($0) }
        let realm = actor.realm.id
        let ids = references.compactMap { UploadedFile.identifier(in: $0) }
        var hashes: [String: String?] = [:]
        if !ids.isEmpty {
            hashes = try await environment.database.read { db in try db.fileHashes(realm: realm, ids: ids) }
        }
        for index in prepared.indices {
            prepared[index].settle(files: hashes, names: lines[index].names)
        }
        return prepared
    }

    private func compose(
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

    // MARK: Dry runs

    private func judge(_ lines: [PreparedLine]) async throws -> [ImportedLine] {
        try await environment.database.read { db in
            var seen = SeenLines()
            return try lines.map { line in
                guard let task = line.task else { return line.refused }
                if let other = seen.note(line) { return line.repeated(of: other) }
                return try Self.known(line, task, in: db) ?? line.outcome(.ready, "Can be imported.")
            }
        }
    }

    // MARK: Storing

    private func store(_ lines: [PreparedLine], by actor: Actor) async throws -> [ImportedLine] {
        var outcomes: [ImportedLine] = []
        var seen = SeenLines()
        var rest = lines[...]
        while !rest.isEmpty {
            let portion = Array(rest.prefix(Self.portion))
            rest = rest.dropFirst(Self.portion)
            // Found out before the transaction, which may run several times.
            let repeats = portion.map { line -> Int? in line.task == nil ? nil : seen.note(line) }
            do {
                outcomes += try await store(portion, repeats, by: actor)
            } catch let refusal as Refusal where refusal.code == .duplicate {
                // Somebody else took a unique id at the same moment; one by one only that line is concerned.
                for (line, repeated) in zip(portion, repeats) {
                    do {
                        outcomes += try await store([line], [repeated], by: actor)
                    } catch let refusal as Refusal {
                        outcomes.append(line.outcome(.refused, refusal.message))
                    }
                }
            }
        }
        environment.jobs.raise(.fetchAttachment, .deliverCallback, .closeBatch, .launchBatch)
        return outcomes
    }

    private func store(
        _ lines: [PreparedLine], _ repeats: [Int?], by actor: Actor
    ) async throws -> [ImportedLine] {
        let now = environment.now()
        return try await environment.database.write { db in
            try zip(lines, repeats).map { line, repeated in
                guard let task = line.task else { return line.refused }
                if let repeated { return line.repeated(of: repeated) }
                if let known = try Self.known(line, task, in: db) { return known }
                if let content = line.content,
                    let other = try db.reserveContent(
                        realm: task.task.realm, hash: content, task: task.task.id, at: now)
                {
                    return line.isThere(other)
                }
                try Self.store(task, key: nil, by: actor, in: db, now: now)
                return line.outcome(.created, "Created.", task: task.task.id)
            }
        }
    }

    /// What is said of a line whose task is there already; nil for a new one.
    private static func known(
        _ line: PreparedLine, _ task: Composed, in db: any Connection
    ) throws -> ImportedLine? {
        let realm = task.task.realm
        if let unique = task.task.uniqueID, let id = try db.taskID(realm: realm, uniqueID: unique) {
            let other = try db.task(realm: realm, id: id)
            guard other?.projectID == task.task.projectID else {
                let place = other?.project.map { " of the project \(JSONWriter.quoted($0))" } ?? ""
                return line.outcome(
                    .refused, "The unique id \(JSONWriter.quoted(unique)) is already used by a task\(place).")
            }
            let state = other.map { " It is \($0.status.rawValue)." } ?? ""
            return line.outcome(
                .exists, "A task with this unique id is there already; nothing was changed.\(state)", task: id)
        }
        guard let content = line.content, let id = try db.content(realm: realm, hash: content) else { return nil }
        return line.isThere(id)
    }
}

/// Lines of one import that came before, by what makes them the same.
private struct SeenLines {
    private var numbers: [String: Int] = [:]

    /// Notes a line; the number of an earlier one that is the same, if there is one.
    mutating func note(_ line: TaskOperations.PreparedLine) -> Int? {
        let unique = line.task?.task.uniqueID.map { "u" + $0 }
        let keys = [unique, line.content.map { "c" + $0 }].compactMap(\.self)
        // A unique id tells more than the data: two tasks about one picture may be wanted.
        guard let key = keys.first else { return nil }
        if let other = numbers[key] { return other }
        numbers[key] = line.number
        return nil
    }
}

extension TaskOperations.PreparedLine {
    fileprivate func outcome(
        _ outcome: ImportedLine.Outcome, _ message: String, task id: String? = nil
    ) -> ImportedLine {
        ImportedLine(
            number: number, outcome: outcome, taskID: id, uniqueID: task?.task.uniqueID, message: message)
    }

    fileprivate var refused: ImportedLine { outcome(.refused, complaint) }

    fileprivate func isThere(_ id: String) -> ImportedLine {
        outcome(.exists, "A task with the same data is there already; nothing was changed.", task: id)
    }

    fileprivate func repeated(of line: Int) -> ImportedLine {
        outcome(.exists, "The same as line \(line); it is imported once.")
    }

    /// Refuses a line that names a file nobody uploaded, and finds out what its data amount to.
    fileprivate mutating func settle(files: [String: String?], names: [String: String]) {
        guard let task else { return }
        func file(_ url: String) -> String?? {
            UploadedFile.identifier(in: url).flatMap { files[$0] }
        }
        let missing = task.attachments.first { UploadedFile.isReference($0.url) && file($0.url) == nil }
        if let missing {
            complaint = (names[missing.path] ?? "`\(missing.path)`") + " names no file of this account."
            self.task = nil
            return
        }
        // A unique id is what makes its task the same or another one.
        guard task.task.uniqueID == nil else { return }
        // An uploaded file counts by its bytes, so that the same file sent again is the same data.
        var data = own
        for attachment in task.attachments {
            if let hash = file(attachment.url).flatMap(\.self) {
                data = data.replacing(attachment.url, with: "sha256:" + hash)
            }
        }
        let parts = [task.task.projectID ?? "", task.task.batchID ?? "", data]
        content = ContentHash.of(parts.joined(separator: "\u{0}").utf8).description
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
            writer.array("lines") { writer in
                for line in lines {
                    writer.object { writer in
                        writer.field("line", line.number)
                        writer.field("outcome", line.outcome.rawValue)
                        writer.field("task_id", ifPresent: line.taskID)
                        writer.field("unique_id", ifPresent: line.uniqueID)
                        writer.field("message", line.message)
                    }
                }
            }
        }
    }
}
