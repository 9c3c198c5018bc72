import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// Where an account's callbacks go and how they show whose they are, managed by admins.
struct SettingsRoutes {
    let settings: SettingsOperations

    var endpoints: [Endpoint] { [show, change, rotate, test] }

    private static let access = Endpoint.Access.person(.settingsManage)

    private static func secret(_ name: String, _ more: [Member] = []) -> Shape {
        Wire.answer(
            name,
            [
                .always("hint", Wire.text, "How it ends."),
                .maybe("changed_at", Wire.time, "When it was replaced last."),
            ] + more)
    }

    private static let realm = Wire.answer(
        "WorldDelivery",
        [
            .always(
                "default_callback_url", .either([Wire.text, .null]), "Where callbacks go whose task names no receiver."),
            .always("callback_key", secret("CallbackKey"), "What callbacks carry in scale-callback-auth."),
            .always(
                "signature_secret",
                secret(
                    "SignatureSecret",
                    [.maybe("previous_until", Wire.time, "Until when the one before is used too.")]),
                "What they are signed with."),
        ])
    private static let shape = Wire.answer(
        "DeliverySettings",
        [
            .always("live", realm, "The live world."), .always("test", realm, "The test world."),
            .always("mail", .bool, "Whether this server can send mail."),
        ])

    private func shown(_ call: Call) async throws -> Reply {
        let settings = try await settings.delivery(by: call.actor)
        var writer = JSONWriter()
        settings.write(to: &writer)
        return .json(writer)
    }

    private var show: Endpoint {
        .json(
            .get, "/api/settings/delivery", "settings", Self.access,
            "Returns where callbacks go; of secrets only how they end.", answers: Self.shape, shown)
    }

    private static let mode = Field(
        "mode", .cases as Schema<RealmRow.Mode>, default: .live, shownAs: "\"live\"", "Which world.")

    private struct Change: Sendable {
        let mode: RealmRow.Mode
        let url: String?
    }

    private static let callback = RequiredField(
        "default_callback_url", Schema<String>.string(length: 0...4000),
        "A URL or an e-mail address; empty for nowhere. Tasks that are there keep theirs.")
    private static let changeBody = Schema<Change>.object("DeliveryChange", [mode, callback]) { object in
        let mode = object(Self.mode)
        return object(Self.callback).map { Change(mode: mode, url: $0.isEmpty ? nil : $0) }
    }

    private var change: Endpoint {
        .json(
            .patch, "/api/settings/delivery", "settings", Self.access, "Sets where callbacks go.",
            body: Self.changeBody, empty: nil, answers: Self.shape
        ) { call, body in
            try await settings.setDefaultCallback(body.url, mode: body.mode, by: call.actor)
            return try await shown(call)
        }
    }

    private struct Rotation: Sendable {
        let mode: RealmRow.Mode
        let secret: DeliverySecret
    }

    private static let which = RequiredField("secret", .cases as Schema<DeliverySecret>, "Which secret.")
    private static let rotation = Schema<Rotation>.object("SecretRotation", [mode, which]) { object in
        let mode = object(Self.mode)
        return object(Self.which).map { Rotation(mode: mode, secret: $0) }
    }

    private var rotate: Endpoint {
        .json(
            .post, "/api/settings/delivery/rotate", "settings", Self.access,
            "Replaces a secret, which is answered this once; the signature secret before is used too for a day.",
            body: Self.rotation, empty: nil,
            answers: Wire.answer(
                "NewSecret",
                [
                    .always("secret", Wire.text, "The new one."),
                    .maybe("previous_until", Wire.time, "Until when the one before is used too."),
                ])
        ) { call, body in
            let (secret, until) = try await settings.rotate(body.secret, mode: body.mode, by: call.actor)
            return .object { writer in
                writer.field("secret", secret)
                if let until { writer.field("previous_until", time: until.microseconds) }
            }
        }
    }

    private struct Test: Sendable {
        let mode: RealmRow.Mode
        let url: String?
    }

    private static let url = OptionalField(
        "url", Schema<String>.string(length: 1...4000), "A URL or an e-mail address in place of the default one.")
    private static let testBody = Schema<Test>.object("DeliveryTest", [mode, url]) { object in
        Test(mode: object(Self.mode), url: object(Self.url))
    }

    private var test: Endpoint {
        .json(
            .post, "/api/settings/delivery/test", "settings", Self.access,
            "Sends a test message, signed like any other, and tells how it fared.", body: Self.testBody,
            answers: Wire.answer(
                "DeliveryTestResult",
                [
                    .always("delivered", .bool, "Whether it was taken."), .always("target", Wire.text, "By whom."),
                    .maybe("status_code", Wire.count, "What was answered."),
                    .maybe("error", Wire.text, "Why it did not arrive."),
                    .always("seconds", .number(.nonNegative), "How long it took."),
                ])
        ) { call, body in
            let result = try await settings.test(body.url, mode: body.mode, by: call.actor)
            return .object { writer in
                writer.field("delivered", result.error == nil)
                writer.field("target", result.target)
                writer.field("status_code", ifPresent: result.statusCode)
                writer.field("error", ifPresent: result.error)
                writer.field("seconds", result.seconds)
            }
        }
    }
}
