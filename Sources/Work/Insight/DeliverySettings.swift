package import JSON
import Labeling
import Media
package import Storage

/// Where the callbacks of an account go and how they show whose they are; secrets by their ends only.
package struct DeliverySettings: Sendable {
    let realms: [RealmRow]
    let hasMail: Bool
    let now: Timestamp

    /// Writes the settings of both worlds.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for realm in realms {
                writer.key(realm.mode.rawValue)
                writer.object { writer in
                    writer.key("default_callback_url")
                    if let url = realm.defaultCallbackURL { writer.value(url) } else { writer.null() }
                    writer.object("callback_key") { writer in
                        writer.field("hint", Self.hint(realm.callbackSecret))
                        if let at = realm.callbackChangedAt { writer.field("changed_at", time: at.microseconds) }
                    }
                    writer.object("signature_secret") { writer in
                        writer.field("hint", Self.hint(realm.signingSecret))
                        if let at = realm.signingChangedAt { writer.field("changed_at", time: at.microseconds) }
                        if let until = realm.previousUntil, until > now {
                            writer.field("previous_until", time: until.microseconds)
                        }
                    }
                }
            }
            writer.field("mail", hasMail)
        }
    }

    private static func hint(_ secret: String) -> String { "…" + secret.suffix(4) }
}

/// The secrets of callbacks.
package enum DeliverySecret: String, Sendable, CaseIterable {
    /// What callbacks carry.
    case callbackKey = "callback_key"
    /// What they are signed with.
    case signatureSecret = "signature_secret"
}

/// How a test message fared.
package struct DeliveryTest: Sendable {
    package let target: String
    package let statusCode: Int?
    package let error: String?
    package let seconds: Double
}

/// Changing where callbacks go and how they show whose they are.
package struct SettingsOperations: Sendable {
    private let environment: WorkEnvironment

    package init(environment: WorkEnvironment) {
        self.environment = environment
    }

    /// How long the signature secret before goes on to be used.
    private static let graceSeconds = 86_400.0

    /// The settings as they are.
    package func delivery(by actor: Actor) async throws -> DeliverySettings {
        let account = actor.realm.account
        let realms = try await environment.database.read { db in try db.realms(account: account) }
        let secrets = RealmSecrets(environment.sealer)
        return DeliverySettings(
            realms: try realms.map(secrets.open), hasMail: environment.sendmail != nil, now: environment.now())
    }

    /// Sets where callbacks go that name no receiver; nil for nowhere.
    ///
    /// Tasks that are there keep theirs.
    package func setDefaultCallback(_ url: String?, mode: RealmRow.Mode, by actor: Actor) async throws {
        if let url { try check(url, path: "default_callback_url") }
        try await change(mode, "settings.callback_changed", by: actor) { db, realm, _ in
            _ = try db.setDefaultCallback(realm: realm.id, url: url)
            return (
                Self.note(realm.mode, "default_callback_url", realm.defaultCallbackURL),
                Self.note(realm.mode, "default_callback_url", url)
            )
        }
    }

    /// Replaces a secret.
    ///
    /// Returns the new one, which is shown this once, and until when the one before is used too.
    package func rotate(
        _ secret: DeliverySecret, mode: RealmRow.Mode, by actor: Actor
    ) async throws -> (secret: String, previousUntil: Timestamp?) {
        let (text, until): (String, Timestamp?) =
            switch secret {
            case .callbackKey: (Secret.make(prefix: "\(mode.rawValue)_auth_"), nil)
            case .signatureSecret:
                (Secret.make(prefix: "\(mode.rawValue)_sign_"), environment.now().adding(seconds: Self.graceSeconds))
            }
        let sealed = try RealmSecrets(environment.sealer).seal(text, account: actor.realm.account, mode: mode)
        try await change(mode, "settings.secret_rotated", by: actor) { db, realm, now in
            if let until {
                _ = try db.setSigningSecret(realm: realm.id, sealed, keepingOldUntil: until, at: now)
            } else {
                _ = try db.setCallbackSecret(realm: realm.id, sealed, at: now)
            }
            return (nil, Self.note(realm.mode, "secret", secret.rawValue))
        }
        return (text, until)
    }

    /// Sends a test message to the receiver, or to the default one, and tells how it fared.
    package func test(_ url: String?, mode: RealmRow.Mode, by actor: Actor) async throws -> DeliveryTest {
        let account = actor.realm.account
        guard let realm = try await environment.database.read({ db in try db.realm(account: account, mode: mode) })
        else {
            throw Self.noRealm
        }
        guard let target = url ?? realm.defaultCallbackURL else {
            throw Issues("url", "`url` is required as long as there is no default_callback_url.")
        }
        try check(target, path: "url")
        let now = environment.now()
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("event", "test")
            writer.field("message", "This is a test message. Nothing happened to any task.")
            writer.field("sent_at", time: now.microseconds)
            writer.field("mode", mode.rawValue)
        }
        let message = DeliveryRow(
            id: Identifier.make(now), realm: realm.id, target: target, kind: DeliveryRow.Kind(target: target),
            body: writer.text, createdAt: now)
        let outcome = await DeliverCallback(environment: environment).send(
            message, try RealmSecrets(environment.sealer).open(realm), now)
        let seconds = environment.now() - now
        try await change(mode, "settings.delivery_tested", by: actor) { _, realm, _ in
            (nil, Self.note(realm.mode, "target", target))
        }
        return DeliveryTest(target: target, statusCode: outcome.statusCode, error: outcome.error, seconds: seconds)
    }

    private static let noRealm = Refusal(.notFound, "This account has no such world.")

    /// Refuses what can never be called: neither an address of the web nor an e-mail address.
    private func check(_ target: String, path: String) throws {
        if DeliveryRow.Kind(target: target) == .email {
            guard TaskCommon.isAddress(target) else {
                throw Issues(path, "`\(path)` must be an http(s):// URL or an e-mail address.")
            }
            return
        }
        do {
            try environment.fetcher.check(target)
        } catch {
            throw Issues(path, "`\(path)` cannot be called. \(error.message)")
        }
    }

    private func change(
        _ mode: RealmRow.Mode, _ action: String, by actor: Actor,
        _ body: @escaping @Sendable (any Connection, RealmRow, Timestamp) throws -> (before: String?, after: String?)
    ) async throws {
        let account = actor.realm.account
        let now = environment.now()
        try await environment.database.write { db in
            guard let realm = try db.realm(account: account, mode: mode) else { throw Self.noRealm }
            let (before, after) = try body(db, realm, now)
            try db.append(
                NewEvent(
                    realm: actor.realm.id, at: now, actor: actor.label, objectKind: "realm", objectID: account,
                    action: action, before: before, after: after))
        }
    }

    private static func note(_ mode: RealmRow.Mode, _ name: String, _ value: String?) -> String {
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            writer.field("mode", mode.rawValue)
            writer.key(name)
            if let value { writer.value(value) } else { writer.null() }
        }
        return writer.text
    }
}

extension DeliveryRow.Kind {
    /// How a message travels to a receiver.
    init(target: String) {
        self = target.hasPrefix("http://") || target.hasPrefix("https://") ? .http : .email
    }
}
