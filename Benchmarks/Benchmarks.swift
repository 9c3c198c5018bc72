import Foundation

@main struct Benchmarks {
    static func main() async throws {
        let benchmarks = StorageBenchmarks(parts: Set(CommandLine.arguments.dropFirst()))
        try await benchmarks.run { FileHandle.standardOutput.write(Data(($0 + "\n").utf8)) }
    }
}
