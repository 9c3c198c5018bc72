import JSON
import Labeling
import Media
import NIOHTTP1
import Storage
import TestSupport
import Testing
import Work

@testable import Server

struct UploadTests {
    private static let type = "multipart/form-data; boundary=xyz"

    private static func form(_ parts: [(head: String, body: [UInt8])], end: String = "--xyz--\r\n") -> [UInt8] {
        parts.flatMap { part in
            Array("--xyz\r\nContent-Disposition: form-data; \(part.head)\r\n\r\n".utf8) + part.body
                + Array("\r\n".utf8)
        } + Array(end.utf8)
    }

    @Test(arguments: Backend.available)
    func `an uploaded file is served whole and in parts, behind a link that expires`(
        _ backend: Backend
    ) async throws {
        let picture = try await Workshop.picture(640, 480)
        try await backend.withSite { site in
            let key = try await site.key()
            _ = try await site.post("/v1/projects", key, #"{"type":"imageannotation","name":"p"}"#)
            let body = Self.form([
                ("name=\"project_name\"", Array("p".utf8)), ("name=\"metadata\"", Array(#"{"a":1}"#.utf8)),
                ("name=\"file\"; filename=\"cow.jpg\"", picture), ("name=\"reference_id\"", Array("ref".utf8)),
            ])
            let made = try await site.send(.POST, "/v1/files/upload", key, body, type: Self.type)
            #expect(made.status == 200, "\(made.text)")
            let file = try made.json
            #expect(file["mime_type"]?.string == "image/jpeg" && file["size"]?.int == picture.count)
            #expect(file["display_name"]?.string == "cow.jpg" && file["reference_id"]?.string == "ref")
            #expect(file["metadata"] == (try AnyJSON(#"{"a":1}"#)) && file["project_names"]?[0]?.string == "p")
            #expect(try await site.send(.POST, "/v1/files/upload", key, body, type: Self.type).status == 409)
            let listed = try await site.get("/v1/files?project=p", key).json
            #expect(listed["docs"]?[0]?["id"] == file["id"] && listed["has_more"]?.bool == false)

            let row = try await site.shop.database.read { [realm = site.shop.seed.live] db in
                try db.file(realm: realm, id: file["id"]?.string ?? "")
            }
            let now = site.shop.clock.now
            let path = site.shop.environment.links.path(
                .attachment, realm: site.shop.seed.live, hash: row?.hash ?? "", now: now)
            let whole = try await site.get(path, .nobody)
            #expect(whole.status == 200 && whole.body == picture && whole["content-type"] == "image/jpeg")
            #expect(whole["content-security-policy"]?.contains("sandbox") == true)
            #expect(whole["content-disposition"] == nil && whole["x-content-type-options"] == "nosniff")
            let part = try await site.get(path, .nobody.with("range", "bytes=10-19"))
            #expect(part.status == 206 && part.body == Array(picture[10..<20]))
            #expect(part["content-range"] == "bytes 10-19/\(picture.count)")
            let beyond = try await site.get(path, .nobody.with("range", "bytes=\(picture.count)-"))
            #expect(beyond.status == 416 && beyond["content-range"] == "bytes */\(picture.count)")
            #expect(try await site.get(path, .nobody.with("if-none-match", whole["etag"] ?? "")).status == 304)
            for wrong in [path + "x", String(path.dropLast()), "/files/x", "/files/%00"] {
                #expect(try await site.get(wrong, .nobody).status == 404, "\(wrong)")
            }
            site.shop.clock.advance(2 * 86_400)
            #expect(try await site.get(path, .nobody).status == 404)
        }
    }

    @Test func `a page that was uploaded is handed over, never shown`() async throws {
        try await Backend.sqlite.withSite { site in
            for (text, type) in [
                ("<!doctype html><script>alert(1)</script>", "text/html"), ("plain words", "text/plain"),
            ] {
                let object = try await site.shop.store.put(Array(text.utf8))
                let path = site.shop.environment.links.path(
                    .attachment, realm: site.shop.seed.live, hash: object.hash.description, now: site.shop.clock.now)
                let answer = try await site.get(path, .nobody)
                #expect(answer.status == 200 && answer["content-disposition"] == "attachment")
                #expect(answer["content-type"]?.hasPrefix(type) == true)
                #expect(answer["content-security-policy"]?.contains("sandbox") == true)
            }
        }
    }

    @Test func `uploads that are not right are refused in words`() async throws {
        try await Backend.sqlite.withSite { site in
            let key = try await site.key()
            let file = (head: "name=\"file\"; filename=\"a\"", body: Array("x".utf8))
            let cases: [([UInt8], String, String)] = [
                (Self.form([("name=\"other\"", [0x31])]), Self.type, "file"),
                (Self.form([file], end: ""), Self.type, ""), (Self.form([file]), "application/json", ""),
                (Self.form([file]), "multipart/form-data", ""), ([], Self.type, ""),
                (Self.form([file, ("name=\"metadata\"", Array("[]".utf8))]), Self.type, "metadata"),
                (Self.form([file, ("name=\"metadata\"", Array("{".utf8))]), Self.type, ""),
                (
                    Self.form([file, ("name=\"reference_id\"", [UInt8](repeating: 0x61, count: 1001))]), Self.type,
                    "reference_id"
                ),
            ]
            for (body, type, path) in cases {
                let answer = try await site.send(.POST, "/v1/files/upload", key, body, type: type)
                #expect(answer.status == 400, "\(answer.text)")
                #expect(try answer.json["issues"]?[0]?["path"]?.string == path)
            }
            let missing = Self.form([file, ("name=\"project_name\"", Array("none".utf8))])
            #expect(try await site.send(.POST, "/v1/files/upload", key, missing, type: Self.type).status == 404)
        }
    }
}
