import JSON
import Storage

/// The earlier responses of a task that was worked on again, kept among its rare members.
enum PriorResponses {
    private static let name = "prior_responses"

    /// The earlier responses as a JSON array, oldest first; nil if there are none.
    static func read(_ extra: String) -> String? {
        // Stored text is ours and parses.
        try? JSONDocument.read(extra, limits: DraftState.limits) { $0[name]?.rawText }
    }

    /// The rare members with one more earlier response.
    static func adding(_ response: String, to extra: String?) throws -> String {
        try JSONDocument.read(extra ?? "{}", limits: DraftState.limits) { root in
            var writer = JSONWriter(capacity: response.utf8.count + (extra?.utf8.count ?? 0) + 32)
            writer.object { writer in
                for member in root.members where member.name != name {
                    writer.key(member.name)
                    writer.raw(member.value.rawText)
                }
                writer.array("prior_responses") { writer in
                    for earlier in root[name]?.elements.map(\.rawText) ?? [] { writer.raw(earlier) }
                    writer.raw(response)
                }
            }
            return writer.text
        }
    }

    /// Makes a task's response an earlier one, so that the task has none.
    static func putAside(of head: TaskHead, in db: any Connection, now: Timestamp) throws {
        guard let row = try db.task(realm: head.realm, id: head.id), let response = row.response else { return }
        _ = try db.setTaskResponse(
            realm: head.realm, id: head.id, response: nil, extra: try adding(response, to: row.extra), at: now)
    }
}
