import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// Where an account's files lie with others, managed by admins and their programs.
struct IntegrationRoutes {
    let integrations: IntegrationOperations

    var endpoints: [Endpoint] { [list, create, show, change, delete, test] }

    private static let reading = Endpoint.Access.permitted(.integrationsRead)
    private static let access = Endpoint.Access.permitted(.integrationsManage)

    private static let shape = Wire.answer(
        "Integration",
        [
            .always("id", Wire.identifier, "Ours."),
            .always("provider", .enumeration(["s3", "gcs", "azure"]), "Whose storage it is."),
            .always("name", Wire.text, "To know it by."),
            .always("prefix", Wire.text, "How the addresses begin that it is for."),
            .always("settings", Wire.object, "What is no secret, by name."),
            .always("secrets", Wire.strings, "The names of the secrets that are set."),
            .always("created_at", Wire.time, "When it was added."),
            .always("updated_at", Wire.time, "When it was changed last."),
            .maybe("tested_at", Wire.time, "When it was tried last, since it was changed."),
            .maybe("fault", Wire.text, "What was wrong then."),
        ])

    private static func write(_ shown: IntegrationOperations.Shown, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", shown.row.id)
            writer.field("provider", shown.row.provider)
            writer.field("name", shown.row.name)
            writer.field("prefix", shown.row.prefix)
            writer.object("settings") { writer in
                for (field, value) in shown.settings.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                    writer.key(field.rawValue)
                    if field == .pathStyle { writer.value(value == "true") } else { writer.value(value) }
                }
            }
            writer.array("secrets") { writer in
                for field in shown.secrets { writer.value(field.rawValue) }
            }
            writer.field("created_at", time: shown.row.createdAt.microseconds)
            writer.field("updated_at", time: shown.row.updatedAt.microseconds)
            if let tested = shown.row.testedAt { writer.field("tested_at", time: tested.microseconds) }
            writer.field("fault", ifPresent: shown.row.fault)
        }
    }

    private static func reply(_ shown: IntegrationOperations.Shown) -> Reply {
        var writer = JSONWriter()
        write(shown, to: &writer)
        return .json(writer)
    }

    // MARK: Bodies

    private static func text(_ name: FieldName, most: Int = 2000, _ note: String) -> OptionalField<String> {
        OptionalField(name, Schema<String>.string(length: 0...most), note)
    }

    private static let name = RequiredField("name", Schema<String>.string(length: 1...200), "To know it by.")
    private static let prefix = RequiredField(
        "prefix", Schema<String>.string(length: 1...2000),
        "How the addresses begin that it is for: `s3://bucket/`, `gs://bucket/` or "
            + "`https://account.blob.core.windows.net/container/`, with the beginning of keys behind it if wanted.")
    private static let newName = OptionalField("name", Schema<String>.string(length: 1...200), "To know it by.")
    private static let newPrefix = OptionalField(
        "prefix", Schema<String>.string(length: 1...2000), "How the addresses begin that it is for.")

    private static let region = text("region", "S3: the bucket's region; us-east-1 if left out.")
    private static let endpoint = text("endpoint", "Where the API is, if not at the provider's own address.")
    private static let pathStyle = OptionalField(
        "path_style", Schema<Bool>.bool,
        "S3: the bucket stands in the path, not before the host; so by default with an endpoint.")
    private static let accessKey = text("access_key", "S3, or HMAC at Google: the public half of a key.")
    private static let secretKey = text("secret_key", "Its secret half.")
    private static let sessionToken = text("session_token", most: 8000, "S3: goes with temporary keys.")
    private static let roleARN = text("role_arn", "S3: a role that the keys take, with the account's external id.")
    private static let stsEndpoint = text("sts_endpoint", "S3: who gives roles, if not the provider itself.")
    private static let serviceAccount = text(
        "service_account", most: 20_000, "Google: the JSON file of a service account's key, as text.")
    private static let accountKey = text("account_key", "Azure: a key of the storage account, in base64.")
    private static let sas = text("sas", most: 4000, "Azure: a shared access signature, without the address before it.")

    private static let settings: [any FieldDeclaration] = [
        region, endpoint, pathStyle, accessKey, secretKey, sessionToken, roleARN, stsEndpoint, serviceAccount,
        accountKey,
        sas,
    ]

    private static func values(_ object: inout ObjectReader) -> [CloudField: String] {
        let texts: [(CloudField, OptionalField<String>)] = [
            (.region, region), (.endpoint, endpoint), (.accessKey, accessKey), (.secretKey, secretKey),
            (.sessionToken, sessionToken), (.roleARN, roleARN), (.stsEndpoint, stsEndpoint),
            (.serviceAccount, serviceAccount), (.accountKey, accountKey), (.sas, sas),
        ]
        var values: [CloudField: String] = [:]
        for (field, declared) in texts { values[field] = object(declared) }
        values[.pathStyle] = object(pathStyle).map { $0 ? "true" : "false" }
        return values
    }

    private static let newBody = Schema<IntegrationOperations.Change>.object(
        "NewIntegration", [name, prefix] + settings
    ) { object in
        let name = object(Self.name)
        let prefix = object(Self.prefix)
        let values = Self.values(&object)
        guard let name, let prefix else { return nil }
        return IntegrationOperations.Change(name: name, prefix: prefix, values: values)
    }

    private static let changeBody = Schema<IntegrationOperations.Change>.object(
        "IntegrationChange", [newName, newPrefix] + settings
    ) { object in
        let name = object(Self.newName)
        let prefix = object(Self.newPrefix)
        return IntegrationOperations.Change(name: name, prefix: prefix, values: Self.values(&object))
    }

    // MARK: Endpoints

    private var list: Endpoint {
        .json(
            .get, "/api/integrations", "integrations", Self.reading, "Lists the integrations, without their secrets.",
            answers: Wire.answer(
                "Integrations",
                [
                    .always("integrations", Wire.list(of: Self.shape), "By prefix."),
                    .always("external_id", Wire.text, "What the trust policy of a role is to demand."),
                    .always("has_identity", .bool, "Whether this server takes roles with an identity of its own."),
                ])
        ) { call in
            let (found, externalID) = try await integrations.list(by: call.actor)
            return .object { writer in
                writer.array("integrations") { writer in
                    for shown in found { Self.write(shown, to: &writer) }
                }
                writer.field("external_id", externalID)
                writer.field("has_identity", integrations.hasIdentity)
            }
        }
    }

    private var create: Endpoint {
        .json(
            .post, "/api/integrations", "integrations", Self.access,
            "Adds an integration; the secrets are sealed and never shown again.", body: Self.newBody, empty: nil,
            answers: Self.shape
        ) { call, body in
            Self.reply(try await integrations.create(body, by: call.actor))
        }
    }

    private var show: Endpoint {
        .json(
            .get, "/api/integrations/{integration}", "integrations", Self.reading, "Returns an integration.",
            answers: Self.shape
        ) { call in
            Self.reply(try await integrations.integration(call.parameter("integration"), by: call.actor))
        }
    }

    private var change: Endpoint {
        .json(
            .patch, "/api/integrations/{integration}", "integrations", Self.access,
            "Changes an integration; what is left out stays, and an empty text takes a setting away.",
            body: Self.changeBody, answers: Self.shape
        ) { call, body in
            Self.reply(try await integrations.change(call.parameter("integration"), body, by: call.actor))
        }
    }

    private var delete: Endpoint {
        .json(
            .delete, "/api/integrations/{integration}", "integrations", Self.access,
            "Removes an integration and its secrets; copies that were made stay.", answers: Wire.empty
        ) { call in
            try await integrations.delete(call.parameter("integration"), by: call.actor)
            return .object { _ in }
        }
    }

    private static let file = OptionalField(
        "file", Schema<String>.string(length: 1...4000),
        "The address of a file to read; the first under the prefix, if left out.")
    private static let testBody = Schema<[String]>.object("IntegrationTest", [file]) { object in
        [object(Self.file)].compactMap { $0 }
    }

    private var test: Endpoint {
        .json(
            .post, "/api/integrations/{integration}/test", "integrations", Self.access,
            "Logs in, lists and reads for trial, and says in words which setting or permission is missing.",
            body: Self.testBody,
            answers: Wire.answer(
                "IntegrationTestResult",
                [
                    .always("passed", .bool, "Whether files can be read."),
                    .maybe("fault", Wire.text, "What to change first, if not."),
                    .always(
                        "steps",
                        Wire.list(
                            of: Wire.answer(
                                "IntegrationTestStep",
                                [
                                    .always(
                                        "name", .enumeration(CloudTrial.Step.Name.allCases.map(\.rawValue)),
                                        "What was tried."),
                                    .always("passed", .bool, "Whether it went well."),
                                    .always("message", Wire.text, "What was found, or what is to be changed."),
                                ])), "In the order of trial."),
                ])
        ) { call, body in
            let trial = try await integrations.test(
                call.parameter("integration"), file: body.first, by: call.actor)
            return .object { writer in
                writer.field("passed", trial.passed)
                writer.field("fault", ifPresent: trial.fault)
                writer.array("steps") { writer in
                    for step in trial.steps {
                        writer.object { writer in
                            writer.field("name", step.name.rawValue)
                            writer.field("passed", step.passed)
                            writer.field("message", step.message)
                        }
                    }
                }
            }
        }
    }
}
