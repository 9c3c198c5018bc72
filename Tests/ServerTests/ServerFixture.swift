import AsyncHTTPClient
import Foundation
import Hummingbird
import JSON
import Labeling
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Storage
import TestSupport
import Testing
import Work

@testable import Server

/// What came back from the server.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON.
    var json: AnyJSON {
        get throws { try AnyJSON(text) }
    }

    subscript(_ name: String) -> String? { headers.first(name: name) }
}

/// Who asks: what stands in the headers.
struct Visitor: Sendable, CustomStringConvertible {
    var description: String
    var headers: [(String, String)]

    static let nobody = Visitor(description: "nobody", headers: [])

    static func key(_ text: String, _ description: String = "a key") -> Visitor {
        Visitor(description: description, headers: [("authorization", "Bearer \(text)")])
    }

    func with(_ name: String, _ value: String) -> Visitor {
        Visitor(description: description, headers: headers + [(name, value)])
    }

    func without(_ name: String) -> Visitor {
        Visitor(description: description, headers: headers.filter { $0.0 != name })
    }
}

/// A server of a test's own, called over HTTP.
struct TestSite: Sendable {
    let shop: Workshop
    let port: Int
    private let client: HTTPClient

    init(shop: Workshop, port: Int, client: HTTPClient) {
        self.shop = shop
        self.port = port
        self.client = client
    }

    func send(
        _ method: HTTPMethod, _ path: String, _ caller: Visitor = .nobody, _ body: [UInt8]? = nil,
        type: String = "application/json"
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        for (name, value) in caller.headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "content-type", value: type)
            request.body = .bytes(body)
        }
        let response = try await client.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 100 << 20)
        return Answer(
            status: Int(response.status.code), headers: response.headers, body: Array(bytes.readableBytesView))
    }

    func get(_ path: String, _ caller: Visitor) async throws -> Answer { try await send(.GET, path, caller) }

    func post(_ path: String, _ caller: Visitor, _ body: String = "") async throws -> Answer {
        try await send(.POST, path, caller, Array(body.utf8))
    }

    /// A new key of an account.
    func key(_ scope: Scope = .full, mode: RealmRow.Mode = .live, account: String = "acme") async throws -> Visitor {
        let text = try await shop.accounts.createKey(account: account, mode: mode, label: "", scope: scope)
        return .key(text, "\(mode) key for \(scope)")
    }

    /// A new person with a session that was not signed in for, which would take a tenth of a second.
    func person(_ email: String, _ role: Role, account: Seed? = nil) async throws -> Visitor {
        let seed = account ?? shop.seed
        let id = try await seed.user(
            email, role: MemberRow.Role(rawValue: role.rawValue) ?? .labeler, in: shop.database)
        let (token, now) = (Secret.make(), shop.clock.now)
        try await shop.database.write { db in
            try db.insertSession(
                SessionRow(
                    tokenHash: Secret.hash(token), userID: id, accountID: seed.account, csrf: "csrf of \(email)",
                    createdAt: now, expiresAt: now.adding(seconds: 86_400)))
        }
        return Visitor(
            description: "\(role)",
            headers: [("cookie", "other=1; vernier_session=\(token)"), ("x-csrf-token", "csrf of \(email)")])
    }
}

/// Runs endpoints as the program does, on a free port, while `body` runs.
func withEndpoints(
    _ shop: Workshop, logger: Logger = quietLogger,
    _ make: (IdentityOperations) throws -> (any ApplicationMaking), _ body: (TestSite) async throws -> Void
) async throws {
    let identities = IdentityOperations(database: shop.database, now: shop.environment.now)
    let (ports, port) = AsyncStream<Int>.makeStream()
    let application = try make(identities).application { port.yield($0) }
    let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(services: [application], logger: quietLogger))
    let client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
    try await withThrowingTaskGroup { tasks in
        tasks.addTask {
            defer { port.finish() }
            try await group.run()
        }
        var failure: (any Error)?
        do {
            var numbers = ports.makeAsyncIterator()
            let number = try #require(await numbers.next(), "the server did not start")
            try await body(TestSite(shop: shop, port: number, client: client))
        } catch { failure = error }
        try await client.shutdown()
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        if let failure { throw failure }
    }
}

/// Makes the service that a test serves.
protocol ApplicationMaking {
    func application(_ onRunning: @escaping @Sendable (Int) -> Void) throws -> any Service
}

/// The whole server, as the program runs it.
struct WholeServer: ApplicationMaking {
    let shop: Workshop
    var webFolder: URL?

    func application(_ onRunning: @escaping @Sendable (Int) -> Void) throws -> any Service {
        try ServerApplication.make(
            shop.environment,
            ServerSettings(host: "127.0.0.1", port: 0, isSecure: false, webFolder: webFolder, version: "1.2.3"),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton
        ) { onRunning($0) }
    }
}

/// Endpoints of a test's own behind the real dispatcher.
struct SomeEndpoints: ApplicationMaking {
    let endpoints: [Endpoint]
    let identities: IdentityOperations
    let logger: Logger

    func application(_ onRunning: @escaping @Sendable (Int) -> Void) throws -> any Service {
        Application(
            responder: Dispatcher(
                endpoints: endpoints, authentication: Authentication(identities: identities)
            ) { _, _ in nil },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { channel in onRunning(channel.localAddress?.port ?? 0) }, logger: logger)
    }
}

extension Backend {
    /// Lets a test have a whole server.
    func withSite(webFolder: URL? = nil, _ body: (TestSite) async throws -> Void) async throws {
        try await withWorkshop { shop in
            try await withEndpoints(shop, { _ in WholeServer(shop: shop, webFolder: webFolder) }, body)
        }
    }
}
