import JSON
import Labeling
import NIOHTTP1
import Storage
import TestSupport
import Testing
import Work

@testable import Server

/// Nothing of one account, or of its other world, can be seen or changed from elsewhere.
struct IsolationTests {
    @Test(arguments: Backend.available)
    func `strangers find nothing, neither in another account nor in the other world`(_ backend: Backend) async throws {
        try await backend.withSite { site in
            let shop = site.shop
            let other = try await Seed.account("other", in: shop.database)
            let strangers = [
                try await site.key(account: "other"), try await site.key(mode: .test),
                try await site.person("stranger@example.com", .admin, account: other),
            ]
            let owner = try await site.key()
            _ = try await site.person("ada@example.com", .labeler)
            #expect(try await site.post("/v1/projects", owner, #"{"type":"categorization","name":"p"}"#).status == 200)
            #expect(try await site.post("/v1/batches", owner, #"{"project":"p","name":"b"}"#).status == 200)
            let assign = #"{"emails":["ada@example.com"],"projects":["p"]}"#
            #expect(try await site.post("/v1/studio/assignments/add", owner, assign).status == 200)
            let group = #"{"emails":["ada@example.com"],"name":"g"}"#
            #expect(try await site.post("/v1/studio/projects/p/groups", owner, group).status == 200)
            let made = try await site.post(
                "/v1/task/categorization", owner, Sample.text(#""batch":"b""#, #""unique_id":"u""#))
            let id = try #require(try made.json["task_id"]?.string)
            let before = try await shop.stored(id)

            let hidden: [(HTTPMethod, String, String)] = [
                (.GET, "/v1/task/\(id)", ""), (.POST, "/v1/task/\(id)/cancel", ""),
                (.POST, "/v1/task/\(id)/audit", #"{"accepted":true}"#),
                (.POST, "/v1/task/\(id)/unique_id", #"{"unique_id":"x"}"#), (.DELETE, "/v1/task/\(id)/unique_id", ""),
                (.POST, "/v1/task/\(id)/setMetadata", "{}"), (.POST, "/v1/task/\(id)/tags", #"["a"]"#),
                (.PUT, "/v1/task/\(id)/tags", #"["a"]"#), (.DELETE, "/v1/task/\(id)/tags", #"["a"]"#),
                (.POST, "/v1/task/\(id)/send_callback", ""), (.GET, "/v1/task/\(id)/response_url/x", ""),
                (.GET, "/api/tasks/\(id)/deliveries", ""), (.GET, "/v1/projects/p", ""),
                (.POST, "/v1/projects/p/setParams", #"{"a":1}"#),
                (.POST, "/v1/projects/p/setOntology", #"{"ontology":["a"]}"#),
                (.GET, "/v1/projects/p/taskTemplates", ""), (.GET, "/v1/batches/b", ""),
                (.GET, "/v1/batches/b/status", ""), (.POST, "/v1/batches/b/finalize", ""),
                (.POST, "/v1/batches/b/setMetadata", "{}"), (.POST, "/v1/batches/b/prioritize", #"{"priority":30}"#),
                (.GET, "/v1/studio/projects/p/groups", ""),
                (.PUT, "/v1/studio/projects/p/groups/g", "{}"), (.PUT, "/v1/studio/batches/b", #"{"groups":[]}"#),
                (.GET, "/v1/files?project=p", ""), (.POST, "/v1/task/categorization", Sample.text(#""project":"p""#)),
                (.POST, "/v1/task/categorization", Sample.text(#""batch":"b""#)),
                (.POST, "/v1/batches", #"{"project":"p","name":"c"}"#),
            ]
            for stranger in strangers {
                for (method, path, body) in hidden {
                    let answer = try await site.send(method, path, stranger, method == .GET ? nil : Array(body.utf8))
                    #expect(answer.status == 404, "\(method) \(path) by \(stranger): \(answer.text)")
                }
                for (path, empty) in [
                    ("/v1/tasks", "docs"), ("/v1/batches", "docs"), ("/v1/tasks?unique_id=u", "docs"),
                    ("/v1/tasks?project=p", "docs"), ("/v1/batches?project=p", "docs"),
                ] {
                    let answer = try await site.get(path, stranger)
                    #expect(try answer.json[empty]?.elements.isEmpty == true, "\(path)")
                    #expect(try answer.json["total"]?.int == 0, "\(path)")
                }
                #expect(try await site.get("/v1/projects", stranger).text == "[]")
                #expect(try await site.get("/v1/studio/assignments", stranger).text == "{}")
                #expect(try await site.get("/v1/studio/batches", stranger).text == "[]")
            }
            #expect(try await shop.stored(id) == before)
        }
    }

    @Test(arguments: Backend.available)
    func `work of another account can neither be seen nor touched`(_ backend: Backend) async throws {
        try await backend.withSite { site in
            let other = try await Seed.account("other", in: site.shop.database)
            let owner = try await site.key()
            let ada = try await site.person("ada@example.com", .labeler)
            let thief = try await site.person("thief@example.com", .admin, account: other)
            #expect(try await site.post("/v1/task/categorization", owner, Sample.text()).status == 200)
            let work = try #require(try await site.post("/api/work/claim", ada).json["work"])
            let id = try #require(work["id"]?.string)
            let lease = try #require(work["lease"]?["token"]?.string)
            #expect(try await site.post("/api/work/claim", thief).json["work"] == .null)
            #expect(try await site.post("/api/work/claim", thief, #"{"work":"\#(id)"}"#).json["work"] == .null)
            #expect(try await site.get("/api/work/\(id)", thief).status == 404)
            let uuid = "0190b4a0-0000-7000-8000-000000000001"
            for (path, body) in [
                ("heartbeat", #"{"lease":"\#(lease)"}"#), ("release", #"{"lease":"\#(lease)"}"#),
                ("check", #"{"lease":"\#(lease)"}"#),
                ("steps", #"{"lease":"\#(lease)","writer":"\#(uuid)","after":0,"steps":[]}"#),
                ("submit", #"{"lease":"\#(lease)","submission":"\#(uuid)","revision":0}"#),
            ] {
                let answer = try await site.post("/api/work/\(id)/\(path)", thief, body)
                #expect(answer.status == 409 || answer.status == 404, "\(path): \(answer.text)")
            }
            #expect(try await site.post("/api/work/\(id)/heartbeat", ada, #"{"lease":"\#(lease)"}"#).status == 200)
        }
    }
}
