import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// The people of an account as its pages show them, and how people come in.
struct PeopleRoutes {
    let people: PeopleOperations
    /// Whether people come by https, so that the cookie may say so.
    let isSecure: Bool
    /// Where pages come from that may stand in instructions.
    let instructionFrames: [String]

    var endpoints: [Endpoint] { [list, invite, change, resetSecondFactor, invitation, accept] }

    private static let access = Endpoint.Access.person(.peopleManage)

    private static let person = Wire.answer(
        "Person",
        [
            .always("id", Wire.identifier, "Ours."), .always("email", Wire.text, "The address to sign in with."),
            .always("name", Wire.text, "For people."),
            .always("role", .enumeration(Role.allCases.map(\.rawValue)), "May do what."),
            .maybe(
                "function", .enumeration(MemberRow.Function.allCases.map(\.rawValue)),
                "What a labeler does: draw, review, or both."),
            .always("state", .enumeration(["active", "invited", "disabled"]), "Whether they take part."),
            .always("second_factor", .bool, "Whether a code is asked for beside the password."),
            .always("created_at", Wire.time, "Since when."),
            .maybe("invited_until", Wire.time, "When the invitation lapses."),
        ])

    private var list: Endpoint {
        .json(
            .get, "/api/people", "people", Self.access, "Lists everybody in the account.",
            answers: Wire.answer("People", [.always("people", Wire.list(of: Self.person), "Oldest first.")])
        ) { call in
            let members = try await people.list(by: try call.actor)
            return .object { writer in
                writer.array("people") { writer in members.forEach { $0.writePerson(to: &writer) } }
            }
        }
    }

    // MARK: Invitations

    private struct Guest: Sendable {
        let email: String
        let role: Role
        let function: MemberRow.Function?
    }

    private static let email = RequiredField(
        "email",
        Schema<String>.string(length: 3...254).checked { value, json, reader in
            if !TaskCommon.isAddress(value) { reader.report(json, "must be an e-mail address") }
        }, "Whom.")
    private static let role = RequiredField("role", Schema<Role>.cases, "What they are to be.")
    private static let function = OptionalField(
        "function", .cases as Schema<MemberRow.Function>, "What a labeler does: draw, review, or both.")
    private static let guest = Schema<Guest>.object("Guest", [email, role, function]) { object in
        let email = object(Self.email)
        let role = object(Self.role)
        let function = object(Self.function)
        return email.flatMap { email in role.map { Guest(email: email, role: $0, function: function) } }
    }

    private var invite: Endpoint {
        .json(
            .post, "/api/people", "people", Self.access,
            "Invites a person, or makes a new link for one who has not come yet.", body: Self.guest, empty: nil,
            answers: Wire.answer(
                "Invited",
                [
                    .always("person", Self.person, "Who."),
                    .always("path", Wire.text, "The link's path on this server; it is shown this once."),
                    .always("mailed", .bool, "Whether the link goes out by mail too."),
                ])
        ) { call, guest in
            let (member, token, isMailed) = try await people.invite(
                email: guest.email, role: guest.role, function: guest.function, by: try call.actor)
            return .object { writer in
                writer.key("person")
                member.writePerson(to: &writer)
                writer.field("path", "/#/invitation/\(token)")
                writer.field("mailed", isMailed)
            }
        }
    }

    private static let invitationShape = Wire.answer(
        "Invitation",
        [
            .always("email", Wire.text, "Whom it is for."), .always("account", Wire.text, "Into which account."),
            .always("role", Wire.text, "As what."),
            .always("known", .bool, "Whether the person has a password here already, which is then to be given."),
        ])

    // The token travels in bodies, never in addresses, which end up in logs.
    private static let token = RequiredField("token", Schema<String>.string(length: 1...200), "The link's last part.")
    private static let look = Schema<String>.object("InvitationToken", [token]) { $0(Self.token) }

    private var invitation: Endpoint {
        .json(
            .post, "/api/invitations/look", "people", .anyone, "Tells what an invitation is for.", body: Self.look,
            empty: nil, answers: Self.invitationShape
        ) { _, token in
            let invitation = try await people.invitation(token)
            var writer = JSONWriter()
            invitation.write(to: &writer)
            return .json(writer)
        }
    }

    private struct Acceptance: Sendable {
        let token: String
        let name: String
        let password: String
    }

    private static let name = Field(
        "name", Schema<String>.string(length: 0...200), default: "", shownAs: "\"\"", "What people call you.")
    private static let password = RequiredField(
        "password", Schema<String>.string(length: 1...1000), "The password to sign in with from now on.")
    private static let acceptance = Schema<Acceptance>.object("Acceptance", [token, name, password]) { object in
        let token = object(Self.token)
        let name = object(Self.name)
        let password = object(Self.password)
        return token.flatMap { token in
            password.map { Acceptance(token: token, name: name, password: $0) }
        }
    }

    private var accept: Endpoint {
        .json(
            .post, "/api/invitations/accept", "people", .anyone, "Takes an invitation up and signs the person in.",
            body: Self.acceptance, empty: nil, answers: SessionRoutes.begun
        ) { call, acceptance in
            try await SessionCookie(isSecure: isSecure).reply(frames: instructionFrames) {
                try await people.accept(
                    acceptance.token, name: acceptance.name, password: acceptance.password, remote: call.remote,
                    agent: call.agent)
            }
        }
    }

    // MARK: Changes

    private struct Change: Sendable {
        let role: Role?
        let function: MemberRow.Function?
        let isActive: Bool?
    }

    private static let newRole = OptionalField("role", Schema<Role>.cases, "What they are to be.")
    private static let isActive = OptionalField("active", Schema<Bool>.bool, "Whether they may sign in.")
    private static let changes = Schema<Change>.object("PersonChange", [newRole, function, isActive]) { object in
        Change(role: object(Self.newRole), function: object(Self.function), isActive: object(Self.isActive))
    }

    private var change: Endpoint {
        .json(
            .patch, "/api/people/{person}", "people", Self.access,
            "Changes a person's role or function, or lets them in or keeps them out.", body: Self.changes,
            answers: Self.person
        ) { call, change in
            let member = try await people.change(
                call.parameter("person"), role: change.role, function: change.function, isActive: change.isActive,
                by: try call.actor)
            var writer = JSONWriter()
            member.writePerson(to: &writer)
            return .json(writer)
        }
    }

    private var resetSecondFactor: Endpoint {
        .json(
            .delete, "/api/people/{person}/second-factor", "people", Self.access,
            "Removes the second factor of a person whose phone is lost, and ends their sessions.", answers: Self.person
        ) { call in
            let member = try await people.resetSecondFactor(call.parameter("person"), by: try call.actor)
            var writer = JSONWriter()
            member.writePerson(to: &writer)
            return .json(writer)
        }
    }
}
