import Foundation
import HTTPTypes
import JSON
import Labeling
import NIOHTTP1
import Storage
import TestSupport
import Testing
import Work

@testable import Server

/// Every endpoint asked by everybody, against what the table of permissions says.
struct PermissionTests {
    private static func endpoints(_ shop: Workshop) -> [Endpoint] {
        ServerApplication.endpoints(
            shop.environment, IdentityOperations(database: shop.database, now: shop.environment.now),
            ServerSettings(host: "127.0.0.1", port: 0, isSecure: false, webFolder: nil, version: "1"))
    }

    /// A path of an endpoint with ids that are not there in place of parameters.
    private static func path(_ endpoint: Endpoint) -> String {
        "/"
            + endpoint.segments.map { $0.hasPrefix("{") ? "0123456789abcdef01234567" : String($0) }
            .joined(separator: "/")
            // Would go on for minutes.
            + (endpoint.path == "/api/events/stream" ? "?seconds=0" : "")
    }

    private enum Expected: Equatable, CustomStringConvertible {
        case unauthorized, forbidden, letIn

        var description: String {
            switch self {
            case .unauthorized: "401"
            case .forbidden: "403"
            case .letIn: "let in"
            }
        }

        init(_ status: Int) {
            self = status == 401 ? .unauthorized : status == 403 ? .forbidden : .letIn
        }
    }

    /// Who may call an endpoint: a line of `Tests/Fixtures/permissions.txt`, which is written by hand and says on purpose
    /// again what the routes declare.
    private struct Row {
        let roles: Set<Role>
        let scopes: Set<Scope>
        let isOpen: Bool

        init(_ words: [Substring]) {
            isOpen = words.contains("anyone")
            roles = Set(words.compactMap { Role(rawValue: String($0)) })
            scopes = Set(words.filter { $0.hasPrefix("key:") }.compactMap { Scope(rawValue: String($0.dropFirst(4))) })
        }

        func expected(_ role: Role) -> Expected { isOpen || roles.contains(role) ? .letIn : .forbidden }
        func expected(_ scope: Scope) -> Expected { isOpen || scopes.contains(scope) ? .letIn : .forbidden }
    }

    private static func rows() throws -> [String: Row] {
        let text = try SharedFixtures.text("permissions.txt")
        var rows: [String: Row] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            guard words.count > 2 else { throw Malformed(line: String(line)) }
            guard rows.updateValue(Row(Array(words[2...])), forKey: "\(words[0]) \(words[1])") == nil else {
                throw Malformed(line: "twice: \(line)")
            }
        }
        return rows
    }

    private struct Malformed: Error {
        let line: String
    }

    private static func name(_ endpoint: Endpoint) -> String { "\(endpoint.method.rawValue) \(endpoint.path)" }

    @Test func `the table has a row for every endpoint, and no other`() async throws {
        let rows = try Self.rows()
        try await Backend.sqlite.withWorkshop { shop in
            let names = Set(Self.endpoints(shop).map(Self.name))
            #expect(names.subtracting(rows.keys).sorted() == [], "endpoints without a row")
            #expect(Set(rows.keys).subtracting(names).sorted() == [], "rows without an endpoint")
        }
    }

    @Test func `every endpoint lets in whom the table permits, and nobody else`() async throws {
        let rows = try Self.rows()
        try await Backend.sqlite.withSite { site in
            var keys: [(Scope, Visitor)] = []
            for scope in Scope.allCases { keys.append((scope, try await site.key(scope))) }
            var people: [(Role, Visitor)] = []
            for role in Role.allCases { people.append((role, try await site.person("\(role)@example.com", role))) }
            // Signing out would end the sessions of the others.
            let endpoints = Self.endpoints(site.shop)
            let ordered =
                endpoints.filter { $0.method != .delete || $0.path != "/api/session" }
                + endpoints.filter { $0.method == .delete && $0.path == "/api/session" }
            #expect(ordered.count > 70)
            for endpoint in ordered {
                let method = HTTPMethod(rawValue: endpoint.method.rawValue)
                let path = Self.path(endpoint)
                func check(_ visitor: Visitor, _ expected: Expected) async throws {
                    let answer = try await site.send(method, path, visitor, method == .GET ? nil : [])
                    #expect(
                        Expected(answer.status) == expected,
                        "\(endpoint.method.rawValue) \(endpoint.path) by \(visitor): \(answer.status)")
                    #expect(answer.status < 500, "\(endpoint.method.rawValue) \(endpoint.path): \(answer.text)")
                }
                guard let row = rows[Self.name(endpoint)] else { continue }
                let isOpen = row.isOpen
                // Signing in is open, but an empty body is no way in.
                try await check(.nobody, isOpen ? .letIn : .unauthorized)
                try await check(.key("live_wrong"), isOpen ? .letIn : .unauthorized)
                for (scope, visitor) in keys { try await check(visitor, row.expected(scope)) }
                for (role, visitor) in people {
                    let expected = row.expected(role)
                    if endpoint.method != .get && endpoint.method != .head && !isOpen {
                        try await check(visitor.without("x-csrf-token"), .forbidden)
                        let wrong = visitor.without("x-csrf-token").with("x-csrf-token", "wrong")
                        try await check(wrong, .forbidden)
                    }
                    try await check(visitor, expected)
                }
            }
        }
    }

    @Test func `reading asks for the right to read, and changing for another`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            for endpoint in Self.endpoints(shop) {
                guard case .permitted(let permission) = endpoint.access else { continue }
                #expect(
                    permission.rawValue.hasSuffix(".read") == (endpoint.method == .get),
                    "\(endpoint.method.rawValue) \(endpoint.path)")
            }
        }
    }

    @Test(arguments: [
        ("Basic {base64 key:}", 200), ("basic {base64 key:}", 200), ("Basic {base64 key}", 200),
        ("Basic {base64 key:password}", 200), ("Bearer {key}", 200), ("bearer {key}", 200), ("Bearer  {key}", 200),
        ("{key}", 401), ("Bearer", 401), ("Basic {key}", 401), ("Basic !!!", 401), ("Digest {key}", 401),
        ("Bearer {key} x", 401), ("Basic {base64 :key}", 401), ("", 401),
    ])
    func `a key comes as the user of Basic or as a Bearer token`(_ form: String, _ status: Int) async throws {
        try await Backend.sqlite.withSite { site in
            let key = try await site.shop.accounts.createKey(account: "acme", mode: .live, label: "", scope: .read)
            var header = form
            for text in ["key:password", "key:", ":key", "key"] {
                header = header.replacing(
                    "{base64 \(text)}", with: Data(text.replacing("key", with: key).utf8).base64EncodedString())
            }
            header = header.replacing("{key}", with: key)
            let answer = try await site.get(
                "/v1/tasks", Visitor(description: "", headers: [("authorization", header)]))
            #expect(answer.status == status)
            #expect((answer["www-authenticate"] != nil) == (status == 401))
        }
    }

    @Test func `pages are not asked for keys by HTTP's own means`() async throws {
        try await Backend.sqlite.withSite { site in
            for visitor in [Visitor.nobody, .nobody.with("cookie", "vernier_session=x")] {
                let answer = try await site.get("/api/work/summary", visitor)
                #expect(answer.status == 401 && answer["www-authenticate"] == nil)
            }
        }
    }
}
