import FoundationEssentials
import Glibc

/// A folder for files that live for moments, of this process alone and gone with it.
///
/// A process that is killed leaves its folder; the next one removes it. Which ones are still in use tells a lock, which
/// the system takes away with its process; programs that clear the temporary folder respect it too.
struct PassingFolder: Sendable {
    let path: String
    private let lock: File

    /// Makes a folder, and removes those that others of the same prefix have left.
    ///
    /// - Throws: ``ObjectStoreError``.
    init(prefix: String) throws {
        let place = FileManager.default.temporaryDirectory.path
        while true {
            var template = Array((place + "/" + prefix + "XXXXXX").utf8CString)
            guard mkdtemp(&template) != nil else { throw ObjectStoreError(system: "make a folder") }
            let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            // Between the two steps another process may have taken it for one that was left.
            if let lock = Self.locked(path) {
                (self.path, self.lock) = (path, lock)
                break
            }
        }
        try Self.sweep(place, prefix: prefix, but: path)
    }

    func remove() {
        Self.remove(path)
    }

    /// Removes what is in a folder, and returns whether nothing is left: the folder itself stays the same one.
    static func empty(_ folder: String) -> Bool {
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                try FileManager.default.removeItem(atPath: folder + "/" + name)
            }
            return true
        } catch {
            return false
        }
    }

    /// Removes a folder with all that is in it; what resists is left to the next process.
    static func remove(_ folder: String) {
        do { try FileManager.default.removeItem(atPath: folder) } catch { return }
    }

    private static func sweep(_ place: String, prefix: String, but own: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: place) where name.hasPrefix(prefix) {
            let folder = place + "/" + name
            guard folder != own, let lock = locked(folder) else { continue }
            withExtendedLifetime(lock) { remove(folder) }
        }
    }

    /// The folder with its lock; nil if another process has it, or if it is gone.
    private static func locked(_ path: String) -> File? {
        do {
            let folder = try File(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            guard flock(folder.descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
            return FileManager.default.fileExists(atPath: path) ? folder : nil
        } catch {
            return nil
        }
    }
}
