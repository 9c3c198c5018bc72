package import Labeling
import Storage

/// Whose objects are being touched: an account's live or test world.
package struct RealmContext: Sendable, Equatable {
    package let id: Int64
    package let account: String
    /// Where answers go when a task names no address.
    package let defaultCallbackURL: String?
    /// Tasks of a test realm complete inside the request with a canned response.
    package let isTest: Bool

    package init(id: Int64, account: String, isTest: Bool, defaultCallbackURL: String? = nil) {
        self.defaultCallbackURL = defaultCallbackURL
        self.id = id
        self.account = account
        self.isTest = isTest
    }
}

/// Who does something, as far as rules and the event log care.
package struct Actor: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case key(id: String)
        case person(id: String)
        /// The program itself: jobs and commands.
        case program
    }

    package let kind: Kind
    package let realm: RealmContext
    package let role: Role
    /// An e-mail address or the name of a key, for people who read the log.
    package let name: String

    package init(kind: Kind, realm: RealmContext, role: Role, name: String) {
        self.kind = kind
        self.realm = realm
        self.role = role
        self.name = name
    }

    /// How the event log names this actor.
    package var label: String {
        switch kind {
        case .key(let id): "key:\(id)"
        case .person(let id): "user:\(id)"
        case .program: "program"
        }
    }

    /// The person's id, for what only people can do.
    package var person: String? {
        if case .person(let id) = kind { id } else { nil }
    }
}

extension Actor {
    /// Whoever asked for something that a job does, as the row that asks for it names them.
    static func stored(_ label: String, name: String, realm id: Int64, in database: any Database) async throws -> Actor
    {
        let realm = try await database.read { db in try db.realm(id) }
        guard let realm else { throw Refusal(.notFound, "The account is gone.") }
        let parts = label.split(separator: ":", maxSplits: 1).map(String.init)
        let kind: Kind =
            switch (parts.first, parts.last) {
            case ("key", let id?): .key(id: id)
            case ("user", let id?): .person(id: id)
            default: .program
            }
        return Actor(kind: kind, realm: RealmContext(realm), role: .manager, name: name)
    }
}
