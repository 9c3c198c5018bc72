import Crypto
import NIOCore

/// Learns from an object's bytes, as they pass, what is to be known of it.
struct RunningDigest {
    private var hasher = SHA256()
    private var size = 0
    private var prefix: [UInt8] = []

    mutating func update(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) }
        size += bytes.readableBytes
        if prefix.count < ContentType.prefixLength {
            prefix += bytes.readableBytesView.prefix(ContentType.prefixLength - prefix.count)
        }
    }

    func object() -> StoredObject {
        StoredObject(
            hash: ContentHash(hasher.finalize()), size: size,
            mimeType: ContentType.sniff(prefix) ?? ContentType.unknown)
    }
}
