import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// The people of an account, as the annotation API has them.
struct TeamRoutes {
    let accounts: AccountOperations

    var endpoints: [Endpoint] { [list, invite, setRole] }

    static let emailList = Schema.array(
        of: Schema<String>.string(length: 3...254).checked { value, json, reader in
            if !TaskCommon.isAddress(value) { reader.report(json, "must be an e-mail address") }
        }, count: 1...1000)

    private struct Change: Sendable {
        let emails: [String]
        let role: Role
    }

    private static let emails = RequiredField("emails", emailList, "Who.")
    private static let role = RequiredField(
        "team_role", Schema<String>.oneOf(["labeler", "member", "manager"]), "What they are to be.")
    private static let change = Schema<Change>.object("TeamChange", [emails, role], unknown: .ignore) { object in
        let emails = object(Self.emails)
        let role = object(Self.role).flatMap { Role(rawValue: $0) }
        return emails.flatMap { emails in role.map { Change(emails: emails, role: $0) } }
    }

    private var list: Endpoint {
        .json(
            .get, "/v1/teams", "teams", .permitted(.teamsRead), "Lists all teammates.",
            answers: Wire.list(of: Wire.teammate)
        ) { call in
            Self.reply(try await accounts.teammates(by: call.actor))
        }
    }

    private var invite: Endpoint {
        .json(
            .post, "/v1/teams/invite", "teams", .permitted(.teamsWrite), "Invites people.", body: Self.change,
            answers: Wire.list(of: Wire.teammate)
        ) { call, change in
            Self.reply(try await accounts.invite(change.emails, role: change.role, by: call.actor))
        }
    }

    private var setRole: Endpoint {
        .json(
            .post, "/v1/teams/set_role", "teams", .permitted(.teamsWrite), "Changes people's roles.",
            body: Self.change, answers: Wire.list(of: Wire.teammate)
        ) { call, change in
            Self.reply(try await accounts.setRole(change.emails, role: change.role, by: call.actor))
        }
    }

    private static func reply(_ members: [MemberRow]) -> Reply {
        var writer = JSONWriter()
        writer.array { writer in members.forEach { $0.write(to: &writer) } }
        return .json(writer)
    }
}
