import Foundation
import NIOCore

/// What is to be answered while a request is still being read, kept until the client takes it.
///
/// Most clients read nothing before they have sent everything. If the server waited for them to take its answers before
/// it read on, both would wait for ever; so what does not fit into memory lies in a file meanwhile. An actor, since one
/// task fills it while another empties it.
actor ReplySpool {
    /// Bytes in memory.
    private static let most = 1 << 20
    private static let piece = 1 << 16

    private var head = ByteBuffer()
    private var file: FileHandle?
    private var written: UInt64 = 0
    private var read: UInt64 = 0
    private var isFinished = false
    private var waiting: CheckedContinuation<Void, Never>?

    /// Keeps bytes.
    func add(_ bytes: ByteBuffer) throws {
        var bytes = bytes
        if written == read, head.readableBytes + bytes.readableBytes <= Self.most {
            head.writeBuffer(&bytes)
        } else {
            let file = try opened()
            try file.seek(toOffset: written)
            try file.write(contentsOf: bytes.readableBytesView)
            written += UInt64(bytes.readableBytes)
        }
        wake()
    }

    /// Ends what is kept.
    func finish() {
        isFinished = true
        wake()
    }

    /// The next bytes, in order; waits for them, and is nil at the end.
    func next() async throws -> ByteBuffer? {
        while true {
            if head.readableBytes > 0 {
                defer { head = ByteBuffer() }
                return head
            }
            if read < written, let file {
                try file.seek(toOffset: read)
                let bytes = ByteBuffer(bytes: try file.read(upToCount: Self.piece) ?? Data())
                read += UInt64(bytes.readableBytes)
                if read == written { (read, written) = (0, 0) }
                return bytes
            }
            if isFinished { return nil }
            await withCheckedContinuation { waiting = $0 }
        }
    }

    /// Closes the file, which has no name any more.
    func close() throws {
        try file?.close()
        file = nil
    }

    private func wake() {
        waiting?.resume()
        waiting = nil
    }

    private func opened() throws -> FileHandle {
        if let file { return file }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("vernier-answers-\(UUID().uuidString)")
        try Data().write(to: path, options: .withoutOverwriting)
        let file = try FileHandle(forUpdating: path)
        self.file = file
        try FileManager.default.removeItem(at: path)
        return file
    }
}
