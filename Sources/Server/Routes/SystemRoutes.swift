import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// What operators and readers of the contract ask.
struct SystemRoutes {
    let environment: WorkEnvironment
    let version: String
    let fetchSources: [String]

    var endpoints: [Endpoint] { [health, ready, sources, metrics] }

    private var sources: Endpoint {
        .json(
            .get, "/api/sources", "system", .permitted(.tasksRead),
            "Tells where attachments are fetched from, for those who have to let these calls in.",
            answers: Wire.answer(
                "Sources",
                [
                    .always("addresses", Wire.strings, "As the operator named them; empty if nobody did."),
                    .always("user_agent", Wire.text, "What the calls call themselves."),
                ])
        ) { _ in
            .object { writer in
                writer.array("addresses") { writer in fetchSources.forEach { writer.value($0) } }
                writer.field("user_agent", "Vernier")
            }
        }
    }

    private var health: Endpoint {
        .json(
            .get, "/healthz", "system", .anyone, "Tells that the process runs.",
            answers: Wire.answer("Health", [.always("status", Wire.text, "ok")])
        ) { _ in
            .object { $0.field("status", "ok") }
        }
    }

    private var ready: Endpoint {
        .json(
            .get, "/readyz", "system", .anyone, "Tells that the database answers.",
            answers: Wire.answer(
                "Readiness", [.always("status", Wire.text, "ok"), .always("version", Wire.text, "Ours.")])
        ) { _ in
            _ = try await environment.database.read { db in try db.setting("ready") }
            return .object { writer in
                writer.field("status", "ok")
                writer.field("version", version)
            }
        }
    }

    /// Counts of jobs in the text form that Prometheus reads.
    private var metrics: Endpoint {
        Endpoint(
            method: .get, path: "/metrics", group: "system", summary: "Counts what waits, for monitoring.",
            access: .permitted(.eventsRead), query: [], body: nil,
            answer: .init(
                status: .ok, mediaType: "text/plain; version=0.0.4", shape: Wire.text, note: "Prometheus text.")
        ) { _ in
            let counts = try await environment.database.read { db in try db.jobCounts() }
            let lines = counts.map { #"vernier_jobs{kind="\#($0.kind)",state="\#($0.state)"} \#($0.n)"# }
            let text = "# HELP vernier_jobs Jobs by kind and state.\n# TYPE vernier_jobs gauge\n"
            return .text(text + lines.map { $0 + "\n" }.joined(), type: "text/plain; version=0.0.4")
        }
    }
}
