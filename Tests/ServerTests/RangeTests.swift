import Foundation
import Media
import Storage
import TestSupport
import Testing
import Work

@testable import Server

struct RangeTests {
    private typealias Range = StoredFile.RequestedRange

    @Test(
        arguments: [
            (nil, .whole), ("", .whole), ("bytes=0-", .part(0..<10)), ("bytes=0-0", .part(0..<1)),
            ("bytes=3-5", .part(3..<6)),
            ("bytes=9-", .part(9..<10)), ("bytes=0-99", .part(0..<10)), ("bytes=10-", .impossible),
            ("bytes=10-20", .impossible), ("bytes=-3", .part(7..<10)), ("bytes=-10", .part(0..<10)),
            ("bytes=-99", .part(0..<10)), ("bytes=-0", .impossible), ("bytes=5-3", .whole), ("bytes=0-1,4-5", .whole),
            ("bytes=", .whole), ("bytes=-", .whole), ("bytes=a-b", .whole), ("items=0-1", .whole),
            ("bytes 0-1", .whole),
            ("bytes=0-18446744073709551616", .whole), ("bytes=--1", .whole),
            ("bytes=0-9223372036854775807", .part(0..<10)),
            ("bytes=9223372036854775807-", .impossible),
        ] as [(String?, StoredFile.RequestedRange)])
    func `one range of ten bytes is served, anything odd is ignored`(
        _ header: String?, _ expected: StoredFile.RequestedRange
    ) {
        #expect(StoredFile.range(header, of: 10) == expected)
    }

    @Test(arguments: ["bytes=0-", "bytes=0-0", "bytes=-1"])
    func `nothing can be had of an empty file`(_ header: String) {
        #expect(StoredFile.range(header, of: 0) == .impossible)
    }

    /// Larger than what is read at once, and no multiple of it.
    private static let content = (0..<300_001).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    @Test(
        arguments: [
            (0, 0), (0, 65_535), (131_071, 131_072), (131_072, 262_143), (100_000, 299_999), (1, 131_073),
            (300_000, 300_000), (299_999, 999_999_999),
        ])
    func `every part has exactly the bytes it names`(_ first: Int, _ last: Int) async throws {
        try await Backend.sqlite.withSite { site in
            let path = try await Self.link(Self.content, on: site)
            let end = min(last + 1, Self.content.count)
            // Twice: what an answer finds out of an object, the next one knows.
            for _ in 1...2 {
                let part = try await site.get(path, .nobody.with("range", "bytes=\(first)-\(last)"))
                #expect(part.status == 206 && part.body == Array(Self.content[first..<end]))
                #expect(part["content-range"] == "bytes \(first)-\(end - 1)/300001")
                #expect(part["content-length"] == String(end - first))
            }
        }
    }

    @Test func `small and large files are served whole, and only while they are there`() async throws {
        try await Backend.sqlite.withSite { site in
            for content in [[], [7], Array(Self.content.prefix(131_072)), Self.content] {
                let path = try await Self.link(content, on: site)
                let whole = try await site.get(path, .nobody)
                #expect(whole.status == 200 && whole.body == content)
                #expect(try await site.get(path, .nobody.with("if-none-match", whole["etag"] ?? "")).status == 304)
                let other = try await site.get(
                    path, .nobody.with("range", "bytes=0-0").with("if-range", "\"another\""))
                #expect(other.status == 200 && other.body == content)
                try await site.shop.store.delete(ContentHash.of(content))
                #expect(try await site.get(path, .nobody).status == 404)
                #expect(try await site.get(path, .nobody.with("range", "bytes=0-0")).status == 404)
            }
        }
    }

    private static func link(_ content: [UInt8], on site: TestSite) async throws -> String {
        let object = try await site.shop.store.put(content)
        return site.shop.environment.links.path(
            .attachment, realm: site.shop.seed.live, hash: object.hash.description, now: site.shop.clock.now)
    }
}
