import Storage

/// Carries the sealed log into figures and ledger, a portion in a transaction.
struct CountEvents {
    let database: any Database

    /// Events in a transaction, and transactions in a round, so that neither holds up others for long.
    static let portion = 500
    private static let rounds = 20

    /// Counts what has been sealed meanwhile, up to a bound.
    func run() async throws {
        let accounts = try await database.read { db in try db.accountsWithUncountedEvents() }
        for account in accounts {
            for _ in 0..<Self.rounds {
                let count = try await database.write { db in try Self.count(account, in: db) }
                if count < Self.portion { break }
            }
        }
    }

    /// Counts the next portion of an account's log.
    ///
    /// - Returns: How many events that were.
    static func count(_ account: String, in db: any Connection) throws -> Int {
        let position = try db.lockCountedPosition(account: account)
        let events = try db.sealedEvents(account: account, after: position, limit: portion)
        guard let last = events.last?.position else { return 0 }
        var sums = EventCount()
        for event in events { try sums.add(event, in: db) }
        try db.addFigures(sums.figures)
        try db.addPending(sums.pending)
        try db.setCountedPosition(account: account, last)
        return events.count
    }
}
