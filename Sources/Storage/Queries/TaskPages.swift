/// The ids of some tasks of a sorted list.
package struct TaskIDPage: Sendable {
    /// In the order asked for.
    package var ids: [String]

    /// Where the rest begins; nil if nothing follows.
    package var next: TaskPosition?
}

/// The statements that find tasks in any order, by words or without.
///
/// Matches that are few are fetched by what makes them few, and sorted. Where all conditions are common, the order's index
/// is walked and its tasks are judged one by one, since enough matches are then never far.
struct SortedSearch {
    let search: TaskSearch
    let order: TaskOrder
    /// Where the page begins.
    var after: TaskPosition?
    /// The one word that begins as a searched one does, where that is known: then no task can be found twice.
    var onlyWord: String?

    /// Up to so many matches are fetched and sorted.
    static let few = 20_000

    /// Up to so many words behind a beginning are walked beside each other.
    static let mostRuns = 16

    private var terms: SearchTerms? { search.filter.search }

    private var columns: SQL { order.key == .createdAt ? "t.id, t.created_at" : "t.id, t.created_at, \(order.column)" }

    private var conditions: SQL {
        "t.realm = \(search.realm)\(search.allConditions)\(order.condition)\(order.condition(after: after))"
    }

    /// Tasks that have a word, fetched and sorted.
    func found(by term: SearchTerms.Term) -> SQL {
        """
        SELECT \(columns) FROM (\(tasks(with: term))) AS found CROSS JOIN tasks t
        WHERE t.id = found.task_id AND \(conditions)\(terms?.condition(besides: term) ?? "") \(order.clause)
        """
    }

    /// The ids of the tasks that have a word, each once, without what is looked up at the task; with a bound, looking
    /// stops at so many.
    private func tasks(with term: SearchTerms.Term, atMost bound: Int? = nil) -> SQL {
        let distinct: SQL = isOneWord(term) ? "" : "DISTINCT "
        let words: SQL = onlyWord.map { " AND w.word = \($0)" } ?? term.condition("w")
        let project = search.filter.projectID.map { " AND w.project_id = \($0)" as SQL } ?? ""
        let end = bound.map { " LIMIT \(SQL(number: $0))" as SQL } ?? ""
        let tasks: SQL = """
            SELECT \(distinct)w.task_id FROM task_words w
            WHERE w.realm = \(search.realm)\(words)\(project)\(end)
            """
        guard let terms, terms.idStart != nil else { return tasks }
        return """
            SELECT task_id FROM (\(tasks)) AS named UNION SELECT id FROM (SELECT i.id FROM tasks i
                WHERE i.realm + 0 = \(search.realm)\(terms.idCondition("i.id"))\(end)) AS begun
            """
    }

    private func isOneWord(_ term: SearchTerms.Term) -> Bool { term.isWhole || onlyWord != nil }

    /// Tasks of the filter's smallest part, fetched and sorted.
    var fetched: SQL { "\(part) \(order.clause)" }

    /// Tasks of the filter's smallest part.
    private var part: SQL {
        let words = terms?.condition() ?? ""
        guard search.way == .tags else {
            let hint = search.way == .scope ? search.scopeHint : search.hint
            let statuses: SQL = search.way == .scope ? " AND t.status IN \(list: search.statuses)" : ""
            return "SELECT \(columns) FROM tasks t \(hint) WHERE \(conditions)\(statuses)\(words)"
        }
        return """
            SELECT \(columns) FROM (SELECT DISTINCT g.task_id FROM task_tags g
                WHERE g.realm = \(search.realm) AND g.tag IN \(list: search.filter.tags)) AS found CROSS JOIN tasks t
            WHERE t.id = found.task_id AND \(conditions)\(words)
            """
    }

    /// Tasks judged one by one in the order, of which a page is taken.
    func walked(first count: Int) -> SQL {
        let words = terms?.condition() ?? ""
        guard order.key == .createdAt else {
            return "SELECT \(columns) FROM tasks t \(order.hint) WHERE \(conditions)\(words) \(order.clause)"
        }
        return merge(
            search.statuses.map { status in
                """
                SELECT t.id, t.created_at FROM tasks t \(search.scopeHint)
                WHERE t.status = \(status) AND \(conditions)\(words) \(order.clause) LIMIT \(count)
                """
            })
    }

    /// Tasks that have one of a few words, walked by time of creation.
    func walked(_ words: [String], of term: SearchTerms.Term, first count: Int) -> SQL {
        let direction: SQL = order.isAscending ? "" : " DESC"
        let project = search.filter.projectID.map { " AND w.project_id = \($0)" as SQL } ?? ""
        var position: SQL = ""
        if let after {
            let comparison: SQL = order.isAscending ? ">" : "<"
            position = " AND (w.created_at, w.task_id) \(comparison) (\(after.createdAt), \(after.id))"
        }
        return merge(
            words.map { word in
                """
                SELECT t.id, t.created_at FROM task_words w CROSS JOIN tasks t
                WHERE w.realm = \(search.realm) AND w.word = \(word)\(project)\(position) AND t.id = w.task_id
                    AND t.realm + 0 = \(search.realm)\(search.allConditions)\(terms?.condition(besides: term) ?? "")
                ORDER BY w.created_at\(direction), w.task_id\(direction) LIMIT \(count)
                """
            })
    }

    /// The runs, each in order, as one; a task that is in several is one task.
    private func merge(_ runs: [SQL]) -> SQL {
        let parts = runs.enumerated().map { number, run -> SQL in
            "SELECT id, created_at FROM (\(run)) AS \(SQL(stringLiteral: "run\(number)"))"
        }
        let direction: SQL = order.isAscending ? "" : " DESC"
        return """
            SELECT id, created_at FROM (\(.joined(parts, by: " UNION "))) AS runs
            ORDER BY created_at\(direction), id\(direction)
            """
    }

    /// How many tasks have a word, up to a bound, and how many of those fulfil all conditions.
    ///
    /// The bound is a few for tasks that have to be looked up, and the most for those of which the words say everything.
    func count(by term: SearchTerms.Term, _ depth: CountDepth) -> (statement: SQL, bound: Int?) {
        var bare = search
        bare.filter.projectID = nil
        let others = "\(bare.allConditions)\(terms?.condition(besides: term) ?? "")" as SQL
        // Only what the words do not say themselves is looked up. Tasks found by their ids have said nothing yet.
        guard !others.isEmpty || terms?.idStart != nil else { return countEntries(of: term, depth) }
        let isMatch = "\(conditions)\(terms?.condition(besides: term) ?? "")" as SQL
        let found = tasks(with: term, atMost: depth.looks)
        return (
            """
            SELECT COUNT(*), COUNT(CASE WHEN \(isMatch) THEN 1 END) FROM (\(found)) AS found CROSS JOIN tasks t
            WHERE t.id = found.task_id
            """, depth.looks
        )
    }

    /// The same where the words and their project say everything.
    private func countEntries(of term: SearchTerms.Term, _ depth: CountDepth) -> (statement: SQL, bound: Int?) {
        guard isOneWord(term) else {
            let found = tasks(with: term, atMost: depth.looks)
            return ("SELECT COUNT(*), COUNT(*) FROM (\(found)) AS matches", depth.looks)
        }
        guard let project = search.filter.projectID, let entries = depth.entries else {
            let found = tasks(with: term, atMost: depth.entries)
            return ("SELECT COUNT(*), COUNT(*) FROM (\(found)) AS matches", depth.entries)
        }
        // Entries of other projects take as long. PostgreSQL has the project beside its index, so fewer are looked at.
        let (bound, word) = (entries / 4, onlyWord ?? term.word)
        return (
            """
            SELECT COUNT(*), COUNT(CASE WHEN project_id = \(project) THEN 1 END) FROM (
                SELECT w.project_id FROM task_words w WHERE w.realm = \(search.realm) AND w.word = \(word)
                LIMIT \(SQL(number: bound))) AS matches
            """, bound
        )
    }

    /// How many tasks of the order's index fulfil all conditions; counting may stop at a bound.
    func countInOrder(_ depth: CountDepth) -> (statement: SQL, bound: Int?) {
        let end = depth.entries.map { " LIMIT \(SQL(number: $0))" as SQL } ?? ""
        let matches: SQL = "SELECT 1 FROM tasks t \(order.hint) WHERE \(conditions)\(end)"
        return ("SELECT COUNT(*), COUNT(*) FROM (\(matches)) AS matches", depth.entries)
    }

    /// How many tasks of the filter's smallest part fulfil all conditions; counting may stop at a bound.
    func count(_ depth: CountDepth) -> (statement: SQL, bound: Int?) {
        let end = depth.looks.map { " LIMIT \(SQL(number: $0))" as SQL } ?? ""
        return ("SELECT COUNT(*), COUNT(*) FROM (\(part)\(end)) AS matches", depth.looks)
    }
}

extension Connection {
    /// The ids of a page of the tasks a filter is about, in any order.
    package func taskIDs(
        realm: Int64, filter: TaskFilter, order: TaskOrder = .newestFirst, after position: TaskPosition? = nil,
        limit: Int
    ) throws -> TaskIDPage {
        let wanted = limit + 1
        let search = TaskSearch(realm: realm, filter: filter)
        if filter.search == nil, order == .newestFirst {
            return try newestIDs(search, after: position, limit: limit)
        }
        let sorted = SortedSearch(search: search, order: order, after: position)
        var rows = try query("\(try statement(for: sorted, first: wanted)) LIMIT \(SQL(number: wanted))")
        let hasMore = rows.count > limit
        if hasMore { rows.removeLast(rows.count - limit) }
        let ids = try rows.map { row in
            var reader = row.reader
            return try reader.text()
        }
        return TaskIDPage(ids: ids, next: hasMore ? try rows.last.map { try TaskPosition($0, order: order) } : nil)
    }

    /// Those of some tasks that a filter is about.
    package func matching(realm: Int64, filter: TaskFilter, ids: [String]) throws -> Set<String> {
        let search = TaskSearch(realm: realm, filter: filter)
        return Set(
            try texts(
                """
                SELECT t.id FROM tasks t WHERE t.id IN \(list: ids) AND t.realm + 0 = \(realm)\(search.allConditions)\
                \(filter.search?.condition() ?? "")
                """))
    }

    private func newestIDs(_ search: TaskSearch, after position: TaskPosition?, limit: Int) throws -> TaskIDPage {
        let cursor = position.map { TaskCursor(createdAt: $0.createdAt, id: $0.id) }
        let candidates = try candidates(search, after: cursor, limit + 1)
        let ids = try texts("\(candidates) LIMIT \(SQL(number: limit + 1))")
        guard ids.count > limit, limit > 0 else { return TaskIDPage(ids: ids, next: nil) }
        let last = ids[limit - 1]
        let createdAt = try integer("SELECT created_at FROM tasks WHERE id = \(last)")
        return TaskIDPage(
            ids: Array(ids.prefix(limit)),
            next: TaskPosition(
                order: .newestFirst, createdAt: Timestamp(microseconds: Int64(createdAt)), id: last))
    }

    private func statement(for sorted: SortedSearch, first count: Int) throws -> SQL {
        let few = SortedSearch.few
        guard let terms = sorted.search.filter.search else {
            if sorted.search.isWide, sorted.order.key == .createdAt { return sorted.walked(first: count) }
            return try size(of: sorted.search, atMost: few) < few ? sorted.fetched : sorted.walked(first: count)
        }
        let rarest = try rarest(of: terms, realm: sorted.search.realm)
        if sorted.order.key == .createdAt, terms.idStart == nil, rarest.size >= count * 4,
            let words = try words(of: rarest.term, realm: sorted.search.realm)
        {
            // In the order of the words, which ends as soon as the page is full, and is never longer than fetching all.
            let isPartRare = try rarest.size >= few && size(of: sorted.search, atMost: few) < few
            return isPartRare ? sorted.fetched : sorted.walked(words, of: rarest.term, first: count)
        }
        if rarest.size < few { return sorted.found(by: rarest.term) }
        return try size(of: sorted.search, atMost: few) < few ? sorted.fetched : sorted.walked(first: count)
    }

    /// How many tasks a filter with words is about.
    func searchTotal(realm: Int64, filter: TaskFilter, _ terms: SearchTerms, _ depth: CountDepth) throws -> TaskTotal {
        var sorted = SortedSearch(search: TaskSearch(realm: realm, filter: filter), order: .newestFirst)
        let rarest = try rarest(of: terms, realm: realm)
        if rarest.size >= SortedSearch.few {
            if try size(of: sorted.search, atMost: SortedSearch.few) < SortedSearch.few {
                return try total(sorted.count(.exact))
            }
            let words = try words(of: rarest.term, realm: realm)
            if words?.count == 1 { sorted.onlyWord = words?.first }
        }
        return try total(sorted.count(by: rarest.term, depth))
    }

    /// How many tasks of a filter without words have a unique id, which no counter tells.
    func identifiedTotal(_ search: TaskSearch, _ depth: CountDepth) throws -> TaskTotal {
        let sorted = SortedSearch(search: search, order: TaskOrder(.uniqueID, isAscending: true))
        // Unless something narrows them down, the unique ids themselves are what is counted.
        let isBare = search.isCounted && search.filter.projectID == nil && search.filter.batchID == nil
        return try total(isBare ? sorted.countInOrder(depth) : sorted.count(depth))
    }

    /// Asks how many were looked at, up to a bound, and how many of them match.
    func total(_ count: (statement: SQL, bound: Int?)) throws -> TaskTotal {
        guard var reader = try query(count.statement).first?.reader else { return TaskTotal(count: 0, isExact: true) }
        let (seen, matches) = (try reader.int(), try reader.int())
        return TaskTotal(count: matches, isExact: count.bound.map { seen < $0 } ?? true)
    }

    /// How many tasks a filter is about without its words; counting may stop at a bound.
    private func size(of search: TaskSearch, atMost bound: Int) throws -> Int {
        search.isCounted ? try counted(search) : try integer(search.count(atMost: bound))
    }

    /// The word of a search that the fewest tasks have, and how many these are, up to a few.
    private func rarest(of terms: SearchTerms, realm: Int64) throws -> (term: SearchTerms.Term, size: Int) {
        var rarest: (term: SearchTerms.Term, size: Int)?
        for term in terms.terms {
            let size = try integer(
                """
                SELECT COUNT(*) FROM (SELECT 1 FROM task_words w WHERE w.realm = \(realm)\(term.condition("w"))
                    LIMIT \(SQL(number: SortedSearch.few))) AS matches
                """)
            if size < rarest?.size ?? .max { rarest = (term, size) }
            if size == 0 { break }
        }
        return rarest ?? (SearchTerms.Term(word: "", isWhole: true), 0)
    }

    /// The words a term stands for; nil if they are many.
    func words(of term: SearchTerms.Term, realm: Int64) throws -> [String]? {
        guard !term.isWhole else { return [term.word] }
        let most = SortedSearch.mostRuns
        // One lower bound each: beside a second one, an engine may go by the lower of the two, past every task.
        let words = try texts(
            """
            WITH RECURSIVE found (word, number) AS (
                SELECT (SELECT MIN(w.word) FROM task_words w WHERE w.realm = \(realm)\(term.condition("w"))), 1
                UNION ALL
                SELECT (SELECT MIN(w.word) FROM task_words w
                    WHERE w.realm = \(realm) AND w.word > found.word AND w.word < \(term.end)), found.number + 1
                FROM found WHERE found.word IS NOT NULL AND found.number <= \(SQL(number: most)))
            SELECT word FROM found WHERE word IS NOT NULL
            """)
        return words.count > most ? nil : words
    }
}

extension TaskSearch {
    /// Whether a page by time of creation is found by walking, without counting first.
    fileprivate var isWide: Bool { way == .scope }
}
