import Synchronization

/// Makes the ids of rows: 24 lower-case hex digits, 48 bits of milliseconds and 48 random bits.
///
/// Ids sort by the time they were made. Within a millisecond each id of a process is larger than the one before, so
/// that rows written one after the other also sort that way.
package enum Identifier {
    private struct Last {
        var milliseconds: UInt64 = 0
        var random: UInt64 = 0
    }

    private static let last = Mutex(Last())

    /// A new id for the given time.
    package static func make(_ now: Timestamp) -> String {
        let milliseconds = UInt64(clamping: now.microseconds / 1000) & 0xFFFF_FFFF_FFFF
        let random = last.withLock { last in
            let step = UInt64.random(in: 1...0xFF_FFFF)
            if last.milliseconds == milliseconds, last.random + step <= 0xFFFF_FFFF_FFFF {
                last.random += step
            } else {
                // The top bit stays clear, which leaves room for millions of ids to follow in the same millisecond.
                last = Last(milliseconds: milliseconds, random: .random(in: 0...0x7FFF_FFFF_FFFF))
            }
            return last.random
        }
        return String(unsafeUninitializedCapacity: 24) { buffer in
            write(milliseconds, to: buffer, at: 0)
            write(random, to: buffer, at: 12)
            return 24
        }
    }

    /// Whether a text has the form of an id.
    package static func isValid(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 24 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func write(_ number: UInt64, to buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
        var rest = number
        for index in stride(from: start + 11, through: start, by: -1) {
            let digit = UInt8(rest & 0xF)
            buffer[index] = digit < 10 ? 0x30 + digit : 0x57 + digit
            rest >>= 4
        }
    }
}
