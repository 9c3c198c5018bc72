import HTTPTypes
import JSON
import Labeling
import Media
import Storage
import Work

/// The keys that programs authenticate with, managed by admins.
struct KeyRoutes {
    let keys: KeyOperations

    var endpoints: [Endpoint] { [list, create, change, revoke] }

    private static let access = Endpoint.Access.person(.keysManage)

    private static let members: [Member] = [
        .always("id", Wire.identifier, "Ours."), .always("name", Wire.text, "To know it by."),
        .always("mode", .enumeration(["live", "test"]), "Which world it opens."),
        .always("scope", .enumeration(Scope.allCases.map(\.rawValue)), "What it may do."),
        .always("hint", Wire.text, "How it begins."), .always("created_at", Wire.time, "When it was made."),
        .maybe("expires_at", Wire.time, "When it ends by itself."),
        .maybe("revoked_at", Wire.time, "When it was ended."),
        .always("networks", Wire.strings, "Where it may be used from; empty for anywhere."),
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
        let networks: [CIDR]
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
    private static let network = Schema<CIDR>(.string(length: 1...50, format: nil)) { value, reader in
        guard let network = value.string.flatMap({ CIDR($0) }) else {
            reader.report(
                value, "must be an address or a network such as 203.0.113.0/24, with zeros behind the network's bits")
            return nil
        }
        return network
    }
    private static let networks = Schema.array(of: network, count: 0...50)
    private static let newNetworks = Field(
        "networks", networks, default: [], shownAs: "[]", "Where it may be used from; anywhere, if none is given.")
    private static let changedNetworks = RequiredField(
        "networks", networks, "Where it may be used from; anywhere, if there are none.")

    private static let newKey = Schema<NewKey>.object("NewKey", [name, mode, scope, days, newNetworks]) { object in
        let mode = object(Self.mode)
        let scope = object(Self.scope)
        let days = object(Self.days)
        let networks = object(Self.newNetworks)
        return object(Self.name).map { NewKey(name: $0, mode: mode, scope: scope, days: days, networks: networks) }
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
                new.name, mode: mode, scope: new.scope, days: new.days, networks: new.networks,
                account: actor.realm.account, by: actor.label)
            var writer = JSONWriter()
            key.write(mode: mode, text: text, to: &writer)
            return .json(writer)
        }
    }

    private static let changes = Schema<[CIDR]>.object("KeyChange", [changedNetworks]) { object in
        object(Self.changedNetworks)
    }

    private var change: Endpoint {
        .json(
            .patch, "/api/keys/{key}", "keys", Self.access,
            "Sets the networks that a key may be used from, give or take two seconds.", body: Self.changes, empty: nil,
            answers: Self.key
        ) { call, networks in
            let actor = try call.actor
            let (key, mode) = try await keys.setNetworks(
                networks, of: call.parameter("key"), account: actor.realm.account, by: actor.label)
            var writer = JSONWriter()
            key.write(mode: mode, to: &writer)
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
