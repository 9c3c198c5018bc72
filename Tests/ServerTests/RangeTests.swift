import Testing

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
}
