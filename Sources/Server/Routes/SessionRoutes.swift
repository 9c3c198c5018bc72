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

    static let begun = Shape.either([
        shape,
        Wire.answer(
            "SecondFactorNeeded",
            [
                .always(
                    "second_factor",
                    Wire.answer(
                        "SignInChallenge",
                        [
                            .always(
                                "challenge", Wire.text, "What the code is sent with, to /api/session/second-factor."),
                            .always("expires_at", Wire.time, "Until when."),
                        ]), "The password was right; a code of the person's phone is to follow.")
            ]),
    ])

    private var signIn: Endpoint {
        .json(
            .post, "/api/session", "session", .anyone,
            "Signs a person in and sets the session cookie, or asks for the code of a second factor.",
            body: Self.credentials, answers: Self.begun
        ) { call, credentials in
            try await SessionCookie(isSecure: isSecure).reply(frames: instructionFrames) {
                try await identities.signIn(
                    email: credentials.email, password: credentials.password, remote: call.remote, agent: call.agent)
            }
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

    /// The same for a sign-in that may have to wait for a code.
    func reply(
        frames: [String], _ signIn: () async throws -> (identity: SessionIdentity, token: String)
    ) async throws -> Reply {
        do {
            let (identity, token) = try await signIn()
            return reply(identity, token, frames: frames)
        } catch let needed as SecondFactorNeeded {
            return .object { writer in
                writer.object("second_factor") { writer in
                    writer.field("challenge", needed.challenge)
                    writer.field("expires_at", time: needed.expiresAt.microseconds)
                }
            }
        }
    }

    func header(_ token: String, seconds: Int) -> String {
        "\(Authentication.cookieName)=\(token); Path=/; HttpOnly; SameSite=Lax; Max-Age=\(seconds)"
            + (isSecure ? "; Secure" : "")
    }
}
