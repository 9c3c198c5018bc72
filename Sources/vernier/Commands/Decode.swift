import ArgumentParser
import Media

/// Decodes pictures for the process that starts it, one after the other.
struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decode pictures for the server, which starts this itself.", shouldDisplay: false)

    @Argument(help: "The most bytes of memory.")
    var memory: Int

    func run() throws {
        guard DecoderProgram.serve(memory: memory) else { throw ExitCode.failure }
    }
}
