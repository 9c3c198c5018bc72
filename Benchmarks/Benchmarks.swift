/// Runs the suites that are named as arguments, or all of them, and prints their tables.
@main
struct Benchmarks {
    private static let suites: [(name: String, run: @Sendable (inout Report) async throws -> Void)] = [
        ("json", JSONBenchmarks.run),
        ("storage", { _ in try await StorageBenchmarks(parts: []).run { Swift.print($0) } }),
    ]

    static func main() async throws {
        let wanted = CommandLine.arguments.dropFirst()
        if let unknown = wanted.first(where: { name in !suites.contains { $0.name == name } }) {
            print("There is no suite \(unknown); there are \(suites.map(\.name).joined(separator: ", ")).")
            return
        }
        for suite in suites where wanted.isEmpty || wanted.contains(suite.name) {
            var report = Report()
            try await suite.run(&report)
            report.print()
        }
    }
}
