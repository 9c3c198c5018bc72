import Foundation

/// PostgreSQL's own programs for whole databases, run as processes.
enum PostgresTool {
    /// Writes a dump in `pg_dump`'s custom format; the file has its name only once it is whole.
    static func dump(url: String, schema: String?, to path: String) throws {
        let partial = path + ".partial"
        var arguments = ["--format=custom", "--no-owner", "--no-privileges", "--file=\(partial)"]
        if let schema { arguments.append("--schema=\(schema)") }
        try run("pg_dump", arguments, url: url)
        guard rename(partial, path) == 0 else {
            throw StorageError.unavailable("\(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Loads a dump into a database, all or nothing.
    static func restore(url: String, from path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StorageError.unavailable("There is no file \(path).")
        }
        let arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", path]
        try run("pg_restore", arguments, url: url)
    }

    private static func run(_ name: String, _ arguments: [String], url: String) throws {
        guard let program = find(name) else {
            throw StorageError.tool("\(name) was not found; it comes with PostgreSQL's client programs.")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        // The address may hold a password, so it goes the way that other users of the machine cannot read.
        var environment = ProcessInfo.processInfo.environment
        let (address, password) = withoutPassword(url)
        if let password { environment["PGPASSWORD"] = password }
        process.environment = environment
        process.arguments = arguments + ["--dbname=\(address)"]
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        do { try process.run() } catch { throw StorageError.tool("\(program) could not be started: \(error)") }
        let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw StorageError.tool("\(name) failed: \(message.trimmingCharacters(in: .whitespacesAndNewlines))")
        }
    }

    private static func withoutPassword(_ url: String) -> (String, String?) {
        guard var parts = URLComponents(string: url), let password = parts.password else { return (url, nil) }
        parts.password = nil
        return (parts.string ?? url, password)
    }

    private static func find(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        var folders = path.split(separator: ":").map(String.init)
        // Where Debian keeps the programs of each version, newest first.
        let debian = "/usr/lib/postgresql"
        for version in (9...40).reversed() { folders.append("\(debian)/\(version)/bin") }
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
