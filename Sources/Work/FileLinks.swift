import Foundation
package import Logging
package import Media
import ServiceLifecycle
package import Storage
import Synchronization

/// Makes and checks the signed addresses under which stored files are served.
package struct FileLinks: Sendable {
    /// Where this server is reached from outside, without a trailing slash; empty for links relative to the page.
    let publicURL: String
    package let ring: LinkRing
    /// How long a link lives at least, in seconds; at most a tenth longer.
    static let lifetime = 6 * 3600

    package init(publicURL: String, ring: LinkRing) {
        self.publicURL = publicURL
        self.ring = ring
    }

    /// A path on this server, for pages that are served from it.
    package func path(_ kind: SignedLink.Kind, realm: Int64, hash: String, now: Timestamp) -> String {
        let seconds = Int(now.microseconds / 1_000_000)
        let link = SignedLink(
            kind: kind, realm: String(realm), object: hash,
            expires: SignedLink.expiry(now: seconds, lifetime: Self.lifetime))
        return "/files/" + link.token(key: ring.signing(realm: realm, now: now))
    }

    /// A whole address, for clients elsewhere.
    package func address(_ kind: SignedLink.Kind, realm: Int64, hash: String, now: Timestamp) -> String {
        publicURL + path(kind, realm: realm, hash: hash, now: now)
    }

    /// What a token gives access to, if it is ours and still valid.
    package func verify(_ token: String, now: Timestamp) -> SignedLink? {
        SignedLink.verify(token, now: Int(now.microseconds / 1_000_000)) { realm in
            Int64(realm).map { ring.accepted(realm: $0, now: now) } ?? []
        }
    }
}

/// The keys that sign links, as this process knows them; they stand in the database, sealed, for all nodes.
///
/// A class, since they are exchanged while the server runs.
package final class LinkRing: Sendable {
    private struct Key: Sendable {
        let secret: [UInt8]
        let startsAt: Timestamp
        let endsAt: Timestamp?
    }

    private struct State: Sendable {
        /// The newest first; never empty.
        var keys: [Key]
        var epochs: [Int64: Int]
    }

    private let database: any Database
    private let sealer: Sealer
    private let state: Mutex<State>

    /// Seconds until a new key signs: all nodes know it by then.
    static let leadSeconds = 30.0
    /// The setting in which earlier versions kept the only key.
    private static let oldSetting = "link.key"

    /// Reads the keys; the first is made here, of the one that an earlier version left if there is one.
    package init(database: any Database, sealer: Sealer, now: Timestamp) async throws {
        self.database = database
        self.sealer = sealer
        let left = try await database.read { db in
            try db.linkKeys(now: now).isEmpty ? (try db.setting(Self.oldSetting), true) : (nil, false)
        }
        if left.1 {
            let row = try Self.row(left.0 ?? Secret.make(), startsAt: now, sealer: sealer)
            _ = try await database.write { db in try db.addFirstLinkKey(row, insteadOf: Self.oldSetting) }
        }
        state = Mutex(try await Self.load(database, sealer, now: now))
    }

    /// Reads the keys again, as every process does every few seconds.
    package func refresh(now: Timestamp) async throws {
        let loaded = try await Self.load(database, sealer, now: now)
        state.withLock { $0 = loaded }
    }

    private static func load(_ database: any Database, _ sealer: Sealer, now: Timestamp) async throws -> State {
        let (rows, epochs) = try await database.read { db in (try db.linkKeys(now: now), try db.linkEpochs()) }
        let keys = try rows.map { row in
            Key(
                secret: [UInt8](try sealer.open(row.secret, for: "link:" + row.id).utf8), startsAt: row.startsAt,
                endsAt: row.endsAt)
        }
        return State(keys: keys, epochs: epochs)
    }

    private static func row(_ secret: String, startsAt: Timestamp, sealer: Sealer) throws -> LinkKeyRow {
        let id = Identifier.make(startsAt)
        return LinkKeyRow(id: id, secret: try sealer.seal(secret, for: "link:" + id), startsAt: startsAt)
    }

    /// The key that signs a realm's links now.
    func signing(realm: Int64, now: Timestamp) -> [UInt8] {
        state.withLock { state in
            let key = state.keys.first { $0.startsAt <= now } ?? state.keys.last
            return SignedLink.key(key?.secret ?? [], epoch: state.epochs[realm] ?? 0)
        }
    }

    /// The keys whose links are taken now in a realm.
    func accepted(realm: Int64, now: Timestamp) -> [[UInt8]] {
        state.withLock { state in
            state.keys.filter { key in key.endsAt.map { now < $0 } ?? true }
                .map { SignedLink.key($0.secret, epoch: state.epochs[realm] ?? 0) }
        }
    }

    /// Puts a new key in the place of the one that signs.
    ///
    /// - Parameters:
    ///   - revoking: Whether links that were signed before end at once; otherwise they work as long as they say.
    ///   - now: The time.
    /// - Throws: `StorageError`, or `Sealer.Failure`.
    package func rotate(revoking: Bool, now: Timestamp) async throws {
        let row = try Self.row(
            Secret.make(), startsAt: revoking ? now : now.adding(seconds: Self.leadSeconds), sealer: sealer)
        // A link that the old key signs at the last moment lives for a lifetime and a tenth of it.
        let end = row.startsAt.adding(seconds: Double(FileLinks.lifetime) * 1.1 + 60)
        try await database.write { db in try db.addLinkKey(row, othersUntil: revoking ? nil : end) }
        try await refresh(now: now)
    }
}

/// Keeps a process's knowledge of the keys of links up to date.
package struct LinkUpkeep: Service {
    private let ring: LinkRing
    private let logger: Logger

    package init(_ ring: LinkRing, logger: Logger) {
        self.ring = ring
        self.logger = logger
    }

    package func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            do { try await ring.refresh(now: Timestamp.now()) } catch {
                logger.error("the keys of links could not be read", metadata: ["error": "\(error)"])
            }
            // Ends early on shutdown, which is what is wanted then.
            do { try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(5)) } } catch {}
        }
    }
}
