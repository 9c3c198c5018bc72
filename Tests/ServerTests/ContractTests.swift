import Foundation
import HTTPTypes
import JSON
import Storage
import TestSupport
import Testing
import Work

@testable import Server

struct ContractTests {
    private func document() async throws -> (json: AnyJSON, endpoints: [Endpoint]) {
        let found = SharedList<(AnyJSON, [Endpoint])>()
        try await Backend.sqlite.withWorkshop { shop in
            let endpoints = ServerApplication.endpoints(
                shop.environment, IdentityOperations(database: shop.database),
                ServerSettings(host: "127.0.0.1", port: 0, isSecure: false, webFolder: nil, version: "1"))
            found.append(
                (try AnyJSON(OpenAPI.document(of: endpoints.filter(\.isListed), version: "1.2.3")), endpoints))
        }
        let first = try #require(found.elements.first)
        return (json: first.0, endpoints: first.1)
    }

    /// All values under a name, however deep.
    private static func all(_ name: String, in json: AnyJSON) -> [AnyJSON] {
        (json[name].map { [$0] } ?? []) + (Array(json.members.values) + json.elements).flatMap { all(name, in: $0) }
    }

    private static func operations(_ json: AnyJSON) -> [(path: String, method: String, operation: AnyJSON)] {
        (json["paths"]?.members ?? [:]).flatMap { path, item in
            item.members.map { (path, $0.key, $0.value) }
        }
    }

    @Test func `every listed endpoint is in the contract, once and under a name of its own`() async throws {
        let (json, endpoints) = try await document()
        #expect(json["openapi"]?.string == "3.1.0")
        #expect(json["info"]?["version"]?.string == "1.2.3")
        let operations = Self.operations(json)
        let listed = endpoints.filter(\.isListed).map { "\($0.method.rawValue.lowercased()) \($0.path)" }
        #expect(Set(listed).count == listed.count)
        #expect(Set(operations.map { "\($0.method) \($0.path)" }) == Set(listed))
        let names = operations.compactMap { $0.operation["operationId"]?.string }
        #expect(names.count == operations.count && Set(names).count == names.count)
    }

    @Test func `every reference leads somewhere, and every form is used`() async throws {
        let (json, _) = try await document()
        let schemas = json["components"]?["schemas"]?.members ?? [:]
        let references = Self.all("$ref", in: json).compactMap(\.string)
        #expect(!references.isEmpty)
        for reference in Set(references) {
            #expect(reference.hasPrefix("#/components/schemas/"), "\(reference)")
            #expect(schemas[String(reference.dropFirst("#/components/schemas/".count))] != nil, "\(reference)")
        }
        for name in schemas.keys {
            #expect(references.contains("#/components/schemas/\(name)"), "\(name) is not used")
        }
    }

    @Test func `operations describe their parameters, answers and credentials`() async throws {
        let (json, endpoints) = try await document()
        let schemes = json["components"]?["securitySchemes"]?.members ?? [:]
        for (path, method, operation) in Self.operations(json) {
            let place = Comment(rawValue: "\(method) \(path)")
            let inPath = path.split(separator: "/").filter { $0.hasPrefix("{") }
                .map { String($0.dropFirst().dropLast()) }
            let parameters = operation["parameters"]?.elements ?? []
            let declared = parameters.filter { $0["in"]?.string == "path" }
            #expect(declared.compactMap { $0["name"]?.string } == inPath, place)
            #expect(declared.allSatisfy { $0["required"]?.bool == true }, place)
            let names = parameters.compactMap { $0["name"]?.string }
            #expect(Set(names).count == names.count, place)
            #expect(operation["summary"]?.string?.hasSuffix(".") == true, place)
            let answers = (operation["responses"]?.members ?? [:]).keys
            #expect(answers.contains("default") && answers.contains { $0.hasPrefix("2") }, place)
            for requirement in operation["security"]?.elements ?? [] {
                #expect(requirement.members.keys.allSatisfy { schemes[$0] != nil }, place)
            }
        }
        #expect(endpoints.filter { !$0.isListed }.count >= 3)
    }

    @Test func `what stands in heads is declared where it is read and written`() async throws {
        let (json, _) = try await document()
        let append = json["paths"]?["/api/uploads/{upload}"]?["patch"]
        let offset = append?["parameters"]?.elements.first { $0["name"]?.string == "Upload-Offset" }
        #expect(offset?["in"]?.string == "header" && offset?["required"]?.bool == true)
        let answers = append?["responses"]
        #expect(answers?["204"]?["headers"]?["Upload-Offset"]?["schema"]?["type"]?.string == "integer")
        for status in ["409", "412", "413", "415"] { #expect(answers?[status] != nil, "\(status)") }
        let created = json["paths"]?["/api/uploads"]?["post"]?["responses"]?["201"]?["headers"]
        #expect(created?["Location"] != nil && created?["Upload-Expires"] != nil)
        #expect(json["paths"]?["/api/import"]?["post"]?["responses"]?["200"]?["headers"]?["Import-Id"] != nil)
    }

    @Test func `every task type has a form of its own for its creation`() async throws {
        let (json, _) = try await document()
        for type in try SharedFixtures.types() {
            let operation = json["paths"]?["/v1/task/\(type)"]?["post"]
            let schema = operation?["requestBody"]?["content"]?["application/json"]?["schema"]
            #expect(schema?["$ref"]?.string == "#/components/schemas/Create_\(type)", "\(type)")
            let members = json["components"]?["schemas"]?["Create_\(type)"]?["properties"]?.members ?? [:]
            for name in ["callback_url", "unique_id", "project", "metadata", "tags"] {
                #expect(members[name] != nil, "\(type) \(name)")
            }
        }
    }

    @Test func `the contract is served for programs and for readers, and so are the pages`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "web-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appending(path: "c"), withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(at: folder) } catch { Testing.Issue.record(error) } }
        try Data("<title>Vernier</title>".utf8).write(to: folder.appending(path: "index.html"))
        try Data("export {}".utf8).write(to: folder.appending(path: "c/main-1.js"))
        try Data("{}".utf8).write(to: folder.appending(path: "c/main-1.js.map"))
        try await Backend.sqlite.withSite(webFolder: folder) { site in
            let json = try await site.get("/openapi.json", .nobody)
            #expect(json.status == 200 && json["content-type"] == "application/json")
            #expect(try json.json["paths"]?.members.isEmpty == false)
            let page = try await site.get("/docs", .nobody)
            #expect(page.status == 200 && page.text.contains("/v1/tasks"))
            #expect(page["content-security-policy"]?.contains("default-src 'none'") == true)

            let index = try await site.get("/", .nobody)
            #expect(index.text == "<title>Vernier</title>" && index["cache-control"] == "no-cache")
            #expect(index["content-security-policy"]?.contains("default-src 'self'") == true)
            let tag = try #require(index["etag"])
            #expect(try await site.get("/", .nobody.with("if-none-match", tag)).status == 304)
            let script = try await site.get("/c/main-1.js", .nobody)
            #expect(script["content-type"]?.hasPrefix("text/javascript") == true)
            #expect(script["cache-control"]?.contains("immutable") == true)
            for path in ["/c/main-1.js.map", "/../index.html", "/%2e%2e/index.html", "/c/", "/c"] {
                #expect(try await site.get(path, .nobody).status == 404, "\(path)")
            }
        }
    }
}
