/// Which deliveries are asked for; empty members do not filter.
package struct DeliveryFilter: Sendable, Equatable {
    package var state: DeliveryRow.State?

    /// The receiver, exactly.
    package var target: String?
    package var batchID: String?
    package var times: TimeRange

    /// Leaves out those whose message was sent again.
    package var isOpen: Bool

    package init(
        state: DeliveryRow.State? = nil, target: String? = nil, batchID: String? = nil, times: TimeRange = TimeRange(),
        isOpen: Bool = false
    ) {
        self.state = state
        self.target = target
        self.batchID = batchID
        self.times = times
        self.isOpen = isOpen
    }

    fileprivate var conditions: SQL {
        var sql: SQL = ""
        if let target { sql += " AND target = \(target)" }
        if let batchID { sql += " AND batch_id = \(batchID)" }
        if let from = times.from { sql += " AND id >= \(Identifier.first(at: from))" }
        if let through = times.through { sql += " AND id <= \(Identifier.last(at: through))" }
        if isOpen { sql += " AND resent_as IS NULL" }
        return sql
    }
}

/// A receiver that did not take what was sent.
package struct FailingReceiver: Sendable, Equatable, RowDecodable {
    package var target: String
    package var failed: Int
    package var pending: Int

    /// The newest delivery that is not done.
    package var lastID: String

    package init(_ reader: inout RowReader) throws {
        target = try reader.text()
        failed = try reader.int()
        pending = try reader.int()
        lastID = try reader.text()
    }
}

extension Connection {
    /// Deliveries of a realm, newest first, before the last one already seen.
    package func deliveries(
        realm: Int64, filter: DeliveryFilter, before cursor: String? = nil, limit: Int
    ) throws -> [DeliveryRow] {
        let states: [DeliveryRow.State] = filter.state.map { [$0] } ?? [.pending, .succeeded, .failed]
        let before: SQL = cursor.map { " AND id < \($0)" } ?? ""
        let runs = states.enumerated().map { number, state -> SQL in
            """
            SELECT id FROM (SELECT id FROM deliveries \(only: .sqlite, "INDEXED BY deliveries_by_state")
                WHERE realm = \(realm) AND state = \(state)\(filter.conditions)\(before)
                ORDER BY id DESC LIMIT \(SQL(number: limit))) AS \(SQL(stringLiteral: "run\(number)"))
            """
        }
        let ids = try texts(
            "SELECT id FROM (\(SQL.joined(runs, by: " UNION ALL "))) AS runs ORDER BY id DESC LIMIT \(SQL(number: limit))"
        )
        return try all("SELECT \(DeliveryRow.columns) FROM deliveries WHERE id IN \(list: ids) ORDER BY id DESC")
    }

    /// The receivers with most deliveries since a time that failed or have not arrived yet; those sent again are left
    /// out, and no more than `atMost` of each are counted.
    package func failingReceivers(realm: Int64, since: Timestamp, atMost: Int, limit: Int) throws -> [FailingReceiver] {
        func run(_ state: DeliveryRow.State) -> SQL {
            """
            SELECT * FROM (SELECT id, target, state FROM deliveries \(only: .sqlite, "INDEXED BY deliveries_by_state")
                WHERE realm = \(realm) AND state = \(state) AND id >= \(Identifier.first(at: since))
                    AND resent_as IS NULL
                ORDER BY id DESC LIMIT \(SQL(number: atMost))) AS \(SQL(stringLiteral: state.rawValue))
            """
        }
        return try all(
            """
            SELECT target, SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS failed,
                SUM(CASE WHEN state = 'pending' THEN 1 ELSE 0 END) AS pending, MAX(id)
            FROM (\(run(.failed)) UNION ALL \(run(.pending))) AS runs
            GROUP BY target ORDER BY failed DESC, pending DESC, target LIMIT \(limit)
            """)
    }

    /// A delivery of a realm, kept from other writers until the transaction ends.
    package func lockDelivery(realm: Int64, id: String) throws -> DeliveryRow? {
        try first(
            """
            SELECT \(DeliveryRow.columns) FROM deliveries WHERE id = \(id) AND realm = \(realm)
            \(only: .postgres, "FOR UPDATE")
            """)
    }

    /// The attempts of some deliveries, in order.
    package func deliveryAttempts(of ids: [String]) throws -> [DeliveryAttemptRow] {
        try all(
            """
            SELECT \(DeliveryAttemptRow.columns) FROM delivery_attempts WHERE delivery_id IN \(list: ids)
            ORDER BY delivery_id, number
            """)
    }

    /// When a delivery is tried next, by the key that keeps its messages in order.
    package func nextDelivery(_ id: String, order: String) throws -> Timestamp? {
        let rows = try query(
            "SELECT run_at FROM jobs WHERE order_key = \(order) AND subject = \(id) AND state = 'ready' LIMIT 1")
        guard var reader = rows.first?.reader else { return nil }
        return try reader.time()
    }

    /// Notes that a delivery's message is sent again by another.
    package func setResent(_ delivery: DeliveryRow, as other: DeliveryRow) throws {
        try execute("UPDATE deliveries SET resent_as = \(other.id) WHERE id = \(delivery.id)")
        try cover([.delivery(id: delivery.id)], realm: delivery.realm, subject: delivery.subject, at: other.createdAt)
    }
}
