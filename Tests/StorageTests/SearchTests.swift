import TestSupport
import Testing

@testable import Storage

@Suite struct SearchTests {
    @Test(
        arguments: [
            ("IMG_0042.jpg", ["img", "0042", "jpg"]), ("Straße Nº 5", ["straße", "no", "5"]),
            ("Crème brûlée", ["creme", "brulee"]), ("東京タワー", ["東", "京", "タ", "ワ", "ー"]), ("", []), ("-- ,", []),
            ("ＡＢＣ１２", ["abc12"]), ("Ελληνικά", ["ελληνικα"]), ("한국 여행", ["한국", "여행"]),
            (String(repeating: "x", count: 50), [String(repeating: "x", count: 40)]),
        ] as [(String, [String])])
    func `a text has words, whatever its script`(text: String, words: [String]) {
        #expect(TaskWords.split(text) == words)
    }

    @Test func `a task's words come from its unique id, tags and the values of its metadata`() {
        let words = TaskWords.of(
            uniqueID: "frame-7", tags: ["Night rain", "frame"],
            metadata: #"{"camera":"front left","at":{"speed":12.5,"ok":true,"list":["front",null,3]}}"#)
        #expect(words == ["frame", "7", "night", "rain", "front", "left", "12", "5", "3"])
        let many = (0..<200).map { "\"k\($0)\":\"w\($0)\"" }.joined(separator: ",")
        #expect(TaskWords.of(uniqueID: nil, tags: [], metadata: "{\(many)}").count == TaskWords.most)
    }

    @Test func `a search is words, those in quotes whole`() throws {
        let terms = try #require(SearchTerms(#"fro "left hand" x Café"#)).terms
        #expect(terms.map(\.word) == ["fro", "left", "hand", "x", "cafe"])
        #expect(terms.map(\.isWhole) == [false, true, true, true, false])
        #expect(SearchTerms(" - ") == nil)
        #expect(SearchTerms("5c84d0")?.idStart == "5c84d0")
        #expect(SearchTerms("5c84d")?.idStart == nil)
        #expect(SearchTerms("5c84d0ef car")?.idStart == nil)
    }

    @Test(arguments: Backend.available)
    func `words follow every change of a task`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            var task = seed.task(uniqueID: "frame-0001", tags: ["night"])
            task.metadata = #"{"camera":"front"}"#
            let (live, id, now, stored) = (seed.live, task.id, Seed.start, task)
            func found(_ text: String) async throws -> Bool {
                try await database.read { db in
                    let filter = TaskFilter(search: SearchTerms(text))
                    let total = try db.taskTotal(realm: live, filter: filter)
                    let ids = try db.taskIDs(realm: live, filter: filter, limit: 10).ids
                    #expect(ids.count == total)
                    return ids == [id]
                }
            }
            try await database.write { db in _ = try db.insertTask(stored) }
            for text in ["frame", "0001", "fr", "night", "front", "NIGHT front 0001", String(id.prefix(9)), id] {
                #expect(try await found(text), "\(text)")
            }
            for text in ["\"fram\"", "day", "night day", "ront", String(id.dropFirst())] {
                #expect(try await !found(text), "\(text)")
            }
            try await database.write { db in
                _ = try db.setTags(realm: live, id: id, tags: ["day"], at: now)
                _ = try db.setMetadata(realm: live, id: id, metadata: #"{"camera":"rear"}"#, at: now)
                _ = try db.setUniqueID(realm: live, id: id, uniqueID: "other", at: now)
            }
            for text in ["day", "rear", "other", "other rear day"] { #expect(try await found(text), "\(text)") }
            for text in ["night", "front", "frame", "0001"] { #expect(try await !found(text), "\(text)") }
            try await database.write { db in _ = try db.clearUniqueID(realm: live, id: id, at: now) }
            #expect(try await !found("other"))
            #expect(try await found("day"))
        }
    }

    @Test(arguments: Backend.available)
    func `tasks from before there were words get theirs`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let tasks = (0..<7).map { seed.task(at: Seed.start.adding(milliseconds: $0), uniqueID: "old \($0)") }
            let live = seed.live
            let count = try await database.write { db in
                for task in tasks { _ = try db.insertTask(task) }
                try db.execute("DELETE FROM task_words")
                try db.execute("DELETE FROM task_texts")
                var place = ""
                var rounds = 0
                while let next = try db.fillWords(after: place, limit: 3) { (place, rounds) = (next, rounds + 1) }
                #expect(rounds == 3)
                return try db.taskTotal(realm: live, filter: TaskFilter(search: SearchTerms("old")))
            }
            #expect(count == 7)
        }
    }

    /// What is found is compared with looking at every task, for random words, filters and orders.
    @Test(arguments: Backend.available, 0..<8 as Range<UInt64>)
    func `searches, orders and totals agree with looking at everything`(backend: Backend, number: UInt64) async throws {
        try await backend.withDatabase { database in
            var random = SeededGenerator(seed: number)
            let seed = try await Seed.account(in: database)
            let project = try await seed.project("p", in: database)
            let batch = try await seed.batch("b", of: project, in: database)
            let vocabulary = ["car", "card", "cart", "night", "n", "fog", "0001", "0002"]
            var tasks: [NewTask] = []
            for index in 0..<150 {
                var task = seed.task(
                    at: Seed.start.adding(milliseconds: .random(in: 0...40, using: &random)),
                    project: Bool.random(using: &random) ? project.id : nil,
                    uniqueID: Bool.random(using: &random) ? "u\(1000 + index * 7 % 150)x\(index)" : nil,
                    tags: vocabulary.filter { _ in Int.random(in: 0..<6, using: &random) == 0 })
                if task.projectID != nil, Bool.random(using: &random) { task.batchID = batch.id }
                task.metadata = #"{"w":"\#(vocabulary[Int.random(in: vocabulary.indices, using: &random)])"}"#
                tasks.append(task)
            }
            let made = tasks
            let live = seed.live
            let changes = made.indices.map { _ in Int.random(in: 0..<4, using: &random) }
            try await database.write { db throws in
                for task in made { _ = try db.insertTask(task) }
                for (number, (task, change)) in zip(made, changes).enumerated() where change < 2 {
                    let status: TaskRow.Status = change == 0 ? .completed : .canceled
                    _ = try db.finishTask(
                        realm: live, id: task.id, as: status, response: nil,
                        at: Seed.start.adding(milliseconds: Int64(number * 7 % 64)))
                }
            }
            let all = try await database.read { db in
                try db.tasks(realm: live, filter: TaskFilter(), limit: 1000).rows
            }
            for _ in 0..<40 {
                var filter = TaskFilter()
                if Int.random(in: 0..<5, using: &random) > 0 {
                    let words = (0...Int.random(in: 0...1, using: &random)).map { _ -> String in
                        let word = vocabulary[Int.random(in: vocabulary.indices, using: &random)]
                        return Bool.random(using: &random) ? "\"\(word)\"" : String(word.prefix(3))
                    }
                    filter.search = SearchTerms(words.joined(separator: " "))
                }
                if Int.random(in: 0..<3, using: &random) == 0 { filter.projectID = project.id }
                if Int.random(in: 0..<5, using: &random) == 0 { filter.batchID = batch.id }
                if Int.random(in: 0..<3, using: &random) == 0 {
                    filter.statuses = Array(TaskRow.Status.allCases.shuffled(using: &random).prefix(2))
                }
                if Int.random(in: 0..<4, using: &random) == 0 { filter.tags = ["car", "fog"] }
                if Int.random(in: 0..<4, using: &random) == 0 {
                    filter.created = TimeRange(from: Seed.start.adding(milliseconds: 10))
                }
                let word = TaskOrder.words[Int.random(in: TaskOrder.words.indices, using: &random)]
                let order = try #require(TaskOrder(word: word))
                let expected = Self.sorted(all.filter { Self.matches($0, filter) }, order)
                let limit = Int.random(in: 1...50, using: &random)
                filter.hasUniqueID = order.key == .uniqueID
                let asked = filter
                try await database.read { db throws in
                    #expect(
                        try db.taskTotal(realm: live, filter: asked) == all.count { Self.matches($0, asked) },
                        "\(asked)")
                    for (depth, isAll) in [
                        (CountDepth.quick, true), (CountDepth(entries: 12, looks: 5), false),
                    ] {
                        let total = try db.taskTotal(realm: live, filter: asked, depth)
                        let all = all.count { Self.matches($0, asked) }
                        #expect(total.isExact ? total.count == all : total.count <= all, "\(depth) \(asked)")
                        #expect(total.isExact || !isAll, "\(asked)")
                    }
                    var seen: [String] = []
                    var position: TaskPosition?
                    repeat {
                        let page = try db.taskIDs(
                            realm: live, filter: asked, order: order, after: position, limit: limit)
                        seen += page.ids
                        #expect(page.ids.count <= limit)
                        position = page.next.flatMap { TaskPosition(token: $0.token) }
                        #expect(position == page.next)
                    } while position != nil
                    #expect(seen == expected, "\(word) \(asked)")
                    // Whatever seemed cheapest, every way finds the same.
                    try Self.compareWays(db, live, asked, order, expected)
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `counting stops where it is told to, and says so`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let tasks = (0..<30).map { number in
                seed.task(at: Seed.start.adding(milliseconds: number), tags: ["fog", number < 9 ? "rare" : "usual"])
            }
            let live = seed.live
            try await database.write { db in for task in tasks { _ = try db.insertTask(task) } }
            try await database.read { db throws in
                func total(_ text: String?, tags: [String] = [], _ depth: CountDepth) throws -> TaskTotal {
                    try db.taskTotal(
                        realm: live, filter: TaskFilter(tags: tags, search: text.flatMap { SearchTerms($0) }), depth)
                }
                let depth = CountDepth(entries: 20, looks: 10)
                #expect(try total("\"fog\"", depth) == TaskTotal(count: 20, isExact: false))
                // Of the beginning of a word, each task has to be told apart from those found by another word.
                #expect(try total("fog", depth) == TaskTotal(count: 10, isExact: false))
                #expect(try total("fog", .exact) == TaskTotal(count: 30, isExact: true))
                #expect(try total("fog usual", depth).isExact == false)
                #expect(try total("fog rare", depth) == TaskTotal(count: 9, isExact: true))
                #expect(try total(nil, tags: ["fog"], depth) == TaskTotal(count: 20, isExact: false))
                #expect(try total(nil, tags: ["rare"], depth) == TaskTotal(count: 9, isExact: true))
            }
        }
    }

    private static func compareWays(
        _ db: any Connection, _ realm: Int64, _ filter: TaskFilter, _ order: TaskOrder, _ expected: [String]
    ) throws {
        let search = TaskSearch(realm: realm, filter: filter)
        let sorted = SortedSearch(search: search, order: order)
        #expect(try db.texts("\(sorted.walked(first: 1000)) LIMIT 1000") == expected, "walked \(order.word) \(filter)")
        #expect(try db.texts("\(sorted.fetched) LIMIT 1000") == expected, "fetched \(order.word) \(filter)")
        guard let terms = filter.search else { return }
        for term in terms.terms {
            #expect(try db.texts(sorted.found(by: term)) == expected, "found \(order.word) \(filter)")
            guard order.key == .createdAt, let words = try db.words(of: term, realm: realm) else { continue }
            #expect(
                try db.total(sorted.count(by: term, .exact)) == TaskTotal(count: expected.count, isExact: true),
                "count \(filter)")
            let walked = words.isEmpty ? [] : try db.texts("\(sorted.walked(words, of: term, first: 1000)) LIMIT 1000")
            #expect(walked == expected, "words \(filter)")
        }
    }

    private static func matches(_ row: TaskRow, _ filter: TaskFilter) -> Bool {
        if let search = filter.search {
            let words = TaskWords.of(uniqueID: row.uniqueID, tags: row.tags, metadata: row.metadata)
            let isFound = search.terms.allSatisfy { term in
                words.contains { term.isWhole ? $0 == term.word : $0.hasPrefix(term.word) }
            }
            guard isFound else { return false }
        }
        if filter.hasUniqueID, row.uniqueID == nil { return false }
        if let project = filter.projectID, row.projectID != project { return false }
        if let batch = filter.batchID, row.batchID != batch { return false }
        if !filter.statuses.isEmpty, !filter.statuses.contains(row.status) { return false }
        if !filter.tags.isEmpty, !row.tags.contains(where: filter.tags.contains) { return false }
        if let from = filter.created.from, row.createdAt < from { return false }
        return true
    }

    private static func sorted(_ rows: [TaskRow], _ order: TaskOrder) -> [String] {
        func key(_ row: TaskRow) -> (Timestamp, Timestamp, String)? {
            switch order.key {
            case .createdAt: (row.createdAt, row.createdAt, row.id)
            case .updatedAt: (row.updatedAt, row.createdAt, row.id)
            case .completedAt: row.completedAt.map { ($0, row.createdAt, row.id) }
            case .uniqueID: row.uniqueID.map { (Seed.start, Seed.start, $0) }
            }
        }
        return rows.compactMap { row in key(row).map { ($0, row.id) } }
            .sorted { order.isAscending ? $0.0 < $1.0 : $0.0 > $1.0 }.map(\.1)
    }

    @Test(arguments: ["", "x", "LWNyZWF0ZWRfYXQgMSAyIA==", "Zm9vIDEgNWM4NGQwZWZjNGZkNGYwMDc1ZDExZjhjIA=="])
    func `a foreign token is no position`(token: String) {
        #expect(TaskPosition(token: token) == nil)
    }

    @Test(arguments: Backend.available)
    func `tags are listed from tag to tag`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seed = try await Seed.account(in: database)
            let live = seed.live
            let tags = try await database.write { db in
                for tag in ["rain", "night", "nine", "Ä"] {
                    for _ in 0..<3 { _ = try db.insertTask(seed.task(tags: [tag])) }
                }
                return (
                    try db.tags(realm: live, startingWith: "", limit: 10),
                    try db.tags(realm: live, startingWith: "ni", limit: 10),
                    try db.tags(realm: live, startingWith: "", limit: 1)
                )
            }
            #expect(Set(tags.0) == ["rain", "night", "nine", "Ä"])
            #expect(tags.1 == ["night", "nine"])
            #expect(tags.2.count == 1)
        }
    }
}
