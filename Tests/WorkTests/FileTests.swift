import JSON
import Media
import Storage
import TestSupport
import Testing

@testable import Work

struct FileTests {
    @Test(arguments: Backend.available)
    func `a file is stored with what comes along, and its reference is unique`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p")
            let object = try await shop.store.put(Array("hello".utf8))
            let details = FileDetails(
                displayName: "Hello", project: "p", referenceID: "ref", metadata: RawJSON(#"{"a":1}"#))
            let file = try await shop.files.add(object, name: "hello.txt", details: details, by: shop.key)
            var writer = JSONWriter()
            file.write(to: &writer, account: shop.seed.account)
            let shown = try AnyJSON(writer.text)
            #expect(shown["display_name"]?.string == "Hello" && shown["reference_id"]?.string == "ref")
            #expect(shown["attachment_url"]?.string == "scaledata://\(shop.seed.account)/\(file.id)")
            #expect(shown["mime_type"]?.string == "text/plain" && shown["size"]?.int == 5)
            #expect(shown["project_names"]?[0]?.string == "p")
            await #expect(
                throws: Refusal(.duplicate, #"The reference_id "ref" is already used for a different file."#)
            ) { try await shop.files.add(object, name: "b", details: details, by: shop.key) }
            await #expect(throws: Refusal.noSuchProject("q")) {
                try await shop.files.add(object, name: "b", details: FileDetails(project: "q"), by: shop.key)
            }
            let page = try await shop.files.list(project: "p", metadata: nil, after: nil, limit: 10, by: shop.key)
            #expect(page.rows.map(\.id) == [file.id])
            await #expect(throws: Refusal.noSuchProject("q")) {
                try await shop.files.list(project: "q", metadata: nil, after: nil, limit: 10, by: shop.key)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `an address is fetched once and becomes a file`(_ backend: Backend) async throws {
        let picture = try await Workshop.picture(64, 48)
        try await TestServer.run { request in
            request.target == "/cow.jpg?size=1" ? TestServer.Reply(body: picture) : TestServer.Reply(404)
        } _: { server in
            try await backend.withWorkshop { shop in
                let file = try await shop.files.importFile(
                    server.url("/cow.jpg?size=1"), details: FileDetails(), by: shop.key)
                #expect(file.name == "cow.jpg" && file.mime == "image/jpeg" && file.size == Int64(picture.count))
                for url in [server.url("/none"), "http://10.0.0.1/a", "ftp://example.com/a", ""] {
                    let issues = await #expect(throws: Issues.self, "\(url)") {
                        try await shop.files.importFile(url, details: FileDetails(), by: shop.key)
                    }
                    #expect(issues?.all.map(\.path) == ["file_url"])
                }
            }
        }
    }
}
