import Crypto
import Foundation

/// What checking a part of an account's log found.
package enum ChainCheck: Sendable, Equatable {
    /// All is as it was sealed, through the given position; `complete` says that this is the end of the log.
    case intact(through: Int64, complete: Bool)

    /// At this position an event was changed, or is missing, or was put in.
    case broken(at: Int64)
}

/// The hash of an event in its place: SHA-256 over the hash before and the event's members.
///
/// Each member is written with its length before it, or as `-` for none, so that no two events read alike.
private struct EventSeal {
    static let beginning = String(repeating: "0", count: 64)

    static func hash(_ event: EventRow, position: Int64, after previous: String) -> String {
        var hasher = SHA256()
        func add(_ member: String?) {
            let text = member.map { "\($0.utf8.count):\($0)" } ?? "-"
            hasher.update(data: Data(text.utf8))
        }
        for member in [
            previous, String(position), String(event.realm), event.id, String(event.at.microseconds), event.actor,
            event.objectKind, event.objectID, event.action, event.before, event.after,
        ] {
            add(member)
        }
        return hasher.finalize().hex
    }
}

extension Connection {
    /// Gives unsealed events of an account their positions and hashes, oldest first.
    ///
    /// One at a time per account, in transactions of its own, so that positions are dense and in one order whatever
    /// order the events were committed in.
    ///
    /// Answers how many were sealed; call again while that is the limit.
    @discardableResult
    package func sealEvents(account: String, limit: Int = 1000) throws -> Int {
        try execute(
            """
            INSERT INTO event_chains (account_id, position, hash) VALUES (\(account), 0, \(EventSeal.beginning))
            ON CONFLICT (account_id) DO NOTHING
            """)
        guard var (position, hash) = try chainEnd(account, locking: true) else { return 0 }
        let events: [EventRow] = try all(
            """
            SELECT \(EventRow.columns) FROM events
            WHERE realm IN (SELECT id FROM realms WHERE account_id = \(account)) AND position IS NULL
            ORDER BY at, id LIMIT \(limit)
            """)
        for event in events {
            position += 1
            hash = EventSeal.hash(event, position: position, after: hash)
            try execute(
                """
                UPDATE events SET position = \(position), hash = \(hash)
                WHERE realm = \(event.realm) AND id = \(event.id)
                """)
        }
        if !events.isEmpty {
            try execute(
                "UPDATE event_chains SET position = \(position), hash = \(hash) WHERE account_id = \(account)")
        }
        return events.count
    }

    private func chainEnd(_ account: String, locking: Bool) throws -> (position: Int64, hash: String)? {
        let lock: SQL = locking ? " \(only: .postgres, "FOR UPDATE")" : ""
        let rows = try query("SELECT position, hash FROM event_chains WHERE account_id = \(account)\(lock)")
        guard var reader = rows.first?.reader else { return nil }
        return (try reader.int64(), try reader.text())
    }

    /// The accounts that have events to be sealed.
    package func accountsWithUnsealedEvents() throws -> [String] {
        try texts(
            """
            SELECT DISTINCT r.account_id FROM realms r
            WHERE EXISTS (SELECT 1 FROM events e WHERE e.realm = r.id AND e.position IS NULL)
            """)
    }

    /// Checks so many events of an account's log against their seals, after the last position checked before.
    package func verifyEvents(account: String, after position: Int64 = 0, limit: Int = 1000) throws -> ChainCheck {
        guard let end = try chainEnd(account, locking: false) else { return .intact(through: 0, complete: true) }
        var previous = EventSeal.beginning
        if position > 0 {
            let hash = try optionalText(
                """
                SELECT hash FROM events
                WHERE realm IN (SELECT id FROM realms WHERE account_id = \(account)) AND position = \(position)
                """)
            guard let hash else { return .broken(at: position) }
            previous = hash
        }
        let events: [EventRow] = try all(
            """
            SELECT \(EventRow.columns) FROM events
            WHERE realm IN (SELECT id FROM realms WHERE account_id = \(account)) AND position > \(position)
            ORDER BY position LIMIT \(limit)
            """)
        var expected = position
        for event in events {
            expected += 1
            guard event.position == expected,
                event.hash == EventSeal.hash(event, position: expected, after: previous)
            else { return .broken(at: expected) }
            previous = event.hash ?? previous
        }
        guard events.count < limit else { return .intact(through: expected, complete: false) }
        // The end of the chain is kept apart, so that cutting the log's end off shows as well.
        guard expected == end.position, previous == end.hash else { return .broken(at: expected + 1) }
        return .intact(through: expected, complete: true)
    }
}
