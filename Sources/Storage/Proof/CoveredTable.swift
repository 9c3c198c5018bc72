/// A table whose rows' hashes stand in the log, so that changing a row in any other way than through the program shows.
package struct CoveredTable: Sendable {
    package let name: String

    /// The columns that name a row; the first is a text.
    let keys: [String]

    /// The columns that are covered.
    ///
    /// NULL counts as absent, so that a column that is added later changes no hash of before;
    /// it must be one that can be NULL.
    package let columns: [String]

    /// The columns that are not covered, and why.
    package let exempt: [String: String]

    /// The realm and the subject of a row, the thing whose history it belongs to, as expressions over `x`.
    let realm: String
    let subject: String

    /// The columns that the program changes after a row has been covered; of most tables none.
    var changing: Set<String> = []

    /// Whether an entry about the same thing says why, whenever it does.
    var changesWithEntry = true

    /// What else has to be looked at to know them.
    var join = ""

    /// Which rows have to be covered; the others are not finished yet.
    var finished = "1 = 1"

    /// Every such table.
    package static let all = [attachments, payloads, submissions, reviews, audits, deliveries, attempts]

    static let attachments = CoveredTable(
        name: "attachments", keys: ["task_id", "position"],
        columns: [
            "task_id", "position", "realm", "path", "url", "role", "state", "hash", "mime", "width", "height", "size",
            "thumbnail_hash", "status_code", "error", "fetched_at", "display_hash", "declared_type", "final_url",
            "facts",
            "conversions",
        ], exempt: [:], realm: "x.realm", subject: "x.task_id",
        changing: ["state", "error", "thumbnail_hash", "conversions"], finished: "x.state <> 'waiting'")

    /// Once there is an answer: what was asked and what was answered.
    static let payloads = CoveredTable(
        name: "task_payloads", keys: ["task_id"], columns: ["task_id", "instruction", "params", "response", "extra"],
        exempt: [
            "tags": "changed at any time; each change is an entry of the log with the tags before and after",
            "metadata": "changed at any time; each change is an entry of the log with the metadata before and after",
        ], realm: "t.realm", subject: "x.task_id", changing: ["response", "extra"],
        join: "JOIN tasks t ON t.id = x.task_id",
        finished: "(x.response IS NOT NULL OR x.extra IS NOT NULL)")

    static let submissions = CoveredTable(
        name: "submissions", keys: ["task_id", "version"],
        columns: [
            "task_id", "version", "realm", "work_item_id", "kind", "level", "user_id", "response", "objects", "seconds",
            "created_at", "final_at",
        ], exempt: [:], realm: "x.realm", subject: "x.task_id")

    static let reviews = CoveredTable(
        name: "reviews", keys: ["id"],
        columns: [
            "id", "realm", "task_id", "project_id", "batch_id", "level", "verdict", "reviewer", "labeler", "reviewed",
            "accepted_objects", "rejected_objects", "comments", "seconds", "created_at",
        ], exempt: [:], realm: "x.realm", subject: "x.task_id")

    static let audits = CoveredTable(
        name: "audits", keys: ["id"],
        columns: [
            "id", "realm", "task_id", "result", "comments", "audited_by", "source", "audited_at", "seconds",
            "active_seconds",
        ], exempt: [:], realm: "x.realm", subject: "x.task_id")

    static let deliveries = CoveredTable(
        name: "deliveries", keys: ["id"],
        columns: [
            "id", "realm", "task_id", "batch_id", "target", "kind", "body", "state", "attempts", "created_at",
            "finished_at", "resend_of", "resent_as",
        ], exempt: [:], realm: "x.realm", subject: "COALESCE(x.task_id, x.batch_id, x.id)",
        // Each try is a row of its own, which stands in the log beside it.
        changing: ["state", "attempts", "finished_at", "resent_as"], changesWithEntry: false)

    static let attempts = CoveredTable(
        name: "delivery_attempts", keys: ["delivery_id", "number"],
        columns: ["delivery_id", "number", "attempted_at", "status_code", "error", "seconds"], exempt: [:],
        realm: "d.realm", subject: "COALESCE(d.task_id, d.batch_id, d.id)",
        join: "JOIN deliveries d ON d.id = x.delivery_id")

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The table of that name, if it is covered.
    package static func named(_ name: some StringProtocol) -> CoveredTable? { byName[String(name)] }

    /// Reads rows: realm, subject, then all covered columns.
    var selection: SQL {
        let columns = columns.map { "x.\($0)" }.joined(separator: ", ")
        return SQL(stringLiteral: "SELECT \(realm), \(subject), \(columns) FROM \(name) x \(join)")
    }

    /// The name of a row as the log has it, such as `attachments/65a…/0`.
    func name(of columns: [String: Value]) -> String {
        keys.reduce(name) { text, key in
            switch columns[key] {
            case .integer(let integer): "\(text)/\(integer)"
            case .text(let part): "\(text)/\(part)"
            default: "\(text)/"
            }
        }
    }
}

/// A row that has been written and whose content belongs into the log.
package enum CoveredRow: Sendable {
    case attachment(task: String, position: Int)
    /// What was asked in a task and what was answered.
    case response(task: String)
    case submission(task: String, version: Int)
    case review(id: String)
    case audit(id: String)
    case delivery(id: String)
    case attempt(delivery: String, number: Int)

    /// The row's name in the log.
    var name: String {
        switch self {
        case .attachment(let task, let position): "attachments/\(task)/\(position)"
        case .response(let task): "task_payloads/\(task)"
        case .submission(let task, let version): "submissions/\(task)/\(version)"
        case .review(let id): "reviews/\(id)"
        case .audit(let id): "audits/\(id)"
        case .delivery(let id): "deliveries/\(id)"
        case .attempt(let delivery, let number): "delivery_attempts/\(delivery)/\(number)"
        }
    }
}
