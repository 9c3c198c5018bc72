import Foundation
import GRDB

/// Copies of whole SQLite databases: taken from a running one, and put back.
enum SQLiteFile {
    /// Copies a running database into a new file; the file has its name only once it is whole and on disk.
    static func copy(_ pool: DatabasePool, to path: String) throws {
        try write(to: path) { partial in
            let copy = try DatabaseQueue(path: partial)
            try pool.backup(to: copy)
            // A single file is what people expect of a backup, so the copy leaves WAL mode.
            try copy.writeWithoutTransaction { database in
                _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE")
            }
            try copy.close()
        }
    }

    /// Puts a copy in the place of a database that is not there yet.
    static func restore(from source: String, to path: String) throws {
        guard FileManager.default.fileExists(atPath: source) else {
            throw StorageError.unavailable("There is no file \(source).")
        }
        guard !FileManager.default.fileExists(atPath: path) else {
            throw StorageError.unavailable("There already is a database at \(path); restore into an empty folder.")
        }
        do {
            try check(source)
            try FileManager.default.createDirectory(
                at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
            try write(to: path) { partial in
                try FileManager.default.copyItem(atPath: source, toPath: partial)
            }
        } catch let error as DatabaseError {
            throw StorageError(error)
        }
    }

    /// Reads every page of a file and checks that the pages belong together.
    private static func check(_ path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        let file = try DatabaseQueue(path: path, configuration: configuration)
        let finding = try file.read { database in try String.fetchOne(database, sql: "PRAGMA integrity_check") }
        let known = try file.read { database in try database.tableExists("schema_migrations") }
        try file.close()
        guard finding == "ok" else { throw StorageError.damaged(finding ?? "The integrity check gave no answer.") }
        guard known else { throw StorageError.damaged("The file is not a backup of this program's database.") }
    }

    /// Lets a file be written under another name, brings it to disk, and gives it its name.
    private static func write(to path: String, _ body: (String) throws -> Void) throws {
        let partial = path + ".partial"
        let files = FileManager.default
        for name in [partial, partial + "-wal", partial + "-shm", partial + "-journal"]
        where files.fileExists(atPath: name) {
            try files.removeItem(atPath: name)
        }
        do {
            try body(partial)
            try check(partial)
            try flush(partial)
        } catch {
            // It may not have come into being; the error on its way says what matters.
            do { try files.removeItem(atPath: partial) } catch {}
            throw (error as? DatabaseError).map { StorageError($0) } ?? error
        }
        guard rename(partial, path) == 0 else {
            throw StorageError.unavailable("\(path): \(String(cString: strerror(errno)))")
        }
        try flush(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    private static func flush(_ path: String) throws {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw StorageError.unavailable("\(path): \(String(cString: strerror(errno)))")
        }
        _ = Foundation.close(descriptor)
    }
}
