import JSON
import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct CloudWordsTests {
    private static func integration(_ prefix: String, _ values: [CloudField: String] = [:]) throws -> CloudIntegration {
        CloudIntegration(id: "1", version: 1, prefix: try #require(CloudAddress(prefix)), values: values)
    }

    // MARK: What is seen without a call

    private static let s3 = "s3://bucket/"
    private static let blobs = "https://acct.blob.core.windows.net/c/"
    private static let keys: [CloudField: String] = [.accessKey: "a", .secretKey: "b"]

    /// The prefix, the settings, and where which words are expected; nil if nothing is wrong.
    private static let settings: [(String, [CloudField: String], path: String?, words: String)] = [
        (s3, keys, nil, ""), (blobs, [.accountKey: "a2V5"], nil, ""),
        (blobs, [.sas: "?sv=2022-11-02&sp=rl&sr=c&se=2999-01-01T00:00:00Z&sig=a%2Bb"], nil, ""),
        (s3, [:], "access_key", "is required"), (s3, [.accessKey: "a"], "secret_key", "is required"),
        (s3, keys.adding(.region, "EU West"), "region", "eu-central-1"),
        (s3, keys.adding(.endpoint, "storage.example.com"), "endpoint", "https://storage.example.com:9000"),
        (s3, keys.adding(.endpoint, "https://storage.example.com/bucket"), "endpoint", "nothing behind"),
        (s3, keys.adding(.roleARN, "vernier"), "role_arn", "arn:aws:iam::123456789012:role/vernier"),
        (s3, keys.adding(.stsEndpoint, "https://sts.example.com"), "sts_endpoint", "`role_arn`"),
        (s3, keys.adding(.sas, "sv=1&sig=x"), "sas", "not among the settings of S3"),
        (s3, keys.adding(.endpoint, "http://127.0.0.1:9000").adding(.pathStyle, "false"), "path_style", "must be true"),
        ("gs://bucket/", [:], "service_account", "HMAC"),
        ("gs://bucket/", [.accessKey: "a"], "secret_key", "is required"),
        ("gs://bucket/", [.serviceAccount: "{"], "service_account", "the whole JSON file"),
        ("gs://bucket/", [.serviceAccount: "{\"type\":\"authorized_user\"}"], "service_account", "authorized_user"),
        ("gs://bucket/", [.serviceAccount: "{\"type\":\"service_account\"}"], "service_account", "client_email"),
        ("gs://bucket/", keys.adding(.region, "us-east-1"), "region", "not among the settings of Google"),
        (blobs, [:], "account_key", "is required, or `sas`"),
        (blobs, [.accountKey: "a2V5", .sas: "sv=1&sig=x"], "sas", "exclude each other"),
        (blobs, [.accountKey: "not base64!"], "account_key", "base64"),
        (blobs, [.sas: "https://acct.blob.core.windows.net/c?sv=1&sig=x"], "sas", "the token alone"),
        (blobs, [.sas: "sv=1&sp=rl"], "sas", "no `sig`"), (blobs, [.sas: "sp=wl&sig=x"], "sas", "no r"),
        (blobs, [.sas: "sp=r&srt=c&sig=x"], "sas", "no o"), (blobs, [.sas: "sp=r&ss=q&sig=x"], "sas", "no b"),
        (blobs, [.sas: "sp=r&se=2020-01-01T00:00:00Z&sig=x"], "sas", "expired at 2020-01-01T00:00:00Z"),
    ]

    @Test(arguments: settings)
    func `wrong settings are named before any call`(
        _ prefix: String, _ values: [CloudField: String], _ path: String?, _ words: String
    ) throws {
        let issues = try Self.integration(prefix, values).issues(now: Seed.start, hasIdentity: false) { _ in }
        guard let path else { return #expect(issues.isEmpty) }
        #expect(issues.contains { $0.path == path && $0.message.contains(words) }, "\(issues)")
    }

    @Test func `a server with an identity takes roles without keys, where its operator says`() throws {
        let role: [CloudField: String] = [.roleARN: "arn:aws:iam::123456789012:role/vernier"]
        func paths(_ values: [CloudField: String], hasIdentity: Bool) throws -> [String] {
            try Self.integration(Self.s3, values).issues(now: Seed.start, hasIdentity: hasIdentity) { _ in }.map(\.path)
        }
        #expect(try paths(role, hasIdentity: true).isEmpty)
        #expect(try paths(role, hasIdentity: false) == ["access_key", "secret_key"])
        #expect(try paths([:], hasIdentity: true) == ["access_key", "secret_key"], "its keys open nothing themselves")
        #expect(try paths(role.adding(.stsEndpoint, "https://example.com"), hasIdentity: true) == ["sts_endpoint"])
        #expect(try paths(role.adding(.accessKey, "a"), hasIdentity: true) == ["secret_key"])
        let integration = try Self.integration(Self.s3, role)
        let words = CloudWords(integration: integration, place: integration.prefix, act: .login)
        for (code, said) in [("ExpiredToken", "own identity"), ("AccessDenied", "the identity of this server")] {
            let body = Array(Self.role(code).utf8)
            #expect(words(ServerAnswer(status: 403, fields: [:], body: body)).contains(said), "\(code)")
        }
    }

    // MARK: What is answered

    private static func error(_ code: String, _ more: String = "") -> String {
        "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>Text</Message>\(more)</Error>"
    }

    private static func role(_ code: String) -> String {
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Code>\(code)</Code></Error></ErrorResponse>"
    }

    /// The prefix, the act, status and body of the answer, and words that name the cause.
    private static let answers: [(String, CloudWords.Act, status: Int, body: String, words: String)] = [
        (s3, .read, 403, error("InvalidAccessKeyId"), "`access_key`"),
        (s3, .read, 403, error("SignatureDoesNotMatch"), "`secret_key`"),
        (s3, .read, 400, error("AuthorizationHeaderMalformed", "<Region>eu-west-3</Region>"), "region eu-west-3"),
        (s3, .list, 301, error("PermanentRedirect"), "another region"),
        (s3, .read, 400, error("ExpiredToken"), "`session_token`"),
        (s3, .read, 403, error("InvalidToken"), "not valid"),
        (s3, .list, 404, error("NoSuchBucket"), "no bucket named \"bucket\""),
        (s3, .read, 404, error("NoSuchKey"), "no file at s3://bucket/"),
        (s3, .read, 403, error("InvalidObjectState"), "archived"),
        (s3, .list, 403, error("AccessDenied"), "s3:ListBucket"),
        (s3, .read, 403, error("AccessDenied"), "s3:GetObject"),
        (s3, .read, 403, error("AccessDenied", "<Message>no kms:Decrypt</Message>"), "grant kms:Decrypt"),
        (s3, .read, 403, error("RequestTimeTooSkewed"), "clock"), (s3, .read, 503, error("SlowDown"), "too busy"),
        (s3, .read, 200, "<html>Sign in</html>", "does not answer as S3 does"),
        (s3, .login, 403, role("AccessDenied"), "external id"),
        (s3, .login, 403, role("InvalidClientTokenId"), "`access_key`"),
        (s3, .login, 400, role("ValidationError"), "`role_arn` is not"), (s3, .login, 200, "{}", "`sts_endpoint`"),
        ("gs://bucket/", .read, 403, error("AccessDenied"), "storage.objects.get"),
        ("gs://bucket/", .list, 403, error("AccessDenied"), "storage.objects.list"),
        ("gs://bucket/", .list, 400, error("UserProjectMissing"), "requester pays"),
        ("gs://bucket/", .read, 401, error("AuthenticationRequired"), "does not take the token"),
        (
            "gs://bucket/", .login, 400, #"{"error":"invalid_grant","error_description":"Invalid JWT Signature."}"#,
            "deleted"
        ),
        (
            "gs://bucket/", .login, 400,
            #"{"error":"invalid_grant","error_description":"Invalid grant: account not found"}"#, "exist"
        ),
        ("gs://bucket/", .login, 404, "nothing here", "`token_uri`"),
        (blobs, .read, 403, error("AuthenticationFailed"), "`account_key`"),
        (blobs, .list, 403, error("AuthorizationPermissionMismatch"), "Reader"),
        (blobs, .read, 403, error("AuthorizationFailure"), "firewall"),
        (blobs, .read, 403, error("KeyBasedAuthenticationNotPermitted"), "no access by key"),
        (blobs, .list, 404, error("ContainerNotFound"), "no container named \"c\""),
        (blobs, .read, 409, error("BlobArchived"), "archived"),
    ]

    @Test func `every refusal of a provider names its cause in its own words`() throws {
        var said: Set<String> = []
        for (prefix, act, status, body, words) in Self.answers {
            let integration = try Self.integration(prefix, prefix == Self.s3 ? Self.keys : [:])
            let message = CloudWords(integration: integration, place: integration.prefix, act: act)(
                ServerAnswer(status: status, fields: [:], body: Array(body.utf8)))
            #expect(message.contains(words), "\(message)")
            said.insert(message)
        }
        #expect(said.count >= 28)
    }

    private static let tokens: [(CloudWords.Act, String, words: String)] = [
        (
            .read,
            error(
                "AuthenticationFailed",
                "<AuthenticationErrorDetail>Signature not valid in the specified time frame</AuthenticationErrorDetail>"
            ), "expired"
        ),
        (
            .read,
            error(
                "AuthenticationFailed", "<AuthenticationErrorDetail>Signature did not match</AuthenticationErrorDetail>"
            ), "does not match"
        ),
        (.read, error("AuthorizationPermissionMismatch"), "needs r"),
        (.list, error("AuthorizationPermissionMismatch"), "needs l"),
        (.list, error("AuthorizationResourceTypeMismatch"), "needs c"),
        (.read, error("AuthorizationSourceIPMismatch"), "`sip`"),
        (.read, error("AuthorizationProtocolMismatch"), "https"),
    ]

    @Test func `what a shared access signature lacks is named`() throws {
        let integration = try Self.integration(Self.blobs, [.sas: "sig=x"])
        for (act, body, words) in Self.tokens {
            let message = CloudWords(integration: integration, place: integration.prefix, act: act)(
                ServerAnswer(status: 403, fields: [:], body: Array(body.utf8)))
            #expect(message.contains(words) && message.contains("`sas`"), "\(message)")
        }
    }

    @Test func `nothing that an unknown server says is repeated`() throws {
        let integration = try Self.integration(Self.s3)
        let body = "<Error><Code>Evil <script>\u{202E}</Code><Region>&#10;injected</Region></Error>"
        for text in [body, Self.error(String(repeating: "A", count: 500)), Self.error("A B")] {
            let message = CloudWords(integration: integration, place: integration.prefix, act: .read)(
                ServerAnswer(status: 400, fields: ["x-amz-bucket-region": "a b\nc"], body: Array(text.utf8)))
            #expect(message == "The server does not answer as S3 does (status 400): check `prefix`.")
        }
    }
}

extension [CloudField: String] {
    fileprivate func adding(_ field: CloudField, _ value: String) -> Self {
        merging([field: value]) { _, new in new }
    }
}
