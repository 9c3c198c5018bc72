import JSON
import Media
import NIOCore
import Storage
import Synchronization

/// Temporary keys and tokens of integrations, asked for once and kept in memory until shortly before they end.
package final class CloudSessions: Sendable {
    private struct Key: Hashable {
        let integration: String
        let version: Int64
    }

    private struct Session {
        let login: Task<CloudService.Proof, any Error>
        let until: Timestamp
    }

    /// Renewed this long before the end, so that what has begun can be finished.
    private static let margin = 300.0

    private let sessions = Mutex<[Key: Session]>([:])

    package init() {}

    /// What proves to the provider who asks.
    ///
    /// - Throws: `FetchError` with words about the setting that is wrong.
    func proof(of integration: CloudIntegration, in environment: WorkEnvironment) async throws -> CloudService.Proof {
        if let proof = try Self.standing(integration) { return proof }
        let key = Key(integration: integration.id, version: integration.version)
        let now = environment.now()
        let login = sessions.withLock { sessions in
            if let session = sessions[key], session.until > now { return session.login }
            sessions = sessions.filter { $0.value.until > now && $0.key.integration != integration.id }
            // Unstructured: it belongs to all who wait for it, so nobody's cancellation may end it.
            let login = Task { try await CloudLogin(environment: environment, integration: integration)() }
            sessions[key] = Session(
                login: login, until: now.adding(seconds: Double(RoleSession.lifetime) - Self.margin))
            return login
        }
        do {
            return try await login.value
        } catch {
            sessions.withLock { sessions in
                if sessions[key]?.login == login { sessions[key] = nil }
            }
            throw error
        }
    }

    /// The proof of integrations whose keys are no temporary ones.
    private static func standing(_ integration: CloudIntegration) throws -> CloudService.Proof? {
        switch integration.provider {
        case .s3:
            guard integration[.roleARN] == nil, let keys = integration.keys else { return nil }
            return .aws(keys, region: integration.region)
        case .google:
            // In its interoperability mode the provider takes signatures for any region.
            return integration[.serviceAccount] == nil ? integration.keys.map { .aws($0, region: "auto") } : nil
        case .azure:
            if let sas = integration[.sas] { return CloudIntegration.pairs(ofQuery: sas).map { .query($0) } }
            return integration.accountKeyBytes.map { .sharedKey(account: integration.prefix.account, key: $0) }
        }
    }
}

/// Takes a role, or trades a key for a token.
private struct CloudLogin: Sendable {
    let environment: WorkEnvironment
    let integration: CloudIntegration

    func callAsFunction() async throws -> CloudService.Proof {
        switch integration.provider {
        case .s3: try await role()
        case .google: try await token()
        case .azure: throw refused("`account_key` or `sas` is required.", nil)
        }
    }

    private var seconds: Int { Int(environment.now().microseconds / 1_000_000) }

    private func role() async throws -> CloudService.Proof {
        guard let role = integration[.roleARN], let keys = try await keys() else {
            throw refused("`access_key` and `secret_key` are required.", nil)
        }
        // Of its own keys this server shows nothing to whoever an integration names.
        let own = integration.keys == nil ? environment.identity : nil
        let service = integration.keys == nil ? own?.roleService : integration[.stsEndpoint]
        let endpoint =
            try service.map { text throws(FetchError) in try CloudEndpoint(text) }
            ?? CloudEndpoint.roles(region: integration.region)
        let id = integration.id
        let externalID = try await environment.database.write { db in
            try ExternalID.of(integration: id, in: db)
        }
        let (request, body) = RoleSession.request(
            role: role, externalID: externalID, with: keys, region: integration.region, endpoint: endpoint, at: seconds)
        let answer =
            if let own, own.roleService != nil {
                try await own.send(request, body: body)
            } else {
                try await environment.fetcher.send(request, body: ByteBuffer(bytes: body))
            }
        guard answer.isSuccess, let session = RoleSession(answer.body) else { throw refused(answer) }
        return .aws(session.credentials, region: integration.region)
    }

    /// The integration's keys, or those of this server if it brings none.
    private func keys() async throws -> AWSCredentials? {
        if let keys = integration.keys { return keys }
        return try await environment.identity?.credentials()
    }

    private func token() async throws -> CloudService.Proof {
        let key: GoogleKey
        do {
            key = try GoogleKey(integration[.serviceAccount] ?? "")
        } catch let found as Issues {
            throw refused(found.all.map(\.message).joined(separator: " "), nil)
        }
        let pairs = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", try key.assertion(at: seconds)),
        ]
        let body = pairs.map { "\($0.0)=\(CloudRequest.escape($0.1))" }.joined(separator: "&")
        let reply = try await environment.fetcher.post(
            key.tokenURI, body: ByteBuffer(string: body),
            headers: [("content-type", "application/x-www-form-urlencoded")], timeout: .seconds(20))
        let answer = ServerAnswer(status: reply.status, fields: [:], body: Array(reply.body.readableBytesView))
        guard answer.isSuccess, let token = Self.token(in: answer.body) else { throw refused(answer) }
        return .bearer(token)
    }

    private static func token(in body: [UInt8]) -> String? {
        do {
            return try JSONDocument.read(String(decoding: body, as: UTF8.self)) { json in
                // A token becomes a header field, so it may be visible ASCII only.
                json["access_token"]?.string.flatMap { text in
                    !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? text : nil
                }
            }
        } catch {
            // Not JSON: no token either.
            return nil
        }
    }

    private func refused(_ answer: ServerAnswer) -> FetchError {
        let words = CloudWords(integration: integration, place: integration.prefix, act: .login)
        return FetchError(.status, words(answer), statusCode: answer.status, retryAfter: answer.retryAfter)
    }

    private func refused(_ message: String, _ status: Int?) -> FetchError {
        FetchError(.status, message, statusCode: status)
    }
}

/// What an account's roles demand of whoever takes them, so that no other account of this server can.
enum ExternalID {
    /// The id of an account, made when it is first asked for; nobody can choose it.
    static func of(account: String, in db: any Connection) throws -> String {
        let name = "external.id.\(account)"
        return try db.setting(name) ?? db.settingOrInsert(name, Secret.make(prefix: "vernier-"))
    }

    /// The id of an integration's account.
    static func of(integration id: String, in db: any Connection) throws -> String {
        guard let account = try db.integrationAccount(id) else {
            throw Refusal(.notFound, "There is no such integration.")
        }
        return try of(account: account, in: db)
    }
}
