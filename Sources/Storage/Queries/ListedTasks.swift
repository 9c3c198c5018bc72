/// A task as a table of tasks shows it: without its parameters, with a response only where that is small.
package struct ListedTask: Sendable, Equatable {
    package var head: TaskHead
    package var project: String?
    package var batch: String?
    package var metadata: String
    package var tags: [String]

    /// The response; nil also where it is too large to be looked at in passing.
    package var response: String?

    /// Whether there is a response, of any size.
    package var hasResponse: Bool

    /// The most characters of a response that is read for a table.
    static let largestResponse = 256 * 1024
}

extension ListedTask: RowDecodable {
    static let columns: SQL = """
        \(TaskHead.columns), pr.name, ba.name, p.metadata, p.tags,
        CASE WHEN LENGTH(p.response) <= \(SQL(number: largestResponse)) THEN p.response END,
        CASE WHEN p.response IS NULL THEN 0 ELSE 1 END
        """

    package init(_ reader: inout RowReader) throws {
        head = try TaskHead(&reader)
        project = try reader.optionalText()
        batch = try reader.optionalText()
        metadata = try reader.text()
        tags = TextList.split(try reader.text())
        response = try reader.optionalText()
        hasResponse = try reader.bool()
    }
}

extension Connection {
    /// Tasks for a table, in the order of the ids; those that are not there are left out.
    package func listedTasks(realm: Int64, ids: [String]) throws -> [ListedTask] {
        let rows: [ListedTask] = try all(
            """
            SELECT \(ListedTask.columns) FROM \(TaskRow.tables) WHERE t.id IN \(list: ids) AND t.realm + 0 = \(realm)
            """)
        let byID = Dictionary(rows.map { ($0.head.id, $0) }, uniquingKeysWith: { first, _ in first })
        return ids.compactMap { byID[$0] }
    }

    /// Tags of a realm that begin with a text, in the order of their bytes.
    ///
    /// Goes from tag to tag, however many tasks have them.
    package func tags(realm: Int64, startingWith start: String, limit: Int) throws -> [String] {
        var tags: [String] = []
        var last: String?
        while tags.count < limit {
            var bound: SQL = "tag >= \(start)"
            if let last { bound = "tag > \(last)" }
            let next = try optionalText("SELECT MIN(tag) FROM task_tags WHERE realm = \(realm) AND \(bound)")
            guard let next, next.hasPrefix(start) else { break }
            tags.append(next)
            last = next
        }
        return tags
    }
}
