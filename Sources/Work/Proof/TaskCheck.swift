import Storage

/// Compares the rows of all tasks with what the log says that they are.
struct TaskCheck {
    let database: any Database

    /// Tasks that are looked at in a transaction.
    private static let portion = 100
    /// About how many bytes of a task's entries are in memory at a time.
    private static let bytes = 16 << 20

    /// Checks the tasks of an account, a portion after the other, while the server may go on.
    func run(_ account: AccountRow, _ report: inout LogReport) async throws {
        let realms = try await database.read { db in try db.realms(account: account.id).map(\.id) }
        for realm in realms {
            var place = ""
            while true {
                let (ids, faults) = try await database.read { [place] db in
                    let ids = try db.taskIDs(realm: realm, after: place, limit: Self.portion)
                    return (ids, try Self.faults(ids, realm: realm, in: db))
                }
                guard let last = ids.last else { break }
                place = last
                report.tasks += ids.count - faults.count
                for fault in faults { report.faults.note("Account \(account.name), \(fault.words).") }
            }
        }
    }

    private static func faults(_ ids: [String], realm: Int64, in db: any Connection) throws -> [RowFault] {
        try ids.compactMap { id in
            var (claims, last) = (TaskClaims(), EventRow?.none)
            for portion in try db.eventIDs(aboutTask: id, realm: realm, bytes: Self.bytes) {
                for event in try db.eventsAfter(realm: realm, ids: portion) {
                    claims.add(event)
                    last = event
                }
            }
            guard let row = try db.task(realm: realm, id: id) else { return nil }
            guard !claims.isEmpty else { return RowFault(row: "tasks/\(id)", what: .added) }
            let columns = claims.differences(from: row)
            last?.after = nil
            return columns.isEmpty ? nil : RowFault(row: "tasks/\(id)", what: .changed(columns: columns), entry: last)
        }
    }

    /// Tasks that entries say were made and that are not there.
    static func missing(_ entries: [EventRow], in db: any Connection) throws -> [RowFault] {
        let made = entries.filter { $0.objectKind == "task" && $0.action == "task.created" }
        return try Dictionary(grouping: made, by: \.realm).sorted { $0.key < $1.key }.flatMap { realm, made in
            let byTask = Dictionary(made.map { ($0.objectID, $0) }) { first, _ in first }
            return try db.missingTasks(byTask.keys.sorted(), realm: realm).map {
                RowFault(row: "tasks/\($0)", what: .missing, entry: byTask[$0])
            }
        }
    }
}
