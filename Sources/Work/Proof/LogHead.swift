package import JSON
package import Storage

/// The end of an account's log at some time: kept elsewhere it shows later that nothing was cut off or written anew.
package struct LogHead: Sendable, Equatable {
    package var account: String
    package var position: Int64
    /// The hash of the entry there.
    package var hash: String
    /// When this was the end.
    package var at: Timestamp?

    package init(account: String, position: Int64, hash: String, at: Timestamp? = nil) {
        self.account = account
        self.position = position
        self.hash = hash
        self.at = at
    }

    /// Writes the members of an object.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("account", account)
            writer.field("position", Int(position))
            writer.field("hash", hash)
            if let at { writer.field("at", time: at.microseconds) }
        }
    }

    /// Reads a head from an object; nil if it is none.
    package init?(_ value: JSONValue?) {
        guard let value, let account = value["account"]?.string, let position = value["position"]?.int,
            let hash = value["hash"]?.string
        else { return nil }
        self.init(
            account: account, position: Int64(position), hash: hash,
            at: value["at"]?.string.flatMap { Timestamp(iso8601: $0) })
    }

    /// Reads heads: an object a line, or one object with an array `heads`.
    ///
    /// - Throws: `Refusal` naming the line that is not a head.
    package static func list(_ text: String) throws -> [LogHead] {
        var heads: [LogHead] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.allSatisfy(\.isWhitespace) {
            // Whatever is wrong with the line, it is no head.
            let found = try? JSONDocument.read(String(line)) { root -> [LogHead?] in
                root["heads"].map { list in list.elements.map { LogHead($0) } } ?? [LogHead(root)]
            }
            let more = (found ?? []).compactMap { $0 }
            guard !more.isEmpty, more.count == found?.count else {
                throw Refusal(
                    .invalid,
                    "Line \(number + 1) is no head of a log: an object with `account`, `position` and `hash`.")
            }
            heads += more
        }
        guard !heads.isEmpty else { throw Refusal(.invalid, "There is no head of a log in the file.") }
        return heads
    }
}

/// Looking up the ends of logs.
package struct ProofOperations: Sendable {
    let database: any Database
    let now: @Sendable () -> Timestamp

    package init(environment: WorkEnvironment) {
        database = environment.database
        now = environment.now
    }

    /// The end of the account's log.
    package func head(by actor: Actor) async throws -> LogHead {
        let account = actor.realm.account
        return try await Self.heads(in: database, at: now()).first { $0.account == account }
            ?? LogHead(account: account, position: 0, hash: EventSeal.beginning, at: now())
    }

    /// The ends of all logs.
    static func heads(in database: any Database, at time: Timestamp) async throws -> [LogHead] {
        try await database.read { db in
            try db.chainEnds().map { end in
                LogHead(account: end.account, position: end.position, hash: end.hash, at: time)
            }
        }
    }
}
