import Media
import Storage

/// Finds the integration that an address of a provider belongs to, and makes the request that is answered with the file.
struct CloudSources {
    let environment: WorkEnvironment

    /// The request for an attachment: signed where an integration covers its address, else the plain URL.
    ///
    /// - Throws: `FetchError` for an address that only an integration could open, and for logins that are refused.
    func request(for url: String, realm: Int64) async throws -> OutgoingRequest {
        guard let address = CloudAddress(url) else { return OutgoingRequest(url) }
        guard !address.bucket.isEmpty, !address.key.isEmpty else {
            throw FetchError(.invalidURL, "The address must name a file, as s3://bucket/key does.")
        }
        guard let integration = try await integration(for: address, realm: realm) else {
            // An open container of Azure's is a URL like any other.
            guard address.provider != .azure else { return OutgoingRequest(url) }
            throw Self.uncovered(address)
        }
        let service = try await service(of: integration)
        let words = CloudWords(integration: integration, place: address, act: .read)
        return OutgoingRequest(
            service.read(address, at: Int(environment.now().microseconds / 1_000_000)), shownAs: address.text,
            takesConditions: service.takesConditions
        ) { words($0) }
    }

    static func uncovered(_ address: CloudAddress) -> FetchError {
        FetchError(
            .invalidURL,
            "No integration of this account covers \(address.text): add one for \(address.with(key: "").text) on the page "
                + "of integrations.")
    }

    /// The integration with the longest prefix of those that cover an address.
    func integration(for address: CloudAddress, realm: Int64) async throws -> CloudIntegration? {
        let rows = try await environment.database.read { db in try db.integrations(realm: realm) }
        let found = rows.compactMap { row in CloudAddress(row.prefix).map { (row: row, prefix: $0) } }
            .filter { $0.prefix.covers(address) }
            .max { $0.prefix.length < $1.prefix.length }
        return try found.map { try open($0.row) }
    }

    /// Opens an integration's secrets.
    ///
    /// - Throws: `FetchError` if they were sealed with another key.
    func open(_ row: IntegrationRow) throws -> CloudIntegration {
        do {
            return try CloudIntegration(row, environment.sealer)
        } catch is Sealer.Failure {
            throw FetchError(
                .status, "The secrets of the integration cannot be opened with this server's key; enter them again.")
        }
    }

    /// How an integration's provider is spoken to now.
    func service(of integration: CloudIntegration) async throws -> CloudService {
        let proof = try await environment.cloudSessions.proof(of: integration, in: environment)
        return try integration.service(proof)
    }
}

/// The keys of a bucket, page by page.
struct ObjectListing {
    /// One page, in the provider's order.
    struct Page: Sendable {
        let entries: [Entry]
        /// What the following page is asked for with; nil after the last.
        let next: String?
    }

    /// An object that is there.
    struct Entry: Sendable, Equatable {
        /// The key in the bucket, not escaped.
        let key: String
        /// The whole address, as attachments name it.
        let address: String
        /// In bytes.
        let size: Int64
    }

    let environment: WorkEnvironment

    /// One page of the keys that begin as an address does.
    ///
    /// - Throws: `Refusal` in words if it never can be read, `FetchError` if it may be later.
    func page(of address: String, realm: Int64, after: String?) async throws -> Page {
        guard let prefix = CloudAddress(address), !prefix.bucket.isEmpty else {
            throw Refusal(
                .invalid,
                "The address must be s3://bucket/…, gs://bucket/… or https://account.blob.core.windows.net/container/…."
            )
        }
        let sources = CloudSources(environment: environment)
        do {
            guard let integration = try await sources.integration(for: prefix, realm: realm) else {
                throw CloudSources.uncovered(prefix)
            }
            let page = try await page(of: prefix, integration, after: after)
            return Page(
                entries: page.entries.map {
                    Entry(key: $0.key, address: prefix.with(key: $0.key).text, size: $0.size)
                }, next: page.next)
        } catch let error as FetchError where !error.isTransient {
            throw Refusal(.invalid, error.message)
        }
    }

    /// One page as the provider gives it.
    func page(
        of prefix: CloudAddress, _ integration: CloudIntegration, after: String?, limit: Int = 1000
    ) async throws -> CloudPage {
        let service = try await CloudSources(environment: environment).service(of: integration)
        let now = Int(environment.now().microseconds / 1_000_000)
        let answer = try await environment.fetcher.send(
            service.list(prefix, after: after, limit: limit, at: now), replyLimit: CloudPage.largest)
        let words = CloudWords(integration: integration, place: prefix, act: .list)
        guard answer.isSuccess, answer.isComplete, let page = CloudPage(answer.body, of: prefix.provider) else {
            throw FetchError(.status, words(answer), statusCode: answer.status, retryAfter: answer.retryAfter)
        }
        return page
    }
}
