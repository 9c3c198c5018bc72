/// What checking a part of an account's log found.
package struct ChainPart: Sendable {
    /// The entries of the part that are as they were sealed, in order.
    package var entries: [EventRow]

    /// Where the log is not as it was sealed, first of all.
    package var fault: ChainFault?

    /// The last position that was checked, and the hash there.
    package var position: Int64
    package var hash: String

    /// Whether this is the end of the log.
    package var isComplete: Bool
}

extension Connection {
    /// Checks so many entries of an account's log, after the last position checked before.
    package func verifyEvents(account: String, after position: Int64 = 0, limit: Int = 1000) throws -> ChainPart {
        guard let end = try chainEnd(account, locking: false) else {
            return ChainPart(entries: [], position: 0, hash: EventSeal.beginning, isComplete: true)
        }
        let realms = try realms(account: account).map(\.id)
        let places = ChainWalk.places(behind: position)
        let hashes = try hashes(realms, at: places)
        var walk = ChainWalk(at: position, firstForm: end.firstForm, hashes: hashes)
        var part = ChainPart(entries: [], position: position, hash: walk.hash, isComplete: false)
        part.fault = places.first { hashes[$0] == nil }.map { ChainFault(position: $0, what: .missing) }
        let upTo = try portionEnd(realms, after: position, upTo: min(position + Int64(limit), end.position))
        let events: [EventRow] = try all(
            """
            SELECT \(EventRow.columns) FROM events
            WHERE realm IN \(list: realms) AND position IS NOT NULL AND position > \(position) AND position <= \(upTo)
            ORDER BY position, realm
            """)
        for event in events where part.fault == nil {
            part.fault = walk.fault(of: event)
            guard part.fault == nil else { break }
            walk.pass(event.hash ?? "")
            part.entries.append(event)
        }
        if part.fault == nil, walk.position < upTo {
            part.fault = ChainFault(position: walk.position + 1, what: .missing)
        }
        (part.position, part.hash) = (walk.position, walk.hash)
        guard part.fault == nil, walk.position == end.position else { return part }
        part.isComplete = true
        // The end of the chain is kept apart, so that cutting the log's end off, or adding to it, shows as well.
        if walk.hash != end.hash {
            part.fault = ChainFault(position: walk.position, what: .end)
        } else if let beyond = try firstSealed(realms, after: end.position) {
            part.fault = ChainFault(position: beyond.position ?? 0, what: .added, event: beyond)
        }
        return part
    }

    /// Where a part ends whose texts are about 16 MB together, or one entry's alone; the given position if it is shorter.
    private func portionEnd(_ realms: [Int64], after position: Int64, upTo end: Int64) throws -> Int64 {
        var size = 0
        for row in try query(
            """
            SELECT position, COALESCE(LENGTH(before), 0) + COALESCE(LENGTH(after), 0) FROM events
            WHERE realm IN \(list: realms) AND position IS NOT NULL AND position > \(position) AND position <= \(end)
            ORDER BY position
            """)
        {
            var reader = row.reader
            let (place, length) = (try reader.int64(), try reader.int())
            size += length
            if size > 16 << 20 { return min(place, end) }
        }
        return end
    }

    private func firstSealed(_ realms: [Int64], after position: Int64) throws -> EventRow? {
        try first(
            """
            SELECT \(EventRow.columns) FROM events
            WHERE realm IN \(list: realms) AND position IS NOT NULL AND position > \(position)
            ORDER BY position LIMIT 1
            """)
    }

    /// The hash at a position of an account's log; nil if there is none.
    package func sealedHash(account: String, at position: Int64) throws -> String? {
        try hashes(try realms(account: account).map(\.id), at: [position])[position]
    }
}

extension ChainWalk {
    /// What is wrong with an entry in the next place; nil if nothing is.
    fileprivate func fault(of event: EventRow) -> ChainFault? {
        let expected = position + 1
        guard let found = event.position, found >= expected else {
            return ChainFault(position: event.position ?? expected, what: .added, event: event)
        }
        guard found == expected else { return ChainFault(position: expected, what: .missing) }
        guard event.hash == next(event) else { return ChainFault(position: expected, what: .changed, event: event) }
        return nil
    }
}

/// An entry of a log with the hashes it covers.
package struct ChainLink: Sendable {
    package var entry: EventRow
    package var previous: String
    package var skipped: String
}

extension Connection {
    /// The positions of what happened to an object, and of what its rows contained, oldest first.
    package func sealedPlaces(
        realm: Int64, object: String, after first: Int64, through last: Int64
    ) throws -> [Int64] {
        try query(
            """
            SELECT position FROM events e \(only: .sqlite, "INDEXED BY events_by_object")
            WHERE e.realm = \(realm) AND e.object_id = \(object) AND e.position IS NOT NULL
                AND e.position > \(first) AND e.position <= \(last)
            ORDER BY position
            """
        ).map { row in
            var reader = row.reader
            return try reader.int64()
        }
    }

    /// The entries that lead from a position of an account's log to others below it, from the end on.
    package func chainPath(account: String, from top: Int64, to places: [Int64]) throws -> [ChainLink] {
        let realms = try realms(account: account).map(\.id)
        let positions = EventSeal.path(from: top, to: places)
        let covered = Set(positions.flatMap { [$0 - 1, EventSeal.skip(from: $0)] }).subtracting([0])
        let hashes = try hashes(realms, at: covered.sorted())
        func hash(_ position: Int64) throws -> String {
            guard position > 0 else { return EventSeal.beginning }
            guard let hash = hashes[position] else { throw ChainFault(position: position, what: .missing) }
            return hash
        }
        var links: [ChainLink] = []
        for start in stride(from: 0, to: positions.count, by: 100) {
            let portion = Array(positions[start..<min(start + 100, positions.count)])
            let entries: [EventRow] = try all(
                """
                SELECT \(EventRow.columns) FROM events
                WHERE realm IN \(list: realms) AND position IS NOT NULL AND position IN \(list: portion)
                ORDER BY position DESC
                """)
            guard entries.count == portion.count else { throw ChainFault(position: portion[0], what: .missing) }
            for (entry, position) in zip(entries, portion) {
                links.append(
                    ChainLink(
                        entry: entry, previous: try hash(position - 1),
                        skipped: try hash(EventSeal.skip(from: position))))
            }
        }
        return links
    }
}

extension EventSeal {
    /// The positions on the ways from one to others below it, each by the longest steps there are, in falling order.
    static func path(from top: Int64, to places: [Int64]) -> [Int64] {
        var found: Set<Int64> = []
        for place in places {
            var position = top
            while position > place {
                found.insert(position)
                let further = skip(from: position)
                position = further >= place ? further : position - 1
            }
            found.insert(place)
        }
        return found.sorted(by: >)
    }
}
