import HTTPTypes
import JSON
import Labeling
import Work

/// Codes that people's phones make, asked for after the password.
struct SecondFactorRoutes {
    let factors: SecondFactorOperations
    /// Whether people come by https, so that the cookie may say so.
    let isSecure: Bool
    /// Where pages come from that may stand in instructions.
    let instructionFrames: [String]

    var endpoints: [Endpoint] { [finish, show, begin, confirm, remove] }

    private static let access = Endpoint.Access.person(.profileOwn)
    private static let path = "/api/profile/second-factor"

    private static let code = RequiredField("code", .string(length: 1...40), "Six digits, or a recovery code.")
    private static let password = RequiredField("password", .string(length: 1...1000), "One's password.")

    // MARK: Signing in

    private struct Answer: Sendable {
        let challenge: String
        let code: String
    }

    private static let challenge = RequiredField(
        "challenge", .string(length: 1...200), "What /api/session answered.")
    private static let answer = Schema<Answer>.object("SignInCode", [challenge, code]) { object in
        let challenge = object(Self.challenge)
        let code = object(Self.code)
        return challenge.flatMap { challenge in code.map { Answer(challenge: challenge, code: $0) } }
    }

    private var finish: Endpoint {
        .json(
            .post, "/api/session/second-factor", "session", .anyone,
            "Finishes a sign-in with a code and sets the session cookie.", body: Self.answer, empty: nil,
            answers: SessionRoutes.shape
        ) { call, answer in
            let (identity, token) = try await factors.finish(
                answer.challenge, code: answer.code, remote: call.remote, agent: call.agent)
            return SessionCookie(isSecure: isSecure).reply(identity, token, frames: instructionFrames)
        }
    }

    // MARK: Setting up

    private var show: Endpoint {
        let shape = Wire.answer(
            "SecondFactor",
            [
                .always("enabled", .bool, "Whether a code is asked for at sign-in."),
                .always("recovery_codes_left", Wire.count, "How many recovery codes were not used yet."),
            ])
        return .json(
            .get, Self.path, "profile", Self.access, "Tells whether one has a second factor.", answers: shape
        ) { call in
            let (isEnabled, left) = try await factors.state(of: try call.session)
            return .object { writer in
                writer.field("enabled", isEnabled)
                writer.field("recovery_codes_left", left)
            }
        }
    }

    private static let begun = Schema<String>.object("SecondFactorStart", [password]) { $0(Self.password) }

    private var begin: Endpoint {
        let shape = Wire.answer(
            "SecondFactorSecret",
            [
                .always("secret", Wire.text, "What can be typed into an app, in base 32; shown this once."),
                .always("uri", Wire.text, "The same as an otpauth address, to be drawn as a QR code."),
            ])
        return .json(
            .post, Self.path, "profile", Self.access,
            "Makes a secret for one's phone; it is asked for at sign-in once it is confirmed.", body: Self.begun,
            empty: nil, answers: shape
        ) { call, password in
            let (secret, uri) = try await factors.begin(
                password: password, by: try call.session, remote: call.remote)
            return .object { writer in
                writer.field("secret", secret)
                writer.field("uri", uri)
            }
        }
    }

    private static let confirmation = Schema<String>.object("SecondFactorCode", [code]) { $0(Self.code) }

    private var confirm: Endpoint {
        .json(
            .post, Self.path + "/confirm", "profile", Self.access, "Puts one's second factor into force.",
            body: Self.confirmation, empty: nil,
            answers: Wire.answer(
                "RecoveryCodes", [.always("recovery_codes", Wire.strings, "Each lets one in once; shown this once.")])
        ) { call, code in
            let codes = try await factors.confirm(code, by: try call.session)
            return .object { writer in
                writer.array("recovery_codes") { writer in codes.forEach { writer.value($0) } }
            }
        }
    }

    private struct Removal: Sendable {
        let password: String
        let code: String
    }

    private static let removal = Schema<Removal>.object("SecondFactorRemoval", [password, code]) { object in
        let password = object(Self.password)
        let code = object(Self.code)
        return password.flatMap { password in code.map { Removal(password: password, code: $0) } }
    }

    private var remove: Endpoint {
        .json(
            .post, Self.path + "/remove", "profile", Self.access, "Ends one's second factor.", body: Self.removal,
            empty: nil, answers: Wire.empty
        ) { call, removal in
            try await factors.remove(
                password: removal.password, code: removal.code, by: try call.session, remote: call.remote)
            return .object { _ in }
        }
    }
}
