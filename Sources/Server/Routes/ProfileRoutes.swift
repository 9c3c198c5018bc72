import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// A person's own entry: name, password, and where they are signed in.
struct ProfileRoutes {
    let profiles: ProfileOperations

    var endpoints: [Endpoint] { [rename, changePassword, sessions, endSession, endOthers] }

    private static let access = Endpoint.Access.person(.profileOwn)

    private static let name = RequiredField("name", .string(length: 1...200), "What people call you.")
    private static let renaming = Schema<String>.object("ProfileChange", [name]) { $0(Self.name) }

    private struct Passwords: Sendable {
        let present: String
        let new: String
    }

    private static let present = RequiredField("present", .string(length: 1...1000), "The present password.")
    private static let password = RequiredField("password", .string(length: 1...1000), "The new password.")
    private static let passwords = Schema<Passwords>.object("PasswordChange", [present, password]) { object in
        let present = object(Self.present)
        let password = object(Self.password)
        return present.flatMap { present in password.map { Passwords(present: present, new: $0) } }
    }

    private static let session = Wire.answer(
        "OwnSession",
        [
            .always("id", Wire.identifier, "By which it can be ended."),
            .always("agent", Wire.text, "What the browser calls itself."),
            .always("remote", Wire.text, "Where it signed in from."),
            .always("created_at", Wire.time, "When it signed in."),
            .always("seen_at", Wire.time, "When it was last used, give or take an hour."),
            .always("current", .bool, "Whether it is the one that asks."),
        ])

    private var rename: Endpoint {
        .json(
            .patch, "/api/profile", "profile", Self.access, "Changes one's own name.", body: Self.renaming, empty: nil,
            answers: Wire.empty
        ) { call, name in
            try await profiles.rename(name, by: try call.session)
            return .object { _ in }
        }
    }

    private var changePassword: Endpoint {
        .json(
            .post, "/api/profile/password", "profile", Self.access,
            "Changes one's own password and ends one's other sessions.", body: Self.passwords, empty: nil,
            answers: Wire.empty
        ) { call, passwords in
            try await profiles.changePassword(
                from: passwords.present, to: passwords.new, by: try call.session, remote: call.remote)
            return .object { _ in }
        }
    }

    private var sessions: Endpoint {
        .json(
            .get, "/api/profile/sessions", "profile", Self.access, "Lists where one is signed in.",
            answers: Wire.answer("OwnSessions", [.always("sessions", Wire.list(of: Self.session), "Latest use first.")])
        ) { call in
            let sessions = try await profiles.sessions(of: try call.session)
            return .object { writer in
                writer.array("sessions") { writer in sessions.forEach { $0.write(to: &writer) } }
            }
        }
    }

    private var endSession: Endpoint {
        .json(
            .delete, "/api/profile/sessions/{session}", "profile", Self.access, "Ends one of one's own sessions.",
            answers: Wire.empty
        ) { call in
            try await profiles.endSession(call.parameter("session"), by: try call.session)
            return .object { _ in }
        }
    }

    private var endOthers: Endpoint {
        .json(
            .delete, "/api/profile/sessions", "profile", Self.access, "Ends all of one's other sessions.",
            answers: Wire.answer("EndedSessions", [.always("ended", Wire.count, "How many.")])
        ) { call in
            let count = try await profiles.endOtherSessions(by: try call.session)
            return .object { $0.field("ended", count) }
        }
    }
}

extension Call {
    /// The session of whoever asks, for what only people can do.
    var session: SessionIdentity {
        get throws {
            guard let session = caller?.session else { throw ReplyError.signedOut }
            return session
        }
    }
}
