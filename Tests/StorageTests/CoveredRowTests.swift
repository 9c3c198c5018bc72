import TestSupport
import Testing

@testable import Storage

/// Changing a covered row in any other way than through the program shows, and which it is.
@Suite struct CoveredRowTests {
    /// Undoes what a test did, so that the next tampering starts from the same rows.
    private struct Undo: Error {
        let faults: [RowFault]
    }

    /// The words that a checked column may have besides the one it has.
    private static let words: [String: String] = [
        "attachments.state": "failed", "submissions.kind": "audit", "reviews.verdict": "rejected",
        "audits.result": "rejected", "deliveries.kind": "email", "deliveries.state": "failed",
    ]

    /// An account with two rows or more in every covered table, sealed, and other values for columns that refer to rows.
    private func rows(in database: any Database) async throws -> (account: String, other: [String: String]) {
        let seed = try await Seed.account(in: database)
        let at = Seed.start
        let files = ["a", "b", "c"].map {
            NewAttachment(path: "attachment", url: "https://x.test/\($0)", role: "image")
        }
        var (task, other) = (seed.task(attachments: files), seed.task(uniqueID: "other"))
        (task.instruction, other.response) = ("Draw.", "{}")
        return try await database.write { [task, other] db throws in
            for hash in ["ab", "cd"] { _ = try db.register(object: hash, size: 5, at: at) }
            _ = try db.insertTask(task)
            _ = try db.insertTask(other)
            let copy = StoredCopy(
                hash: "ab", mime: "image/png", width: 3, height: 4, size: 5, thumbnailHash: "cd", statusCode: 200)
            for position in 0..<2 {
                _ = try db.attachmentReady(realm: seed.live, task: task.id, position: position, copy, at: at)
            }
            try db.attachmentFailed(
                realm: seed.live, task: task.id, position: 2, statusCode: 404, error: "It is not there.", at: at)
            try db.finishTask(realm: seed.live, id: task.id, as: .completed, response: #"{"a":"\#(long)"}"#, at: at)
            for number in 1...2 {
                let id = Identifier.make(at)
                try db.insertWorkItem(NewWorkItem(id: id, taskID: task.id, realm: seed.live, createdAt: at))
                guard let item = try db.workItem(realm: seed.live, id: id) else { return (seed.account, [:]) }
                try db.insertSubmission(
                    SubmissionRow(
                        of: item, userID: "ann", response: "{}", objects: number, seconds: 2.5, createdAt: at,
                        finalAt: number == 2 ? at : nil))
                try db.insertReview(
                    ReviewRow(
                        id: id, realm: seed.live, taskID: task.id, projectID: nil, batchID: nil, level: 1,
                        verdict: .accepted, reviewer: "bob", labeler: "ann", reviewed: "x", acceptedObjects: ["k"],
                        rejectedObjects: [], comments: number, seconds: 3, createdAt: at))
                try db.insertAudit(
                    AuditRow(
                        id: "audit-\(number)", realm: seed.live, taskID: task.id, result: .accepted,
                        comments: "Good \(number).",
                        by: "eve", at: at, seconds: 1.25))
                let delivery = DeliveryRow(
                    id: "delivery-\(number)", realm: seed.live, taskID: task.id, target: "https://y.test", kind: .http,
                    body: long, createdAt: at)
                try db.insertDelivery(delivery)
                try db.recordAttempt(
                    DeliveryAttemptRow(deliveryID: delivery.id, number: 1, at: at, statusCode: 500, seconds: 0.5),
                    of: delivery)
                try db.finishDelivery(delivery, state: .succeeded, at: at)
            }
            // Nothing refers to this one.
            try db.insertDelivery(
                DeliveryRow(
                    id: "delivery-3", realm: seed.live, taskID: task.id, target: "https://y.test", kind: .http,
                    body: "{}", createdAt: at))
            while try db.sealEvents(account: seed.account, at: at, limit: 4) > 0 {}
            return (seed.account, ["audits.task_id": other.id, "delivery_attempts.delivery_id": "delivery-3"])
        }
    }

    private let long = String(repeating: "long", count: 100)

    /// Everything that is wrong with the rows.
    private static func faults(_ account: String, in db: any Connection) throws -> [RowFault] {
        let part = try db.verifyEvents(account: account)
        #expect(part.fault == nil && part.isComplete)
        return try db.verifyRows(of: part.entries) + db.verifyReseals(of: part.entries)
            + CoveredTable.all.flatMap { try db.verifyKnown($0, after: nil, limit: 1000).faults }
    }

    /// What is found after some statements, whose effects are taken back; nil if the database refuses them.
    private func after(
        _ statements: [SQL], _ account: String, in database: any Database
    ) async throws -> [RowFault]? {
        do {
            try await database.write { db throws in
                for statement in statements { try db.execute(statement) }
                throw Undo(faults: try Self.faults(account, in: db))
            }
            return []
        } catch let undo as Undo {
            return undo.faults
        } catch StorageError.constraint {
            return nil
        }
    }

    @Test(arguments: Backend.available)
    func `every column of a covered table is covered, or it is said why not`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            for table in CoveredTable.all {
                let columns = try await database.columns(of: table.name)
                #expect(columns == Set(table.columns).union(table.exempt.keys), "\(table.name)")
                #expect(table.exempt.values.allSatisfy { $0.count > 20 })
            }
        }
    }

    @Test(arguments: Backend.available)
    func `changing any covered column of any row shows`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let (account, other) = try await rows(in: database)
            let sound = try await database.read { try Self.faults(account, in: $0) }
            #expect(sound.isEmpty)
            for table in CoveredTable.all {
                let names = try await database.read { try $0.names(of: table) }
                #expect(names.count >= 2, "\(table.name)")
                for column in table.columns {
                    var tried = 0
                    for row in names {
                        let value = try await database.read { try $0.changed(column, of: table, row.keys, other) }
                        let faults = try await after(
                            ["UPDATE \(raw: table.name) SET \(raw: column) = \(value) WHERE \(table.place(row.keys))"],
                            account, in: database)
                        guard let faults else { continue }
                        tried += 1
                        let found = faults.first { $0.row == row.name }
                        #expect(found != nil, "\(row.name) \(column)")
                        if case .changed(let columns)? = found?.what { #expect(columns.contains(column)) }
                    }
                    #expect(tried > 0, "\(table.name).\(column)")
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `deleting, inserting and swapping rows shows`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let (account, _) = try await rows(in: database)
            for table in CoveredTable.all {
                let names = try await database.read { try $0.names(of: table) }
                let (first, last) = (names[0], names[names.count - 1])
                let gone = try await after(
                    ["DELETE FROM \(raw: table.name) WHERE \(table.place(last.keys))"], account, in: database)
                #expect(gone?.map(\.what) == [.missing] && gone?.first?.row == last.name, "\(table.name)")
                guard table.name != "task_payloads" else { continue }
                let key = table.keys[table.keys.count - 1]
                let isText = table.keys.count == 1
                let copied = table.columns.map {
                    $0 == key ? (isText ? "'more'" : "77") : $0 == "work_item_id" ? "'w'" : $0
                }
                let copy: SQL = """
                    INSERT INTO \(raw: table.name) (\(raw: table.columns.joined(separator: ", ")))
                    SELECT \(raw: copied.joined(separator: ", ")) FROM \(raw: table.name) WHERE \(table.place(first.keys))
                    """
                let more = try await after([copy], account, in: database)
                #expect(more?.map(\.what) == [.added], "\(table.name)")
                // A delivery cannot get another name as long as there are attempts.
                guard !table.name.hasPrefix("deliver") else { continue }
                let column: SQL = "\(raw: key)"
                let (one, two) = (first.keys[first.keys.count - 1], last.keys[last.keys.count - 1])
                let between: Value = isText ? .text("between") : .integer(99)
                let swapped = try await after(
                    [(one, between), (two, one), (between, two)].map { from, to in
                        "UPDATE \(raw: table.name) SET \(column) = \(to) WHERE \(column) = \(from)"
                    }, account, in: database)
                #expect(Set(swapped?.map(\.row) ?? []) == [first.name, last.name], "\(table.name)")
            }
        }
    }

    /// Changes of a covered row, and whether sealing it again is found out: always, unless something is logged, or never.
    private enum Found { case always, unlessLogged, never }

    private static let reseals: [(table: CoveredTable, assignment: SQL, found: Found)] = [
        (.reviews, "comments = 99", .always), (.audits, "comments = 'Bad.'", .always),
        (.submissions, "response = '[]'", .always), (.attempts, "status_code = 200", .always),
        (.attachments, "url = 'https://z.test'", .always), (.attachments, "error = 'It is broken.'", .unlessLogged),
        (.payloads, "params = '[]'", .always), (.payloads, "response = '[]'", .unlessLogged),
        (.deliveries, "body = '[]'", .always), (.deliveries, "attempts = 9", .never),
    ]

    @Test(arguments: Backend.available)
    func `a row that was changed and that the program was then made to seal again shows`(
        backend: Backend
    ) async throws {
        try await backend.withDatabase { database in
            let (account, _) = try await rows(in: database)
            for (table, assignment, found) in Self.reseals {
                for isLogged in [false, true] {
                    let row = try #require(try await database.read { try $0.names(of: table) }.first)
                    let faults = try await resealed(row, table, assignment, isLogged: isLogged, account, in: database)
                    let isFound = found == .always || found == .unlessLogged && !isLogged
                    #expect(faults.map(\.row) == (isFound ? [row.name] : []), "\(row.name) \(assignment) \(isLogged)")
                    if case .resealed? = faults.first?.what {} else { #expect(!isFound) }
                }
            }
        }
    }

    /// What is found after a row was changed and marked as one that the program has written, and taken back then.
    private func resealed(
        _ row: (name: String, keys: [Value]), _ table: CoveredTable, _ assignment: SQL, isLogged: Bool,
        _ account: String, in database: any Database
    ) async throws -> [RowFault] {
        do {
            try await database.write { db throws in
                guard let content = try db.coveredContents([row.name])[row.name] else { return }
                try db.execute("UPDATE \(raw: table.name) SET \(assignment) WHERE \(table.place(row.keys))")
                try db.execute(
                    """
                    INSERT INTO uncovered_rows (realm, name, id, subject)
                    VALUES (\(content.realm), \(row.name), 'forged', \(content.subject))
                    """)
                if isLogged {
                    try db.append(
                        NewEvent(
                            realm: content.realm, at: Seed.start, actor: "user:ann", objectKind: "task",
                            objectID: content.subject, action: "task.audited"))
                }
                try db.sealEvents(account: account, at: Seed.start)
                throw Undo(faults: try Self.faults(account, in: db))
            }
            return []
        } catch let undo as Undo {
            return undo.faults
        }
    }

    @Test(arguments: Backend.available)
    func `a row that is written again is sealed again, and nothing is wrong meanwhile`(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let (account, _) = try await rows(in: database)
            try await database.write { db throws in
                guard let delivery = try db.delivery("delivery-1") else { return }
                try db.recordAttempt(
                    DeliveryAttemptRow(deliveryID: delivery.id, number: 2, at: Seed.start, seconds: 1), of: delivery)
                #expect(try Self.faults(account, in: db).isEmpty)
                #expect(try db.uncoveredRows() == 2)
                try db.sealEvents(account: account, at: Seed.start)
                #expect(try Self.faults(account, in: db).isEmpty)
                #expect(try db.uncoveredRows() == 0)
                // Back to what it was: only the last entry counts.
                try db.execute("UPDATE deliveries SET attempts = 1 WHERE id = 'delivery-1'")
                #expect(try Self.faults(account, in: db).map(\.what) == [.changed(columns: ["attempts"])])
            }
        }
    }
}

extension SQL.StringInterpolation {
    /// A name of the schema, which cannot be bound.
    fileprivate mutating func appendInterpolation(raw text: String) { appendInterpolation(SQL(stringLiteral: text)) }
}

extension CoveredTable {
    /// The condition that finds a row.
    fileprivate func place(_ keys: [Value]) -> SQL {
        SQL.joined(zip(self.keys, keys).map { key, value in "\(raw: key) = \(value)" }, by: " AND ")
    }
}

extension Connection {
    /// The finished rows of a table, by name and key.
    fileprivate func names(of table: CoveredTable) throws -> [(name: String, keys: [Value])] {
        let keys = table.keys.map { "x.\($0)" }.joined(separator: ", ")
        return try query(
            "SELECT \(raw: keys) FROM \(raw: table.name) x \(raw: table.join) WHERE \(raw: table.finished) ORDER BY \(raw: keys)"
        ).map { row in
            let named = Dictionary(uniqueKeysWithValues: zip(table.keys, row.values))
            return (table.name(of: named), row.values)
        }
    }

    /// Another value than a column of a row has.
    fileprivate func changed(
        _ column: String, of table: CoveredTable, _ keys: [Value], _ other: [String: String]
    ) throws -> Value {
        let value = try query(
            "SELECT \(raw: column) FROM \(raw: table.name) WHERE \(table.place(keys))"
        ).first?.values.first
        let reference = other[table.name + "." + column]
        switch value {
        case .text(let text):
            if let word = CoveredRowTests.word(table.name + "." + column, besides: text) { return .text(word) }
            return .text(reference.flatMap { $0 == text ? nil : $0 } ?? text + "x")
        case .integer(let integer): return .integer(integer + 1)
        case .double(let number): return .double(number + 0.5)
        case .null, nil: return try isText(column, of: table.name) ? .text("x") : .integer(1)
        }
    }

    private func isText(_ column: String, of table: String) throws -> Bool {
        let sql: SQL =
            dialect == .sqlite
            ? "SELECT type FROM pragma_table_info(\(table)) WHERE name = \(column)"
            : """
            SELECT data_type::text FROM information_schema.columns
            WHERE table_name = \(table) AND table_schema = current_schema() AND column_name = \(column)
            """
        return try optionalText(sql)?.uppercased() == "TEXT"
    }
}

extension CoveredRowTests {
    /// A word that a checked column may have instead of the one it has; nil for columns that take any text.
    fileprivate static func word(_ column: String, besides present: String) -> String? {
        guard let word = words[column] else { return nil }
        return word == present && column == "attachments.state" ? "ready" : word
    }
}
