import JSON
import Storage

/// The parameters of lists that go page by page.
struct PageQuery: Sendable {
    private let size: QueryField<Int>
    private let position = QueryField<String>.text("cursor", "Where the page starts: the last answer's `next`.")
    private let usual: Int

    init(most: Int, usual: Int) {
        size = .integer("limit", 1...most, "The page size; \(usual) by default.")
        self.usual = usual
    }

    var fields: [any QueryDeclaration] { [size, position] }

    func limit(of call: Call) throws -> Int { try call(size) ?? usual }

    /// The position the page starts behind; nil for the first page.
    func cursor(of call: Call) throws -> TaskCursor? {
        try call(position).map { text in
            guard let cursor = TaskCursor(token: text) else {
                throw Issues("cursor", "`cursor` is not one of ours; take it from the `next` of an answer.")
            }
            return cursor
        }
    }
}
