/// One message that has to reach a receiver.
package struct DeliveryRow: Sendable, Equatable {
    /// How it travels.
    package enum Kind: String, SQLConvertible {
        case http, email
    }

    /// Whether it has arrived.
    package enum State: String, SQLConvertible {
        case pending, succeeded, failed
    }

    package var id: String
    package var realm: Int64
    package var taskID: String?
    package var batchID: String?

    /// A URL or an e-mail address.
    package var target: String
    package var kind: Kind

    /// What is sent, the same at every attempt.
    package var body: String
    package var state: State
    package var attempts: Int
    package var createdAt: Timestamp
    package var finishedAt: Timestamp?

    /// The delivery whose message this one sends again.
    package var resendOf: String?

    /// The delivery that sends this one's message again.
    package var resentAs: String?

    /// The thing whose history it belongs to.
    var subject: String { taskID ?? batchID ?? id }

    package init(
        id: String, realm: Int64, taskID: String? = nil, batchID: String? = nil, target: String, kind: Kind,
        body: String, state: State = .pending, attempts: Int = 0, createdAt: Timestamp, finishedAt: Timestamp? = nil,
        resendOf: String? = nil
    ) {
        self.id = id
        self.realm = realm
        self.taskID = taskID
        self.batchID = batchID
        self.target = target
        self.kind = kind
        self.body = body
        self.state = state
        self.attempts = attempts
        self.createdAt = createdAt
        self.finishedAt = finishedAt
        self.resendOf = resendOf
    }
}

extension DeliveryRow: RowDecodable {
    static let columns: SQL = """
        id, realm, task_id, batch_id, target, kind, body, state, attempts, created_at, finished_at, resend_of, resent_as
        """

    package init(_ reader: inout RowReader) throws {
        id = try reader.text()
        realm = try reader.int64()
        taskID = try reader.optionalText()
        batchID = try reader.optionalText()
        target = try reader.text()
        kind = try reader.word()
        body = try reader.text()
        state = try reader.word()
        attempts = try reader.int()
        createdAt = try reader.time()
        finishedAt = try reader.optionalTime()
        resendOf = try reader.optionalText()
        resentAs = try reader.optionalText()
    }
}

/// One attempt to deliver a message.
package struct DeliveryAttemptRow: Sendable, Equatable, RowDecodable {
    static let columns: SQL = "delivery_id, number, attempted_at, status_code, error, seconds"

    package var deliveryID: String

    /// From 1.
    package var number: Int
    package var at: Timestamp
    package var statusCode: Int?
    package var error: String?
    package var seconds: Double

    package init(
        deliveryID: String, number: Int, at: Timestamp, statusCode: Int? = nil, error: String? = nil, seconds: Double
    ) {
        self.deliveryID = deliveryID
        self.number = number
        self.at = at
        self.statusCode = statusCode
        self.error = error
        self.seconds = seconds
    }

    package init(_ reader: inout RowReader) throws {
        deliveryID = try reader.text()
        number = try reader.int()
        at = try reader.time()
        statusCode = try reader.optionalInt()
        error = try reader.optionalText()
        seconds = try reader.double()
    }
}

extension Connection {
    /// Stores a message to be delivered.
    package func insertDelivery(_ delivery: DeliveryRow) throws {
        try execute(
            """
            INSERT INTO deliveries (\(DeliveryRow.columns))
            VALUES (\(delivery.id), \(delivery.realm), \(delivery.taskID), \(delivery.batchID), \(delivery.target),
                \(delivery.kind), \(delivery.body), \(delivery.state), \(delivery.attempts), \(delivery.createdAt),
                \(delivery.finishedAt), \(delivery.resendOf), \(delivery.resentAs))
            """)
        try cover(
            [.delivery(id: delivery.id)], realm: delivery.realm, subject: delivery.subject, at: delivery.createdAt)
    }

    /// A message.
    package func delivery(_ id: String) throws -> DeliveryRow? {
        try first("SELECT \(DeliveryRow.columns) FROM deliveries WHERE id = \(id)")
    }

    /// The messages about a task, oldest first.
    package func deliveries(realm: Int64, task: String) throws -> [DeliveryRow] {
        try all(
            "SELECT \(DeliveryRow.columns) FROM deliveries WHERE task_id = \(task) AND realm = \(realm) ORDER BY id")
    }

    /// The messages about a batch, oldest first.
    package func deliveries(realm: Int64, batch: String) throws -> [DeliveryRow] {
        try all(
            "SELECT \(DeliveryRow.columns) FROM deliveries WHERE batch_id = \(batch) AND realm = \(realm) ORDER BY id")
    }

    /// The attempts of a message, in order.
    package func deliveryAttempts(_ id: String) throws -> [DeliveryAttemptRow] {
        try all("SELECT \(DeliveryAttemptRow.columns) FROM delivery_attempts WHERE delivery_id = \(id) ORDER BY number")
    }

    /// Records an attempt to deliver a message; recording it again changes nothing.
    package func recordAttempt(_ attempt: DeliveryAttemptRow, of delivery: DeliveryRow) throws {
        let changed = try execute(
            """
            INSERT INTO delivery_attempts (\(DeliveryAttemptRow.columns))
            VALUES (\(attempt.deliveryID), \(attempt.number), \(attempt.at), \(attempt.statusCode), \(attempt.error),
                \(attempt.seconds))
            ON CONFLICT (delivery_id, number) DO NOTHING
            """)
        guard changed > 0 else { return }
        try execute("UPDATE deliveries SET attempts = attempts + 1 WHERE id = \(attempt.deliveryID)")
        try cover(
            [.delivery(id: delivery.id), .attempt(delivery: delivery.id, number: attempt.number)],
            realm: delivery.realm, subject: delivery.subject, at: attempt.at)
    }

    /// Ends the attempts to deliver a message; false if they had ended.
    @discardableResult
    package func finishDelivery(_ delivery: DeliveryRow, state: DeliveryRow.State, at: Timestamp) throws -> Bool {
        let changed = try execute(
            """
            UPDATE deliveries SET state = \(state), finished_at = \(at)
            WHERE id = \(delivery.id) AND state = 'pending'
            """)
        guard changed > 0 else { return false }
        try cover([.delivery(id: delivery.id)], realm: delivery.realm, subject: delivery.subject, at: at)
        return true
    }
}
