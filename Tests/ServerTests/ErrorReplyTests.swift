import HTTPTypes
import Hummingbird
import JSON
import Labeling
import Logging
import NIOHTTP1
import Storage
import TestSupport
import Testing
import Work

@testable import Server

/// Keeps what is logged.
private struct ListLog: LogHandler {
    let lines: SharedList<String>
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.append("\(event.level): \(event.message) \(event.metadata ?? [:])")
    }
}

struct ErrorReplyTests {
    private struct Fault: Error {
        let secret = "the password is swordfish"
    }

    /// Every kind of error and what a client is told of it.
    private static let table: [(error: any Error, status: Int, message: String, issues: String?)] = [
        (Refusal(.notFound, "Gone."), 404, "Gone.", nil), (Refusal(.duplicate, "Twice."), 409, "Twice.", nil),
        (Refusal(.leaseLost, "Lost."), 409, "Lost.", nil), (Refusal(.notEnabled, "Off."), 402, "Off.", nil),
        (Refusal(.forbidden, "No."), 403, "No.", nil), (Refusal(.unauthorized, "Who?"), 401, "Who?", nil),
        (Refusal(.tooMany, "Slow."), 429, "Slow.", nil), (Refusal(.tooLarge, "Big."), 413, "Big.", nil),
        (Refusal(.invalid, "Wrong."), 400, "Wrong.", nil),
        (
            Issues([JSON.Issue(path: "a", message: "First."), JSON.Issue(path: "b[1]", message: "Second.")]), 400,
            "First.",
            #"[{"path":"a","message":"First."},{"path":"b[1]","message":"Second."}]"#
        ),
        (
            StorageError.invalidText, 400,
            "The request contains a zero character in a text that is stored; leave it out.",
            #"[{"path":"","message":"The request contains a zero character in a text that is stored; leave it out."}]"#
        ), (JSONFault(path: "a.b", message: "Odd."), 400, "Odd.", #"[{"path":"a.b","message":"Odd."}]"#),
        (TaskLifecycleError.alreadyStarted, 400, TaskLifecycleError.alreadyStarted.message, nil),
        (BatchLifecycleError.alreadyFinalized, 400, BatchLifecycleError.alreadyFinalized.message, nil),
        (ReplyError(status: .forbidden, "Stop."), 403, "Stop.", nil),
        (HTTPError(.badRequest, message: "Bad."), 400, "Bad.", nil),
        (Fault(), 500, "Something went wrong on the server.", nil),
        (StorageError.unavailable("host db.internal"), 503, "The server is busy; try again in a moment.", nil),
        (StorageError.conflict("tasks"), 503, "The server is busy; try again in a moment.", nil),
        (StorageError.statement("SELECT 1"), 500, "Something went wrong on the server.", nil),
    ]

    private static func endpoint(_ index: Int) -> Endpoint {
        .json(.get, "/error/\(index)", "test", .anyone, "Fails.", answers: Wire.empty) { _ in
            throw table[index].error
        }
    }

    @Test func `each kind of error has its answer, and only faults are logged`() async throws {
        let lines = SharedList<String>()
        let logger = Logger(label: "test") { _ in ListLog(lines: lines) }
        try await Backend.sqlite.withWorkshop { shop in
            let endpoints = Self.table.indices.map(Self.endpoint)
            try await withEndpoints(
                shop, { SomeEndpoints(endpoints: endpoints, identities: $0, logger: logger) }
            ) { site in
                for (index, line) in Self.table.enumerated() {
                    let before = lines.elements.filter { $0.hasPrefix("error") }.count
                    let answer = try await site.get("/error/\(index)", .nobody)
                    let body = try answer.json
                    #expect(answer.status == line.status, "\(line.error)")
                    #expect(answer["content-type"] == "application/json")
                    #expect(body["status_code"]?.int == line.status)
                    #expect(body["error"]?.string == line.message)
                    #expect(body["issues"] == (try line.issues.map { try AnyJSON($0) }))
                    #expect(body.members.count == (line.issues == nil ? 2 : 3))
                    let logged = lines.elements.filter { $0.hasPrefix("error") }.count - before
                    #expect(logged == (line.status >= 500 ? 1 : 0), "\(line.error)")
                }
            }
        }
        #expect(lines.elements.filter { $0.hasPrefix("error") }.allSatisfy { $0.contains("/error/") })
        #expect(lines.elements.contains { $0.contains("swordfish") })
    }

    @Test func `malformed bodies are the client's fault, whatever they are`() async throws {
        let deep = String(repeating: "[", count: 10_000)
        let bodies = [
            "{", "nonsense", "[]", "1", "null", #"{"a":1,"a":2}"#, "\u{0}", #"{"attachment":"\ud800"}"#,
            #"{"a":1e999}"#, deep, #"{"a":"# + deep, "{}{}", #"{"a":01}"#, "\"", "{\"a\":\"\u{1}\"}",
        ]
        try await Backend.sqlite.withSite { site in
            let key = try await site.key()
            for path in ["/v1/task/imageannotation", "/v1/batches", "/v1/projects", "/v1/teams/invite"] {
                for body in bodies {
                    let answer = try await site.post(path, key, body)
                    #expect(answer.status == 400, "\(path) \(body.prefix(40)): \(answer.text.prefix(200))")
                    #expect(try answer.json["issues"]?.elements.isEmpty == false)
                }
                let bytes = try await site.send(.POST, path, key, [0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D])
                #expect(bytes.status == 400)
            }
        }
    }

    @Test func `a body beyond the limit is refused, said or not`() async throws {
        try await Backend.sqlite.withSite { site in
            let key = try await site.key()
            let body = #"{"a":""# + String(repeating: "x", count: 11 << 20) + #""}"#
            let answer = try await site.post("/v1/task/imageannotation", key, body)
            #expect(answer.status == 413)
            #expect(try answer.json["error"]?.string?.contains("larger") == true)
        }
    }

    @Test func `what is not there is not found, and what takes other methods says so`() async throws {
        try await Backend.sqlite.withSite { site in
            let key = try await site.key()
            for path in ["/none", "/v1", "/v1/none", "/api/none", "/v1/tasks/x", "/v1//tasks"] {
                let answer = try await site.get(path, key)
                #expect(answer.status == 404, "\(path)")
                #expect(try answer.json["status_code"]?.int == 404)
            }
            let answer = try await site.send(.PUT, "/v1/tasks", key)
            #expect(answer.status == 405 && answer["allow"] == "GET")
            let unknown = try await site.post("/v1/task/none", key, "{}")
            #expect(unknown.status == 400)
            #expect(try unknown.json["error"]?.string?.contains(#""none" is not an enabled task type"#) == true)
        }
    }
}
