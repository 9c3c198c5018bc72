package import Storage

/// What checking the whole log found.
package struct LogReport: Sendable {
    /// An account's log.
    package struct Account: Sendable {
        package var name: String
        /// Entries that are as they were sealed.
        package var entries: Int64
        /// The hash of the last of them.
        package var hash: String
    }

    package var accounts: [Account] = []
    /// Rows that the log knows.
    package var rows = 0
    /// Tasks that are what the log says of them.
    package var tasks = 0
    /// Rows that were written just now, or before the log knew of rows, and wait to be sealed.
    package var waiting = 0
    /// Published ends that lie on the log.
    package var heads = 0

    /// Stored objects that are what their names say; nil if nobody looked.
    package var objects: (count: Int, bytes: Int)?

    /// What is wrong; of each log the first broken entry.
    package var faults = FaultList()

    package var isIntact: Bool { faults.isEmpty }
}

/// Checks every entry of the log, every row it covers, and ends of the log that were kept elsewhere.
package struct LogCheck: Sendable {
    private let database: any Database
    private let heads: [LogHead]

    private static let portion = 500

    package init(database: any Database, heads: [LogHead] = []) {
        self.database = database
        self.heads = heads
    }

    /// Checks all of it, a portion in a transaction, while the server may go on.
    package func run() async throws -> LogReport {
        var report = LogReport()
        let accounts = try await database.read { db in try db.accounts() }
        for account in accounts {
            try await check(account, &report)
            try await TaskCheck(database: database).run(account, &report)
        }
        for head in heads where !accounts.contains(where: { $0.id == head.account }) {
            report.faults.note(
                "There is no account \(head.account), whose log had \(head.position) entries\(head.time).")
        }
        for table in CoveredTable.all { try await check(table, &report) }
        try await PageCheck(database: database).run(&report)
        report.waiting = try await database.read { db in try db.uncoveredRows() }
        return report
    }

    private func check(_ account: AccountRow, _ report: inout LogReport) async throws {
        var position: Int64 = 0
        while true {
            let (part, rows) = try await database.read { [position] db in
                let part = try db.verifyEvents(account: account.id, after: position, limit: Self.portion)
                let rows = try db.verifyRows(of: part.entries) + db.verifyReseals(of: part.entries)
                return (part, rows + (try TaskCheck.missing(part.entries, in: db)))
            }
            for fault in rows { report.faults.note("Account \(account.name), \(fault.words).") }
            position = part.position
            if let fault = part.fault { report.faults.note("Account \(account.name), \(fault.words).") }
            guard part.fault == nil, !part.isComplete else {
                report.accounts.append(.init(name: account.name, entries: position, hash: part.hash))
                break
            }
        }
        for head in heads where head.account == account.id {
            try await check(head, account, through: position, &report)
        }
    }

    private func check(
        _ head: LogHead, _ account: AccountRow, through position: Int64, _ report: inout LogReport
    ) async throws {
        guard head.position > 0 else { return }
        let hash = try await database.read { db in try db.sealedHash(account: account.id, at: head.position) }
        if hash == head.hash, head.position <= position {
            report.heads += 1
        } else if hash == nil {
            report.faults.note(
                "Account \(account.name), entry \(head.position) is missing: the log had so many entries\(head.time), and the end has been cut off."
            )
        } else {
            report.faults.note(
                "Account \(account.name), entry \(head.position) is not the one that was the end\(head.time): the log has been written anew."
            )
        }
    }

    private func check(_ table: CoveredTable, _ report: inout LogReport) async throws {
        var place: [Value]?
        repeat {
            let found = try await database.read { [place] db in
                try db.verifyKnown(table, after: place, limit: Self.portion)
            }
            for fault in found.faults { report.faults.note(fault.words.first.uppercased() + fault.words.rest + ".") }
            report.rows += found.count - found.faults.count
            place = found.next
        } while place != nil
    }
}

extension LogHead {
    fileprivate var time: String { at.map { " at \($0.iso8601)" } ?? "" }
}

extension EventRow {
    /// The entry for people: its place and what happened.
    var words: String { "entry \(position ?? 0) (\(action) of \(objectKind) \(objectID), \(at.iso8601))" }
}

extension ChainFault {
    /// What is wrong, in words that go on after a comma.
    package var words: String {
        switch what {
        case .missing: "entry \(position) is missing"
        case .added: "\(event?.words ?? "entry \(position)") was put into the log"
        case .changed: "\(event?.words ?? "entry \(position)") does not say what was sealed"
        case .end: "entry \(position) is not the end that is noted for the log"
        }
    }
}

extension RowFault {
    /// What is wrong, in words that go on after a comma.
    package var words: String {
        switch what {
        case .changed(let columns):
            "the row \(row) is not as \(entry?.words ?? "the log") says: \(columns.joined(separator: ", ")) \(columns.count == 1 ? "differs" : "differ")"
        case .missing: "the row \(row) is missing, which \(entry?.words ?? "the log") knows of"
        case .added: "the row \(row) was put in: the log does not know of it"
        case .resealed(let columns):
            "the row \(row) was changed behind the program's back and then sealed again by \(entry?.words ?? "the log"): \(columns.joined(separator: ", "))"
        }
    }
}

extension String {
    fileprivate var first: String { String(prefix(1)) }
    fileprivate var rest: String { String(dropFirst()) }
}
