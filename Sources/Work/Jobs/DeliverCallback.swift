import Media
import NIOCore
import Storage

/// Sends one delivery to its receiver, again and again until it is taken or a day has passed.
struct DeliverCallback {
    let environment: WorkEnvironment

    /// Twenty tries: the delays below add up to about 21 hours.
    static let mostAttempts = 20
    private static let firstDelay = 10.0
    private static let mostDelay = 7200.0
    static let timeout = Duration.seconds(10)

    /// The job of a delivery; those with one order key go out one after the other.
    static func job(_ delivery: String, realm: Int64, target: String, order: String, at now: Timestamp) -> NewJob {
        NewJob(
            id: Identifier.make(now), kind: JobKind.deliverCallback.rawValue, realm: realm, subject: delivery,
            orderKey: order, lane: Lane.of(target), runAt: now)
    }

    /// How a try ended.
    struct Outcome {
        var statusCode: Int?
        var error: String?
        /// No later try can succeed.
        var isFinal = false

        var isSuccess: Bool { error == nil }
    }

    func run(_ job: JobRow) async throws {
        let found = try await environment.database.read { db -> (DeliveryRow, RealmRow)? in
            guard let delivery = try db.delivery(job.subject), let realm = try db.realm(delivery.realm) else {
                return nil
            }
            return (delivery, realm)
        }
        guard let (delivery, realm) = found, delivery.state == .pending else {
            return try await environment.database.write { db in try job.finish(in: db) }
        }
        let start = environment.now()
        let outcome = await send(delivery, try RealmSecrets(environment.sealer).open(realm), start)
        let now = environment.now()
        let number = delivery.attempts + 1
        let isOver = outcome.isSuccess || outcome.isFinal || number >= Self.mostAttempts
        try await environment.database.write { db in
            try db.recordAttempt(
                DeliveryAttemptRow(
                    deliveryID: delivery.id, number: number, at: start, statusCode: outcome.statusCode,
                    error: outcome.error, seconds: now - start), of: delivery)
            guard isOver else {
                let delay = Backoff.delay(afterAttempt: number, first: Self.firstDelay, most: Self.mostDelay)
                let isHeld = try db.retryJob(
                    job.id, token: job.leaseToken ?? "", at: now.adding(seconds: delay), error: outcome.error ?? "")
                guard isHeld else { throw JobLost() }
                return
            }
            try job.finish(in: db)
            _ = try db.finishDelivery(delivery, state: outcome.isSuccess ? .succeeded : .failed, at: now)
            if let task = delivery.taskID {
                _ = try db.setCallbackState(
                    realm: delivery.realm, id: task, outcome.isSuccess ? .succeeded : .failed)
            }
        }
    }

    /// Tries to hand a message over, once.
    func send(_ delivery: DeliveryRow, _ realm: RealmRow, _ now: Timestamp) async -> Outcome {
        delivery.kind == .http ? await post(delivery, realm, now) : await mail(delivery)
    }

    /// What goes along with a message, so that its receiver can tell whose it is.
    static func headers(_ id: String, _ body: ByteBuffer, _ realm: RealmRow, _ now: Timestamp) -> [(String, String)] {
        [
            ("content-type", "application/json"),
            ("scale-callback-auth", realm.callbackSecret),
            ("vernier-delivery-id", id),
            (
                CallbackSignature.headerName,
                CallbackSignature.header(
                    body: body.readableBytesView, timestamp: Int(now.microseconds / 1_000_000),
                    secrets: realm.signingSecrets(at: now).map { [UInt8]($0.utf8) })
            ),
        ]
    }

    private func post(_ delivery: DeliveryRow, _ realm: RealmRow, _ now: Timestamp) async -> Outcome {
        let body = ByteBuffer(string: delivery.body)
        do {
            let reply = try await environment.fetcher.post(
                delivery.target, body: body, headers: Self.headers(delivery.id, body, realm, now),
                timeout: Self.timeout)
            return Outcome(
                statusCode: reply.status,
                error: reply.isSuccess ? nil : "The receiver answered with status \(reply.status).")
        } catch let error as FetchError {
            let isFinal = error.code == .invalidURL || error.code == .refusedAddress
            return Outcome(statusCode: error.statusCode, error: error.message, isFinal: isFinal)
        } catch {
            return Outcome(error: "The call failed.")
        }
    }

    // MARK: Mail

    private func mail(_ delivery: DeliveryRow) async -> Outcome {
        guard let command = environment.sendmail else {
            return Outcome(error: "No mail command is configured on this server.", isFinal: true)
        }
        let mail = Mail(
            id: delivery.id, recipient: delivery.target, subject: delivery.subject, type: "application/json",
            body: delivery.body)
        return Outcome(error: await mail.send(by: command))
    }
}

extension DeliveryRow {
    /// What a mail is about.
    fileprivate var subject: String {
        taskID.map { "Task \($0)" } ?? batchID.map { "Batch \($0)" } ?? "A test of callbacks"
    }
}
