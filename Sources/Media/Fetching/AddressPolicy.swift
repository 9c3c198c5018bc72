/// Decides which addresses outgoing calls may reach.
///
/// URLs come from customers, so without this rule they could make the server call its own network: databases without
/// passwords, metadata services of cloud machines, routers. Only addresses of the public internet pass, and those an
/// operator has named.
struct AddressPolicy: Sendable {
    /// Networks an operator allows although they would be refused.
    let allow: [CIDR]

    /// Tells whether a connection to this address may be opened.
    func permits(_ address: IPAddress) -> Bool {
        let address = address.unmapped
        if allow.contains(where: { $0.contains(address) }) { return true }
        switch address {
        case .v4:
            return !Self.refusedV4.contains { $0.contains(address) }
        case .v6(let high, let low):
            if Self.translated.contains(address) { return permits(.v4(UInt32(truncatingIfNeeded: low))) }
            guard Self.globalUnicast.contains(address), !Self.refusedV6.contains(where: { $0.contains(address) }) else {
                return false
            }
            // An interface id of the form ::[0200:]5efe:a.b.c.d (ISATAP, RFC 5214) tunnels to that version 4 address.
            if low >> 32 & 0xFDFF_FFFF == 0x5EFE { return permits(.v4(UInt32(truncatingIfNeeded: low))) }
            // 6to4 (RFC 3056) carries the address of its version 4 router in bits 16 to 48.
            if high >> 48 == 0x2002 { return permits(.v4(UInt32(truncatingIfNeeded: high >> 16))) }
            return true
        }
    }

    /// The IANA special-purpose registry for version 4, and one address that a cloud platform answers on its hosts.
    private static let refusedV4 = networks(
        "0.0.0.0/8",  // this network, and the unspecified address
        "10.0.0.0/8",  // private
        "100.64.0.0/10",  // shared by carriers
        "127.0.0.0/8",  // loopback
        "168.63.129.16/32",  // host services of a cloud platform behind a public address
        "169.254.0.0/16",  // link-local, where metadata services answer
        "172.16.0.0/12",  // private
        "192.0.0.0/24",  // protocol assignments
        "192.0.2.0/24",  // documentation
        "192.88.99.0/24",  // relays of 6to4, deprecated
        "192.168.0.0/16",  // private
        "198.18.0.0/15",  // benchmarks
        "198.51.100.0/24",  // documentation
        "203.0.113.0/24",  // documentation
        "224.0.0.0/4",  // multicast
        "240.0.0.0/4"  // reserved, and broadcast
    )

    /// The only part of version 6 that is routed publicly; all else (loopback, unique local, link-local, site-local,
    /// multicast, version 4 compatible, local translation prefixes) lies outside and is refused without being named.
    private static let globalUnicast = network("2000::/3")

    private static let refusedV6 = networks(
        "2001::/23",  // protocol assignments: Teredo (RFC 4380), benchmarks, overlay identifiers
        "2001:db8::/32",  // documentation
        "3fff::/20"  // documentation
    )

    /// Version 4 addresses as a translator shows them (RFC 6052), which networks without version 4 depend on.
    private static let translated = network("64:ff9b::/96")

    private static func networks(_ texts: String...) -> [CIDR] {
        texts.map(network)
    }

    private static func network(_ text: String) -> CIDR {
        guard let network = CIDR(text) else { preconditionFailure("the table above holds networks only: \(text)") }
        return network
    }
}
