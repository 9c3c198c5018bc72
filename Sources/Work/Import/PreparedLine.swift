import JSON
import Labeling
import Media
import Storage

/// A line that can become a task, or why it cannot.
struct PreparedLine: Sendable {
    let number: Int
    var task: TaskOperations.Composed?
    var complaint = ""

    /// What the line itself brings, without what the project gives, which may change between two imports.
    var own = ""

    /// The hash of its data; nil where a unique id tells what is the same.
    var content: String?

    /// The number of an earlier line of the same import that is the same.
    var repeated: Int?

    /// What tells whether another line is the same.
    ///
    /// A unique id tells more than the data: two tasks about one picture may be wanted.
    var sameness: String? { task?.task.uniqueID.map { "u" + $0 } ?? content.map { "c" + $0 } }

    /// What became of the line.
    func outcome(_ outcome: ImportedLine.Outcome, _ message: String, task id: String? = nil) -> ImportedLine {
        ImportedLine(
            number: number, outcome: outcome, taskID: id, uniqueID: task?.task.uniqueID, message: message)
    }

    /// Refuses a line that names a file nobody uploaded, and finds out what its data amount to.
    mutating func settle(files: [String: String?], names: [String: String]) {
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

extension TaskOperations {
    /// Finishes lines that have been composed: those that name files are judged by what these are.
    ///
    /// `names`: how people know the members of a line, by their paths; as many as lines, or none.
    func settle(_ lines: inout [PreparedLine], names: [[String: String]], by actor: Actor) async throws {
        let realm = actor.realm.id
        let ids = lines.flatMap { $0.task?.attachments ?? [] }.filter { UploadedFile.isReference($0.url) }
            .compactMap { UploadedFile.identifier(in: $0.url) }
        var hashes: [String: String?] = [:]
        if !ids.isEmpty {
            hashes = try await environment.database.read { db in try db.fileHashes(realm: realm, ids: ids) }
        }
        for index in lines.indices {
            lines[index].settle(files: hashes, names: names.isEmpty ? [:] : names[index])
        }
    }
}

/// Lines of one import that came before, by what makes them the same.
struct SeenLines {
    private var numbers: [String: Int] = [:]

    /// Marks the lines that are the same as earlier ones.
    ///
    /// `most`: how many are remembered at most, which bounds the memory; later ones are not compared with.
    mutating func mark(_ lines: inout [PreparedLine], most: Int = .max) {
        for index in lines.indices {
            guard let key = lines[index].sameness else { continue }
            lines[index].repeated = numbers[key]
            if lines[index].repeated == nil, numbers.count < most { numbers[key] = lines[index].number }
        }
    }
}

/// What the database knows of lines before they are stored.
struct KnownLines {
    private let tasks: [String: KnownTask]
    private let contents: [String: String]

    init(_ lines: [PreparedLine], realm: Int64, in db: any Connection) throws {
        tasks = try db.knownTasks(realm: realm, uniqueIDs: lines.compactMap { $0.task?.task.uniqueID })
        contents = try db.contents(realm: realm, hashes: lines.compactMap(\.content))
    }

    /// What is said of a line that becomes no task; nil for one that is new.
    func outcome(of line: PreparedLine) -> ImportedLine? {
        guard let task = line.task else { return line.outcome(.refused, line.complaint) }
        if let other = line.repeated { return line.outcome(.exists, "The same as line \(other); it is imported once.") }
        if let unique = task.task.uniqueID, let other = tasks[unique] {
            guard other.projectID == task.task.projectID else {
                let place = other.project.map { " of the project \(JSONWriter.quoted($0))" } ?? ""
                return line.outcome(
                    .refused, "The unique id \(JSONWriter.quoted(unique)) is already used by a task\(place).")
            }
            return line.outcome(
                .exists,
                "A task with this unique id is there already; nothing was changed. It is \(other.status.rawValue).",
                task: other.id)
        }
        return line.content.flatMap { contents[$0] }.map {
            line.outcome(.exists, "A task with the same data is there already; nothing was changed.", task: $0)
        }
    }
}

extension TaskOperations {
    /// Makes tasks of the lines that are new, in one transaction.
    ///
    /// `inserts`: what writes the tasks of all lines that have one, used if all of them turn out to be new.
    static func store(
        _ lines: [PreparedLine], _ inserts: TaskInserts? = nil, by actor: Actor, in db: any Connection, now: Timestamp
    ) throws -> [ImportedLine] {
        let realm = actor.realm.id
        let known = try KnownLines(lines, realm: realm, in: db)
        var fresh: [Composed] = []
        var contents: [(hash: String, task: String)] = []
        let outcomes = lines.map { line in
            if let outcome = known.outcome(of: line) { return outcome }
            guard let task = line.task else { return line.outcome(.refused, line.complaint) }
            fresh.append(task)
            if let content = line.content { contents.append((content, task.task.id)) }
            return line.outcome(.created, "Created.", task: task.task.id)
        }
        guard !fresh.isEmpty else { return outcomes }
        try db.reserveContents(realm: realm, contents, at: now)
        let whole = inserts?.count == fresh.count ? inserts : nil
        try db.insertTasks(whole ?? Self.inserts(fresh, by: actor, now: now))
        try follow(fresh, by: actor, in: db, now: now)
        return outcomes
    }

    /// What writes tasks, with the events and jobs that go with every one.
    static func inserts(_ tasks: [Composed], by actor: Actor, now: Timestamp) -> TaskInserts {
        TaskInserts(
            tasks.map(\.task), events: tasks.map { created($0, by: actor, at: now) },
            // In test mode nothing is fetched.
            jobs: tasks.flatMap { FetchAttachment.jobs(for: $0.task, at: now) }, at: now)
    }

    /// Tells what would become of lines.
    static func judge(_ lines: [PreparedLine], by actor: Actor, in db: any Connection) throws -> [ImportedLine] {
        let known = try KnownLines(lines, realm: actor.realm.id, in: db)
        return lines.map { known.outcome(of: $0) ?? $0.outcome(.ready, "Can be imported.") }
    }
}
