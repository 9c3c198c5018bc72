import Glibc
import NIOCore

/// An open file, closed when the last reference to it goes.
///
/// Calls block and belong on a thread pool, except where they say otherwise.
final class File: Sendable {
    let descriptor: Int32

    /// Opens a file; one that is made can be read by its owner and group only.
    ///
    /// - Throws: ``ObjectStoreError`` with `notFound` or `failed`.
    init(_ path: String, _ flags: Int32) throws {
        descriptor = open(path, flags | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? ObjectStoreError.notFound : ObjectStoreError(system: "open a file")
        }
    }

    /// Takes over an open descriptor.
    init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func size() throws -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw ObjectStoreError(system: "look at a file") }
        return Int(status.st_size)
    }

    func read(at offset: Int, count: Int) throws -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
            while true {
                let got = pread(descriptor, space.baseAddress, count, off_t(offset))
                if got >= 0 { return got }
                guard errno == EINTR else { throw ObjectStoreError(system: "read a file") }
            }
        }
        return buffer
    }

    func read(at range: Range<Int>) throws -> ByteBuffer { try read(at: range.lowerBound, count: range.count) }

    /// Reads bytes that the system has in memory; nil if not all of them are.
    ///
    /// It waits for no disk, so any thread may ask.
    func readAtHand(_ range: Range<Int>) -> ByteBuffer? {
        guard !range.isEmpty else { return ByteBuffer() }
        var buffer = ByteBufferAllocator().buffer(capacity: range.count)
        let got = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: range.count) { space in
            var part = iovec(iov_base: space.baseAddress, iov_len: range.count)
            return max(0, Self.preadv2?(descriptor, &part, 1, off_t(range.lowerBound), Self.withoutWaiting) ?? 0)
        }
        return got == range.count ? buffer : nil
    }

    /// RWF_NOWAIT of Linux.
    private static let withoutWaiting: Int32 = 8
    /// Found by its name, since glibc declares it to programs that ask for GNU's extensions only, which modules cannot.
    private static let preadv2 = dlsym(nil, "preadv2").map {
        unsafeBitCast($0, to: (@convention(c) (Int32, UnsafePointer<iovec>, Int32, off_t, Int32) -> Int).self)
    }

    /// Whether the file still has a name, unlike one that was removed or replaced.
    ///
    /// Nothing is waited for here either.
    var isInFolder: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_nlink > 0
    }

    func write(_ bytes: ByteBuffer) throws {
        try bytes.withUnsafeReadableBytes { space in
            var rest = space[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written >= 0 {
                    rest = rest.dropFirst(written)
                } else if errno != EINTR {
                    throw ObjectStoreError(system: "write a file")
                }
            }
        }
    }

    /// Returns when all that was written is on the disk.
    func flush() throws {
        guard fsync(descriptor) == 0 else { throw ObjectStoreError(system: "flush a file") }
    }
}

/// Makes a folder and those above it.
func makeFolders(_ path: String) throws {
    if mkdir(path, 0o750) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
        throw ObjectStoreError(system: "make a folder")
    }
    try makeFolders(String(path[..<slash]))
    guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw ObjectStoreError(system: "make a folder") }
}

/// The names in a folder, in no order; none if there is no such folder.
func folderEntries(_ path: String) throws -> [String] {
    guard let list = opendir(path) else {
        guard errno == ENOENT || errno == ENOTDIR else { throw ObjectStoreError(system: "read a folder") }
        return []
    }
    defer { closedir(list) }
    var names: [String] = []
    while let entry = readdir(list) {
        let name = withUnsafePointer(to: entry.pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names
}

/// Makes the entries of a folder durable.
func flushFolder(_ path: String) throws {
    try File(path, O_RDONLY | O_DIRECTORY).flush()
}

extension ObjectStoreError {
    static let notFound = ObjectStoreError(.notFound, "There is no such object.")
    static let damaged = ObjectStoreError(.damaged, "An object in the storage is not what it was.")

    /// Tells what the system says about the call that has just failed.
    init(system action: String) {
        let number = errno
        let isFull = [ENOSPC, EDQUOT, EFBIG].contains(number)
        self.init(isFull ? .full : .failed, "Could not \(action): \(String(cString: strerror(number))).")
    }
}
