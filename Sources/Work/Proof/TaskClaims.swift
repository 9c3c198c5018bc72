import JSON
import Storage

/// What the entries of the log say that a task is, member by member.
///
/// Rows of tasks change with every step, so their hashes are not in the log: each entry about a task says what it has
/// become, and its row has to agree with the last ones.
struct TaskClaims {
    private var claims: [String: [(at: Timestamp, value: String?)]] = [:]

    /// Two that change one task at a time wait for each other, and need not come in the order of their clocks.
    private static let slack = 10.0

    /// The members of a task that entries say, in the form in which the API shows them.
    private static let members = [
        "type", "status", "instruction", "params", "metadata", "callback_url", "project", "projectId", "batch",
        "project_param_version", "unique_id", "priority", "tags", "created_at", "completed_at",
    ]

    /// Whatever a task can have, with its answers and what stands around them.
    private static let limits = JSONLimits(bytes: 1 << 30, depth: 512)

    /// Whether an entry says how the whole task was.
    var isEmpty: Bool { claims.isEmpty }

    /// Takes in what an entry says.
    mutating func add(_ event: EventRow) {
        switch event.action {
        case "task.unique_id_cleared": claim("unique_id", nil, event.at)
        case "task.metadata_set": claim("metadata", event.after, event.at)
        case "task.tags_set": claim("tags", event.after == "[]" ? nil : event.after, event.at)
        case "task.unique_id_set", "task.priority_set", "task.moved":
            for (name, value) in Self.read(event.after, { root in root.members.map { ($0.name, $0.value.rawText) } })
                ?? []
            { claim(name, value, event.at) }
        default:
            guard let state = Self.state(event.after) else { return }
            for (name, value) in state { claim(name, value, event.at) }
        }
    }

    /// The members in which a task is not what the entries say.
    func differences(from row: TaskRow) -> [String] {
        // What stands in a column as JSON has to be one value by itself, else it could pass for other members of the task.
        let texts = [
            ("params", row.params), ("metadata", row.metadata), ("response", row.response), ("extra", row.extra),
        ]
        let unreadable = texts.filter { $0.1 != nil && Self.read($0.1, { _ in true }) == nil }.map(\.0)
        guard unreadable.isEmpty else { return unreadable }
        guard let state = Self.state(row.text(isTest: false)) else { return Self.members }
        return state.filter { name, value in
            guard let said = claims[name], let last = said.map(\.at).max() else { return false }
            return !said.contains { $0.value == value.map(Self.short) && last - $0.at <= Self.slack }
        }.map(\.name).sorted()
    }

    private mutating func claim(_ name: String, _ value: String?, _ at: Timestamp) {
        claims[name, default: []].append((at, value.map(Self.short)))
    }

    /// Long texts by their hash, so that what many entries say takes little memory.
    private static func short(_ value: String) -> String {
        value.utf8.count > 100 ? CanonicalForm.digest(value) : value
    }

    /// The members of a whole task; nil of texts that say something else.
    private static func state(_ text: String?) -> [(name: String, value: String?)]? {
        let state = read(text) { root -> [(name: String, value: String?)]? in
            guard root["task_id"] != nil, root["params"] != nil, root["status"] != nil else { return nil }
            return members.map { ($0, root[$0]?.rawText) }
        }
        return state ?? nil
    }

    private static func read<Result>(_ text: String?, _ body: (JSONValue) -> Result) -> Result? {
        guard let text else { return nil }
        // What is not JSON was not written by the program, and the log's hashes tell.
        return try? JSONDocument.read(text, limits: limits) { body($0) }
    }
}
