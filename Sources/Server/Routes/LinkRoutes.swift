import HTTPTypes
import JSON
import Labeling
import Work

/// Ending all links to an account's files, for admins.
struct LinkRoutes {
    let links: LinkOperations

    var endpoints: [Endpoint] {
        [
            .json(
                .post, "/api/links/revoke", "settings", .person(.settingsManage),
                "Ends every link to files of the account at once; pages make new ones when they are loaded again.",
                answers: Wire.answer("LinksRevoked", [.always("revoked", .bool, "That it was done.")])
            ) { call in
                try await links.revoke(by: call.actor)
                return .object { $0.field("revoked", true) }
            }
        ]
    }
}
