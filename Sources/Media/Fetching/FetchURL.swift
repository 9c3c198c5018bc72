import FoundationEssentials

/// An `http` or `https` URL that passed the strict reading outgoing calls need.
///
/// URL readers differ in what they forgive, and each difference between the one that checks and the one that connects is
/// a hole. So this reads a URL by a narrow grammar, writes it anew in one canonical form, and that form alone is used.
struct FetchURL: Sendable, Equatable {
    /// Whether the exchange is encrypted.
    let isSecure: Bool
    /// The host without brackets, lower-case and without a trailing dot; an address in its canonical text, a mapped
    /// version 6 address as the version 4 address it stands for.
    let host: String
    /// The port, given or implied.
    let port: Int
    /// Path and query as they stand in the request line, beginning with a slash.
    let target: String
    /// The address, where the host is one.
    let literal: IPAddress?

    private static let longest = 8192

    /// Reads a URL.
    ///
    /// - Throws: ``FetchError`` with the code `invalid_url`.
    init(_ text: String) throws(FetchError) {
        guard text.utf8.count <= Self.longest else { throw .invalidURL("it is longer than \(Self.longest) bytes") }
        guard text.utf8.allSatisfy({ $0 > 0x1F && $0 != 0x7F }) else {
            throw .invalidURL("it contains control characters")
        }
        guard let (scheme, tail) = text.addressParts else {
            throw .invalidURL("it does not begin with http:// or https://")
        }
        switch scheme.lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: throw .invalidURL("its scheme is not http or https")
        }
        let rest = Substring(tail.utf8.prefix { $0 != UInt8(ascii: "#") })
        let authority = Substring(rest.utf8.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") })
        guard !authority.utf8.contains(UInt8(ascii: "@")) else {
            throw .invalidURL("it contains a user name or password")
        }
        (host, literal, port) = try Self.readAuthority(authority, defaultPort: isSecure ? 443 : 80)
        let path = rest[authority.endIndex...]
        target = Self.escaped(path.utf8.first == UInt8(ascii: "/") ? String(path) : "/" + path)
    }

    /// The URL in canonical form, which the HTTP client reads back to the same host and port.
    var text: String {
        let shownHost = host.contains(":") ? "[\(host)]" : host
        let shownPort = port == (isSecure ? 443 : 80) ? "" : ":\(port)"
        return (isSecure ? "https://" : "http://") + shownHost + shownPort + target
    }

    /// The URL a redirect from here leads to.
    ///
    /// - Throws: ``FetchError`` with the code `invalid_url`.
    func following(_ location: String) throws(FetchError) -> FetchURL {
        guard location.utf8.count <= Self.longest, let base = URL(string: text),
            let next = URL(string: Self.escaped(location), relativeTo: base)
        else { throw .invalidURL("it redirects to something that is not a URL") }
        return try FetchURL(next.absoluteString)
    }

    private static func readAuthority(
        _ authority: Substring, defaultPort: Int
    ) throws(FetchError) -> (host: String, literal: IPAddress?, port: Int) {
        var hostText = authority
        var portText: Substring?
        let closing = authority.utf8.lastIndex(of: UInt8(ascii: "]")) ?? authority.startIndex
        if let colon = authority[closing...].utf8.lastIndex(of: UInt8(ascii: ":")) {
            hostText = authority[..<colon]
            portText = authority[authority.utf8.index(after: colon)...]
        }
        let port = try portText.map { (digits: Substring) throws(FetchError) in try readPort(digits) } ?? defaultPort
        let (host, literal) = try readHost(hostText)
        return (host, literal, port)
    }

    private static func readPort(_ digits: Substring) throws(FetchError) -> Int {
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(digits), (1...65535).contains(port)
        else { throw .invalidURL("its port is not a number from 1 to 65535") }
        return port
    }

    private static func readHost(_ text: Substring) throws(FetchError) -> (String, IPAddress?) {
        if text.utf8.first == UInt8(ascii: "[") {
            guard text.last == "]", let address = IPAddress(String(text.dropFirst().dropLast())), case .v6 = address
            else { throw .invalidURL("its host is not an IPv6 address") }
            return (address.unmapped.description, address.unmapped)
        }
        // Before anything else: some letters outside ASCII have lower-case forms inside it.
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw .invalidURL("its host is not in ASCII; write international names in their xn-- form")
        }
        var host = text.lowercased()
        if host.utf8.last == UInt8(ascii: ".") { host.removeLast() }
        let labels = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { Substring($0) }
        guard host.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.utf8.count) }),
            host.utf8.allSatisfy(isHostByte)
        else { throw .invalidURL("its host is not a valid name") }
        guard let last = labels.last, !looksNumeric(last) else {
            // Resolvers read 0x7f.1, 017700000001 and 2130706433 as addresses too; only the plain form is taken.
            guard let address = IPAddress(host) else {
                throw .invalidURL("its host is not a plain IPv4 address of four decimal numbers")
            }
            return (host, address)
        }
        return (host, nil)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func looksNumeric(_ label: Substring) -> Bool {
        if label.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
        return label.hasPrefix("0x") && label.dropFirst(2).allSatisfy(\.isHexDigit)
    }

    /// Percent-encodes what may not stand in a request line, leaving existing escapes alone.
    private static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        let hex = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case 0...0x20, 0x7F..., UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"),
                UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
                bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            default:
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// What stands before the first `://` of an address, and what behind it; nil without one.
    ///
    /// Read by hand: a search for any text takes longer than all the rest of reading an address.
    package var addressParts: (scheme: Substring, rest: Substring)? {
        var from = utf8.startIndex
        while let colon = utf8[from...].firstIndex(of: UInt8(ascii: ":")) {
            from = utf8.index(after: colon)
            guard utf8[from...].starts(with: "//".utf8) else { continue }
            return (self[..<colon], self[utf8.index(from, offsetBy: 2)...])
        }
        return nil
    }
}
