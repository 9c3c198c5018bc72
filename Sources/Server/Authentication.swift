import Hummingbird
import HTTPTypes
import Labeling
package import Work

/// Who asks, and by what.
package struct Caller: Sendable {
    package let actor: Actor
    /// The session of a person; nil for keys.
    package let session: SessionIdentity?
    /// What a key is good for; nil for persons.
    var scope: Scope?

    /// Whether the caller may do something beyond what the endpoint demands.
    func isAllowed(_ permission: Permission) -> Bool {
        scope.map { Access.allows(permission, to: $0) } ?? Access.allows(permission, to: actor.role)
    }
}

/// Tells from a request who asks and whether that is enough.
package struct Authentication: Sendable {
    private let identities: IdentityOperations

    package init(identities: IdentityOperations) {
        self.identities = identities
    }

    static let cookieName = "vernier_session"
    static let tokenHeader = HTTPField.Name("X-CSRF-Token")

    /// The caller, or nil where anybody may ask.
    ///
    /// - Throws: `ReplyError` 401 without valid credentials, 403 if they do not suffice.
    func caller(of request: Request, for endpoint: Endpoint, remote: String) async throws -> Caller? {
        let permission: Permission
        let needsPerson: Bool
        switch endpoint.access {
        case .anyone: return nil
        case .permitted(let needed): (permission, needsPerson) = (needed, false)
        case .person(let needed): (permission, needsPerson) = (needed, true)
        }
        if let key = Self.key(of: request) {
            guard let identity = try await identities.key(key) else { throw ReplyError.unauthorized }
            guard identity.isPermitted(from: remote) else {
                throw ReplyError(
                    status: .forbidden,
                    "This key may not be used from \(remote); an admin of the account can add networks to it.")
            }
            guard !needsPerson, Access.allows(permission, to: identity.scope) else { throw ReplyError.forbidden }
            return Caller(actor: identity.actor, session: nil, scope: identity.scope)
        }
        guard let token = Self.cookie(of: request) else {
            throw endpoint.path.hasPrefix("/api/") ? ReplyError.signedOut : ReplyError.unauthorized
        }
        guard let session = try await identities.session(token) else { throw ReplyError.signedOut }
        if request.method != .get && request.method != .head {
            let sent = Self.tokenHeader.flatMap { request.headers[$0] } ?? ""
            guard constantTimeEqual(sent, session.csrf) else {
                throw ReplyError(
                    status: .forbidden, "The X-CSRF-Token header is missing or wrong; read it from /api/session.")
            }
        }
        guard Access.allows(permission, to: session.actor.role) else { throw ReplyError.forbidden }
        return Caller(actor: session.actor, session: session)
    }

    /// The API key of a request: the user name of Basic, or the Bearer token.
    static func key(of request: Request) -> String? {
        guard let header = request.headers[.authorization] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return "" }
        switch parts[0].lowercased() {
        case "bearer": return parts[1].trimmingPrefix(while: { $0 == " " }).description
        case "basic":
            guard let decoded = Base64.decode(String(parts[1])) else { return "" }
            let text = String(decoding: decoded, as: UTF8.self)
            return String(text.prefix { $0 != ":" })
        default: return ""
        }
    }

    /// The session token of a request's cookie.
    static func cookie(of request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].drop(while: { $0 == " " }) == cookieName { return String(parts[1]) }
            }
        }
        return nil
    }
}

/// Compares without telling by time how much is alike.
func constantTimeEqual(_ a: String, _ b: String) -> Bool {
    guard a.utf8.count == b.utf8.count else { return false }
    return zip(a.utf8, b.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
