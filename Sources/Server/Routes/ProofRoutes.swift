import HTTPTypes
import JSON
import Labeling
import Work

/// What proves afterwards what happened.
struct ProofRoutes {
    let proofs: ProofOperations

    var endpoints: [Endpoint] { [proof, head] }

    private var proof: Endpoint {
        let head = QueryField<Int>.integer(
            "head", 1...Int.max, "A position of the log that is kept elsewhere; by default the end as it is now.")
        return .json(
            .get, "/api/tasks/{task}/proof", "tasks", .permitted(.tasksRead),
            "Returns what proves what happened to a task; `vernier verify` accepts it by itself.", query: [head],
            answers: ProofShapes.proof
        ) { call in
            let proof = try await proofs.proof(
                of: call.parameter("task"), at: try call(head).map(Int64.init), by: call.actor)
            var writer = JSONWriter(capacity: 16_384)
            proof.write(to: &writer)
            return .json(writer)
        }
    }

    private var head: Endpoint {
        .json(
            .get, "/api/log/head", "insight", .permitted(.eventsRead),
            "Returns the end of the account's log; kept elsewhere it shows later that nothing was cut off or changed.",
            answers: ProofShapes.head
        ) { call in
            let head = try await proofs.head(by: call.actor)
            var writer = JSONWriter()
            head.write(to: &writer)
            return .json(writer)
        }
    }
}
