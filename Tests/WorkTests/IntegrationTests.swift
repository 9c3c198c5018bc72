import Foundation
import JSON
import Labeling
import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct IntegrationTests {
    private static let keys: [CloudField: String] = [.accessKey: "AKIDEXAMPLE", .secretKey: "the-secret"]

    private static func change(_ prefix: String, _ values: [CloudField: String]) -> IntegrationOperations.Change {
        IntegrationOperations.Change(name: "pictures", prefix: prefix, values: values)
    }

    // MARK: Keeping

    @Test(arguments: Backend.available)
    func `secrets are sealed, kept when others change, and logged nowhere`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let integrations = IntegrationOperations(environment: shop.environment)
            let made = try await integrations.create(Self.change("s3://bucket/a", Self.keys), by: shop.key)
            #expect(made.secrets == [.secretKey] && made.settings == [.accessKey: "AKIDEXAMPLE"])
            #expect(made.row.provider == "s3" && made.row.prefix == "s3://bucket/a")
            #expect(!made.row.sealed.contains("the-secret") && !made.row.settings.contains("the-secret"))
            let renamed = IntegrationOperations.Change(name: "other", prefix: nil, values: [.region: "eu-central-1"])
            _ = try await integrations.change(made.row.id, renamed, by: shop.key)
            let row = try await shop.database.read { db in
                try db.integration(account: made.row.accountID, id: made.row.id)
            }
            let opened = try CloudIntegration(try #require(row), shop.environment.sealer)
            #expect(opened[.secretKey] == "the-secret" && opened.region == "eu-central-1" && row?.name == "other")
            let token = IntegrationOperations.Change(name: nil, prefix: nil, values: [.region: "", .sessionToken: "t"])
            let changed = try await integrations.change(made.row.id, token, by: shop.key)
            #expect(changed.settings[.region] == nil && changed.secrets == [.secretKey, .sessionToken])
            try await integrations.delete(made.row.id, by: shop.key)
            let events = try await shop.database.read { db in
                try db.events(realm: shop.seed.live, object: made.row.id, limit: 10)
            }
            #expect(events.map(\.action).sorted().first == "integration.changed" && events.count == 4)
            #expect(!events.contains { "\($0.before ?? "")\($0.after ?? "")".contains("the-secret") })
        }
    }

    @Test(arguments: Backend.available)
    func `a prefix stands once in an account, and what another account has is not there`(
        _ backend: Backend
    ) async throws {
        try await backend.withWorkshop { shop in
            let integrations = IntegrationOperations(environment: shop.environment)
            let first = try await integrations.create(Self.change("s3://bucket/", Self.keys), by: shop.key)
            let second = try await integrations.create(Self.change("s3://bucket/b", Self.keys), by: shop.key)
            await #expect(throws: Refusal.self) {
                try await integrations.create(Self.change("s3://bucket", Self.keys), by: shop.key)
            }
            await #expect(throws: Refusal.self) {
                try await integrations.change(second.row.id, Self.change("s3://bucket/", [:]), by: shop.key)
            }
            let other = try await Seed.account("other", in: shop.database)
            let stranger = Workshop.key(of: other)
            await #expect(throws: Refusal.self) { try await integrations.integration(first.row.id, by: stranger) }
            await #expect(throws: Refusal.self) { try await integrations.delete(first.row.id, by: stranger) }
            let (ours, id) = try await integrations.list(by: shop.key)
            let (theirs, otherID) = try await integrations.list(by: stranger)
            #expect(ours.map(\.row.prefix) == ["s3://bucket/", "s3://bucket/b"] && theirs.isEmpty)
            let again = try await integrations.list(by: shop.key).externalID
            #expect(id != otherID && id == again)
        }
    }

    // MARK: Fetching

    @Test(arguments: Backend.available)
    func `an address is fetched with the integration of the longest prefix`(_ backend: Backend) async throws {
        let picture = try await Workshop.picture(64, 48)
        try await TestServer.run { request in
            let isSigned = request["authorization"]?.contains("Credential=inner/") == true
            return isSigned
                ? TestServer.Reply(body: picture)
                : TestServer.Reply(403, body: Array("<Error><Code>AccessDenied</Code></Error>".utf8))
        } _: { server in
            try await backend.withWorkshop { shop in
                let integrations = IntegrationOperations(environment: shop.environment)
                for (prefix, name) in [
                    ("s3://bucket/", "outer"), ("s3://bucket/in/", "inner"), ("s3://bucket/other/", "x"),
                ] {
                    let values: [CloudField: String] = [
                        .accessKey: name, .secretKey: "s", .endpoint: server.url(""),
                    ]
                    _ = try await integrations.create(Self.change(prefix, values), by: shop.key)
                }
                let inside = try await shop.create("imageannotation", Sample.boxes("s3://bucket/in/a b.jpg"))
                let outside = try await shop.create("imageannotation", Sample.boxes("s3://bucket/b.jpg"))
                let nowhere = try await shop.create("imageannotation", Sample.boxes("gs://bucket/b.jpg"))
                try await shop.run(.fetchAttachment)
                #expect(try await shop.stored(inside.id).stage == .queued)
                #expect(server.received.map(\.target).contains("/bucket/in/a%20b.jpg"))
                let copy = try #require(try await shop.attachments(inside.id).first)
                #expect(copy.url == "s3://bucket/in/a b.jpg" && copy.finalURL == nil)
                let refused = try #require(try await shop.attachments(outside.id).first)
                #expect(
                    refused.statusCode == 403
                        && refused.error?.contains("s3:GetObject on arn:aws:s3:::bucket/*") == true)
                let missing = try #require(try await shop.attachments(nowhere.id).first)
                #expect(missing.error?.hasPrefix("No integration of this account covers gs://bucket/b.jpg") == true)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a token is asked for once, and again when it ends`(_ backend: Backend) async throws {
        let picture = try await Workshop.picture(64, 48)
        let key = try AnyJSON(SharedFixtures.text("clouds/rs256.json"))["private_key"]?.string ?? ""
        try await TestServer.run { request in
            if request.target == "/token" {
                return TestServer.Reply(body: Array(#"{"access_token":"ya29.x","expires_in":3599}"#.utf8))
            }
            return request["authorization"] == "Bearer ya29.x" ? TestServer.Reply(body: picture) : TestServer.Reply(401)
        } _: { server in
            try await backend.withWorkshop { shop in
                let file = Self.keyFile(key, tokens: server.url("/token"))
                let values: [CloudField: String] = [.serviceAccount: file, .endpoint: server.url("")]
                _ = try await IntegrationOperations(environment: shop.environment)
                    .create(Self.change("gs://bucket/", values), by: shop.key)
                func tokens() -> Int { server.received.filter { $0.target == "/token" }.count }
                for number in 0..<3 {
                    _ = try await shop.create("imageannotation", Sample.boxes("gs://bucket/\(number).jpg"))
                }
                #expect(try await shop.run(.fetchAttachment) == [.done, .done, .done])
                #expect(tokens() == 1)
                shop.clock.advance(3600)
                let late = try await shop.create("imageannotation", Sample.boxes("gs://bucket/late.jpg"))
                try await shop.run(.fetchAttachment)
                #expect(try await shop.stored(late.id).stage == .queued)
                #expect(tokens() == 2)
            }
        }
    }

    private static func keyFile(_ key: String, tokens: String, type: String = "service_account") -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("type", type)
            writer.field("client_email", "labels@example.iam.gserviceaccount.com")
            writer.field("private_key_id", "1")
            writer.field("private_key", key)
            writer.field("token_uri", tokens)
        }
        return writer.text
    }

    @Test func `a claim is signed as the published example of RS256 is`() throws {
        let example = try AnyJSON(SharedFixtures.text("clouds/rs256.json"))
        let text = { (name: String) in try #require(example[name]?.string) }
        let key = try GoogleKey(Self.keyFile(try text("private_key"), tokens: "https://example.com/token"))
        let signed = try key.sign(header: Array(text("header").utf8), payload: Array(text("payload").utf8))
        let published = try text("signed")
        #expect(signed == published)
    }

    // MARK: Listing

    @Test(arguments: Backend.available)
    func `keys are listed page by page`(_ backend: Backend) async throws {
        try await TestServer.run { request in
            let second = request.target.contains("continuation-token=two")
            let keys = (second ? ["c"] : ["a", "b"]).map { "<Contents><Key>in/\($0)</Key><Size>1</Size></Contents>" }
            let more = second ? "" : "<NextContinuationToken>two</NextContinuationToken>"
            let text =
                "<ListBucketResult><IsTruncated>\(!second)</IsTruncated>\(more)\(keys.joined())</ListBucketResult>"
            return TestServer.Reply(body: Array(text.utf8))
        } _: { server in
            try await backend.withWorkshop { shop in
                let values = Self.keys.merging([.endpoint: server.url("")]) { first, _ in first }
                _ = try await IntegrationOperations(environment: shop.environment)
                    .create(Self.change("s3://bucket/", values), by: shop.key)
                let listing = ObjectListing(environment: shop.environment)
                let first = try await listing.page(of: "s3://bucket/in/", realm: shop.seed.live, after: nil)
                let last = try await listing.page(of: "s3://bucket/in/", realm: shop.seed.live, after: first.next)
                #expect(
                    (first.entries + last.entries).map(\.address) == ["a", "b", "c"].map { "s3://bucket/in/\($0)" })
                #expect(last.next == nil)
                await #expect(throws: Refusal.self) {
                    try await listing.page(of: "gs://bucket/", realm: shop.seed.live, after: nil)
                }
            }
        }
    }
}
