import Glibc

/// An internet address, without port or zone.
package enum IPAddress: Sendable, Hashable {
    /// A version 4 address, most significant byte first, such as `0x7F00_0001` for 127.0.0.1.
    case v4(UInt32)
    /// A version 6 address as its upper and lower 64 bits, most significant byte first.
    case v6(high: UInt64, low: UInt64)
}

extension IPAddress {
    /// Reads an address in its one accepted notation.
    ///
    /// Version 4 is four decimal numbers without leading zeros: the octal, hexadecimal and shortened forms that some
    /// resolvers understand are not addresses here. Version 6 follows RFC 4291 without brackets and without a zone.
    package init?(_ text: String) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let address = IPAddress.parseV6(text) else { return nil }
            self = address
        } else {
            guard let address = IPAddress.parseV4(text) else { return nil }
            self = address
        }
    }

    private static func parseV4(_ text: String) -> IPAddress? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            guard part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            let number = part.reduce(UInt32(0)) { $0 * 10 + UInt32($1 - 0x30) }
            guard number <= 255 else { return nil }
            value = value << 8 | number
        }
        return .v4(value)
    }

    private static func parseV6(_ text: String) -> IPAddress? {
        guard text.utf8.allSatisfy({ $0 != 0 }) else { return nil }
        var raw = in6_addr()
        guard inet_pton(AF_INET6, text, &raw) == 1 else { return nil }
        return IPAddress(raw)
    }

    /// Converts an address as the C library hands it out.
    init(_ raw: in6_addr) {
        let (high, low) = withUnsafeBytes(of: raw) { bytes in
            (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self = .v6(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }

    /// The version 4 address that a mapped version 6 address (`::ffff:0:0/96`) stands for, else the address itself.
    ///
    /// Both notations reach the same machine, so every comparison uses this one.
    package var unmapped: IPAddress {
        guard case .v6(high: 0, let low) = self, low >> 32 == 0xFFFF else { return self }
        return .v4(UInt32(truncatingIfNeeded: low))
    }
}

extension IPAddress: CustomStringConvertible {
    /// The canonical text (RFC 5952 for version 6, without brackets).
    package var description: String {
        switch self {
        case .v4(let value):
            return "\(value >> 24).\(value >> 16 & 0xFF).\(value >> 8 & 0xFF).\(value & 0xFF)"
        case .v6(let high, let low):
            let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> $0) } }
            return IPAddress.text(of: groups)
        }
    }

    private static func text(of groups: [UInt16]) -> String {
        var zeros = 0..<0
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > max(zeros.count, 1) { zeros = start..<end }
            start = end + 1
        }
        let hex = groups.map { String($0, radix: 16) }
        guard !zeros.isEmpty else { return hex.joined(separator: ":") }
        return hex[..<zeros.lowerBound].joined(separator: ":") + "::" + hex[zeros.upperBound...].joined(separator: ":")
    }
}
