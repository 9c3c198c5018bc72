import HTTPTypes
import JSON
import Labeling
import Work

/// The first person of a new installation.
struct FirstAdminRoutes {
    let admins: FirstAdminOperations
    /// Whether people come by https, so that the cookie may say so.
    let isSecure: Bool
    /// Where pages come from that may stand in instructions.
    let instructionFrames: [String]

    var endpoints: [Endpoint] { [accept] }

    private struct Acceptance: Sendable {
        let token: String
        let email: String
        let name: String
        let password: String
    }

    // The token travels in bodies, never in addresses, which end up in logs.
    private static let token = RequiredField(
        "token", Schema<String>.string(length: 1...200), "The last part of the link that the server wrote at its start."
    )
    private static let email = RequiredField(
        "email", Schema<String>.string(length: 3...254), "The address to sign in with.")
    private static let name = Field(
        "name", Schema<String>.string(length: 0...200), default: "", shownAs: "\"\"", "What people call you.")
    private static let password = RequiredField(
        "password", Schema<String>.string(length: 1...1000), "The password to sign in with.")
    private static let acceptance = Schema<Acceptance>.object("FirstAdmin", [token, email, name, password]) { object in
        let token = object(Self.token)
        let email = object(Self.email)
        let name = object(Self.name)
        let password = object(Self.password)
        return token.flatMap { token in
            email.flatMap { email in
                password.map { Acceptance(token: token, email: email, name: name, password: $0) }
            }
        }
    }

    private var accept: Endpoint {
        .json(
            .post, "/api/first-admin", "session", .anyone,
            "Makes the first admin of a new installation, and signs them in.", body: Self.acceptance, empty: nil,
            answers: SessionRoutes.shape
        ) { call, acceptance in
            let (identity, token) = try await admins.accept(
                acceptance.token, email: acceptance.email, name: acceptance.name, password: acceptance.password,
                remote: call.remote, agent: call.agent)
            return SessionCookie(isSecure: isSecure).reply(identity, token, frames: instructionFrames)
        }
    }
}
