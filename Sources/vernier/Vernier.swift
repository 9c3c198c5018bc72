import ArgumentParser
import Foundation
import JSON
import Work

@main
struct Vernier: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "vernier", abstract: "Self-hosted data annotation.", version: version,
        subcommands: [
            Serve.self, WorkOnly.self, Demo.self, Migrate.self, Accounts.self, Users.self, Keys.self, Import.self,
            Export.self, Backup.self, Restore.self, Verify.self, Doctor.self, Decode.self,
        ])

    static func main() async {
        // A closed pipe is an error of the write that meets it, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // Nor is a limit on the size of files, or a full disk.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let issues as Issues {
            stop(issues.all.map(\.message).joined(separator: "\n"))
        } catch let refusal as Refusal {
            stop(refusal.message)
        } catch let error as StartError {
            stop(error.message)
        } catch {
            exit(withError: error)
        }
    }

    private static func stop(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        Foundation.exit(1)
    }
}

/// Why the program cannot start, in a sentence.
struct StartError: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
