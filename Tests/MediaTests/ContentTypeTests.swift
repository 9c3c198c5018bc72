import Media
import TestSupport
import Testing

@Suite struct ContentTypeTests {
    private static func box(_ brands: String) -> [UInt8] {
        let size = UInt8(8 + brands.utf8.count + 4)
        return [0, 0, 0, size] + Array("ftyp".utf8) + Array(brands.prefix(4).utf8) + [0, 0, 0, 0]
            + Array(brands.dropFirst(4).utf8)
    }

    private static let table: [(bytes: [UInt8], type: String?)] = [
        ([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"), ([0xFF, 0xD8, 0xFF, 0xE1, 0], "image/jpeg"),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"), (Array("GIF87a...".utf8), "image/gif"),
        (Array("GIF89a".utf8), "image/gif"), (Array("RIFF....WEBPVP8 ".utf8), "image/webp"),
        (Array("RIFF....WAVEfmt ".utf8), "audio/wav"), ([0x49, 0x49, 0x2A, 0x00, 8, 0, 0, 0], "image/tiff"),
        ([0x4D, 0x4D, 0x00, 0x2A], "image/tiff"), ([0x49, 0x49, 0x2B, 0x00], "image/tiff"),
        (Array("BM".utf8) + [1, 2, 3, 4, 0, 0, 0, 0, 54, 0], "image/bmp"), (Array("BMW is a car".utf8), "text/plain"),
        (box("avifmif1miaf"), "image/avif"), (box("mif1avif"), "image/avif"), (box("heicmif1"), "image/heic"),
        (box("mif1heic"), "image/heic"), (box("mif1"), "image/heif"), (box("isomiso2avc1mp41"), "video/mp4"),
        (box("mp42"), "video/mp4"), (box("qt  "), "video/quicktime"), (box("M4A "), "audio/mp4"),
        ([0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x84] + Array("webm".utf8), "video/webm"),
        ([0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x88] + Array("matroska".utf8), "video/x-matroska"),
        (Array("ID3".utf8) + [4, 0, 0], "audio/mpeg"), ([0xFF, 0xFB, 0x90, 0x00], "audio/mpeg"),
        ([0xFF, 0xFF, 0xFF, 0xFF], nil), (Array("OggS".utf8) + [0, 2], "audio/ogg"), (Array("fLaC".utf8), "audio/flac"),
        (Array("%PDF-1.7".utf8), "application/pdf"), ([0x50, 0x4B, 3, 4], "application/zip"),
        ([0x1F, 0x8B, 8, 0], "application/gzip"), (Array("{\"a\": 1}".utf8), "application/json"),
        (Array(" \n[1, 2]".utf8), "application/json"), (Array("[ {".utf8), "application/json"),
        (Array("{}".utf8), "application/json"),
        (Array("{not json".utf8), "text/plain"), (Array("[sic] text".utf8), "text/plain"),
        (Array("<!DOCTYPE HTML><p>".utf8), "text/html"), (Array("\n <html>".utf8), "text/html"),
        (Array("<script>alert(1)</script>".utf8), "text/html"), (Array("<svg xmlns=''>".utf8), "image/svg+xml"),
        (Array("<?xml version='1.0'?><svg>".utf8), "image/svg+xml"),
        (Array("<?xml version='1.0'?><a/>".utf8), "application/xml"),
        (Array("Grüße".utf8), "text/plain"), ([0xEF, 0xBB, 0xBF] + Array("with mark".utf8), "text/plain"),
        (Array("Gr".utf8) + [0xC3], nil), ([0x61, 0xC3, 0x61], nil), ([0, 1, 2, 3], nil), ([], nil),
        ([0xC3], nil),
        ([0xFF, 0xD8], nil), (Array("RIFF....".utf8), "text/plain"),
    ]

    @Test(arguments: table.indices)
    func `a file is known by how it begins`(row: Int) {
        let (bytes, type) = Self.table[row]
        #expect(ContentType.sniff(bytes) == type)
        #expect(ContentType.sniff(bytes[...]) == type)
    }

    @Test(arguments: 0..<200)
    func `any bytes at all are taken`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (bytes, _) = Self.table[Int(seed) % Self.table.count]
        let noise = random.bytes(Int.random(in: 0...64, using: &random))
        _ = ContentType.sniff(noise)
        _ = ContentType.sniff(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)) + noise)
    }

    @Test func `a text longer than the prefix may be cut inside a character`() {
        let text = Array(String(repeating: "ü", count: 5000).utf8)
        for start in 0..<2 { #expect(ContentType.sniff([0x61][..<start] + text) == "text/plain") }
    }
}
