import Foundation

/// Runs a program on a stranger's file as a process of its own, so that whatever the file does to it ends there.
///
/// The process has a bounded time, memory and size of files, no core dump, and of the environment only what it needs.
/// Every call blocks and belongs on a thread pool.
struct BoundedTool {
    /// The program's name, found on the usual path.
    let name: String
    /// After which it is stopped.
    var seconds = 60
    /// The most bytes of its address space.
    var memory = 2 << 30
    /// The most bytes of a file that it writes.
    var fileSize = 256 << 20
    /// The most bytes of its output, errors included.
    var outputLimit = 1 << 20

    /// What came of a run.
    struct Outcome {
        let status: Int32
        let output: Data

        var text: String { String(decoding: output, as: UTF8.self) }

        /// Whether it was stopped because its time was over.
        var tookTooLong: Bool { status == 124 || status == 137 }
    }

    /// Statuses of `timeout` and `env` that say that there is no such program.
    private static let missing: Set<Int32> = [125, 126, 127]

    /// Runs the program to its end.
    ///
    /// - Throws: ``PictureError`` with `unavailable` if it is not there.
    func run(_ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [
                "timeout", "--kill-after=2", String(seconds), "prlimit", "--as=\(memory)", "--cpu=\(seconds)",
                "--fsize=\(fileSize)", "--core=0", "--nofile=64", name,
            ] + arguments
        process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"]
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        do { try process.run() } catch { throw PictureError.unavailable }
        var output = Data()
        while let piece = try pipe.fileHandleForReading.read(upToCount: 65_536), !piece.isEmpty {
            // What is too much is read and forgotten: a program that cannot write would never end.
            if output.count < outputLimit { output.append(piece.prefix(outputLimit - output.count)) }
        }
        process.waitUntilExit()
        let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
        guard !Self.missing.contains(status) else { throw PictureError.unavailable }
        return Outcome(status: status, output: output)
    }
}
