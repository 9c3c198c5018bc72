import Foundation
import JSON
import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct DeliveryTests {
    /// A finished task that tells this address.
    private func finished(_ shop: Workshop, _ target: String) async throws -> TaskRow {
        try await shop.create(
            "categorization", Sample.text(#""callback_url":"\#(target)""#), by: shop.testKey)
    }

    @Test(arguments: Backend.available)
    func `a callback carries the account's secret, a signature that holds, and its id`(
        _ backend: Backend
    ) async throws {
        try await TestServer.run { _ in
            TestServer.Reply()
        } _: { server in
            try await backend.withWorkshop { shop in
                let row = try await finished(shop, server.url("/hook?a=b"))
                #expect(try await shop.run(.deliverCallback) == [.done])
                let call = try #require(server.received.first)
                #expect(call.method == "POST" && call.target == "/hook?a=b")
                #expect(call["content-type"] == "application/json")
                #expect(call["scale-callback-auth"] == "callback-test-acme")
                let now = Int(shop.clock.now.microseconds / 1_000_000)
                let header = try #require(call["vernier-signature"])
                for (secret, body, holds) in [
                    ("signing-test-acme", call.body, true), ("another", call.body, false),
                    ("signing-test-acme", call.body + " ", false),
                ] {
                    #expect(
                        CallbackSignature.verify(
                            header, body: Array(body.utf8), secret: Array(secret.utf8), now: now) == holds)
                }
                let delivery = try #require(try await shop.deliveries(row.id, realm: shop.seed.test).first)
                #expect(call["vernier-delivery-id"] == delivery.id)
                #expect(call.body == delivery.body)
                #expect(delivery.state == .succeeded && delivery.attempts == 1)
                #expect(delivery.finishedAt == shop.clock.now)
                #expect(try await shop.stored(row.id, realm: shop.seed.test).callbackState == .succeeded)
                #expect(try await shop.attempts(delivery.id).map(\.statusCode) == [200])
                #expect(try await shop.wait(.deliverCallback) == nil)
            }
        }
    }

    @Test(arguments: [500, 404, 302, 429])
    func `any answer but success is tried again with the same id and body`(_ status: Int) async throws {
        let answers = SharedList<Int>()
        try await TestServer.run { _ in
            answers.append(1)
            return TestServer.Reply(answers.elements.count < 3 ? status : 204, [("location", "http://127.0.0.1:1/")])
        } _: { server in
            try await Backend.sqlite.withWorkshop { shop in
                let row = try await finished(shop, server.url("/"))
                for _ in 1...3 {
                    try await shop.run(.deliverCallback)
                    shop.clock.advance(30)
                }
                #expect(server.received.count == 3)
                #expect(Set(server.received.map { $0["vernier-delivery-id"] }).count == 1)
                #expect(Set(server.received.map(\.body)).count == 1)
                #expect(Set(server.received.map { $0["vernier-signature"] }).count == 3)
                let delivery = try #require(try await shop.deliveries(row.id, realm: shop.seed.test).first)
                #expect(delivery.state == .succeeded)
                #expect(try await shop.attempts(delivery.id).map(\.statusCode) == [status, status, 204])
                #expect(try await shop.attempts(delivery.id).map(\.number) == [1, 2, 3])
            }
        }
    }

    /// Seconds from one try to the next: doubled from ten seconds up to two hours.
    private static let schedule =
        [10.0, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120] + [Double](repeating: 7200, count: 9)

    @Test(arguments: Backend.available)
    func `a receiver that stays away is called twenty times within a day`(_ backend: Backend) async throws {
        try await TestServer.run { _ in
            TestServer.Reply(500)
        } _: { server in
            try await backend.withWorkshop { shop in
                let row = try await finished(shop, server.url("/"))
                let start = shop.clock.now
                for delay in Self.schedule {
                    try await shop.run(.deliverCallback)
                    let wait = try #require(try await shop.wait(.deliverCallback))
                    #expect((0.9...1.1).contains(wait / delay), "\(wait) instead of \(delay)")
                    #expect(try await shop.stored(row.id, realm: shop.seed.test).callbackState == nil)
                    shop.clock.advance(wait)
                }
                try await shop.run(.deliverCallback)
                #expect(server.received.count == 20)
                #expect(shop.clock.now - start < 86_400)
                #expect(try await shop.wait(.deliverCallback) == nil)
                let delivery = try #require(try await shop.deliveries(row.id, realm: shop.seed.test).first)
                #expect(delivery.state == .failed && delivery.attempts == 20)
                #expect(try await shop.stored(row.id, realm: shop.seed.test).callbackState == .failed)
            }
        }
    }

    @Test func `twenty tries fit into a day whatever the jitter`() {
        #expect(Self.schedule.count + 1 == DeliverCallback.mostAttempts)
        #expect(Self.schedule.reduce(0, +) * 1.1 < 86_400)
    }

    @Test(arguments: [1, 2, 3, 10, 11, 19, 1000])
    func `the delay doubles up to its bound and differs by a tenth`(_ attempt: Int) {
        let exact = min(10 * pow(2, Double(attempt - 1)), 7200)
        let delays = (0..<50).map { _ in Backoff.delay(afterAttempt: attempt, first: 10, most: 7200) }
        #expect(delays.allSatisfy { (exact * 0.9...exact * 1.1).contains($0) })
        #expect(Set(delays).count > 1)
    }

    @Test(arguments: ["http://10.1.2.3/hook", "http://169.254.169.254/"])
    func `an address that may not be called fails at once`(_ target: String) async throws {
        try await Backend.sqlite.withWorkshop { shop in
            let row = try await finished(shop, target)
            try await shop.run(.deliverCallback)
            let delivery = try #require(try await shop.deliveries(row.id, realm: shop.seed.test).first)
            #expect(delivery.state == .failed && delivery.attempts == 1)
            #expect(try await shop.wait(.deliverCallback) == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `what is told of one task arrives in order`(_ backend: Backend) async throws {
        let answers = SharedList<String>()
        try await TestServer.run { request in
            answers.append(request["vernier-delivery-id"] ?? "")
            return TestServer.Reply(answers.elements.count <= 2 ? 503 : 200)
        } _: { server in
            try await backend.withWorkshop { shop in
                let row = try await finished(shop, server.url("/"))
                _ = try await shop.tasks.audit(
                    row.id, Verdict(accepted: true, comments: nil), by: shop.testKey)
                _ = try await shop.tasks.resend(row.id, by: shop.testKey)
                let ids = try await shop.deliveries(row.id, realm: shop.seed.test).map(\.id)
                #expect(ids.count == 3)
                for _ in 1...6 {
                    try await shop.run(.deliverCallback)
                    shop.clock.advance(30)
                }
                #expect(answers.elements == [ids[0], ids[0], ids[0], ids[1], ids[2]])
            }
        }
    }

    // MARK: Mail

    /// Writes down how it was called and what it was given, as `mail.txt` beside itself.
    private static let sendmail = """
        #!/bin/sh
        { echo "$@"; cat; } > "$(dirname "$0")/mail.txt"
        """

    @Test(arguments: Backend.available)
    func `an answer goes by mail through the mail command`(_ backend: Backend) async throws {
        try await backend.withWorkshop(mailScript: Self.sendmail) { shop in
            let row = try await finished(shop, "ada+tasks@example.com")
            #expect(try await shop.run(.deliverCallback) == [.done])
            let delivery = try #require(try await shop.deliveries(row.id, realm: shop.seed.test).first)
            #expect(delivery.kind == .email && delivery.state == .succeeded)
            let mail = try String(contentsOfFile: shop.folder + "/mail.txt", encoding: .utf8)
            let lines = mail.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[0] == "-i -- ada+tasks@example.com")
            #expect(lines.contains("To: ada+tasks@example.com"))
            #expect(lines.contains("Subject: Task \(row.id)"))
            #expect(lines.contains("Message-ID: <\(delivery.id)@vernier>"))
            let empty = try #require(lines.firstIndex(of: ""))
            #expect(String(lines[empty + 1]) == delivery.body)
        }
    }

    @Test func `a mail command that fails is run again, one that is not there ends it`() async throws {
        try await Backend.sqlite.withWorkshop(mailScript: "#!/bin/sh\ncat >/dev/null\nexit 75\n") { shop in
            let row = try await finished(shop, "ada@example.com")
            try await shop.run(.deliverCallback)
            let delivery = try #require(try await shop.deliveries(row.id, realm: shop.seed.test).first)
            #expect(delivery.state == .pending)
            #expect(try await shop.attempts(delivery.id).map(\.error) == ["The mail command ended with status 75."])
            #expect(try await shop.wait(.deliverCallback) ?? 0 > 0)
        }
        try await Backend.sqlite.withWorkshop { shop in
            let row = try await finished(shop, "ada@example.com")
            try await shop.run(.deliverCallback)
            #expect(try await shop.deliveries(row.id, realm: shop.seed.test).map(\.state) == [.failed])
        }
    }

    @Test(arguments: [
        ("ada@example.com", true), ("a+b@x.org", true), ("-oQ/tmp@example.com", false), ("a b@example.com", false),
        ("a@b@c.org", false), ("@example.com", false), ("ada@", false), ("ada@.org", false), ("ada@org.", false),
        ("a\n@example.com", false), ("<a@example.com>", false), ("a,b@example.com", false), ("ada", false),
    ])
    func `only plain addresses are handed to the mail command`(_ text: String, _ isAddress: Bool) {
        #expect(TaskCommon.isAddress(text) == isAddress)
    }
}
