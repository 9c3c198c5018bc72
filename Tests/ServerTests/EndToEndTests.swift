import Foundation
import JSON
import Labeling
import NIOHTTP1
import Storage
import TestSupport
import Testing
import Work

@testable import Server

struct EndToEndTests {
    @Test(arguments: Backend.available)
    func `a person signs in, works and signs out`(_ backend: Backend) async throws {
        try await backend.withSite { site in
            _ = try await site.shop.accounts.createUser(
                account: "acme", email: "ada@example.com", role: .labeler, password: "correct horse",
                displayName: "Ada")
            let key = try await site.key()
            let made = try await site.post("/v1/task/categorization", key, Sample.text())
            #expect(made.status == 200)
            let task = try #require(try made.json["task_id"]?.string)

            let wrong = #"{"email":"ada@example.com","password":"wrong"}"#
            let refused = try await site.post("/api/session", .nobody, wrong)
            #expect(refused.status == 401 && refused["set-cookie"] == nil && refused["www-authenticate"] == nil)
            let credentials = #"{"email":"ada@example.com","password":"correct horse"}"#
            let session = try await site.post("/api/session", .nobody, credentials)
            #expect(session.status == 200)
            let cookie = try #require(session["set-cookie"])
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"))
            #expect(try session.json["user"]?["name"]?.string == "Ada")
            let csrf = try #require(try session.json["csrf"]?.string)
            let ada = Visitor(
                description: "Ada",
                headers: [("cookie", String(cookie.prefix { $0 != ";" })), ("x-csrf-token", csrf)])
            #expect(try await site.get("/api/session", ada).json["csrf"]?.string == csrf)

            let summary = try await site.get("/api/work/summary", ada).json
            #expect(summary["continue"]?["type"]?.string == "categorization")
            #expect(summary["queue"]?["waiting"]?.int == 1)
            let work = try #require(try await site.post("/api/work/claim", ada, "{}").json["work"])
            let id = try #require(work["id"]?.string)
            let lease = try #require(work["lease"]?["token"]?.string)
            let holder = #"{"lease":"\#(lease)"}"#
            let issues = try #require(try await site.post("/api/work/\(id)/check", ada, holder).json["issues"])
            #expect(issues[0]?["key"]?.string == "category")
            let early = #"{"lease":"\#(lease)","submission":"\#(Self.uuid(3))","revision":0}"#
            let unanswered = try await site.post("/api/work/\(id)/submit", ada, early)
            #expect(try unanswered.status == 400 && unanswered.json["issues"] == issues)
            let step = """
                {"lease":"\(lease)","writer":"\(Self.uuid(1))","after":0,"steps":[{"id":"\(Self.uuid(2))","sequence":1,
                "operations":[{"collection":"answers","key":"category","before":null,"after":{"value":"polite"}}]}]}
                """
            for _ in 1...2 {
                let receipt = try await site.post("/api/work/\(id)/steps", ada, step).json
                #expect(receipt["revision"]?.int == 1 && receipt["conflict"] == .null)
                #expect(receipt["acknowledged"]?.elements.map(\.string) == [Self.uuid(2)])
            }
            let shown = try #require(try await site.get("/api/work/\(id)", ada).json["work"])
            #expect(shown["draft"]?["collections"]?["answers"]?["category"]?["value"]?.string == "polite")
            #expect(shown["history"]?.elements.count == 1)
            #expect(try await site.post("/api/work/\(id)/submit", ada, early).status == 409)
            let submit = #"{"lease":"\#(lease)","submission":"\#(Self.uuid(3))","revision":1}"#
            for _ in 1...2 {
                #expect(
                    try await site.post("/api/work/\(id)/submit", ada, submit).json["status"]?.string == "completed")
            }
            let done = try await site.get("/v1/task/\(task)", key).json
            #expect(done["status"]?.string == "completed" && done["work_started"]?.bool == true)
            #expect(done["response"]?["category"]?.string == "polite")
            #expect(try await site.get("/v1/task/\(task)/response_url/response.json", key).json == done["response"])

            let left = try await site.send(.DELETE, "/api/session", ada)
            #expect(left.status == 200 && left["set-cookie"]?.contains("Max-Age=0") == true)
            #expect(try await site.get("/api/session", ada).status == 401)
        }
    }

    private static func uuid(_ number: Int) -> String { String(format: "0190b4a0-0000-7000-8000-%012d", number) }

    @Test(arguments: Backend.available)
    func `lists are paged to the end and filtered as asked`(_ backend: Backend) async throws {
        try await backend.withSite { site in
            let key = try await site.key()
            var ids: [String] = []
            for number in 0..<7 {
                site.shop.clock.advance(1)
                let body = Sample.text(#""tags":["t\#(number % 2)"]"#, #""unique_id":"u\#(number)""#)
                ids.insert(
                    try #require(try await site.post("/v1/task/categorization", key, body).json["task_id"]?.string),
                    at: 0)
            }
            var seen: [String] = []
            var token: String?
            repeat {
                let page = try await site.get(
                    "/v1/tasks?limit=3" + (token.map { "&next_token=" + Self.escaped($0) } ?? ""), key
                ).json
                #expect(page["total"]?.int == 7 && page["limit"]?.int == 3)
                seen += page["docs"]?.elements.compactMap { $0["task_id"]?.string } ?? []
                token = page["next_token"]?.string
                #expect((token != nil) == (page["has_more"]?.bool == true))
            } while token != nil
            #expect(seen == ids)

            let middle = try #require(try await site.get("/v1/task/\(ids[3])", key).json["created_at"]?.string)
            for (query, expected) in [
                ("tags=t1", [1, 3, 5]), ("tags=t0&tags=t1", Array(0...6)), ("unique_id=u0&unique_id=u6", [0, 6]),
                ("status=pending&limit=2", [0, 1]), ("status=completed", []), ("type=imageannotation", []),
                ("start_time=\(Self.escaped(middle))", Array(0...3)), ("end_time=\(middle)", Array(3...6)),
                ("start_time=\(middle)&end_time=\(middle)", [3]), ("offset=5", [5, 6]), ("project=none", []),
                ("status=&limit=&tags", Array(0...6)),
            ] as [(String, [Int])] {
                let page = try await site.get("/v1/tasks?\(query)", key).json
                #expect(
                    page["docs"]?.elements.compactMap { $0["task_id"]?.string } == expected.map { ids[$0] }, "\(query)")
            }
            let limited = try await site.get("/v1/tasks?limited_response=TRUE&limit=1", key).json
            #expect(Set(limited["docs"]?[0]?.members.keys.map { $0 } ?? []) == ["task_id", "status", "metadata"])
            for query in [
                "limit=0", "limit=101", "limit=x", "status=none", "start_time=soon", "next_token=x",
                "limited_response=maybe",
            ] {
                let answer = try await site.get("/v1/tasks?\(query)", key)
                #expect(answer.status == 400, "\(query)")
                #expect(try answer.json["issues"]?[0]?["path"]?.string == query.split(separator: "=")[0].description)
            }
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("+", with: "%2B").replacing("=", with: "%3D").replacing(
            "/", with: "%2F")
    }

    @Test(arguments: Backend.available)
    func `names may hold slashes, spaces and other scripts`(_ backend: Backend) async throws {
        try await backend.withSite { site in
            let key = try await site.key()
            let name = "a/b c+d%2F é東"
            let path = "a%2Fb%20c+d%252F%20%C3%A9%E6%9D%B1"
            let project = #"{"type":"categorization","name":"\#(name)"}"#
            #expect(try await site.post("/v1/projects", key, project).status == 200)
            #expect(try await site.post("/v1/projects", key, project).status == 409)
            #expect(try await site.get("/v1/projects/\(path)", key).json["name"]?.string == name)
            #expect(try await site.get("/v1/projects/\(path)/", key).json["name"]?.string == name)
            let batch = #"{"project":"\#(name)","name":"\#(name)","callback":""}"#
            #expect(try await site.post("/v1/batches", key, batch).status == 200)
            #expect(try await site.get("/v1/batches/\(path)/status", key).json["status"]?.string == "in_progress")
            let query = path.replacing("+", with: "%2B")
            #expect(try await site.get("/v1/batches?project=\(query)", key).json["totalDocs"]?.int == 1)
        }
    }

    @Test func `empty bodies and bodies of lists are understood where clients send them`() async throws {
        try await Backend.sqlite.withSite { site in
            let key = try await site.key()
            let made = try await site.post("/v1/task/categorization", key, Sample.text(#""tags":["a","b"]"#)).json
            let id = try #require(made["task_id"]?.string)
            #expect(made["metadata"] == .object([:]) && made["unique_id"] == nil && made["response"] == nil)
            let removed = try await site.send(.DELETE, "/v1/task/\(id)/tags", key, Array(#"["a"]"#.utf8))
            #expect(try removed.json["tags"]?.elements.map(\.string) == ["b"])
            let added = try await site.send(.PUT, "/v1/task/\(id)/tags", key, Array(#"["c"]"#.utf8))
            #expect(try added.json["tags"]?.elements.map(\.string) == ["b", "c"])
            #expect(try await site.send(.POST, "/v1/task/\(id)/tags", key, []).json["tags"] == nil)
            #expect(try await site.send(.POST, "/v1/task/\(id)/setMetadata", key, []).status == 200)
            #expect(
                try await site.post("/v1/task/\(id)/cancel?clear_unique_id=True", key).json["status"]?.string
                    == "canceled")
            #expect(try await site.post("/v1/task/\(id)/send-callback", key).status == 400)
            let missing = try await site.post("/v1/task/\(id)/unique_id", key)
            #expect(missing.status == 400)
            #expect(try missing.json["issues"]?[0]?["path"]?.string == "unique_id")
        }
    }

    @Test func `pages far behind the end are empty`() async throws {
        try await Backend.sqlite.withSite { site in
            let key = try await site.key()
            for path in ["/v1/batches", "/v1/tasks", "/api/quality-tasks"] {
                let answer = try await site.get("\(path)?limit=1&offset=9223372036854775807", key)
                #expect([200, 400].contains(answer.status), "\(path)")
            }
            #expect(try await site.get("/healthz", .nobody).json["status"]?.string == "ok")
        }
    }

    @Test(arguments: Backend.available)
    func `operators see whether it lives and what waits`(_ backend: Backend) async throws {
        try await backend.withSite { site in
            #expect(try await site.get("/healthz", .nobody).json["status"]?.string == "ok")
            let ready = try await site.get("/readyz", .nobody).json
            #expect(ready["status"]?.string == "ok" && ready["version"]?.string == "1.2.3")
            let test = try await site.key(mode: .test)
            let body = Sample.text(#""callback_url":"http://127.0.0.1:1/""#)
            let made = try await site.post("/v1/task/categorization", test, body).json
            let metrics = try await site.get("/metrics", try await site.key(.read))
            #expect(metrics["content-type"]?.hasPrefix("text/plain") == true)
            #expect(metrics.text.contains(#"vernier_jobs{kind="deliver_callback",state="ready"} 1"#))
            let id = try #require(made["task_id"]?.string)
            let deliveries = try await site.get("/api/tasks/\(id)/deliveries", test).json
            #expect(deliveries["docs"]?[0]?["state"]?.string == "pending")
            #expect(deliveries["docs"]?[0]?["target"]?.string == "http://127.0.0.1:1/")
        }
    }
}
