import Foundation
import JSON
import Labeling
import Logging
package import NIOCore
package import Storage

/// What a stream of lines is to become.
package struct LineImportRequest: Sendable {
    /// Where tasks belong whose lines do not say, and their type.
    package var project: String?
    package var batch: String?
    package var type: String?

    /// Only tells what would happen.
    package var isDry: Bool

    /// Whether more lines follow in another call.
    package var hasMore: Bool

    /// An import that goes on, with the place in bytes where the stream takes it up.
    package var resumed: (id: String, offset: Int64)?

    package init(
        project: String? = nil, batch: String? = nil, type: String? = nil, isDry: Bool = false,
        hasMore: Bool = false, resumed: (id: String, offset: Int64)? = nil
    ) {
        self.project = project
        self.batch = batch
        self.type = type
        self.isDry = isDry
        self.hasMore = hasMore
        self.resumed = resumed
    }
}

/// Makes tasks of a stream of JSON lines, however long it is.
///
/// Some lines at a time are prepared while those before are written. With them is written how far the import is, so that
/// a stream which breaks off is taken up where it was; and as each line is known by its unique id or its data, nothing
/// comes twice even if all is sent again.
package struct LineImport: Sendable {
    /// The import as it begins.
    package let row: ImportRow
    private let tasks: TaskOperations
    private let actor: Actor
    private let request: LineImportRequest
    private let contexts = ImportContexts()

    /// Lines of one transaction: so many that waiting for the disk is the smaller part, and so few that others who write
    /// wait for less than a tenth of a second.
    static let portion = 1000

    /// Lines of a dry run that later ones are compared with, which bounds its memory.
    private static let remembered = 200_000

    /// Begins an import, or takes one up.
    ///
    /// - Throws: `Refusal` if the import to go on with is not there, is over, or is elsewhere.
    package init(_ request: LineImportRequest, in tasks: TaskOperations, by actor: Actor) async throws {
        self.tasks = tasks
        self.actor = actor
        self.request = request
        let now = tasks.environment.now()
        var new = ImportRow(
            id: Identifier.make(now), realm: actor.realm.id, kind: .lines, request: request.text, actor: actor.label,
            actorName: actor.name, createdAt: now)
        new.state = .running
        row = try await tasks.environment.database.write { [new] db in
            guard let resumed = request.resumed else {
                if !request.isDry { try db.insertImport(new) }
                return new
            }
            guard var row = try db.lockImport(realm: actor.realm.id, id: resumed.id), row.kind == .lines else {
                throw Refusal(.notFound, "There is no import of lines with that id.")
            }
            guard row.state.isOpen else {
                throw Refusal(.conflict, "This import is \(row.state.rawValue); begin a new one.")
            }
            guard row.bytes == resumed.offset else {
                throw Refusal(
                    .conflict,
                    "This import has dealt with \(row.bytes) bytes (\(row.lines) lines); send what follows them, with "
                        + "`offset` \(row.bytes).")
            }
            row.turn += 1
            row.state = .running
            row.updatedAt = now
            try db.updateImport(row)
            return row
        }
    }

    /// Deals with the lines, telling of each what became of it.
    ///
    /// - Parameters:
    ///   - bytes: The stream.
    ///   - report: Takes outcomes in the order of the lines, after they have been written.
    /// - Returns: The import at its end.
    /// - Throws: What ended the import early; it can be taken up then.
    package func run<Bytes: AsyncSequence>(
        _ bytes: Bytes, report: @escaping @Sendable ([ImportedLine]) async throws -> Void
    ) async throws -> ImportRow where Bytes.Element == ByteBuffer {
        var portions = LinePortions(bytes, LineSplitter(lines: row.lines, offset: row.bytes))
        var seen = SeenLines()
        var row = row
        var ready: Portion?
        do {
            repeat {
                let (current, before) = (ready, row)
                async let written = write(current, before, report)
                ready = nil
                if let lines = try await portions.next() {
                    var next = try await prepare(lines)
                    // What has been written the database knows; a dry run writes nothing.
                    if !request.isDry { seen = SeenLines() }
                    seen.mark(&next.lines, most: Self.remembered)
                    ready = next
                }
                row = try await written
            } while ready != nil
            row.lines = portions.splitter.number
            row.bytes = portions.splitter.offset
            return try await finish(row)
        } catch {
            try await pause(row)
            throw error
        }
    }

    // MARK: Preparing

    private struct Portion: Sendable {
        let source: [StreamLine]
        var lines: [PreparedLine]
        /// What writes them, if all are new.
        var inserts: TaskInserts?
        /// What the lines rely on.
        var contexts: [ImportPlace: TaskOperations.Context]
    }

    private func prepare(_ source: [StreamLine]) async throws -> Portion {
        contexts.forget(onlyMissing: true)
        var portion = Portion(source: source, lines: [], contexts: [:])
        portion.lines.reserveCapacity(source.count)
        for line in source {
            while true {
                do {
                    portion.lines.append(try compose(line, &portion.contexts))
                    break
                } catch let unknown as UnknownPlace {
                    try await contexts.find(unknown.place, in: tasks, by: actor)
                }
            }
        }
        try await tasks.settle(&portion.lines, names: [], by: actor)
        if !request.isDry {
            portion.inserts = TaskOperations.inserts(
                portion.lines.compactMap(\.task), by: actor, now: tasks.environment.now())
        }
        return portion
    }

    private func compose(
        _ line: StreamLine, _ used: inout [ImportPlace: TaskOperations.Context]
    ) throws -> PreparedLine {
        var result = PreparedLine(number: line.number)
        guard let bytes = line.bytes else {
            result.complaint = "The line is longer than \(LineSplitter.longest) bytes."
            return result
        }
        let now = tasks.environment.now()
        do {
            (result.task, result.own) = try bytes.withUnsafeReadableBytes { bytes in
                try JSONDocument.read(bytes) { root in
                    guard root.isObject else { throw ImportLineFault(message: "The line must be a JSON object.") }
                    guard !Self.hasZeroCharacter(bytes) else {
                        throw ImportLineFault(message: "A text has a zero character (\\u0000); leave it out.")
                    }
                    let place = place(of: root)
                    let context = try used[place] ?? contexts.context(of: place)
                    used[place] = context
                    let task = try tasks.prepare(
                        try type(of: root, in: context), root, context, id: Identifier.make(now), now: now, by: actor,
                        besides: Self.others)
                    guard task.task.uniqueID == nil else { return (task, "") }
                    return (
                        task,
                        ParameterMerge.merge(request: root, project: nil, besides: Self.others)
                            + (root["instruction"]?.string ?? "")
                    )
                }
            }
        } catch let fault as ImportLineFault {
            result.complaint = fault.message
        } catch let issues as Issues {
            result.complaint = issues.all.map(\.message).joined(separator: " ")
        } catch let fault as JSONFault {
            // Which line it is stands beside the complaint.
            result.complaint = fault.message.replacing("The body", with: "The line")
                .replacing(" at line 1, column ", with: " at column ")
        }
        return result
    }

    /// Whether a text in JSON has a character that databases do not take.
    private static func hasZeroCharacter(_ json: UnsafeRawBufferPointer) -> Bool {
        guard var at = json.baseAddress else { return false }
        let end = at + json.count
        while at < end, let escape = memchr(at, 0x5C, end - at).map({ UnsafeRawPointer($0) }) {
            if end - escape >= 6, memcmp(escape, "\\u0000", 6) == 0 { return true }
            // Past what is escaped, which may be a backslash.
            at = escape + 2
        }
        return false
    }

    /// Members of a line that say something else than what its task is about.
    private static let others: Set<String> = ["type"]

    private func place(of root: JSONValue) -> ImportPlace {
        let batch = root["batch"]?.string
        return ImportPlace(
            // A batch implies its project.
            project: root["project"]?.string ?? (batch == nil ? request.project : nil),
            batch: batch ?? (root["project"] == nil ? request.batch : nil), version: TaskOperations.version(root))
    }

    private func type(of root: JSONValue, in context: TaskOperations.Context) throws -> any TaskType {
        let name = root["type"]?.string ?? request.type ?? context.project?.type
        guard let name else {
            throw ImportLineFault(message: "`type` is required where neither a project nor a batch is named.")
        }
        guard let type = TaskTypes.named(name) else {
            throw ImportLineFault(
                message: "`type` must be one of \(TaskTypes.all.map(\.name).joined(separator: ", ")).")
        }
        return type
    }

    // MARK: Writing

    /// Writes a portion with how far the import is then, and tells of it.
    private func write(
        _ portion: Portion?, _ row: ImportRow, _ report: @Sendable ([ImportedLine]) async throws -> Void
    ) async throws -> ImportRow {
        guard var portion else { return row }
        while true {
            do {
                let (row, outcomes) = try await store(portion, row)
                try await report(outcomes)
                return row
            } catch is OutdatedProject {
                // A project was changed, or a batch launched, since its lines were prepared.
                contexts.forget(onlyMissing: false)
                let repeats = portion.lines.map(\.repeated)
                portion = try await prepare(portion.source)
                for (index, repeated) in repeats.enumerated() { portion.lines[index].repeated = repeated }
            }
        }
    }

    private func store(_ portion: Portion, _ row: ImportRow) async throws -> (ImportRow, [ImportedLine]) {
        let now = tasks.environment.now()
        let (isDry, actor) = (request.isDry, actor)
        guard !isDry else {
            let outcomes = try await tasks.environment.database.read { db in
                try TaskOperations.judge(portion.lines, by: actor, in: db)
            }
            return (row.after(outcomes, portion.source, at: now), outcomes)
        }
        let result = try await tasks.environment.database.write { db in
            guard let current = try db.lockImport(realm: row.realm, id: row.id) else {
                throw Refusal(.notFound, "The import is gone.")
            }
            guard current.state.isOpen, current.turn == row.turn else {
                throw Refusal(
                    .conflict,
                    current.state.isOpen
                        ? "The import goes on in another call." : "The import is \(current.state.rawValue).")
            }
            guard try ImportContexts.areCurrent(portion.contexts, in: db) else { throw OutdatedProject() }
            let outcomes = try TaskOperations.store(portion.lines, portion.inserts, by: actor, in: db, now: now)
            let after = row.after(outcomes, portion.source, at: now)
            try db.updateImport(after)
            return (after, outcomes)
        }
        tasks.environment.jobs.raise(.fetchAttachment, .deliverCallback, .closeBatch, .launchBatch)
        return result
    }

    private func finish(_ row: ImportRow) async throws -> ImportRow {
        guard !request.isDry else { return row }
        let now = tasks.environment.now()
        return try await tasks.environment.database.write { [actor, request] db in
            guard var current = try db.lockImport(realm: row.realm, id: row.id), current.turn == row.turn,
                current.state.isOpen
            else { return row }
            current.lines = row.lines
            current.bytes = row.bytes
            current.state = request.hasMore ? .waiting : .done
            current.updatedAt = now
            current.finishedAt = request.hasMore ? nil : now
            try db.updateImport(current)
            guard !request.hasMore else { return current }
            try db.append(
                NewEvent(
                    realm: row.realm, at: now, actor: actor.label, objectKind: "import", objectID: row.id,
                    action: "import.finished", after: current.text))
            return current
        }
    }

    /// Notes that the rest is to come, unless somebody else has taken the import up meanwhile.
    private func pause(_ row: ImportRow) async throws {
        guard !request.isDry else { return }
        try await tasks.environment.database.write { db in
            guard var current = try db.lockImport(realm: row.realm, id: row.id), current.turn == row.turn,
                current.state == .running
            else { return }
            current.state = .waiting
            try db.updateImport(current)
        }
    }
}
