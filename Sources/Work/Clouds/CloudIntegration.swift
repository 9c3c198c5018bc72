import Foundation
import JSON
package import Media
import Storage

/// A setting of an integration, by its name on the wire.
package enum CloudField: String, Sendable, CaseIterable {
    case region
    case endpoint
    case pathStyle = "path_style"
    case accessKey = "access_key"
    case roleARN = "role_arn"
    case stsEndpoint = "sts_endpoint"
    case secretKey = "secret_key"
    case sessionToken = "session_token"
    case serviceAccount = "service_account"
    case accountKey = "account_key"
    case sas

    /// Whether it is written only, and never shown again.
    package var isSecret: Bool {
        switch self {
        case .region, .endpoint, .pathStyle, .accessKey, .roleARN, .stsEndpoint: false
        case .secretKey, .sessionToken, .serviceAccount, .accountKey, .sas: true
        }
    }

    /// Whose settings it is among.
    package var providers: [CloudAddress.Provider] {
        switch self {
        case .endpoint: [.s3, .google, .azure]
        case .accessKey, .secretKey: [.s3, .google]
        case .pathStyle: [.s3, .azure]
        case .region, .roleARN, .stsEndpoint, .sessionToken: [.s3]
        case .serviceAccount: [.google]
        case .accountKey, .sas: [.azure]
        }
    }
}

/// An integration with its secrets opened: which addresses it is for, and how its provider is spoken to.
struct CloudIntegration: Sendable, Equatable {
    let id: String
    /// When it was last changed, so that what was made with older settings is not used on.
    let version: Int64
    let prefix: CloudAddress
    let values: [CloudField: String]

    init(id: String, version: Int64, prefix: CloudAddress, values: [CloudField: String]) {
        self.id = id
        self.version = version
        self.prefix = prefix
        self.values = values
    }

    /// Opens what is stored.
    ///
    /// - Throws: `Sealer.Failure` if the secrets were sealed with another key.
    init(_ row: IntegrationRow, _ sealer: Sealer) throws {
        id = row.id
        version = row.updatedAt.microseconds
        guard let prefix = CloudAddress(row.prefix) else { throw Refusal(.invalid, "The prefix is no address.") }
        self.prefix = prefix
        let secrets = try sealer.open(row.sealed, for: Self.purpose(row.id))
        values = try Self.read(row.settings).merging(Self.read(secrets)) { first, _ in first }
    }

    /// What the secrets of an integration are sealed for.
    static func purpose(_ id: String) -> String { "integration:\(id)" }

    var provider: CloudAddress.Provider { prefix.provider }

    subscript(_ field: CloudField) -> String? { values[field] }

    // MARK: Keeping

    private static func read(_ json: String) throws -> [CloudField: String] {
        try JSONDocument.read(json) { object in
            Dictionary(
                object.members.compactMap { member in
                    guard let field = CloudField(rawValue: member.name), let text = member.value.string else {
                        return nil
                    }
                    return (field, text)
                }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// The values of one sort as they are kept: a JSON object of texts.
    func json(secrets: Bool) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            for field in CloudField.allCases where field.isSecret == secrets {
                guard let value = values[field] else { continue }
                writer.key(field.rawValue)
                writer.value(value)
            }
        }
        return writer.text
    }

    // MARK: Speaking

    /// The region that S3 requests are signed for.
    var region: String { values[.region] ?? "us-east-1" }

    private var isPathStyle: Bool {
        switch provider {
        case .google: true
        // Names with dots do not match the provider's certificate.
        case .s3: values[.pathStyle].map { $0 == "true" } ?? (values[.endpoint] != nil || prefix.bucket.contains("."))
        case .azure: values[.pathStyle] == "true"
        }
    }

    /// The keys that requests are signed with, or that a role is taken with.
    var keys: AWSCredentials? {
        guard let access = values[.accessKey], let secret = values[.secretKey] else { return nil }
        return AWSCredentials(accessKey: access, secretKey: secret, sessionToken: values[.sessionToken])
    }

    /// The key of an Azure storage account.
    var accountKeyBytes: [UInt8]? { values[.accountKey].flatMap { Data(base64Encoded: $0) }.map(Array.init) }

    /// Where the provider's API is.
    ///
    /// - Throws: `FetchError` if a setting is no endpoint.
    func endpoint() throws(FetchError) -> CloudEndpoint {
        if let text = values[.endpoint] { return try CloudEndpoint(text) }
        return switch provider {
        case .s3: CloudEndpoint(host: "s3.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : ""))
        case .google: CloudEndpoint(host: "storage.googleapis.com")
        case .azure: CloudEndpoint(host: prefix.host)
        }
    }

    /// How the provider is spoken to with a proof.
    func service(_ proof: CloudService.Proof) throws(FetchError) -> CloudService {
        CloudService(provider, endpoint: try endpoint(), isPathStyle: isPathStyle, proof: proof)
    }

    /// The pairs of a shared access signature, with or without a question mark before it.
    static func pairs(ofQuery text: String) -> [CloudRequest.Pair]? {
        let text = text.hasPrefix("?") ? text.dropFirst() : text[...]
        let pairs = text.split(separator: "&").compactMap { part -> CloudRequest.Pair? in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let name = String(sides[0]).removingPercentEncoding,
                let value = String(sides[1]).removingPercentEncoding
            else { return nil }
            return CloudRequest.Pair(name, value)
        }
        return pairs.count == text.split(separator: "&").count && !pairs.isEmpty ? pairs : nil
    }
}
