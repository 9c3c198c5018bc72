import Foundation
import Testing

@testable import Storage

@Suite struct TimestampTests {
    @Test func `the wire form has milliseconds and Z`() {
        #expect(Timestamp(microseconds: 1_552_208_126_624_999).iso8601 == "2019-03-10T08:55:26.624Z")
        #expect(Timestamp(microseconds: 0).iso8601 == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp(microseconds: -1).iso8601 == "1969-12-31T23:59:59.999Z")
    }

    @Test(arguments: [
        ("2021-04-25", 1_619_308_800_000_000),
        ("2021-04-25T03:14:15", 1_619_320_455_000_000),
        ("2021-04-25 03:14:15.5", 1_619_320_455_500_000),
        ("2021-04-25T03:14:15.1234567Z", 1_619_320_455_123_456),
        ("2021-04-25T03:14:15-07:00", 1_619_345_655_000_000),
        ("2021-04-25T03:14:15+0530", 1_619_300_655_000_000),
        ("2021-04-25T03:14", 1_619_320_440_000_000),
        ("2024-02-29", 1_709_164_800_000_000),
    ])
    func `dates and times are read`(text: String, microseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2021", "2021-13-01", "2021-02-29", "2021-04-25T", "2021-04-25T25:00", "2021-04-25T03:14:15x",
        "2021-04-25T03:14:15+", "2021-04-25T03:14:15.", "21-04-25", "2021-04-25T03:14:15Z ",
    ])
    func `other texts are refused`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `writing and reading agree with the calendar`(seed: UInt64) throws {
        let milliseconds = Int64(seed &* 0x9E37_79B9_7F4A_7C15 % 253_402_300_800_000)
        let time = Timestamp(milliseconds: milliseconds)
        #expect(Timestamp(iso8601: time.iso8601) == time)
        let date = Date(timeIntervalSince1970: Double(milliseconds / 1000))
        #expect(time.iso8601.prefix(19) == date.ISO8601Format().prefix(19))
    }

    @Test func `the end of a millisecond covers it`() {
        let time = Timestamp(microseconds: 1_552_208_126_624_123)
        #expect(time.endOfMillisecond.microseconds == 1_552_208_126_624_999)
        #expect(time.startOfMillisecond.microseconds == 1_552_208_126_624_000)
        #expect(Timestamp(microseconds: -1).startOfDay.iso8601 == "1969-12-31T00:00:00.000Z")
    }

    @Test func `ids are hex, sort by time, and grow within a millisecond`() {
        let now = Timestamp(microseconds: 1_552_208_126_624_123)
        let ids = (0..<10_000).map { _ in Identifier.make(now) }
        #expect(ids.allSatisfy { Identifier.isValid($0) && $0.hasPrefix("016966d062a0") })
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(Identifier.make(now.adding(milliseconds: 1)) > ids[9999])
        #expect(!Identifier.isValid("016966D4B620016966d062a0"))
        #expect(!Identifier.isValid("016966d062a001"))
    }
}
