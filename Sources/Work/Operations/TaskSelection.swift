package import JSON
package import Storage

/// Which tasks something is done with: those of a list of ids, or all that a filter is about.
package struct TaskSelection: Sendable {
    enum Kind: Sendable {
        case ids([String])
        case filter(TaskListing)
    }

    let kind: Kind

    /// The selection as JSON, in which it is kept and shown.
    package let text: String

    /// The most ids of one selection.
    private static let mostIDs = 10_000

    // MARK: Reading

    private static let name = Schema<String>.string(length: 1...1000)
    private static let project = OptionalField("project", name, "A project's name.")
    private static let batch = OptionalField("batch", name, "A batch's name.")
    private static let type = OptionalField("type", name, "A task type.")
    private static let statuses = OptionalField(
        "status", words("status", TaskRow.Status.allCases), "Where the tasks stand: a word, or several in an array.")
    private static let startTime = OptionalField("start_time", time, "The earliest time of creation.")
    private static let endTime = OptionalField("end_time", lastTime, "The latest time of creation.")
    private static let completedAfter = OptionalField("completed_after", time, "The earliest time of completion.")
    private static let completedBefore = OptionalField("completed_before", lastTime, "The latest time of completion.")
    private static let updatedAfter = OptionalField("updated_after", time, "The earliest time of the last change.")
    private static let updatedBefore = OptionalField("updated_before", lastTime, "The latest time of the last change.")
    private static let reviews = OptionalField(
        "customer_review_status", words("customer_review_status", TaskRow.ReviewStatus.allCases),
        "Verdicts: a word, or several in an array.")
    private static let uniqueIDs = OptionalField(
        "unique_id", .array(of: name, count: 0...1000), "Any of these unique ids.")
    private static let tags = OptionalField("tags", .array(of: name, count: 0...100), "Any of these tags.")
    private static let search = OptionalField(
        "search", .string(length: 0...200), "Words that a task must have, as in lists.")

    private static let filter = Schema<TaskListing>.object(
        "TaskFilter",
        [
            project, batch, type, statuses, startTime, endTime, completedAfter, completedBefore, updatedAfter,
            updatedBefore, reviews, uniqueIDs, tags, search,
        ]
    ) { object in
        var listing = TaskListing()
        listing.project = object(project)
        listing.batch = object(batch)
        listing.filter.type = object(type)
        listing.filter.statuses = object(statuses) ?? []
        listing.filter.created = .between(object(startTime), object(endTime))
        listing.filter.completed = .between(object(completedAfter), object(completedBefore))
        listing.filter.updated = .between(object(updatedAfter), object(updatedBefore))
        listing.filter.reviews = object(reviews) ?? []
        listing.filter.uniqueIDs = object(uniqueIDs) ?? []
        listing.filter.tags = object(tags) ?? []
        listing.filter.search = object(search).flatMap { SearchTerms($0) }
        return listing
    }

    private static let identifier = Schema<String>.string(length: 24...24).checked { value, json, reader in
        if !Identifier.isValid(value) { reader.report(json, "must be a task's id, 24 hex digits") }
    }

    /// The members by which requests select tasks, of which exactly one must be there.
    package static let fields: [any FieldDeclaration] = [idField, filterField]
    private static let idField = OptionalField(
        "ids", .array(of: identifier, count: 1...mostIDs), "These tasks.")
    private static let filterField = OptionalField(
        "filter",
        Schema<TaskSelection>(filter.shape) { value, reader in
            filter(value, reader).map { TaskSelection(kind: .filter($0), text: #"{"filter":\#(value.rawText)}"#) }
        }, "All tasks that match, with the names of the filters of lists; {} for all there are.")

    /// Reads the members of a request.
    package static func read(_ object: inout ObjectReader) -> TaskSelection? {
        let ids = object(idField)
        let filter = object(filterField)
        guard (ids == nil) != (filter == nil) else {
            let asked = ["ids", "filter"].contains { object.object[$0] != nil }
            if !asked || (ids != nil && filter != nil) {
                object.reader.add(
                    Issue(path: "filter", message: "Exactly one of `ids` and `filter` must say which tasks are meant."))
            }
            return nil
        }
        return filter ?? ids.map { TaskSelection(ids: $0) }
    }

    /// These tasks, each once.
    package init(ids: [String]) {
        var seen: Set<String> = []
        let ids = ids.filter { seen.insert($0).inserted }
        var writer = JSONWriter(capacity: 16 + 27 * ids.count)
        writer.object { writer in
            writer.array("ids") { writer in ids.forEach { writer.value($0) } }
        }
        self.init(kind: .ids(ids), text: writer.text)
    }

    private init(kind: Kind, text: String) {
        self.kind = kind
        self.text = text
    }

    /// The selection of a listing whose filter nobody will be shown.
    package init(_ listing: TaskListing) {
        self.init(kind: .filter(listing), text: "{}")
    }

    /// Reads a selection that was kept.
    ///
    /// - Throws: `Issues` if this program no longer understands it.
    init(stored text: String) throws {
        self = try JSONDocument.read(text) { root in
            let reader = JSONReader()
            let selection = Schema<TaskSelection>.object("TaskSelection", Self.fields, Self.read)(root, reader)
            try reader.finish()
            guard let selection else { throw Issues("", "The stored selection cannot be used.") }
            return selection
        }
    }

    /// Writes the member `filter` of what was asked for: null where ids were named.
    static func writeFilter(of stored: String, to writer: inout JSONWriter) {
        writer.key("filter")
        let start = #"{"filter":"#
        if stored.hasPrefix(start) {
            writer.raw(String(stored.dropFirst(start.count).dropLast()))
        } else {
            writer.null()
        }
    }

    private static let time = bound { TimeBound($0) }

    /// The end of a range, where a day alone means all of it.
    private static let lastTime = bound { TimeBound(lastOf: $0) }

    private static func bound(_ read: @escaping @Sendable (String) -> TimeBound?) -> Schema<TimeBound> {
        Schema(.string(length: 1...64, format: nil)) { value, reader in
            guard let bound = value.string.flatMap(read) else {
                reader.report(value, "must be an ISO 8601 time such as 2024-01-31 or 2024-01-31T12:00:00Z")
                return nil
            }
            return bound
        }
    }

    /// A word of an enumeration, or several in an array.
    private static func words<Word: RawRepresentable & Sendable>(
        _ name: String, _ cases: [Word]
    ) -> Schema<[Word]> where Word.RawValue == String {
        let texts = cases.map(\.rawValue)
        let one = Shape.enumeration(texts)
        return Schema(.either([one, .array(of: one, count: 0...100)])) { value, reader in
            let given = value.isArray ? Array(value.elements) : [value]
            var words: [Word] = []
            for element in given {
                guard let word = element.string.flatMap({ Word(rawValue: $0) }) else {
                    reader.report(element, "must be one of \(texts.joined(separator: ", "))")
                    return nil
                }
                words.append(word)
            }
            return words
        }
    }

    // MARK: Going through

    /// How many tasks it is about now.
    func total(realm: Int64, in db: any Connection) throws -> Int {
        switch kind {
        case .ids(let ids): return ids.count
        case .filter(let listing):
            guard let filter = try listing.resolved(realm: realm, in: db) else { return 0 }
            return try db.taskTotal(realm: realm, filter: filter)
        }
    }

    /// A place on the way through a selection, as text.
    enum Place: Sendable, Equatable {
        case start
        /// So many ids are done.
        case index(Int)
        /// The last task was this one.
        case behind(TaskPosition)

        init(_ text: String?) {
            guard let text else {
                self = .start
                return
            }
            self = Int(text).map(Place.index) ?? TaskPosition(token: text).map(Place.behind) ?? .start
        }

        var text: String? {
            switch self {
            case .start: nil
            case .index(let index): String(index)
            case .behind(let position): position.token
            }
        }
    }

    /// The ids of the next tasks behind a place: newest first, or in the order of the list, and none created after `until`.
    func ids(
        realm: Int64, behind place: Place, until: Timestamp, limit: Int, in db: any Connection
    ) throws -> [String] {
        switch kind {
        case .ids(let ids):
            var first = 0
            if case .index(let index) = place { first = index }
            return Array(ids.dropFirst(first).prefix(limit))
        case .filter(let listing):
            guard var filter = try listing.resolved(realm: realm, in: db) else { return [] }
            filter.created.through = min(filter.created.through ?? until, until)
            var position: TaskPosition?
            if case .behind(let last) = place { position = last }
            return try db.taskIDs(realm: realm, filter: filter, after: position, limit: limit).ids
        }
    }

    /// Those of some of its tasks that still belong to it.
    func matching(_ ids: [String], realm: Int64, in db: any Connection) throws -> Set<String> {
        guard case .filter(let listing) = kind else { return Set(ids) }
        guard let filter = try listing.resolved(realm: realm, in: db) else { return [] }
        return try db.matching(realm: realm, filter: filter, ids: ids)
    }

    /// The place behind the last of some tasks that were done.
    func place(after last: TaskHead?, done: Int) -> Place {
        switch kind {
        case .ids: return .index(done)
        case .filter:
            guard let last else { return .start }
            return .behind(TaskPosition(after: TaskCursor(createdAt: last.createdAt, id: last.id)))
        }
    }
}

extension TimeRange {
    /// From the first moment of one bound through the last of the other.
    package static func between(_ first: TimeBound?, _ last: TimeBound?) -> TimeRange {
        TimeRange(
            from: first.map { Timestamp(microseconds: $0.first) },
            through: last.map { Timestamp(microseconds: $0.last) })
    }
}
