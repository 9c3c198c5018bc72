/// A request to a provider's API before it is sent: what a signature covers and the URL that comes of it.
///
/// Path and query are kept as text without escapes, so that the one spelling that is signed is the one that is sent.
package struct CloudRequest: Sendable, Equatable {
    /// A name with its value, of a query or a header.
    package struct Pair: Sendable, Equatable {
        package var name: String
        package var value: String

        /// Makes a pair.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The method in capitals.
    package var method: String
    /// Where it goes.
    package var endpoint: CloudEndpoint
    /// The path, unescaped, beginning with a slash.
    package var path: String
    /// The query, unescaped, in the order in which it is sent.
    package var query: [Pair]
    /// The header fields that are sent, `host` left out.
    package var headers: [Pair]

    /// Makes a request from its parts.
    package init(
        _ method: String, _ endpoint: CloudEndpoint, path: String, query: [Pair] = [], headers: [Pair] = []
    ) {
        self.method = method
        self.endpoint = endpoint
        self.path = path
        self.query = query
        self.headers = headers
    }

    /// The URL with every byte escaped that is not unreserved (RFC 3986, 2.3), so that no reader has anything to change.
    package var url: String {
        let shown = query.map { "\(Self.escape($0.name))=\(Self.escape($0.value))" }.joined(separator: "&")
        return endpoint.text + escapedPath + (shown.isEmpty ? "" : "?\(shown)")
    }

    /// The path as it is sent: its slashes, and all else escaped.
    package var escapedPath: String { Self.escape(path, keeping: "/") }

    /// The value of a header field, whatever the letter case of its name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Escapes all bytes but letters, digits and `-._~`.
    package static func escape(_ text: String, keeping kept: Unicode.Scalar? = nil) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            case let byte where kept.map { UInt32(byte) == $0.value } ?? false:
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The server of an API: scheme, host and port.
package struct CloudEndpoint: Sendable, Equatable {
    package let isSecure: Bool
    /// In lower case; a version 6 address without brackets.
    package let host: String
    package let port: Int

    /// Makes an endpoint on the port of its scheme, unless another is named.
    package init(isSecure: Bool = true, host: String, port: Int? = nil) {
        self.isSecure = isSecure
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
    }

    /// Reads `https://host:port` without path, query or user.
    ///
    /// - Throws: ``FetchError`` with the code `invalid_url`.
    package init(_ text: String) throws(FetchError) {
        let url = try FetchURL(text)
        guard url.target == "/", !text.contains("?"), !text.contains("#") else {
            throw .invalidURL("an endpoint has a scheme, a host and a port, and nothing behind them")
        }
        self.init(isSecure: url.isSecure, host: url.host, port: url.port)
    }

    /// The value of the `host` field: the port only where it is not the scheme's own.
    package var authority: String {
        let shown = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? shown : "\(shown):\(port)"
    }

    /// The endpoint as a URL without a path.
    package var text: String { (isSecure ? "https://" : "http://") + authority }

    /// The provider's own service of roles in a region.
    package static func roles(region: String) -> CloudEndpoint {
        CloudEndpoint(host: "sts.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : ""))
    }

    /// The same server under a name before its own, as buckets have them.
    package func named(_ label: String) -> CloudEndpoint {
        CloudEndpoint(isSecure: isSecure, host: "\(label).\(host)", port: port)
    }
}
