internal import ArgumentParser

@main
struct Vernier: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "vernier")
    func run() async throws {}
}
