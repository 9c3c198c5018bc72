import JSON
import Storage

/// Ends links before their time.
package struct LinkOperations: Sendable {
    private let environment: WorkEnvironment

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    /// Revokes every link to files of an account, in both its worlds; pages make new ones when they are loaded again.
    package func revoke(account: String, realm: Int64, by actor: String) async throws {
        let now = environment.now()
        try await environment.database.write { db in
            for mode in [RealmRow.Mode.live, .test] {
                if let row = try db.realm(account: account, mode: mode) { try db.revokeLinks(realm: row.id) }
            }
            try db.append(
                NewEvent(
                    realm: realm, at: now, actor: actor, objectKind: "account", objectID: account,
                    action: "links.revoked"))
        }
        try await environment.links.ring.refresh(now: now)
    }

    /// Revokes every link to files of the caller's account.
    package func revoke(by actor: Actor) async throws {
        try await revoke(account: actor.realm.account, realm: actor.realm.id, by: actor.label)
    }
}
