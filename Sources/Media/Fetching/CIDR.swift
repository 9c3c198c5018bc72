/// A range of addresses that share their leading bits, such as `10.0.0.0/8`.
package struct CIDR: Sendable, Hashable, CustomStringConvertible {
    private let base: IPAddress
    private let bits: Int

    /// Reads `address/bits`; an address alone means exactly that address.
    ///
    /// Bits behind the prefix must be zero: `10.0.0.1/8` is more likely a mistake than a network. A mapped version 6
    /// network (`::ffff:10.0.0.0/104`) is read as the version 4 network it stands for.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        var length = address.width
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[1]),
                (0...address.width).contains(number)
            else { return nil }
            length = number
        }
        let unmapped = address.unmapped
        if unmapped != address {
            guard length >= 96 else { return nil }
            length -= 96
        }
        guard unmapped.masked(to: length) == unmapped else { return nil }
        base = unmapped
        bits = length
    }

    /// Reads networks separated by commas or white space, as settings give them.
    ///
    /// - Throws: ``CIDRError`` naming the first item that is not a network.
    package static func list(_ text: String) throws -> [CIDR] {
        try text.split { $0 == "," || $0.isWhitespace }.map { item in
            guard let network = CIDR(String(item)) else { throw CIDRError(item: String(item)) }
            return network
        }
    }

    /// Tells whether the address lies in this network, mapped version 6 addresses counting as version 4.
    package func contains(_ address: IPAddress) -> Bool {
        let candidate = address.unmapped
        return candidate.width == base.width && candidate.masked(to: bits) == base
    }

    /// The network as `address/bits`.
    package var description: String { "\(base)/\(bits)" }
}

/// An item of a network list that is not a network.
package struct CIDRError: Error, Equatable, CustomStringConvertible {
    /// The item as it was given.
    package let item: String

    /// One sentence for the operator who wrote the setting.
    package var description: String {
        "\"\(item)\" is not a network such as 10.0.0.0/8 or fd00::/8 (bits behind the prefix must be zero)."
    }
}

extension IPAddress {
    fileprivate var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    fileprivate func masked(to bits: Int) -> IPAddress {
        switch self {
        case .v4(let value):
            // Smart shifts: a shift by the full width gives zero.
            .v4(value & (UInt32.max << (32 - bits)))
        case .v6(let high, let low):
            .v6(
                high: high & (UInt64.max << (64 - min(bits, 64))),
                low: low & (UInt64.max << (64 - max(bits - 64, 0))))
        }
    }
}
