/// Runs the suites that are named as arguments, or all of them, and prints their tables; `storage.jobs` is a part of one.
@main
struct Benchmarks {
    private static let suites: [(name: String, run: @Sendable (inout Report) async throws -> Void)] = [
        ("json", JSONBenchmarks.run),
        ("storage", storage([])), ("storage.inserts", storage(["inserts"])), ("storage.lists", storage(["lists"])),
        ("storage.claims", storage(["claims"])), ("storage.jobs", storage(["jobs"])),
        ("storage.postgres", storage(["postgres"])),
    ]

    private static func storage(_ parts: Set<String>) -> @Sendable (inout Report) async throws -> Void {
        { _ in try await StorageBenchmarks(parts: parts).run { Swift.print($0) } }
    }

    static func main() async throws {
        let wanted = CommandLine.arguments.dropFirst()
        if let unknown = wanted.first(where: { name in !suites.contains { $0.name == name } }) {
            print("There is no suite \(unknown); there are \(suites.map(\.name).joined(separator: ", ")).")
            return
        }
        for suite in suites where wanted.contains(suite.name) || (wanted.isEmpty && !suite.name.contains(".")) {
            var report = Report()
            try await suite.run(&report)
            report.print()
        }
    }
}
