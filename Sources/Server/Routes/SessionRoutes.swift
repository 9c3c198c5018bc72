import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// Signing in and out.
struct SessionRoutes {
    let identities: IdentityOperations
    /// Whether people come by https, so that the cookie may say so.
    let isSecure: Bool
    /// Where pages come from that may stand in instructions.
    let instructionFrames: [String]

    var endpoints: [Endpoint] { [signIn, show, signOut] }

    private struct Credentials: Sendable {
        let email: String
        let password: String
    }

    private static let email = RequiredField("email", .string(length: 1...254), "The e-mail address.")
    private static let password = RequiredField("password", .string(length: 1...1000), "The password.")
    private static let credentials = Schema<Credentials>.object("Credentials", [email, password]) { object in
        let email = object(Self.email)
        let password = object(Self.password)
        return email.flatMap { email in password.map { Credentials(email: email, password: $0) } }
    }

    static let shape = Wire.answer(
        "Session",
        [
            .always(
                "user",
                Wire.answer(
                    "SessionUser",
                    [
                        .always("id", Wire.identifier, "Ours."), .always("email", Wire.text, "Who."),
                        .always("name", Wire.text, "For people."), .always("role", Wire.text, "May do what."),
                    ]), "Who is signed in."),
            .always("csrf", Wire.text, "What state-changing calls repeat in the X-CSRF-Token header."),
            .always("instruction_frames", Wire.strings, "Where pages come from that may stand in instructions."),
        ])

    private var signIn: Endpoint {
        .json(
            .post, "/api/session", "session", .anyone, "Signs a person in and sets the session cookie.",
            body: Self.credentials, answers: Self.shape
        ) { call, credentials in
            let (identity, token) = try await identities.signIn(
                email: credentials.email, password: credentials.password, remote: call.remote,
                agent: call.agent)
            return SessionCookie(isSecure: isSecure).reply(identity, token, frames: instructionFrames)
        }
    }

    private var show: Endpoint {
        .json(
            .get, "/api/session", "session", .person(.workTake), "Tells who is signed in.", answers: Self.shape
        ) { call in
            guard let session = call.caller?.session else { throw ReplyError.signedOut }
            guard let token = Authentication.cookie(of: call.request) else { throw ReplyError.signedOut }
            // Use prolongs a session, so the browser must keep its cookie longer too.
            return SessionCookie(isSecure: isSecure).reply(session, token, frames: instructionFrames)
        }
    }

    private var signOut: Endpoint {
        .json(
            .delete, "/api/session", "session", .person(.workTake), "Signs out.", answers: Wire.empty
        ) { call in
            if let token = Authentication.cookie(of: call.request) { try await identities.signOut(token) }
            var reply = Reply.object { _ in }
            reply.headers[.setCookie] = SessionCookie(isSecure: isSecure).header("", seconds: 0)
            return reply
        }
    }

    static func reply(_ session: SessionIdentity, frames: [String]) -> Reply {
        .object { writer in
            writer.object("user") { writer in
                writer.field("id", session.user.id)
                writer.field("email", session.user.email)
                writer.field("name", session.user.name)
                writer.field("role", session.actor.role.rawValue)
            }
            writer.field("csrf", session.csrf)
            writer.array("instruction_frames") { writer in frames.forEach { writer.value($0) } }
        }
    }
}

/// The cookie by which a browser shows its session.
struct SessionCookie {
    /// Whether people come by https, so that the cookie may say so.
    let isSecure: Bool

    /// Tells a browser its session, and to keep the cookie for as long as it lasts.
    func reply(_ identity: SessionIdentity, _ token: String, frames: [String]) -> Reply {
        var reply = SessionRoutes.reply(identity, frames: frames)
        reply.headers[.setCookie] = header(token, seconds: Int(IdentityOperations.sessionSeconds))
        return reply
    }

    func header(_ token: String, seconds: Int) -> String {
        "\(Authentication.cookieName)=\(token); Path=/; HttpOnly; SameSite=Lax; Max-Age=\(seconds)"
            + (isSecure ? "; Secure" : "")
    }
}
