/// The error element of a provider's XML answer.
package struct CloudFault: Sendable, Equatable {
    /// The provider's word for what is wrong.
    package let code: String
    /// The region of the bucket, if the answer is about that.
    package let region: String?

    /// Reads the body of an answer; nil if it is no error in a provider's XML.
    package init?(_ body: some Sequence<UInt8>) {
        guard let root = Markup.read(body) else { return nil }
        // The service of roles wraps the error once more, others that speak its language twice.
        guard let error = root.name == "Error" ? root : root["Error"] ?? root["Errors"]?["Error"],
            let code = error["Code"]?.text
        else { return nil }
        self.code = code
        region = error["Region"]?.text
    }
}

/// What the service of roles answers.
package struct RoleSession: Sendable, Equatable {
    /// The temporary keys.
    package let credentials: AWSCredentials

    /// For how many seconds temporary keys are asked.
    package static let lifetime = 3600

    /// Reads an answer to ``request(role:externalID:with:region:endpoint:at:)``; nil if it holds no keys.
    package init?(_ body: some Sequence<UInt8>) {
        guard let root = Markup.read(body), let found = Self.result(in: root)["Credentials"],
            let access = found["AccessKeyId"]?.text, let secret = found["SecretAccessKey"]?.text,
            let token = found["SessionToken"]?.text
        else { return nil }
        credentials = AWSCredentials(accessKey: access, secretKey: secret, sessionToken: token)
    }

    private static func result(in root: Markup) -> Markup {
        root["AssumeRoleResult"] ?? root["AssumeRoleWithWebIdentityResult"] ?? root
    }

    /// The request for temporary keys of a role, and its body.
    ///
    /// The external id is ours for the account, so that nobody reaches a stranger's role by naming it.
    package static func request(
        role: String, externalID: String, with credentials: AWSCredentials, region: String, endpoint: CloudEndpoint,
        at seconds: Int
    ) -> (request: CloudRequest, body: [UInt8]) {
        let pairs = [
            ("Action", "AssumeRole"), ("Version", "2011-06-15"), ("RoleArn", role), ("RoleSessionName", "vernier"),
            ("ExternalId", externalID), ("DurationSeconds", String(lifetime)),
        ]
        let body = Array(
            pairs.map { "\($0.0)=\(CloudRequest.escape($0.1))" }.joined(separator: "&").utf8)
        let request = CloudRequest(
            "POST", endpoint, path: "/",
            headers: [.init("content-type", "application/x-www-form-urlencoded; charset=utf-8")])
        let signature = AWSSignature(credentials, region: region, service: "sts")
        return (signature.sign(request, payload: .bytes(body), at: seconds), body)
    }
}
