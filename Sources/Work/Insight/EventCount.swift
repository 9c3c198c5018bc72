import Foundation
import JSON
import Storage

/// What a run of events adds to the figures, the pending tasks and the usage ledger.
///
/// Everything is derived from the log, so it can be counted anew at any time and comes out the same.
struct EventCount {
    private(set) var figures: [FigureKey: Int] = [:]
    private(set) var pending: [FigureKey: Int] = [:]

    /// The name of what happened, as figures have it.
    enum Name {
        static let created = "created"
        static let completed = "completed"
        static let canceled = "canceled"
        static let error = "error"
        static let reopened = "reopened"
        static let billable = "billable"
        static let free = "not_billable"
        /// Seconds of work on a completed task; followed by the bucket.
        static let seconds = "seconds."
        /// Why a task ended in error.
        static let cause = "cause."
        static let audit = "audit."
        static let review = "review."
        static let report = "report."
        /// Billed tasks of a type, and others that ended.
        static let billableType = "billable."
        static let freeType = "not_billable."
    }

    /// What an event tells of a task.
    private struct Told {
        var project: String?
        var batch: String?
        var type = ""
        var createdAt: Timestamp?
        var before: String?
        var after: String?
        var isTest = false
        var cause: String?
        var verdict: String?
        var reportKind: String?
        var annotations = 0
    }

    /// Counts an event; what it adds to the ledger is stored at once.
    mutating func add(_ event: EventRow, in db: any Connection) throws {
        // Metadata are the customer's own and may look like anything.
        guard event.objectKind == "task", event.action != "task.metadata_set", let told = try Self.told(event, in: db)
        else { return }
        let scopes = [""] + (told.project.map { [$0] } ?? [])
        func count(_ name: String, _ n: Int = 1) {
            for scope in scopes {
                figures[FigureKey(realm: event.realm, scope: scope, day: event.at.day, name: name), default: 0] += n
            }
        }
        func waits(_ n: Int) {
            guard let made = told.createdAt else { return }
            for scope in scopes {
                pending[FigureKey(realm: event.realm, scope: scope, day: made.day, name: ""), default: 0] += n
            }
        }
        switch event.action {
        case "task.created": count(Name.created)
        case "task.audited": if let verdict = told.verdict { count(Name.audit + verdict) }
        case "task.review_accepted": count(Name.review + "accepted")
        case "task.review_rejected": count(Name.review + "rejected")
        case "task.reported": if let kind = told.reportKind { count(Name.report + kind) }
        default: break
        }
        guard let status = told.after, status != told.before else { return }
        if told.before == "pending" { waits(-1) }
        switch status {
        case "pending":
            waits(1)
            if told.before != nil { count(Name.reopened) }
        case "completed":
            count(Name.completed)
            let seconds = try db.workedSeconds(task: event.objectID).values.reduce(0, +)
            if seconds > 0 { count(Name.seconds + String(Buckets.bucket(of: seconds))) }
        case "canceled": count(Name.canceled)
        case "error":
            count(Name.error)
            count(Name.cause + (told.cause ?? "unknown"))
        default: return
        }
        guard let what = UsageLine.What(rawValue: status) else { return }
        let line = UsageLine(
            id: event.id, realm: event.realm, at: event.at, taskID: event.objectID, projectID: told.project,
            batchID: told.batch, type: told.type, what: what,
            isBillable: what == .completed && !told.isTest, annotations: told.annotations)
        let isBilled = try db.insertUsageLine(line)
        count(isBilled ? Name.billable : Name.free)
        count((isBilled ? Name.billableType : Name.freeType) + told.type)
    }

    // MARK: Reading

    /// What an event says; nil for tasks that are not there.
    private static func told(_ event: EventRow, in db: any Connection) throws -> Told? {
        var told = Told()
        var isWhole = false
        if let after = event.after {
            try JSONDocument.read(after, limits: JSONLimits(bytes: 1 << 30, depth: 256)) { after in
                isWhole = after["task_id"] != nil
                told.reportKind = after["kind"]?.string
                guard isWhole else { return }
                told.project = after["projectId"]?.string
                told.type = after["type"]?.string ?? ""
                told.createdAt = after["created_at"]?.string.flatMap { Timestamp(iso8601: $0) }
                told.after = after["status"]?.string
                told.isTest = after["is_test"]?.bool ?? false
                told.verdict = after["customer_review_status"]?.string
                told.annotations = after["response"]?["annotations"].map { $0.isArray ? $0.count : 0 } ?? 0
                if told.after == "error" { told.cause = cause(after["response"]) }
            }
        }
        if let before = event.before {
            try JSONDocument.read(before, limits: JSONLimits(bytes: 1 << 30, depth: 256)) { before in
                told.before = before.isObject ? before["status"]?.string : nil
            }
        }
        if isWhole, told.after == told.before { return told }
        guard let head = try db.taskHead(realm: event.realm, id: event.objectID) else { return isWhole ? told : nil }
        told.batch = head.batchID
        if !isWhole {
            told.project = head.projectID
            told.type = head.type
            told.createdAt = head.createdAt
        }
        return told
    }

    /// Why a task failed, in words without addresses, so that like causes count together.
    private static func cause(_ response: JSONValue?) -> String {
        let first = response?["attachments"]?.elements.first { _ in true }
        if let status = first?["statusCode"]?.int { return "The source answered with status \(status)." }
        let text = first?["message"]?.string ?? response?["error"]?.string ?? "No reason was given."
        return String(text.prefix(160))
    }
}

/// Spans of seconds that grow by the fourth root of two, so that a median is right to within a tenth.
enum Buckets {
    private static let perDoubling = 4.0

    /// The bucket of a number of seconds; those below one second share the first.
    static func bucket(of seconds: Double) -> Int {
        seconds <= 1 ? 0 : Int((log2(seconds) * perDoubling).rounded(.down)) + 1
    }

    /// The seconds at which a bucket begins.
    static func start(of bucket: Int) -> Double {
        bucket <= 0 ? 0 : exp2(Double(bucket - 1) / perDoubling)
    }

    /// The value below which a part of all lies, by the middle of its bucket; nil of nothing.
    static func quantile(_ part: Double, of counts: [Int: Int]) -> Double? {
        let total = counts.values.reduce(0, +)
        guard total > 0 else { return nil }
        let wanted = max(1, Int((part * Double(total)).rounded(.up)))
        var seen = 0
        for (bucket, n) in counts.sorted(by: { $0.key < $1.key }) {
            seen += n
            if seen >= wanted { return (start(of: bucket) + start(of: bucket + 1)) / 2 }
        }
        return nil
    }
}
