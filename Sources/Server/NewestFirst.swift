import HTTPTypes
import JSON
import Storage
import Work

/// What lists of what was asked for have in common: they are newest first, and a page goes on behind the last id.
struct NewestFirst<Row: Sendable>: Sendable {
    /// The name of the member with the rows.
    let member: StaticString
    /// The name of the answer in the description of the interface, and its rows.
    let answer: String
    let shape: Shape
    let id: @Sendable (Row) -> String
    let write: @Sendable (Row, inout JSONWriter) -> Void

    private let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 20 by default.")
    private let cursor = QueryField<String>.text("cursor", "Where the page starts: the last answer's next.")

    init(
        _ member: StaticString, _ answer: String, of shape: Shape, id: @escaping @Sendable (Row) -> String,
        _ write: @escaping @Sendable (Row, inout JSONWriter) -> Void
    ) {
        self.member = member
        self.answer = answer
        self.shape = shape
        self.id = id
        self.write = write
    }

    /// The list's endpoint.
    ///
    /// `rows` returns as many rows as asked for, newest first, from behind an id on.
    func endpoint(
        _ path: String, _ group: String, _ access: Endpoint.Access, _ summary: String,
        rows: @escaping @Sendable (_ after: String?, _ limit: Int, _ actor: Actor) async throws -> [Row]
    ) -> Endpoint {
        .json(
            .get, path, group, access, summary, query: [limit, cursor],
            answers: Wire.answer(
                answer,
                [
                    .always(FieldName(stringLiteral: member), Wire.list(of: shape), "Newest first."),
                    .always("next", TableWire.maybeText, "Where the next page starts; null at the end."),
                ])
        ) { call in
            let limit = try call(limit) ?? 20
            // One more than asked for says whether there is a next page.
            let found = try await rows(try call(cursor), limit + 1, try call.actor)
            return .object { writer in
                writer.array(member) { writer in found.prefix(limit).forEach { write($0, &writer) } }
                writer.next(found.count > limit ? id(found[limit - 1]) : nil)
            }
        }
    }
}

extension JSONWriter {
    /// Writes where the next page starts, null at the end.
    mutating func next(_ token: String?) {
        key("next")
        if let token { value(token) } else { null() }
    }
}
