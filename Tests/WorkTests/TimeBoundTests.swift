import Testing

@testable import Work

struct TimeBoundTests {
    /// 2021-04-25T03:14:15Z.
    private static let second: Int64 = 1_619_320_455_000_000
    private static let day: Int64 = 1_619_308_800_000_000

    @Test(
        arguments: [
            ("2021-04-25", day), ("2021-04-25T03:14:15", second), ("2021-04-25T03:14:15Z", second),
            ("2021-04-25t03:14:15z", second), ("2021-04-25 03:14:15", second),
            ("2021-04-25T03:14", second - 15_000_000),
            ("2021-04-25T03:14:15+00:00", second), ("2021-04-24T20:14:15-07:00", second),
            ("2021-04-25T05:44:15+02:30", second), ("2021-04-25T05:44:15+0230", second),
            ("2021-04-25T04:14:15+01", second), ("2021-04-25T05:14:15 02:00", second),
            ("2021-04-25T03:14:15.5Z", second + 500_000), ("2021-04-25T03:14:15.626Z", second + 626_000),
            ("2021-04-25T03:14:15,626Z", second + 626_000), ("1970-01-01", 0), ("1969-12-31T23:59:59Z", -1_000_000),
            ("2000-02-29", 951_782_400_000_000), ("2021-04-25T03:14:60Z", second + 44_000_000),
        ] as [(String, Int64)])
    func `a time covers its whole millisecond`(_ text: String, _ first: Int64) throws {
        let bound = try #require(TimeBound(text))
        #expect(bound.first == first)
        #expect(bound.last == first + 999)
    }

    @Test(
        arguments: [
            ("2021-04-25T03:14:15.123456Z", second + 123_456), ("2021-04-25 03:14:15.123456", second + 123_456),
            ("2021-04-25T03:14:15.1234Z", second + 123_400), ("2021-04-25T03:14:15.123456789Z", second + 123_456),
            ("2021-04-25T05:14:15.123456+02:00", second + 123_456),
        ] as [(String, Int64)])
    func `a time in microseconds covers just one`(_ text: String, _ exact: Int64) throws {
        let bound = try #require(TimeBound(text))
        #expect(bound.first == exact)
        #expect(bound.last == exact)
    }

    @Test(arguments: [
        "", "now", "2021", "2021-04", "2021-4-25", "2021-13-01", "2021-00-01", "2021-02-29", "2021-04-31", "1900-02-29",
        "2021-04-25T", "2021-04-25T24:00:00", "2021-04-25T03:60", "2021-04-25T03:14:61", "2021-04-25T03:14:15.",
        "2021-04-25T03:14:15.1234567890", "2021-04-25T03:14:15Zx", "2021-04-25T03:14:15+24:00",
        "2021-04-25T03:14:15+01:60", "2021-04-25T03:14:15+1", "2021-04-25Z", "2021-04-25x", "1619320455", "２021-04-25",
        "-021-04-25",
    ])
    func `what is no time is refused`(_ text: String) {
        #expect(TimeBound(text) == nil)
    }
}
