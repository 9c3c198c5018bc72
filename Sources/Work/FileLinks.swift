package import Media
package import Storage

/// Makes and checks the signed addresses under which stored files are served.
package struct FileLinks: Sendable {
    /// Where this server is reached from outside, without a trailing slash; empty for links relative to the page.
    let publicURL: String
    /// The first key signs, all of them are accepted.
    private let keys: [[UInt8]]
    /// How long a link lives at least.
    private static let lifetime = 6 * 3600

    package init(publicURL: String, keys: [[UInt8]]) {
        self.publicURL = publicURL
        self.keys = keys
    }

    /// A path on this server, for pages that are served from it.
    package func path(_ kind: SignedLink.Kind, realm: Int64, hash: String, now: Timestamp) -> String {
        let seconds = Int(now.microseconds / 1_000_000)
        let link = SignedLink(
            kind: kind, realm: String(realm), object: hash,
            expires: SignedLink.expiry(now: seconds, lifetime: Self.lifetime))
        return "/files/" + link.token(key: keys[0])
    }

    /// A whole address, for clients elsewhere.
    package func address(_ kind: SignedLink.Kind, realm: Int64, hash: String, now: Timestamp) -> String {
        publicURL + path(kind, realm: realm, hash: hash, now: now)
    }

    /// What a token gives access to, if it is ours and still valid.
    package func verify(_ token: String, now: Timestamp) -> SignedLink? {
        SignedLink.verify(token, now: Int(now.microseconds / 1_000_000), keys: keys)
    }
}
