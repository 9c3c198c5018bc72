import Storage

/// Compares the rows of all tasks with what the log says that they are.
struct TaskCheck {
    let database: any Database

    /// Tasks whose entries are in memory at a time.
    private static let portion = 100

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
        var claims: [String: TaskClaims] = [:]
        var last: [String: EventRow] = [:]
        for event in try db.events(aboutTasks: ids, realm: realm) {
            claims[event.objectID, default: TaskClaims()].add(event)
            last[event.objectID] = event
        }
        return try db.tasks(realm: realm, ids: ids).compactMap { row in
            let name = "tasks/\(row.id)"
            guard let said = claims[row.id], !said.isEmpty else { return RowFault(row: name, what: .added) }
            let columns = said.differences(from: row)
            return columns.isEmpty ? nil : RowFault(row: name, what: .changed(columns: columns), entry: last[row.id])
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
