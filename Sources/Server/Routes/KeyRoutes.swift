import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// The keys that programs authenticate with, managed by admins.
struct KeyRoutes {
    let keys: KeyOperations

    var endpoints: [Endpoint] { [list, create, revoke] }

    private static let access = Endpoint.Access.person(.keysManage)

    private static let members: [Member] = [
        .always("id", Wire.identifier, "Ours."), .always("name", Wire.text, "To know it by."),
        .always("mode", .enumeration(["live", "test"]), "Which world it opens."),
        .always("scope", .enumeration(Scope.allCases.map(\.rawValue)), "What it may do."),
        .always("hint", Wire.text, "How it begins."), .always("created_at", Wire.time, "When it was made."),
        .maybe("expires_at", Wire.time, "When it ends by itself."),
        .maybe("revoked_at", Wire.time, "When it was ended."),
    ]
    private static let key = Wire.answer("Key", members)

    private var list: Endpoint {
        .json(
            .get, "/api/keys", "keys", Self.access, "Lists all keys, without their secrets.",
            answers: Wire.answer("Keys", [.always("keys", Wire.list(of: Self.key), "Oldest first.")])
        ) { call in
            let keys = try await keys.list(account: try call.actor.realm.account)
            return .object { writer in
                writer.array("keys") { writer in
                    for (key, mode) in keys { key.write(mode: mode, to: &writer) }
                }
            }
        }
    }

    private struct NewKey: Sendable {
        let name: String
        let mode: String
        let scope: Scope
        let days: Int?
    }

    private static let name = RequiredField("name", Schema<String>.string(length: 1...200), "To know it by.")
    private static let mode = Field(
        "mode", Schema<String>.oneOf(["live", "test"]), default: "live", shownAs: "\"live\"",
        "Which world it opens; in the test world tasks are answered at once.")
    private static let scope = Field(
        "scope", Schema<Scope>.cases, default: .full, shownAs: "\"full\"",
        "`read` reads only, `tasks` sends data and fetches answers, `full` does all that keys can.")
    private static let days = OptionalField(
        "expires_in_days", Schema<Int>.integer(1...3650), "After how many days it ends by itself; never, if left out.")
    private static let newKey = Schema<NewKey>.object("NewKey", [name, mode, scope, days]) { object in
        let mode = object(Self.mode)
        let scope = object(Self.scope)
        let days = object(Self.days)
        return object(Self.name).map { NewKey(name: $0, mode: mode, scope: scope, days: days) }
    }

    private var create: Endpoint {
        .json(
            .post, "/api/keys", "keys", Self.access, "Makes a key, whose text is answered this once.",
            body: Self.newKey, empty: nil,
            answers: Wire.answer("MadeKey", Self.members + [.always("key", Wire.text, "The key itself.")])
        ) { call, new in
            let actor = try call.actor
            let mode = RealmRow.Mode(rawValue: new.mode) ?? .live
            let (key, text) = try await keys.create(
                new.name, mode: mode, scope: new.scope, days: new.days, account: actor.realm.account,
                by: actor.label)
            var writer = JSONWriter()
            key.write(mode: mode, text: text, to: &writer)
            return .json(writer)
        }
    }

    private var revoke: Endpoint {
        .json(
            .delete, "/api/keys/{key}", "keys", Self.access, "Ends a key at once, give or take two seconds.",
            answers: Wire.empty
        ) { call in
            let actor = try call.actor
            try await keys.revoke(call.parameter("key"), account: actor.realm.account, by: actor.label)
            return .object { _ in }
        }
    }
}
