extension Connection {
    /// Gives unsealed events of an account their positions and hashes, oldest first, and puts into the log what the rows
    /// contain that were written meanwhile.
    ///
    /// One at a time per account, in transactions of its own, so that positions are dense and in one order whatever
    /// order the events were committed in. Rows are read after their marks and under the chain's lock, so the last entry
    /// about a row says what it contained last, unless another mark is there.
    ///
    /// Answers how many events or rows were sealed; call again while that is the limit.
    @discardableResult
    package func sealEvents(account: String, at now: Timestamp, limit: Int = 1000) throws -> Int {
        try execute(
            """
            INSERT INTO event_chains (account_id, position, hash) VALUES (\(account), 0, \(EventSeal.beginning))
            ON CONFLICT (account_id) DO NOTHING
            """)
        guard let end = try chainEnd(account, locking: true) else { return 0 }
        let realms = try realms(account: account).map(\.id)
        var walk = try chainWalk(realms, at: end.position, firstForm: end.firstForm)
        let events: [EventRow] = try all(
            """
            SELECT \(EventRow.columns) FROM events WHERE realm IN \(list: realms) AND position IS NULL
            ORDER BY at, id LIMIT \(limit)
            """)
        for event in events {
            let hash = walk.next(event)
            walk.pass(hash)
            try execute(
                """
                UPDATE events SET position = \(walk.position), hash = \(hash)
                WHERE realm = \(event.realm) AND id = \(event.id)
                """)
        }
        let marks: [RowMark] = try all(
            """
            SELECT realm, name, id, subject FROM uncovered_rows WHERE realm IN \(list: realms)
            ORDER BY realm, name, id LIMIT \(limit)
            """)
        try seal(marks, along: &walk, at: now)
        if walk.position > end.position {
            try execute(
                """
                UPDATE event_chains SET position = \(walk.position), hash = \(walk.hash) WHERE account_id = \(account)
                """)
        }
        return max(events.count, marks.count)
    }

    /// Things whose rows are in memory at a time, of which some are long answers.
    private static var thingsAtOnce: Int { 32 }

    /// Puts what some rows contain into the log, an entry for each thing that they belong to.
    private func seal(_ marks: [RowMark], along walk: inout ChainWalk, at now: Timestamp) throws {
        var rows = RowInsert("events (\(EventRow.columns.text))")
        let things = Dictionary(grouping: marks) { RowMark.Thing(realm: $0.realm, subject: $0.subject) }
            .sorted { $0.key < $1.key }
        for start in stride(from: 0, to: things.count, by: Self.thingsAtOnce) {
            let some = things[start..<min(start + Self.thingsAtOnce, things.count)]
            let contents = try coveredContents(some.flatMap(\.value).map(\.name))
            for (thing, marks) in some {
                let names = Set(marks.map(\.name)).sorted()
                let event = EventRow(
                    NewEvent(
                        realm: thing.realm, at: now, actor: Evidence.actor, objectKind: Evidence.kind,
                        objectID: thing.subject, action: Evidence.action,
                        after: Evidence.write(names.map { ($0, contents[$0]?.seal) })))
                walk.pass(walk.next(event))
                rows.add([
                    event.id.sqlValue, event.realm.sqlValue, event.at.sqlValue, event.actor.sqlValue,
                    event.objectKind.sqlValue, event.objectID.sqlValue, event.action.sqlValue, event.before.sqlValue,
                    event.after.sqlValue, walk.position.sqlValue, walk.hash.sqlValue,
                ])
            }
        }
        try rows.run(in: self)
        for mark in marks {
            try execute(
                "DELETE FROM uncovered_rows WHERE realm = \(mark.realm) AND name = \(mark.name) AND id = \(mark.id)")
        }
    }

    /// The accounts that have something to be sealed.
    package func accountsWithUnsealedEvents() throws -> [String] {
        try texts(
            """
            SELECT DISTINCT r.account_id FROM realms r
            WHERE EXISTS (SELECT 1 FROM events e WHERE e.realm = r.id AND e.position IS NULL)
                OR EXISTS (SELECT 1 FROM uncovered_rows u WHERE u.realm = r.id)
            """)
    }

    // MARK: The chain

    /// The end of an account's chain, kept from other sealers if asked for; nil before anything was sealed.
    func chainEnd(_ account: String, locking: Bool) throws -> ChainEnd? {
        let lock: SQL = locking ? " \(only: .postgres, "FOR UPDATE")" : ""
        return try first(
            "SELECT account_id, position, hash, first_form FROM event_chains WHERE account_id = \(account)\(lock)")
    }

    /// The ends of all chains.
    package func chainEnds() throws -> [ChainEnd] {
        try all("SELECT account_id, position, hash, first_form FROM event_chains ORDER BY account_id")
    }

    /// A walk that stands at a position.
    func chainWalk(_ realms: [Int64], at position: Int64, firstForm: Int64) throws -> ChainWalk {
        ChainWalk(
            at: position, firstForm: firstForm, hashes: try hashes(realms, at: ChainWalk.places(behind: position)))
    }

    /// The hashes of the entries at some positions.
    func hashes(_ realms: [Int64], at places: [Int64]) throws -> [Int64: String] {
        guard !places.isEmpty else { return [:] }
        var hashes: [Int64: String] = [:]
        for row in try query(
            """
            SELECT position, hash FROM events
            WHERE realm IN \(list: realms) AND position IS NOT NULL AND position IN \(list: places)
            """)
        {
            var reader = row.reader
            let position = try reader.int64()
            hashes[position] = try reader.text()
        }
        return hashes
    }
}

/// The end of an account's chain.
package struct ChainEnd: Sendable, Equatable, RowDecodable {
    package var account: String
    package var position: Int64
    package var hash: String

    /// Up to which position entries have the first form.
    package var firstForm: Int64

    package init(_ reader: inout RowReader) throws {
        account = try reader.text()
        position = try reader.int64()
        hash = try reader.text()
        firstForm = try reader.int64()
    }
}

extension EventRow {
    /// An event that is not sealed yet.
    package init(_ event: NewEvent) {
        id = event.id
        realm = event.realm
        at = event.at
        actor = event.actor
        objectKind = event.objectKind
        objectID = event.objectID
        action = event.action
        before = event.before
        after = event.after
    }
}
