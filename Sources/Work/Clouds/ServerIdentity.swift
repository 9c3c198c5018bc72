import Foundation
import JSON
package import Media
package import Storage

/// The AWS identity of this server itself, with which it takes the roles of integrations that bring no keys.
///
/// Its keys are asked for when they are needed and kept until shortly before they end. An operator names where they come
/// from, and only these places are asked: nothing a customer writes leads there.
package actor ServerIdentity {
    /// Where the keys come from.
    package enum Source: String, Sendable, CaseIterable {
        /// `AWS_ACCESS_KEY_ID` and what belongs to it, or a token in a file that is traded for keys.
        case environment
        /// The service of the machine or container that this server runs in.
        case metadata
    }

    private struct Keys {
        let credentials: AWSCredentials
        /// When other ones are asked for; nil if they have no end.
        let until: Timestamp?
    }

    /// Renewed this long before the end, so that what has begun can be finished.
    private static let margin = 300.0

    private let source: Source
    private let variables: [String: String]
    private let now: @Sendable () -> Timestamp
    private var keys: Keys?

    /// `variables`: those of the process.
    package init(
        _ source: Source, variables: [String: String], now: @escaping @Sendable () -> Timestamp = { Timestamp.now() }
    ) {
        self.source = source
        self.variables = variables.filter { !$0.value.isEmpty }
        self.now = now
    }

    /// The keys of now.
    ///
    /// - Throws: `FetchError` in words for whoever waits for a role.
    package func credentials() async throws -> AWSCredentials {
        if let keys, keys.until.map({ $0 > now() }) ?? true { return keys.credentials }
        let new =
            switch source {
            case .environment: try await fromEnvironment()
            case .metadata: try await fromMetadata()
            }
        keys = new
        return new.credentials
    }

    /// Where roles are asked for, if not at the provider's own address.
    package nonisolated var roleService: String? { variables["AWS_ENDPOINT_URL_STS"] }

    /// Sends a request for a role to ``roleService``, to which no rule about customers' addresses applies.
    ///
    /// - Throws: `FetchError` if nothing is answered.
    package nonisolated func send(_ request: CloudRequest, body: [UInt8]) async throws -> ServerAnswer {
        let (status, answer) = try await Self.answer(
            request.url, method: .post, headers: request.headers.map { ($0.name, $0.value) }, body: body)
        return ServerAnswer(status: status, fields: [:], body: answer)
    }

    private static func fault(_ reason: String, _ code: FetchError.Code = .status, statusCode: Int? = nil) -> FetchError
    {
        FetchError(
            code, "This server's own AWS identity cannot be used; an operator has to see to it: \(reason)",
            statusCode: statusCode)
    }

    // MARK: Environment

    private func fromEnvironment() async throws -> Keys {
        if let access = variables["AWS_ACCESS_KEY_ID"], let secret = variables["AWS_SECRET_ACCESS_KEY"] {
            return Keys(
                credentials: AWSCredentials(
                    accessKey: access, secretKey: secret, sessionToken: variables["AWS_SESSION_TOKEN"]),
                until: nil)
        }
        guard let file = variables["AWS_WEB_IDENTITY_TOKEN_FILE"], let role = variables["AWS_ROLE_ARN"] else {
            throw Self.fault(
                "neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are set."
            )
        }
        let asked = now()
        let form = [
            ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role),
            ("RoleSessionName", variables["AWS_ROLE_SESSION_NAME"] ?? "vernier"),
            ("WebIdentityToken", try Self.text(of: file)), ("DurationSeconds", String(RoleSession.lifetime)),
        ]
        let region = variables["AWS_REGION"] ?? variables["AWS_DEFAULT_REGION"] ?? "us-east-1"
        let answer = try await Self.ask(
            roleService ?? CloudEndpoint.roles(region: region).text, method: .post,
            headers: [("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: form.map { "\($0.0)=\(CloudRequest.escape($0.1))" }.joined(separator: "&"))
        guard let session = RoleSession(answer) else { throw Self.fault("the service of roles gave no keys.") }
        return Keys(
            credentials: session.credentials,
            until: asked.adding(seconds: Double(RoleSession.lifetime) - Self.margin))
    }

    private static func text(of file: String) throws -> String {
        do {
            return try String(contentsOf: URL(fileURLWithPath: file), encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw fault("\(file) cannot be read.")
        }
    }

    // MARK: Metadata

    private func fromMetadata() async throws -> Keys {
        if let path = variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            return try read(try await Self.ask("http://169.254.170.2" + path))
        }
        if let url = variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
            let token =
                try variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"].map { try Self.text(of: $0) }
                ?? variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
            return try read(try await Self.ask(url, headers: token.map { [("authorization", $0)] } ?? []))
        }
        // The second version of the service alone: it wants a token that no redirected call could have fetched.
        let service = variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254"
        let token = String(
            decoding: try await Self.ask(
                service + "/latest/api/token", method: .put,
                headers: [("x-aws-ec2-metadata-token-ttl-seconds", "300")]), as: UTF8.self)
        let headers = [("x-aws-ec2-metadata-token", token)]
        let path = service + "/latest/meta-data/iam/security-credentials/"
        let names = String(decoding: try await Self.ask(path, headers: headers), as: UTF8.self)
        guard let name = names.split(whereSeparator: \.isWhitespace).first else {
            throw Self.fault("this machine has no role.")
        }
        return try read(try await Self.ask(path + name, headers: headers))
    }

    /// Reads keys as both services give them.
    private func read(_ body: [UInt8]) throws -> Keys {
        do {
            return try JSONDocument.read(body) { root in
                guard let access = root["AccessKeyId"]?.string, let secret = root["SecretAccessKey"]?.string,
                    let token = root["Token"]?.string,
                    let end = try root["Expiration"]?.string.map({ try Date($0, strategy: .iso8601) })
                else { throw Self.fault("the metadata service gave no keys.") }
                let until = Timestamp(microseconds: Int64(end.timeIntervalSince1970 * 1_000_000))
                return Keys(
                    credentials: AWSCredentials(accessKey: access, secretKey: secret, sessionToken: token),
                    until: until.adding(seconds: -Self.margin))
            }
        } catch let error as FetchError {
            throw error
        } catch {
            throw Self.fault("the metadata service gave no keys.")
        }
    }

    private static func ask(
        _ url: String, method: OwnServer.Method = .get, headers: [(String, String)] = [], body: String? = nil
    ) async throws -> [UInt8] {
        let (status, answer) = try await answer(
            url, method: method, headers: headers, body: body.map { Array($0.utf8) })
        guard status == 200 else {
            throw fault("\(host(of: url)) answered with status \(status).", statusCode: status)
        }
        return answer
    }

    private static func answer(
        _ url: String, method: OwnServer.Method, headers: [(String, String)], body: [UInt8]?
    ) async throws -> (status: Int, body: [UInt8]) {
        do {
            return try await OwnServer.ask(url, method: method, headers: headers, body: body, seconds: 10)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw fault("\(host(of: url)) does not answer.", .connection)
        }
    }

    private static func host(of url: String) -> String {
        url.addressParts.map { String($0.rest.prefix { $0 != "/" }) } ?? url
    }
}
